//! The processor: the sandbox's card network, without its HTTP. What its books say is the truth
//! that everything else is compared with.

mod answer;
mod bank;
mod disputes;
mod receive;
mod saved;

use std::collections::{BTreeMap, VecDeque};
use std::sync::{Mutex, MutexGuard, PoisonError};

use holdfast_core::dispute::command::RespondRequest;
use holdfast_core::effect::{
    AuthorizeRequest, CaptureRequest, HoldRequest, PayoutRequest, RefundRequest, SaveCardRequest,
    VerifyRequest,
};
use holdfast_core::id::{AttemptId, Id, RefundId, SetupAttemptId};
use holdfast_core::time::{Span, Timestamp};
use holdfast_sandbox::network::authorization::{Authorization, AuthorizationIndex, State};
use holdfast_sandbox::network::challenge::TRIES_MAX;
use holdfast_sandbox::network::random::{SEED_BYTES, Seed};
use holdfast_sandbox::network::record::Record;
use holdfast_sandbox::network::{Change, Network};

use crate::random::Random;

pub(crate) use receive::{Look, kind_of, kind_of_change};

/// The processor. It outlives every life of the program.
pub(crate) struct Processor {
    state: Mutex<Books>,
}

/// What the processor knows.
pub(crate) struct Books {
    pub(crate) network: Network,
    /// Whether it takes the money as it approves, when asked to.
    takes_at_once: bool,
    random: Random,
    /// Requests that the network holds back, and until when on the machine's clock.
    late: VecDeque<(Timestamp, Request)>,
    /// What the program has not taken yet, by number.
    notices: BTreeMap<u64, Notice>,
    noticed: u64,
}

/// A request on its way to the processor.
#[derive(Clone, Debug)]
pub(crate) enum Request {
    Authorize(AuthorizeRequest),
    Capture(CaptureRequest),
    Hold(HoldRequest),
    Refund(RefundRequest),
    Payout(PayoutRequest),
    Respond(RespondRequest),
    SaveCard(SaveCardRequest),
    Verify(VerifyRequest),
}

/// Something happened that nobody asked for.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Notice {
    Attempt(AttemptId),
    SetupAttempt(SetupAttemptId),
    Refund(RefundId),
    Complaints(AttemptId),
}

/// What the cardholder does when the bank asks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Cardholder {
    Confirms,
    GivesWrongCodes,
    Cancels,
}

impl Processor {
    pub(crate) fn new(random: Random) -> Processor {
        let takes_at_once = random.clone().chance(800);
        let books = Books {
            network: Network::default(),
            takes_at_once,
            random,
            late: VecDeque::new(),
            notices: BTreeMap::new(),
            noticed: 0,
        };
        Processor { state: Mutex::new(books) }
    }

    /// Its books, for the one who looks into them.
    pub(crate) fn books(&self) -> MutexGuard<'_, Books> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// A card of a profile becomes a token for one use.
    pub(crate) fn token(&self, now: Timestamp, profile: &str) -> Option<String> {
        self.books().issue_token(now, profile)
    }

    /// Holds a request back.
    pub(crate) fn delay(&self, until: Timestamp, request: Request) {
        self.books().late.push_back((until, request));
    }

    /// Does what is due by the machine's time `now`, and says what nobody has taken yet.
    pub(crate) fn tick(&self, now: Timestamp) -> Vec<(u64, Notice)> {
        let mut books = self.books();
        books.receive_late(now, |until| until <= now);
        books.settle(now);
        books.notices.iter().map(|(number, notice)| (*number, *notice)).collect()
    }

    /// The program has taken a notice.
    pub(crate) fn taken(&self, number: u64) {
        self.books().notices.remove(&number);
    }

    /// Somebody lets what is left of an authorization go, in the processor's own back office.
    pub(crate) fn let_go(&self, now: Timestamp, attempt: AttemptId) {
        self.books().let_go(now, &attempt.to_string());
    }

    /// Moves the processor's clock.
    ///
    /// What the network holds back arrives before: it is late by seconds, which on a clock that
    /// jumps over days would be days.
    pub(crate) fn move_clock(&self, now: Timestamp, ahead: Span) {
        let mut books = self.books();
        books.receive_late(now, |_| true);
        if let Ok(change) = books.network.move_clock(ahead.ms()) {
            books.apply(now, change);
        }
        books.settle(now);
    }

    /// The cardholder answers the bank's question about an attempt. Whether it was still asked.
    pub(crate) fn answer(&self, now: Timestamp, reference: &str, cardholder: Cardholder) -> bool {
        let mut books = self.books();
        books.settle(now);
        let Some(index) = books.network.find_authorization(reference) else { return false };
        let tries = if cardholder == Cardholder::GivesWrongCodes { TRIES_MAX } else { 1 };
        let is_asked = books.is_asked(index);
        for _ in 0..tries {
            books.answer_once(now, index, cardholder);
        }
        is_asked
    }
}

impl Books {
    /// The processor's time at a moment of the machine's.
    pub(crate) fn now(&self, now: Timestamp) -> Timestamp {
        self.network.now(now)
    }

    /// Every authorization, the oldest first.
    pub(crate) fn authorizations(&self) -> &[Authorization] {
        self.network.authorizations_from(0)
    }

    fn is_asked(&self, index: AuthorizationIndex) -> bool {
        self.network.authorization(index).state == State::Challenged
    }

    fn answer_once(&mut self, now: Timestamp, index: AuthorizationIndex, cardholder: Cardholder) {
        let at = self.now(now);
        let change = match cardholder {
            Cardholder::Cancels => self.network.cancel_challenge(at, index),
            Cardholder::GivesWrongCodes => self.network.try_code(at, index, "wrong"),
            Cardholder::Confirms => {
                let code = self.code(index);
                self.network.try_code(at, index, &code)
            }
        };
        self.apply(now, change);
    }

    /// The newest code that the bank has sent.
    fn code(&self, index: AuthorizationIndex) -> String {
        let reference = &self.network.authorization(index).reference;
        let sent = self.network.messages().find(|message| message.reference == *reference);
        sent.map_or_else(String::new, |message| message.code.to_string())
    }

    fn seed(&mut self) -> Seed {
        let mut bytes = [0; SEED_BYTES];
        for chunk in bytes.chunks_mut(8) {
            chunk.copy_from_slice(&self.random.next().to_le_bytes()[..chunk.len()]);
        }
        Seed::new(bytes)
    }

    /// What has happened because time has passed.
    fn settle(&mut self, now: Timestamp) {
        let at = self.now(now);
        while let Some(record) = self.network.due(at) {
            self.write(at, &record);
        }
    }

    fn apply<T>(&mut self, now: Timestamp, change: Change<T>) -> T {
        if let Some(record) = &change.record {
            self.write(self.now(now), record);
        }
        change.answer
    }

    fn complaint_of(&self, authorization: &str) -> Option<Notice> {
        let reference = self.network.reference_of(authorization)?;
        AttemptId::parse(&reference).map(Notice::Complaints)
    }

    fn write(&mut self, at: Timestamp, record: &Record) {
        let notice = match record {
            Record::ChallengeEnded(ended) => {
                let reference = self.network.reference_of(&ended.authorization);
                reference.and_then(|name| answered(&name))
            }
            Record::RefundFailed(failed) => RefundId::parse(&failed.reference).map(Notice::Refund),
            Record::DisputeRaised(raised) => self.complaint_of(&raised.authorization),
            Record::DisputeDecided(decided) => self.complaint_of(&decided.authorization),
            Record::DisputeAnswered(_)
            | Record::TokenIssued(_)
            | Record::Authorization(_)
            | Record::Verification(_)
            | Record::CardSaved(_)
            | Record::Movement(_)
            | Record::CodeSent(_)
            | Record::WrongCode(_)
            | Record::AuthorizationExpired(_)
            | Record::Payout(_)
            | Record::ClockMoved(_)
            | Record::LimitChanged(_) => None,
        };
        let applied = self.network.apply(at, record);
        assert!(applied.is_ok(), "the network cannot apply its own record: {applied:?}");
        if let Some(notice) = notice {
            self.noticed += 1;
            self.notices.insert(self.noticed, notice);
        }
    }
}

/// The notice that the cardholder has answered.
fn answered(reference: &str) -> Option<Notice> {
    let charge = AttemptId::parse(reference).map(Notice::Attempt);
    charge.or_else(|| SetupAttemptId::parse(reference).map(Notice::SetupAttempt))
}
