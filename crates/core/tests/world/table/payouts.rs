//! The verbs of payouts.

use holdfast_core::bank::BankToken;
use holdfast_core::command::{Command, CreatePayout, EditSeller, Keep, PayoutCommand};
use holdfast_core::event::EventKind;
use holdfast_core::id::{BankAccountId, BankTokenId, Id, PayoutId};
use holdfast_core::money::Money;
use holdfast_core::payout::{
    Payout, PayoutMethod, PayoutOutcome, PayoutOwner, PayoutSource, PayoutState,
};
use holdfast_core::refusal::Refusal;
use holdfast_core::row::Record as _;
use holdfast_core::seller::Seller;

use super::super::make;
use super::super::words::Words;
use super::Table;

type Outcome = Result<(), Refusal>;

impl Table {
    /// `banks-at amy btok_us_verified`: the account of a test token is added to a seller's.
    pub(super) fn add_bank(&mut self, words: &mut Words<'_>) -> Outcome {
        let seller = self.world.seller(words.word());
        let mut row: Seller = self.world.row(&seller);
        let count = u128::try_from(row.bank_accounts.len()).expect("a few");
        let id = BankAccountId::from_number(seller.number() + count);
        row.add_bank_account(make::bank_account(id, words.word(), self.world.now));
        self.world.overwrite(row);
        Ok(())
    }

    /// `token 7 btok_us`: a token with that number is made of a bank account.
    pub(super) fn token(&mut self, words: &mut Words<'_>) -> Command {
        let number = u128::from(words.number());
        let account =
            make::bank_account(BankAccountId::from_number(number), words.word(), self.world.now);
        let id = BankTokenId::from_number(number);
        let token = BankToken { id, created: self.world.now, account, used_by: None };
        Command::Keep(Box::new(Keep { row: token.into_row(), expected: 0, event: None }))
    }

    /// `banks-by amy 7`: the token's bank account is added to a seller's.
    pub(super) fn use_token(&mut self, words: &mut Words<'_>) -> Command {
        let seller = self.world.seller(words.word());
        let id = BankTokenId::from_number(u128::from(words.number()));
        let stored = self.world.rows.get(&Seller::key(&seller)).expect("a seller");
        let expected = stored.version;
        let mut seller: Seller = self.world.row(&seller);
        let known = self.world.all::<BankToken>().into_iter().find(|token| token.id == id);
        if let Some(token) = known {
            seller.add_bank_account(token.account);
        }
        let events = vec![EventKind::AccountExternalAccountCreated];
        Command::EditSeller(Box::new(EditSeller { seller, expected, token: Some(id), events }))
    }

    /// `closes amy`: the seller is deleted.
    pub(super) fn close(&mut self, words: &mut Words<'_>) -> Command {
        let id = self.world.seller(words.word());
        let expected = self.world.rows.get(&Seller::key(&id)).expect("a seller").version;
        let seller = Seller { deleted: Some(self.world.now), ..self.world.row(&id) };
        Command::EditSeller(Box::new(EditSeller { seller, expected, token: None, events: vec![] }))
    }

    /// `earns platform USD 9.00`, `earns fees USD 1.00`, `earns amy USD 5.00`: money from nowhere.
    pub(super) fn earn(&mut self, words: &mut Words<'_>) -> Outcome {
        let who = words.word();
        let seller = self.world.seller(who);
        self.world.earn(who, seller, words.money());
        Ok(())
    }

    /// `pays-out amy USD 5.00 instant to other`, `pays-out platform USD 5.00 fees USD 1.00`,
    /// `call-off out1`.
    pub(super) fn payout(&mut self, verb: &str, words: &mut Words<'_>) -> Command {
        if verb == "call-off" {
            let payout = self.world.names.id::<Payout>(words.word());
            return Command::Payout(PayoutCommand::Cancel(payout));
        }
        let name = words.word();
        let owner = match name {
            "platform" => PayoutOwner::Platform,
            seller => PayoutOwner::Seller(self.world.seller(seller)),
        };
        let amount = words.money();
        let instant = words.is("instant");
        let from_fees =
            if words.is("fees") { words.money() } else { Money::zero(amount.currency()) };
        let destination = words.is("to").then(|| self.destination(name, words.word()));
        Command::Payout(PayoutCommand::Create(Box::new(CreatePayout {
            owner,
            amount,
            from_fees,
            method: if instant { PayoutMethod::Instant } else { PayoutMethod::Standard },
            source: PayoutSource::Card,
            destination,
            description: None,
            statement_descriptor: None,
            metadata: Default::default(),
        })))
    }

    /// `second` is the owner's second account; anything else is nobody's.
    fn destination(&self, seller: &str, which: &str) -> BankAccountId {
        let number = self.world.seller(seller).number();
        BankAccountId::from_number(if which == "second" { number + 1 } else { 0 })
    }

    /// `accepted`, `accepted later` for another time, `arrived`, `refused no_account`,
    /// `never_sent`, `unknown`.
    pub(super) fn bank_answers(&self, id: PayoutId, words: &mut Words<'_>) -> Command {
        let payout: Payout = self.world.row(&id);
        let reference = "sbo_1".to_owned();
        let outcome = match words.word() {
            "accepted" | "ok" => {
                let late = if words.is("later") { 3_600_000 } else { 0 };
                let arrives_at = holdfast_core::time::Timestamp::from_ms(
                    payout.arrives_at.ms().saturating_add(late),
                );
                PayoutOutcome::Accepted { reference, arrives_at }
            }
            "arrived" => PayoutOutcome::Paid { reference },
            "refused" => PayoutOutcome::Failed { code: words.word().to_owned() },
            "never_sent" => PayoutOutcome::NeverSent,
            "unknown" => PayoutOutcome::Unknown,
            what => panic!("a bank does not say {what}"),
        };
        assert!(!matches!(payout.state, PayoutState::Pending { .. }), "it was never sent");
        Command::Payout(PayoutCommand::Record(id, outcome))
    }
}
