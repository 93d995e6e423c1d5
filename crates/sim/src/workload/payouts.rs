//! Sellers and the platform are paid out, and call it off.

use holdfast_core::bank::{BANK_ACCOUNTS_MAX, BankAccount, TestNumber, test_numbers};
use holdfast_core::command::{Command, CreatePayout, EditSeller, PayoutCommand, Subject};
use holdfast_core::currency::Currency;
use holdfast_core::id::SellerId;
use holdfast_core::key::{RowKey, RowKind};
use holdfast_core::money::Money;
use holdfast_core::payout::{PayoutMethod, PayoutOwner, PayoutSource};
use holdfast_core::row::Record;
use holdfast_core::seller::Seller;
use holdfast_engine::Submission;

use super::{Client, wishes};

/// How many of a thousand payouts are the platform's own.
const OWN: u64 = 300;

impl Client {
    /// Somebody is paid out. More than is there is refused, which is an answer too.
    pub(crate) async fn pay_out(&self) {
        let owner = if self.chance(OWN) {
            PayoutOwner::Platform
        } else {
            let seller = self.town.known.one(&self.town.dice, |ids| &ids.sellers);
            let Some(seller) = seller else { return };
            PayoutOwner::Seller(seller)
        };
        let (currency, minor) = {
            let mut random = self.town.dice.lock();
            (wishes::currency(&mut random), random.between(1, 20_000))
        };
        if let PayoutOwner::Seller(seller) = owner {
            self.open_bank_account(seller, currency).await;
        }
        let method = if self.chance(400) { PayoutMethod::Instant } else { PayoutMethod::Standard };
        let create = CreatePayout {
            owner,
            amount: Money::new(minor, currency),
            // The platform takes all of it from one of the two.
            from_fees: Money::new(if self.chance(500) { minor } else { 0 }, currency),
            method,
            source: PayoutSource::Card,
            destination: None,
            description: None,
            statement_descriptor: None,
            metadata: Default::default(),
        };
        let command = Command::Payout(PayoutCommand::Create(Box::new(create)));
        self.ask(Subject::Made(RowKind::Payout), command).await;
    }

    /// Somebody calls a payout off, in time or not.
    pub(crate) async fn call_off(&self) {
        let payout = self.town.known.one(&self.town.dice, |ids| &ids.payouts);
        let Some(payout) = payout else { return };
        let command = Command::Payout(PayoutCommand::Cancel(payout));
        self.ask_about(RowKey::Payout(payout), command).await;
    }

    /// A seller without a bank account that takes payouts in the currency adds one, good or bad.
    async fn open_bank_account(&self, id: SellerId, currency: Currency) {
        let key = Seller::key(&id);
        let loaded = self.engine.load(self.town.platform, std::slice::from_ref(&key)).await;
        let Some(stored) = loaded.ok().and_then(|rows| rows.into_iter().next().flatten()) else {
            return;
        };
        let Some(seller) = Seller::of_row(&stored.row) else { return };
        let has_enough = seller.bank_accounts.len() >= BANK_ACCOUNTS_MAX;
        let default = seller.default_bank_account(currency);
        if has_enough || default.is_some_and(|account| account.refused.is_none()) {
            return;
        }
        let numbers: Vec<TestNumber> = test_numbers().collect();
        let number = self.town.dice.lock().pick(&numbers).cloned();
        let Some(number) = number else { return };
        let mut seller = seller.clone();
        seller.add_bank_account(BankAccount {
            id: self.engine.fresh_id(),
            created: self.engine.now(),
            country: number.country.to_owned(),
            currency,
            holder_name: None,
            holder_type: None,
            routing_number: number.routing_number.map(str::to_owned),
            last4: number.last4(),
            fingerprint: number.fingerprint(),
            behaviour: number.behaviour,
            is_default: false,
            refused: None,
            metadata: Default::default(),
        });
        let edit = EditSeller { seller, expected: stored.version, token: None, events: Vec::new() };
        let command = Command::EditSeller(Box::new(edit));
        // Whoever was quicker has changed the seller; the next payout tries again.
        let _ = self.engine.submit(Submission::new(self.town.platform, command)).await;
    }
}
