//! Committing: what a store checks, and what the books must say afterwards.

use holdfast_core::change::Changes;
use holdfast_core::currency::Currency;
use holdfast_core::held::HeldFunds;
use holdfast_core::id::SellerId;
use holdfast_core::ledger::Account;
use holdfast_core::money::Money;
use holdfast_core::refusal::Refusal;
use holdfast_core::row::{Record, Row};
use holdfast_core::seller::Seller;
use holdfast_core::view::StoredRow;

use super::World;

impl World {
    /// Commits changes whole or not at all.
    pub(super) fn commit(&mut self, changes: &Changes) -> Result<(), Refusal> {
        assert_eq!(changes.platform, self.platform);
        check_payees(changes);
        self.post(changes)?;
        for relied in &changes.relied {
            let version = self.rows.get(&relied.key).map_or(0, |stored| stored.version);
            assert_eq!(version, relied.version.get(), "{:?}, which is relied upon", relied.key);
        }
        for put in &changes.puts {
            let key = put.row.key();
            let version = self.rows.get(&key).map_or(0, |stored| stored.version);
            assert_eq!(version, put.expected, "the version of {key:?}");
            let stored = StoredRow { version: version + 1, row: put.row.clone() };
            if put.expected == 0 {
                self.names.give(&put.row);
            }
            self.rows.insert(key, stored);
        }
        for id in &changes.finished {
            let found = self.queue.keys().find(|(_, effect)| effect == id).copied();
            self.queue.remove(&found.expect("a finished effect was waiting"));
        }
        for effect in &changes.effects {
            let before = self.queue.insert((effect.due, effect.id), effect.clone());
            assert_eq!(before, None, "an effect's id is its own");
        }
        for event in &changes.events {
            let key = event.object.key();
            let written = self.rows.get(&key).map(|stored| &stored.row);
            assert_eq!(written, Some(&event.object), "an event shows the row as it was left");
        }
        self.events.extend(changes.events.iter().cloned());
        self.check_held(changes);
        Ok(())
    }

    fn post(&mut self, changes: &Changes) -> Result<(), Refusal> {
        let mut balances = self.balances.clone();
        for entry in &changes.entries {
            assert!(entry.balances(), "an entry sums to zero: {entry:?}");
            assert!(entry.postings.len() >= 2, "an entry has two lines: {entry:?}");
            for posting in &entry.postings {
                let key = (posting.account, posting.amount.currency());
                *balances.entry(key).or_insert(0) += posting.signed_minor();
            }
        }
        let limited = changes.postings().filter(|(entry, line)| entry.limits(line.account));
        let mut after = limited.map(|(_, line)| balances[&(line.account, line.amount.currency())]);
        if after.any(|signed| signed > 0) {
            return Err(Refusal::BalanceInsufficient);
        }
        let is_left = |((account, _), signed): (&(Account, Currency), &i64)| {
            *signed != 0 && changes.emptied.contains(account)
        };
        if balances.iter().any(is_left) {
            return Err(Refusal::BalanceInsufficient);
        }
        self.balances = balances;
        self.entries.extend(changes.entries.iter().cloned());
        Ok(())
    }

    /// Each row of held funds says what its account has.
    fn check_held(&self, changes: &Changes) {
        for put in &changes.puts {
            if let Some(funds) = HeldFunds::of_row(&put.row) {
                let left = funds.left().expect("what is left can be reckoned");
                let booked = self.credit_of(Account::Held(funds.order), left.currency());
                assert_eq!(booked, left.minor(), "the books and the row of {:?}", funds.id);
                assert!(left.minor() >= 0);
            }
        }
    }

    /// Writes a row as no command would have left it.
    pub(crate) fn overwrite<R: Record>(&mut self, row: R) {
        let stored = self.rows.get_mut(&row.own_key()).expect("the row is there");
        stored.version += 1;
        stored.row = row.into_row().into();
    }

    /// Takes money out of a seller's balance, as a payout does.
    pub(crate) fn pay_out(&mut self, seller: SellerId, amount: Money) {
        let key = (Account::SellerAvailable(seller), amount.currency());
        *self.balances.entry(key).or_insert(0) += amount.minor();
    }

    /// Money comes into a balance from nowhere, out of the clearing account.
    pub(crate) fn earn(&mut self, who: &str, seller: SellerId, amount: Money) {
        let account = match who {
            "platform" => Account::PlatformAvailable,
            "fees" => Account::PlatformFees,
            _ => Account::SellerAvailable(seller),
        };
        let currency = amount.currency();
        *self.balances.entry((account, currency)).or_insert(0) -= amount.minor();
        let clearing = (Account::ProcessorClearing, currency);
        *self.balances.entry(clearing).or_insert(0) += amount.minor();
    }

    /// The sum of all accounts of a currency, which is nothing.
    pub(crate) fn sum_of_books(&self, currency: Currency) -> i64 {
        self.balances.iter().filter(|((_, of), _)| *of == currency).map(|(_, sum)| sum).sum()
    }

    /// All rows, to be looked at.
    pub(crate) fn all_rows(&self) -> impl Iterator<Item = &Row> {
        self.rows.values().map(|stored| &*stored.row)
    }
}

/// Whoever gets money is looked at by the commit, so that it cannot be gone by then.
fn check_payees(changes: &Changes) {
    for seller in changes.entries.iter().flat_map(|entry| entry.payees()) {
        let key = Seller::key(&seller);
        assert!(changes.versions().any(|(known, _)| known == key), "{seller} is paid unseen");
    }
}
