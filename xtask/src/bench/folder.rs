//! Temporary folders of the bench, each gone with the bench that made it, or with the next one.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};

/// Begins the names; what it is for and the number of the process follow.
const PREFIX: &str = "holdfast-bench-";

/// A folder that is removed when this is dropped.
pub(super) struct Folder {
    pub(super) path: PathBuf,
}

impl Folder {
    /// A name that nobody has yet; the folder is made by who uses it.
    pub(super) fn new(name: &str) -> Result<Folder> {
        let name = format!("{PREFIX}{name}-{}", std::process::id());
        let path = std::env::temp_dir().join(name);
        anyhow::ensure!(!path.exists(), "{} exists", path.display());
        Ok(Folder { path })
    }

    pub(super) fn text(&self) -> Result<&str> {
        self.path.to_str().context("the folder's name")
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.path);
    }
}

/// Removes the folders of benches that were killed: millions of payments are a full disk.
pub(super) fn remove_left_over() {
    for entry in fs::read_dir(std::env::temp_dir()).into_iter().flatten().flatten() {
        if entry.file_name().to_str().and_then(maker).is_some_and(|maker| !is_there(maker)) {
            // Another bench may be doing the same.
            let _ = fs::remove_dir_all(entry.path());
        }
    }
}

/// The process that made a folder of this name.
fn maker(name: &str) -> Option<u32> {
    name.strip_prefix(PREFIX)?.rsplit('-').next()?.parse().ok()
}

fn is_there(process: u32) -> bool {
    Path::new("/proc").join(process.to_string()).exists()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_folder_tells_who_made_it() {
        for (name, expected) in [
            ("holdfast-bench-17", Some(17)),
            ("holdfast-bench-many-18", Some(18)),
            ("holdfast-bench-pg-19", Some(19)),
            ("holdfast-bench-many", None),
            ("holdfast-postgres-20-0", None),
            ("17", None),
        ] {
            assert_eq!(maker(name), expected, "{name}");
        }
    }
}
