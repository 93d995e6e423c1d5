//! The machine below: its clock and its randomness.

use std::time::UNIX_EPOCH;

use holdfast_core::time::Timestamp;
use holdfast_engine::System;
use ring::rand::{SecureRandom, SystemRandom};

/// The real machine.
pub(crate) struct Machine {
    random: SystemRandom,
}

const DIGITS: &[u8; 62] = b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";

impl Machine {
    pub(crate) fn new() -> Machine {
        Machine { random: SystemRandom::new() }
    }

    /// A secret of `digits` letters and digits, about six bits each.
    pub(crate) fn secret(&self, digits: usize) -> String {
        let mut secret = String::with_capacity(digits);
        while secret.len() < digits {
            for byte in self.bytes::<32>() {
                // 248 is the largest multiple of 62 in a byte: what lies above would favour the
                // first digits.
                if byte < 248 && secret.len() < digits {
                    secret.push(char::from(DIGITS[usize::from(byte % 62)]));
                }
            }
        }
        secret
    }

    fn bytes<const N: usize>(&self) -> [u8; N] {
        let mut bytes = [0; N];
        // Without randomness there are no ids and no secrets: nothing may go on.
        self.random.fill(&mut bytes).expect("the system has a source of randomness");
        bytes
    }
}

impl System for Machine {
    #[allow(clippy::disallowed_methods, reason = "this is the engine's clock")]
    fn now(&self) -> Timestamp {
        let since = std::time::SystemTime::now().duration_since(UNIX_EPOCH);
        let ms = since.map_or(0, |since| since.as_millis());
        Timestamp::from_ms(i64::try_from(ms).unwrap_or(i64::MAX))
    }

    fn random(&self) -> u64 {
        u64::from_le_bytes(self.bytes())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn secrets_are_long_and_differ() {
        let machine = Machine::new();
        let (one, other) = (machine.secret(43), machine.secret(43));
        assert_eq!((one.len(), other.len()), (43, 43));
        assert_ne!(one, other);
        assert!(one.bytes().all(|byte| byte.is_ascii_alphanumeric()));
    }
}
