//! Where a secret is kept: in a file of its own or in the environment, never in the settings.

use std::fmt;
use std::fs::{self, DirBuilder, OpenOptions};
use std::io::{ErrorKind, Write};
use std::os::unix::fs::{DirBuilderExt, OpenOptionsExt, PermissionsExt};
use std::path::{Path, PathBuf};

use anyhow::{Context, bail};
use serde::Deserialize;
use serde::de::{Deserializer, Error, MapAccess, Visitor};

/// The longest secret: an address with a password is the longest there is.
const BYTES_MAX: usize = 4_096;

/// A secret's place: `{ file = "name" }` or `{ env = "NAME" }`.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Source {
    File(PathBuf),
    Environment(String),
}

/// Where a new secret went.
pub(super) enum Made {
    /// Into this file.
    File(PathBuf),
    /// Nowhere: who starts the node sets this variable.
    Variable(String),
    /// There is one already.
    Nothing,
}

impl Source {
    /// Makes the name of a file relative to a folder.
    pub(super) fn relative_to(&mut self, folder: &Path) {
        if let Source::File(path) = self {
            *path = folder.join(&*path);
        }
    }

    /// Puts a new secret where there is none yet.
    pub(super) fn make(&self, key: &str, secret: &str) -> anyhow::Result<Made> {
        let path = match self {
            Source::File(path) => path,
            Source::Environment(name) => {
                let is_set = self.read(key).is_ok();
                return Ok(if is_set { Made::Nothing } else { Made::Variable(name.clone()) });
            }
        };
        let shown = || format!("`{key}`: {}", path.display());
        if let Some(folder) = path.parent() {
            let made = DirBuilder::new().recursive(true).mode(0o700).create(folder);
            made.with_context(shown)?;
        }
        match OpenOptions::new().write(true).create_new(true).mode(0o600).open(path) {
            Ok(mut file) => {
                let written = writeln!(file, "{secret}").and_then(|()| file.sync_all());
                written.with_context(shown)?;
                Ok(Made::File(path.clone()))
            }
            Err(error) if error.kind() == ErrorKind::AlreadyExists => {
                self.read(key).map(|_| Made::Nothing)
            }
            Err(error) => Err(error).with_context(shown),
        }
    }

    /// The secret. A file that others may read or write is refused.
    #[allow(clippy::disallowed_methods, reason = "this is the one reader of the environment")]
    pub(crate) fn read(&self, key: &str) -> anyhow::Result<String> {
        let (shown, text) = match self {
            Source::File(path) => {
                let shown = format!("`{key}`: {}", path.display());
                let mode = fs::metadata(path).with_context(|| shown.clone())?.permissions().mode();
                if mode & 0o077 != 0 {
                    bail!("{shown} may be read by others (mode {:o}): chmod 600", mode & 0o777);
                }
                (shown.clone(), fs::read_to_string(path).context(shown)?)
            }
            Source::Environment(name) => {
                let shown = format!("`{key}`: the variable {name}");
                (shown.clone(), std::env::var(name).context(shown)?)
            }
        };
        let secret = text.trim();
        if secret.is_empty() || secret.len() > BYTES_MAX || secret.contains('\n') {
            bail!("{shown} must hold one line of 1 to {BYTES_MAX} bytes");
        }
        Ok(secret.to_owned())
    }
}

impl<'de> Deserialize<'de> for Source {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Source, D::Error> {
        deserializer.deserialize_any(Reader)
    }
}

struct Reader;

impl<'de> Visitor<'de> for Reader {
    type Value = Source;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("{ file = \"name\" } or { env = \"NAME\" }")
    }

    // What stands there is not repeated: it may be the secret.
    fn visit_str<E: Error>(self, _: &str) -> Result<Source, E> {
        Err(E::custom("a secret is not kept here: { file = \"name\" } or { env = \"NAME\" }"))
    }

    fn visit_map<M: MapAccess<'de>>(self, mut map: M) -> Result<Source, M::Error> {
        let found = match map.next_key::<String>()?.as_deref() {
            Some("file") => Source::File(map.next_value()?),
            Some("env") => Source::Environment(map.next_value()?),
            Some(_) | None => {
                return Err(M::Error::custom("expected { file = \"name\" } or { env = \"NAME\" }"));
            }
        };
        match map.next_key::<String>()? {
            None => Ok(found),
            Some(_) => Err(M::Error::custom("a secret has one place: `file` or `env`")),
        }
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn a_file_is_read_that_nobody_else_may_read() {
        let path = std::env::temp_dir().join(format!("holdfast-secret-{}", std::process::id()));
        let source = Source::File(path.clone());
        let read = |text: &str, mode| {
            fs::write(&path, text).unwrap();
            fs::set_permissions(&path, fs::Permissions::from_mode(mode)).unwrap();
            source.read("platform.secret_key").map_err(|error| format!("{error:#}"))
        };
        assert_eq!(read("sk_test_1\n", 0o600).unwrap(), "sk_test_1");
        let open = read("sk_test_1\n", 0o640).unwrap_err();
        assert!(open.contains("platform.secret_key") && open.contains("mode 640"), "{open}");
        assert!(read("", 0o600).unwrap_err().contains("one line"));
        assert!(read("a\nb", 0o600).unwrap_err().contains("one line"));
        fs::remove_file(&path).unwrap();
        let missing = source.read("platform.secret_key").unwrap_err();
        assert!(format!("{missing:#}").contains("platform.secret_key"));
    }
}
