//! The keys of a development installation, made once and kept in its data folder.

use std::fs::{self, OpenOptions};
use std::io::Write;
use std::os::unix::fs::OpenOptionsExt;
use std::path::Path;

use anyhow::Context;
use holdfast_core::id::{IdSource, PlatformId};
use holdfast_engine::System;
use serde::{Deserialize, Serialize};

use crate::identity::Identity;
use crate::system::Machine;

const FILE: &str = "dev-keys.json";
/// Letters and digits of a key, about 250 bits.
const DIGITS: usize = 42;

/// Everything secret about a development installation.
#[derive(Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Keys {
    /// The marketplace.
    pub(crate) platform: PlatformId,
    /// The shop's key of the API.
    pub(crate) secret_key: String,
    /// The pay page's key of the card zone.
    pub(crate) publishable_key: String,
    /// What the shop's webhooks are signed with.
    pub(crate) webhook_secret: String,
    /// The key of the sandbox network.
    pub(crate) network_key: String,
    /// What the sandbox network's notices are signed with.
    pub(crate) notify_secret: String,
    /// What the secrets of receipts are made with. A folder from before there were receipts has
    /// none; it is given one when it is opened.
    #[serde(default)]
    pub(crate) receipt_key: String,
}

impl Keys {
    /// The keys of a data folder, made when it has none yet.
    pub(crate) fn of_folder(folder: &Path, machine: &Machine) -> anyhow::Result<Keys> {
        let path = folder.join(FILE);
        match fs::read(&path) {
            Ok(bytes) => {
                let keys: Keys = serde_json::from_slice(&bytes)
                    .with_context(|| format!("{} makes no sense", path.display()))?;
                keys.completed(&path, machine)
            }
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => {
                let keys = Keys::new(machine);
                keys.write(&path).with_context(|| format!("{}", path.display()))?;
                Ok(keys)
            }
            Err(error) => Err(error).with_context(|| format!("{}", path.display())),
        }
    }

    /// What a node is to know of them.
    pub(crate) fn identity(&self) -> Identity {
        Identity {
            platform: self.platform,
            secret_key: self.secret_key.clone(),
            publishable_key: self.publishable_key.clone(),
            receipt_key: self.receipt_key.clone(),
            network_key: self.network_key.clone(),
            notify_secret: self.notify_secret.clone(),
        }
    }

    /// The same keys, with those that came later.
    fn completed(mut self, path: &Path, machine: &Machine) -> anyhow::Result<Keys> {
        if self.receipt_key.is_empty() {
            self.receipt_key = receipt_key(machine);
            self.write(path).with_context(|| format!("{}", path.display()))?;
        }
        Ok(self)
    }

    fn new(machine: &Machine) -> Keys {
        let key = |prefix: &str| format!("{prefix}{}", machine.secret(DIGITS));
        Keys {
            platform: IdSource::new(machine.now().ms(), machine.random()).make(),
            secret_key: key("sk_test_"),
            publishable_key: key("pk_test_"),
            webhook_secret: key("whsec_"),
            network_key: key("sbk_"),
            notify_secret: key("sbs_"),
            receipt_key: receipt_key(machine),
        }
    }

    /// Whole or not at all: a crash in between must not leave half a file of keys.
    fn write(&self, path: &Path) -> anyhow::Result<()> {
        let draft = path.with_extension("new");
        let mut options = OpenOptions::new();
        let mut file = options.write(true).create(true).truncate(true).mode(0o600).open(&draft)?;
        file.write_all(&serde_json::to_vec_pretty(self)?)?;
        file.sync_all()?;
        fs::rename(&draft, path)?;
        Ok(())
    }
}

fn receipt_key(machine: &Machine) -> String {
    format!("rck_{}", machine.secret(DIGITS))
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn an_older_folder_is_given_the_key_that_it_lacks_and_keeps_the_others() {
        let folder = std::env::temp_dir().join(format!("holdfast-keys-{}", std::process::id()));
        fs::create_dir_all(&folder).unwrap();
        let machine = Machine::new();
        let first = Keys::of_folder(&folder, &machine).unwrap();
        let mut file = serde_json::to_value(&first).unwrap();
        file.as_object_mut().unwrap().remove("receipt_key");
        fs::write(folder.join(FILE), file.to_string()).unwrap();

        let completed = Keys::of_folder(&folder, &machine).unwrap();
        assert_ne!(completed.receipt_key, first.receipt_key);
        assert_eq!(completed.receipt_key.len(), "rck_".len() + DIGITS);
        assert_eq!(completed.secret_key, first.secret_key);
        let again = Keys::of_folder(&folder, &machine).unwrap();
        assert_eq!(again.receipt_key, completed.receipt_key, "it is kept");
        fs::remove_dir_all(&folder).unwrap();
    }
}
