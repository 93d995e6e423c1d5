//! Finds the functions of a source, and how many lines each has.

use crate::tidy::source::{Source, end_of_block, places};

pub(super) struct Function {
    pub(super) name: String,
    /// Where it begins.
    pub(super) line: usize,
    /// From `fn` to its closing bracket, without blank lines and those that only comment.
    pub(super) lines: usize,
}

/// Every function with a body, and those inside of others too.
pub(super) fn of(source: &Source) -> Vec<Function> {
    places(&source.code, "fn").into_iter().filter_map(|place| function(source, place)).collect()
}

fn function(source: &Source, place: usize) -> Option<Function> {
    let code = &source.code;
    let name: String = code[place + "fn".len()..]
        .trim_start()
        .chars()
        .take_while(|it| it.is_alphanumeric() || *it == '_')
        .collect();
    // `fn(u8) -> u8` is a type, and `fn $name` is for a macro to say.
    if name.is_empty() {
        return None;
    }
    let end = end_of_block(code, body(code, place)?);
    let (first, last) = (source.line_of(place), source.line_of(end - 1));
    Some(Function { name, line: first, lines: counted(source, first, last) })
}

/// Where the body opens. A function of a trait may have none.
fn body(code: &str, place: usize) -> Option<usize> {
    let mut depth = 0_i32;
    for (offset, byte) in code.bytes().enumerate().skip(place) {
        match byte {
            b'(' | b'[' => depth += 1,
            b')' | b']' => depth -= 1,
            b'{' if depth == 0 => return Some(offset),
            b';' if depth == 0 => return None,
            _ => {}
        }
    }
    None
}

/// A line of a literal is blank in the code, and counts as the code it is.
fn counted(source: &Source, first: usize, last: usize) -> usize {
    let lines = source.text.lines().zip(source.comments.lines());
    lines
        .skip(first - 1)
        .take(last - first + 1)
        .filter(|(text, comment)| text.trim() != comment.trim())
        .count()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_of_functions() {
        for (text, expected) in [
            ("fn a() {}", "a 1"),
            ("fn a() {\n    // why\n\n    b();\n    /* and\n    why */\n}", "a 3"),
            ("fn a() {\n    b(); // why\n}", "a 3"),
            ("fn a() {\n    b(\"{\n  // no comment\n\");\n}", "a 5"),
            ("trait T { fn a(&self) -> [u8; 3]; fn b(&self) { c() } }", "b 1"),
            ("fn a(f: fn(u8) -> u8) -> [u8; 3]\nwhere\n    F: B,\n{\n}", "a 5"),
            ("fn a() {\n    fn b() {\n    }\n}", "a 4, b 2"),
            ("pub(crate) async fn a<'x>(x: &'x str) {\n}", "a 2"),
            ("macro_rules! m { ($n:ident) => { fn $n() {} } }", ""),
            ("// fn a() {}\nlet s = \"fn b() {}\";", ""),
        ] {
            let found = of(&Source::new("a.rs", text));
            let shown: Vec<_> =
                found.iter().map(|it| format!("{} {}", it.name, it.lines)).collect();
            assert_eq!(shown.join(", "), expected, "{text}");
        }
    }
}
