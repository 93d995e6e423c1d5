//! The fields of a posted form: bounded as a whole and one by one.

use axum::body::{Body, to_bytes};

use crate::page::Problem;
use crate::trouble::{BadField, Trouble};

/// The largest form that is read: a claim of 2,000 characters of three bytes each, every byte
/// escaped, is a quarter of it.
const FORM_BYTES_MAX: usize = 64 * 1024;

/// A field that a form may bring.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Field {
    /// Its name.
    pub(crate) name: &'static str,
    /// How many bytes it may have.
    pub(crate) bytes_max: usize,
}

impl Field {
    /// A field's name and bound.
    pub(crate) const fn new(name: &'static str, bytes_max: usize) -> Field {
        Field { name, bytes_max }
    }

    /// The trouble of a field whose value is none that our forms send.
    pub(crate) fn malformed(&self) -> Trouble {
        Trouble::Field(BadField { name: self.name, key: "field-malformed", max: self.bytes_max })
    }

    fn too_long(&self) -> Trouble {
        Trouble::Field(BadField { name: self.name, key: "field-too-long", max: self.bytes_max })
    }

    fn twice(&self) -> Trouble {
        Trouble::Field(BadField { name: self.name, key: "field-twice", max: self.bytes_max })
    }
}

/// What a form brought. Fields that were not asked for are not kept. Not printed: it may hold a
/// token.
pub(crate) struct Fields {
    values: Vec<(&'static str, String)>,
}

impl Fields {
    /// Reads a form.
    ///
    /// # Errors
    /// `TooLarge` for the whole, `Field` for one that is too long or comes twice: which of the two
    /// was meant nobody can say.
    pub(crate) async fn read(body: Body, asked: &[Field]) -> Result<Fields, Trouble> {
        // A body that breaks off cannot be told from one that is too large; neither is answered
        // to anybody who waits for it.
        let body = to_bytes(body, FORM_BYTES_MAX).await.map_err(|_| Trouble::TooLarge)?;
        Fields::parse(&body, asked)
    }

    fn parse(body: &[u8], asked: &[Field]) -> Result<Fields, Trouble> {
        let mut values: Vec<(&'static str, String)> = Vec::new();
        for (name, value) in form_urlencoded::parse(body) {
            let Some(field) = asked.iter().find(|field| field.name == name) else { continue };
            if value.len() > field.bytes_max {
                return Err(field.too_long());
            }
            if values.iter().any(|(known, _)| *known == field.name) {
                return Err(field.twice());
            }
            values.push((field.name, value.into_owned()));
        }
        Ok(Fields { values })
    }

    /// The value of a field; empty when it did not come.
    pub(crate) fn text(&self, field: &Field) -> &str {
        let found = self.values.iter().find(|(name, _)| *name == field.name);
        found.map_or("", |(_, value)| value)
    }

    /// The trimmed value of a field that may be left empty.
    pub(crate) fn optional(&self, field: &Field) -> Option<String> {
        let text = self.text(field).trim();
        (!text.is_empty()).then(|| text.to_owned())
    }

    /// The value of a field that holds a whole number.
    ///
    /// # Errors
    /// `Field` for anything else.
    pub(crate) fn number(&self, field: &Field) -> Result<i64, Trouble> {
        self.text(field).parse().map_err(|_| field.malformed())
    }
}

/// Refuses what no page of ours can have sent.
pub(crate) fn bad_form() -> Trouble {
    Problem::BadForm.into()
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    const TOKEN: Field = Field::new("token", 8);
    const TOTAL: Field = Field::new("total", 20);

    #[test]
    fn each_field_has_its_bound_and_its_name_in_the_error() {
        let table: [(&str, Result<&str, &str>); 6] = [
            ("token=tok_1&total=5", Ok("tok_1")),
            ("other=1&token=tok_1", Ok("tok_1")),
            ("", Ok("")),
            ("token=%D8%B9%D8%B9%D8%B9%D8%B9", Ok("عععع")),
            ("token=123456789", Err("field-too-long")),
            ("token=a&token=a", Err("field-twice")),
        ];
        for (body, expected) in table {
            let read = Fields::parse(body.as_bytes(), &[TOKEN, TOTAL]);
            match (read, expected) {
                (Ok(fields), Ok(text)) => assert_eq!(fields.text(&TOKEN), text, "{body}"),
                (Err(Trouble::Field(bad)), Err(key)) => {
                    assert_eq!((bad.name, bad.key), ("token", key), "{body}");
                }
                (read, _) => panic!("{body}: {:?}", read.err()),
            }
        }
    }

    #[test]
    fn a_number_is_a_number() {
        let fields = Fields::parse(b"total=4870", &[TOTAL]).unwrap();
        assert_eq!(fields.number(&TOTAL), Ok(4_870));
        for body in ["total=48.70", "total=", "total=9223372036854775808", ""] {
            let fields = Fields::parse(body.as_bytes(), &[TOTAL]).unwrap();
            assert_eq!(fields.number(&TOTAL), Err(TOTAL.malformed()), "{body}");
        }
    }

    #[tokio::test]
    async fn a_form_has_a_size() {
        let body = |bytes: usize| Body::from(vec![b'x'; bytes]);
        assert!(Fields::read(body(FORM_BYTES_MAX), &[TOKEN]).await.is_ok());
        let read = Fields::read(body(FORM_BYTES_MAX + 1), &[TOKEN]).await;
        assert_eq!(read.err(), Some(Trouble::TooLarge));
    }
}
