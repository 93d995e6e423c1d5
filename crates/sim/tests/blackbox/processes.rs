//! The processes of this machine, as `/proc` tells of them.

use std::fs;
use std::path::Path;
use std::time::Duration;

use rustix::process::{Pid, Signal, kill_process};
use tokio::time::{Instant, sleep};

/// How often to look whether a process is gone.
const LOOK_EVERY: Duration = Duration::from_millis(5);

/// One process, which a later process with the same number is not mistaken for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Process {
    pid: i32,
    started: u64,
}

/// The processes that `parent` has started and that still live.
pub(crate) fn children_of(parent: i32) -> Vec<Process> {
    all().filter(|(_, stat)| stat.parent == parent).map(|(process, _)| process).collect()
}

/// The living processes that were told of `folder` on their command line or in their environment,
/// but for the nodes beside it, which live on.
pub(crate) fn told_of(folder: &Path) -> Vec<Process> {
    let name = folder.as_os_str().as_encoded_bytes();
    let says = |process: &Process, file: &str, what: &[u8]| {
        // What may not be read belongs to somebody else.
        let bytes = fs::read(format!("/proc/{}/{file}", process.pid)).unwrap_or_default();
        bytes.windows(what.len()).any(|window| window == what)
    };
    let knows = |process: &Process| {
        ["cmdline", "environ"].iter().any(|file| says(process, file, name))
            && !says(process, "cmdline", b"--beside")
    };
    all().map(|(process, _)| process).filter(knows).collect()
}

/// Waits until none of `processes` lives, at most `patience`. Answers with those that do.
pub(crate) async fn wait_until_gone(processes: &[Process], patience: Duration) -> Vec<Process> {
    let deadline = Instant::now() + patience;
    loop {
        let alive: Vec<_> = processes.iter().copied().filter(|it| it.is_alive()).collect();
        if alive.is_empty() || Instant::now() >= deadline {
            return alive;
        }
        sleep(LOOK_EVERY).await;
    }
}

impl Process {
    /// `kill -9`. A process that is gone already is not missed.
    pub(crate) fn kill(self) {
        if let (true, Some(pid)) = (self.is_alive(), Pid::from_raw(self.pid)) {
            let _ = kill_process(pid, Signal::KILL);
        }
    }

    /// A process that ended and whose parent has not noticed holds nothing any more.
    fn is_alive(self) -> bool {
        let stat = Stat::of(self.pid);
        stat.is_some_and(|stat| stat.started == self.started && !stat.has_ended)
    }
}

fn all() -> impl Iterator<Item = (Process, Stat)> {
    let entries = fs::read_dir("/proc").expect("Linux").flatten();
    let pids = entries.filter_map(|entry| entry.file_name().to_str()?.parse::<i32>().ok());
    pids.filter_map(|pid| {
        let stat = Stat::of(pid).filter(|stat| !stat.has_ended)?;
        Some((Process { pid, started: stat.started }, stat))
    })
}

struct Stat {
    parent: i32,
    started: u64,
    has_ended: bool,
}

impl Stat {
    fn of(pid: i32) -> Option<Stat> {
        let text = fs::read_to_string(format!("/proc/{pid}/stat")).ok()?;
        // The name stands in brackets and may hold anything.
        let fields: Vec<&str> = text.rsplit_once(')')?.1.split_whitespace().collect();
        Some(Stat {
            has_ended: matches!(*fields.first()?, "Z" | "X"),
            parent: fields.get(1)?.parse().ok()?,
            started: fields.get(19)?.parse().ok()?,
        })
    }
}
