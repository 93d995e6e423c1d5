//! The network's state, its ledger file and the faults, shared by all requests.

use std::io;
use std::sync::{Arc, Mutex, MutexGuard};

use holdfast_core::time::Timestamp;
use tokio::sync::oneshot;

use crate::clock::{NoRandomness, machine_now};
use crate::config::SandboxConfig;
use crate::faults::Faults;
use crate::ledger::{self, Append, Durable, Notices, Writer};
use crate::limiter::Limiter;
use crate::network::record::{Line, Record};
use crate::network::{Change, Inconsistent, Network, Refusal};
use crate::notify::{Notice, NoticeKind};

/// How many due things one request or one round of the background task sees to, so that a clock
/// moved by weeks does not hold the lock for seconds.
const DUE_MAX: usize = 500;

/// Everything that the sandbox's requests share.
pub(crate) struct World {
    /// What the sandbox was told.
    pub(crate) config: Arc<SandboxConfig>,
    /// For the form that moves the clock.
    pub(crate) client: reqwest::Client,
    books: Mutex<Books>,
    faults: Mutex<Faults>,
    limiter: Mutex<Limiter>,
}

/// Why a request has no answer of the network.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Trouble {
    /// The network refused.
    Refused(Refusal),
    /// The ledger file cannot be written, or the state is broken. Nothing was acknowledged.
    Unavailable,
}

struct Books {
    network: Network,
    writer: Writer,
}

impl World {
    /// Opens the ledger file and starts its writer. `broken` is told when it cannot be written.
    ///
    /// # Errors
    /// When the file cannot be used; it says why.
    pub(crate) fn open(
        config: SandboxConfig,
        client: reqwest::Client,
        notices: Notices,
        broken: oneshot::Sender<io::Error>,
    ) -> io::Result<World> {
        let (network, opened) = ledger::open(&config.ledger)?;
        tracing::info!(lines = opened.lines, "replayed the ledger");
        let writer = Writer::start(opened, notices, broken)?;
        Ok(World {
            config: Arc::new(config),
            client,
            books: Mutex::new(Books { network, writer }),
            faults: Mutex::default(),
            limiter: Mutex::default(),
        })
    }

    /// Decides a change, applies it, waits until it is on the disk, and comes back with what
    /// `tell` says of it. What the world has to do by then on its own is done first.
    ///
    /// # Errors
    /// [`Trouble`]; a refusal too is told only when all it may rest on is on the disk.
    pub(crate) async fn change<T, R>(
        &self,
        decide: impl FnOnce(&Network, Timestamp) -> Result<Change<T>, Refusal>,
        tell: impl FnOnce(&Network, T) -> R,
    ) -> Result<R, Trouble> {
        let (told, durable) = self.change_in_memory(decide, tell)?;
        durable.reached().await.map_err(|_| Trouble::Unavailable)?;
        told.map_err(Trouble::Refused)
    }

    /// Looks at the state, once all of it is on the disk.
    ///
    /// # Errors
    /// [`Trouble::Unavailable`].
    pub(crate) async fn look<R>(
        &self,
        look: impl FnOnce(&Network, Timestamp) -> R,
    ) -> Result<R, Trouble> {
        let nothing = |_: &Network, now| Ok(Change::none(now));
        self.change(nothing, |network, now| look(network, now)).await
    }

    /// Sees to what is due. Comes back with whether more may be.
    ///
    /// # Errors
    /// [`Trouble::Unavailable`].
    pub(crate) fn tick(&self) -> Result<bool, Trouble> {
        let mut books = self.books()?;
        let now = books.network.now(machine_now());
        Ok(books.catch_up(now)? == DUE_MAX)
    }

    /// Writes what waits and lets go of the ledger file. Requests that still run are refused.
    pub(crate) fn close(&self) {
        let mut books = self.books.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        books.writer.close();
    }

    /// The faults.
    pub(crate) fn faults(&self) -> MutexGuard<'_, Faults> {
        // A list that a panic left behind is still a list.
        self.faults.lock().unwrap_or_else(std::sync::PoisonError::into_inner)
    }

    /// The limiter of the challenge page.
    pub(crate) fn limiter(&self) -> MutexGuard<'_, Limiter> {
        self.limiter.lock().unwrap_or_else(std::sync::PoisonError::into_inner)
    }

    fn change_in_memory<T, R>(
        &self,
        decide: impl FnOnce(&Network, Timestamp) -> Result<Change<T>, Refusal>,
        tell: impl FnOnce(&Network, T) -> R,
    ) -> Result<(Result<R, Refusal>, Durable), Trouble> {
        let mut books = self.books()?;
        let now = books.network.now(machine_now());
        books.catch_up(now)?;
        let told = match decide(&books.network, now) {
            Err(refusal) => Err(refusal),
            Ok(Change { answer, record }) => {
                if let Some(record) = record {
                    books.commit(now, record)?;
                }
                Ok(tell(&books.network, answer))
            }
        };
        Ok((told, books.writer.durable()))
    }

    /// The books, unless a panic left them half changed or the file cannot be written.
    fn books(&self) -> Result<MutexGuard<'_, Books>, Trouble> {
        let books = self.books.lock().map_err(|_| Trouble::Unavailable)?;
        if books.writer.is_broken() { Err(Trouble::Unavailable) } else { Ok(books) }
    }
}

impl Books {
    fn catch_up(&mut self, now: Timestamp) -> Result<usize, Trouble> {
        for done in 0..DUE_MAX {
            let Some(record) = self.network.due(now) else { return Ok(done) };
            self.commit(now, record)?;
        }
        Ok(DUE_MAX)
    }

    fn commit(&mut self, at: Timestamp, record: Record) -> Result<(), Trouble> {
        self.network.apply(at, &record)?;
        let notice = notice(&self.network, &record);
        let line = Line { seq: self.writer.next_seq(), at, entry: record };
        self.writer.append(Append { line, notice });
        Ok(())
    }
}

fn notice(network: &Network, record: &Record) -> Option<Notice> {
    let (kind, reference) = match record {
        Record::ChallengeEnded(ended) => {
            (NoticeKind::Authorization, network.reference_of(&ended.authorization)?)
        }
        Record::RefundFailed(failed) => (NoticeKind::Refund, failed.reference.clone()),
        Record::DisputeRaised(raised) => {
            (NoticeKind::Dispute, network.reference_of(&raised.authorization)?)
        }
        Record::DisputeDecided(decided) => {
            (NoticeKind::Dispute, network.reference_of(&decided.authorization)?)
        }
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
        | Record::LimitChanged(_) => return None,
    };
    Some(Notice { kind, reference })
}

impl From<Inconsistent> for Trouble {
    fn from(inconsistent: Inconsistent) -> Trouble {
        // A decision that does not fit the state it was made from is a bug, and was not applied.
        tracing::error!(problem = inconsistent.0, "a decision does not fit the state");
        Trouble::Unavailable
    }
}

impl From<NoRandomness> for Trouble {
    fn from(_: NoRandomness) -> Trouble {
        tracing::error!("the system gives no random bytes");
        Trouble::Unavailable
    }
}
