//! Threads that own connections: SQLite blocks, the rest of the program does not.

use std::sync::mpsc::{Receiver, Sender, channel};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread;

use rusqlite::Connection;
use tokio::sync::oneshot;

use crate::{StoreError, StoreFuture};

type Job = Box<dyn FnOnce(&mut Connection) + Send>;

/// Threads with a connection each, taking work from one queue. The queue is bounded by the number
/// of requests that the servers admit.
pub(super) struct Threads {
    queue: Mutex<Sender<Job>>,
}

impl Threads {
    /// Starts one thread for each connection.
    pub(super) fn start(name: &str, connections: Vec<Connection>) -> Result<Threads, StoreError> {
        let (queue, jobs) = channel::<Job>();
        let jobs = Arc::new(Mutex::new(jobs));
        for connection in connections {
            let jobs = Arc::clone(&jobs);
            thread::Builder::new()
                .name(name.to_owned())
                .spawn(move || work(connection, &jobs))
                .map_err(|error| StoreError::Unavailable(error.to_string()))?;
        }
        Ok(Threads { queue: Mutex::new(queue) })
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
        let queue = self.queue.lock().unwrap_or_else(PoisonError::into_inner);
        let sent = queue.send(job);
        drop(queue);
        Box::pin(async move {
            let gone = || StoreError::Unavailable("a thread of the store has ended".to_owned());
            sent.map_err(|_| gone())?;
            result.await.map_err(|_| gone())?
        })
    }
}

fn work(mut connection: Connection, jobs: &Mutex<Receiver<Job>>) {
    loop {
        let next = jobs.lock().unwrap_or_else(PoisonError::into_inner).recv();
        match next {
            Ok(job) => job(&mut connection),
            // The store was dropped.
            Err(_) => return,
        }
    }
}
