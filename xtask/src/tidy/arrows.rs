//! The layout is the architecture: which package may depend on which.

use super::Finding;
use super::tree::{Package, Tree};

const RULE: &str = "arrows";

/// Each package of the workspace and those of the workspace that it may ask for, for whatever
/// purpose: an arrow that only the tests draw is drawn all the same.
const ARROWS: &[(&str, &[&str])] = &[
    ("holdfast-core", &[]),
    ("holdfast-store", &["holdfast-core"]),
    ("holdfast-engine", &["holdfast-core", "holdfast-store"]),
    ("holdfast-connect", &["holdfast-core"]),
    ("holdfast-card", &["holdfast-core"]),
    ("holdfast-sandbox", &["holdfast-core"]),
    ("holdfast-risk", &["holdfast-core"]),
    ("holdfast-recon", &["holdfast-core", "holdfast-store"]),
    ("holdfast-api", &["holdfast-core", "holdfast-engine"]),
    ("holdfast-web", &["holdfast-core", "holdfast-engine"]),
    ("holdfast-sim", &["holdfast-core", "holdfast-store", "holdfast-engine", "holdfast-sandbox"]),
    ("holdfast", EVERYTHING_BUT_SIM),
    ("bazaar", &[]),
    ("xtask", &[]),
];

const EVERYTHING_BUT_SIM: &[&str] = &[
    "holdfast-core",
    "holdfast-store",
    "holdfast-engine",
    "holdfast-connect",
    "holdfast-card",
    "holdfast-sandbox",
    "holdfast-risk",
    "holdfast-recon",
    "holdfast-api",
    "holdfast-web",
    "bazaar",
];

/// What only some may ask for of others' crates, and why.
const RESERVED: &[(&[&str], &[&str], &str)] = &[
    (
        &["rusqlite", "libsqlite3-sys", "sqlx", "tokio-postgres", "deadpool-postgres", "postgres"],
        &["holdfast-store"],
        "only the store speaks SQL: ask it through its trait",
    ),
    (
        &["arrow", "datafusion", "parquet"],
        &["holdfast-recon"],
        "only the reconciliation reads columns: keep the first build quick",
    ),
    (
        &["anyhow"],
        &["holdfast", "xtask"],
        "a library names its errors in an enum of its own; anyhow is for the programs",
    ),
];

/// The packages that ask for nothing from outside but this: the core so that it stays pure, xtask
/// because it is compiled before anything else.
const FRUGAL: &[(&str, &[&str])] = &[
    ("holdfast-core", &["serde", "serde_json", "proptest"]),
    ("xtask", &["anyhow", "clap", "serde_json"]),
];

pub(super) fn check(tree: &Tree) -> Vec<Finding> {
    tree.packages.iter().flat_map(problems).collect()
}

fn problems(package: &Package) -> Vec<Finding> {
    let Some((_, allowed)) = ARROWS.iter().find(|(name, _)| *name == package.name) else {
        let message = format!(
            "`{}` is not in the table of arrows: a package exists because it keeps a rule; \
             name the rule in docs/ARCHITECTURE.md and its arrows in xtask/src/tidy/arrows.rs",
            package.name
        );
        return vec![finding(package, message)];
    };
    let problem = |dependency: &String| {
        unlawful_arrow(&package.name, allowed, dependency)
            .or_else(|| reserved(&package.name, dependency))
            .or_else(|| too_much(&package.name, dependency))
    };
    package.dependencies.iter().filter_map(problem).map(|it| finding(package, it)).collect()
}

fn unlawful_arrow(package: &str, allowed: &[&str], dependency: &str) -> Option<String> {
    let is_ours = ARROWS.iter().any(|(name, _)| *name == dependency);
    if !is_ours || allowed.contains(&dependency) {
        return None;
    }
    let allowed =
        if allowed.is_empty() { "nothing of ours".to_owned() } else { allowed.join(", ") };
    Some(format!(
        "`{package}` may not depend on `{dependency}`, in tests neither; it may on {allowed}: \
         move what is shared to where both may reach it, or let `holdfast` join them"
    ))
}

fn reserved(package: &str, dependency: &str) -> Option<String> {
    let (_, _, reason) = RESERVED
        .iter()
        .find(|(crates, owners, _)| crates.contains(&dependency) && !owners.contains(&package))?;
    Some(format!("`{package}` may not depend on `{dependency}`: {reason}"))
}

fn too_much(package: &str, dependency: &str) -> Option<String> {
    let (_, allowed) = FRUGAL.iter().find(|(name, _)| *name == package)?;
    let is_ours = ARROWS.iter().any(|(name, _)| *name == dependency);
    (!is_ours && !allowed.contains(&dependency)).then(|| {
        let allowed = allowed.join(", ");
        format!("`{package}` takes nothing from outside but {allowed}; not `{dependency}`")
    })
}

fn finding(package: &Package, message: String) -> Finding {
    Finding { path: package.manifest.clone(), line: 0, rule: RULE, message }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn arrows_that_may_and_may_not_be_drawn() {
        for (package, dependency, is_allowed) in [
            ("holdfast-store", "holdfast-core", true),
            ("holdfast-core", "holdfast-store", false),
            ("holdfast-engine", "holdfast-store", true),
            ("holdfast-api", "holdfast-engine", true),
            ("holdfast-api", "holdfast-store", false),
            ("holdfast-web", "holdfast-api", false),
            ("holdfast-connect", "holdfast-sandbox", false),
            ("holdfast-sandbox", "holdfast-card", false),
            ("holdfast", "holdfast-card", true),
            ("holdfast", "bazaar", true),
            ("holdfast", "holdfast-sim", false),
            ("holdfast-sim", "holdfast-sandbox", true),
            ("holdfast-sim", "holdfast-connect", false),
            ("bazaar", "holdfast-core", false),
            ("xtask", "holdfast-core", false),
            ("holdfast-store", "rusqlite", true),
            ("holdfast-sim", "rusqlite", false),
            ("holdfast-api", "anyhow", false),
            ("holdfast", "anyhow", true),
            ("holdfast-core", "serde", true),
            ("holdfast-core", "tokio", false),
            ("xtask", "tokio", false),
            ("holdfast-stroe", "serde", false),
        ] {
            let package = Package {
                name: package.to_owned(),
                manifest: "Cargo.toml".to_owned(),
                dependencies: vec![dependency.to_owned()],
            };
            let found = problems(&package);
            assert_eq!(found.is_empty(), is_allowed, "{package:?} {found:?}");
        }
    }

    #[test]
    fn every_arrow_leads_to_a_package_of_the_table_and_none_in_a_circle() {
        // The table lists each package after those it may ask for, but for the programs at its end.
        for (index, (name, allowed)) in ARROWS.iter().enumerate() {
            for target in *allowed {
                let place = ARROWS.iter().position(|(it, _)| it == target);
                assert!(
                    place.is_some_and(|it| it < index || *target == "bazaar"),
                    "{name} {target}"
                );
            }
        }
    }
}
