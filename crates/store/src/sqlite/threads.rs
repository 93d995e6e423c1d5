//! Threads that own connections: SQLite blocks, the rest of the program does not.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::mpsc::{Receiver, Sender, channel};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread::{self, JoinHandle};

use rusqlite::Connection;
use tokio::sync::oneshot;

use crate::{StoreError, StoreFuture};

type Job = Box<dyn FnOnce(&mut Connection) + Send>;

/// Threads with a connection each, taking work from one queue. The queue is bounded by the number
/// of requests that the servers admit. Dropping them waits for the work that was handed in.
pub(super) struct Threads {
    /// Empty only while this is dropped.
    queue: Option<Mutex<Sender<Job>>>,
    threads: Vec<JoinHandle<()>>,
}

/// How a thread is ranked among the others of the machine: that of the writer, of which there is
/// one and for which all others wait, goes before them where the system lets a program say so.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Rank {
    Usual,
    First,
}

/// Half way to the first of all, as `nice` counts.
const FIRST: i32 = -10;

impl Threads {
    /// Starts one thread for each connection.
    pub(super) fn start(
        name: &str,
        rank: Rank,
        connections: Vec<Connection>,
    ) -> Result<Threads, StoreError> {
        let (queue, jobs) = channel::<Job>();
        let jobs = Arc::new(Mutex::new(jobs));
        let mut threads = Vec::new();
        for connection in connections {
            let jobs = Arc::clone(&jobs);
            let thread = thread::Builder::new()
                .name(name.to_owned())
                .spawn(move || {
                    if rank == Rank::First {
                        // Of this thread alone. Refused, it is ranked as all others.
                        let _ = rustix::process::setpriority_process(None, FIRST);
                    }
                    work(connection, &jobs);
                })
                .map_err(|error| StoreError::Unavailable(error.to_string()))?;
            threads.push(thread);
        }
        Ok(Threads { queue: Some(Mutex::new(queue)), threads })
    }

    /// Runs `work` on the next free thread. It is carried out even when the caller goes away:
    /// a commit must not be half wanted.
    pub(super) fn run<T: Send + 'static>(
        &self,
        work: impl FnOnce(&mut Connection) -> Result<T, StoreError> + Send + 'static,
    ) -> StoreFuture<'_, T> {
        let (answer, result) = oneshot::channel();
        let job: Job = Box::new(move |connection| {
            // The caller may have gone; its answer is then not needed.
            let _ = answer.send(work(connection));
        });
        let sent = self.queue.as_ref().is_some_and(|queue| {
            queue.lock().unwrap_or_else(PoisonError::into_inner).send(job).is_ok()
        });
        Box::pin(async move {
            let gone = || StoreError::Unavailable("a thread of the store has ended".to_owned());
            if !sent {
                return Err(gone());
            }
            result.await.map_err(|_| gone())?
        })
    }
}

impl Drop for Threads {
    /// Whoever opens the file next finds nobody else writing it.
    fn drop(&mut self) {
        drop(self.queue.take());
        for thread in self.threads.drain(..) {
            // A thread that ended in a panic has nothing left to finish.
            let _ = thread.join();
        }
    }
}

fn work(mut connection: Connection, jobs: &Mutex<Receiver<Job>>) {
    loop {
        let next = jobs.lock().unwrap_or_else(PoisonError::into_inner).recv();
        match next {
            // A panic rolls its transaction back and drops its answer; the thread serves on.
            Ok(job) => drop(catch_unwind(AssertUnwindSafe(|| job(&mut connection)))),
            // The store was dropped.
            Err(_) => return,
        }
    }
}
