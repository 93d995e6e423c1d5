//! A PostgreSQL of the bench's own: made in a temporary folder, with the settings that
//! docs/OPERATIONS.md advises, gone with the bench.

use std::fs;
use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::thread::sleep;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};

use crate::machine::{self, Machine};

use super::about;
use super::folder::Folder;

/// Where Debian keeps the programs of each version.
const DEBIAN: &str = "/usr/lib/postgresql";
const PATIENCE: Duration = Duration::from_secs(60);
/// Rows of the reference: 50 branches, so that 32 clients seldom wait for the same one.
const SCALE: &str = "50";
const REFERENCE: &str = "pgbench";

/// A running server, ended when this is dropped.
pub(super) struct Server<'a> {
    machine: &'a Machine,
    process: Child,
    port: u16,
    /// Dropped last: the server writes to it.
    _folder: Folder,
}

impl<'a> Server<'a> {
    /// Makes a cluster and starts it.
    pub(super) fn start(machine: &'a Machine) -> Result<Server<'a>> {
        let folder = Folder::new("pg")?;
        fs::create_dir(&folder.path).context("a temporary folder")?;
        if machine.is_root() {
            machine::run(machine.command("chown").arg("postgres").arg(&folder.path))?;
        }
        let data = folder.path.join("data");
        let mut init = program(machine, "initdb");
        init.args(["-A", "trust", "-U", "holdfast", "-E", "UTF8", "-D"]).arg(&data);
        machine::output(&mut init)?;
        let settings = data.join("postgresql.auto.conf");
        fs::write(&settings, settings_for(about::memory_kib()?)).context("the settings")?;
        let port = TcpListener::bind("127.0.0.1:0")?.local_addr()?.port();
        let mut server = program(machine, "postgres");
        server.arg("-D").arg(&data).args(["-h", "127.0.0.1", "-p", &port.to_string(), "-k"]);
        server.arg(&folder.path).stdout(Stdio::null()).stderr(Stdio::null());
        let process = server.spawn().context("PostgreSQL")?;
        let server = Server { machine, process, port, _folder: folder };
        let begun = Instant::now();
        while server.sql("SELECT 1").is_err() {
            if begun.elapsed() > PATIENCE {
                bail!("PostgreSQL does not answer");
            }
            sleep(Duration::from_millis(50));
        }
        Ok(server)
    }

    /// Makes an empty database; its address.
    pub(super) fn database(&self, name: &str) -> Result<String> {
        self.sql(&format!("DROP DATABASE IF EXISTS {name}"))?;
        self.sql(&format!("CREATE DATABASE {name}"))?;
        Ok(format!("postgres://holdfast@127.0.0.1:{}/{name}", self.port))
    }

    /// Writes what is in memory, so that no side pays for what the other has left.
    pub(super) fn checkpoint(&self) -> Result<()> {
        self.sql("CHECKPOINT")
    }

    /// Makes the tables of the reference.
    pub(super) fn prepare_reference(&self) -> Result<()> {
        self.database(REFERENCE)?;
        let mut make = self.connected("pgbench");
        make.args(["--initialize", "--quiet", "--scale", SCALE, REFERENCE]);
        machine::output(&mut make).map(drop)
    }

    /// Transactions a second of pgbench's TPC-B-like script, with 32 clients.
    pub(super) fn reference(&self, seconds: u32) -> Result<u64> {
        let mut pgbench = self.connected("pgbench");
        pgbench.args(["--client=32", "--jobs=2", "--no-vacuum", "--protocol=simple"]);
        pgbench.arg(format!("--time={seconds}")).arg(REFERENCE);
        let said = machine::output(&mut pgbench)?;
        per_second(&said).with_context(|| format!("pgbench said {said}"))
    }

    fn sql(&self, statement: &str) -> Result<()> {
        let mut psql = self.connected("psql");
        machine::output(psql.args(["-X", "-c", statement, "postgres"])).map(drop)
    }

    fn connected(&self, name: &str) -> Command {
        let mut command = program(self.machine, name);
        command.args(["-h", "127.0.0.1", "-U", "holdfast", "-p", &self.port.to_string()]);
        command
    }
}

impl Drop for Server<'_> {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

/// What docs/OPERATIONS.md advises for a server with so much memory.
fn settings_for(memory_kib: u64) -> String {
    let (quarter, half) = (memory_kib / 4 / 1_024, memory_kib / 2 / 1_024);
    format!(
        "shared_buffers = {quarter}MB\neffective_cache_size = {half}MB\nmax_wal_size = 4GB\n\
         checkpoint_completion_target = 0.9\nwal_compression = on\nrandom_page_cost = 1.1\n"
    )
}

/// The whole number in `tps = 9876.54 (without initial connection time)`.
fn per_second(said: &str) -> Option<u64> {
    let line = said.lines().find_map(|line| line.strip_prefix("tps = "))?;
    line.split(['.', ' ']).next()?.parse().ok()
}

/// What PostgreSQL says of its version.
pub(super) fn version(machine: &Machine) -> String {
    let said = machine::output(program(machine, "postgres").arg("--version"));
    said.map_or_else(|_| "none".to_owned(), |said| said.trim().to_owned())
}

/// A program of PostgreSQL, which is killed with this one. The server refuses to be run by root,
/// so then it is run as its own user.
fn program(machine: &Machine, name: &str) -> Command {
    let mut command = machine.command("setpriv");
    command.args(["--pdeathsig", "KILL"]);
    if machine.is_root() {
        command.args(["--reuid=postgres", "--regid=postgres", "--init-groups"]);
    }
    command.arg("--").arg(path_of(name)).current_dir("/");
    command
}

fn path_of(name: &str) -> PathBuf {
    let versions = fs::read_dir(DEBIAN).into_iter().flatten().flatten();
    let mut folders: Vec<PathBuf> = versions.map(|entry| entry.path().join("bin")).collect();
    folders.sort();
    let found = folders.into_iter().rev().map(|folder| folder.join(name));
    found.into_iter().find(|path| path.exists()).unwrap_or_else(|| Path::new(name).to_path_buf())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_pgbench_says_is_read() {
        let said = "scaling factor: 50\nlatency average = 3.1 ms\n\
                    tps = 10234.887 (without initial connection time)\n";
        assert_eq!(per_second(said), Some(10_234));
        assert_eq!(per_second("tps: none"), None);
    }

    #[test]
    fn memory_is_a_quarter_and_a_half() {
        let settings = settings_for(8 << 20);
        assert!(settings.starts_with("shared_buffers = 2048MB\neffective_cache_size = 4096MB\n"));
    }
}
