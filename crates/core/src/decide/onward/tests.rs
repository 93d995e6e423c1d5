//! Charges whose money goes on by itself, over all their captures and refunds.

use std::collections::BTreeMap;

use proptest::prelude::*;

use super::*;
use crate::command::{Command, Request};
use crate::currency::Currency;
use crate::decide::sale;
use crate::id::{AttemptId, Id, IdSource, PaymentIntentId, PlatformId};
use crate::key::RowKey;
use crate::ledger::Account;
use crate::payment::asked::Asked;
use crate::payment::attempt::AttemptState;
use crate::payment::authorization::Authorization;
use crate::payment::card::CardToken;
use crate::row::Record;
use crate::rules::Rules;
use crate::time::Timestamp;
use crate::view::{StoredRow, View};

const NOW: Timestamp = Timestamp::from_seconds(1_795_176_000);

fn usd(minor: i64) -> Money {
    Money::new(minor, Currency::USD)
}

/// One charge of USD 100.00, the rows and the balances around it.
struct Charge {
    rows: BTreeMap<RowKey, StoredRow>,
    balances: BTreeMap<Account, i64>,
    attempt: AttemptId,
    intent: PaymentIntentId,
    seller: SellerId,
    count: u64,
}

const WHOLE: i64 = 10_000;

fn seller(id: SellerId) -> Seller {
    Seller::new(id, NOW, "US", Currency::USD)
}

impl Charge {
    fn new(template: (Attempt, PaymentIntent)) -> Charge {
        let (attempt, intent) = template;
        let mut charge = Charge {
            rows: BTreeMap::new(),
            balances: BTreeMap::new(),
            attempt: attempt.id,
            intent: intent.id,
            seller: SellerId::from_number(9),
            count: 10,
        };
        charge.keep(attempt);
        charge.keep(intent);
        charge.keep(seller(charge.seller));
        charge
    }

    fn keep<R: Record>(&mut self, row: R) {
        let key = row.own_key();
        let version = self.rows.get(&key).map_or(0, |stored| stored.version) + 1;
        self.rows.insert(key, StoredRow { version, row: row.into_row().into() });
    }

    fn row<R: Record>(&self, id: &R::Id) -> R {
        R::of_row(&self.rows[&R::key(id)].row).expect("a row of its kind").clone()
    }

    /// Runs a part of a decision over all rows and commits what it changes.
    fn run<T>(&mut self, work: impl Fn(&mut Draft<'_>) -> Result<T, Stop>) -> T {
        self.count += 1;
        let rules = Rules::default();
        let platform = PlatformId::from_number(1);
        let mut view = View::new(platform, &rules);
        view.insert(RowKey::WebhookEndpoints(platform), None);
        view.insert(RowKey::Sale(self.attempt), None);
        for (key, stored) in &self.rows {
            view.insert(key.clone(), Some(stored.clone()));
        }
        let ids = IdSource::new(NOW.ms(), self.count);
        let command = Command::FinishEffect;
        let request = request(platform, ids, command);
        let mut draft = Draft::new(&view, NOW, &request);
        let answer = work(&mut draft).unwrap_or_else(|stop| panic!("{stop:?}"));
        let changes = draft.finish().unwrap_or_else(|stop| panic!("{stop:?}"));
        for entry in &changes.entries {
            assert!(entry.balances(), "{entry:?}");
            for posting in &entry.postings {
                *self.balances.entry(posting.account).or_insert(0) -= posting.signed_minor();
            }
        }
        for put in changes.puts {
            let version = put.expected + 1;
            self.rows.insert(put.row.key(), StoredRow { version, row: put.row });
        }
        let below = self.balances.iter().find(|(account, sum)| account.is_limited() && **sum < 0);
        assert_eq!(below, None);
        answer
    }

    fn has(&self, account: Account) -> i64 {
        self.balances.get(&account).copied().unwrap_or(0)
    }

    /// The processor has taken `amount` of it.
    fn capture(&mut self, amount: i64, to: &Destination) {
        let mut intent: PaymentIntent = self.row(&self.intent);
        intent.captured = intent.captured.checked_add(usd(amount)).expect("it fits");
        let mut attempt: Attempt = self.row(&self.attempt);
        let hold = attempt.authorization_mut().expect("it is approved");
        hold.start_capture(usd(amount), NOW).expect("it is held");
        hold.finish_capture(usd(amount), true).expect("it was being taken");
        self.keep(intent.clone());
        self.keep(attempt.clone());
        let capture = Capture {
            id: Id::from_number(u128::from(self.count)),
            created: NOW,
            intent: self.intent,
            attempt: self.attempt,
            amount: usd(amount),
            shares: Vec::new(),
            is_final: false,
            state: Asked::Sending,
        };
        self.run(|draft| {
            sale::captured(draft, &capture, &attempt)?;
            let to = Destination {
                seller: to.seller,
                amount: to.amount,
                fee: to.fee,
                description: None,
                metadata: BTreeMap::new(),
            };
            send(draft, &capture, &intent, to)
        });
    }

    fn refund(&mut self, amount: i64, transfer: bool, fee: bool) {
        let mut attempt: Attempt = self.row(&self.attempt);
        attempt.refunded = attempt.refunded.checked_add(usd(amount)).expect("it fits");
        self.keep(attempt.clone());
        let pull = Pull { refund: RefundId::from_number(1), amount: usd(amount), transfer, fee };
        self.run(|draft| pull_back(draft, &attempt, pull));
    }

    fn settle(&mut self) {
        let attempt = self.attempt;
        let mut sale: Sale = self.row(&attempt);
        sale.unsettled.iter_mut().for_each(|part| part.settles_at = NOW);
        self.keep(sale);
        self.run(|draft| sale::settle(draft, attempt));
    }

    fn seller_has(&self) -> i64 {
        self.has(Account::SellerPending(self.seller))
            + self.has(Account::SellerAvailable(self.seller))
    }

    fn platform_has(&self) -> i64 {
        let accounts =
            [Account::PlatformPending, Account::PlatformAvailable, Account::PlatformFees];
        accounts.into_iter().map(|account| self.has(account)).sum()
    }
}

fn to(amount: Option<i64>, fee: Option<i64>) -> Destination {
    Destination {
        seller: SellerId::from_number(9),
        amount: amount.map(usd),
        fee: fee.map(usd),
        description: None,
        metadata: BTreeMap::new(),
    }
}

#[test]
fn the_seller_has_the_charge_less_the_fee() {
    let table = [
        (None, None, 10_000, 0),
        (None, Some(300), 9_700, 300),
        (Some(8_000), None, 8_000, 2_000),
        (Some(8_000), Some(300), 7_700, 2_300),
        // A fee takes at most what went on, and no more goes on than was taken.
        (Some(200), Some(300), 0, 10_000),
        (Some(20_000), None, 10_000, 0),
    ];
    for (amount, fee, seller, platform) in table {
        let mut charge = Charge::new(approved());
        charge.capture(WHOLE, &to(amount, fee));
        assert_eq!((charge.seller_has(), charge.platform_has()), (seller, platform));
        assert_eq!(charge.has(Account::SellerAvailable(charge.seller)), 0);
        charge.settle();
        assert_eq!(charge.has(Account::SellerAvailable(charge.seller)), seller);
        assert_eq!((charge.seller_has(), charge.platform_has()), (seller, platform));
        let pending = charge.has(Account::PlatformPending);
        assert_eq!(
            (pending, charge.has(Account::PlatformFees)),
            (0, fee.unwrap_or(0).min(amount.unwrap_or(WHOLE)))
        );
    }
}

#[test]
fn a_seller_who_is_gone_gets_nothing() {
    let mut charge = Charge::new(approved());
    charge.keep(Seller { deleted: Some(NOW), ..seller(charge.seller) });
    charge.capture(WHOLE, &to(None, Some(300)));
    assert_eq!((charge.seller_has(), charge.platform_has()), (0, WHOLE));
    charge.settle();
    charge.refund(WHOLE, true, true);
    assert_eq!((charge.seller_has(), charge.has(Account::PlatformAvailable)), (0, WHOLE));
}

proptest! {
    /// Captures in parts send on in parts, and refunds take back in parts, to the cent: after all
    /// of it went back the seller has nothing and the platform what the charge took, settled or
    /// not.
    #[test]
    fn parts_are_exact_together(
        cuts in prop::collection::vec(1_i64..WHOLE, 0..4),
        backs in prop::collection::vec(1_i64..WHOLE, 0..6),
        amount in prop::option::of(1_i64..=WHOLE),
        fee in prop::option::of(1_i64..=WHOLE),
        settles_after in 0_usize..8,
    ) {
        let mut charge = Charge::new(approved());
        for part in parts(cuts) {
            charge.capture(part, &to(amount, fee));
        }
        let whole = amount.unwrap_or(WHOLE);
        let kept = fee.unwrap_or(0).min(whole);
        // Rounding may cap a part's fee at that part's transfer.
        let off = (charge.seller_has() - (whole - kept)).abs();
        prop_assert!(off <= 4, "{off}");
        for (index, part) in parts(backs).into_iter().enumerate() {
            if index == settles_after {
                charge.settle();
            }
            charge.refund(part, true, true);
        }
        prop_assert_eq!(charge.seller_has(), 0);
        prop_assert_eq!(charge.platform_has(), WHOLE);
        prop_assert_eq!(charge.has(Account::PlatformFees), 0);
    }
}

/// The first part's transfer less its fee is a cent short of its share of the refund; the second
/// has it. The seller's own money stays what it is.
#[test]
fn no_part_advances_the_cent_of_another() {
    let mut charge = Charge::new(approved());
    for part in [8_914, 1_086] {
        charge.capture(part, &to(Some(2_657), Some(2_618)));
    }
    assert_eq!(charge.seller_has(), 39);
    charge.refund(8_913, true, true);
    assert_eq!(charge.seller_has(), 4);
    assert_eq!(charge.has(Account::SellerAvailable(charge.seller)), 0);
    charge.settle();
    charge.refund(1_087, true, true);
    assert_eq!(charge.seller_has(), 0);
}

/// The parts that cuts make of the whole.
fn parts(mut cuts: Vec<i64>) -> Vec<i64> {
    cuts.push(WHOLE);
    cuts.sort_unstable();
    cuts.dedup();
    let mut before = 0;
    let part = |cut: i64| {
        let part = cut - before;
        before = cut;
        part
    };
    cuts.into_iter().map(part).collect()
}

#[test]
fn without_being_asked_nothing_comes_back() {
    let mut charge = Charge::new(approved());
    charge.capture(WHOLE, &to(None, Some(300)));
    charge.refund(5_000, false, false);
    assert_eq!(charge.seller_has(), 9_700);
    // The fee alone, and the transfer alone: each in proportion.
    charge.refund(2_500, false, true);
    assert_eq!(charge.seller_has(), 9_775);
    charge.refund(2_500, true, false);
    assert_eq!(charge.seller_has(), 7_275);
}

fn approved() -> (Attempt, PaymentIntent) {
    let (attempt_id, intent_id) = (AttemptId::from_number(2), PaymentIntentId::from_number(3));
    let later = Timestamp::from_ms(i64::MAX);
    let hold = Authorization::new("sba".to_owned(), "A1".to_owned(), usd(WHOLE), later, 50);
    let attempt = serde_json::json!({
        "id": attempt_id, "created": NOW, "intent": intent_id, "session": null,
        "amount": usd(WHOLE), "token": CardToken::new("tok_visa".to_owned()), "card": null,
        "return_url": null, "refunded": usd(0), "state": AttemptState::Authorized(hold),
    });
    let intent = serde_json::json!({
        "id": intent_id, "created": NOW, "amount": usd(WHOLE), "captured": usd(0),
        "capture_method": "manual", "session": null, "orders": [], "description": null,
        "receipt_email": null, "transfer_group": null, "metadata": {}, "secret": "0123456789",
        "state": { "requires_capture": { "attempt": attempt_id, "capturable": usd(WHOLE) } },
    });
    let attempt = serde_json::from_value(attempt).expect("a row as it was once");
    (attempt, serde_json::from_value(intent).expect("a row as it was once"))
}

fn request(platform: PlatformId, ids: IdSource, command: Command) -> Request {
    Request { platform, ids, effect: None, claim: None, command, origin: None }
}
