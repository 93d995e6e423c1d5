//! The ledger file: everything the network did, one JSON line each, never changed afterwards.
//!
//! It is the independent witness of what really happened to the cardholders' money, and what the
//! network's state is rebuilt from at start.

use std::fs::{File, OpenOptions};
use std::io::{self, BufRead as _, BufReader, Read as _, Seek as _, SeekFrom};
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use crate::network::Network;
use crate::network::record::Line;

mod line;
mod writer;

pub use line::{decode, encode};
pub(crate) use writer::{Append, Durable, Notices, Writer};

/// The longest line that is read, its line break included: a record with every field at its bound
/// is below 8 KiB.
const LINE_MAX: usize = 64 * 1024;

/// How long to wait for a process that was just killed to be gone.
const LOCK_PATIENCE: Duration = Duration::from_secs(1);
/// How long to wait between two looks at the lock.
const LOCK_PAUSE: Duration = Duration::from_millis(10);

/// Opens the ledger file, creates it when it does not exist, and rebuilds the state from it.
///
/// A last line without its line break was never acknowledged, because the write was cut short; it
/// is removed from the file.
///
/// # Errors
/// [`LedgerError`] when the file cannot be read, is in use by another process, or has a line that
/// cannot be right; the line is named.
pub(crate) fn open(path: &Path) -> Result<(Network, Opened), LedgerError> {
    let io = |error| LedgerError::Io { path: path.to_owned(), error };
    let fresh = !path.exists();
    let options = OpenOptions::new().read(true).append(true).create(true).clone();
    let file = options.open(path).map_err(io)?;
    if !locked(&file) {
        return Err(LedgerError::InUse { path: path.to_owned() });
    }
    if fresh {
        // Without this the file's name itself may be gone after a power loss.
        let parent = path.parent().filter(|parent| !parent.as_os_str().is_empty());
        File::open(parent.unwrap_or(Path::new("."))).and_then(|dir| dir.sync_all()).map_err(io)?;
    }
    let mut network = Network::default();
    let replayed = replay(&file, &mut network).map_err(|problem| problem.at(path))?;
    if replayed.torn {
        file.set_len(replayed.bytes).and_then(|()| file.sync_all()).map_err(io)?;
        tracing::warn!(lines = replayed.lines, "dropped the torn last line of the ledger");
    }
    Ok((network, Opened { file, lines: replayed.lines }))
}

/// Takes the file for this process alone. The lock ends with its process, however that ends.
fn locked(file: &File) -> bool {
    let begun = Instant::now();
    while file.try_lock().is_err() {
        if begun.elapsed() > LOCK_PATIENCE {
            return false;
        }
        std::thread::sleep(LOCK_PAUSE);
    }
    true
}

/// An opened ledger file, ready to be appended to.
#[derive(Debug)]
pub(crate) struct Opened {
    file: File,
    /// How many lines it holds; the next has the number after.
    pub(crate) lines: u64,
}

/// Rebuilds the state from a ledger file without changing the file, which may be in use. A last
/// line that is being written is left out.
///
/// # Errors
/// [`LedgerError`] when the file cannot be read, or has a line that cannot be right.
pub fn read(path: &Path) -> Result<Network, LedgerError> {
    let file =
        File::open(path).map_err(|error| LedgerError::Io { path: path.to_owned(), error })?;
    let mut network = Network::default();
    replay(&file, &mut network).map_err(|problem| problem.at(path))?;
    Ok(network)
}

/// Why a ledger file cannot be used.
#[derive(Debug)]
pub enum LedgerError {
    /// It cannot be read or written.
    Io {
        /// The file.
        path: PathBuf,
        /// What the system says.
        error: io::Error,
    },
    /// Another process has it open.
    InUse {
        /// The file.
        path: PathBuf,
    },
    /// A line cannot be right. Nothing is guessed: somebody has to look at it.
    Corrupt {
        /// The file.
        path: PathBuf,
        /// The line, counted from one.
        line: u64,
        /// What is wrong with it.
        problem: String,
    },
}

impl std::fmt::Display for LedgerError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Io { path, error } => write!(f, "ledger file {}: {error}", path.display()),
            Self::InUse { path } => {
                write!(f, "ledger file {} is in use by another process", path.display())
            }
            Self::Corrupt { path, line, problem } => {
                write!(f, "ledger file {}, line {line}: {problem}", path.display())
            }
        }
    }
}

impl std::error::Error for LedgerError {}

impl From<LedgerError> for io::Error {
    fn from(error: LedgerError) -> io::Error {
        match error {
            LedgerError::Io { error, .. } => error,
            LedgerError::InUse { .. } => io::Error::new(io::ErrorKind::ResourceBusy, error),
            LedgerError::Corrupt { .. } => io::Error::new(io::ErrorKind::InvalidData, error),
        }
    }
}

struct Replayed {
    lines: u64,
    bytes: u64,
    torn: bool,
}

enum Problem {
    Io(io::Error),
    Line(u64, String),
}

impl Problem {
    fn at(self, path: &Path) -> LedgerError {
        let path = path.to_owned();
        match self {
            Self::Io(error) => LedgerError::Io { path, error },
            Self::Line(line, problem) => LedgerError::Corrupt { path, line, problem },
        }
    }
}

fn replay(file: &File, network: &mut Network) -> Result<Replayed, Problem> {
    let mut file = file;
    file.seek(SeekFrom::Start(0)).map_err(Problem::Io)?;
    let mut reader = BufReader::with_capacity(LINE_MAX, file);
    let mut bytes = Vec::new();
    let mut done = Replayed { lines: 0, bytes: 0, torn: false };
    loop {
        bytes.clear();
        let mut line = reader.by_ref().take(LINE_MAX as u64 + 1);
        let read = line.read_until(b'\n', &mut bytes).map_err(Problem::Io)?;
        if read > LINE_MAX {
            return Err(Problem::Line(
                done.lines + 1,
                format!("it is longer than {LINE_MAX} bytes"),
            ));
        }
        if bytes.pop_if(|last| *last == b'\n').is_none() {
            done.torn = read > 0;
            return Ok(done);
        }
        let number = done.lines + 1;
        let problem = |text: String| Problem::Line(number, text);
        let line: Line = decode(&bytes).map_err(problem)?;
        if line.seq != number {
            return Err(problem(format!("it says that it is line {}", line.seq)));
        }
        let applied = network.apply(line.at, &line.entry);
        applied.map_err(|inconsistent| problem(inconsistent.0.to_owned()))?;
        done.lines = number;
        done.bytes += read as u64;
    }
}
