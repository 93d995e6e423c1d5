//! What happened, line by line: to find out why a seed fails, and to see that two runs are one.

use std::fmt::{self, Write as _};
use std::sync::{Mutex, PoisonError};

use holdfast_core::time::Timestamp;

/// The lines so far; none at all when nobody wants them.
#[derive(Debug)]
pub(crate) struct Trace {
    lines: Option<Mutex<String>>,
}

impl Trace {
    pub(crate) fn new(wanted: bool) -> Trace {
        Trace { lines: wanted.then(Mutex::default) }
    }

    /// Writes a line, with the machine's time in seconds.
    pub(crate) fn line(&self, at: Timestamp, what: fmt::Arguments<'_>) {
        let Some(lines) = &self.lines else { return };
        let mut lines = lines.lock().unwrap_or_else(PoisonError::into_inner);
        let (seconds, ms) = (at.seconds(), at.ms().rem_euclid(1_000));
        // Writing to a string does not fail.
        let _ = writeln!(lines, "{seconds}.{ms:03} {what}");
    }

    /// All lines.
    pub(crate) fn text(&self) -> String {
        let Some(lines) = &self.lines else { return String::new() };
        lines.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }
}
