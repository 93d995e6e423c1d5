//! A Holdfast of its own to be measured: free ports, a temporary folder, no rate limits.

use std::net::{Ipv4Addr, TcpListener};
use std::path::{Path, PathBuf};
use std::process::{Child, Stdio};
use std::time::{Duration, Instant};

use anyhow::{Context, bail};
use serde_json::Value;
use tokio::net::TcpStream;
use tokio::time::sleep;

/// A running Holdfast, of one node or several, stopped when this is dropped.
pub(crate) struct Installation {
    nodes: Vec<Node>,
    folder: PathBuf,
    is_temporary: bool,
    /// Where the API of each node listens.
    pub(crate) addresses: Vec<String>,
    /// The origin of its example shop.
    pub(crate) shop: String,
    /// Where its sandbox listens.
    pub(crate) sandbox: String,
    /// Its secret key.
    pub(crate) key: String,
    /// From the start to the first node's being ready.
    pub(crate) ready: Duration,
}

/// What is to be started.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Plan<'a> {
    /// A folder that is there already, or is to stay; a temporary one otherwise.
    pub(crate) folder: Option<&'a Path>,
    /// A PostgreSQL, instead of the file in the folder.
    pub(crate) database: Option<&'a str>,
    /// How many nodes.
    pub(crate) nodes: u8,
}

/// How long it may take to be ready: a folder with millions of payments takes seconds.
const READY: Duration = Duration::from_secs(60);
const LOOK_EVERY: Duration = Duration::from_millis(5);
/// How long it may take to stop.
const STOPPED: Duration = Duration::from_secs(30);
/// How many ports an installation takes.
const PORTS: u16 = 6;
/// Where the search for free ports begins; each process begins elsewhere.
/// They lie below those that systems give to outgoing connections.
const FIRST_PORT: u16 = 9_000;

impl Installation {
    /// Starts it.
    pub(crate) async fn start(plan: Plan<'_>) -> anyhow::Result<Installation> {
        let own = std::env::temp_dir().join(format!("holdfast-bench-{}", std::process::id()));
        let folder = plan.folder.map_or(own, Path::to_path_buf);
        let mut started = Installation {
            nodes: Vec::new(),
            is_temporary: plan.folder.is_none(),
            folder,
            addresses: Vec::new(),
            shop: String::new(),
            sandbox: String::new(),
            key: String::new(),
            ready: Duration::ZERO,
        };
        for number in 0..plan.nodes {
            started.add_node(number, plan.database).await?;
        }
        Ok(started)
    }

    async fn add_node(&mut self, number: u8, database: Option<&str>) -> anyhow::Result<()> {
        let is_first = number == 0;
        let beside = self.folder.join(format!("node-{number}"));
        let folder = if is_first { &self.folder } else { &beside };
        let begun = Instant::now();
        let mut node = Node::start(folder, database, (!is_first).then_some(&self.folder))?;
        let told = node.until_ready(&folder.join(READY_FILE)).await;
        self.nodes.push(node);
        let told = told?;
        let text = |name: &str| told[name].as_str().unwrap_or_default().to_owned();
        let address = |name: &str| text(name).trim_start_matches("http://").to_owned();
        self.addresses.push(address("api"));
        if is_first {
            self.ready = begun.elapsed();
            (self.shop, self.key) = (text("shop"), text("secret_key"));
            self.sandbox = address("sandbox");
        }
        Ok(())
    }

    /// The key of its sandbox's network.
    pub(crate) fn network_key(&self) -> anyhow::Result<String> {
        let keys = std::fs::read(self.folder.join("dev-keys.json")).context("the keys")?;
        let keys: Value = serde_json::from_slice(&keys).context("the keys")?;
        Ok(keys["network_key"].as_str().context("the network's key")?.to_owned())
    }

    /// The processes that serve.
    pub(crate) fn serving(&self) -> Vec<u32> {
        self.nodes.iter().map(|node| node.child.id()).collect()
    }

    /// Stops it as an operator would, and waits for its end.
    pub(crate) async fn stop(mut self) -> anyhow::Result<()> {
        while let Some(mut node) = self.nodes.pop() {
            node.stop().await?;
        }
        Ok(())
    }
}

impl Drop for Installation {
    fn drop(&mut self) {
        self.nodes.clear();
        if self.is_temporary {
            let _ = std::fs::remove_dir_all(&self.folder);
        }
    }
}

/// One node, ended when this is dropped.
struct Node {
    child: Child,
}

const READY_FILE: &str = "bench-ready.json";

impl Node {
    fn start(
        folder: &Path,
        database: Option<&str>,
        beside: Option<&PathBuf>,
    ) -> anyhow::Result<Node> {
        let ready = folder.join(READY_FILE);
        // A file of an earlier run would tell of ports that nobody listens on.
        let _ = std::fs::remove_file(&ready);
        let mut command = std::process::Command::new("/proc/self/exe");
        command
            .arg("dev")
            .args(["--requests-per-second", "0"])
            .args(["--ends-with", &std::process::id().to_string()])
            .args(["--port-base", &free_ports()?.to_string()])
            .arg("--data-dir")
            .arg(folder)
            .arg("--ready-file")
            .arg(&ready)
            .env("HOLDFAST_LOG", "warn")
            .env_remove(DATABASE)
            .stdout(Stdio::null());
        if let Some(address) = database {
            // Not as an argument: those are shown to every user of the machine.
            command.env(DATABASE, address);
        }
        if let Some(first) = beside {
            command.arg("--beside").arg(first);
        }
        Ok(Node { child: command.spawn().context("Holdfast")? })
    }

    async fn until_ready(&mut self, file: &Path) -> anyhow::Result<Value> {
        let deadline = Instant::now() + READY;
        while Instant::now() < deadline {
            if let Some(status) = self.child.try_wait()? {
                bail!("Holdfast ended before it was ready: {status}");
            }
            if let Ok(told) = std::fs::read(file) {
                return serde_json::from_slice(&told).context("the ready file");
            }
            sleep(LOOK_EVERY).await;
        }
        bail!("Holdfast was not ready within {} s", READY.as_secs())
    }

    async fn stop(&mut self) -> anyhow::Result<()> {
        if let Some(pid) = rustix::process::Pid::from_raw(i32::try_from(self.child.id())?) {
            rustix::process::kill_process(pid, rustix::process::Signal::TERM)?;
        }
        let deadline = Instant::now() + STOPPED;
        while self.child.try_wait()?.is_none() && Instant::now() < deadline {
            sleep(LOOK_EVERY).await;
        }
        Ok(())
    }
}

impl Drop for Node {
    fn drop(&mut self) {
        // Its children end with it.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// The variable that names the database to `holdfast dev`.
const DATABASE: &str = "HOLDFAST_DATABASE";

/// The first of six ports in a row that nobody listens on.
fn free_ports() -> anyhow::Result<u16> {
    let offset = u16::try_from(std::process::id() % 1_000)?;
    let bases = (0..1_000).map(|step| FIRST_PORT + (offset + step) % 1_000 * PORTS);
    let is_free = |base: &u16| {
        (0..PORTS).all(|port| TcpListener::bind((Ipv4Addr::LOCALHOST, base + port)).is_ok())
    };
    bases.into_iter().find(is_free).context("no six free ports in a row")
}

/// Waits until somebody listens.
pub(crate) async fn until_listening(address: &str) -> anyhow::Result<()> {
    let deadline = Instant::now() + READY;
    while TcpStream::connect(address).await.is_err() {
        if Instant::now() >= deadline {
            bail!("{address} does not answer");
        }
        sleep(LOOK_EVERY).await;
    }
    Ok(())
}
