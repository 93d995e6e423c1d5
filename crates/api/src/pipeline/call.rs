//! What a handler is given: the request as it was understood, and the ways to answer it.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use holdfast_core::change::Changes;
use holdfast_core::command::{Claim, Command, Subject};
use holdfast_core::id::{Id, SellerId};
use holdfast_core::payment::capture::Capture;
use holdfast_core::payment::intent::{IntentState, PaymentIntent};
use holdfast_core::payment::refund::Refund;
use holdfast_core::replay::Replay;
use holdfast_core::row::{Record, Row, RowKey, RowKind};
use holdfast_engine::{Submission, Submitted};
use tokio::time::Instant;

use crate::api::Api;
use crate::auth::{Caller, KeyKind};
use crate::error::ApiError;
use crate::fields;
use crate::idempotency::Fingerprint;
use crate::params::Params;
use crate::render::Style;
use crate::reply::Reply;
use crate::version::Version;

use super::halt::Halt;

/// A request as it was understood.
pub(crate) struct Call {
    /// The API.
    pub(crate) api: Api,
    /// Who calls.
    pub(crate) caller: Caller,
    /// In whose name.
    pub(crate) seller: Option<SellerId>,
    /// The version of the dialect.
    pub(crate) version: Version,
    /// The path of the operation, which a list repeats.
    pub(crate) path: &'static str,
    /// The id in the path, as it was written.
    pub(crate) path_id: String,
    params: Params,
    claimant: Option<Claimant>,
}

/// How long a request waits for a processor before it tells how things stand. Most banks answer
/// within three seconds; clients with short deadlines give up after ten.
pub(crate) const PATIENCE: Duration = Duration::from_secs(8);

impl Call {
    pub(crate) fn new(api: Api, caller: Caller, params: Params) -> Call {
        Call {
            api,
            caller,
            seller: None,
            version: Version::default(),
            path: "",
            path_id: String::new(),
            params,
            claimant: None,
        }
    }

    /// The parameters as they were given.
    pub(crate) fn given(&self) -> &Params {
        &self.params
    }

    /// Lets commands of this call claim an idempotency key.
    pub(crate) fn claim(&mut self, claimant: Claimant) {
        self.claimant = Some(claimant);
    }

    /// Reads the parameters, and refuses those that `read` leaves.
    pub(crate) fn read<T>(
        &self,
        read: impl FnOnce(&mut Params) -> Result<T, ApiError>,
    ) -> Result<T, ApiError> {
        self.params.clone().read(read)
    }

    /// Whether a browser calls, which may see one object only and has to show its secret.
    pub(crate) fn is_browser(&self) -> bool {
        self.caller.kind == KeyKind::Publishable
    }

    /// The id in the path. One that cannot be anybody's is answered like one that is nobody's.
    pub(crate) fn id<I: Id>(&self, object: &str) -> Result<I, ApiError> {
        let missing = || ApiError::not_found(object, &self.path_id);
        I::parse(&fields::stored_id(&self.path_id)).ok_or_else(missing)
    }

    /// The row that the path names.
    pub(crate) async fn named<R>(&self, object: &str) -> Result<R, Halt>
    where
        R: Record,
        R::Id: Id,
    {
        let id = self.id::<R::Id>(object)?;
        let found = self.find::<R>(&id).await?;
        Ok(found.ok_or_else(|| ApiError::not_found(object, &self.path_id))?)
    }

    /// A row of the platform.
    pub(crate) async fn find<R: Record>(&self, id: &R::Id) -> Result<Option<R>, Halt> {
        Ok(self.api.engine().find::<R>(self.api.platform(), id).await?)
    }

    /// A row that was just written.
    pub(crate) async fn present<R: Record>(&self, id: &R::Id) -> Result<R, Halt> {
        let found = self.find::<R>(id).await?;
        Ok(found.ok_or_else(|| {
            tracing::error!(key = ?R::key(id), "a row that was written is not there");
            ApiError::internal()
        })?)
    }

    /// How objects are written for this caller.
    pub(crate) fn style(&self) -> Style<'_> {
        Style {
            pay_origin: Some(self.api.pay_origin()),
            rules: Some(self.api.engine().rules()),
            rendering: self.version.rendering(),
        }
    }

    /// Carries out a command that makes a row, and answers with its id.
    pub(crate) async fn make<R>(&self, command: Command, kind: RowKind) -> Result<R::Id, Halt>
    where
        R: Record,
        R::Id: Id,
    {
        let key = match self.submit(command, Subject::Made(kind)).await? {
            Done::Now(submitted) => submitted.made::<R>().map(R::own_key),
            Done::Before(replay) => replay.subject,
        };
        let id = key.and_then(|key| R::Id::parse(&key.id()));
        Ok(id.ok_or_else(|| {
            tracing::error!(kind = kind.name(), "a command did not make what it should");
            ApiError::internal()
        })?)
    }

    /// Carries out a command about the row that the path names.
    pub(crate) async fn act(&self, about: RowKey, command: Command) -> Result<Done, Halt> {
        let object = about.kind().name();
        let done = self.submit(command, Subject::Known(about)).await;
        done.map_err(|halt| halt.about(object, &self.path_id))
    }

    /// Carries out a command: once under the request's idempotency key, if it has one. What was
    /// asked of a processor is waited for.
    async fn submit(&self, command: Command, subject: Subject) -> Result<Done, Halt> {
        let claim = self.claimant.as_ref().map(|claimant| claimant.claim(subject));
        let submission = Submission { claim, ..Submission::new(self.api.platform(), command) };
        let submitted = self.api.engine().submit(submission).await?;
        let changes = match submitted {
            Submitted::Replayed(replay) => return self.replayed(replay),
            Submitted::Committed(changes) => changes,
        };
        self.claimed();
        self.settle(&changes).await?;
        Ok(Done::Now(Submitted::Committed(changes)))
    }

    /// The key was used before. The process that did so is gone if it left no reply: then the
    /// reply is made again, from the object as it is now.
    fn replayed(&self, replay: Replay) -> Result<Done, Halt> {
        let print = self.claimant.as_ref().map(|claimant| &claimant.print);
        if print != Some(&replay.fingerprint) {
            return Err(ApiError::idempotency_mismatch().into());
        }
        if let Some(reply) = replay.reply {
            return Err(Halt::Replay(Reply::replayed(reply.status, reply.body.into_bytes())));
        }
        self.claimed();
        Ok(Done::Before(replay))
    }

    /// From here on the answer is kept under the key.
    fn claimed(&self) {
        if let Some(claimant) = &self.claimant {
            claimant.claimed.store(true, Ordering::Release);
        }
    }

    /// Waits for what the command asked of a processor, but not longer than [`PATIENCE`]: that
    /// it is still being done is an answer, too.
    async fn settle(&self, changes: &Changes) -> Result<(), Halt> {
        let deadline = Instant::now() + PATIENCE;
        for put in changes.puts.iter().filter(|put| is_under_way(&put.row)) {
            let patience = deadline.saturating_duration_since(Instant::now());
            self.wait(&put.row, patience).await?;
        }
        Ok(())
    }

    async fn wait(&self, row: &Row, patience: Duration) -> Result<(), Halt> {
        match row {
            Row::Capture(row) => self.until(&row.id, patience, answered::<Capture>).await,
            Row::Refund(row) => self.until(&row.id, patience, answered::<Refund>).await,
            Row::PaymentIntent(row) => {
                self.until(&row.id, patience, answered::<PaymentIntent>).await
            }
            Row::Seller(_)
            | Row::CheckoutSession(_)
            | Row::Attempt(_)
            | Row::Order(_)
            | Row::HeldFunds(_)
            | Row::WebhookEndpoints(_)
            | Row::Delivery(_)
            | Row::TestClock(_)
            | Row::Replay(_) => Ok(()),
        }
    }

    /// Waits until a row is as it should be, but not longer than `patience`.
    pub(crate) async fn until<R: Record>(
        &self,
        id: &R::Id,
        patience: Duration,
        done: impl Fn(&R) -> bool + Send + Sync,
    ) -> Result<(), Halt> {
        let (engine, platform) = (self.api.engine(), self.api.platform());
        engine.wait_for::<R>(platform, id, patience, done).await?;
        Ok(())
    }
}

fn answered<R: Record>(row: &R) -> bool {
    !is_under_way(&row.clone().into_row())
}

/// Whether a processor has been asked and has not answered.
fn is_under_way(row: &Row) -> bool {
    match row {
        Row::Capture(row) => row.state.is_open(),
        Row::Refund(row) => row.state.is_open(),
        Row::PaymentIntent(row) => matches!(row.state, IntentState::Processing { .. }),
        Row::Seller(_)
        | Row::CheckoutSession(_)
        | Row::Attempt(_)
        | Row::Order(_)
        | Row::HeldFunds(_)
        | Row::WebhookEndpoints(_)
        | Row::Delivery(_)
        | Row::TestClock(_)
        | Row::Replay(_) => false,
    }
}

/// What became of a command.
#[derive(Debug)]
pub(crate) enum Done {
    /// It was carried out now.
    Now(Submitted),
    /// It was carried out before, by a process that is gone, and its reply was never kept.
    Before(Replay),
}

/// A request's claim to its idempotency key.
#[derive(Clone)]
pub(crate) struct Claimant {
    key: String,
    print: String,
    claimed: Arc<AtomicBool>,
}

impl Claimant {
    pub(crate) fn new(key: String, fingerprint: Fingerprint) -> Claimant {
        Claimant { key, print: fingerprint.to_hex(), claimed: Arc::default() }
    }

    /// The key within its scope.
    pub(crate) fn key(&self) -> &str {
        &self.key
    }

    /// Whether a command was carried out under the key, now or before.
    pub(crate) fn has_claimed(&self) -> bool {
        self.claimed.load(Ordering::Acquire)
    }

    fn claim(&self, subject: Subject) -> Claim {
        Claim { key: self.key.clone(), fingerprint: self.print.clone(), subject }
    }
}
