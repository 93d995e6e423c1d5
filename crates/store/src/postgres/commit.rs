//! Committing a batch: lock and look, decide, write by sets, commit. Three round trips.

use std::sync::Arc;
use std::time::Duration;

use holdfast_core::change::Changes;
use tokio::sync::{Mutex, MutexGuard};
use tokio::time::Instant;

use crate::{Lease, Outcome, StoreError};

use super::decided;
use super::link::{Link, Live, Waits, in_time};
use super::look::{self, Fenced};
use super::nodes::{self, Member, Node};
use super::tables::Tables;
use super::trouble::Trouble;
use super::write;

/// The one that writes for this node. Batches go one after the other: the next one gathers while
/// this one is under way.
pub(super) struct Writer {
    link: Link,
    member: Member,
    turn: Mutex<Turn>,
}

/// What the one whose turn it is knows.
#[derive(Default)]
struct Turn {
    /// This node, once it has joined the others.
    node: Option<Node>,
    /// Whether it had joined them before.
    has_joined: bool,
    /// The number of the last batch that was tried.
    batch: i64,
    /// When the database last heard of this node.
    heard: Option<Instant>,
}

/// How often a node that writes nothing lets the others know that it is there, in the time that it
/// may be silent.
const HEARTBEATS: u32 = 4;

impl Writer {
    /// A writer over a connection of its own.
    pub(super) fn new(link: Link, member: Member) -> Writer {
        Writer { link, member, turn: Mutex::default() }
    }

    /// Commits a batch. When the answer to the commit itself is lost, the database is asked what
    /// became of it, so that nothing is done twice and nothing is told as lost that is there.
    pub(super) async fn commit(
        &self,
        batch: &[Changes],
        lease: Lease,
    ) -> Result<Vec<Outcome>, StoreError> {
        if batch.is_empty() {
            return Ok(Vec::new());
        }
        let mut turn = self.turn.lock().await;
        let mut waits = Waits::new();
        loop {
            match self.try_once(&mut turn, batch, lease).await {
                Ok(outcomes) => return Ok(outcomes),
                Err(Trouble::Lasting(error)) => return Err(error),
                Err(Trouble::Passing(error)) => {
                    tracing::debug!(%error, "a batch is tried again");
                    if !waits.wait().await {
                        return Err(error);
                    }
                }
            }
        }
    }

    async fn try_once(
        &self,
        turn: &mut MutexGuard<'_, Turn>,
        batch: &[Changes],
        lease: Lease,
    ) -> Result<Vec<Outcome>, Trouble> {
        let live = self.link.live().await?;
        let node = self.node(turn, &live).await?;
        turn.batch += 1;
        let number = turn.batch;
        match until_commit(&live, &node, number, batch, lease).await {
            Ok(outcomes) => match in_time(live.client().batch_execute("COMMIT")).await {
                Ok(()) => {
                    turn.heard = Some(Instant::now());
                    Ok(outcomes)
                }
                Err(trouble) => {
                    let error = StoreError::from(trouble);
                    tracing::warn!(%error, "a commit was not answered");
                    self.link.drop_live(&live).await;
                    self.look_up(turn, &node, number).await.map(|()| outcomes)
                }
            },
            Err(trouble) => {
                self.give_up(&live).await;
                match trouble {
                    Stopped::Fenced => {
                        // Another node has its number: it joins anew, under another one.
                        turn.node = None;
                        Err(passing("this node was away for too long"))
                    }
                    Stopped::Trouble(trouble) => Err(trouble),
                }
            }
        }
    }

    /// What was begun on this connection ends, whatever state it is in.
    async fn give_up(&self, live: &Arc<Live>) {
        if in_time(live.client().batch_execute("ROLLBACK")).await.is_err() {
            self.link.drop_live(live).await;
        }
    }

    /// This node, as the others know it.
    async fn node(
        &self,
        turn: &mut MutexGuard<'_, Turn>,
        live: &Arc<Live>,
    ) -> Result<Node, Trouble> {
        if let Some(node) = &turn.node {
            return Ok(node.clone());
        }
        match nodes::join(live, &self.member, !turn.has_joined).await {
            Ok(node) => {
                tracing::info!(number = node.number, holder = node.holder, "joined the nodes");
                let heard = Some(Instant::now());
                **turn = Turn { node: Some(node.clone()), has_joined: true, batch: 0, heard };
                Ok(node)
            }
            Err(trouble) => {
                self.give_up(live).await;
                // Another node may have taken the same number at the same time.
                Err(Trouble::Passing(trouble.into()))
            }
        }
    }

    /// Finds out whether a batch whose commit was not answered is there. An error is `Passing`
    /// when it is known not to be.
    async fn look_up(
        &self,
        turn: &mut MutexGuard<'_, Turn>,
        node: &Node,
        number: i64,
    ) -> Result<(), Trouble> {
        let mut waits = Waits::new();
        loop {
            match self.look(node).await {
                Ok(Some((batch, member))) => {
                    if !member {
                        turn.node = None;
                    }
                    let lost = || Err(passing("a commit was lost"));
                    return if batch == number { Ok(()) } else { lost() };
                }
                // The row is there for a day. Without it nobody knows.
                Ok(None) => return Err(Trouble::Lasting(unknown())),
                Err(error) => tracing::debug!(%error, "what became of a commit is not known yet"),
            }
            if !waits.wait().await {
                return Err(Trouble::Lasting(unknown()));
            }
        }
    }

    async fn look(&self, node: &Node) -> Result<Option<(i64, bool)>, StoreError> {
        let live = self.link.live().await?;
        match nodes::look(&live, &node.holder).await {
            Ok(found) => Ok(found),
            Err(trouble) => {
                self.link.drop_live(&live).await;
                Err(trouble.into())
            }
        }
    }

    /// Joins the nodes, so that a database that refuses is met at the start.
    pub(super) async fn join(&self) -> Result<(), StoreError> {
        let mut turn = self.turn.lock().await;
        let mut waits = Waits::new();
        loop {
            let joined = match self.link.live().await {
                Ok(live) => self.node(&mut turn, &live).await,
                Err(trouble) => Err(trouble),
            };
            match joined {
                Ok(_) => return Ok(()),
                Err(trouble) if !waits.wait().await => return Err(trouble.into()),
                Err(_) => {}
            }
        }
    }

    /// Lets the other nodes know that this one is there, until the writer is dropped.
    pub(super) async fn keep_known(writer: std::sync::Weak<Writer>) {
        loop {
            let Some(heartbeat) = writer.upgrade().map(|writer| writer.heartbeat()) else { return };
            tokio::time::sleep(heartbeat).await;
            let Some(writer) = writer.upgrade() else { return };
            let mut turn = writer.turn.lock().await;
            let Some(node) = turn.node.clone() else { continue };
            if turn.heard.is_some_and(|heard| heard.elapsed() < heartbeat) {
                continue;
            }
            match writer.look(&node).await {
                Ok(Some((_, true))) => turn.heard = Some(Instant::now()),
                Ok(Some((_, false)) | None) => turn.node = None,
                Err(error) => tracing::warn!(%error, "the other nodes hear nothing of this one"),
            }
        }
    }
}

impl Writer {
    fn heartbeat(&self) -> Duration {
        self.member.silent_max / HEARTBEATS
    }

    /// The name under which this node leases effects, once it has joined the others.
    pub(super) async fn holder(&self) -> Option<String> {
        self.turn.lock().await.node.as_ref().map(|node| node.holder.clone())
    }
}

fn passing(what: &str) -> Trouble {
    Trouble::Passing(StoreError::Unavailable(what.to_owned()))
}

fn unknown() -> StoreError {
    StoreError::Unavailable("what became of a commit could not be found out".to_owned())
}

/// Why a batch did not get as far as its commit.
enum Stopped {
    Fenced,
    Trouble(Trouble),
}

impl From<Trouble> for Stopped {
    fn from(trouble: Trouble) -> Stopped {
        Stopped::Trouble(trouble)
    }
}

/// Everything up to the commit: what became of each command.
async fn until_commit(
    live: &Live,
    node: &Node,
    number: i64,
    batch: &[Changes],
    lease: Lease,
) -> Result<Vec<Outcome>, Stopped> {
    let stored = match look::look(live, node, number, batch).await? {
        Ok(stored) => stored,
        Err(Fenced) => return Err(Stopped::Fenced),
    };
    let decided = decided::decide(batch, stored);
    let tables = Tables::of(&decided, lease, node).map_err(Trouble::from)?;
    if write::write(live, &tables).await? {
        Ok(decided.outcomes)
    } else {
        Err(passing("another node wrote the same").into())
    }
}
