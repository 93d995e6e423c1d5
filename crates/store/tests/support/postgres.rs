//! A PostgreSQL of a test's own: made in a temporary folder, on a free port, gone with the test.

use std::fs::{self, Permissions};
use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::atomic::{AtomicU32, Ordering};
use std::thread::sleep;
use std::time::{Duration, Instant};

use super::ports;

/// A running server. It ends with the thread that started it, however that ends, and its folder is
/// removed by the next test if not by this one.
pub(crate) struct Server {
    process: Child,
    folder: PathBuf,
    port: u16,
    databases: AtomicU32,
}

/// Where Debian keeps the programs of each version.
const DEBIAN: &str = "/usr/lib/postgresql";
/// Begins the names of the folders; the number of the test's process follows.
const FOLDERS: &str = "holdfast-postgres-";
/// How long a start may take on a busy machine, with a recovery.
const PATIENCE: Duration = Duration::from_secs(60);

impl Server {
    /// Makes a cluster and starts it.
    pub(crate) fn start() -> Server {
        remove_left_over();
        static NUMBER: AtomicU32 = AtomicU32::new(0);
        let number = NUMBER.fetch_add(1, Ordering::Relaxed);
        let name = format!("{FOLDERS}{}-{number}", std::process::id());
        let folder = std::env::temp_dir().join(name);
        fs::create_dir(&folder).unwrap();
        if is_root() {
            ran(Command::new("chown").arg("postgres").arg(&folder));
        }
        let mut init = program("initdb");
        init.args(["-A", "trust", "-U", "holdfast", "-E", "UTF8", "--no-sync", "-D"]);
        ran(init.arg(folder.join("data")));
        let port = ports::free();
        let process = spawn(&folder, port);
        let server = Server { process, folder, port, databases: AtomicU32::new(0) };
        server.wait();
        server
    }

    /// The address of a new, empty database.
    pub(crate) fn database(&self) -> String {
        let name = format!("check{}", self.databases.fetch_add(1, Ordering::Relaxed));
        assert!(self.sql("postgres", &format!("CREATE DATABASE {name}")), "{name}");
        self.address(self.port, &name)
    }

    /// The address of a new, empty part of a database: sooner made than a database.
    pub(crate) fn schema(&self) -> String {
        let name = format!("check{}", self.databases.fetch_add(1, Ordering::Relaxed));
        assert!(self.sql("postgres", &format!("CREATE SCHEMA {name}")), "{name}");
        format!("{}?options=-csearch_path%3D{name}", self.address(self.port, "postgres"))
    }

    /// The address of a database as it is reached over another port: a proxy's.
    pub(crate) fn address(&self, port: u16, database: &str) -> String {
        format!("postgres://holdfast@127.0.0.1:{port}/{database}")
    }

    /// The port that the server listens on.
    pub(crate) fn port(&self) -> u16 {
        self.port
    }

    /// Offers encrypted lines from now on, as `localhost`. Whoever trusts the authority that this
    /// answers with believes it.
    pub(crate) fn offer_tls(&self) -> PathBuf {
        let tls = Path::new(env!("CARGO_MANIFEST_DIR")).join("../store/tests/support/tls");
        for name in ["server.key", "server.pem"] {
            let copy = self.folder.join("data").join(name);
            fs::copy(tls.join(name), &copy).unwrap();
            fs::set_permissions(&copy, Permissions::from_mode(0o600)).unwrap();
            if is_root() {
                ran(Command::new("chown").arg("postgres").arg(&copy));
            }
        }
        for setting in ["ssl_cert_file = 'server.pem'", "ssl_key_file = 'server.key'", "ssl = on"] {
            assert!(self.sql("postgres", &format!("ALTER SYSTEM SET {setting}")), "{setting}");
        }
        assert!(self.sql("postgres", "SELECT pg_reload_conf()"));
        let begun = Instant::now();
        while self.value("postgres", "SHOW ssl") != "on" {
            assert!(begun.elapsed() < PATIENCE, "PostgreSQL does not offer TLS");
            sleep(Duration::from_millis(20));
        }
        tls.join("authority.pem")
    }

    /// Carries out a statement; whether it succeeded.
    pub(crate) fn sql(&self, database: &str, statement: &str) -> bool {
        let mut psql = program("psql");
        let status = self.connected(&mut psql).args(["-c", statement, database]).output();
        status.unwrap().status.success()
    }

    /// The one value that a statement finds.
    pub(crate) fn value(&self, database: &str, statement: &str) -> String {
        let mut psql = program("psql");
        let found = self.connected(&mut psql).args(["-At", "-c", statement, database]).output();
        let found = found.unwrap();
        assert!(found.status.success(), "{}", String::from_utf8_lossy(&found.stderr));
        String::from_utf8(found.stdout).unwrap().trim().to_owned()
    }

    fn connected<'a>(&self, psql: &'a mut Command) -> &'a mut Command {
        psql.args(["-X", "-h", "127.0.0.1", "-U", "holdfast", "-p", &self.port.to_string()])
    }

    /// Kills the server and starts it again.
    pub(crate) fn kill_and_restart(&mut self) {
        // Its other processes find out by themselves that the first one is gone, and end.
        self.process.kill().unwrap();
        self.process.wait().unwrap();
        let begun = Instant::now();
        loop {
            self.process = spawn(&self.folder, self.port);
            sleep(Duration::from_millis(200));
            // It refuses to start as long as one of the old processes holds the shared memory.
            if self.process.try_wait().unwrap().is_none() {
                break;
            }
            assert!(begun.elapsed() < PATIENCE, "PostgreSQL does not start again");
        }
        self.wait();
    }

    fn wait(&self) {
        let begun = Instant::now();
        while !self.sql("postgres", "SELECT 1") {
            assert!(begun.elapsed() < PATIENCE, "PostgreSQL does not answer");
            sleep(Duration::from_millis(20));
        }
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
        let _ = fs::remove_dir_all(&self.folder);
    }
}

fn spawn(folder: &Path, port: u16) -> Child {
    let mut server = program("postgres");
    server.arg("-D").arg(folder.join("data")).args(["-h", "127.0.0.1", "-p", &port.to_string()]);
    server.arg("-k").arg(folder);
    server.stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap()
}

/// A program of PostgreSQL, which is killed with the thread that starts it. The server refuses to
/// be run by root, so then it is run as its own user.
fn program(name: &str) -> Command {
    let mut command = Command::new("setpriv");
    command.args(["--pdeathsig", "KILL"]);
    if is_root() {
        command.args(["--reuid=postgres", "--regid=postgres", "--init-groups"]);
    }
    command.arg("--").arg(path_of(name)).current_dir("/");
    command
}

fn is_root() -> bool {
    Command::new("id").arg("-u").output().unwrap().stdout == b"0\n"
}

fn path_of(name: &str) -> PathBuf {
    let versions = fs::read_dir(DEBIAN).map(|entries| entries.flatten().collect::<Vec<_>>());
    let mut folders: Vec<PathBuf> =
        versions.unwrap_or_default().iter().map(|entry| entry.path().join("bin")).collect();
    folders.sort();
    let found = folders.into_iter().rev().map(|folder| folder.join(name)).find(|it| it.exists());
    found.unwrap_or_else(|| PathBuf::from(name))
}

fn ran(command: &mut Command) {
    let output = command.output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
}

/// Removes the folders of tests that were killed.
fn remove_left_over() {
    for entry in fs::read_dir(std::env::temp_dir()).unwrap().flatten() {
        let name = entry.file_name();
        let process = name.to_str().and_then(|name| name.strip_prefix(FOLDERS));
        let process = process.and_then(|rest| rest.split('-').next());
        if process.is_some_and(|process| !Path::new("/proc").join(process).exists()) {
            // Another test may be doing the same.
            let _ = fs::remove_dir_all(entry.path());
        }
    }
}
