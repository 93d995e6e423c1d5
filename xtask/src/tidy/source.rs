//! One Rust source file, as the rules read it.

use super::mask::{is_word, mask};

/// A Rust source with its code, its comments and its tests told apart.
pub(super) struct Source {
    /// From the root of the repository, with `/`.
    pub(super) path: String,
    pub(super) text: String,
    /// The text without comments and without what literals say, byte for byte in the same place.
    pub(super) code: String,
    /// The comments alone, byte for byte in the same place.
    pub(super) comments: String,
    /// For each line whether it is part of a test.
    tests: Vec<bool>,
}

impl Source {
    pub(super) fn new(path: &str, text: &str) -> Self {
        let masked = mask(text);
        let tests = test_lines(path, &masked.code);
        Self {
            path: path.to_owned(),
            text: text.to_owned(),
            code: masked.code,
            comments: masked.comments,
            tests,
        }
    }

    /// Whether the line, counted from 1, is part of a test.
    pub(super) fn is_test_line(&self, line: usize) -> bool {
        line.checked_sub(1).and_then(|index| self.tests.get(index)).copied().unwrap_or(false)
    }

    /// How many lines are no part of a test.
    pub(super) fn lines_without_tests(&self) -> usize {
        self.tests.iter().filter(|is_test| !**is_test).count()
    }

    /// The text of the tests, or nothing.
    pub(super) fn test_text(&self) -> String {
        let lines = self.text.lines().zip(&self.tests).filter(|(_, is_test)| **is_test);
        lines.map(|(line, _)| line).collect::<Vec<_>>().join("\n")
    }

    /// The line of a place in the text, counted from 1.
    pub(super) fn line_of(&self, place: usize) -> usize {
        line_of(&self.code, place)
    }
}

pub(super) fn line_of(text: &str, place: usize) -> usize {
    text.bytes().take(place).filter(|byte| *byte == b'\n').count() + 1
}

/// Where `name` stands in the code as a word, or as a path of words.
pub(super) fn places(code: &str, name: &str) -> Vec<usize> {
    let bytes = code.as_bytes();
    code.match_indices(name)
        .map(|(start, _)| start)
        .filter(|start| {
            let goes_on_before = start.checked_sub(1).is_some_and(|place| is_word(bytes[place]));
            let goes_on_after = bytes.get(start + name.len()).is_some_and(|byte| is_word(*byte));
            let ends_in_word = name.bytes().last().is_some_and(is_word);
            !(goes_on_before || ends_in_word && goes_on_after)
        })
        .collect()
}

/// The place after the bracket that closes the one at `open`; the end of the code if none does.
pub(super) fn end_of_block(code: &str, open: usize) -> usize {
    let mut depth = 0_usize;
    for (place, byte) in code.bytes().enumerate().skip(open) {
        match byte {
            b'{' => depth += 1,
            b'}' if depth <= 1 => return place + 1,
            b'}' => depth -= 1,
            _ => {}
        }
    }
    code.len()
}

fn test_lines(path: &str, code: &str) -> Vec<bool> {
    let is_test_file = path.split('/').any(|part| matches!(part, "tests" | "tests.rs" | "benches"));
    let mut lines = vec![is_test_file; code.lines().count()];
    for (start, _) in code.match_indices("#[cfg(test)]") {
        let end = end_of_item(code, start);
        let last = line_of(code, end.saturating_sub(1)).min(lines.len());
        lines[line_of(code, start) - 1..last].fill(true);
    }
    lines
}

/// The end of the item that follows: of its block, or of its line if it has none.
fn end_of_item(code: &str, start: usize) -> usize {
    match code[start..].find(['{', ';']).map(|offset| start + offset) {
        Some(place) if code.as_bytes()[place] == b'{' => end_of_block(code, place),
        Some(place) => place + 1,
        None => code.len(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tests_are_told_from_the_rest() {
        let module = "fn a() {}\n#[cfg(test)]\nmod tests {\n    fn b() {}\n}\nfn c() {}\n";
        let declaration = "#[cfg(test)]\nmod tests;\nfn a() {\n}\n";
        for (path, text, expected) in [
            ("crates/x/src/a.rs", module, ".####."),
            ("crates/x/src/a.rs", declaration, "##.."),
            ("crates/x/tests/a.rs", "fn a() {}\n", "#"),
            ("crates/x/src/a/tests.rs", "fn a() {}\n", "#"),
            ("crates/x/src/attests.rs", "fn a() {}\n", "."),
            ("crates/x/src/a.rs", "// #[cfg(test)]\nfn a() {}\n", ".."),
        ] {
            let source = Source::new(path, text);
            let marks: String =
                source.tests.iter().map(|is_test| if *is_test { '#' } else { '.' }).collect();
            assert_eq!(marks, expected, "{path} {text}");
        }
    }

    #[test]
    fn words_are_whole_words() {
        for (code, name, expected) in [
            ("f64 xf64 f64x (f64)", "f64", vec![0, 15]),
            ("std::env::var", "std::env", vec![0]),
            ("env::var env!(x) myenv::var", "env::", vec![0]),
            ("as_secs_f64()", "f64", vec![]),
        ] {
            assert_eq!(places(code, name), expected, "{code}");
        }
    }
}
