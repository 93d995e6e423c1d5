//! Moving what was committed from the log into the file, in small steps and beside the writer.
//!
//! SQLite appends commits to a log and copies them into the file from time to time. Left to itself
//! it does so within a commit, which then takes a hundred times as long as the others. Here a
//! thread of its own copies whenever the log has grown by [`STEP`] pages. The log can only begin
//! anew when nothing is left to be copied, which on a busy store never happens by itself: so when
//! it is [`LONG`], the writer copies the little that has come since the last step.

use std::path::Path;
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use std::thread::{self, JoinHandle};

use rusqlite::Connection;
use rusqlite::hooks::Wal;
use rusqlite::wal::CheckpointMode;

use crate::StoreError;

use super::schema;

/// By how many pages the log grows before they are copied. A page that is written again and again
/// is copied once for each step.
const STEP: i32 = 2_048;
/// How many pages of log are long enough to begin anew.
const LONG: i32 = 4 * STEP;
/// How many pages may come before the writer tries again to begin anew: a reader was in its way.
const RETRY: i32 = STEP / 4;

/// The thread that copies. Dropping it waits for its step.
pub(super) struct Checkpointer {
    /// Empty only while this is dropped.
    steps: Option<SyncSender<()>>,
    thread: Option<JoinHandle<()>>,
}

impl Checkpointer {
    /// Starts the thread, and lets `writer` tell it how long the log is.
    pub(super) fn start(file: &Path, writer: &mut Connection) -> Result<Checkpointer, StoreError> {
        let own = schema::connect(file)?;
        // One step that waits is enough: it copies all that there is then.
        let (steps, asked) = sync_channel(1);
        let mut log = Log { steps: Some(steps.clone()), ..Log::default() };
        writer.wal_hook(Some(move |wal: &mut Wal, pages| {
            log.grown(wal, pages);
            Ok(())
        }))?;
        let thread = thread::Builder::new()
            .name("store-copier".to_owned())
            .spawn(move || copy(&own, &asked))
            .map_err(|error| StoreError::Unavailable(error.to_string()))?;
        Ok(Checkpointer { steps: Some(steps), thread: Some(thread) })
    }
}

impl Drop for Checkpointer {
    /// The writer is gone by then, and with it the other end of the queue.
    fn drop(&mut self) {
        drop(self.steps.take());
        if let Some(thread) = self.thread.take() {
            // A thread that ended in a panic has nothing left to finish.
            let _ = thread.join();
        }
    }
}

fn copy(connection: &Connection, asked: &Receiver<()>) {
    while asked.recv().is_ok() {
        // PASSIVE waits for nobody, and nobody waits for it.
        let copied = connection.wal_checkpoint_v2(None::<&str>, CheckpointMode::PASSIVE);
        if let Err(error) = copied {
            tracing::warn!(%error, "the log could not be copied into the file");
        }
    }
}

/// What the writer knows of the log.
#[derive(Default)]
struct Log {
    steps: Option<SyncSender<()>>,
    /// How long it was when a step was asked for.
    asked_at: i32,
    /// How long it was when the writer tried to begin anew.
    tried_at: i32,
}

impl Log {
    /// A commit has just ended; the log has so many pages.
    fn grown(&mut self, wal: &mut Wal, pages: i32) {
        if pages < self.asked_at {
            // It has begun anew.
            (self.asked_at, self.tried_at) = (0, 0);
        }
        if pages - self.asked_at >= STEP {
            self.asked_at = pages;
            // Full: a step is about to begin, which copies these as well.
            let _ = self.steps.as_ref().map(|steps| steps.try_send(()));
        } else if pages >= LONG && pages - self.tried_at >= RETRY {
            self.tried_at = pages;
            // A step under way is in its way; that is no failure, nor would it undo the commit.
            let _ = wal.checkpoint_v2(CheckpointMode::PASSIVE);
        }
    }
}
