//! Reads the form of the card page strictly: known fields, each once.
//!
//! Written by hand, because a general reader leaves copies of what it decodes: here every decoded
//! value lies in one buffer of the right size from the start, which is wiped when dropped.

use zeroize::Zeroizing;

/// A field of the form.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Field {
    Key,
    Number,
    Exp,
    ExpMonth,
    ExpYear,
    Cvc,
    Name,
    ReturnTo,
}

/// The form as it was sent; values decoded, in UTF-8, wiped when dropped.
#[derive(Default)]
pub(crate) struct Form {
    values: [Option<Zeroizing<Vec<u8>>>; FIELDS.len()],
}

/// Why a body is not such a form. A value never shows up in it.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum FormError {
    /// A field that the form does not have, by its name if that may be shown.
    Unknown(Option<String>),
    /// A field came twice: whoever sent it and whoever reads it might mean different ones.
    Repeated(Field),
    /// Not `name=value`, not percent-encoded, or not UTF-8; the field where it is known.
    Malformed(Option<Field>),
}

const FIELDS: [(Field, &str); 8] = [
    (Field::Key, "key"),
    (Field::Number, "card[number]"),
    (Field::Exp, "card[exp]"),
    (Field::ExpMonth, "card[exp_month]"),
    (Field::ExpYear, "card[exp_year]"),
    (Field::Cvc, "card[cvc]"),
    (Field::Name, "card[name]"),
    (Field::ReturnTo, "return_to"),
];

/// Longest name of an unknown field that is repeated in the answer.
const SHOWN_NAME_BYTES_MAX: usize = 40;

impl Form {
    /// Reads an `application/x-www-form-urlencoded` body.
    ///
    /// # Errors
    /// The first thing that is wrong with it.
    pub(crate) fn read(body: &[u8]) -> Result<Self, FormError> {
        let mut form = Self::default();
        if body.is_empty() {
            return Ok(form);
        }
        for pair in body.split(|byte| *byte == b'&') {
            form.take(pair)?;
        }
        Ok(form)
    }

    /// A field's value. An empty field is none: browsers send all fields of a form.
    pub(crate) fn text(&self, field: Field) -> Option<&str> {
        let value = self.values[field as usize].as_ref()?;
        // `take` lets nothing else in.
        let text = std::str::from_utf8(value).unwrap_or_default();
        (!text.is_empty()).then_some(text)
    }

    fn take(&mut self, pair: &[u8]) -> Result<(), FormError> {
        let equals = pair.iter().position(|byte| *byte == b'=');
        let (name, value) = pair.split_at(equals.ok_or(FormError::Malformed(None))?);
        let name = decode(name).ok_or(FormError::Malformed(None))?;
        let field = Field::named(&name).ok_or_else(|| FormError::Unknown(shown(&name)))?;
        let value = decode(&value[1..]).filter(|value| std::str::from_utf8(value).is_ok());
        let value = value.ok_or(FormError::Malformed(Some(field)))?;
        let slot = &mut self.values[field as usize];
        if slot.is_some() {
            return Err(FormError::Repeated(field));
        }
        *slot = Some(value);
        Ok(())
    }
}

impl Field {
    /// The field's name in the form, and in `param` of an error.
    pub(crate) fn wire_name(self) -> &'static str {
        FIELDS[self as usize].1
    }

    fn named(name: &[u8]) -> Option<Self> {
        let row = FIELDS.iter().find(|(_, wire_name)| wire_name.as_bytes() == name);
        row.map(|(field, _)| *field)
    }
}

/// An unknown field's name, unless it could carry a card number or markup back to the caller.
fn shown(name: &[u8]) -> Option<String> {
    let is_plain = |byte: &u8| byte.is_ascii_alphabetic() || b"_[]".contains(byte);
    let is_shown = name.len() <= SHOWN_NAME_BYTES_MAX && name.iter().all(is_plain);
    is_shown.then(|| String::from_utf8_lossy(name).into_owned())
}

/// Takes the percent-encoding off. `None` if a `%` is not followed by two hexadecimal digits.
fn decode(encoded: &[u8]) -> Option<Zeroizing<Vec<u8>>> {
    // Never grows: what is decoded is not longer than what was encoded.
    let mut decoded = Zeroizing::new(Vec::with_capacity(encoded.len()));
    let mut bytes = encoded.iter().copied();
    while let Some(byte) = bytes.next() {
        decoded.push(match byte {
            b'+' => b' ',
            b'%' => (nibble(bytes.next()?)? << 4) | nibble(bytes.next()?)?,
            plain => plain,
        });
    }
    Some(decoded)
}

fn nibble(hexadecimal: u8) -> Option<u8> {
    char::from(hexadecimal).to_digit(16).and_then(|value| u8::try_from(value).ok())
}

// `Form` keeps a field's value at the field's place in `FIELDS`.
const _: () = {
    let mut place = 0;
    while place < FIELDS.len() {
        assert!(FIELDS[place].0 as usize == place, "the names are in the order of the fields");
        place += 1;
    }
};

#[cfg(test)]
mod tests {
    use super::*;

    fn check(body: &[u8], field: Field, expected: Result<Option<&str>, FormError>) {
        let got = Form::read(body).map(|form| form.text(field).map(str::to_owned));
        let expected = expected.map(|value| value.map(str::to_owned));
        assert_eq!(got, expected, "{}", String::from_utf8_lossy(body));
    }

    #[test]
    fn values() {
        check(b"", Field::Key, Ok(None));
        check(b"key=pk_test_1", Field::Key, Ok(Some("pk_test_1")));
        check(b"key=", Field::Key, Ok(None));
        check(b"key=a=b", Field::Key, Ok(Some("a=b")));
        check(b"key=a&card%5Bnumber%5D=4242+42", Field::Number, Ok(Some("4242 42")));
        check(b"card[number]=4242%2042", Field::Number, Ok(Some("4242 42")));
        check(b"card[exp]=1%2f30", Field::Exp, Ok(Some("1/30")));
        check(b"card[exp]=1/30&card[cvc]=123", Field::Cvc, Ok(Some("123")));
        check(b"card[name]=%D8%B3%D8%A7%D8%B1%D8%A9", Field::Name, Ok(Some("سارة")));
        check(b"card[exp_month]=1&card[exp_year]=30", Field::ExpYear, Ok(Some("30")));
        check(b"return_to=%2Fc%2Fcs_test_1", Field::ReturnTo, Ok(Some("/c/cs_test_1")));
    }

    #[test]
    fn what_is_refused() {
        use FormError::{Malformed, Repeated, Unknown};
        let any = Field::Key;
        check(b"card[numbr]=1", any, Err(Unknown(Some("card[numbr]".into()))));
        check(b"key=a&metadata[a]=1", any, Err(Unknown(Some("metadata[a]".into()))));
        check(b"card.number=1", any, Err(Unknown(None)));
        check(b"4242424242424242=", any, Err(Unknown(None)));
        check(b"<script>=1", any, Err(Unknown(None)));
        check(&[[b'a'; 41].as_slice(), b"="].concat(), any, Err(Unknown(None)));
        check(b"=1", any, Err(Unknown(Some(String::new()))));
        check(b"key=a&key=a", any, Err(Repeated(Field::Key)));
        check(b"key=&key=a", any, Err(Repeated(Field::Key)));
        check(b"card[number]=1&card%5bnumber%5d=2", any, Err(Repeated(Field::Number)));
        check(b"key", any, Err(Malformed(None)));
        check(b"key=a&", any, Err(Malformed(None)));
        check(b"k%zzy=a", any, Err(Malformed(None)));
        check(b"key=%zz", any, Err(Malformed(Some(Field::Key))));
        check(b"key=%4", any, Err(Malformed(Some(Field::Key))));
        check(b"card[name]=%ff", any, Err(Malformed(Some(Field::Name))));
    }
}
