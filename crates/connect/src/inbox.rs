//! The sandbox network's notifications: who sent them, and what they are about.
//!
//! A notification is only a hint that something may have happened. What did happen is looked up.

use std::fmt;

use holdfast_core::command::LookAt;
use holdfast_core::id::{AttemptId, Id, RefundId, SetupAttemptId};
use holdfast_core::secret::Secret;
use ring::hmac;
use serde::Deserialize;

/// The largest body: many times the largest notification.
pub const BODY_MAX: usize = 4 * 1024;
/// How far the signature's time may be from ours, in seconds, either way: five minutes, as the
/// receivers of this dialect allow.
pub const TOLERANCE_SECONDS: u64 = 300;
/// The longest header: room for the time and four signatures.
const HEADER_MAX: usize = 512;
/// How many signatures are tried: two while a secret is replaced, and some room.
const SIGNATURES_MAX: usize = 4;
/// The longest id of a notification.
const ID_MAX: usize = 128;
/// The bytes of an HMAC of SHA-256.
const TAG_BYTES: usize = 32;

/// A notification whose sender is proven.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Notification {
    /// The sender's id of it. The same one comes again when a try was not answered.
    pub id: String,
    /// What should be looked up.
    pub about: LookAt,
}

/// Why a notification is not taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum InboxError {
    /// There is no secret to check it with: nothing is believed.
    NoSecret,
    /// The body is larger than [`BODY_MAX`].
    BodyTooLarge,
    /// There is no signature.
    SignatureMissing,
    /// The signature cannot be read.
    SignatureMalformed,
    /// The signature is of another secret or another body.
    SignatureWrong,
    /// The signature is right, and its time is more than [`TOLERANCE_SECONDS`] from ours.
    SignatureStale,
    /// The body is not a notification as they are sent.
    BodyMalformed,
    /// The type is none that is known.
    UnknownType,
    /// The reference is none of ours.
    UnknownReference,
}

/// Checks the signature of `body` and reads it.
///
/// `header` is the value of `Sandbox-Signature`, `t=<unix seconds>,v1=<hex>`. `now_seconds` is
/// the machine's own time: the sender signs with that, wherever the sandbox's clock was moved to.
///
/// # Errors
/// [`InboxError`]; nothing of a body is read before its signature is found right.
pub fn verify(
    header: Option<&str>,
    body: &[u8],
    secret: &Secret,
    now_seconds: i64,
) -> Result<Notification, InboxError> {
    // Anybody can sign with no secret at all.
    if secret.reveal().is_empty() {
        return Err(InboxError::NoSecret);
    }
    if body.len() > BODY_MAX {
        return Err(InboxError::BodyTooLarge);
    }
    let signature = Signature::parse(header.ok_or(InboxError::SignatureMissing)?)?;
    if !signature.is_of(body, secret) {
        return Err(InboxError::SignatureWrong);
    }
    if signature.seconds.abs_diff(now_seconds) > TOLERANCE_SECONDS {
        return Err(InboxError::SignatureStale);
    }
    read(body)
}

struct Signature<'a> {
    /// The time as it was written, which is what was signed.
    time: &'a str,
    seconds: i64,
    tags: Vec<[u8; TAG_BYTES]>,
}

impl<'a> Signature<'a> {
    fn parse(header: &'a str) -> Result<Signature<'a>, InboxError> {
        if header.is_empty() {
            return Err(InboxError::SignatureMissing);
        }
        if header.len() > HEADER_MAX {
            return Err(InboxError::SignatureMalformed);
        }
        let (mut time, mut tags) = (None, Vec::new());
        for part in header.split(',') {
            match part.trim().split_once('=') {
                Some(("t", text)) if time.is_none() => time = Some(text),
                Some(("v1", hex)) if tags.len() < SIGNATURES_MAX => {
                    tags.push(tag(hex).ok_or(InboxError::SignatureMalformed)?);
                }
                Some(("t" | "v1", _)) | None => return Err(InboxError::SignatureMalformed),
                // Schemes to come.
                Some(_) => {}
            }
        }
        let time = time.filter(|text| text.bytes().all(|byte| byte.is_ascii_digit()));
        let time = time.ok_or(InboxError::SignatureMalformed)?;
        let seconds = time.parse().map_err(|_| InboxError::SignatureMalformed)?;
        if tags.is_empty() {
            return Err(InboxError::SignatureMissing);
        }
        Ok(Signature { time, seconds, tags })
    }

    /// Whether one of the tags is right. Each is compared in constant time.
    fn is_of(&self, body: &[u8], secret: &Secret) -> bool {
        let key = hmac::Key::new(hmac::HMAC_SHA256, secret.reveal().as_bytes());
        let signed = [self.time.as_bytes(), b".", body].concat();
        self.tags.iter().any(|tag| hmac::verify(&key, &signed, tag).is_ok())
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Body {
    id: String,
    #[serde(rename = "type")]
    kind: String,
    reference: String,
}

fn read(body: &[u8]) -> Result<Notification, InboxError> {
    let body: Body = serde_json::from_slice(body).map_err(|_| InboxError::BodyMalformed)?;
    let is_id = (1..=ID_MAX).contains(&body.id.len())
        && body.id.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_');
    if !is_id {
        return Err(InboxError::BodyMalformed);
    }
    let about = match body.kind.as_str() {
        "authorization.updated" => {
            let setup = || SetupAttemptId::parse(&body.reference).map(LookAt::SetupAttempt);
            AttemptId::parse(&body.reference).map(LookAt::Attempt).or_else(setup)
        }
        "dispute.updated" => AttemptId::parse(&body.reference).map(LookAt::Complaints),
        "refund.updated" => RefundId::parse(&body.reference).map(LookAt::Refund),
        _ => return Err(InboxError::UnknownType),
    };
    Ok(Notification { id: body.id, about: about.ok_or(InboxError::UnknownReference)? })
}

fn tag(hex: &str) -> Option<[u8; TAG_BYTES]> {
    let digits = hex.as_bytes();
    if digits.len() != 2 * TAG_BYTES {
        return None;
    }
    let mut tag = [0; TAG_BYTES];
    for (byte, pair) in tag.iter_mut().zip(digits.chunks_exact(2)) {
        *byte = digit(pair[0])? << 4 | digit(pair[1])?;
    }
    Some(tag)
}

fn digit(byte: u8) -> Option<u8> {
    match byte {
        b'0'..=b'9' => Some(byte - b'0'),
        b'a'..=b'f' => Some(byte - b'a' + 10),
        b'A'..=b'F' => Some(byte - b'A' + 10),
        _ => None,
    }
}

impl fmt::Display for InboxError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            InboxError::NoSecret => "there is no secret to check signatures with",
            InboxError::BodyTooLarge => "the body is larger than 4 KiB",
            InboxError::SignatureMissing => "the header Sandbox-Signature has no signature",
            InboxError::SignatureMalformed => {
                "the header Sandbox-Signature is not t=<seconds>,v1=<hex>"
            }
            InboxError::SignatureWrong => "the signature is not of this body",
            InboxError::SignatureStale => "the signature is older or newer than five minutes",
            InboxError::BodyMalformed => "the body must have exactly id, type and reference",
            InboxError::UnknownType => "type is none that is known",
            InboxError::UnknownReference => "reference names nothing that can be looked up",
        })
    }
}

impl std::error::Error for InboxError {}

#[cfg(test)]
mod tests {
    use super::*;
    use holdfast_core::id::IdSource;

    const NOW: i64 = 1_795_176_000;
    const SECRET: &str = "nsec_0123456789abcdef";

    fn sign(time: &str, body: &str, secret: &str) -> String {
        let key = hmac::Key::new(hmac::HMAC_SHA256, secret.as_bytes());
        let tag = hmac::sign(&key, format!("{time}.{body}").as_bytes());
        tag.as_ref().iter().map(|byte| format!("{byte:02x}")).collect()
    }

    fn check(header: Option<&str>, body: &str) -> Result<Notification, InboxError> {
        verify(header, body.as_bytes(), &Secret::new(SECRET.to_owned()), NOW)
    }

    fn attempt() -> AttemptId {
        IdSource::new(1, 1).make()
    }

    fn body() -> String {
        let reference = attempt();
        format!(r#"{{"id":"sbn_1","type":"authorization.updated","reference":"{reference}"}}"#)
    }

    #[test]
    fn the_signature_is_the_one_that_others_compute() {
        // printf '1700000000.{"id":"x"}' | openssl dgst -sha256 -hmac secret
        let hex = "2f7852138f9dbd8d61c07c2cfb0b8ac96a46a32d78d4527788fb42fcb409a493";
        let header = format!("t=1700000000,v1={hex}");
        let secret = Secret::new("secret".to_owned());
        let read = |body: &[u8]| verify(Some(&header), body, &secret, 1_700_000_000);
        assert_eq!(read(br#"{"id":"x"}"#), Err(InboxError::BodyMalformed));
        assert_eq!(read(br#"{"id":"y"}"#), Err(InboxError::SignatureWrong));
    }

    #[test]
    fn a_signed_notification_says_what_to_look_up() {
        let refund: RefundId = IdSource::new(1, 2).make();
        let setup: SetupAttemptId = IdSource::new(1, 3).make();
        for (kind, reference, about) in [
            ("authorization.updated", setup.to_string(), LookAt::SetupAttempt(setup)),
            ("authorization.updated", attempt().to_string(), LookAt::Attempt(attempt())),
            ("dispute.updated", attempt().to_string(), LookAt::Complaints(attempt())),
            ("refund.updated", refund.to_string(), LookAt::Refund(refund)),
        ] {
            let body = format!(r#"{{"id":"sbn_1","type":"{kind}","reference":"{reference}"}}"#);
            let header = format!("t={NOW},v1={}", sign(&NOW.to_string(), &body, SECRET));
            let expected = Notification { id: "sbn_1".to_owned(), about };
            assert_eq!(check(Some(&header), &body), Ok(expected), "{kind}");
        }
    }

    #[test]
    fn only_a_right_signature_of_these_minutes_is_taken() {
        use InboxError::*;
        let body = body();
        let at = |seconds: i64| {
            let time = seconds.to_string();
            format!("t={time},v1={}", sign(&time, &body, SECRET))
        };
        let right = sign(&NOW.to_string(), &body, SECRET);
        let upper = right.to_uppercase();
        let other = sign(&NOW.to_string(), &body, "another secret");
        let bare = sign("", &body, SECRET);
        let long = format!("t={NOW},{}v1={right}", "v0=00,".repeat(100));
        let many = format!("t={NOW}{}", format!(",v1={other}").repeat(4));
        let five = format!("t={NOW}{},v1={right}", format!(",v1={other}").repeat(4));
        let table = [
            (at(NOW), Ok(())),
            (at(NOW - 300), Ok(())),
            (at(NOW + 300), Ok(())),
            (at(NOW - 301), Err(SignatureStale)),
            (at(NOW + 301), Err(SignatureStale)),
            (at(0), Err(SignatureStale)),
            (at(i64::MAX), Err(SignatureStale)),
            (format!("t={NOW},v1={upper}"), Ok(())),
            (format!("t={NOW}, v1={right}"), Ok(())),
            (format!("v1={right},t={NOW}"), Ok(())),
            // While a secret is replaced there are two.
            (format!("t={NOW},v1={other},v1={right}"), Ok(())),
            (format!("t={NOW},v0=00,v1={right},v2=x"), Ok(())),
            (many, Err(SignatureWrong)),
            (five, Err(SignatureMalformed)),
            (format!("t={NOW},v1={other}"), Err(SignatureWrong)),
            (format!("t={},v1={right}", NOW + 1), Err(SignatureWrong)),
            (format!("t=0{NOW},v1={right}"), Err(SignatureWrong)),
            (String::new(), Err(SignatureMissing)),
            (format!("t={NOW}"), Err(SignatureMissing)),
            (format!("t={NOW},v0={right}"), Err(SignatureMissing)),
            (format!("t={NOW},v1="), Err(SignatureMalformed)),
            (format!("t={NOW},v1={}", &right[..62]), Err(SignatureMalformed)),
            (format!("t={NOW},v1={right}00"), Err(SignatureMalformed)),
            (format!("t={NOW},v1=g{}", &right[1..]), Err(SignatureMalformed)),
            (format!("v1={right}"), Err(SignatureMalformed)),
            (format!("t=,v1={bare}"), Err(SignatureMalformed)),
            (format!("t=-{NOW},v1={right}"), Err(SignatureMalformed)),
            (format!("t=+{NOW},v1={right}"), Err(SignatureMalformed)),
            (format!("t={NOW},t={NOW},v1={right}"), Err(SignatureMalformed)),
            (format!("t=99999999999999999999,v1={right}"), Err(SignatureMalformed)),
            (right, Err(SignatureMalformed)),
            (long, Err(SignatureMalformed)),
        ];
        for (header, expected) in table {
            assert_eq!(check(Some(&header), &body).map(|_| ()), expected, "{header}");
        }
        assert_eq!(check(None, &body), Err(SignatureMissing));
        assert_eq!(check(Some(&at(NOW)), &body.replace("sbn_1", "sbn_2")), Err(SignatureWrong));
    }

    #[test]
    fn without_a_secret_nothing_is_believed() {
        let body = body();
        let header = format!("t={NOW},v1={}", sign(&NOW.to_string(), &body, ""));
        let none = Secret::new(String::new());
        let refused = verify(Some(&header), body.as_bytes(), &none, NOW);
        assert_eq!(refused, Err(InboxError::NoSecret));
    }

    #[test]
    fn a_signed_body_must_be_a_notification() {
        use InboxError::*;
        let attempt = attempt().to_string();
        let authorization = |reference: &str| {
            format!(r#"{{"id":"sbn_1","type":"authorization.updated","reference":"{reference}"}}"#)
        };
        let id = |id: &str| body().replace("sbn_1", id);
        let table = [
            (String::new(), BodyMalformed),
            ("null".to_owned(), BodyMalformed),
            ("[]".to_owned(), BodyMalformed),
            ("{}".to_owned(), BodyMalformed),
            (format!("{} x", body()), BodyMalformed),
            (body().replace('}', r#","amount":1}"#), BodyMalformed),
            (body().replace('}', r#","id":"sbn_2"}"#), BodyMalformed),
            (body().replace(r#""sbn_1""#, "1"), BodyMalformed),
            (id(""), BodyMalformed),
            (id("sbn 1"), BodyMalformed),
            (id(&"x".repeat(129)), BodyMalformed),
            (body().replace("authorization.updated", "payout.paid"), UnknownType),
            (body().replace("authorization.updated", "refund.updated"), UnknownReference),
            (authorization(""), UnknownReference),
            (authorization("ch_1"), UnknownReference),
            (authorization(&attempt.replace("ch_", "pi_")), UnknownReference),
            (" ".repeat(BODY_MAX + 1), BodyTooLarge),
        ];
        for (body, expected) in table {
            let header = format!("t={NOW},v1={}", sign(&NOW.to_string(), &body, SECRET));
            assert_eq!(check(Some(&header), &body), Err(expected), "{body}");
        }
    }
}
