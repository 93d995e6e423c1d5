//! `cargo xtask tidy`: the rules of the house that no compiler knows, read off the sources.
//!
//! Each rule is a file of its own. To add one: write it beside the others and list it in [`RULES`].

mod arrows;
mod lengths;
mod line_width;
mod lint_escapes;
mod machine_paths;
mod markers;
mod mask;
mod names;
mod refusals;
mod source;
mod tree;

use std::fmt;

use anyhow::{Result, bail};
use clap::Args;

use self::tree::Tree;
use crate::machine::Machine;
use crate::say;

type Rule = fn(&Tree) -> Vec<Finding>;

const RULES: &[Rule] = &[
    arrows::check,
    names::check,
    lengths::check,
    line_width::check,
    lint_escapes::check,
    markers::check,
    refusals::check,
    machine_paths::check,
];

#[derive(Args)]
pub(crate) struct Options {
    /// Lowers the entries of xtask/function-length.txt to what the sources need; raises none
    #[arg(long)]
    tighten: bool,
}

pub(crate) fn run(machine: &Machine, options: &Options) -> Result<()> {
    if options.tighten {
        let tree = Tree::read(machine)?;
        std::fs::write(machine.root.join(lengths::RATCHET), lengths::tightened(&tree))?;
    }
    check(machine)
}

/// Prints every finding, and fails if there is one.
pub(crate) fn check(machine: &Machine) -> Result<()> {
    let tree = Tree::read(machine)?;
    let mut findings: Vec<Finding> = RULES.iter().flat_map(|rule| rule(&tree)).collect();
    findings.sort();
    for finding in &findings {
        say::problem(finding);
    }
    match findings.len() {
        0 => Ok(()),
        1 => bail!("tidy: 1 finding"),
        count => bail!("tidy: {count} findings"),
    }
}

/// One place that breaks a rule.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Finding {
    path: String,
    /// Counted from 1; 0 speaks of the whole file.
    line: usize,
    rule: &'static str,
    /// What is wrong, and what to do instead.
    message: String,
}

impl fmt::Display for Finding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { path, line, rule, message } = self;
        match line {
            0 => write!(f, "{path}: {rule}: {message}"),
            _ => write!(f, "{path}:{line}: {rule}: {message}"),
        }
    }
}
