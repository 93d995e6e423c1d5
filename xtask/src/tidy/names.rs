//! Names that may stand in one place only.

use super::Finding;
use super::source::{Source, places};
use super::tree::Tree;

/// Words, and the places where they may stand.
struct Reserved {
    rule: &'static str,
    words: &'static [&'static str],
    /// Beginnings of the paths of those who may.
    homes: &'static [&'static str],
    /// Whether every test may as well.
    in_tests: bool,
    instead: &'static str,
}

const RESERVED: &[Reserved] = &[
    Reserved {
        rule: "card-names",
        words: &["CardNumber", "SecurityCode"],
        homes: &["crates/card/"],
        in_tests: false,
        instead: "a card number exists in crates/card alone; use the token and the card's summary",
    },
    Reserved {
        rule: "environment",
        words: &["std::env", "env::"],
        homes: &["crates/holdfast/", "xtask/", "examples/bazaar/src/main.rs"],
        in_tests: true,
        instead: "only crates/holdfast reads the environment; take it as configuration",
    },
    Reserved {
        rule: "floats",
        words: &["f32", "f64"],
        homes: &["crates/risk/"],
        in_tests: false,
        instead: "floats are for crates/risk; count in the smallest unit, with whole numbers",
    },
];

pub(super) fn check(tree: &Tree) -> Vec<Finding> {
    tree.sources.iter().flat_map(problems).collect()
}

fn problems(source: &Source) -> Vec<Finding> {
    let foreign = RESERVED
        .iter()
        .filter(|reserved| !reserved.homes.iter().any(|home| source.path.starts_with(home)));
    let mut findings: Vec<_> = foreign.flat_map(|reserved| uses(source, reserved)).collect();
    // `std::env::var` is both `std::env` and `env::`.
    findings.dedup_by_key(|finding| (finding.line, finding.rule));
    findings
}

fn uses(source: &Source, reserved: &Reserved) -> Vec<Finding> {
    let mut lines: Vec<_> = reserved
        .words
        .iter()
        .flat_map(|word| places(&source.code, word).into_iter().map(move |it| (it, *word)))
        .map(|(place, word)| (source.line_of(place), word))
        .filter(|(line, _)| !(reserved.in_tests && source.is_test_line(*line)))
        .collect();
    lines.sort_unstable();
    lines
        .into_iter()
        .map(|(line, word)| Finding {
            path: source.path.clone(),
            line,
            rule: reserved.rule,
            message: format!(
                "`{}` has no place here: {}",
                word.trim_end_matches(':'),
                reserved.instead
            ),
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn who_may_say_what() {
        for (path, text, expected) in [
            ("crates/card/src/number.rs", "struct CardNumber;", ""),
            ("crates/api/src/lib.rs", "fn f(n: CardNumber) {}", "1 card-names"),
            ("crates/api/tests/a.rs", "\nfn f(n: SecurityCode) {}", "2 card-names"),
            ("crates/api/src/lib.rs", "// CardNumber\nlet a = \"CardNumber\";", ""),
            ("crates/api/src/lib.rs", "struct CardNumberRefused;", ""),
            ("crates/holdfast/src/main.rs", "std::env::var(\"A\")", ""),
            ("crates/engine/src/lib.rs", "std::env::var(\"A\")", "1 environment"),
            ("crates/engine/src/lib.rs", "use std::{env, fs};\nenv::args()", "2 environment"),
            ("crates/engine/src/lib.rs", "use std::env;", "1 environment"),
            ("crates/engine/src/lib.rs", "env!(\"CARGO_PKG_VERSION\")", ""),
            ("crates/engine/tests/a.rs", "std::env::var(\"A\")", ""),
            ("crates/engine/src/lib.rs", "#[cfg(test)]\nmod tests { use std::env; }", ""),
            ("examples/bazaar/src/main.rs", "std::env::var(\"A\")", ""),
            ("examples/bazaar/src/lib.rs", "std::env::var(\"A\")", "1 environment"),
            ("crates/risk/src/lib.rs", "fn f(x: f64) {}", ""),
            ("crates/core/src/money.rs", "fn f(x: f64, y: f32) {}", "1 floats"),
            ("crates/core/src/money.rs", "duration.as_secs_f64()", ""),
            ("crates/core/tests/money.rs", "let x = 1 as f64;", "1 floats"),
        ] {
            let found = problems(&Source::new(path, text));
            let shown: Vec<_> = found.iter().map(|it| format!("{} {}", it.line, it.rule)).collect();
            assert_eq!(shown.join(", "), expected, "{path} {text}");
        }
    }
}
