//! The card network and its issuers as a state machine: no IO, no clock, no randomness.
//!
//! A request is decided from the state (`&self`) into a [`Change`]: an answer, and the record of
//! what changes. [`Network::apply`] is the only thing that changes the state, and takes nothing but
//! the record; so the state after a restart, from the records of the ledger file, is the state
//! before it.

use std::collections::{BTreeSet, HashMap, VecDeque};

use holdfast_core::time::Timestamp;

pub mod account;
mod apply;
pub mod authorization;
pub mod authorize;
pub mod card;
pub mod challenge;
pub mod decline;
pub mod dispute;
pub mod history;
pub mod idempotency;
pub mod movement;
pub mod name;
pub mod payout;
pub mod profile;
pub mod random;
pub mod record;
pub mod saved;
pub mod sums;
pub mod tick;

use account::{Account, AccountKey};
use authorization::{Authorization, AuthorizationIndex, Kind, Movement, MovementIndex};
use authorize::Token;
use dispute::{AnswerIndex, Answered, Dispute, DisputeIndex};
use history::{Happening, Message};
use idempotency::{Made, Stamp, UsedKey};
use name::Name;
use payout::{Payout, PayoutIndex};
use record::{ClockMoved, LimitChanged, Record};
use saved::SavedCard;
use tick::Timer;

/// The whole state of the outside world.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Network {
    authorizations: Vec<Authorization>,
    movements: Vec<Movement>,
    disputes: Vec<Dispute>,
    answers: Vec<Answered>,
    by_id: HashMap<Name, AuthorizationIndex>,
    by_reference: HashMap<Name, AuthorizationIndex>,
    by_challenge: HashMap<Name, AuthorizationIndex>,
    by_movement: HashMap<Kind, HashMap<Name, MovementIndex>>,
    by_dispute: HashMap<Name, DisputeIndex>,
    by_answer: HashMap<Name, AnswerIndex>,
    payouts: Vec<Payout>,
    by_payout: HashMap<Name, PayoutIndex>,
    tokens: HashMap<Name, Token>,
    saved: HashMap<Name, SavedCard>,
    by_saved: HashMap<Name, Name>,
    keys: HashMap<Box<str>, UsedKey>,
    accounts: HashMap<AccountKey, Account>,
    timers: BTreeSet<(Timestamp, Timer)>,
    messages: VecDeque<Message>,
    happenings: VecDeque<Happening>,
    offset_ms: i64,
    latest: Option<Timestamp>,
}

/// What a request comes to: its answer, and what changes, if anything does.
#[derive(Debug, PartialEq, Eq)]
pub struct Change<T> {
    /// What to tell.
    pub answer: T,
    /// What to apply and to write to the ledger file, before telling.
    pub record: Option<Record>,
}

impl<T> Change<T> {
    /// An answer that changes nothing.
    pub fn none(answer: T) -> Change<T> {
        Change { answer, record: None }
    }

    /// An answer that is true once `record` is applied and durable.
    pub fn recorded(answer: T, record: Record) -> Change<T> {
        Change { answer, record: Some(record) }
    }

    /// The same change, told in other words.
    pub fn map_answer<U>(self, tell: impl FnOnce(T) -> U) -> Change<U> {
        Change { answer: tell(self.answer), record: self.record }
    }
}

/// Why a request comes to nothing, and nothing is kept of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Refusal {
    /// The idempotency key was used for another request.
    KeyReused,
    /// The reference belongs to another request.
    ReferenceInUse,
    /// No such token.
    UnknownToken,
    /// The token was used for another reference.
    TokenAlreadyUsed,
    /// The card's issuer does not let it be kept.
    Declined(decline::Decline),
    /// No such authorization.
    UnknownAuthorization,
    /// No such dispute.
    UnknownDispute,
    /// Sandbox time does not run backwards.
    ClockBackwards,
}

/// A record does not fit the state: a line of the ledger file was changed, or a bug.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Inconsistent(pub &'static str);

impl Network {
    /// The authorization at an index that the network gave.
    pub fn authorization(&self, index: AuthorizationIndex) -> &Authorization {
        &self.authorizations[index.0]
    }

    /// The movement at an index that the network gave.
    pub fn movement(&self, index: MovementIndex) -> &Movement {
        &self.movements[index.0]
    }

    /// The authorization with the merchant's reference; `None`: it was never received.
    pub fn find_authorization(&self, reference: &str) -> Option<AuthorizationIndex> {
        self.by_reference.get(reference).copied()
    }

    /// The movement with the merchant's reference; `None`: it was never received.
    pub fn find_movement(&self, kind: Kind, reference: &str) -> Option<MovementIndex> {
        self.by_movement.get(&kind)?.get(reference).copied()
    }

    /// The capture that came with the approval of an authorization.
    pub fn sold_with(&self, of: &Authorization) -> Option<MovementIndex> {
        let index = self.find_movement(Kind::Capture, &of.sale.as_ref()?.reference)?;
        // Where the reference was used elsewhere, or the capture was asked for by itself after all,
        // none came with it.
        let is_it = *self.movement(index).id == *of.sale.as_ref()?.id;
        is_it.then_some(index)
    }

    /// The merchant's reference of the authorization with this id of the network's.
    pub fn reference_of(&self, id: &str) -> Option<Name> {
        self.by_id.get(id).map(|index| self.authorization(*index).reference.clone())
    }

    /// All authorizations from the `start`th on, oldest first.
    pub fn authorizations_from(&self, start: usize) -> &[Authorization] {
        self.authorizations.get(start..).unwrap_or_default()
    }

    /// An account; one that was never used has its currency's default limit.
    pub fn account(&self, key: AccountKey) -> Account {
        let account = self.accounts.get(&key).copied();
        account.unwrap_or_else(|| Account::new(key.currency()))
    }

    /// All accounts that were ever used or changed, in the order of the test cards.
    pub fn accounts(&self) -> Vec<(AccountKey, Account)> {
        let mut accounts: Vec<_> = self.accounts.iter().map(|(key, to)| (*key, *to)).collect();
        accounts.sort_unstable_by_key(|(key, _)| *key);
        accounts
    }

    /// The last text messages and e-mails, newest first.
    pub fn messages(&self) -> impl Iterator<Item = &Message> {
        self.messages.iter().rev()
    }

    /// What happened last, newest first.
    pub fn happenings(&self) -> impl Iterator<Item = &Happening> {
        self.happenings.iter().rev()
    }

    /// Sandbox time at a moment of the machine's time. Never before anything that was recorded,
    /// even if the machine's clock was set back.
    pub fn now(&self, machine: Timestamp) -> Timestamp {
        let moved = Timestamp::from_ms(machine.ms().saturating_add(self.offset_ms));
        self.latest.map_or(moved, |latest| latest.max(moved))
    }

    /// How far sandbox time is ahead of the machine's time, in milliseconds.
    pub fn offset_ms(&self) -> i64 {
        self.offset_ms
    }

    /// Moves the sandbox's clock to `offset_ms` ahead of the machine's.
    ///
    /// # Refusals
    /// `ClockBackwards` for an offset smaller than the present one.
    pub fn move_clock(&self, offset_ms: i64) -> Result<Change<()>, Refusal> {
        if offset_ms < self.offset_ms {
            return Err(Refusal::ClockBackwards);
        }
        if offset_ms == self.offset_ms {
            return Ok(Change::none(()));
        }
        Ok(Change::recorded((), Record::ClockMoved(ClockMoved { offset_ms })))
    }

    /// Gives a cardholder another credit limit, in minor units of the account's currency.
    pub fn change_limit(key: AccountKey, limit: i64) -> Change<()> {
        let (profile, currency) = (key.profile().name.into(), key.currency());
        Change::recorded((), Record::LimitChanged(LimitChanged { profile, currency, limit }))
    }

    fn made_under(&self, stamp: &Stamp) -> Result<Option<&Made>, Refusal> {
        match self.keys.get(&stamp.key) {
            None => Ok(None),
            Some(used) if used.fingerprint == stamp.fingerprint => Ok(Some(&used.made)),
            Some(_) => Err(Refusal::KeyReused),
        }
    }
}

#[cfg(test)]
mod tests;
