//! Signatures of webhooks, ours to the outside and the processors' to us:
//! `t=UNIX_SECONDS,v1=HEX`, the HMAC-SHA256 of `t.body` under the whole secret.

use std::fmt;

use ring::hmac;

use crate::digest::{hex, unhex};

/// The header of a delivery at `at`, seconds since 1970: the time of sending, not of the event,
/// because receivers refuse what is older than five minutes.
///
/// `secrets` are all that count just now, the current one last: receivers that look at one
/// signature only take the last.
pub fn header(secrets: &[&str], at: i64, body: &[u8]) -> String {
    let mut header = format!("t={at}");
    for secret in secrets {
        header.push_str(",v1=");
        header.push_str(&hex(sign(secret, at, body).as_ref()));
    }
    header
}

/// Checks the header of a delivery that arrived at `now`, seconds since 1970.
///
/// One right signature by one of `secrets` is enough, so that a secret can be rotated. The
/// comparison takes the same time for any wrong signature.
///
/// # Refusals
/// No readable time or signature, a time more than `tolerance_s` away from now (a future one is
/// as suspicious as an old one), or no signature that fits.
pub fn verify(
    secrets: &[&str],
    header: &str,
    body: &[u8],
    moment: Moment,
) -> Result<(), SignatureRefused> {
    let parsed = Parsed::of(header).ok_or(SignatureRefused::Malformed)?;
    if parsed.at.abs_diff(moment.now) > moment.tolerance_s {
        return Err(SignatureRefused::Stale);
    }
    let message = message(parsed.at, body);
    let fits = |secret: &&str| {
        let key = hmac::Key::new(hmac::HMAC_SHA256, secret.as_bytes());
        parsed.signatures.iter().any(|tag| hmac::verify(&key, &message, tag).is_ok())
    };
    if secrets.iter().any(fits) { Ok(()) } else { Err(SignatureRefused::Wrong) }
}

/// When a delivery is checked, and how old it may be.
#[derive(Clone, Copy, Debug)]
pub struct Moment {
    /// The time now, in seconds since 1970, of the machine and not of a moved clock.
    pub now: i64,
    /// How far the delivery's time may be from it, in seconds.
    pub tolerance_s: u64,
}

/// The tolerance of the dialect's own SDKs: five minutes.
pub const TOLERANCE_S: u64 = 300;

/// The most signatures of one header that are looked at: two secrets while one is rotated, and
/// room for other schemes.
const SIGNATURES_MAX: usize = 8;
/// The longest header that is looked at, in bytes.
const HEADER_BYTES_MAX: usize = 1_024;

/// Why a delivery is not taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SignatureRefused {
    /// The header has no readable time or no `v1` signature, or is far too long.
    Malformed,
    /// The time is too far from now.
    Stale,
    /// No signature fits.
    Wrong,
}

impl fmt::Display for SignatureRefused {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Malformed => "the signature header is malformed",
            Self::Stale => "the signature is too old or from the future",
            Self::Wrong => "no signature fits the body",
        })
    }
}

impl std::error::Error for SignatureRefused {}

struct Parsed {
    at: i64,
    signatures: Vec<Vec<u8>>,
}

impl Parsed {
    /// Reads `t=` once and `v1=` as often as it comes; other schemes (`v0=`) are skipped.
    fn of(header: &str) -> Option<Parsed> {
        if header.len() > HEADER_BYTES_MAX {
            return None;
        }
        let mut at = None;
        let mut signatures = Vec::new();
        for part in header.split(',') {
            match part.trim().split_once('=')? {
                ("t", seconds) if at.is_none() => at = Some(time(seconds)?),
                ("t", _) => return None,
                ("v1", signature) => signatures.push(unhex(signature)?),
                _ => {}
            }
        }
        let counted = (1..=SIGNATURES_MAX).contains(&signatures.len());
        counted.then_some(Parsed { at: at?, signatures })
    }
}

/// A time is digits only: what is signed is the number as it is written without anything else.
fn time(text: &str) -> Option<i64> {
    let canonical = text.bytes().all(|byte| byte.is_ascii_digit());
    text.parse::<i64>().ok().filter(|at| canonical && at.to_string() == text)
}

fn sign(secret: &str, at: i64, body: &[u8]) -> hmac::Tag {
    let key = hmac::Key::new(hmac::HMAC_SHA256, secret.as_bytes());
    hmac::sign(&key, &message(at, body))
}

fn message(at: i64, body: &[u8]) -> Vec<u8> {
    let mut message = format!("{at}.").into_bytes();
    message.extend_from_slice(body);
    message
}

#[cfg(test)]
mod tests {
    use super::*;

    const BODY: &[u8] = br#"{"id":"evt_1"}"#;
    const SECRET: &str = "whsec_current";

    fn check(header: &str, body: &[u8], now: i64) -> Result<(), SignatureRefused> {
        verify(&["whsec_old", SECRET], header, body, Moment { now, tolerance_s: TOLERANCE_S })
    }

    /// Computed with Python: `hmac.new(b"whsec_current", b'1700000000.{"id":"evt_1"}', "sha256")`.
    const KNOWN: &str = "bc6a132fc01c69791c7ac73bdc58c357268043ed931f408bd3446c5a0f8196f8";

    #[test]
    fn a_signature_is_the_one_that_others_compute() {
        assert_eq!(header(&[SECRET], 1_700_000_000, BODY), format!("t=1700000000,v1={KNOWN}"));
    }

    #[test]
    fn the_current_secret_signs_last() {
        let both = header(&["whsec_old", SECRET], 1_700_000_000, BODY);
        assert!(both.ends_with(KNOWN));
        assert_eq!(both.matches("v1=").count(), 2);
    }

    #[test]
    fn deliveries_taken_and_refused() {
        use SignatureRefused::{Malformed, Stale, Wrong};
        let now = 1_700_000_000;
        let right = header(&[SECRET], now, BODY);
        let old_secret = header(&["whsec_old"], now, BODY);
        let other_secret = header(&["whsec_other"], now, BODY);
        let tampered = right.replace("t=1700000000", "t=1700000001");
        let rotated = header(&["whsec_other", SECRET], now, BODY);
        let twice = format!("t=1,{right}");
        let long = format!("{right},v0={}", "0".repeat(HEADER_BYTES_MAX));
        let many = format!("{right}{}", ",v1=00".repeat(SIGNATURES_MAX));
        let spaced = right.replace(',', " , ");
        let padded = right.replace("t=", "t=0");
        let signed = right.replace("t=", "t=+");
        let cut = &right[..right.len() - 2];
        let upper = format!("t=1700000000,v1={}", KNOWN.to_uppercase());
        let table: &[(&str, i64, Result<(), SignatureRefused>)] = &[
            (&right, now, Ok(())),
            (&right, now + 300, Ok(())),
            (&right, now - 300, Ok(())),
            (&old_secret, now, Ok(())),
            (&rotated, now, Ok(())),
            (&spaced, now, Ok(())),
            (&upper, now, Ok(())),
            (&right, now + 301, Err(Stale)),
            (&right, now - 301, Err(Stale)),
            (&other_secret, now, Err(Wrong)),
            (&tampered, now, Err(Wrong)),
            (cut, now, Err(Wrong)),
            (&twice, now, Err(Malformed)),
            (&long, now, Err(Malformed)),
            (&many, now, Err(Malformed)),
            (&padded, now, Err(Malformed)),
            (&signed, now, Err(Malformed)),
            ("", now, Err(Malformed)),
            ("t=1700000000", now, Err(Malformed)),
            ("v1=00", now, Err(Malformed)),
            ("t=x,v1=00", now, Err(Malformed)),
            ("t=1700000000,v1=zz", now, Err(Malformed)),
            ("t=1700000000,v1=", now, Err(Wrong)),
            ("t=1700000000,v0=00", now, Err(Malformed)),
            ("nonsense", now, Err(Malformed)),
        ];
        for (header, now, expected) in table {
            assert_eq!(check(header, BODY, *now), *expected, "{header}");
        }
        assert_eq!(check(&right, b"{}", now), Err(Wrong));
        let nobody = verify(&[], &right, BODY, Moment { now, tolerance_s: TOLERANCE_S });
        assert_eq!(nobody, Err(Wrong));
    }
}
