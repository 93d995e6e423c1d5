//! What a handler is given: the request as it was understood, and the ways to answer it.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use holdfast_core::change::Changes;
use holdfast_core::command::{Claim, Command, Keep, Subject};
use holdfast_core::event::{EventKind, Origin};
use holdfast_core::id::{Id, SellerId};
use holdfast_core::key::{RowKey, RowKind};
use holdfast_core::refusal::Refusal;
use holdfast_core::replay::Replay;
use holdfast_core::row::{Record, Row};
use holdfast_engine::{Submission, SubmitError, Submitted};
use tokio::time::Instant;

use crate::api::Api;
use crate::auth::{Caller, KeyKind};
use crate::error::ApiError;
use crate::fields;
use crate::idempotency::Fingerprint;
use crate::multipart::Upload;
use crate::params::Params;
use crate::render::Style;
use crate::reply::Reply;
use crate::version::Version;

use super::halt::Halt;

/// A request as it was understood.
#[derive(Clone)]
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
    /// The request, as its events name it.
    pub(crate) origin: Option<Origin>,
    /// The second id in the path, as it was written; empty where the path has none.
    pub(crate) inner_id: String,
    params: Params,
    upload: Option<Upload>,
    claimant: Option<Claimant>,
    /// What the same request was about before, where its answer was lost.
    begun: Option<RowKey>,
}

/// How long a request waits for a processor before it tells how things stand. Most banks answer
/// within three seconds; clients with short deadlines give up after ten.
pub(crate) const PATIENCE: Duration = Duration::from_secs(8);

/// How often an edit is made again because somebody else was quicker.
const EDITS_MAX: usize = 8;

impl Call {
    pub(crate) fn new(api: Api, caller: Caller, params: Params) -> Call {
        Call {
            api,
            caller,
            seller: None,
            version: Version::default(),
            path: "",
            path_id: String::new(),
            origin: None,
            inner_id: String::new(),
            params,
            upload: None,
            claimant: None,
            begun: None,
        }
    }

    /// Keeps the file that came with the request.
    pub(super) fn take_upload(&mut self, upload: Option<Upload>) {
        self.upload = upload;
    }

    /// The file that came with the request.
    pub(crate) fn upload(&self) -> Option<&Upload> {
        self.upload.as_ref()
    }

    /// The parameters as they were given.
    pub(crate) fn given(&self) -> &Params {
        &self.params
    }

    /// Lets commands of this call claim an idempotency key.
    pub(crate) fn claim(&mut self, claimant: Claimant) {
        self.claimant = Some(claimant);
    }

    /// Tells this call that the same request was carried out before, and what it was about.
    pub(super) fn begin_again(&mut self, subject: Option<RowKey>) {
        self.begun = subject;
    }

    /// What the same request made before, where its answer was lost; else what `make` makes.
    /// Nothing that a request names is looked at again: a coupon may have expired since.
    pub(crate) async fn made_once<R>(
        &self,
        make: impl Future<Output = Result<R::Id, Halt>>,
    ) -> Result<R::Id, Halt>
    where
        R: Record,
        R::Id: Id,
    {
        match self.begun.as_ref().and_then(|key| R::Id::parse(&key.id())) {
            Some(id) => {
                self.claimed();
                Ok(id)
            }
            None => make.await,
        }
    }

    /// Reads the parameters, and refuses those that `read` leaves.
    pub(crate) fn read<T>(
        &self,
        read: impl FnOnce(&mut Params) -> Result<T, ApiError>,
    ) -> Result<T, ApiError> {
        let read = self.params.clone().read(read);
        let Some(recorder) = self.params.recorder() else { return read };
        // Whoever describes the operation has seen what it wanted: nothing is carried out.
        recorder.ended(read.map(drop));
        Err(ApiError::internal())
    }

    /// Stops a handler that is only being described.
    fn not_described(&self) -> Result<(), ApiError> {
        if self.params.recorder().is_some() { Err(ApiError::internal()) } else { Ok(()) }
    }

    /// Whether a browser calls, which may see one object only and has to show its secret.
    pub(crate) fn is_browser(&self) -> bool {
        self.caller.kind == KeyKind::Publishable
    }

    /// The same call about the second thing that its path names.
    pub(crate) fn about_inner(&self) -> Call {
        Call { path_id: self.inner_id.clone(), ..self.clone() }
    }

    /// The id in the path. One that cannot be anybody's is answered like one that is nobody's.
    pub(crate) fn id<I: Id>(&self, object: &str) -> Result<I, ApiError> {
        if let Some(recorder) = self.params.recorder() {
            recorder.path_id(I::PREFIX);
            return Ok(I::from_number(0));
        }
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
        self.not_described()?;
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
            receipts: self.api.receipts(),
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

    /// Carries out a command that makes a row under an id of our choice, now or later. Answers with
    /// the id, which is that of the first request where this one repeats it.
    pub(crate) async fn make_under<R>(&self, id: R::Id, command: Command) -> Result<R::Id, Halt>
    where
        R: Record,
        R::Id: Id,
    {
        let first = match self.submit(command, Subject::Known(R::key(&id))).await? {
            Done::Now(_) => return Ok(id),
            Done::Before(replay) => replay.subject.and_then(|key| R::Id::parse(&key.id())),
        };
        Ok(first.ok_or_else(|| {
            tracing::error!(key = ?R::key(&id), "a request was about something else before");
            ApiError::internal()
        })?)
    }

    /// Carries out a command about the row that the path names.
    pub(crate) async fn act(&self, about: RowKey, command: Command) -> Result<Done, Halt> {
        let object = about.kind().name();
        let done = self.submit(command, Subject::Known(about)).await;
        done.map_err(|halt| halt.about(object, &self.path_id))
    }

    /// Writes a new row about which the core has nothing to decide: see [`Command::Keep`].
    pub(crate) async fn keep_new<R: Record>(
        &self,
        row: R,
        event: Option<EventKind>,
    ) -> Result<R::Id, Halt>
    where
        R::Id: Id,
    {
        let row = row.into_row();
        let kind = row.key().kind();
        let keep = Keep { row, expected: 0, event };
        self.make::<R>(Command::Keep(Box::new(keep)), kind).await
    }

    /// Edits the row that the path names, where the core has nothing to decide: `edit` changes it,
    /// and does so again on what is there then, if somebody else was quicker. An edit that changes
    /// nothing is no event.
    pub(crate) async fn edit<R>(
        &self,
        object: &str,
        event: Option<EventKind>,
        edit: impl Fn(&mut R) -> Result<(), ApiError> + Send + Sync,
    ) -> Result<R, Halt>
    where
        R: Record + PartialEq,
        R::Id: Id,
    {
        let id = self.id::<R::Id>(object)?;
        self.edit_row(id, object, event, edit).await
    }

    /// The same, of the row with an id: of a thing that the path names by another word.
    pub(crate) async fn edit_row<R>(
        &self,
        id: R::Id,
        object: &str,
        event: Option<EventKind>,
        edit: impl Fn(&mut R) -> Result<(), ApiError> + Send + Sync,
    ) -> Result<R, Halt>
    where
        R: Record + PartialEq,
        R::Id: Id,
    {
        let as_kept = |mut keep: Keep, before: &R| {
            keep.event = event.filter(|_| R::of_row(&keep.row) != Some(before));
            Command::Keep(Box::new(keep))
        };
        self.edit_as(object, id, as_kept, edit).await
    }

    /// Edits a row by a command that the core decides about: `edit` changes it, `command` says what
    /// is to be done with it, and both again on what is there then, if somebody else was quicker.
    pub(crate) async fn edit_as<R>(
        &self,
        object: &str,
        id: R::Id,
        command: impl Fn(Keep, &R) -> Command + Send + Sync,
        edit: impl Fn(&mut R) -> Result<(), ApiError> + Send + Sync,
    ) -> Result<R, Halt>
    where
        R: Record,
        R::Id: Id,
    {
        let stored = id.to_string();
        // As the client wrote it, where the path names the row.
        let text = if fields::stored_id(&self.path_id) == stored { &self.path_id } else { &stored };
        for _ in 0..EDITS_MAX {
            let key = R::key(&id);
            let platform = self.api.platform();
            let found = self.api.engine().load(platform, std::slice::from_ref(&key)).await?;
            let stored = found.into_iter().next().flatten();
            let missing = || ApiError::not_found(object, text);
            let stored = stored.ok_or_else(missing)?;
            let before = R::of_row(&stored.row).ok_or_else(missing)?;
            let mut row = before.clone();
            edit(&mut row)?;
            let keep = Keep { row: row.into_row(), expected: stored.version, event: None };
            match self.act(key, command(keep, before)).await {
                Err(Halt::Refused(Refusal::Changed)) => {}
                Ok(_) => return self.present::<R>(&id).await,
                Err(halt) => return Err(halt),
            }
        }
        Err(ApiError::lock_timeout().into())
    }

    /// Writes rows beside those that the request is about: without its idempotency key, so that
    /// the request's own command still claims it.
    pub(crate) async fn keep_quietly(&self, keeps: Vec<Keep>) -> Result<(), Halt> {
        let submission = Submission::new(self.api.platform(), Command::KeepAll(keeps));
        self.api.engine().submit(submission).await?;
        Ok(())
    }

    /// Carries out a command: once under the request's idempotency key, if it has one. What was
    /// asked of a processor is waited for.
    async fn submit(&self, command: Command, subject: Subject) -> Result<Done, Halt> {
        self.not_described()?;
        let claim = self.claimant.as_ref().map(|claimant| claimant.claim(subject));
        let origin = self.origin.clone();
        let submission = Submission::new(self.api.platform(), command);
        let submission = Submission { claim, origin, ..submission };
        let submitted = self.api.engine().submit(submission).await;
        if let Err(SubmitError::Refused(refusal)) = &submitted {
            self.refused(*refusal);
        }
        let changes = match submitted? {
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

    /// The domain's no is an answer that is kept under the key. What may be otherwise a moment
    /// later is not, nor that there is no such object: nothing was decided about it.
    fn refused(&self, refusal: Refusal) {
        if refusal.is_transient() || refusal == Refusal::NotFound {
            return;
        }
        if let Some(claimant) = &self.claimant {
            claimant.refused.store(true, Ordering::Release);
        }
    }

    /// Waits for what the command asked of a processor, but not longer than [`PATIENCE`]: that
    /// it is still being done is an answer, too.
    async fn settle(&self, changes: &Changes) -> Result<(), Halt> {
        let deadline = Instant::now() + PATIENCE;
        for put in changes.puts.iter().filter(|put| put.row.is_under_way()) {
            let patience = deadline.saturating_duration_since(Instant::now());
            let (engine, platform) = (self.api.engine(), self.api.platform());
            let answered = |row: &Row| !row.is_under_way();
            engine.wait_for_row(platform, put.row.key(), patience, answered).await?;
        }
        Ok(())
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
    refused: Arc<AtomicBool>,
}

impl Claimant {
    pub(crate) fn new(key: String, fingerprint: Fingerprint) -> Claimant {
        let (claimed, refused) = (Arc::default(), Arc::default());
        Claimant { key, print: fingerprint.to_hex(), claimed, refused }
    }

    /// The key within its scope.
    pub(crate) fn key(&self) -> &str {
        &self.key
    }

    /// Whether a command was carried out under the key, now or before.
    pub(crate) fn has_claimed(&self) -> bool {
        self.claimed.load(Ordering::Acquire)
    }

    /// The digest of the request.
    pub(crate) fn print(&self) -> &str {
        &self.print
    }

    /// Whether the domain said no to a command under the key.
    pub(crate) fn was_refused(&self) -> bool {
        self.refused.load(Ordering::Acquire)
    }

    fn claim(&self, subject: Subject) -> Claim {
        Claim { key: self.key.clone(), fingerprint: self.print.clone(), subject }
    }
}
