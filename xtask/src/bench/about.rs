//! The machine, as the document says it.

use anyhow::{Context, Result};

use crate::machine::{self, Machine};

use super::programs::Programs;
use super::{postgres, today};

/// What was measured where.
pub(super) struct About {
    pub(super) lines: Vec<String>,
}

pub(super) fn machine(machine: &Machine, programs: &Programs<'_>) -> Result<About> {
    let cores = machine::output(&mut machine.command("nproc"))?;
    let kernel = machine::output(machine.command("uname").arg("-sr"))?;
    let processors = std::fs::read_to_string("/proc/cpuinfo").unwrap_or_default();
    let model = value_of(&processors, "model name").unwrap_or("unknown");
    let memory = memory_kib()? >> 20;
    let commit = machine::output(machine.command("git").args(["rev-parse", "--short", "HEAD"]));
    let commit = commit.unwrap_or_else(|_| "unknown".to_owned());
    Ok(About {
        lines: vec![
            format!("- {} cores of {model}, {memory} GiB of memory", cores.trim()),
            format!(
                "- {}, {}, SQLite {}",
                kernel.trim(),
                postgres::version(machine),
                programs.sqlite()
            ),
            format!("- written on {} at commit {}", today(machine)?, commit.trim()),
        ],
    })
}

/// How much memory the machine has.
pub(super) fn memory_kib() -> Result<u64> {
    let said = std::fs::read_to_string("/proc/meminfo").context("the machine's memory")?;
    let total = value_of(&said, "MemTotal").and_then(|value| value.split(' ').next()?.parse().ok());
    total.context("the machine's memory")
}

/// How much room the disk has, in bytes.
pub(super) fn room(machine: &Machine, folder: &std::path::Path) -> Result<u64> {
    let said = machine::output(
        machine.command("df").args(["--block-size=1", "--output=avail"]).arg(folder),
    )?;
    said.lines().nth(1).and_then(|line| line.trim().parse().ok()).context("the room on the disk")
}

fn value_of<'a>(text: &'a str, name: &str) -> Option<&'a str> {
    let line = text.lines().find_map(|line| line.strip_prefix(name))?;
    Some(line.trim_start().strip_prefix(':')?.trim())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_the_system_says_is_read() {
        let text = "processor\t: 0\nmodel name\t: AMD EPYC\nMemTotal:       24600000 kB\n";
        assert_eq!(value_of(text, "model name"), Some("AMD EPYC"));
        assert_eq!(value_of(text, "MemTotal"), Some("24600000 kB"));
        assert_eq!(value_of(text, "flags"), None);
    }
}
