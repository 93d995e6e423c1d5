//! `holdfast keys`: makes the secrets of a node that are its own to make, and tells each once.

use std::io::Write;

use anyhow::Context;

use crate::cli::KeysOptions;
use crate::system::Machine;

use super::config::Config;
use super::secret::{Made, Source};

/// Letters and digits of a key, about 250 bits.
const DIGITS: usize = 42;

/// Makes what is missing and prints it.
pub(crate) fn run(options: &KeysOptions) -> anyhow::Result<()> {
    let config = Config::read(&options.config)?;
    let made = make(&config, &Machine::new());
    let made = made.with_context(|| options.config.display().to_string())?;
    let mut out = std::io::stdout().lock();
    for line in made {
        writeln!(out, "{line}")?;
    }
    Ok(())
}

/// Makes what is missing of the platform's secrets; a line for each. What a processor is asked
/// with, and signs with, is the processor's to give.
fn make(config: &Config, machine: &Machine) -> anyhow::Result<Vec<String>> {
    let platform = &config.platform;
    let ours: [(&str, &Source, &str); 3] = [
        ("platform.secret_key", &platform.secret_key, "sk_test_"),
        ("platform.publishable_key", &platform.publishable_key, "pk_test_"),
        ("platform.receipt_key", &platform.receipt_key, "rck_"),
    ];
    let mut lines = Vec::new();
    for (key, source, prefix) in ours {
        let secret = format!("{prefix}{}", machine.secret(DIGITS));
        lines.push(match source.make(key, &secret)? {
            Made::File(path) => format!("made `{key}` in {}: {secret}", path.display()),
            Made::Variable(name) => format!("set for `{key}`: {name}={secret}"),
            Made::Nothing => format!("`{key}` is there already"),
        });
    }
    let processor = &config.processor;
    for (key, source) in [
        ("processor.network_key", &processor.network_key),
        ("processor.notify_secret", &processor.notify_secret),
    ] {
        if let Err(error) = source.read(key) {
            lines.push(format!("still missing, to be had from the processor: {error:#}"));
        }
    }
    Ok(lines)
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use std::fs;
    use std::os::unix::fs::PermissionsExt;

    use super::*;

    #[test]
    fn what_is_missing_is_made_and_told_once() {
        let folder = std::env::temp_dir().join(format!("holdfast-make-{}", std::process::id()));
        fs::create_dir_all(&folder).unwrap();
        let example = include_str!("../../../../docs/holdfast.toml");
        let place = "{ file = \"secrets/receipt-key\" }";
        assert!(example.contains(place));
        let text = example.replacen(place, "{ env = \"HOLDFAST_NO_SUCH_KEY\" }", 1);
        fs::write(folder.join("holdfast.toml"), text).unwrap();
        let config = Config::read(&folder.join("holdfast.toml")).unwrap();

        let first = make(&config, &Machine::new()).unwrap();
        let file = folder.join("secrets/secret-key");
        let secret = config.platform.secret_key.read("platform.secret_key").unwrap();
        assert_eq!(secret.len(), "sk_test_".len() + DIGITS);
        assert!(
            first[0].ends_with(&secret) && first[0].contains("secrets/secret-key"),
            "{first:?}"
        );
        assert_eq!(fs::metadata(&file).unwrap().permissions().mode() & 0o777, 0o600);
        assert_eq!(
            fs::metadata(folder.join("secrets")).unwrap().permissions().mode() & 0o777,
            0o700
        );
        assert!(first[2].contains("HOLDFAST_NO_SUCH_KEY=rck_"), "{first:?}");
        assert!(first[3].contains("`processor.network_key`") && first.len() == 5, "{first:?}");

        let second = make(&config, &Machine::new()).unwrap();
        assert_eq!(second[0], "`platform.secret_key` is there already");
        assert_eq!(config.platform.secret_key.read("platform.secret_key").unwrap(), secret);

        // One that others may read is not taken for a secret.
        fs::set_permissions(&file, fs::Permissions::from_mode(0o644)).unwrap();
        assert!(make(&config, &Machine::new()).is_err());
        fs::remove_dir_all(&folder).unwrap();
    }
}
