//! One installation of the program: its folder, its ports, and the processes that run on them.

use std::fs::{self, File};
use std::os::unix::process::CommandExt as _;
use std::path::{Path, PathBuf};
use std::process::{ExitStatus, Stdio};
use std::sync::atomic::{AtomicBool, AtomicU16, Ordering};
use std::time::Duration;

use holdfast_store::ReadSide;
use holdfast_store::postgres::PostgresStore;
use holdfast_store::sqlite::SqliteStore;
use rustix::process::{Pid, Signal, kill_process, kill_process_group};
use serde_json::Value;
use tempfile::TempDir;
use tokio::process::{Child, Command};
use tokio::time::{Instant, sleep, timeout};

use super::api::Api;
use super::network::Network;
use super::processes::{self, Process};
use super::random::Random;
use super::{ports, report, settings};

/// How long a start may take before the test gives up on it.
const START_PATIENCE: Duration = Duration::from_secs(60);
/// How long an orderly stop may take: the processor's calls under way have twelve seconds.
const STOP_PATIENCE: Duration = Duration::from_secs(40);
/// How exactly the moment of being ready is known.
const LOOK_EVERY: Duration = Duration::from_millis(2);
/// How often a first start looks for other ports.
const PORT_TRIES: u32 = 5;
/// What the program says that finds somebody else on its ports.
const TAKEN: &str = "choose others with --port-base";

/// Where the program keeps its data and listens, over all its starts.
pub(crate) struct Place {
    folder: TempDir,
    /// The first of its ports, the same over all its starts once it was ready.
    port_base: AtomicU16,
    was_ready: AtomicBool,
    /// Where it keeps its rows, if not in its folder.
    database: Option<String>,
    /// The data of the node whose sandbox and shop it uses, if it has none.
    beside: Option<PathBuf>,
    /// For how long its nodes take effects, if not as usual.
    lease: Option<Duration>,
}

/// The program, started, and maybe not ready yet.
pub(crate) struct Program {
    child: Child,
    started: Instant,
}

/// The program, ready.
pub(crate) struct Running {
    pub(crate) ready: Ready,
    /// From the start of the process to its ready file.
    pub(crate) ready_after: Duration,
    pub(crate) program: Program,
}

/// What the ready file says, and the key of the sandbox's network.
#[derive(Clone, Debug)]
pub(crate) struct Ready {
    pub(crate) api: String,
    pub(crate) pay: String,
    pub(crate) sandbox: String,
    pub(crate) card: String,
    pub(crate) secret_key: String,
    pub(crate) publishable_key: String,
    pub(crate) network_key: String,
}

/// Whom `kill -9` hits.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kill {
    /// The parent alone: its children have to notice.
    Parent,
    /// The parent's process group, as a terminal that is closed would.
    Group,
    /// All processes at once, the children first.
    Everything,
}

impl Place {
    /// A fresh folder and six free ports.
    pub(crate) fn new() -> Place {
        let folder = tempfile::Builder::new().prefix("holdfast-blackbox-").tempdir();
        let (folder, port_base) = (folder.expect("a folder"), AtomicU16::new(ports::free()));
        let was_ready = AtomicBool::new(false);
        Place { folder, port_base, was_ready, database: None, beside: None, lease: None }
    }

    /// The same, over a database.
    pub(crate) fn over(database: String) -> Place {
        let mut place = Place::new();
        place.database = Some(database);
        place
    }

    /// Another node over the same database, which uses the sandbox and the shop of `first`.
    pub(crate) fn beside(first: &Place) -> Place {
        let mut place = Place::new();
        (place.database, place.beside) = (first.database.clone(), Some(first.data()));
        place.lease = first.lease;
        place
    }

    /// The same, which reaches the database at another address.
    pub(crate) fn reaching(mut self, database: String) -> Place {
        self.database = Some(database);
        self
    }

    /// The same, whose nodes take each other for gone so soon.
    pub(crate) fn leasing(mut self, lease: Duration) -> Place {
        self.lease = Some(lease);
        self
    }

    /// The store of a program that has stopped.
    pub(crate) async fn store(&self) -> Box<dyn ReadSide> {
        match &self.database {
            None => Box::new(SqliteStore::open(&self.data()).expect("nobody else has it open")),
            Some(address) => {
                let store = PostgresStore::connect(address, "the auditor").await;
                Box::new(store.expect("the database"))
            }
        }
    }

    /// Where the program keeps its data.
    pub(crate) fn data(&self) -> PathBuf {
        self.folder.path().join("data")
    }

    /// Starts the program and waits until it is ready. Before it was ready once, it moves to other
    /// ports if somebody was faster.
    pub(crate) async fn start(&self) -> Running {
        let mut program = self.launch();
        let mut port_tries = 0;
        while !self.ready_file().exists() {
            if let Some(status) = program.child.try_wait().expect("a child") {
                let log = self.end_of_log();
                let may_move = !self.was_ready.load(Ordering::Relaxed) && port_tries < PORT_TRIES;
                assert!(may_move && log.contains(TAKEN), "the program ended with {status}:\n{log}");
                port_tries += 1;
                self.port_base.store(ports::free(), Ordering::Relaxed);
                program = self.launch();
            }
            let waited = program.started.elapsed();
            assert!(waited < START_PATIENCE, "not ready after {waited:?}:\n{}", self.end_of_log());
            sleep(LOOK_EVERY).await;
        }
        let ready_after = program.started.elapsed();
        self.was_ready.store(true, Ordering::Relaxed);
        let data = self.data();
        let first = self.beside.as_deref().unwrap_or(&data);
        Running { ready: Ready::of(&self.ready_file(), first), ready_after, program }
    }

    /// Starts the program.
    pub(crate) fn launch(&self) -> Program {
        // The file of the run before would say that this one is ready.
        let _ = fs::remove_file(self.ready_file());
        let log = File::options().create(true).append(true).open(self.log()).expect("a log");
        let started = Instant::now();
        let child = self.command(log).spawn().expect("the program starts");
        Program { child, started }
    }

    fn command(&self, log: File) -> Command {
        let output = log.try_clone().expect("a log");
        let mut command = std::process::Command::new(settings::binary());
        command
            .args(["dev", "--port-base", &self.port_base.load(Ordering::Relaxed).to_string()])
            .arg("--data-dir")
            .arg(self.data())
            .arg("--ready-file")
            .arg(self.ready_file())
            .args(self.database.iter().flat_map(|address| ["--database", address.as_str()]))
            .args(self.beside.iter().flat_map(|first| [Path::new("--beside"), first.as_path()]))
            .args(self.lease.iter().map(|lease| format!("--lease-seconds={}", lease.as_secs())))
            .stdin(Stdio::null())
            .stdout(Stdio::from(output))
            .stderr(Stdio::from(log))
            // Its own, so that the test does not kill itself.
            .process_group(0);
        let mut command = Command::from(command);
        command.kill_on_drop(true);
        command
    }

    fn ready_file(&self) -> PathBuf {
        self.folder.path().join("ready.json")
    }

    fn log(&self) -> PathBuf {
        self.folder.path().join("holdfast.log")
    }

    fn end_of_log(&self) -> String {
        let log = fs::read(self.log()).unwrap_or_default();
        let text = String::from_utf8_lossy(&log);
        let lines: Vec<&str> = text.lines().collect();
        lines[lines.len().saturating_sub(40)..].join("\n")
    }
}

impl Drop for Place {
    /// A run that failed leaves its data and its log to be looked at.
    fn drop(&mut self) {
        if std::thread::panicking() {
            self.folder.disable_cleanup(true);
            report::line(&format!("the data and the log are in {}", self.folder.path().display()));
        }
    }
}

impl Running {
    pub(crate) fn api(&self) -> Api {
        Api::new(&self.ready.api, &self.ready.secret_key)
    }

    pub(crate) fn network(&self) -> Network {
        Network::new(&self.ready.sandbox, &self.ready.network_key)
    }

    /// Asks the program to stop and waits until it has.
    pub(crate) async fn stop(mut self) -> ExitStatus {
        kill_process(self.program.pid(), Signal::TERM).expect("the program runs");
        let stopped = timeout(STOP_PATIENCE, self.program.child.wait()).await;
        stopped.expect("the program stops in time").expect("a child")
    }
}

impl Program {
    /// `kill -9`. Answers with the processes that have to be gone by themselves in a moment.
    pub(crate) async fn kill(mut self, whom: Kill, place: &Place) -> Vec<Process> {
        let pid = self.pid();
        let children = processes::children_of(pid.as_raw_nonzero().get());
        match whom {
            Kill::Parent => kill_process(pid, Signal::KILL).expect("the program runs"),
            Kill::Group => kill_process_group(pid, Signal::KILL).expect("the program runs"),
            Kill::Everything => {
                children.iter().for_each(|child| child.kill());
                kill_process(pid, Signal::KILL).expect("the program runs");
            }
        }
        let status = self.child.wait().await.expect("a child");
        let signal = std::os::unix::process::ExitStatusExt::signal(&status);
        assert_eq!(signal, Some(Signal::KILL.as_raw()), "it ended before it was killed: {status}");
        // A child that was being born is known by what it was told.
        let mut left = processes::told_of(&place.data());
        left.extend(children);
        left
    }

    /// Takes the processor from the parent, until [`Program::thaw`].
    pub(crate) fn freeze(&self) {
        kill_process(self.pid(), Signal::STOP).expect("the program runs");
    }

    /// Lets a frozen program go on, which does not know that it was away.
    pub(crate) fn thaw(&self) {
        kill_process(self.pid(), Signal::CONT).expect("the program runs");
    }

    /// `kill -9` of one of its children, which the program has to replace.
    pub(crate) fn kill_a_child(&self, random: &mut Random) {
        let children = processes::children_of(self.pid().as_raw_nonzero().get());
        // None is there while one that has just ended is not replaced yet.
        if !children.is_empty() {
            random.pick(&children).kill();
        }
    }

    /// How much memory it has, in KiB.
    pub(crate) fn memory_kib(&self) -> u64 {
        let path = format!("/proc/{}/status", self.pid().as_raw_nonzero());
        let status = fs::read_to_string(path).expect("the program runs");
        let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"));
        let number = line.and_then(|line| line.split_whitespace().next());
        number.and_then(|number| number.parse().ok()).expect("a size")
    }

    fn pid(&self) -> Pid {
        let pid = self.child.id().and_then(|pid| i32::try_from(pid).ok());
        pid.and_then(Pid::from_raw).expect("the program runs")
    }
}

impl Ready {
    fn of(ready_file: &Path, data: &Path) -> Ready {
        let ready = read(ready_file);
        let text = |name: &str| ready[name].as_str().expect(name).to_owned();
        let keys = read(&data.join("dev-keys.json"));
        Ready {
            api: text("api"),
            pay: text("pay"),
            sandbox: text("sandbox"),
            card: text("card"),
            secret_key: text("secret_key"),
            publishable_key: text("publishable_key"),
            network_key: keys["network_key"].as_str().expect("network_key").to_owned(),
        }
    }
}

/// A JSON file.
pub(crate) fn read(path: &Path) -> Value {
    let bytes = fs::read(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    serde_json::from_slice(&bytes).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}
