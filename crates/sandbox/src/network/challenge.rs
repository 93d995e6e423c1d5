//! The issuer asks the cardholder: one code, by text message or e-mail, a few tries, ten minutes.

use holdfast_core::time::{Span, Timestamp};
use serde::{Deserialize, Serialize};
use subtle::ConstantTimeEq as _;

use super::account::Channel;
use super::authorization::{Authorization, AuthorizationIndex, Kind};
use super::decline::Decline;
use super::dispute::COMPLAINS_AFTER;
use super::name::Name;
use super::profile::{Behaviour, Verdict};
use super::random::Seed;
use super::record::{ChallengeEnded, CodeSent, Record, Sale, WrongCode};
use super::{Change, Network};

/// How long a challenge may take, in sandbox time: the longest a code may live (OWASP ASVS 6.5.5).
pub const CHALLENGE_LIFE: Span = Span::seconds(600);
/// The wrong code that ends a challenge for good.
pub const TRIES_MAX: u8 = 5;
/// How long after a code the next one may be sent on the same channel.
pub const RESEND_AFTER: Span = Span::seconds(30);
/// How many codes one challenge sends: two channels, every 30 s, would otherwise make 40 messages.
pub const CODES_MAX: u8 = 10;

/// One request for the cardholder's confirmation. Belongs to one authorization for ever.
#[derive(Debug, PartialEq, Eq)]
pub struct Challenge {
    /// Names the page; whoever knows it may see the page.
    pub id: Name,
    /// When it ends unanswered, in sandbox time.
    pub expires_at: Timestamp,
    /// Where the cardholder goes afterwards.
    pub return_url: Option<Box<str>>,
    /// Where it stands.
    pub progress: Progress,
}

/// Where a challenge stands.
#[derive(Debug, PartialEq, Eq)]
pub enum Progress {
    /// A code was sent and is waited for.
    Waiting(Waiting),
    /// It is over.
    Ended(ChallengeResult),
}

/// A challenge that waits for its code.
#[derive(Debug, PartialEq, Eq)]
pub struct Waiting {
    pub(super) code: Box<str>,
    /// Where the newest code went.
    pub channel: Channel,
    /// When a code was last sent by text message, and by e-mail.
    pub sent_at: [Option<Timestamp>; 2],
    /// How many codes were sent.
    pub codes: u8,
    /// How many wrong codes were given, over all codes.
    pub wrong: u8,
    /// Whether the newest code was already answered wrongly.
    pub just_wrong: bool,
}

/// How a challenge ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ChallengeResult {
    /// The right code.
    Passed,
    /// Too many wrong codes.
    Failed,
    /// No code in time.
    Expired,
    /// The cardholder did not want to.
    Canceled,
    /// The merchant voided the authorization meanwhile.
    Voided,
}

impl ChallengeResult {
    /// The name on the wire.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Passed => "passed",
            Self::Failed => "failed",
            Self::Expired => "expired",
            Self::Canceled => "canceled",
            Self::Voided => "voided",
        }
    }
}

/// What came of an answer on the challenge page.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Answered {
    /// The challenge is over, now or before.
    Over,
    /// It was the wrong code; there are tries left.
    Wrong,
    /// A new code is on its way.
    Sent,
    /// A new code can be sent in so many milliseconds.
    TooEarly(Span),
    /// No more codes: the last one must do.
    NoMoreCodes,
}

impl Network {
    /// The authorization whose challenge has this id.
    pub fn challenged(&self, challenge: &str) -> Option<AuthorizationIndex> {
        self.by_challenge.get(challenge).copied()
    }

    /// Tries a code. The fifth wrong one fails the challenge for good.
    pub fn try_code(
        &self,
        now: Timestamp,
        index: AuthorizationIndex,
        code: &str,
    ) -> Change<Answered> {
        let authorization = self.authorization(index);
        let Some((challenge, waiting)) = waiting(authorization) else {
            return Change::none(Answered::Over);
        };
        if now >= challenge.expires_at {
            return self.end_challenge(index, now, ChallengeResult::Expired);
        }
        if bool::from(waiting.code.as_bytes().ct_eq(code.as_bytes())) {
            return self.end_challenge(index, now, ChallengeResult::Passed);
        }
        if waiting.wrong.saturating_add(1) >= TRIES_MAX {
            return self.end_challenge(index, now, ChallengeResult::Failed);
        }
        let record = Record::WrongCode(WrongCode { authorization: authorization.id.clone() });
        Change::recorded(Answered::Wrong, record)
    }

    /// Sends a new code, which makes the one before worthless.
    pub fn send_code(
        &self,
        now: Timestamp,
        index: AuthorizationIndex,
        channel: Channel,
        seed: &Seed,
    ) -> Change<Answered> {
        let authorization = self.authorization(index);
        let Some((challenge, waiting)) = waiting(authorization) else {
            return Change::none(Answered::Over);
        };
        if now >= challenge.expires_at {
            return self.end_challenge(index, now, ChallengeResult::Expired);
        }
        if waiting.codes >= CODES_MAX {
            return Change::none(Answered::NoMoreCodes);
        }
        let wait = waiting.wait(now, channel);
        if wait > Span::ZERO {
            return Change::none(Answered::TooEarly(wait));
        }
        let (id, code) = (authorization.id.clone(), seed.code());
        let record = Record::CodeSent(CodeSent { authorization: id, channel, code });
        Change::recorded(Answered::Sent, record)
    }

    /// Ends a challenge because the cardholder wants to.
    pub fn cancel_challenge(&self, now: Timestamp, index: AuthorizationIndex) -> Change<Answered> {
        match waiting(self.authorization(index)) {
            None => Change::none(Answered::Over),
            Some((challenge, _)) if now >= challenge.expires_at => {
                self.end_challenge(index, now, ChallengeResult::Expired)
            }
            Some(_) => self.end_challenge(index, now, ChallengeResult::Canceled),
        }
    }

    pub(super) fn end_challenge(
        &self,
        index: AuthorizationIndex,
        now: Timestamp,
        result: ChallengeResult,
    ) -> Change<Answered> {
        let authorization = self.authorization(index);
        let decline = match result {
            ChallengeResult::Passed => self.verdict_after(authorization),
            ChallengeResult::Failed
            | ChallengeResult::Expired
            | ChallengeResult::Canceled
            | ChallengeResult::Voided => Some(Decline::AuthenticationFailed),
        };
        let life = authorization.card.brand.authorization_life();
        let sale = authorization.sale.as_ref().filter(|_| decline.is_none());
        // A merchant who has used the reference elsewhere meanwhile has to ask for the capture.
        let sale = sale.filter(|it| self.find_movement(Kind::Capture, &it.reference).is_none());
        let sale = sale.map(|sale| Sale {
            complains_at: sale.complains_at.map(|_| now.after(COMPLAINS_AFTER)),
            ..sale.clone()
        });
        let record = Record::ChallengeEnded(ChallengeEnded {
            authorization: authorization.id.clone(),
            result,
            decline,
            expires_at: now.after(life),
            sale,
        });
        Change::recorded(Answered::Over, record)
    }

    /// What the issuer says once the cardholder has confirmed: `None` is yes.
    fn verdict_after(&self, authorization: &Authorization) -> Option<Decline> {
        let then = match authorization.card.profile.behaviour {
            Behaviour::Challenge { then, .. } | Behaviour::ChallengeUntilKept { then, .. } => then,
            Behaviour::Approve
            | Behaviour::Decline(_)
            | Behaviour::DeclinesCharges(_)
            | Behaviour::ChallengeIfAsked
            | Behaviour::ErrorIfAsked => Verdict::Approve,
        };
        match then {
            Verdict::Decline(decline) => Some(decline),
            Verdict::Approve => {
                let account = self.account(authorization.account());
                let short = account.available() < authorization.sums.amount();
                short.then_some(Decline::InsufficientFunds)
            }
        }
    }
}

impl Waiting {
    /// A challenge's first code.
    pub(super) fn first(now: Timestamp, channel: Channel, code: Box<str>) -> Waiting {
        let mut waiting =
            Waiting { code, channel, sent_at: [None; 2], codes: 1, wrong: 0, just_wrong: false };
        waiting.sent_at[slot(channel)] = Some(now);
        waiting
    }

    /// Puts a new code in the place of the one before.
    pub(super) fn renew(&mut self, now: Timestamp, channel: Channel, code: Box<str>) {
        self.code = code;
        self.channel = channel;
        self.sent_at[slot(channel)] = Some(now);
        self.codes = self.codes.saturating_add(1);
        self.just_wrong = false;
    }

    /// How long until a code may be sent on `channel`.
    pub fn wait(&self, now: Timestamp, channel: Channel) -> Span {
        let last = self.sent_at[slot(channel)];
        last.map_or(Span::ZERO, |last| last.after(RESEND_AFTER).since(now))
    }

    /// How many wrong codes are left before the challenge fails, the failing one included.
    pub fn tries_left(&self) -> u8 {
        TRIES_MAX.saturating_sub(self.wrong)
    }
}

fn slot(channel: Channel) -> usize {
    match channel {
        Channel::Phone => 0,
        Channel::Mailbox => 1,
    }
}

fn waiting(authorization: &Authorization) -> Option<(&Challenge, &Waiting)> {
    let challenge = authorization.challenge.as_deref()?;
    match &challenge.progress {
        Progress::Waiting(waiting) => Some((challenge, waiting)),
        Progress::Ended(_) => None,
    }
}
