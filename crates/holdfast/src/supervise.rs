//! The other processes of the program: started, replaced when they end, stopped with it.

use std::net::TcpListener;
use std::os::fd::OwnedFd;
use std::process::Stdio;
use std::sync::Arc;
use std::time::Duration;

use anyhow::Context;
use serde::Serialize;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::UnixStream;
use tokio::net::unix::OwnedWriteHalf;
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
/// How long a child may take to hear a line. One that does not listen goes by what is no longer so,
/// and is replaced.
const HEAR_PATIENCE: Duration = Duration::from_secs(2);

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
    news: Option<watch::Receiver<Arc<str>>>,
}

/// A child, and the line to it: its standard output, which goes both ways.
struct Started {
    child: Child,
    line: UnixStream,
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
        Ok(Post { role, listener, orders, news: None })
    }

    /// The same, whose children are told a line at their start and whenever it is another.
    pub(crate) fn telling(self, news: watch::Receiver<Arc<str>>) -> Post {
        Post { news: Some(news), ..self }
    }

    /// Keeps a child at the post until `stop` says otherwise.
    pub(crate) async fn keep(self, mut stop: watch::Receiver<bool>) {
        while !*stop.borrow() {
            let born = tokio::time::Instant::now();
            let started = match self.start() {
                Ok(started) => started,
                Err(error) => {
                    tracing::error!(role = self.role, "{error:#}");
                    sleep(RESTART_WAIT).await;
                    continue;
                }
            };
            self.watch(started, &mut stop).await;
            if !*stop.borrow() && born.elapsed() < HEALTHY_AFTER {
                tracing::warn!(role = self.role, "a child ended early and is started again");
                sleep(RESTART_WAIT).await;
            }
        }
    }

    fn start(&self) -> anyhow::Result<Started> {
        let listener: OwnedFd = self.listener.try_clone().context("a listener")?.into();
        let (line, childs) = std::os::unix::net::UnixStream::pair().context("a line")?;
        line.set_nonblocking(true).context("a line")?;
        let line = UnixStream::from_std(line).context("a line")?;
        let child = Command::new(OWN_PROGRAM)
            .arg0("holdfast")
            .arg(self.role)
            .env(CHILD_VARIABLE, &self.orders)
            .stdin(Stdio::from(listener))
            .stdout(Stdio::from(OwnedFd::from(childs)))
            // A group of its own: Ctrl-C reaches the parent only, which then stops in order.
            .process_group(0)
            .kill_on_drop(true)
            .spawn()
            .with_context(|| format!("{} could not be started", self.role))?;
        Ok(Started { child, line })
    }

    /// Returns as soon as the child takes no more connections: it says so by closing its output,
    /// or by writing to it, and finishes by itself what it has begun.
    async fn watch(&self, started: Started, stop: &mut watch::Receiver<bool>) {
        let Started { mut child, line } = started;
        let (mut output, input) = line.into_split();
        // To the child's very end: also what it finishes goes by what is so now.
        let mut telling = tokio::spawn(tell(input, self.news.clone()));
        let (role, mut word) = (self.role, [0; 1]);
        tokio::select! {
            _ = output.read(&mut word) => {}
            _ = stop.wait_for(|stop| *stop) => ask_to_stop(&child),
            _ = &mut telling => {
                tracing::warn!(role, "a child does not listen and is replaced");
                ask_to_stop(&child);
            }
        }
        let last = async move {
            if timeout(STOP_PATIENCE, child.wait()).await.is_err() {
                tracing::warn!(role, "a child did not stop in time and is ended");
                let _ = child.kill().await;
            }
            telling.abort();
            drop(output);
        };
        if *stop.borrow() {
            last.await;
        } else {
            tokio::spawn(last);
        }
    }
}

/// Tells a child the line at its start and whenever it is another. Ends only if the child does not
/// hear it.
async fn tell(mut child: OwnedWriteHalf, news: Option<watch::Receiver<Arc<str>>>) {
    if let Some(mut news) = news {
        loop {
            let line = Arc::clone(&news.borrow_and_update());
            match timeout(HEAR_PATIENCE, child.write_all(line.as_bytes())).await {
                Ok(Ok(())) => {}
                Ok(Err(_)) | Err(_) => return,
            }
            if news.changed().await.is_err() {
                break;
            }
        }
    }
    // Nothing is left to say; the line stays open, since its end would mean the parent's.
    std::future::pending::<()>().await;
}

fn ask_to_stop(child: &Child) {
    let pid = child.id().and_then(|pid| i32::try_from(pid).ok());
    if let Some(pid) = pid.and_then(rustix::process::Pid::from_raw) {
        // A child that is gone already has stopped.
        let _ = rustix::process::kill_process(pid, rustix::process::Signal::TERM);
    }
}
