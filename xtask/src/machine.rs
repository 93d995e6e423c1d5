//! The machine that xtask runs on: where things are, and how programs are started.

use std::ffi::OsString;
use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use anyhow::{Context, Result, bail};

/// Where the repository and the caches are, and the search path that includes our own tools.
pub(crate) struct Machine {
    /// The root of the repository.
    pub(crate) root: PathBuf,
    /// What setup installs for this user: outside the repository, so every clone shares it.
    pub(crate) cache: PathBuf,
    /// Cargo's own folder, where cargo-deny keeps its copy of the advisories.
    pub(crate) cargo_home: PathBuf,
    search_path: OsString,
}

impl Machine {
    /// Reads the few environment variables that xtask needs.
    #[allow(clippy::disallowed_methods, reason = "xtask is a program of its own, not the service")]
    pub(crate) fn find() -> Result<Self> {
        let manifest_dir = std::env::var_os("CARGO_MANIFEST_DIR")
            .context("start this with `cargo xtask`, which tells where the repository is")?;
        let root = Path::new(&manifest_dir).parent().context("xtask/ has no parent")?.to_owned();
        let home = PathBuf::from(std::env::var_os("HOME").context("HOME is not set")?);
        let cache = home.join(".cache/holdfast");
        let cargo_home =
            std::env::var_os("CARGO_HOME").map_or_else(|| home.join(".cargo"), PathBuf::from);
        let inherited = std::env::var_os("PATH").unwrap_or_default();
        // Behind the inherited path: a tool that the developer installed is preferred.
        let folders = std::env::split_paths(&inherited).chain([cache.join("tools/bin")]);
        let search_path = std::env::join_paths(folders).context("PATH cannot be extended")?;
        Ok(Self { root, cache, cargo_home, search_path })
    }

    /// A command that will run at the root of the repository.
    pub(crate) fn command(&self, program: impl AsRef<Path>) -> Command {
        let mut command = Command::new(program.as_ref());
        command.current_dir(&self.root).env("PATH", &self.search_path).stdin(Stdio::null());
        command
    }

    /// `cargo` with these arguments.
    pub(crate) fn cargo(&self, arguments: &[&str]) -> Command {
        let mut command = self.command("cargo");
        command.args(arguments);
        command
    }

    /// Whether a program of this name is found.
    pub(crate) fn has_program(&self, name: &str) -> bool {
        self.program(name).is_some()
    }

    /// Where the program of this name is.
    pub(crate) fn program(&self, name: &str) -> Option<PathBuf> {
        std::env::split_paths(&self.search_path)
            .map(|folder| folder.join(name))
            .find(|path| path.metadata().is_ok_and(|it| it.is_file() && it.mode() & 0o111 != 0))
    }

    /// Whether packages of the system may be installed.
    pub(crate) fn is_root(&self) -> bool {
        Path::new("/proc/self").metadata().is_ok_and(|it| it.uid() == 0)
    }

    /// Where cargo puts what it builds.
    pub(crate) fn target_folder(&self) -> Result<PathBuf> {
        let metadata = self.cargo_metadata()?;
        let folder = metadata["target_directory"].as_str().context("no target_directory")?;
        Ok(PathBuf::from(folder))
    }

    /// What cargo says of the workspace's own packages.
    pub(crate) fn cargo_metadata(&self) -> Result<serde_json::Value> {
        let text =
            output(&mut self.cargo(&["metadata", "--format-version=1", "--no-deps", "--offline"]))?;
        serde_json::from_str(&text).context("cargo metadata printed no JSON")
    }
}

/// Runs the command and fails unless it succeeds. Its output is the user's to see.
pub(crate) fn run(command: &mut Command) -> Result<()> {
    let status = command.status().with_context(|| format!("cannot start {}", shown(command)))?;
    if !status.success() {
        bail!("{} ended with {status}", shown(command));
    }
    Ok(())
}

/// Runs the command and returns what it wrote on standard output.
pub(crate) fn output(command: &mut Command) -> Result<String> {
    let output = command.output().with_context(|| format!("cannot start {}", shown(command)))?;
    if !output.status.success() {
        let stderr = String::from_utf8_lossy(&output.stderr);
        bail!("{} ended with {}: {}", shown(command), output.status, stderr.trim());
    }
    String::from_utf8(output.stdout).with_context(|| format!("{}: not UTF-8", shown(command)))
}

/// The command as one would type it.
pub(crate) fn shown(command: &Command) -> String {
    let words = [command.get_program()].into_iter().chain(command.get_args());
    words.map(|word| word.to_string_lossy()).collect::<Vec<_>>().join(" ")
}
