//! A Holdfast of its own to be measured: free ports, a temporary folder, no rate limits.

use std::net::{Ipv4Addr, TcpListener};
use std::path::{Path, PathBuf};
use std::process::{Child, Stdio};
use std::time::{Duration, Instant};

use anyhow::{Context, bail};
use serde_json::Value;
use tokio::net::TcpStream;
use tokio::time::sleep;

/// A running Holdfast, stopped when this is dropped.
pub(crate) struct Installation {
    child: Child,
    folder: PathBuf,
    is_temporary: bool,
    /// Where its API listens.
    pub(crate) address: String,
    /// The origin of its example shop.
    pub(crate) shop: String,
    /// Its secret key.
    pub(crate) key: String,
}

/// How long it may take to be ready: a folder with millions of payments takes seconds.
const READY: Duration = Duration::from_secs(60);
const LOOK_EVERY: Duration = Duration::from_millis(20);
/// How many ports an installation takes.
const PORTS: u16 = 6;
/// Where the search for free ports begins; each process begins elsewhere.
const FIRST_PORT: u16 = 20_000;

impl Installation {
    /// Starts it over a folder that is there already, or over an empty one.
    pub(crate) async fn start(folder: Option<&Path>) -> anyhow::Result<Installation> {
        let is_temporary = folder.is_none();
        let own = std::env::temp_dir().join(format!("holdfast-bench-{}", std::process::id()));
        let folder = folder.map_or(own, Path::to_path_buf);
        let ready = folder.join("bench-ready.json");
        // A file of an earlier run would tell of ports that nobody listens on.
        let _ = std::fs::remove_file(&ready);
        let child = std::process::Command::new("/proc/self/exe")
            .arg("dev")
            .args(["--requests-per-second", "0"])
            .args(["--ends-with", &std::process::id().to_string()])
            .args(["--port-base", &free_ports()?.to_string()])
            .arg("--data-dir")
            .arg(&folder)
            .arg("--ready-file")
            .arg(&ready)
            .env("HOLDFAST_LOG", "warn")
            .stdout(Stdio::null())
            .spawn()
            .context("Holdfast")?;
        let (address, shop, key) = (String::new(), String::new(), String::new());
        let mut started = Installation { child, folder, is_temporary, address, shop, key };
        let told = started.until_ready(&ready).await?;
        let text = |name: &str| told[name].as_str().unwrap_or_default().to_owned();
        started.address = text("api").trim_start_matches("http://").to_owned();
        started.shop = text("shop");
        started.key = text("secret_key");
        Ok(started)
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

    /// Stops it as an operator would, and waits for its end.
    pub(crate) async fn stop(mut self) -> anyhow::Result<()> {
        if let Some(pid) = rustix::process::Pid::from_raw(i32::try_from(self.child.id())?) {
            rustix::process::kill_process(pid, rustix::process::Signal::TERM)?;
        }
        let mut patience = 1_000_u32;
        while self.child.try_wait()?.is_none() && patience > 0 {
            patience -= 1;
            sleep(LOOK_EVERY).await;
        }
        Ok(())
    }
}

impl Drop for Installation {
    fn drop(&mut self) {
        // Its children end with it.
        let _ = self.child.kill();
        let _ = self.child.wait();
        if self.is_temporary {
            let _ = std::fs::remove_dir_all(&self.folder);
        }
    }
}

/// The first of six ports in a row that nobody listens on.
fn free_ports() -> anyhow::Result<u16> {
    let offset = u16::try_from(std::process::id() % 1_000)? * 8;
    let bases = (0..4_000_u16).map(|step| FIRST_PORT + (offset + step * 8) % 32_000);
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
