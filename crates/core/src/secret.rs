//! Secrets of our own: what lets a browser see a payment. They cannot be printed.

use serde::{Deserialize, Serialize};

/// A random string of at least 128 bits that grants access to one object.
///
/// Comparisons, `==` included, take constant time.
#[derive(Clone, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Secret(String);

impl Secret {
    /// A secret that a secure random source made.
    pub fn new(text: String) -> Secret {
        Secret(text)
    }

    /// The secret, for its owner.
    pub fn reveal(&self) -> &str {
        &self.0
    }

    /// Whether `guess` is the secret. Takes the same time for every guess of one length.
    pub fn matches(&self, guess: &str) -> bool {
        let (known, guess) = (self.0.as_bytes(), guess.as_bytes());
        if known.len() != guess.len() {
            return false;
        }
        let difference = known.iter().zip(guess).fold(0_u8, |sum, (a, b)| sum | (a ^ b));
        std::hint::black_box(difference) == 0
    }
}

impl PartialEq for Secret {
    fn eq(&self, other: &Secret) -> bool {
        self.matches(&other.0)
    }
}

impl Eq for Secret {}

impl std::fmt::Debug for Secret {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Secret")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_whole_secret_matches() {
        let secret = Secret::new("abc".to_owned());
        for (guess, matches) in [("abc", true), ("abd", false), ("ab", false), ("", false)] {
            assert_eq!(secret.matches(guess), matches, "{guess}");
        }
        assert_eq!(format!("{secret:?}"), "Secret");
    }
}
