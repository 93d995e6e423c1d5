//! What processes have taken of the machine, as the system says: processor time and memory.

use std::collections::BTreeMap;
use std::fs;
use std::time::Duration;

use serde_json::{Value, json};
use tokio::sync::watch;
use tokio::task::JoinHandle;

/// How often memory is looked at.
const LOOK_EVERY: Duration = Duration::from_millis(100);
/// A tick of the system's accounts, in milliseconds: Linux tells programs 100 a second.
const TICK_MS: u64 = 10;

/// The processor time of processes by their roles, in milliseconds since they were started.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Processor(BTreeMap<String, u64>);

impl Processor {
    /// What a process and all that it has started have taken so far.
    pub(crate) fn of_family(roots: &[u32]) -> Processor {
        let mut taken = BTreeMap::new();
        for (pid, role) in family(roots) {
            *taken.entry(role).or_default() += processor_ms(pid).unwrap_or(0);
        }
        Processor(taken)
    }

    /// What was taken since `before`. A child that was replaced meanwhile counts from its start.
    pub(crate) fn since(&self, before: &Processor) -> Processor {
        let earlier = |role: &String| before.0.get(role).copied().unwrap_or(0);
        let taken = self.0.iter();
        let taken = taken.map(|(role, ms)| (role.clone(), ms.saturating_sub(earlier(role))));
        Processor(taken.collect())
    }

    /// The same for programs.
    pub(crate) fn json(&self) -> Value {
        json!(self.0)
    }
}

/// The memory of the serving processes, in KiB: at rest, and while they were asked.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Memory {
    pub(crate) at_rest: u64,
    pub(crate) at_start: u64,
    pub(crate) largest: u64,
    pub(crate) at_end: u64,
}

impl Memory {
    /// The same for programs.
    pub(crate) fn json(&self) -> Value {
        let Memory { at_rest, at_start, largest, at_end } = self;
        json!({
            "at_rest": at_rest, "at_start": at_start, "largest": largest, "at_end": at_end,
        })
    }
}

/// Looks at the memory of processes until it is ended.
pub(crate) struct Watch {
    end: watch::Sender<bool>,
    looking: JoinHandle<u64>,
}

impl Watch {
    /// Begins with processes that serve.
    pub(crate) fn start(serving: Vec<u32>) -> Watch {
        let (end, mut ended) = watch::channel(false);
        let looking = tokio::spawn(async move {
            let mut largest = resident_kib(&serving);
            while tokio::time::timeout(LOOK_EVERY, ended.changed()).await.is_err() {
                largest = largest.max(resident_kib(&serving));
            }
            largest
        });
        Watch { end, looking }
    }

    /// The most that they had.
    pub(crate) async fn end(self) -> u64 {
        self.end.send_replace(true);
        self.looking.await.unwrap_or(0)
    }
}

/// The memory that processes have now, without what their children have.
pub(crate) fn resident_kib(pids: &[u32]) -> u64 {
    let of_one = |pid: &u32| {
        let status = fs::read_to_string(format!("/proc/{pid}/status")).ok()?;
        number_after(&status, "VmRSS:")
    };
    pids.iter().filter_map(of_one).sum()
}

/// These processes and all that they have started, with the command of each.
fn family(roots: &[u32]) -> Vec<(u32, String)> {
    let all: Vec<(u32, u32)> = fs::read_dir("/proc")
        .into_iter()
        .flatten()
        .filter_map(|entry| entry.ok()?.file_name().to_str()?.parse().ok())
        .filter_map(|pid| Some((pid, parent(pid)?)))
        .collect();
    let mut found: Vec<u32> = roots.to_vec();
    let mut at = 0;
    while let Some(&pid) = found.get(at) {
        found.extend(all.iter().filter(|(_, of)| *of == pid).map(|(child, _)| *child));
        at += 1;
    }
    found.into_iter().filter_map(|pid| Some((pid, role(pid)?))).collect()
}

fn parent(pid: u32) -> Option<u32> {
    let status = fs::read_to_string(format!("/proc/{pid}/status")).ok()?;
    number_after(&status, "PPid:").and_then(|number| u32::try_from(number).ok())
}

/// The command that the program was started with.
fn role(pid: u32) -> Option<String> {
    let line = fs::read(format!("/proc/{pid}/cmdline")).ok()?;
    let word = line.split(|byte| *byte == 0).nth(1)?;
    Some(String::from_utf8_lossy(word).into_owned())
}

fn processor_ms(pid: u32) -> Option<u64> {
    ticks(&fs::read_to_string(format!("/proc/{pid}/stat")).ok()?).map(|ticks| ticks * TICK_MS)
}

/// The 14th and 15th word: the name before them is in brackets and may hold anything.
fn ticks(stat: &str) -> Option<u64> {
    let mut words = stat.rsplit_once(')')?.1.split_whitespace().skip(11);
    let (user, system): (u64, u64) = (words.next()?.parse().ok()?, words.next()?.parse().ok()?);
    Some(user + system)
}

fn number_after(text: &str, name: &str) -> Option<u64> {
    let line = text.lines().find_map(|line| line.strip_prefix(name))?;
    line.split_whitespace().next()?.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_the_system_says_is_read() {
        let stat = "42 (a (b) c) S 1 42 42 0 -1 4194560 9 0 0 0 150 25 0 0 20 0 4 0 99 1 2";
        assert_eq!(ticks(stat), Some(175));
        let status = "Name:\tholdfast\nPPid:\t7\nVmRSS:\t  51200 kB\n";
        assert_eq!(number_after(status, "VmRSS:"), Some(51_200));
        assert_eq!(number_after(status, "PPid:"), Some(7));
        assert_eq!(number_after(status, "VmSwap:"), None);
    }

    #[test]
    fn this_very_process_has_taken_something() {
        let own = std::process::id();
        assert!(resident_kib(&[own]) > 0);
        assert!(family(&[own]).iter().any(|(pid, _)| *pid == own) || role(own).is_none());
    }

    #[test]
    fn time_is_counted_from_before() {
        let of = |pairs: &[(&str, u64)]| {
            Processor(pairs.iter().map(|(role, ms)| ((*role).to_owned(), *ms)).collect())
        };
        let taken = of(&[("dev", 90), ("card-zone", 5)]).since(&of(&[("dev", 20), ("gone", 7)]));
        assert_eq!(taken, of(&[("dev", 70), ("card-zone", 5)]));
    }
}
