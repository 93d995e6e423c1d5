//! One command: load what it needs, ask the core, commit; on a conflict, look again.

use std::collections::BTreeSet;
use std::fmt;
use std::panic::{AssertUnwindSafe, catch_unwind};

use holdfast_core::change::Changes;
use holdfast_core::command::{Claim, Command, Request};
use holdfast_core::decide::decide;
use holdfast_core::event::Origin;
use holdfast_core::id::{EffectId, PlatformId};
use holdfast_core::key::{RowKey, Version};
use holdfast_core::refusal::Refusal;
use holdfast_core::replay::Replay;
use holdfast_core::row::{Record, Row};
use holdfast_core::view::{Stop, StoredRow, View};
use holdfast_store::{Outcome, StoreError};

use crate::engine::Engine;

/// How often a decision may ask for rows. The longest walks a refund from its payment over the
/// orders to their held funds; more than that is a loop.
const ROUNDS_MAX: usize = 5;
/// How often a command looks again after a conflict. Each time at least one other command got
/// through, so that this many rivals for one row are served.
const CONFLICTS_MAX: usize = 500;

/// A command to carry out.
#[derive(Clone, Debug)]
pub struct Submission {
    /// Whose rows it is about.
    pub platform: PlatformId,
    /// What is asked.
    pub command: Command,
    /// The effect whose outcome it records.
    pub effect: Option<EffectId>,
    /// The client's idempotency key.
    pub claim: Option<Claim>,
    /// The client's request, which its events name.
    pub origin: Option<Origin>,
}

impl Submission {
    /// A command without an idempotency key.
    pub fn new(platform: PlatformId, command: Command) -> Submission {
        Submission { platform, command, effect: None, claim: None, origin: None }
    }

    /// The outcome of an effect.
    pub fn outcome(platform: PlatformId, effect: EffectId, command: Command) -> Submission {
        let effect = Some(effect);
        Submission { platform, command, effect, claim: None, origin: None }
    }
}

/// What came of a command that was not refused.
#[derive(Clone, Debug)]
pub enum Submitted {
    /// It is durable.
    Committed(Changes),
    /// The same idempotency key was used before; this is what is known of that request.
    Replayed(Replay),
}

impl Submitted {
    /// The first row of a kind that the command wrote.
    pub fn row<R: Record>(&self) -> Option<&R> {
        match self {
            Submitted::Committed(changes) => {
                changes.puts.iter().find_map(|put| R::of_row(&put.row))
            }
            Submitted::Replayed(_) => None,
        }
    }

    /// The row under a key, as the command left it.
    pub fn row_of<R: Record>(&self, id: &R::Id) -> Option<&R> {
        let key = R::key(id);
        match self {
            Submitted::Committed(changes) => {
                let put = changes.puts.iter().find(|put| put.row.key() == key)?;
                R::of_row(&put.row)
            }
            Submitted::Replayed(_) => None,
        }
    }

    /// The row that the command made, of one kind.
    pub fn made<R: Record>(&self) -> Option<&R> {
        match self {
            Submitted::Committed(changes) => {
                let made = changes.puts.iter().filter(|put| put.expected == 0);
                made.map(|put| &*put.row).find_map(|row: &Row| R::of_row(row))
            }
            Submitted::Replayed(_) => None,
        }
    }
}

/// Why a command was not carried out.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum SubmitError {
    /// The answer is no.
    Refused(Refusal),
    /// The store failed. Whether the command was carried out is not known; asking again with the
    /// same idempotency key tells.
    Store(StoreError),
    /// Too many others want the same rows.
    Busy,
    /// A broken assertion. Nothing was changed.
    Bug(String),
}

impl fmt::Display for SubmitError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            SubmitError::Refused(refusal) => write!(f, "refused: {}", refusal.code()),
            SubmitError::Store(error) => error.fmt(f),
            SubmitError::Busy => f.write_str("too many commands want the same rows"),
            SubmitError::Bug(what) => write!(f, "an assertion failed: {what}"),
        }
    }
}

impl std::error::Error for SubmitError {}

impl From<StoreError> for SubmitError {
    fn from(error: StoreError) -> SubmitError {
        SubmitError::Store(error)
    }
}

impl Engine {
    /// Carries out a command: durable before this answers, and answered only once.
    ///
    /// A caller that goes away does not undo it: once decided, it is committed or refused by
    /// itself.
    pub async fn submit(&self, submission: Submission) -> Result<Submitted, SubmitError> {
        let Submission { platform, command, effect, claim, origin } = submission;
        let request = Request { platform, ids: self.ids(), effect, claim, origin, command };
        for _ in 0..CONFLICTS_MAX {
            let changes = match self.decide(&request).await? {
                Decided::Changes(changes) => changes,
                Decided::Replay(replay) => return Ok(Submitted::Replayed(replay)),
                Decided::Stale => continue,
            };
            if changes.is_empty() {
                return Ok(Submitted::Committed(changes));
            }
            let (outcome, changes) = self.inner.committer.commit(changes).await?;
            match outcome {
                Outcome::Committed => return Ok(Submitted::Committed(changes)),
                Outcome::LimitExceeded => {
                    return Err(SubmitError::Refused(Refusal::BalanceInsufficient));
                }
                Outcome::AlreadyRecorded => {
                    return Ok(Submitted::Committed(nothing(&request)));
                }
                Outcome::Conflict => {}
            }
        }
        Err(SubmitError::Busy)
    }

    /// Asks the core, loading rows until it has all that it wants to see.
    async fn decide(&self, request: &Request) -> Result<Decided, SubmitError> {
        let replay = request.claim.as_ref().map(|claim| RowKey::Replay(claim.key.clone()));
        let mut wanted: BTreeSet<RowKey> = request.command.keys().into_iter().collect();
        wanted.insert(RowKey::WebhookEndpoints(request.platform));
        wanted.extend(replay.clone());

        let mut view = View::new(request.platform, &self.inner.rules);
        let mut seen = Vec::new();
        for _ in 0..ROUNDS_MAX {
            self.load_into(&mut view, &mut seen, wanted).await?;
            if let Some(replay) = replay.as_ref().and_then(|key| found_replay(&view, key)) {
                return Ok(Decided::Replay(replay));
            }
            match ask(&view, self, request) {
                Ok(Ok(changes)) => return Ok(Decided::Changes(changes)),
                Ok(Err(Stop::Need(keys))) => wanted = keys,
                Ok(Err(Stop::Refused(refusal))) => {
                    return self.unless_stale(request, seen, SubmitError::Refused(refusal)).await;
                }
                Err(bug) => return self.unless_stale(request, seen, bug).await,
            }
        }
        Err(SubmitError::Bug("a decision asks for ever more rows".to_owned()))
    }

    async fn load_into(
        &self,
        view: &mut View<'_>,
        seen: &mut Vec<(RowKey, Version)>,
        keys: BTreeSet<RowKey>,
    ) -> Result<(), SubmitError> {
        let keys: Vec<RowKey> = keys.into_iter().collect();
        let found = self.load(view.platform, &keys).await?;
        for (key, row) in keys.into_iter().zip(found) {
            seen.push((key.clone(), version(row.as_ref())));
            view.insert(key, row);
        }
        Ok(())
    }

    /// A no, unless it was said of rows that did not stand side by side: they are loaded one after
    /// the other, and nothing checks them again where nothing is committed. The same command under
    /// the same key may have been carried out in between, and must not be refused then.
    async fn unless_stale(
        &self,
        request: &Request,
        seen: Vec<(RowKey, Version)>,
        no: SubmitError,
    ) -> Result<Decided, SubmitError> {
        let (keys, versions): (Vec<RowKey>, Vec<Version>) = seen.into_iter().unzip();
        let now = self.load(request.platform, &keys).await?;
        if now.iter().map(|row| version(row.as_ref())).ne(versions) {
            return Ok(Decided::Stale);
        }
        if let SubmitError::Bug(what) = &no {
            tracing::error!(what, "an assertion of the core failed");
        }
        Err(no)
    }
}

enum Decided {
    Changes(Changes),
    Replay(Replay),
    /// The rows changed while they were looked at: look again.
    Stale,
}

fn version(stored: Option<&StoredRow>) -> Version {
    stored.map_or(0, |stored| stored.version)
}

fn found_replay(view: &View<'_>, key: &RowKey) -> Option<Replay> {
    let stored = view.find(key).ok().flatten()?;
    Replay::of_row(&stored.row).cloned()
}

/// A failed assertion of the core ends the command before anything is committed.
fn ask(
    view: &View<'_>,
    engine: &Engine,
    request: &Request,
) -> Result<Result<Changes, Stop>, SubmitError> {
    catch_unwind(AssertUnwindSafe(|| decide(view, engine.now(), request))).map_err(|panic| {
        let text = panic.downcast_ref::<String>().map(String::as_str);
        let text = text.or_else(|| panic.downcast_ref::<&str>().copied());
        SubmitError::Bug(text.unwrap_or("no message").to_owned())
    })
}

fn nothing(request: &Request) -> Changes {
    Changes {
        platform: request.platform,
        command: request.ids.command(),
        puts: Vec::new(),
        relied: Vec::new(),
        emptied: Vec::new(),
        entries: Vec::new(),
        effects: Vec::new(),
        finished: Vec::new(),
        events: Vec::new(),
    }
}
