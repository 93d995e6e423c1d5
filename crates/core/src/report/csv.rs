//! Tables as text that every spreadsheet opens, and none takes for a program.

/// Appends a line of fields, with the line break of RFC 4180.
pub fn line<'a>(to: &mut String, fields: impl IntoIterator<Item = &'a Field>) {
    for (place, field) in fields.into_iter().enumerate() {
        if place > 0 {
            to.push(',');
        }
        match field {
            Field::Number(text) => to.push_str(text),
            Field::Text(text) => self::text(to, text),
        }
    }
    to.push_str("\r\n");
}

/// A field of a line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Field {
    /// Digits with a sign and a point, made here: a minus is a minus.
    Number(String),
    /// Anything else, wherever it came from.
    Text(String),
}

/// A text. One that a spreadsheet would take for a formula begins with an apostrophe instead.
fn text(to: &mut String, text: &str) {
    let is_formula = text.starts_with(['=', '+', '-', '@', '\t', '\r', '\n']);
    let is_quoted = is_formula || text.contains([',', '"', '\r', '\n', ';']);
    if !is_quoted {
        to.push_str(text);
        return;
    }
    to.push('"');
    if is_formula {
        to.push('\'');
    }
    to.push_str(&text.replace('"', "\"\""));
    to.push('"');
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_that_came_from_outside_is_a_formula() {
        let table = [
            ("plain", "plain"),
            ("", ""),
            ("a,b", "\"a,b\""),
            ("say \"hi\"", "\"say \"\"hi\"\"\""),
            ("=1+1", "\"'=1+1\""),
            ("+1", "\"'+1\""),
            ("-1", "\"'-1\""),
            ("@SUM(A1)", "\"'@SUM(A1)\""),
            ("\t=1", "\"'\t=1\""),
            ("\r\n=1", "\"'\r\n=1\""),
            ("a\nb", "\"a\nb\""),
            ("سلمى", "سلمى"),
        ];
        for (given, expected) in table {
            let mut written = String::new();
            line(&mut written, [&Field::Text(given.to_owned())]);
            assert_eq!(written, format!("{expected}\r\n"), "{given:?}");
        }
        let mut written = String::new();
        line(&mut written, [&Field::Number("-5.00".to_owned()), &Field::Text("x".to_owned())]);
        assert_eq!(written, "-5.00,x\r\n");
    }
}
