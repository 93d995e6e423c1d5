//! What a run says beside passing: its figures, and how to repeat it when it failed.

use std::io::Write;

/// Writes a line that `cargo nextest` shows of a test that failed, or when asked to show all.
pub(crate) fn line(text: &str) {
    // A test whose output nobody reads goes on.
    let _ = writeln!(std::io::stderr(), "{text}");
}

/// Fails with all problems at once: the second often explains the first.
#[track_caller]
pub(crate) fn refuse(what: &str, problems: &[String]) {
    assert!(problems.is_empty(), "{what}: {} problems\n{}", problems.len(), problems.join("\n"));
}
