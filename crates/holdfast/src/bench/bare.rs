//! The reference: an axum handler that reads the request, answers fixed bytes and does nothing.

use std::net::TcpListener;
use std::process::{Child, Stdio};

use anyhow::Context;
use axum::Router;
use axum::body::Bytes;
use axum::http::header::CONTENT_TYPE;
use axum::routing::any;

/// A bare server in a process of its own, as Holdfast is, ended when this is dropped.
pub(crate) struct Bare {
    child: Child,
    /// Where it listens.
    pub(crate) address: String,
}

/// How the process is told what to answer: by its standard input's listener and this argument.
const ANSWER: &str = "--answer";

impl Bare {
    /// Starts it with the bytes that it answers.
    pub(crate) async fn start(answer: &str) -> anyhow::Result<Bare> {
        let listener = TcpListener::bind(("127.0.0.1", 0)).context("a free port")?;
        let address = listener.local_addr()?.to_string();
        let child = std::process::Command::new("/proc/self/exe")
            .args(["bench-bare", ANSWER, answer])
            .args(["--ends-with", &std::process::id().to_string()])
            .stdin(Stdio::from(std::os::fd::OwnedFd::from(listener)))
            .stderr(Stdio::null())
            .spawn()
            .context("the bare server")?;
        let bare = Bare { child, address };
        super::installation::until_listening(&bare.address).await?;
        Ok(bare)
    }
}

impl Drop for Bare {
    fn drop(&mut self) {
        // It may have ended by itself; then there is nothing to end.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// Serves the reference on a listener until the process is ended.
pub(crate) fn serve(listener: TcpListener, answer: String) -> anyhow::Result<()> {
    let answer = Bytes::from(answer);
    let handler = move |body: Bytes| async move {
        drop(body);
        ([(CONTENT_TYPE, "application/json")], answer)
    };
    let router = Router::new().fallback(any(handler));
    tokio::runtime::Runtime::new()?.block_on(async {
        listener.set_nonblocking(true)?;
        let listener = tokio::net::TcpListener::from_std(listener)?;
        axum::serve(listener, router).await.context("the bare server")
    })
}
