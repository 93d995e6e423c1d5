//! Bytes in a stored row, which is JSON: as text in base64.

use std::fmt;

use serde::{Deserialize, Serialize};

const DIGITS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

/// The content of a file. Written as base64 (RFC 4648), and never printed.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Bytes(Vec<u8>);

impl Bytes {
    /// These bytes.
    pub fn new(bytes: Vec<u8>) -> Bytes {
        Bytes(bytes)
    }

    /// As they are.
    pub fn as_slice(&self) -> &[u8] {
        &self.0
    }

    /// As they are, to be sent.
    pub fn into_vec(self) -> Vec<u8> {
        self.0
    }

    /// How many.
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

impl fmt::Debug for Bytes {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} bytes", self.0.len())
    }
}

impl From<Bytes> for String {
    fn from(bytes: Bytes) -> String {
        let mut text = String::with_capacity(bytes.0.len().div_ceil(3) * 4);
        for chunk in bytes.0.chunks(3) {
            let byte = |at: usize| u32::from(chunk.get(at).copied().unwrap_or(0));
            let word = byte(0) << 16 | byte(1) << 8 | byte(2);
            for place in 0..4 {
                if place > chunk.len() {
                    text.push('=');
                } else {
                    let digit = usize::try_from(word >> (18 - 6 * place) & 63).unwrap_or(0);
                    text.push(char::from(DIGITS[digit]));
                }
            }
        }
        text
    }
}

impl TryFrom<String> for Bytes {
    type Error = &'static str;

    fn try_from(text: String) -> Result<Bytes, &'static str> {
        let trimmed = text.trim_end_matches('=');
        if !text.len().is_multiple_of(4) || text.len() - trimmed.len() > 2 {
            return Err("the length of base64 is not a multiple of four");
        }
        let mut bytes = Vec::with_capacity(trimmed.len() / 4 * 3 + 2);
        for chunk in trimmed.as_bytes().chunks(4) {
            let mut word = 0_u32;
            for digit in chunk {
                word = word << 6 | value(*digit).ok_or("a digit is none of base64")?;
            }
            let missing = 4 - chunk.len();
            word <<= 6 * missing;
            let whole = word.to_be_bytes();
            bytes.extend_from_slice(&whole[1..4 - missing]);
        }
        Ok(Bytes(bytes))
    }
}

fn value(digit: u8) -> Option<u32> {
    let value = match digit {
        b'A'..=b'Z' => digit - b'A',
        b'a'..=b'z' => digit - b'a' + 26,
        b'0'..=b'9' => digit - b'0' + 52,
        b'+' => 62,
        b'/' => 63,
        _ => return None,
    };
    Some(u32::from(value))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn base64_is_that_of_the_standard() {
        // RFC 4648, section 10.
        let table = [
            ("", ""),
            ("f", "Zg=="),
            ("fo", "Zm8="),
            ("foo", "Zm9v"),
            ("foob", "Zm9vYg=="),
            ("fooba", "Zm9vYmE="),
            ("foobar", "Zm9vYmFy"),
        ];
        for (plain, encoded) in table {
            let bytes = Bytes::new(plain.as_bytes().to_vec());
            assert_eq!(String::from(bytes.clone()), encoded);
            assert_eq!(Bytes::try_from(encoded.to_owned()), Ok(bytes));
        }
        let all: Vec<u8> = (0..=255).collect();
        let text = String::from(Bytes::new(all.clone()));
        assert_eq!(Bytes::try_from(text).map(Bytes::into_vec), Ok(all));
        for bad in ["Zg=", "Z===", "Zg!=", "Zm9", "Z m9v"] {
            assert!(Bytes::try_from(bad.to_owned()).is_err(), "{bad}");
        }
    }
}
