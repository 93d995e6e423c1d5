//! No function and no file grows long, and what is long already only ever shrinks.

mod functions;

use std::collections::BTreeMap;

use self::functions::Function;
use super::Finding;
use super::source::Source;
use super::tree::Tree;

/// The lengths that are let pass.
pub(super) const RATCHET: &str = "xtask/function-length.txt";
const RULE: &str = "lengths";

/// No function may be longer, and no entry of the ratchet lets one be.
const FUNCTION_HARD: usize = 70;
/// A longer function that is no test needs an entry, and none may grow past it.
const FUNCTION_FREE: usize = 50;
/// A file with more lines that are no test needs an entry with a reason.
const FILE_FREE: usize = 600;

pub(super) fn check(tree: &Tree) -> Vec<Finding> {
    let (entries, mut findings) = entries(tree);
    let mut unused = entries.clone();
    for found in found(tree) {
        unused.remove(&found.key);
        findings.extend(problem(&found, entries.get(&found.key)));
    }
    findings.extend(unused.iter().map(|((_, path), entry)| stale(path, entry.line)));
    findings
}

/// The ratchet with each entry lowered to what the sources need, and without those they need not.
pub(super) fn tightened(tree: &Tree) -> String {
    let found: BTreeMap<_, _> = found(tree).map(|it| (it.key, it.lines)).collect();
    let mut text = String::new();
    for line in tree.text(RATCHET).unwrap_or_default().lines() {
        match parse(line) {
            Some((key, lines, reason)) => {
                let Some(needed) = found.get(&key) else {
                    continue;
                };
                let lines = lines.min(*needed);
                text += format!("{} {} {lines} {reason}", key.0.word(), key.1).trim_end();
            }
            None => text += line,
        }
        text.push('\n');
    }
    text
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum What {
    Function,
    File,
}

impl What {
    const fn word(self) -> &'static str {
        match self {
            Self::Function => "function",
            Self::File => "file",
        }
    }
}

type Key = (What, String);

#[derive(Clone, Copy)]
struct Entry {
    /// In the ratchet.
    line: usize,
    lines: usize,
    has_reason: bool,
}

/// A file, or the longest function of one, that is longer than is free.
struct Found {
    key: Key,
    name: String,
    line: usize,
    lines: usize,
}

fn found(tree: &Tree) -> impl Iterator<Item = Found> + '_ {
    tree.sources.iter().flat_map(|source| [long_function(source), long_file(source)]).flatten()
}

fn long_function(source: &Source) -> Option<Found> {
    let functions = functions::of(source).into_iter();
    // The rows of a test's table are as many as there are cases, up to what no function may pass.
    let is_counted = |it: &Function| it.lines > FUNCTION_HARD || !source.is_test_line(it.line);
    let longest = functions.filter(is_counted).max_by_key(|it| it.lines)?;
    (longest.lines > FUNCTION_FREE).then(|| Found {
        key: (What::Function, source.path.clone()),
        name: longest.name,
        line: longest.line,
        lines: longest.lines,
    })
}

fn long_file(source: &Source) -> Option<Found> {
    let lines = source.lines_without_tests();
    (lines > FILE_FREE).then(|| Found {
        key: (What::File, source.path.clone()),
        name: source.path.clone(),
        line: 0,
        lines,
    })
}

fn problem(found: &Found, entry: Option<&Entry>) -> Option<Finding> {
    let Found { key: (what, path), name, line, lines } = found;
    let message = match (what, entry) {
        (What::Function, _) if *lines > FUNCTION_HARD => {
            format!("`{name}` has {lines} lines of at most {FUNCTION_HARD}: split it")
        }
        (What::Function, None) => format!(
            "`{name}` has {lines} lines, of 30 as they should be: split it, or let it pass with \
             `function {path} {lines}` in {RATCHET}"
        ),
        (What::File, None) => format!(
            "{lines} lines without tests, of {FILE_FREE}: split the file, or say why not with \
             `file {path} {lines} REASON` in {RATCHET}"
        ),
        (What::File, Some(entry)) if !entry.has_reason => {
            format!("its entry in {RATCHET} gives no reason")
        }
        (_, Some(entry)) if *lines > entry.lines => {
            format!("`{name}` grew from {} to {lines} lines: split it", entry.lines)
        }
        // A table may lose a row without a word; a function that shrank stays as short.
        (What::Function, Some(entry)) if *lines < entry.lines => {
            return Some(stale(path, entry.line));
        }
        (_, Some(_)) => return None,
    };
    Some(Finding { path: path.clone(), line: *line, rule: RULE, message })
}

fn stale(path: &str, line: usize) -> Finding {
    let message = format!("{path} is shorter than its entry: run `cargo xtask tidy --tighten`");
    Finding { path: RATCHET.to_owned(), line, rule: RULE, message }
}

fn entries(tree: &Tree) -> (BTreeMap<Key, Entry>, Vec<Finding>) {
    let mut entries = BTreeMap::new();
    let mut findings = Vec::new();
    for (index, text) in tree.text(RATCHET).unwrap_or_default().lines().enumerate() {
        let line = index + 1;
        if let Some((key, lines, reason)) = parse(text) {
            entries.insert(key, Entry { line, lines, has_reason: !reason.is_empty() });
        } else if !text.trim().is_empty() && !text.starts_with('#') {
            let message = "neither `function PATH LINES` nor `file PATH LINES REASON`".to_owned();
            findings.push(Finding { path: RATCHET.to_owned(), line, rule: RULE, message });
        }
    }
    (entries, findings)
}

/// An entry: what it lets pass, how many lines, and why.
fn parse(text: &str) -> Option<(Key, usize, &str)> {
    let mut words = text.splitn(4, ' ');
    let what = match words.next()? {
        "function" => What::Function,
        "file" => What::File,
        _ => return None,
    };
    let path = words.next()?.to_owned();
    let lines = words.next()?.parse().ok()?;
    Some(((what, path), lines, words.next().unwrap_or_default()))
}

#[cfg(test)]
mod tests {
    use super::*;

    const PATH: &str = "crates/x/src/a.rs";

    fn function(lines: usize) -> String {
        format!("fn f() {{\n{}}}\n", "    g();\n".repeat(lines - 2))
    }

    #[test]
    fn functions_and_their_entries() {
        let entry = format!("function {PATH} 60");
        for (lines, ratchet, expected) in [
            (50, "", ""),
            (51, "", "let it pass with"),
            (60, &*entry, ""),
            (61, &*entry, "grew from 60 to 61"),
            (59, &*entry, "is shorter than its entry"),
            (20, &*entry, "is shorter than its entry"),
            (71, &*format!("function {PATH} 71"), "of at most 70"),
            (20, "functoin a.rs 60", "neither"),
            (20, "# why\n\n", ""),
        ] {
            check_one(&function(lines), ratchet, expected);
        }
    }

    #[test]
    fn files_and_their_entries() {
        let entry = format!("file {PATH} 700 a table");
        for (lines, ratchet, expected) in [
            (600, "", ""),
            (601, "", "say why not with"),
            (700, &*entry, ""),
            (650, &*entry, ""),
            (701, &*entry, "grew from 700 to 701"),
            (600, &*entry, "is shorter than its entry"),
            (700, &*format!("file {PATH} 700"), "gives no reason"),
        ] {
            check_one(&"const A: u8 = 1;\n".repeat(lines), ratchet, expected);
        }
    }

    #[test]
    fn a_table_of_a_test_may_be_longer_but_not_too_long() {
        for (lines, is_allowed) in [(70, true), (71, false)] {
            let text = format!("#[cfg(test)]\nmod tests {{\n{}}}\n", function(lines));
            let found = check(&Tree::of_files(&[(PATH, &text)]));
            assert_eq!(found.is_empty(), is_allowed, "{lines}");
        }
    }

    fn check_one(text: &str, ratchet: &str, expected: &str) {
        let findings = check(&Tree::of_files(&[(PATH, text), (RATCHET, ratchet)]));
        let shown: Vec<_> = findings.iter().map(ToString::to_string).collect();
        let count = usize::from(!expected.is_empty());
        assert_eq!(shown.len(), count, "{ratchet}: {shown:?}");
        assert!(shown.join("").contains(expected), "{ratchet}: {shown:?}");
    }

    #[test]
    fn tightening_lowers_and_drops_and_never_raises() {
        let ratchet =
            format!("# why\nfunction {PATH} 60\nfunction gone.rs 55\nfile {PATH} 700 x y\n");
        for (lines, expected) in [
            (55, format!("# why\nfunction {PATH} 55\n")),
            (65, format!("# why\nfunction {PATH} 60\n")),
        ] {
            let tree = Tree::of_files(&[(PATH, &function(lines)), (RATCHET, &ratchet)]);
            assert_eq!(tightened(&tree), expected);
        }
    }
}
