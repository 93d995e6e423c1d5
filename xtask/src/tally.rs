//! How many tests passed and failed, read from the last words of whoever ran them.

use std::fmt;
use std::io::{BufRead, BufReader, Read};
use std::ops::AddAssign;

use crate::say;

/// Tests that ran.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Tally {
    pub(crate) passed: u32,
    pub(crate) failed: u32,
}

impl AddAssign for Tally {
    fn add_assign(&mut self, other: Self) {
        self.passed += other.passed;
        self.failed += other.failed;
    }
}

impl fmt::Display for Tally {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} passed, {} failed", self.passed, self.failed)
    }
}

/// Prints all that is read, line by line, and returns the last tally that `parse` sees in it.
pub(crate) fn relay(reader: impl Read, parse: fn(&str) -> Option<Tally>) -> Option<Tally> {
    let mut last = None;
    for line in BufReader::new(reader).split(b'\n').map_while(Result::ok) {
        let line = String::from_utf8_lossy(&line);
        last = parse(&line).or(last);
        say::line(line);
    }
    last
}

/// Reads `Summary [ 0.1s] 9 tests run: 7 passed (1 slow), 1 failed, 1 timed out, 0 skipped`.
pub(crate) fn of_nextest(line: &str) -> Option<Tally> {
    let (head, counts) =
        line.split_once("tests run: ").or_else(|| line.split_once("test run: "))?;
    if !head.trim_start().starts_with("Summary") {
        return None;
    }
    let mut tally = Tally::default();
    for part in counts.split(',').map(str::trim) {
        let Some((count, what)) = part.split_once(' ') else {
            continue;
        };
        let Ok(count) = count.parse::<u32>() else {
            continue;
        };
        match what.split('(').next().unwrap_or_default().trim() {
            "passed" => tally.passed += count,
            "failed" | "timed out" | "exec failed" => tally.failed += count,
            _ => {}
        }
    }
    Some(tally)
}

/// Reads the plain closing line `7 passed, 1 failed`.
pub(crate) fn of_plain_line(line: &str) -> Option<Tally> {
    let (passed, failed) = line.trim().split_once(" passed, ")?;
    let failed = failed.strip_suffix(" failed")?;
    Some(Tally { passed: passed.parse().ok()?, failed: failed.parse().ok()? })
}

#[cfg(test)]
mod tests {
    use super::*;

    const fn tally(passed: u32, failed: u32) -> Option<Tally> {
        Some(Tally { passed, failed })
    }

    #[test]
    fn summaries_of_nextest() {
        for (line, expected) in [
            ("     Summary [   0.005s] 3 tests run: 3 passed, 0 skipped", tally(3, 0)),
            ("     Summary [   1.2s] 1 test run: 1 passed, 7 skipped", tally(1, 0)),
            ("Summary [ 9s] 5/9 tests run: 3 passed (1 slow, 1 leaky), 2 failed", tally(3, 2)),
            (
                "Summary [ 9s] 4 tests run: 1 passed, 1 failed, 1 timed out, 1 exec failed",
                tally(1, 3),
            ),
            ("Summary [ 0s] 0 tests run: 0 passed, 4 skipped", tally(0, 0)),
            ("stdout: 3 tests run: 3 passed", None),
            ("    Starting 7 tests across 3 binaries", None),
        ] {
            assert_eq!(of_nextest(line), expected, "{line}");
        }
    }

    #[test]
    fn plain_closing_lines() {
        for (line, expected) in [
            ("12 passed, 0 failed", tally(12, 0)),
            ("  1 passed, 2 failed \r", tally(1, 2)),
            ("12 passed", None),
            ("checks: 1 passed, 2 failed", None),
            ("1 passed, 2 failed, so there", None),
        ] {
            assert_eq!(of_plain_line(line), expected, "{line}");
        }
    }

    #[test]
    fn the_last_tally_counts() {
        let text: &[u8] = b"1 passed, 0 failed\n\xff\n5 passed, 1 failed\nbye";
        assert_eq!(relay(text, of_plain_line), tally(5, 1));
    }
}
