//! Randomness that is the same each time: SplitMix64.

use std::sync::{Mutex, MutexGuard, PoisonError};

/// A stream of numbers that its seed decides.
#[derive(Clone, Debug)]
pub(crate) struct Random(u64);

impl Random {
    pub(crate) fn new(seed: u64) -> Random {
        Random(seed)
    }

    /// 64 bits (Steele, Lea, Flood: Fast splittable pseudorandom number generators, 2014).
    pub(crate) fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut bits = self.0;
        bits = (bits ^ (bits >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        bits = (bits ^ (bits >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        bits ^ (bits >> 31)
    }

    /// A stream of its own, so that what one part draws does not move the others.
    pub(crate) fn fork(&mut self) -> Random {
        Random(self.next())
    }

    /// A number below `end`, which is not zero.
    pub(crate) fn below(&mut self, end: u64) -> u64 {
        self.next() % end
    }

    /// A number from `least` to `most`.
    pub(crate) fn between(&mut self, least: i64, most: i64) -> i64 {
        let width = most.abs_diff(least).saturating_add(1);
        least.saturating_add_unsigned(self.below(width))
    }

    /// Whether something happens that happens in so many of a thousand cases.
    pub(crate) fn chance(&mut self, per_thousand: u64) -> bool {
        self.below(1_000) < per_thousand
    }

    /// One of several; nothing of none.
    pub(crate) fn pick<'a, T>(&mut self, items: &'a [T]) -> Option<&'a T> {
        if items.is_empty() { None } else { items.get(self.index(items.len())) }
    }

    /// One of several, each as likely as its weight says.
    pub(crate) fn weighted<T: Copy>(&mut self, items: &[(u64, T)]) -> Option<T> {
        let whole: u64 = items.iter().map(|(weight, _)| weight).sum();
        let mut drawn = self.below(whole.max(1));
        for (weight, item) in items {
            match drawn.checked_sub(*weight) {
                Some(left) => drawn = left,
                None => return Some(*item),
            }
        }
        None
    }

    fn index(&mut self, length: usize) -> usize {
        let length = u64::try_from(length).unwrap_or(u64::MAX);
        usize::try_from(self.below(length)).unwrap_or(0)
    }
}

/// A stream that several draw from. There is one thread, so their order is decided as well.
#[derive(Debug)]
pub(crate) struct Dice(Mutex<Random>);

impl Dice {
    pub(crate) fn new(random: Random) -> Dice {
        Dice(Mutex::new(random))
    }

    pub(crate) fn lock(&self) -> MutexGuard<'_, Random> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_stream_is_the_published_one() {
        let mut random = Random::new(1_234_567);
        let first: Vec<u64> = (0..3).map(|_| random.next()).collect();
        let published =
            [6_457_827_717_110_365_317, 3_203_168_211_198_807_973, 9_817_491_932_198_370_423];
        assert_eq!(first, published);
    }

    #[test]
    fn draws_stay_within_their_bounds() {
        let mut random = Random::new(7);
        for _ in 0..1_000 {
            assert!((-3..=3).contains(&random.between(-3, 3)));
            assert_eq!(random.weighted(&[(0, 'a'), (1, 'b'), (0, 'c')]), Some('b'));
            assert!(random.pick(&[1, 2, 3]).is_some());
            assert!(!random.chance(0) && random.chance(1_000));
        }
        assert_eq!(random.pick::<u8>(&[]), None);
    }
}
