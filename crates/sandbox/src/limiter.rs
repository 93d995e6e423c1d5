//! How often one challenge page may be posted to.

use std::collections::HashMap;
use std::time::{Duration, Instant};

/// The length of a window.
pub(crate) const WINDOW: Duration = Duration::from_secs(60);
/// Posts to one challenge in a window: five tries, some resends, and a few clumsy reloads.
pub(crate) const POSTS_MAX: u32 = 20;
/// Posts to all challenges in a window. Far above what buyers do, and what bounds the memory.
pub(crate) const ALL_POSTS_MAX: u32 = 60_000;

/// Counts posts in windows of a minute.
#[derive(Debug, Default)]
pub(crate) struct Limiter {
    window: Option<Instant>,
    all: u32,
    posts: HashMap<Box<str>, u32>,
}

impl Limiter {
    /// Counts a post to `challenge`.
    ///
    /// # Errors
    /// How long to wait, when it is one too many.
    pub(crate) fn count(&mut self, challenge: &str, now: Instant) -> Result<(), Duration> {
        let window = match self.window {
            Some(start) if now.duration_since(start) < WINDOW => start,
            Some(_) | None => {
                self.posts.clear();
                self.all = 0;
                *self.window.insert(now)
            }
        };
        let wait = WINDOW.saturating_sub(now.duration_since(window));
        if self.all >= ALL_POSTS_MAX {
            return Err(wait);
        }
        let posts = self.posts.entry(challenge.into()).or_default();
        if *posts >= POSTS_MAX {
            return Err(wait);
        }
        self.all += 1;
        *posts += 1;
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_challenge_is_limited_and_another_is_not() {
        let start = Instant::now();
        let mut limiter = Limiter::default();
        for _ in 0..POSTS_MAX {
            assert_eq!(limiter.count("a", start), Ok(()));
        }
        let later = start + Duration::from_secs(20);
        assert_eq!(limiter.count("a", later), Err(Duration::from_secs(40)));
        assert_eq!(limiter.count("b", later), Ok(()));
        assert_eq!(limiter.count("a", start + WINDOW), Ok(()));
    }

    #[test]
    fn all_together_are_limited() {
        let start = Instant::now();
        let mut limiter = Limiter::default();
        for number in 0..ALL_POSTS_MAX {
            assert_eq!(limiter.count(&number.to_string(), start), Ok(()));
        }
        assert_eq!(limiter.count("one more", start), Err(WINDOW));
        assert_eq!(limiter.posts.len(), 60_000);
    }
}
