//! Who is calling: API keys, Bearer or Basic.
//!
//! A key is 24 or more random characters, so its plain SHA-256 digest gives nothing away and is
//! all that is stored. The look-up by digest is the caller's (a table, a cache over the store);
//! this module reads the key before it and decides after it, in constant time.

use std::collections::BTreeMap;
use std::fmt;
use std::hash::{Hash, Hasher};

use axum::http::Uri;
use axum::http::header::{AUTHORIZATION, HeaderMap};
use holdfast_core::id::{ApiKeyId, Id as _};
use subtle::ConstantTimeEq as _;

use crate::codes;
use crate::digest::{hex, hex_digit, sha256, unbase64, unhex};
use crate::error::ApiError;
use crate::headers::single;

/// The key that a request presented: its form is right, whether anybody has it is open.
///
/// The key itself is dropped at once; what is left cannot be used to call the API.
#[derive(Clone, Debug)]
pub struct PresentedKey {
    digest: KeyDigest,
    kind: KeyKind,
    livemode: bool,
    row: Option<ApiKeyId>,
}

/// The SHA-256 digest of an API key: what is stored, looked up and compared.
#[derive(Clone, Copy, Eq)]
pub struct KeyDigest([u8; 32]);

/// What a key may be used for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum KeyKind {
    /// `pk_`: in a buyer's browser; a handful of operations, none that shows others' data.
    Publishable,
    /// `sk_`: everything of its platform.
    Secret,
    /// `rk_`: what its scopes list.
    Restricted,
}

/// A key as it is stored.
#[derive(Clone, Debug)]
pub struct KeyRecord {
    /// The digest it is found by.
    pub digest: KeyDigest,
    /// The platform whose key it is.
    pub platform: String,
    /// From when on it no longer counts, in seconds since 1970; a rolled key overlaps with its
    /// successor until then.
    pub expires_at: Option<i64>,
    /// What a restricted key may do, by the name of the resource (`payment_intents`); ignored
    /// for other kinds.
    pub scopes: BTreeMap<String, Access>,
}

/// What a restricted key may do with a resource. Writing includes reading.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Access {
    /// Retrieve and list.
    Read,
    /// Create, change, act.
    Write,
}

/// Who is calling, proved by a key.
#[derive(Clone, Debug)]
pub struct Caller {
    /// The platform that everything the request touches must belong to.
    pub platform: String,
    /// Whether it is live money.
    pub livemode: bool,
    /// The kind of key.
    pub kind: KeyKind,
    /// The key, for its rate limit.
    pub key: KeyDigest,
    scopes: BTreeMap<String, Access>,
}

/// The longest key that is looked at, in bytes.
const KEY_BYTES_MAX: usize = 255;
/// The fewest characters after the prefix: 24 of 62 hold 142 bits.
const KEY_RANDOM_MIN: usize = 24;
/// How many characters of a key name its row: those of an id without its prefix.
const KEY_ROW_CHARS: usize = 22;

/// The text of a new key: its row's name, so that it is found without a search, and a secret.
pub fn key_text(kind: KeyKind, row: ApiKeyId, secret: &str) -> String {
    let prefix = match kind {
        KeyKind::Publishable => "pk",
        KeyKind::Secret => "sk",
        KeyKind::Restricted => "rk",
    };
    let row = row.to_string();
    let row = row.strip_prefix(ApiKeyId::PREFIX).unwrap_or_default();
    format!("{prefix}_test_{row}{secret}")
}

/// Refuses an address that holds a secret key. Addresses end in the logs of every machine on the
/// way, so that whoever sends a key so has to be told at once.
///
/// # Refusals
/// 400 `api_key_in_url`, which does not repeat the key.
pub fn refuse_key_in(uri: &Uri) -> Result<(), ApiError> {
    let written = uri.path_and_query().map_or("", |target| target.as_str());
    let decoded = percent_decoded(written);
    if [written, &decoded].into_iter().any(holds_key) {
        return Err(ApiError::invalid(
            codes::API_KEY_IN_URL,
            "The address of the request holds an API key. Addresses are logged on their way: \
             rotate the key, and send it in the Authorization header only.",
        ));
    }
    Ok(())
}

fn holds_key(text: &str) -> bool {
    ["sk_test_", "sk_live_", "rk_test_", "rk_live_"].iter().any(|prefix| {
        text.match_indices(prefix).any(|(at, _)| {
            let random = text[at + prefix.len()..].bytes();
            random.take_while(u8::is_ascii_alphanumeric).count() >= KEY_RANDOM_MIN
        })
    })
}

/// The text with `%5f` and the like undone once. What is no UTF-8 then holds no key either.
fn percent_decoded(text: &str) -> String {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let Some((first, after)) = rest.split_first() {
        let digits = after.get(..2).and_then(|two| Some((hex_digit(two[0])?, hex_digit(two[1])?)));
        match (first, digits) {
            (b'%', Some((high, low))) => {
                bytes.push(high << 4 | low);
                rest = &after[2..];
            }
            (byte, _) => {
                bytes.push(*byte);
                rest = after;
            }
        }
    }
    String::from_utf8_lossy(&bytes).into_owned()
}

impl PresentedKey {
    /// Reads `Authorization: Bearer KEY` or `Authorization: Basic base64(KEY:)`.
    ///
    /// # Refusals
    /// 401 when there is none or it does not have the form of a key. The key is never repeated.
    pub fn of(headers: &HeaderMap) -> Result<PresentedKey, ApiError> {
        let header = single(headers, &AUTHORIZATION).map_err(|_| invalid())?;
        let Some(header) = header.map(str::trim).filter(|header| !header.is_empty()) else {
            return Err(ApiError::unauthenticated(
                "You did not provide an API key. Provide it in the Authorization header, using \
                 Bearer auth: Authorization: Bearer YOUR_SECRET_KEY.",
            ));
        };
        let (scheme, rest) = header.split_once(' ').ok_or_else(invalid)?;
        let rest = rest.trim();
        if scheme.eq_ignore_ascii_case("bearer") {
            return PresentedKey::parse(rest).ok_or_else(invalid);
        }
        if scheme.eq_ignore_ascii_case("basic") && rest.len() <= KEY_BYTES_MAX * 2 {
            let decoded = unbase64(rest).and_then(|bytes| String::from_utf8(bytes).ok());
            let decoded = decoded.ok_or_else(invalid)?;
            // The user name is the key; the password is ignored, as curl -u KEY: leaves it empty.
            let key = decoded.split(':').next().unwrap_or_default();
            return PresentedKey::parse(key).ok_or_else(invalid);
        }
        Err(invalid())
    }

    /// Reads a key: `(pk|sk|rk)_(test|live)_` and 24 or more letters and digits.
    pub fn parse(key: &str) -> Option<PresentedKey> {
        if key.len() > KEY_BYTES_MAX {
            return None;
        }
        let mut parts = key.splitn(3, '_');
        let kind = match parts.next()? {
            "pk" => KeyKind::Publishable,
            "sk" => KeyKind::Secret,
            "rk" => KeyKind::Restricted,
            _ => return None,
        };
        let livemode = match parts.next()? {
            "live" => true,
            "test" => false,
            _ => return None,
        };
        let random = parts.next()?;
        let plain = random.bytes().all(|byte| byte.is_ascii_alphanumeric());
        if !plain || random.len() < KEY_RANDOM_MIN {
            return None;
        }
        // A key that the platform made begins with the name of its row.
        let row = random.get(..KEY_ROW_CHARS).filter(|row| random.len() > row.len());
        let row = row.and_then(|row| ApiKeyId::parse(&format!("{}{row}", ApiKeyId::PREFIX)));
        Some(PresentedKey { digest: KeyDigest(sha256(key.as_bytes())), kind, livemode, row })
    }

    /// The row that the key would be kept in, if the platform made it.
    pub fn row(&self) -> Option<ApiKeyId> {
        self.row
    }

    /// The digest to look the key up by.
    pub fn digest(&self) -> KeyDigest {
        self.digest
    }

    /// Decides by the record found under the digest, `now` in seconds since 1970.
    ///
    /// # Refusals
    /// 401: nobody has the key, or it has expired.
    pub fn verified(self, record: Option<KeyRecord>, now: i64) -> Result<Caller, ApiError> {
        let record = record.filter(|record| record.digest == self.digest).ok_or_else(invalid)?;
        if record.expires_at.is_some_and(|expires_at| expires_at <= now) {
            return Err(ApiError::key_expired());
        }
        Ok(Caller {
            platform: record.platform,
            livemode: self.livemode,
            kind: self.kind,
            key: self.digest,
            scopes: record.scopes,
        })
    }
}

impl Caller {
    /// Whoever calls where the API describes itself: nobody.
    pub(crate) fn described(kind: KeyKind) -> Caller {
        Caller {
            platform: String::new(),
            livemode: false,
            kind,
            key: KeyDigest::of(""),
            scopes: BTreeMap::new(),
        }
    }

    /// Refuses a key that may not do this with `resource`.
    ///
    /// # Refusals
    /// 403: a publishable key, or a restricted one without the scope.
    pub fn require(&self, resource: &str, access: Access) -> Result<(), ApiError> {
        match self.kind {
            KeyKind::Secret => Ok(()),
            KeyKind::Publishable => Err(ApiError::forbidden(
                codes::SECRET_KEY_REQUIRED,
                "This API call cannot be made with a publishable API key. Use a secret API key.",
            )),
            KeyKind::Restricted if self.scopes.get(resource) >= Some(&access) => Ok(()),
            KeyKind::Restricted => {
                let word = match access {
                    Access::Read => "read",
                    Access::Write => "write",
                };
                let message = format!(
                    "The provided key does not have the required permission: {word} on \
                     {resource} (permissions[{resource}]={word})."
                );
                Err(ApiError::forbidden(codes::PERMISSION_MISSING, message))
            }
        }
    }
}

impl KeyDigest {
    /// The digest of a key.
    pub fn of(key: &str) -> KeyDigest {
        KeyDigest(sha256(key.as_bytes()))
    }

    /// The digest as it is stored: 64 hexadecimal digits.
    pub fn to_hex(self) -> String {
        hex(&self.0)
    }

    /// Reads a stored digest.
    pub fn from_hex(text: &str) -> Option<KeyDigest> {
        unhex(text)?.try_into().ok().map(KeyDigest)
    }
}

impl PartialEq for KeyDigest {
    fn eq(&self, other: &KeyDigest) -> bool {
        self.0.ct_eq(&other.0).into()
    }
}

impl Hash for KeyDigest {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.0.hash(state);
    }
}

impl fmt::Debug for KeyDigest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("KeyDigest(..)")
    }
}

fn invalid() -> ApiError {
    ApiError::unauthenticated("Invalid API key provided.")
}

#[cfg(test)]
mod tests {
    use super::*;

    const SECRET: &str = "sk_test_abcdefghijklmnopqrstuvwx";

    fn presented(authorization: &str) -> Result<PresentedKey, ApiError> {
        let mut headers = HeaderMap::new();
        headers.insert(AUTHORIZATION, authorization.parse().unwrap());
        PresentedKey::of(&headers)
    }

    fn record(expires_at: Option<i64>) -> KeyRecord {
        let scopes = BTreeMap::from([
            ("orders".to_owned(), Access::Read),
            ("refunds".to_owned(), Access::Write),
        ]);
        KeyRecord { digest: KeyDigest::of(SECRET), platform: "plt".into(), expires_at, scopes }
    }

    #[test]
    fn keys_have_a_form() {
        let long = format!("sk_test_{}", "a".repeat(KEY_BYTES_MAX));
        let table: &[(&str, Option<(KeyKind, bool)>)] = &[
            (SECRET, Some((KeyKind::Secret, false))),
            ("sk_live_abcdefghijklmnopqrstuvwxyz0189", Some((KeyKind::Secret, true))),
            ("pk_test_ABCDEFGHIJKLMNOPQRSTUVWX", Some((KeyKind::Publishable, false))),
            ("rk_live_ABCDEFGHIJKLMNOPQRSTUVWX", Some((KeyKind::Restricted, true))),
            ("sk_test_abcdefghijklmnopqrstuvw", None),
            ("sk_test_abcdefghijklmnopqrstuvw_", None),
            ("sk_prod_abcdefghijklmnopqrstuvwx", None),
            ("ak_test_abcdefghijklmnopqrstuvwx", None),
            ("SK_test_abcdefghijklmnopqrstuvwx", None),
            ("sk_test_", None),
            ("sk", None),
            ("", None),
            (&long, None),
        ];
        for (key, expected) in table {
            let found = PresentedKey::parse(key).map(|key| (key.kind, key.livemode));
            assert_eq!(found, *expected, "{key}");
        }
    }

    #[test]
    fn authorization_headers() {
        let table: &[(&str, bool)] = &[
            ("Bearer sk_test_abcdefghijklmnopqrstuvwx", true),
            ("bearer  sk_test_abcdefghijklmnopqrstuvwx ", true),
            ("Basic c2tfdGVzdF9hYmNkZWZnaGlqa2xtbm9wcXJzdHV2d3g6", true),
            ("Basic c2tfdGVzdF9hYmNkZWZnaGlqa2xtbm9wcXJzdHV2d3g6aWdub3JlZA==", true),
            ("Basic !!!", false),
            ("Basic c2s6", false),
            ("sk_test_abcdefghijklmnopqrstuvwx", false),
            ("Digest sk_test_abcdefghijklmnopqrstuvwx", false),
            ("Bearer", false),
            ("", false),
        ];
        for (header, taken) in table {
            match presented(header) {
                Ok(key) => assert!(*taken && key.digest() == KeyDigest::of(SECRET), "{header}"),
                Err(error) => assert!(!taken && error.status() == 401, "{header}"),
            }
        }
        let error = PresentedKey::of(&HeaderMap::new()).unwrap_err();
        assert!(error.to_string().contains("did not provide"));
        let mut twice = HeaderMap::new();
        for _ in 0..2 {
            twice.append(AUTHORIZATION, format!("Bearer {SECRET}").parse().unwrap());
        }
        assert_eq!(PresentedKey::of(&twice).unwrap_err().status(), 401);
    }

    #[test]
    fn the_record_decides() {
        let other = KeyRecord { digest: KeyDigest::of("another"), ..record(None) };
        let table: &[(Option<KeyRecord>, Option<Option<&str>>)] = &[
            (Some(record(None)), None),
            (Some(record(Some(101))), None),
            (Some(record(Some(100))), Some(Some("api_key_expired"))),
            (Some(other), Some(None)),
            (None, Some(None)),
        ];
        for (found, refused) in table {
            let key = PresentedKey::parse(SECRET).unwrap();
            match key.verified(found.clone(), 100) {
                Ok(caller) => assert!(refused.is_none() && caller.platform == "plt"),
                Err(error) => {
                    assert_eq!(error.status(), 401);
                    assert_eq!(Some(error.code()), *refused);
                }
            }
        }
    }

    #[test]
    fn kinds_and_scopes() {
        let table = [
            (KeyKind::Secret, "orders", Access::Write, None),
            (KeyKind::Publishable, "orders", Access::Read, Some("secret_key_required")),
            (KeyKind::Restricted, "orders", Access::Read, None),
            (KeyKind::Restricted, "orders", Access::Write, Some("permission_missing")),
            (KeyKind::Restricted, "refunds", Access::Read, None),
            (KeyKind::Restricted, "refunds", Access::Write, None),
            (KeyKind::Restricted, "events", Access::Read, Some("permission_missing")),
        ];
        for (kind, resource, access, refused) in table {
            let key = PresentedKey { kind, ..PresentedKey::parse(SECRET).unwrap() };
            let caller = key.verified(Some(record(None)), 0).unwrap();
            let error = caller.require(resource, access).err();
            assert_eq!(error.as_ref().and_then(ApiError::code), refused, "{kind:?} {resource}");
            assert!(error.is_none_or(|error| error.status() == 403));
        }
    }

    #[test]
    fn digests_are_stored_as_text_and_not_shown() {
        let digest = KeyDigest::of(SECRET);
        assert_eq!(KeyDigest::from_hex(&digest.to_hex()), Some(digest));
        assert_eq!(KeyDigest::from_hex("00"), None);
        assert_eq!(
            format!("{:?}", PresentedKey::parse(SECRET).unwrap()).matches("abcd").count(),
            0
        );
    }
}
