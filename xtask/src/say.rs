//! What xtask prints. Output that nobody reads any more (a closed pipe) is no reason to stop.

use std::fmt::Display;
use std::io::Write;

/// Prints one line for the person who runs the task.
pub(crate) fn line(text: impl Display) {
    let mut out = std::io::stdout().lock();
    writeln!(out, "{text}").and_then(|()| out.flush()).ok();
}

/// Prints one line on standard error.
pub(crate) fn problem(text: impl Display) {
    let mut err = std::io::stderr().lock();
    writeln!(err, "{text}").and_then(|()| err.flush()).ok();
}
