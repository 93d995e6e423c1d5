//! Tells the code of a Rust source from its comments and from what its literals say.

/// A source twice, each as long as the source itself and with the same line breaks.
pub(super) struct Masked {
    /// The code. Comments and the insides of literals are spaces.
    pub(super) code: String,
    /// The comments. All else is spaces.
    pub(super) comments: String,
}

pub(super) fn mask(text: &str) -> Masked {
    let source = text.as_bytes();
    let mut code = source.to_vec();
    let mut comments = source.to_vec();
    let mut start = 0;
    while start < source.len() {
        let (kind, end) = token(source, start);
        match kind {
            Kind::Code => blank(&mut comments[start..end]),
            Kind::Comment => blank(&mut code[start..end]),
            Kind::Literal => {
                blank(&mut comments[start..end]);
                // The quotes stay, so that a literal is still seen to be one.
                blank(&mut code[start + 1..(end - 1).max(start + 1)]);
            }
        }
        start = end;
    }
    Masked { code: into_string(code), comments: into_string(comments) }
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    Code,
    Comment,
    Literal,
}

fn blank(bytes: &mut [u8]) {
    for byte in bytes.iter_mut().filter(|byte| **byte != b'\n') {
        *byte = b' ';
    }
}

/// The masks replace whole literals and comments, which begin and end with ASCII.
fn into_string(bytes: Vec<u8>) -> String {
    String::from_utf8(bytes)
        .unwrap_or_else(|error| String::from_utf8_lossy(error.as_bytes()).into_owned())
}

/// The token that starts at `start`, and where it ends: at least one byte later.
fn token(source: &[u8], start: usize) -> (Kind, usize) {
    let rest = &source[start..];
    if rest.starts_with(b"//") {
        (Kind::Comment, find(source, start, b"\n"))
    } else if rest.starts_with(b"/*") {
        (Kind::Comment, end_of_block_comment(source, start))
    } else if rest[0] == b'"' {
        (Kind::Literal, end_of_quoted(source, start, b'"'))
    } else if rest[0] == b'\'' {
        character_or_lifetime(source, start)
    } else if is_word(rest[0]) {
        word_or_raw_string(source, start)
    } else {
        (Kind::Code, start + 1)
    }
}

fn word_or_raw_string(source: &[u8], start: usize) -> (Kind, usize) {
    let word = source[start..].iter().take_while(|byte| is_word(**byte)).count();
    let end = start + word;
    let hashes = source[end..].iter().take_while(|byte| **byte == b'#').count();
    let is_raw = matches!(&source[start..end], b"r" | b"br" | b"cr");
    if !is_raw || source.get(end + hashes) != Some(&b'"') {
        return (Kind::Code, end);
    }
    let closing = [&b"\""[..], &b"#".repeat(hashes)].concat();
    let after = find(source, end + hashes + 1, &closing) + closing.len();
    (Kind::Literal, after.min(source.len()))
}

fn character_or_lifetime(source: &[u8], start: usize) -> (Kind, usize) {
    let rest = &source[start + 1..];
    let is_escape = rest.first() == Some(&b'\\');
    // One character, of up to four bytes, then the closing quote.
    let width = 1 + rest.iter().skip(1).take_while(|byte| **byte & 0xC0 == 0x80).count();
    if is_escape || rest.get(width) == Some(&b'\'') {
        return (Kind::Literal, end_of_quoted(source, start, b'\''));
    }
    (Kind::Code, start + 1)
}

fn end_of_quoted(source: &[u8], start: usize, quote: u8) -> usize {
    let mut at = start + 1;
    while at < source.len() {
        match source[at] {
            b'\\' => at += 2,
            byte if byte == quote => return at + 1,
            _ => at += 1,
        }
    }
    source.len()
}

fn end_of_block_comment(source: &[u8], start: usize) -> usize {
    let mut depth = 0_u32;
    let mut at = start;
    while at < source.len() {
        if source[at..].starts_with(b"/*") {
            depth += 1;
            at += 2;
        } else if source[at..].starts_with(b"*/") {
            depth -= 1;
            at += 2;
            if depth == 0 {
                return at;
            }
        } else {
            at += 1;
        }
    }
    source.len()
}

/// Where `needle` is next, from `start` on; the end of the source if it is nowhere.
fn find(source: &[u8], start: usize, needle: &[u8]) -> usize {
    let rest = source.get(start..).unwrap_or_default();
    let at = rest.windows(needle.len()).position(|window| window == needle);
    at.map_or(source.len(), |at| start + at)
}

/// Whether the byte may be part of an identifier.
pub(super) fn is_word(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || byte == b'_' || !byte.is_ascii()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn code_and_comments() {
        for (text, code, comments) in [
            ("a // b", "a", "// b"),
            ("a /* b /* c */ */ d // e", "a d", "/* b /* c */ */ // e"),
            (r#"f("{ // x")"#, r#"f(" ")"#, ""),
            (r#"f("\"{", x)"#, r#"f(" ", x)"#, ""),
            (r"f('{', '\'', 'é')", "f(' ', ' ', ' ')", ""),
            ("fn f<'a>(x: &'a str)", "fn f<'a>(x: &'a str)", ""),
            (r##"r#"a"b"#;"##, "r #;", ""),
            (r#"b"x" r"\" r#fn"#, r#"b" " r " r#fn"#, ""),
            ("\"a\nb\" c", "\" \" c", ""),
        ] {
            let masked = mask(text);
            let squeezed = |text: &str| text.split_whitespace().collect::<Vec<_>>().join(" ");
            assert_eq!(squeezed(&masked.code), code, "{text}");
            assert_eq!(squeezed(&masked.comments), comments, "{text}");
        }
    }

    #[test]
    fn every_line_break_stays_where_it_was() {
        let text = include_str!("mask.rs");
        let masked = mask(text);
        for other in [&masked.code, &masked.comments] {
            assert_eq!(other.len(), text.len());
            let breaks = |text: &str| -> Vec<_> {
                text.bytes().enumerate().filter(|(_, byte)| *byte == b'\n').collect()
            };
            assert_eq!(breaks(other), breaks(text));
        }
    }

    #[test]
    fn nothing_unfinished_is_read_past_its_end() {
        for text in ["\"", "'", "'\\", "/*", "r#\"", "b'", "\"\\", "//", "r", "'é"] {
            assert_eq!(mask(text).code.len(), text.len(), "{text}");
        }
    }
}
