//! Captures, increments, voids and refunds: each is done whole or refused for good.

use holdfast_core::currency::Currency;
use holdfast_core::time::{Span, Timestamp};
use serde::Serialize;

use super::authorization::{Authorization, Closing, Kind, MovementIndex, MovementRefusal, State};
use super::dispute::COMPLAINS_AFTER;
use super::idempotency::{Made, Stamp};
use super::name::Name;
use super::random::Seed;
use super::record::{MovementMade, Record};
use super::{Change, Network, Refusal};

/// How long the bank of a card with failing refunds takes to send one back, in sandbox time.
pub const REFUND_FAILS_AFTER: Span = Span::seconds(5);

/// What the ids of captures begin with.
pub(super) const CAPTURE_PREFIX: &str = "sbp_";

/// The wish to move money of an authorization.
#[derive(Clone, Debug)]
pub struct Move {
    /// The network's id of the authorization.
    pub authorization: Box<str>,
    /// The merchant's reference, unique among movements of the kind.
    pub reference: Name,
    /// What is wanted.
    pub what: Wanted,
}

/// What is wanted. Amounts are positive, in minor units.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub enum Wanted {
    /// Take a part of what is held.
    Capture {
        /// How much.
        amount: i64,
        /// Of this currency.
        currency: Currency,
        /// Whether the rest is given back.
        last: bool,
    },
    /// Hold more.
    Increment {
        /// How much more.
        amount: i64,
        /// Of this currency.
        currency: Currency,
    },
    /// Ask the cardholder no more: all of what would be held. Refused once there is an answer.
    GiveUp {
        /// How much that is.
        amount: i64,
    },
    /// Give a part of what is held back, or all that is left.
    Void {
        /// How much; `None`: all that is left.
        amount: Option<i64>,
    },
    /// Give a part of what was captured back.
    Refund {
        /// How much.
        amount: i64,
        /// Of this currency.
        currency: Currency,
    },
}

impl Wanted {
    /// The kind of the movement.
    pub fn kind(self) -> Kind {
        match self {
            Self::Capture { .. } => Kind::Capture,
            Self::Increment { .. } => Kind::Increment,
            Self::Void { .. } | Self::GiveUp { .. } => Kind::Void,
            Self::Refund { .. } => Kind::Refund,
        }
    }
}

/// What a movement that is allowed does.
struct Allowed {
    amount: i64,
    released: i64,
    closes: bool,
}

impl Network {
    /// Captures, raises, voids or refunds. The answer is the movement, refused ones too: a refusal
    /// is kept and is the answer to this reference for ever.
    ///
    /// # Refusals
    /// `KeyReused` and `ReferenceInUse` when either names another request, and
    /// `UnknownAuthorization`. Nothing is kept of them.
    pub fn move_money(
        &self,
        now: Timestamp,
        request: &Move,
        stamp: &Stamp,
        seed: &Seed,
    ) -> Result<Change<MovementIndex>, Refusal> {
        let kind = request.what.kind();
        if let Some(index) = self.movement_made(kind, &request.reference, stamp)? {
            return Ok(Change::none(index));
        }
        let index = self.by_id.get(&*request.authorization);
        let authorization = self.authorization(*index.ok_or(Refusal::UnknownAuthorization)?);
        let available = self.account(authorization.account()).available();
        let decided = decide(now, (authorization, available), request.what);
        let refused = decided.as_ref().err().copied();
        let allowed = decided.unwrap_or_else(|_| asked(request.what));
        let fails = kind == Kind::Refund && authorization.card.profile.refunds_fail;
        let made = MovementMade {
            id: seed.id(prefix(kind)).into(),
            authorization: authorization.id.clone(),
            reference: request.reference.clone(),
            kind,
            amount: allowed.amount,
            refused,
            released: allowed.released,
            closes: allowed.closes,
            fails_at: (fails && refused.is_none()).then(|| now.after(REFUND_FAILS_AFTER)),
            complains_at: complains_at(now, authorization, kind).filter(|_| refused.is_none()),
            stamp: stamp.clone(),
        };
        let index = MovementIndex(self.movements.len());
        Ok(Change::recorded(index, Record::Movement(made)))
    }

    fn movement_made(
        &self,
        kind: Kind,
        reference: &str,
        stamp: &Stamp,
    ) -> Result<Option<MovementIndex>, Refusal> {
        match self.made_under(stamp)? {
            Some(Made::Movement(index)) => return Ok(Some(*index)),
            Some(
                Made::Token(_)
                | Made::Authorization(_)
                | Made::Saved(_)
                | Made::Answer(_)
                | Made::Payout(_),
            ) => {
                return Err(Refusal::KeyReused);
            }
            None => {}
        }
        let Some(index) = self.find_movement(kind, reference) else { return Ok(None) };
        let same = self.movement(index).fingerprint == stamp.fingerprint;
        if same { Ok(Some(index)) } else { Err(Refusal::ReferenceInUse) }
    }
}

/// When the cardholder complains about a capture: once, about the first.
fn complains_at(now: Timestamp, of: &Authorization, kind: Kind) -> Option<Timestamp> {
    of.card.profile.complaint?;
    let is_first = of.complains_at.is_none() && kind == Kind::Capture;
    is_first.then(|| now.after(COMPLAINS_AFTER))
}

/// Decides about an authorization whose account can still spend so much.
fn decide(
    now: Timestamp,
    (authorization, available): (&Authorization, i64),
    wanted: Wanted,
) -> Result<Allowed, MovementRefusal> {
    match wanted {
        Wanted::Capture { amount, currency, last } => {
            capture(now, authorization, currency, Part { amount, last })
        }
        Wanted::Void { amount } => void(now, authorization, amount),
        Wanted::GiveUp { amount } => give_up(authorization, amount),
        Wanted::Increment { amount, currency } => {
            increment(now, authorization, Raise { amount, currency, available })
        }
        Wanted::Refund { amount, currency } => refund(authorization, currency, amount),
    }
}

#[derive(Clone, Copy)]
struct Raise {
    amount: i64,
    currency: Currency,
    /// What the account can still spend.
    available: i64,
}

/// The issuer holds more, as long as nothing of what it holds is used.
fn increment(
    now: Timestamp,
    authorization: &Authorization,
    raise: Raise,
) -> Result<Allowed, MovementRefusal> {
    if raise.currency != authorization.currency {
        return Err(MovementRefusal::CurrencyMismatch);
    }
    must_be_open(now, authorization)?;
    let is_untouched = authorization.sums.remaining() == authorization.sums.amount();
    if !is_untouched || authorization.increments >= authorization.increments_max {
        return Err(MovementRefusal::NotIncremental);
    }
    if raise.available < raise.amount {
        return Err(MovementRefusal::InsufficientFunds);
    }
    Ok(Allowed { amount: raise.amount, released: 0, closes: false })
}

/// The question to the cardholder is withdrawn. One that is answered stands.
fn give_up(authorization: &Authorization, amount: i64) -> Result<Allowed, MovementRefusal> {
    if authorization.state != State::Challenged {
        return Err(MovementRefusal::NotAsked);
    }
    if amount != authorization.sums.remaining() {
        return Err(MovementRefusal::AmountTooLarge);
    }
    Ok(voids(amount, true))
}

#[derive(Clone, Copy)]
struct Part {
    amount: i64,
    last: bool,
}

fn capture(
    now: Timestamp,
    authorization: &Authorization,
    currency: Currency,
    part: Part,
) -> Result<Allowed, MovementRefusal> {
    if currency != authorization.currency {
        return Err(MovementRefusal::CurrencyMismatch);
    }
    must_be_open(now, authorization)?;
    let remaining = authorization.sums.remaining();
    if part.amount > remaining {
        return Err(MovementRefusal::AmountTooLarge);
    }
    // A network that allows no further capture would hold the rest for nothing.
    let closes = part.last || authorization.captures + 1 >= authorization.captures_max;
    let released = if closes { remaining - part.amount } else { 0 };
    Ok(Allowed { amount: part.amount, released, closes })
}

fn void(
    now: Timestamp,
    authorization: &Authorization,
    amount: Option<i64>,
) -> Result<Allowed, MovementRefusal> {
    let remaining = authorization.sums.remaining();
    let amount = amount.unwrap_or(remaining);
    if authorization.state == State::Challenged {
        // Nothing is held in parts before the cardholder has confirmed: all of it or none.
        let whole = amount == remaining;
        return if whole { Ok(voids(amount, true)) } else { Err(MovementRefusal::NotApproved) };
    }
    match must_be_open(now, authorization) {
        Err(MovementRefusal::CapturesExhausted) => return Err(MovementRefusal::NothingLeft),
        Err(refusal) => return Err(refusal),
        Ok(()) => {}
    }
    if remaining == 0 {
        return Err(MovementRefusal::NothingLeft);
    }
    if amount > remaining {
        return Err(MovementRefusal::AmountTooLarge);
    }
    Ok(voids(amount, amount == remaining))
}

fn voids(amount: i64, closes: bool) -> Allowed {
    Allowed { amount, released: 0, closes }
}

fn refund(
    authorization: &Authorization,
    currency: Currency,
    amount: i64,
) -> Result<Allowed, MovementRefusal> {
    if currency != authorization.currency {
        return Err(MovementRefusal::CurrencyMismatch);
    }
    match authorization.state {
        State::Challenged | State::Declined(_) => return Err(MovementRefusal::NotApproved),
        State::Open | State::Closed(_) => {}
    }
    if amount > authorization.sums.refundable() {
        return Err(MovementRefusal::AmountTooLarge);
    }
    Ok(Allowed { amount, released: 0, closes: false })
}

fn must_be_open(now: Timestamp, authorization: &Authorization) -> Result<(), MovementRefusal> {
    match authorization.state {
        State::Challenged | State::Declined(_) => Err(MovementRefusal::NotApproved),
        State::Closed(Closing::Voided) => Err(MovementRefusal::AlreadyVoided),
        State::Closed(Closing::Expired) => Err(MovementRefusal::AuthorizationExpired),
        State::Closed(Closing::Verified) => Err(MovementRefusal::NothingLeft),
        State::Closed(Closing::LastCapture) => Err(MovementRefusal::CapturesExhausted),
        // The background task closes it a moment later; that moment must not let a capture pass.
        State::Open if now >= authorization.expires_at => {
            Err(MovementRefusal::AuthorizationExpired)
        }
        State::Open => Ok(()),
    }
}

/// What a refused movement had asked for. Nothing of it happens.
fn asked(wanted: Wanted) -> Allowed {
    let amount = match wanted {
        Wanted::Capture { amount, .. }
        | Wanted::Refund { amount, .. }
        | Wanted::Increment { amount, .. }
        | Wanted::GiveUp { amount } => amount,
        Wanted::Void { amount } => amount.unwrap_or(0),
    };
    Allowed { amount, released: 0, closes: false }
}

fn prefix(kind: Kind) -> &'static str {
    match kind {
        Kind::Capture => CAPTURE_PREFIX,
        Kind::Increment => "sbi_",
        Kind::Void => "sbv_",
        Kind::Refund => "sbr_",
    }
}
