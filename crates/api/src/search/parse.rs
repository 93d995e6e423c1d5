//! Reading a query. What is wrong is said in a sentence, with the place as the client wrote it.

use super::{
    CLAUSES_MAX, COMMON, Clause, Field, Joint, Kind, PART_CHARS_MIN, QUERY_CHARS_MAX, Query, Test,
};

/// Reads clauses joined by `AND`, by `OR` or by nothing, which is `AND`.
pub(super) fn query(text: &str, fields: &[Field]) -> Result<Query, String> {
    if text.chars().nth(QUERY_CHARS_MAX).is_some() {
        return Err(format!("it is longer than {QUERY_CHARS_MAX} characters."));
    }
    let mut rest = Rest(text.trim());
    let (mut clauses, mut joints) = (Vec::new(), Vec::new());
    loop {
        clauses.push(clause(&mut rest, fields)?);
        if clauses.len() > CLAUSES_MAX {
            return Err(format!("it has more than {CLAUSES_MAX} clauses."));
        }
        if rest.0.is_empty() {
            break;
        }
        joints.push(joint(&mut rest)?);
    }
    let joined_by = joints.first().copied().unwrap_or(Joint::And);
    if joints.iter().any(|joint| *joint != joined_by) {
        return Err("AND and OR may not be mixed in one query.".to_owned());
    }
    Ok(Query { clauses, joined_by })
}

/// What is left to be read.
struct Rest<'a>(&'a str);

impl<'a> Rest<'a> {
    fn takes(&mut self, prefix: &str) -> bool {
        let rest = self.0.strip_prefix(prefix);
        self.0 = rest.unwrap_or(self.0);
        rest.is_some()
    }

    fn take_while(&mut self, wanted: impl Fn(char) -> bool) -> &'a str {
        let end = self.0.find(|char| !wanted(char)).unwrap_or(self.0.len());
        let (taken, rest) = self.0.split_at(end);
        self.0 = rest;
        taken
    }

    /// The beginning of what is left, for a message.
    fn here(&self) -> String {
        const SHOWN_CHARS: usize = 40;
        self.0.chars().take(SHOWN_CHARS).collect()
    }
}

fn joint(rest: &mut Rest<'_>) -> Result<Joint, String> {
    if rest.take_while(char::is_whitespace).is_empty() {
        return Err(format!("a space is missing before '{}'.", rest.here()));
    }
    for (word, joint) in [("AND", Joint::And), ("OR", Joint::Or)] {
        let mut ahead = Rest(rest.0);
        if ahead.takes(word) && !ahead.take_while(char::is_whitespace).is_empty() {
            rest.0 = ahead.0;
            return Ok(joint);
        }
    }
    Ok(Joint::And)
}

fn clause(rest: &mut Rest<'_>, fields: &[Field]) -> Result<Clause, String> {
    let is_negated = rest.takes("-");
    let name = rest.take_while(|char| char.is_ascii_alphanumeric() || "_.".contains(char));
    if name.is_empty() {
        return Err(format!("a field is expected at '{}'.", rest.here()));
    }
    let field = fields.iter().chain(&COMMON).find(|field| field.name == name);
    let field = field.ok_or_else(|| unknown(name, fields))?;
    let mut path: Vec<String> = name.split('.').map(str::to_owned).collect();
    if field.kind == Kind::Metadata {
        path.push(key(rest)?);
    }
    let test = test(rest, field)?;
    Ok(Clause { is_negated, path, test })
}

fn unknown(name: &str, fields: &[Field]) -> String {
    let known: Vec<&str> = fields.iter().chain(&COMMON).map(|field| field.name).collect();
    format!("'{name}' is not a field that may be searched. Those are {}.", known.join(", "))
}

/// `["key"]` of the notes.
fn key(rest: &mut Rest<'_>) -> Result<String, String> {
    let opened = rest.takes("[");
    let key = if opened { quoted(rest)? } else { None };
    match key {
        Some(key) if rest.takes("]") => Ok(key),
        Some(_) | None => Err("metadata is searched by key: metadata[\"key\"]:\"value\".".into()),
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Sign {
    Is,
    Holds,
    Above,
    AtLeast,
    Below,
    AtMost,
}

fn test(rest: &mut Rest<'_>, field: &Field) -> Result<Test, String> {
    let name = field.name;
    // The longer of two signs that begin alike stands first.
    let signs = [
        (":", Sign::Is),
        ("~", Sign::Holds),
        (">=", Sign::AtLeast),
        ("<=", Sign::AtMost),
        (">", Sign::Above),
        ("<", Sign::Below),
    ];
    let sign = signs.iter().find(|(word, _)| rest.takes(word)).map(|(_, sign)| *sign);
    let sign = sign.ok_or_else(|| format!("one of : ~ > < >= <= must follow {name}."))?;
    let is_number = field.kind == Kind::Number;
    match sign {
        Sign::Is if is_number => Ok(within(number(rest, name)?, Sign::Is)),
        Sign::Is if takes_null(rest) => Ok(Test::Null),
        Sign::Is => Ok(Test::Is(value(rest, name)?.to_lowercase())),
        Sign::Holds if is_number || field.kind == Kind::Token => {
            Err(format!("{name} is not searched by a part of it."))
        }
        Sign::Holds => {
            let part = value(rest, name)?.to_lowercase();
            if part.chars().nth(PART_CHARS_MIN - 1).is_none() {
                return Err(format!("a part of {name} has at least {PART_CHARS_MIN} characters."));
            }
            Ok(Test::Holds(part))
        }
        Sign::Above | Sign::AtLeast | Sign::Below | Sign::AtMost if is_number => {
            Ok(within(number(rest, name)?, sign))
        }
        Sign::Above | Sign::AtLeast | Sign::Below | Sign::AtMost => {
            Err(format!("{name} is not a number."))
        }
    }
}

fn within(number: i64, sign: Sign) -> Test {
    match sign {
        Sign::Is | Sign::Holds => Test::Within(number, number),
        Sign::Above => Test::Within(number.saturating_add(1), i64::MAX),
        Sign::AtLeast => Test::Within(number, i64::MAX),
        Sign::Below => Test::Within(i64::MIN, number.saturating_sub(1)),
        Sign::AtMost => Test::Within(i64::MIN, number),
    }
}

fn takes_null(rest: &mut Rest<'_>) -> bool {
    let mut ahead = Rest(rest.0);
    let ends = |text: &str| text.chars().next().is_none_or(char::is_whitespace);
    let takes = ahead.takes("null") && ends(ahead.0);
    if takes {
        rest.0 = ahead.0;
    }
    takes
}

/// A whole number, with or without quotes.
fn number(rest: &mut Rest<'_>, name: &str) -> Result<i64, String> {
    let text = match quoted(rest)? {
        Some(text) => text,
        None => rest.take_while(|char| char.is_ascii_digit() || char == '-').to_owned(),
    };
    text.parse().map_err(|_| format!("{name} must be compared with a whole number."))
}

fn value(rest: &mut Rest<'_>, name: &str) -> Result<String, String> {
    let quoted = quoted(rest)?;
    quoted.ok_or_else(|| format!("the value of {name} must be in quotes."))
}

/// A text in single or double quotes, in which a backslash keeps the next character as it is;
/// nothing where there is no quote.
fn quoted(rest: &mut Rest<'_>) -> Result<Option<String>, String> {
    let quote = rest.0.chars().next().filter(|char| matches!(char, '"' | '\''));
    let Some(quote) = quote else { return Ok(None) };
    let mut text = String::new();
    let mut chars = rest.0.char_indices().skip(1);
    while let Some((at, char)) = chars.next() {
        if char == quote {
            rest.0 = &rest.0[at + quote.len_utf8()..];
            return Ok(Some(text));
        }
        let char = if char == '\\' { chars.next().map(|(_, escaped)| escaped) } else { Some(char) };
        text.extend(char);
    }
    Err(format!("a quote is not closed at '{}'.", rest.here()))
}
