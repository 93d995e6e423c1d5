//! This process among the others of its machine: its open files, its folder, its signals.

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;

use anyhow::Context;

/// Waits for the signal that says to stop.
pub(crate) async fn until_stopped() -> anyhow::Result<()> {
    use tokio::signal::unix::{SignalKind, signal};
    let mut terminate = signal(SignalKind::terminate()).context("the stop signal")?;
    tokio::select! {
        interrupted = tokio::signal::ctrl_c() => interrupted.context("the stop signal"),
        _ = terminate.recv() => Ok(()),
    }
}

/// Each connection is an open file, and the usual limit of 1,024 is less than the servers admit.
pub(crate) fn raise_file_limit() {
    use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};
    let limit = getrlimit(Resource::Nofile);
    let raised = Rlimit { current: limit.maximum, maximum: limit.maximum };
    if let Err(error) = setrlimit(Resource::Nofile, raised) {
        // The servers bear it: they wait until a connection is closed.
        tracing::warn!(%error, "the limit of open files stays as it is");
    }
}

/// Makes the data folder, for its owner only: it holds the sandbox's keys and all payments.
pub(crate) fn make_folder(folder: &Path) -> anyhow::Result<()> {
    let shown = folder.display();
    fs::create_dir_all(folder).with_context(|| format!("the data folder {shown}"))?;
    let owner_only = fs::Permissions::from_mode(0o700);
    fs::set_permissions(folder, owner_only).with_context(|| format!("the data folder {shown}"))
}
