//! The little that a shop's text on the page may hold beside plain words: lines, and links written
//! `[words](https://shop.example/terms)`, as in the dialect.

/// A piece of a text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Piece<'a> {
    /// Plain words.
    Words(&'a str),
    /// Words that lead to a page of the shop.
    Link {
        /// What the buyer reads.
        words: &'a str,
        /// An address of `http` or `https`, without blanks.
        url: &'a str,
    },
    /// The next line begins.
    Line,
}

/// The pieces of a text, in their order. What only resembles a link is plain words.
pub fn pieces(text: &str) -> Vec<Piece<'_>> {
    let mut pieces = Vec::new();
    for (number, line) in text.lines().enumerate() {
        if number > 0 {
            pieces.push(Piece::Line);
        }
        pieces_of_line(line, &mut pieces);
    }
    pieces
}

/// Whether a text leads anywhere.
pub fn has_link(text: &str) -> bool {
    pieces(text).iter().any(|piece| matches!(piece, Piece::Link { .. }))
}

fn pieces_of_line<'a>(line: &'a str, pieces: &mut Vec<Piece<'a>>) {
    let mut rest = line;
    let mut searched = 0;
    while let Some(at) = rest[searched..].find('[').map(|at| at + searched) {
        let Some((words, url, after)) = link(&rest[at..]) else {
            searched = at + 1;
            continue;
        };
        if at > 0 {
            pieces.push(Piece::Words(&rest[..at]));
        }
        pieces.push(Piece::Link { words, url });
        (rest, searched) = (after, 0);
    }
    if !rest.is_empty() {
        pieces.push(Piece::Words(rest));
    }
}

/// A link at the start of a text, and what follows it.
fn link(text: &str) -> Option<(&str, &str, &str)> {
    let (words, rest) = text.strip_prefix('[')?.split_once("](")?;
    let (url, after) = rest.split_once(')')?;
    let host = url.strip_prefix("https://").or_else(|| url.strip_prefix("http://"))?;
    let is_plain = url.bytes().all(|byte| byte.is_ascii_graphic());
    let has_host = host.starts_with(|first: char| first.is_ascii_alphanumeric());
    let is_link = is_plain && has_host && !words.trim().is_empty() && !words.contains('[');
    is_link.then_some((words, url, after))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(text: &str) -> String {
        let shown = pieces(text).into_iter().map(|piece| match piece {
            Piece::Words(words) => words.to_owned(),
            Piece::Link { words, url } => format!("<{words}|{url}>"),
            Piece::Line => "/".to_owned(),
        });
        shown.collect()
    }

    #[test]
    fn links_and_lines_are_told_from_words() {
        let table = [
            ("", ""),
            ("Plain.", "Plain."),
            ("One\ntwo\r\n\nthree", "One/two//three"),
            (
                "I accept the [terms](https://shop.example/terms).",
                "I accept the <terms|https://shop.example/terms>.",
            ),
            ("[a](http://x)[b](https://y)", "<a|http://x><b|https://y>"),
            ("[1] see [it](https://x)", "[1] see <it|https://x>"),
            ("[x](javascript:alert(1))", "[x](javascript:alert(1))"),
            ("[x](https://a b)", "[x](https://a b)"),
            ("[x](https://)", "[x](https://)"),
            ("[ ](https://x)", "[ ](https://x)"),
            ("[x](https://a\n)", "[x](https://a/)"),
            ("[x] (https://a)", "[x] (https://a)"),
            ("[[[[", "[[[["),
            ("[شروط](https://x)", "<شروط|https://x>"),
        ];
        for (text, expected) in table {
            assert_eq!(shown(text), expected, "{text}");
            assert_eq!(has_link(text), expected.contains('|'), "{text}");
        }
    }
}
