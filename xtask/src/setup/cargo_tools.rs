//! cargo-nextest and cargo-deny, compiled here where the developer has none.

use anyhow::Result;

use crate::machine::{self, Machine};
use crate::say;

struct Tool {
    /// As cargo calls it: `cargo nextest`.
    name: &'static str,
    /// The version installed; an older one that is there already is not enough.
    version: &'static str,
    /// Further arguments of `cargo install`.
    arguments: &'static [&'static str],
}

const TOOLS: &[Tool] = &[
    Tool {
        name: "nextest",
        version: "0.9.143",
        // Without its self-update, and so without an HTTP client.
        arguments: &["--no-default-features", "--features=default-no-update"],
    },
    Tool { name: "deny", version: "0.20.2", arguments: &[] },
];

// The tools run for seconds and are compiled once per machine: compiling is what takes time.
// Their own profiles ask for link-time optimisation in one unit.
const QUICK_BUILD: &[(&str, &str)] = &[
    ("CARGO_PROFILE_RELEASE_OPT_LEVEL", "1"),
    ("CARGO_PROFILE_RELEASE_LTO", "false"),
    ("CARGO_PROFILE_RELEASE_CODEGEN_UNITS", "16"),
    ("CARGO_PROFILE_RELEASE_DEBUG", "false"),
    ("CARGO_PROFILE_RELEASE_STRIP", "symbols"),
];

pub(super) fn install(machine: &Machine) -> Result<()> {
    TOOLS.iter().filter(|tool| !is_current(machine, tool)).try_for_each(|it| build(machine, it))
}

fn is_current(machine: &Machine, tool: &Tool) -> bool {
    let said = machine::output(&mut machine.cargo(&[tool.name, "--version"]));
    said.is_ok_and(|said| version(&said) >= version(tool.version))
}

fn build(machine: &Machine, tool: &Tool) -> Result<()> {
    let crate_name = format!("cargo-{}", tool.name);
    say::line(format_args!("installing {crate_name} {}: some minutes, once", tool.version));
    let build_folder = machine.cache.join("tools-build");
    let mut command = machine.cargo(&["install", "--quiet", "--locked", "--version", tool.version]);
    command
        .args(tool.arguments)
        .arg("--root")
        .arg(machine.cache.join("tools"))
        .arg(crate_name)
        .env("CARGO_TARGET_DIR", &build_folder)
        .envs(QUICK_BUILD.iter().copied());
    machine::run(&mut command)?;
    std::fs::remove_dir_all(build_folder)?;
    Ok(())
}

/// The first `x.y.z` of the text.
fn version(text: &str) -> Option<[u32; 3]> {
    text.split_whitespace().find_map(|word| {
        let mut numbers = word.split('.').map(|number| number.parse().ok());
        let version = [numbers.next()??, numbers.next()??, numbers.next()??];
        numbers.next().is_none().then_some(version)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn versions_as_tools_print_them() {
        for (text, expected) in [
            ("cargo-deny 0.20.2", Some([0, 20, 2])),
            ("cargo-nextest 0.9.143 (60fa45f63 2026-08-04)\nrelease: 0.9.143", Some([0, 9, 143])),
            ("0.20", None),
            ("1.2.3.4", None),
            ("error: no such command: `deny`", None),
        ] {
            assert_eq!(version(text), expected, "{text}");
        }
    }

    #[test]
    fn an_unknown_version_is_older_than_any() {
        assert!(version("no version") < version("0.0.1"));
        assert!(version("0.9.99") < version("0.9.143"));
    }
}
