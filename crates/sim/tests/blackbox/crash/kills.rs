//! Kills, starts, and how long they take.

use std::fmt;
use std::time::Duration;

use tokio::sync::watch;
use tokio::time::{Instant, sleep};

use super::database::Database;
use crate::load::Phase;
use crate::processes::{self, Process};
use crate::random::Random;
use crate::server::{Kill, Place, Running};

/// Between being ready and being killed, in milliseconds.
const LIFE_MS: (u64, u64) = (20, 400);
/// In so many of a hundred lives a child is killed first: the processor, the shop, the card zone.
const CHILD_KILLED: u64 = 25;
/// Of a hundred starts so many are killed as well, before they are ready.
const KILLED_IN_START: u64 = 20;
/// Between a start and its kill, in milliseconds: it may be ready already.
const START_MS: (u64, u64) = (0, 90);
/// Kills of a start in a folder that is still empty.
const KILLED_AT_FIRST: u32 = 3;
/// How long a start after a crash may take.
const READY_WITHIN: Duration = Duration::from_secs(2);
/// What a single start may take on a machine that does other things as well.
const READY_AT_WORST: Duration = Duration::from_secs(10);
/// How long a process may outlive its parent.
const GONE_WITHIN: Duration = Duration::from_secs(1);

/// Kills the first starts of a folder that is still empty.
pub(super) async fn in_an_empty_folder(place: &Place, random: &mut Random) {
    for _ in 0..KILLED_AT_FIRST {
        let program = place.launch();
        pause(random, START_MS).await;
        until_gone(&program.kill(whom(random), place).await).await;
    }
}

/// Kills the program `kills` times, and each time starts it again at once. Clients are told by
/// `phase` when they may ask.
pub(super) async fn under_load(
    place: &Place,
    mut running: Running,
    phase: &watch::Sender<Phase>,
    random: &mut Random,
    kills: u32,
) -> (Running, Times) {
    let mut times = Times::default();
    for _ in 0..kills {
        if random.percent(CHILD_KILLED) {
            pause(random, LIFE_MS).await;
            running.program.kill_a_child(random);
        }
        pause(random, LIFE_MS).await;
        let mut left = running.program.kill(whom(random), place).await;
        phase.send_replace(Phase::Down);
        // Whoever supervises it starts it again at once: it has to get along with the dying.
        while random.percent(KILLED_IN_START) {
            let program = place.launch();
            pause(random, START_MS).await;
            left.extend(program.kill(whom(random), place).await);
            times.in_start += 1;
        }
        let (gone, started) = tokio::join!(until_gone(&left), place.start());
        times.gone.push(gone);
        times.ready.push(started.ready_after);
        running = started;
        phase.send_replace(Phase::Up);
    }
    (running, times)
}

/// The same, with its database killed between two kills of the program, and both at once.
pub(super) async fn of_both(
    place: &Place,
    mut running: Running,
    phase: &watch::Sender<Phase>,
    random: &mut Random,
    (kills, database): (u32, &mut Database),
) -> (Running, Times) {
    let mut all = Times::default();
    for _ in 0..kills {
        let (again, times) = under_load(place, running, phase, random, 1).await;
        running = again;
        all.add(times);
        pause(random, LIFE_MS).await;
        // Whoever asks meanwhile waits: the program finds the database again by itself.
        database.kill();
    }
    (running, all)
}

/// How long starts and ends took.
#[derive(Default)]
pub(super) struct Times {
    ready: Vec<Duration>,
    gone: Vec<Duration>,
    /// How many kills came before the program was ready.
    in_start: u32,
}

fn whom(random: &mut Random) -> Kill {
    random.pick(&[Kill::Parent, Kill::Parent, Kill::Group, Kill::Everything])
}

async fn pause(random: &mut Random, (least, most): (u64, u64)) {
    sleep(Duration::from_millis(random.between(least, most))).await;
}

/// Waits until the processes that were left are gone, and says how long it took.
async fn until_gone(left: &[Process]) -> Duration {
    let killed = Instant::now();
    let alive = processes::wait_until_gone(left, GONE_WITHIN).await;
    assert!(alive.is_empty(), "{GONE_WITHIN:?} after the kill: {alive:?}");
    killed.elapsed()
}

impl Times {
    fn add(&mut self, more: Times) {
        self.ready.extend(more.ready);
        self.gone.extend(more.gone);
        self.in_start += more.in_start;
    }

    /// Whether the starts were quick enough.
    pub(super) fn check(&self) {
        let (median, worst) = median_and_max(&self.ready);
        assert!(median <= READY_WITHIN, "ready after {median:?}, at worst {worst:?}");
        assert!(worst <= READY_AT_WORST, "ready after {worst:?} at worst");
    }
}

impl fmt::Display for Times {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (median, worst) = median_and_max(&self.ready);
        let (_, gone) = median_and_max(&self.gone);
        let in_start = self.in_start;
        write!(f, "{in_start} more in a start, ready after {median:?} (median) to {worst:?}, ")?;
        write!(f, "children gone after {gone:?} at most")
    }
}

fn median_and_max(times: &[Duration]) -> (Duration, Duration) {
    let mut times = times.to_vec();
    times.sort_unstable();
    let median = times.get(times.len() / 2).copied().unwrap_or_default();
    (median, times.last().copied().unwrap_or_default())
}
