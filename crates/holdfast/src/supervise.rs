//! The other processes of the program: started, replaced when they end, stopped with it.

use std::net::TcpListener;
use std::os::fd::OwnedFd;
use std::process::Stdio;
use std::time::Duration;

use anyhow::Context;
use serde::Serialize;
use tokio::io::AsyncReadExt;
use tokio::process::{Child, Command};
use tokio::sync::watch;
use tokio::time::{sleep, timeout};

/// The environment variable that carries a child's configuration. Not an argument: arguments are
/// shown to every user of the machine.
pub(crate) const CHILD_VARIABLE: &str = "HOLDFAST_CHILD";

/// This very program, even after its file was replaced by another version: parent and children
/// speak to each other and must be of one version.
const OWN_PROGRAM: &str = "/proc/self/exe";
/// A child that lived shorter than this has a problem; its successor waits a little.
const HEALTHY_AFTER: Duration = Duration::from_secs(2);
const RESTART_WAIT: Duration = Duration::from_millis(300);
/// How long a child may take to stop before it is ended.
const STOP_PATIENCE: Duration = Duration::from_secs(8);

/// What a child is told: who its parent is, so that it does not outlive it, and its own settings.
#[derive(Serialize, serde::Deserialize)]
pub(crate) struct Orders<C> {
    pub(crate) parent: u32,
    pub(crate) config: C,
}

/// One kind of child: its role and its listener, which stays open while children come and go, so
/// that no connection is refused meanwhile.
pub(crate) struct Post {
    role: &'static str,
    listener: TcpListener,
    orders: String,
}

impl Post {
    /// A post for `role`, a hidden command of this very program.
    pub(crate) fn new<C: Serialize>(
        role: &'static str,
        listener: TcpListener,
        config: C,
    ) -> anyhow::Result<Post> {
        let orders = Orders { parent: std::process::id(), config };
        let orders = serde_json::to_string(&orders).context("a child's orders")?;
        Ok(Post { role, listener, orders })
    }

    /// Keeps a child at the post until `stop` says otherwise.
    pub(crate) async fn keep(self, mut stop: watch::Receiver<bool>) {
        while !*stop.borrow() {
            let born = tokio::time::Instant::now();
            let child = match self.start() {
                Ok(child) => child,
                Err(error) => {
                    tracing::error!(role = self.role, "{error:#}");
                    sleep(RESTART_WAIT).await;
                    continue;
                }
            };
            self.watch(child, &mut stop).await;
            if !*stop.borrow() && born.elapsed() < HEALTHY_AFTER {
                tracing::warn!(role = self.role, "a child ended early and is started again");
                sleep(RESTART_WAIT).await;
            }
        }
    }

    fn start(&self) -> anyhow::Result<Child> {
        let listener: OwnedFd = self.listener.try_clone().context("a listener")?.into();
        Command::new(OWN_PROGRAM)
            .arg0("holdfast")
            .arg(self.role)
            .env(CHILD_VARIABLE, &self.orders)
            .stdin(Stdio::from(listener))
            .stdout(Stdio::piped())
            // A group of its own: Ctrl-C reaches the parent only, which then stops in order.
            .process_group(0)
            .kill_on_drop(true)
            .spawn()
            .with_context(|| format!("{} could not be started", self.role))
    }

    /// Returns as soon as the child takes no more connections: it says so by closing its output,
    /// or by writing to it, and finishes by itself what it has begun.
    async fn watch(&self, mut child: Child, stop: &mut watch::Receiver<bool>) {
        let mut output = child.stdout.take();
        let told = async {
            match &mut output {
                Some(output) => drop(output.read(&mut [0; 1]).await),
                None => std::future::pending().await,
            }
        };
        tokio::select! {
            () = told => {}
            _ = stop.wait_for(|stop| *stop) => ask_to_stop(&child),
        }
        let role = self.role;
        let last = async move {
            if timeout(STOP_PATIENCE, child.wait()).await.is_err() {
                tracing::warn!(role, "a child did not stop in time and is ended");
                let _ = child.kill().await;
            }
            drop(output);
        };
        if *stop.borrow() {
            last.await;
        } else {
            tokio::spawn(last);
        }
    }
}

fn ask_to_stop(child: &Child) {
    let pid = child.id().and_then(|pid| i32::try_from(pid).ok());
    if let Some(pid) = pid.and_then(rustix::process::Pid::from_raw) {
        // A child that is gone already has stopped.
        let _ = rustix::process::kill_process(pid, rustix::process::Signal::TERM);
    }
}
