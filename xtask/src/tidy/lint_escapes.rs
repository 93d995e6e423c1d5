//! The lints of the workspace hold everywhere, and those that guard an invariant have no exception.

use super::Finding;
use super::source::{Source, places};
use super::tree::{Package, Tree};

const RULE: &str = "lint-escapes";
const DOCS: &str = "missing_docs";

/// A lint that may not be switched off in the folders named.
const WITHOUT_EXCEPTION: &[(&str, &[&str], &str)] = &[
    (
        "wildcard_enum_match_arm",
        &["crates/core/"],
        "a new state must break every decision until someone has thought about it: name each arm",
    ),
    (
        "missing_docs",
        &["crates/core/", "crates/store/", "crates/card/", "crates/connect/"],
        "say the item's meaning, unit, range and failure",
    ),
];

pub(super) fn check(tree: &Tree) -> Vec<Finding> {
    let sources = tree.sources.iter().flat_map(escapes);
    let packages = tree.packages.iter().filter_map(|package| without_lints(tree, package));
    sources.chain(packages).collect()
}

fn escapes(source: &Source) -> Vec<Finding> {
    WITHOUT_EXCEPTION
        .iter()
        .filter(|(_, folders, _)| folders.iter().any(|folder| source.path.starts_with(folder)))
        .flat_map(|(lint, _, instead)| {
            let lines = places(&source.code, lint).into_iter().map(|it| source.line_of(it));
            // The items of a test are nobody's to read about.
            let lines = lines.filter(|it| *lint != DOCS || !source.is_test_line(*it));
            lines.map(move |line| Finding {
                path: source.path.clone(),
                line,
                rule: RULE,
                message: format!("`{lint}` has no exception here: {instead}"),
            })
        })
        .collect()
}

fn without_lints(tree: &Tree, package: &Package) -> Option<Finding> {
    let manifest = tree.text(&package.manifest)?;
    let mut lines = manifest.lines().map(str::trim).skip_while(|line| *line != "[lints]").skip(1);
    let is_inherited = lines.next() == Some("workspace = true");
    (!is_inherited).then(|| Finding {
        path: package.manifest.clone(),
        line: 0,
        rule: RULE,
        message: "the lints of the workspace do not apply: add `[lints]` with `workspace = true`"
            .to_owned(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lints_that_may_not_be_switched_off() {
        for (path, text, expected) in [
            ("crates/core/src/a.rs", "#[allow(clippy::wildcard_enum_match_arm)]", 1),
            ("crates/api/src/a.rs", "#[allow(clippy::wildcard_enum_match_arm)]", 0),
            ("crates/core/src/a.rs", "// wildcard_enum_match_arm holds here", 0),
            ("crates/store/src/a.rs", "#![allow(missing_docs)]", 1),
            ("crates/store/tests/a.rs", "#![allow(missing_docs)]", 0),
            ("crates/core/tests/a.rs", "#![allow(clippy::wildcard_enum_match_arm)]", 1),
        ] {
            let found = escapes(&Source::new(path, text));
            assert_eq!(found.len(), expected, "{path} {text}");
        }
    }

    #[test]
    fn every_package_inherits_the_lints() {
        for (manifest, is_allowed) in [
            ("[lints]\nworkspace = true\n", true),
            ("[lints]\nclippy.all = \"allow\"\n", false),
            ("[package]\nworkspace = true\n", false),
        ] {
            let mut tree = Tree::of_files(&[("crates/x/Cargo.toml", manifest)]);
            tree.packages.push(Package {
                name: "x".to_owned(),
                manifest: "crates/x/Cargo.toml".to_owned(),
                dependencies: Vec::new(),
            });
            assert_eq!(check(&tree).is_empty(), is_allowed, "{manifest}");
        }
    }
}
