//! Form fields and query parameters, with their bounds.

use axum::http::Uri;

/// The pairs of a posted form or of a query.
#[derive(Debug, Default)]
pub(crate) struct Fields(Vec<(String, String)>);

/// The largest form of the shop has two fields.
const FIELDS_MAX: usize = 12;

/// Longer than any value the shop asks for; an e-mail address takes up to 254.
const VALUE_CHARS_MAX: usize = 300;

/// The longest address that mail servers take (RFC 5321).
const EMAIL_BYTES_MAX: usize = 254;

impl Fields {
    /// Reads a form body. `None` where it has more or longer fields than any form of the shop.
    pub(crate) fn from_body(body: &[u8]) -> Option<Fields> {
        let mut fields = Vec::new();
        for (key, value) in form_urlencoded::parse(body) {
            if fields.len() == FIELDS_MAX || value.chars().count() > VALUE_CHARS_MAX {
                return None;
            }
            fields.push((key.into_owned(), value.into_owned()));
        }
        Some(Fields(fields))
    }

    /// Reads a query; one beyond the bounds counts as empty, since nothing depends on it.
    pub(crate) fn from_query(uri: &Uri) -> Fields {
        let query = uri.query().unwrap_or_default();
        Fields::from_body(query.as_bytes()).unwrap_or_default()
    }

    pub(crate) fn find(&self, name: &str) -> Option<&str> {
        self.0.iter().find(|(key, _)| key == name).map(|(_, value)| value.as_str())
    }

    /// A whole number from 0 to 255.
    pub(crate) fn number(&self, name: &str) -> Option<u8> {
        self.find(name)?.trim().parse().ok()
    }

    pub(crate) fn pairs(&self) -> impl Iterator<Item = (&str, &str)> {
        self.0.iter().map(|(key, value)| (key.as_str(), value.as_str()))
    }
}

/// Reads an optional e-mail address: `Ok(None)` where none was given.
///
/// It finds slips of the keyboard only. Whether an address exists, only a letter to it can tell.
pub(crate) fn email(text: &str) -> Result<Option<&str>, NotAnEmail> {
    let text = text.trim();
    if text.is_empty() {
        return Ok(None);
    }
    let odd =
        |letter: char| letter.is_whitespace() || letter.is_control() || "<>,;".contains(letter);
    let (name, host) = text.rsplit_once('@').ok_or(NotAnEmail)?;
    let host_is_whole = host.contains('.') && !host.starts_with('.') && !host.ends_with('.');
    if text.len() > EMAIL_BYTES_MAX || text.contains(odd) || name.is_empty() || !host_is_whole {
        return Err(NotAnEmail);
    }
    Ok(Some(text))
}

/// The text cannot be an e-mail address.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct NotAnEmail;

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn slips_in_an_email_are_found() {
        let long = format!("{}@example.com", "a".repeat(250));
        let table = [
            ("", Ok(None)),
            ("   ", Ok(None)),
            (" mira@example.com ", Ok(Some("mira@example.com"))),
            ("mira+shop@mail.example", Ok(Some("mira+shop@mail.example"))),
            ("ميرا@مثال.إختبار", Ok(Some("ميرا@مثال.إختبار"))),
            ("mira", Err(NotAnEmail)),
            ("mira@", Err(NotAnEmail)),
            ("@example.com", Err(NotAnEmail)),
            ("mira@example", Err(NotAnEmail)),
            ("mira@example.", Err(NotAnEmail)),
            ("mira@.example", Err(NotAnEmail)),
            ("mi ra@example.com", Err(NotAnEmail)),
            ("mira@example.com\r\nBcc: all@example.com", Err(NotAnEmail)),
            ("a@b.example,c@d.example", Err(NotAnEmail)),
            (&long, Err(NotAnEmail)),
        ];
        for (given, read) in table {
            assert_eq!(email(given), read, "{given:?}");
        }
    }

    #[test]
    fn a_form_has_bounds() {
        let fields = Fields::from_body(b"product=tile-set&quantity=+3&quantity=4&x=%FF").unwrap();
        assert_eq!(fields.find("product"), Some("tile-set"));
        assert_eq!(fields.number("quantity"), Some(3));
        assert_eq!(fields.number("product"), None);
        assert_eq!(fields.find("missing"), None);
        assert!(Fields::from_body("a=1&".repeat(12).as_bytes()).is_some());
        assert!(Fields::from_body("a=1&".repeat(13).as_bytes()).is_none());
        assert!(Fields::from_body(format!("a={}", "b".repeat(301)).as_bytes()).is_none());
    }
}
