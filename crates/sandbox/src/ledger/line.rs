//! A line of the ledger file: JSON that begins with a checksum of its own rest.

use crate::network::record::Line;

/// What every line begins with; eight hexadecimal digits follow.
const OPENING: &[u8] = br#"{"check":""#;
/// Between the checksum and the rest of the object.
const MIDDLE: &[u8] = br#"","#;
const DIGITS: usize = 8;

/// Appends `line` and a line break to `to`.
///
/// # Errors
/// When the line cannot be serialized, which no record of the network is.
pub fn encode(line: &Line, to: &mut Vec<u8>) -> serde_json::Result<()> {
    let json = serde_json::to_vec(line)?;
    // The object's own opening brace makes way for the checksum's.
    let rest = json.strip_prefix(b"{").unwrap_or(&json);
    to.extend_from_slice(OPENING);
    to.extend_from_slice(&checksum(rest));
    to.extend_from_slice(MIDDLE);
    to.extend_from_slice(rest);
    to.push(b'\n');
    Ok(())
}

/// Reads a line, without its line break.
///
/// # Errors
/// A sentence that says what is wrong with it.
pub fn decode(line: &[u8]) -> Result<Line, String> {
    let split = line.strip_prefix(OPENING).and_then(|rest| rest.split_at_checked(DIGITS));
    let (check, rest) = split.ok_or("it does not begin with a checksum")?;
    let rest = rest.strip_prefix(MIDDLE).ok_or("it does not begin with a checksum")?;
    if check != checksum(rest) {
        return Err("its checksum is not that of its content".to_owned());
    }
    serde_json::from_slice(&[b"{", rest].concat()).map_err(|error| error.to_string())
}

/// The first eight hexadecimal digits of the SHA-256 of a line's rest. Tells a changed line from
/// an unchanged one, nothing more.
fn checksum(rest: &[u8]) -> [u8; DIGITS] {
    let digest = ring::digest::digest(&ring::digest::SHA256, rest);
    let mut digits = [0; DIGITS];
    for (place, digit) in digits.iter_mut().enumerate() {
        let byte = digest.as_ref()[place / 2];
        let half = if place % 2 == 0 { byte >> 4 } else { byte & 15 };
        *digit = b"0123456789abcdef"[usize::from(half)];
    }
    digits
}

#[cfg(test)]
mod tests {
    use holdfast_core::time::Timestamp;

    use super::*;
    use crate::network::record::{ClockMoved, Record};

    fn line() -> Line {
        let entry = Record::ClockMoved(ClockMoved { offset_ms: 3_600_000 });
        Line { seq: 7, at: Timestamp::from_ms(1_700_000_000_000), entry }
    }

    fn encoded() -> Vec<u8> {
        let mut bytes = Vec::new();
        encode(&line(), &mut bytes).unwrap();
        bytes
    }

    #[test]
    fn a_line_is_json_and_reads_back() {
        let text = String::from_utf8(encoded()).unwrap();
        let (check, rest) = text.split_once(',').unwrap();
        assert_eq!(check.len(), 19);
        assert_eq!(
            rest,
            "\"seq\":7,\"at\":1700000000000,\"entry\":{\"clock_moved\":{\"offset_ms\":3600000}}}\n"
        );
        let value: serde_json::Value = serde_json::from_str(&text).unwrap();
        assert_eq!(value["seq"], 7);
        assert_eq!(decode(text.trim_end().as_bytes()), Ok(line()));
    }

    #[test]
    fn any_changed_byte_is_found() {
        let mut bytes = encoded();
        bytes.pop();
        for place in 0..bytes.len() {
            let mut changed = bytes.clone();
            changed[place] ^= 1;
            assert!(decode(&changed).is_err(), "byte {place}");
        }
        assert!(decode(b"").is_err());
        assert!(decode(b"{}").is_err());
    }
}
