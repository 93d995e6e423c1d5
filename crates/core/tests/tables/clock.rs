//! The movable clock.

use crate::world::table::check;

#[test]
fn a_clock_moves_forward_and_says_so() {
    check(
        "
        advance k9 1d        -> refused resource_missing
        clock                -> k1 still
        advance k1 0s        -> refused clock_moves_forward_only
        advance k1 2d        -> k1 moving
        events               -> test_helpers.test_clock.advancing
        advance k1 3d        -> refused clock_advancing
        step k1 24h          -> nothing
        queue                -> move-clock now
        step k1 23h          -> refused clock_moves_forward_only
        step k1 2d arrived   -> k1 still
        events               -> test_helpers.test_clock.ready
        step k9 1h           -> refused resource_missing
        ",
    );
}
