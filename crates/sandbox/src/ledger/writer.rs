//! The one thread that writes the ledger file. It takes all lines that wait, writes them, syncs
//! once, and only then lets their requests be answered.

use std::fs::File;
use std::io::{self, Write as _};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::mpsc;
use std::thread;

use tokio::sync::oneshot;

use super::Opened;
use super::line::encode;
use crate::network::record::Line;
use crate::notify::Notice;

/// How many lines are written between two syncs at most: about a megabyte, so that the first of a
/// burst does not wait for the last.
const GROUP_MAX: usize = 2_048;

/// Where the notices go that became true.
pub(crate) type Notices = tokio::sync::mpsc::Sender<Notice>;

/// The handle of the writer. The thread ends when the handle is closed or dropped.
#[derive(Debug)]
pub(crate) struct Writer {
    jobs: Option<mpsc::Sender<Job>>,
    thread: Option<thread::JoinHandle<()>>,
    next_seq: u64,
    state: Arc<State>,
}

/// What to append.
#[derive(Debug)]
pub(crate) struct Append {
    /// The line. Its number is [`Writer::next_seq`].
    pub(crate) line: Line,
    /// What to tell the merchant once the line is durable.
    pub(crate) notice: Option<Notice>,
}

/// A wait for everything appended so far.
#[derive(Debug)]
pub(crate) struct Durable(Option<oneshot::Receiver<()>>);

/// The ledger file could not be written. Nothing may be acknowledged any more.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Broken;

#[derive(Debug)]
enum Job {
    Append(Box<Append>),
    Wait(oneshot::Sender<()>),
}

#[derive(Debug, Default)]
struct State {
    /// The number of the last line that is on the disk.
    durable: AtomicU64,
    broken: AtomicBool,
}

impl Writer {
    /// Starts the thread on an opened file. `broken` is told when the file cannot be written.
    ///
    /// # Errors
    /// When the system gives no thread.
    pub(crate) fn start(
        opened: Opened,
        notices: Notices,
        broken: oneshot::Sender<io::Error>,
    ) -> io::Result<Writer> {
        let (jobs, waiting) = mpsc::channel();
        let state = Arc::new(State::default());
        state.durable.store(opened.lines, Ordering::Release);
        let next_seq = opened.lines + 1;
        let shared = Arc::clone(&state);
        let thread = thread::Builder::new().name("sandbox-ledger".to_owned());
        let thread = thread.spawn(move || {
            if let Err(error) = run(&opened.file, &waiting, &notices, &shared) {
                shared.broken.store(true, Ordering::Release);
                tracing::error!(%error, "the ledger file cannot be written");
                // The receiver is gone only when the whole server is.
                let _ = broken.send(error);
            }
        })?;
        Ok(Writer { jobs: Some(jobs), thread: Some(thread), next_seq, state })
    }

    /// The number of the line to append next.
    pub(crate) fn next_seq(&self) -> u64 {
        self.next_seq
    }

    /// Queues a line. It counts only when a [`Durable`] that was taken later has come true.
    pub(crate) fn append(&mut self, append: Append) {
        debug_assert_eq!(append.line.seq, self.next_seq);
        self.next_seq += 1;
        self.send(Job::Append(Box::new(append)));
    }

    /// A wait for everything appended so far. Costs nothing when it is all durable already.
    pub(crate) fn durable(&self) -> Durable {
        if self.state.durable.load(Ordering::Acquire) + 1 == self.next_seq && !self.is_broken() {
            return Durable(None);
        }
        let (tell, told) = oneshot::channel();
        self.send(Job::Wait(tell));
        Durable(Some(told))
    }

    /// Whether nothing can be written any more: the file failed, or the writer was closed.
    pub(crate) fn is_broken(&self) -> bool {
        self.jobs.is_none() || self.state.broken.load(Ordering::Acquire)
    }

    /// Writes what waits and lets go of the file.
    pub(crate) fn close(&mut self) {
        self.jobs = None;
        if let Some(thread) = self.thread.take() {
            // A panic of the thread has been reported; the file is let go either way.
            let _ = thread.join();
        }
    }

    /// A job that nobody takes any more is dropped, and with it the wait that it may be.
    fn send(&self, job: Job) {
        if let Some(jobs) = &self.jobs {
            let _ = jobs.send(job);
        }
    }
}

impl Durable {
    /// Comes back when everything is on the disk.
    ///
    /// # Errors
    /// [`Broken`] when it never will be.
    pub(crate) async fn reached(self) -> Result<(), Broken> {
        match self.0 {
            None => Ok(()),
            Some(told) => told.await.map_err(|_| Broken),
        }
    }
}

fn run(
    mut file: &File,
    jobs: &mpsc::Receiver<Job>,
    notices: &Notices,
    state: &State,
) -> io::Result<()> {
    let mut bytes = Vec::new();
    let mut waits = Vec::new();
    let mut told = Vec::new();
    // The first blocks; what came meanwhile shares its sync.
    while let Ok(first) = jobs.recv() {
        bytes.clear();
        let mut last = None;
        for job in std::iter::once(first).chain(jobs.try_iter()).take(GROUP_MAX) {
            match job {
                Job::Wait(tell) => waits.push(tell),
                Job::Append(append) => {
                    encode(&append.line, &mut bytes)?;
                    last = Some(append.line.seq);
                    told.extend(append.notice);
                }
            }
        }
        if let Some(last) = last {
            file.write_all(&bytes)?;
            file.sync_data()?;
            state.durable.store(last, Ordering::Release);
        }
        for tell in waits.drain(..) {
            // A request that was given up waits no longer.
            let _ = tell.send(());
        }
        for notice in told.drain(..) {
            if notices.try_send(notice).is_err() {
                tracing::warn!("a notice was dropped: too many wait to be sent");
            }
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use holdfast_core::time::Timestamp;

    use super::*;
    use crate::network::record::{ClockMoved, Record};
    use crate::notify::NoticeKind;

    fn append(writer: &mut Writer, notice: Option<Notice>) {
        let entry = Record::ClockMoved(ClockMoved { offset_ms: 1 });
        let line = Line { seq: writer.next_seq(), at: Timestamp::from_ms(0), entry };
        writer.append(Append { line, notice });
    }

    #[tokio::test]
    async fn a_notice_is_told_when_its_line_is_durable() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("ledger.jsonl");
        let (_, opened) = crate::ledger::open(&path).unwrap();
        let (notices, mut told) = tokio::sync::mpsc::channel(1);
        let (broken, _breaks) = oneshot::channel();
        let mut writer = Writer::start(opened, notices, broken).unwrap();
        let notice = Notice { kind: NoticeKind::Refund, reference: "r1".into() };
        append(&mut writer, Some(notice.clone()));
        assert_eq!(told.recv().await, Some(notice));
        assert_eq!(crate::ledger::read(&path).unwrap().offset_ms(), 1);
        assert_eq!(writer.durable().reached().await, Ok(()));
        append(&mut writer, None);
        assert_eq!(writer.durable().reached().await, Ok(()));
        assert_eq!(writer.next_seq(), 3);
    }

    #[tokio::test]
    async fn what_cannot_be_written_is_never_durable() {
        // Writing to this device fails as writing to a full disk does.
        let file = File::options().write(true).open("/dev/full").unwrap();
        let (notices, mut told) = tokio::sync::mpsc::channel(1);
        let (broken, breaks) = oneshot::channel();
        let mut writer = Writer::start(Opened { file, lines: 0 }, notices, broken).unwrap();
        let notice = Notice { kind: NoticeKind::Refund, reference: "r1".into() };
        append(&mut writer, Some(notice));
        assert_eq!(writer.durable().reached().await, Err(Broken));
        assert_eq!(breaks.await.unwrap().kind(), io::ErrorKind::StorageFull);
        assert_eq!(told.recv().await, None);
        assert!(writer.is_broken());
        assert_eq!(writer.durable().reached().await, Err(Broken));
    }
}
