//! Randomness as an argument: one request's worth of random bytes, cut into ids and codes.

/// How many random bytes one request may need.
pub const SEED_BYTES: usize = 96;
/// 36 digits in a row, then the small letters: any prefix of it is a digit set.
const DIGITS: &[u8; 62] = b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
const CODES: u64 = 1_000_000;

/// The random bytes of one request. Each part is used for one thing.
#[derive(Clone)]
pub struct Seed([u8; SEED_BYTES]);

impl Seed {
    /// A seed of bytes that nobody can guess.
    pub const fn new(bytes: [u8; SEED_BYTES]) -> Seed {
        Seed(bytes)
    }

    /// The id of the request's first object: `prefix` and 24 digits, more than 128 random bits.
    pub fn id(&self, prefix: &str) -> Box<str> {
        named(prefix, &self.0[0..24], DIGITS)
    }

    /// The id of a challenge, which is also the right to see it: 32 digits.
    pub fn challenge_id(&self) -> Box<str> {
        named("sbc_", &self.0[24..56], DIGITS)
    }

    /// The issuer's approval code: six digits and capital letters.
    pub fn approval_code(&self) -> Box<str> {
        named("", &self.0[56..62], &DIGITS[..36])
    }

    /// A code of six digits, leading zeros included.
    pub fn code(&self) -> Box<str> {
        let mut eight = [0; 8];
        eight.copy_from_slice(&self.0[64..72]);
        // Of 2^64 numbers the remainder favours none by more than one in 10^13.
        let code = u64::from_be_bytes(eight) % CODES;
        format!("{code:06}").into()
    }
}

fn named(prefix: &str, bytes: &[u8], digits: &[u8]) -> Box<str> {
    let digit = |byte: &u8| char::from(digits[usize::from(*byte) % digits.len()]);
    let mut text = String::with_capacity(prefix.len() + bytes.len());
    text.push_str(prefix);
    text.extend(bytes.iter().map(digit));
    text.into()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_seed_is_cut_the_same_way_each_time() {
        let mut bytes = [0; SEED_BYTES];
        for (place, byte) in (0..).zip(bytes.iter_mut()) {
            *byte = place;
        }
        let seed = Seed::new(bytes);
        assert_eq!(&*seed.id("sba_"), "sba_0123456789ABCDEFGHIJKLMN");
        assert_eq!(&*seed.challenge_id(), "sbc_OPQRSTUVWXYZabcdefghijklmnopqrst");
        assert_eq!(&*seed.approval_code(), "KLMNOP");
        assert_eq!(&*seed.code(), "213255");
    }

    #[test]
    fn a_code_keeps_its_leading_zeros() {
        let mut bytes = [0; SEED_BYTES];
        bytes[71] = 42;
        assert_eq!(&*Seed::new(bytes).code(), "000042");
    }
}
