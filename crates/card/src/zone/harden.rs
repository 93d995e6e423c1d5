//! What a process does so that its memory stays its own.

use std::io;

use rustix::process::{Resource, Rlimit, setrlimit};

/// No core dump, now or later, and no tracing by other processes of the same user.
///
/// # Errors
/// What the system says. A zone that cannot protect its memory must not take cards.
pub(super) fn process() -> io::Result<()> {
    setrlimit(Resource::Core, Rlimit { current: Some(0), maximum: Some(0) })?;
    not_dumpable()
}

/// Also closes `/proc/PID/mem` to all but root.
#[cfg(target_os = "linux")]
fn not_dumpable() -> io::Result<()> {
    use rustix::process::{DumpableBehavior, set_dumpable_behavior};
    Ok(set_dumpable_behavior(DumpableBehavior::NotDumpable)?)
}

/// Other systems have the limit alone.
#[cfg(not(target_os = "linux"))]
fn not_dumpable() -> io::Result<()> {
    Ok(())
}

#[cfg(all(test, target_os = "linux"))]
mod tests {
    use rustix::process::{DumpableBehavior, Resource, dumpable_behavior, getrlimit};

    #[test]
    fn a_hardened_process_leaves_no_core_and_cannot_be_traced() {
        assert!(super::process().is_ok());
        let core = getrlimit(Resource::Core);
        assert_eq!((core.current, core.maximum), (Some(0), Some(0)));
        assert_eq!(dumpable_behavior().ok(), Some(DumpableBehavior::NotDumpable));
        assert!(super::process().is_ok(), "twice is as good as once");
    }
}
