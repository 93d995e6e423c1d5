//! Text of the document as it is shown: what stands between backticks is code.

use askama::Template;
use askama::filters::HtmlSafe;

/// A text with code in it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Template)]
#[template(path = "docs/prose.html")]
pub struct Prose {
    parts: Vec<Part>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
enum Part {
    Words(String),
    Code(String),
}

// Its template escapes both kinds of parts.
impl HtmlSafe for Prose {}

impl Prose {
    /// Reads a text. A backtick without another one behind it is shown as it is.
    pub(super) fn of(text: &str) -> Prose {
        let mut parts = Vec::new();
        let mut rest = text;
        while let Some((words, code, after)) = split(rest) {
            parts.push(Part::Words(words.to_owned()));
            parts.push(Part::Code(code.to_owned()));
            rest = after;
        }
        parts.push(Part::Words(rest.to_owned()));
        Prose { parts }
    }
}

/// The words before the first code, that code, and what comes behind it.
fn split(text: &str) -> Option<(&str, &str, &str)> {
    let (words, opened) = text.split_once('`')?;
    let (code, after) = opened.split_once('`')?;
    Some((words, code, after))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn code_is_marked_and_everything_is_escaped() {
        for (text, expected) in [
            ("", ""),
            ("Plain words.", "Plain words."),
            ("`a[b]=1` or `c`", "<code>a[b]=1</code> or <code>c</code>"),
            ("of `x`", "of <code>x</code>"),
            ("a ` alone", "a ` alone"),
            ("`a` and ` alone", "<code>a</code> and ` alone"),
            ("<b> & `<i> & \"`", "&#60;b&#62; &#38; <code>&#60;i&#62; &#38; &#34;</code>"),
        ] {
            assert_eq!(Prose::of(text).render().unwrap(), expected, "{text}");
        }
    }
}
