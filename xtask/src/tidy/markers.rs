//! Nothing unfinished is committed, and no test is ignored.

use super::Finding;
use super::source::{Source, line_of, places};
use super::tree::{Tree, has_ending};

const RULE: &str = "markers";

/// In code.
const UNFINISHED: &[(&str, &str)] = &[
    ("todo!", "write it, or leave out what calls it"),
    ("unimplemented!", "write it, or leave out what calls it"),
    ("dbg!", "take it out; what operators need is traced"),
    ("#[ignore", "assert what happens today, wrong or not, and say so beside it"),
];

/// In comments, and anywhere in what is not Rust.
const PROMISES: &[&str] = &["FIXME", "TODO", "XXX"];
const PROMISE_INSTEAD: &str = "do it, or file it as an issue; a comment says why, not what is left";
const OTHER_LANGUAGES: &[&str] = &["js", "mjs", "py", "sql", "html", "css", "ftl", "toml"];

pub(super) fn check(tree: &Tree) -> Vec<Finding> {
    let rust = tree.sources.iter().flat_map(of_rust);
    let others = tree
        .texts
        .iter()
        .filter(|(path, _)| OTHER_LANGUAGES.iter().any(|it| has_ending(path, it)))
        .flat_map(|(path, text)| promises(path, text));
    rust.chain(others).collect()
}

fn of_rust(source: &Source) -> Vec<Finding> {
    let unfinished = UNFINISHED.iter().flat_map(|(word, instead)| {
        let places = places(&source.code, word).into_iter();
        places.map(move |place| finding(&source.path, source.line_of(place), word, instead))
    });
    unfinished.chain(promises(&source.path, &source.comments)).collect()
}

fn promises(path: &str, text: &str) -> Vec<Finding> {
    let found =
        PROMISES.iter().flat_map(|word| places(text, word).into_iter().map(move |it| (it, *word)));
    found.map(|(place, word)| finding(path, line_of(text, place), word, PROMISE_INSTEAD)).collect()
}

fn finding(path: &str, line: usize, word: &str, instead: &str) -> Finding {
    Finding { path: path.to_owned(), line, rule: RULE, message: format!("`{word}`: {instead}") }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_unfinished() {
        for (path, text, expected) in [
            ("a.rs", "fn f() { todo!() }", 1),
            ("a.rs", "fn f() {}\n// FIXME later", 1),
            ("a.rs", "let a = \"TODO\"; // a list of todos", 0),
            ("a.rs", "#[ignore = \"slow\"]\nfn f() { dbg!(1); }", 2),
            ("a.rs", "fn ignore() { unimplemented!() }", 1),
            ("a.rs", "let mask = \"XXXX-XXXX\";", 0),
            ("a.sql", "SELECT 1; -- TODO: all", 1),
            ("a.md", "TODO is a word that we do not use", 0),
        ] {
            assert_eq!(check(&Tree::of_files(&[(path, text)])).len(), expected, "{path} {text}");
        }
    }
}
