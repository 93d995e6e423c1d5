//! What the tests are told by the environment, which `cargo xtask` sets.

use std::hash::{BuildHasher, Hasher, RandomState};
use std::path::PathBuf;

/// Kills of one run when nothing else is asked for.
const KILLS: u32 = 40;
const NODE_KILLS: u32 = 20;
const FREEZES: u32 = 3;

/// The program under test.
pub(crate) fn binary() -> PathBuf {
    let path = variable("HOLDFAST_BIN").map_or_else(beside_this_test, PathBuf::from);
    let shown = path.display();
    assert!(path.is_file(), "{shown} is missing: build it with `cargo build -p holdfast`");
    path
}

/// The first seed: the one asked for, or a fresh one.
pub(crate) fn seed() -> u64 {
    number("HOLDFAST_SEED").unwrap_or_else(|| RandomState::new().build_hasher().finish())
}

/// How often the program is killed.
pub(crate) fn kills() -> u32 {
    let kills = number("HOLDFAST_KILLS").map(u32::try_from);
    kills.map_or(KILLS, |kills| kills.expect("HOLDFAST_KILLS is below 2^32"))
}

/// How often one of several nodes, or the database of one, is killed.
pub(crate) fn node_kills() -> u32 {
    let kills = number("HOLDFAST_NODE_KILLS").map(u32::try_from);
    kills.map_or(NODE_KILLS, |kills| kills.expect("HOLDFAST_NODE_KILLS is below 2^32"))
}

/// The address of a database to use instead of one of the test's own, which is empty, and the
/// program that kills it.
pub(crate) fn database() -> Option<(String, String)> {
    let address = variable("HOLDFAST_TEST_DATABASE")?;
    let kill = variable("HOLDFAST_KILL_DATABASE").expect("HOLDFAST_KILL_DATABASE is set as well");
    Some((address, kill))
}

/// How often a node is frozen, or cut off from its database.
pub(crate) fn freezes() -> u32 {
    let freezes = number("HOLDFAST_FREEZES").map(u32::try_from);
    freezes.map_or(FREEZES, |freezes| freezes.expect("HOLDFAST_FREEZES is below 2^32"))
}

/// Test programs are in `deps`, next to the program.
fn beside_this_test() -> PathBuf {
    let test = std::env::current_exe().expect("this test's own path");
    test.parent().and_then(|deps| deps.parent()).expect("the target folder").join("holdfast")
}

fn number(name: &str) -> Option<u64> {
    variable(name).map(|text| text.parse().unwrap_or_else(|_| panic!("{name} must be a number")))
}

#[allow(clippy::disallowed_methods, reason = "cargo xtask tells the tests what to do this way")]
fn variable(name: &str) -> Option<String> {
    std::env::var(name).ok()
}
