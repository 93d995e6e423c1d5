//! Laws: what holds whatever is asked, in whatever order, and whatever goes wrong outside.
//!
//! The cases are the same in every run. `PROPTEST_RNG_SEED` and `PROPTEST_CASES` ask for others;
//! a failure prints the smallest case that fails.

mod books;
mod circle;
mod discounts;
mod money;
mod parts;
mod rows;
mod run;
mod transactions;

use proptest::test_runner::{Config, RngSeed};

/// Seed 1, unless another one is asked for; failing cases become lines of a table, not files.
fn config(cases: u32) -> Config {
    let asked = Config::default();
    let is_plain = matches!(asked.rng_seed, RngSeed::Random);
    Config {
        rng_seed: if is_plain { RngSeed::Fixed(1) } else { asked.rng_seed },
        cases: if asked.cases == USUAL_CASES { cases } else { asked.cases },
        failure_persistence: None,
        ..asked
    }
}

/// What the library runs when nobody asks for a number.
const USUAL_CASES: u32 = 256;
