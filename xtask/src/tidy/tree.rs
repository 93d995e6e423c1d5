//! What the rules look at: every file that is, or would be, committed, and the packages.

use std::path::Path;

use anyhow::{Context, Result};
use serde_json::Value;

use super::source::Source;
use crate::machine::{self, Machine};

#[derive(Default)]
pub(super) struct Tree {
    /// Every text file with its path.
    pub(super) texts: Vec<(String, String)>,
    /// The Rust sources among them.
    pub(super) sources: Vec<Source>,
    pub(super) packages: Vec<Package>,
}

/// A package of the workspace.
#[derive(Debug)]
pub(super) struct Package {
    pub(super) name: String,
    /// The path of its Cargo.toml, from the root of the repository.
    pub(super) manifest: String,
    /// The packages it asks for, to build, to test or to run.
    pub(super) dependencies: Vec<String>,
}

impl Tree {
    pub(super) fn read(machine: &Machine) -> Result<Self> {
        let paths = machine::output(machine.command("git").args([
            "ls-files",
            "-z",
            "--cached",
            "--others",
            "--exclude-standard",
            "--deduplicate",
        ]))?;
        let mut texts = Vec::new();
        for path in paths.split('\0').filter(|path| !path.is_empty()) {
            // A file that is deleted but not yet committed so, or one that is no text.
            let Ok(bytes) = std::fs::read(machine.root.join(path)) else {
                continue;
            };
            let Ok(text) = String::from_utf8(bytes) else {
                continue;
            };
            texts.push((path.to_owned(), text));
        }
        let packages = packages(&machine.cargo_metadata()?, &machine.root)?;
        Ok(Self { packages, ..Self::of(texts) })
    }

    /// The text of a file.
    pub(super) fn text(&self, path: &str) -> Option<&str> {
        self.texts.iter().find(|(it, _)| it == path).map(|(_, text)| text.as_str())
    }

    fn of(texts: Vec<(String, String)>) -> Self {
        let sources = texts
            .iter()
            .filter(|(path, _)| has_ending(path, "rs"))
            .map(|(path, text)| Source::new(path, text))
            .collect();
        Self { texts, sources, packages: Vec::new() }
    }

    /// A tree of literal files, for the tables of the rules' tests.
    #[cfg(test)]
    pub(super) fn of_files(files: &[(&str, &str)]) -> Self {
        Self::of(
            files.iter().map(|(path, text)| ((*path).to_owned(), (*text).to_owned())).collect(),
        )
    }
}

/// Whether the path's extension is this.
pub(super) fn has_ending(path: &str, extension: &str) -> bool {
    Path::new(path).extension().is_some_and(|it| it == extension)
}

fn packages(metadata: &Value, root: &Path) -> Result<Vec<Package>> {
    let list = metadata["packages"].as_array().context("cargo metadata has no packages")?;
    list.iter().map(|package| read_package(package, root)).collect()
}

fn read_package(package: &Value, root: &Path) -> Result<Package> {
    let name = package["name"].as_str().context("a package without a name")?;
    let manifest = Path::new(package["manifest_path"].as_str().context("no manifest_path")?);
    let dependencies = package["dependencies"].as_array().context("no dependencies")?;
    Ok(Package {
        name: name.to_owned(),
        manifest: manifest.strip_prefix(root).unwrap_or(manifest).display().to_string(),
        dependencies: dependencies
            .iter()
            .filter_map(|it| it["name"].as_str())
            .map(ToOwned::to_owned)
            .collect(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn packages_are_read_with_dependencies_of_every_kind() {
        let metadata = serde_json::json!({ "packages": [{
            "name": "holdfast-store",
            "manifest_path": "/somewhere/crates/store/Cargo.toml",
            "dependencies": [
                { "name": "holdfast-core", "kind": null },
                { "name": "tempfile", "kind": "dev" },
                { "name": "cc", "kind": "build" },
            ],
        }]});
        let packages = packages(&metadata, Path::new("/somewhere")).unwrap();
        assert_eq!(packages.len(), 1);
        assert_eq!(packages[0].manifest, "crates/store/Cargo.toml");
        assert_eq!(packages[0].dependencies, ["holdfast-core", "tempfile", "cc"]);
    }
}
