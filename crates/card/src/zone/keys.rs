//! Who may post a card: whoever has a publishable key that the zone's parent process vouches for.
//!
//! The zone has no store. Its parent tells it all keys that count, as one line, when the zone
//! starts and whenever they change: each line takes the place of the one before, so that nothing
//! depends on whether an earlier one was understood. What is told is digests, from which no key can
//! be made, and until when each counts: a key that runs out needs no further word.

use std::io;
use std::sync::{Mutex, PoisonError};

use jiff::Timestamp;
use ring::digest::{SHA256, SHA256_OUTPUT_LEN, digest};
use serde::{Deserialize, Serialize};
use subtle::{Choice, ConstantTimeEq};
use tokio::io::{AsyncBufReadExt, AsyncRead, AsyncReadExt, BufReader};

/// A publishable key as the zone is told of it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct KeyGrant {
    /// The SHA-256 digest of the key, 64 hexadecimal digits in lower case.
    pub digest: String,
    /// From when on it counts no more, in milliseconds since 1970 of the machine's clock.
    pub until_ms: Option<i64>,
}

/// How many keys a line may hold: the installation's own, and of 500 keys of the platform the
/// current one and four that it replaced.
pub const KEYS_MAX: usize = 2_501;

/// The longest line. A key takes 103 bytes where its end has 13 digits, as it has until 2286.
const LINE_BYTES_MAX: u64 = 384 * 1024;
const _: () = assert!(KEYS_MAX * 120 < 384 * 1024);

type Digest = [u8; SHA256_OUTPUT_LEN];

impl KeyGrant {
    /// A key that counts until somebody says otherwise.
    pub fn of_key(key: &str) -> KeyGrant {
        let digest = digest(&SHA256, key.as_bytes());
        let digest = digest.as_ref().iter().map(|byte| format!("{byte:02x}")).collect();
        KeyGrant { digest, until_ms: None }
    }
}

/// The line that tells a zone that these keys count, and no others.
///
/// # Errors
/// `InvalidInput` for more than [`KEYS_MAX`], or a digest that is none.
pub fn line(keys: &[KeyGrant]) -> io::Result<String> {
    if let Err(what) = checked(keys) {
        return Err(io::Error::new(io::ErrorKind::InvalidInput, what));
    }
    Ok(serde_json::to_string(keys)? + "\n")
}

/// The keys that count now.
#[derive(Default)]
pub(super) struct Keys(Mutex<Vec<Known>>);

struct Known {
    digest: Digest,
    until_ms: Option<i64>,
}

impl Keys {
    /// Whether `key` counts at `now`, in a time that tells nothing about those that do but how
    /// many they are.
    pub(super) fn know(&self, key: &str, now: Timestamp) -> bool {
        let presented = digest(&SHA256, key.as_bytes());
        let keys = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let counts = |known: &Known| {
            let counts = known.until_ms.is_none_or(|until| now.as_millisecond() < until);
            known.digest.ct_eq(presented.as_ref()) & Choice::from(u8::from(counts))
        };
        keys.iter().map(counts).fold(Choice::from(0), |any, one| any | one).into()
    }

    fn replace(&self, keys: Vec<Known>) {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = keys;
    }
}

/// What the parent says, line by line.
pub(super) struct Told<R>(BufReader<R>);

impl<R: AsyncRead + Unpin> Told<R> {
    pub(super) fn by(parent: R) -> Self {
        Self(BufReader::new(parent))
    }

    /// Waits for the next line and lets it count. `false` when there will be none.
    ///
    /// # Errors
    /// `InvalidData` for a line that is too long, cut off or makes no sense; no key counts then.
    pub(super) async fn next(&mut self, keys: &Keys) -> io::Result<bool> {
        match self.read().await {
            Ok(Some(known)) => {
                keys.replace(known);
                Ok(true)
            }
            Ok(None) => Ok(false),
            Err(error) => {
                keys.replace(Vec::new());
                Err(error)
            }
        }
    }

    async fn read(&mut self) -> io::Result<Option<Vec<Known>>> {
        let mut line = Vec::new();
        (&mut self.0).take(LINE_BYTES_MAX).read_until(b'\n', &mut line).await?;
        match line.as_slice() {
            [] => Ok(None),
            [json @ .., b'\n'] => {
                let keys = serde_json::from_slice::<Vec<KeyGrant>>(json);
                let keys = keys.map_err(|_| invalid("a line of keys makes no sense"))?;
                checked(&keys).map(Some).map_err(invalid)
            }
            _ => Err(invalid("a line of keys is too long or cut off")),
        }
    }
}

fn checked(keys: &[KeyGrant]) -> Result<Vec<Known>, &'static str> {
    if keys.len() > KEYS_MAX {
        return Err("too many keys in one line");
    }
    let known = |key: &KeyGrant| {
        let digest = unhex(&key.digest).ok_or("a digest has 64 hexadecimal digits")?;
        Ok(Known { digest, until_ms: key.until_ms })
    };
    keys.iter().map(known).collect()
}

fn unhex(text: &str) -> Option<Digest> {
    let digit = |byte: u8| match byte {
        b'0'..=b'9' => Some(byte - b'0'),
        b'a'..=b'f' => Some(byte - b'a' + 10),
        _ => None,
    };
    let pairs = text.as_bytes().chunks(2).map(|pair| match pair {
        [high, low] => Some(digit(*high)? << 4 | digit(*low)?),
        _ => None,
    });
    pairs.collect::<Option<Vec<u8>>>()?.try_into().ok()
}

fn invalid(what: &str) -> io::Error {
    io::Error::new(io::ErrorKind::InvalidData, what)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::*;

    fn at(ms: i64) -> Timestamp {
        Timestamp::from_millisecond(ms).unwrap()
    }

    /// What becomes of the keys when the parent says this and nothing more.
    async fn told(said: &[u8]) -> (Keys, io::Result<bool>) {
        let keys = Keys::default();
        let mut told = Told::by(said);
        let mut heard = told.next(&keys).await;
        while matches!(heard, Ok(true)) && !told.0.buffer().is_empty() {
            heard = told.next(&keys).await;
        }
        (keys, heard)
    }

    #[test]
    fn the_digest_is_the_known_one() {
        // The test vector of FIPS 180-2.
        let abc = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";
        assert_eq!(KeyGrant::of_key("abc").digest, abc);
        assert_eq!(unhex(abc).unwrap(), digest(&SHA256, b"abc").as_ref());
    }

    #[tokio::test]
    async fn keys_count_whole_and_until_their_end() {
        let ending = KeyGrant { until_ms: Some(2_000), ..KeyGrant::of_key("pk_test_22") };
        let said = line(&[KeyGrant::of_key("pk_test_1"), ending]).unwrap();
        assert!(!said.contains("pk_test"), "{said}");
        let (keys, heard) = told(said.as_bytes()).await;
        assert!(heard.unwrap());
        let check =
            |key: &str, ms, counts| assert_eq!(keys.know(key, at(ms)), counts, "{key} {ms}");
        check("pk_test_1", 0, true);
        check("pk_test_1", i64::from(u32::MAX), true);
        check("pk_test_22", 1_999, true);
        check("pk_test_22", 2_000, false);
        for other in ["", "pk_test_", "pk_test_2", "pk_test_222", "PK_TEST_1", "pk_test_1\0"] {
            check(other, 0, false);
        }
    }

    #[tokio::test]
    async fn each_line_takes_the_place_of_the_one_before() {
        let first = line(&[KeyGrant::of_key("a"), KeyGrant::of_key("b")]).unwrap();
        let second = line(&[KeyGrant::of_key("b"), KeyGrant::of_key("c")]).unwrap();
        let (keys, _) = told(format!("{first}{second}").as_bytes()).await;
        let known = ["a", "b", "c"].map(|key| keys.know(key, at(0)));
        assert_eq!(known, [false, true, true]);
    }

    #[tokio::test]
    async fn a_line_that_makes_no_sense_ends_all_keys() {
        let good = line(&[KeyGrant::of_key("a")]).unwrap();
        let digest = "ab".repeat(32);
        let table = [
            "\n".to_owned(),
            "{}\n".to_owned(),
            "[1]\n".to_owned(),
            good.trim_end().to_owned(),
            format!(r#"[{{"digest":"{digest}"}}"#) + "\n",
            format!(r#"[{{"digest":"{}","until_ms":null}}]"#, digest.to_uppercase()) + "\n",
            format!(r#"[{{"digest":"{}","until_ms":null}}]"#, &digest[1..]) + "\n",
            format!(r#"[{{"digest":"{digest}","until_ms":null,"key":"pk"}}]"#) + "\n",
            " ".repeat(400 * 1024) + "\n",
        ];
        for said in table {
            let (keys, heard) = told(format!("{good}{said}").as_bytes()).await;
            let shown = &said[..said.len().min(100)];
            assert_eq!(heard.unwrap_err().kind(), io::ErrorKind::InvalidData, "{shown}");
            assert!(!keys.know("a", at(0)), "{shown}");
        }
    }

    #[tokio::test]
    async fn lines_are_bounded() {
        let grant = KeyGrant { until_ms: Some(9_999_999_999_999), ..KeyGrant::of_key("a") };
        let most = line(&vec![grant.clone(); KEYS_MAX]).unwrap();
        let (keys, heard) = told(most.as_bytes()).await;
        assert!(heard.unwrap() && keys.know("a", at(0)));
        assert!(line(&vec![grant; KEYS_MAX + 1]).is_err());
        assert!(line(&[KeyGrant { digest: "a".into(), until_ms: None }]).is_err());
    }

    #[tokio::test]
    async fn a_parent_that_says_nothing_more_changes_nothing() {
        let keys = Keys::default();
        let said = line(&[KeyGrant::of_key("a")]).unwrap();
        let mut told = Told::by(said.as_bytes());
        assert!(told.next(&keys).await.unwrap());
        assert!(!told.next(&keys).await.unwrap());
        assert!(keys.know("a", at(0)));
    }
}
