//! No line of Rust is wider than the page. rustfmt leaves comments and literals as they are.

use super::Finding;
use super::tree::Tree;

/// In characters, as in rustfmt.toml.
const WIDTH: usize = 100;

pub(super) fn check(tree: &Tree) -> Vec<Finding> {
    tree.sources.iter().flat_map(|source| problems(&source.path, &source.text)).collect()
}

fn problems(path: &str, text: &str) -> Vec<Finding> {
    text.lines()
        .enumerate()
        .map(|(index, line)| (index + 1, line, line.chars().count()))
        // An address cannot be broken.
        .filter(|(_, line, width)| *width > WIDTH && !line.contains("://"))
        .map(|(line, _, width)| Finding {
            path: path.to_owned(),
            line,
            rule: "line-width",
            message: format!("{width} columns of at most {WIDTH}: break the line"),
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn widths() {
        for (line, is_allowed) in [
            ("x".repeat(100), true),
            ("x".repeat(101), false),
            ("é".repeat(100), true),
            (format!("// https://{}", "x".repeat(100)), true),
        ] {
            assert_eq!(problems("a.rs", &line).is_empty(), is_allowed, "{line}");
        }
    }
}
