//! Every refusal of the core is met by a test: its code stands in at least one row.

use super::Finding;
use super::source::{Source, end_of_block, places};
use super::tree::Tree;

const RULE: &str = "refusals";
const REFUSALS: &str = "crates/core/src/refusal.rs";
const TESTED_IN: &str = "crates/core/";

pub(super) fn check(tree: &Tree) -> Vec<Finding> {
    let Some(source) = tree.sources.iter().find(|source| source.path == REFUSALS) else {
        return vec![unreadable("there is no such file")];
    };
    let codes = codes(source);
    if codes.is_empty() {
        return vec![unreadable("it has no `fn code` with arms `Self::X => \"x\"`")];
    }
    let tests: Vec<_> = tree
        .sources
        .iter()
        .filter(|source| source.path.starts_with(TESTED_IN))
        .map(Source::test_text)
        .collect();
    codes
        .into_iter()
        .filter(|(_, code)| tests.iter().all(|text| places(text, code).is_empty()))
        .map(|(line, code)| Finding {
            path: REFUSALS.to_owned(),
            line,
            rule: RULE,
            message: format!("no test of {TESTED_IN} meets `{code}`: add a row that ends in it"),
        })
        .collect()
}

fn unreadable(why: &str) -> Finding {
    let message =
        format!("the codes of the refusals cannot be read, {why}; see xtask's refusals.rs");
    Finding { path: REFUSALS.to_owned(), line: 0, rule: RULE, message }
}

/// The literals of the body of `fn code`, each with its line.
fn codes(source: &Source) -> Vec<(usize, String)> {
    let Some(body) = source
        .code
        .find("fn code(")
        .and_then(|start| source.code[start..].find('{').map(|offset| start + offset))
    else {
        return Vec::new();
    };
    let end = end_of_block(&source.code, body);
    // The literals' insides are blank in the code, and in the same place in the text.
    let quotes: Vec<_> =
        source.code[body..end].match_indices('"').map(|(it, _)| body + it).collect();
    quotes
        .chunks_exact(2)
        .map(|pair| (source.line_of(pair[0]), source.text[pair[0] + 1..pair[1]].to_owned()))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    const TWO: &str = r#"impl Refusal {
    pub fn code(self) -> &'static str {
        match self {
            Self::Spent => "spent",
            Self::TooLate => "too_late",
        }
    }
}
"#;

    #[test]
    fn each_code_needs_a_row() {
        for (refusals, tests, expected) in [
            (TWO, "refused spent\nrefused too_late", ""),
            (TWO, "refused spent", "5 `too_late`"),
            (TWO, "refused unspent\nrefused too_late_again", "4 `spent`, 5 `too_late`"),
            ("pub enum Refusal {}", "", "0 cannot be read"),
        ] {
            let text = format!("const ROWS: &str = \"{tests}\";");
            let files = [(REFUSALS, refusals), ("crates/core/tests/decide.rs", text.as_str())];
            let shown: Vec<_> = check(&Tree::of_files(&files)).iter().map(shorten).collect();
            assert_eq!(shown.join(", "), expected, "{tests}");
        }
    }

    #[test]
    fn a_row_beside_the_code_counts_and_the_code_itself_does_not() {
        let inside = format!("{TWO}#[cfg(test)]\nmod tests {{\n    // spent, too_late\n}}\n");
        assert_eq!(check(&Tree::of_files(&[(REFUSALS, &inside)])), []);
        assert_eq!(check(&Tree::of_files(&[(REFUSALS, TWO)])).len(), 2);
    }

    fn shorten(finding: &Finding) -> String {
        let words = finding.message.split(' ');
        let code =
            words.clone().find(|word| word.starts_with('`')).map(|it| it.trim_end_matches(':'));
        match finding.line {
            0 => "0 cannot be read".to_owned(),
            line => format!("{line} {}", code.unwrap_or_default()),
        }
    }
}
