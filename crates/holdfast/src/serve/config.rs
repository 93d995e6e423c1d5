//! The file of `holdfast serve`: what may stand in it, and what makes no sense.

use std::fmt;
use std::net::{IpAddr, SocketAddr};
use std::path::{Path, PathBuf};

use anyhow::{Context, anyhow, bail};
use holdfast_core::id::PlatformId;
use holdfast_core::time::Span;
use holdfast_engine::Retention;
use serde::Deserialize;

use super::secret::Source;

/// All that a node is told. `docs/holdfast.toml` shows each key with its meaning.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Config {
    pub(crate) roles: Vec<Role>,
    pub(crate) data_dir: PathBuf,
    #[serde(default = "usual_lease_seconds")]
    pub(crate) lease_seconds: u64,
    #[serde(default)]
    pub(crate) log: Option<String>,
    /// Nothing keeps everything in a file of the data folder, which one node opens.
    #[serde(default)]
    pub(crate) database: Option<Source>,
    pub(crate) platform: Platform,
    pub(crate) processor: Processor,
    pub(crate) api: Surface,
    pub(crate) pay: Surface,
    pub(crate) console: Surface,
    pub(crate) card: Surface,
    pub(crate) health: Health,
    #[serde(default)]
    pub(crate) limits: Limits,
    #[serde(default)]
    pub(crate) retention: Kept,
}

/// A part of the work, of which a node does one or several.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum Role {
    Api,
    Pay,
    Console,
    /// Effects, timers, webhooks and what sweeps up after a crash.
    Worker,
    /// The process to which the card form posts.
    Card,
}

/// The marketplace and its keys.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Platform {
    pub(crate) id: PlatformId,
    pub(crate) secret_key: Source,
    pub(crate) publishable_key: Source,
    pub(crate) receipt_key: Source,
}

/// Who asks the banks.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Processor {
    /// Read for its check: only a connector that exists passes.
    #[serde(rename = "name")]
    pub(crate) _name: Connector,
    pub(crate) origin: Origin,
    pub(crate) network_key: Source,
    pub(crate) notify_secret: Source,
}

/// The connectors that there are.
#[derive(Deserialize)]
#[serde(try_from = "String")]
pub(crate) enum Connector {
    Sandbox,
}

/// Where something is reached, and where it listens on a node that serves it.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Surface {
    pub(crate) origin: Origin,
    #[serde(default)]
    pub(crate) listen: Option<SocketAddr>,
}

/// Where monitors ask: `/livez`, `/readyz`, `/metrics`.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Health {
    pub(crate) listen: SocketAddr,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Limits {
    /// How many reads, and how many writes, a second each key may make.
    pub(crate) requests_per_second: u32,
}

/// For how many days things are kept that are not kept for ever.
#[derive(Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(crate) struct Kept {
    /// Replies to idempotent requests.
    pub(crate) replies_days: u16,
    /// Events, and what became of delivering them.
    pub(crate) events_days: u16,
}

/// The address of a site without a path, as browsers know it.
#[derive(Deserialize)]
#[serde(try_from = "String")]
pub(crate) struct Origin(pub(crate) String);

impl Default for Limits {
    fn default() -> Limits {
        Limits { requests_per_second: 100 }
    }
}

impl Default for Kept {
    fn default() -> Kept {
        Kept { replies_days: 30, events_days: 180 }
    }
}

fn usual_lease_seconds() -> u64 {
    60
}

impl TryFrom<String> for Connector {
    type Error = String;

    fn try_from(name: String) -> Result<Connector, String> {
        match name.as_str() {
            "sandbox" => Ok(Connector::Sandbox),
            _ => Err(format!("there is no connector for {name:?} yet, only for \"sandbox\"")),
        }
    }
}

impl TryFrom<String> for Origin {
    type Error = String;

    fn try_from(text: String) -> Result<Origin, String> {
        let wanted = || format!("{text:?} is no origin like \"https://pay.example.com\"");
        let (scheme, place) = text.split_once("://").ok_or_else(wanted)?;
        let is_plain = |byte: u8| byte.is_ascii_alphanumeric() || b".-:[]".contains(&byte);
        if place.is_empty() || !place.bytes().all(is_plain) || place != place.to_lowercase() {
            return Err(wanted());
        }
        match scheme {
            "https" => Ok(Origin(text)),
            "http" if is_this_machine(place) => Ok(Origin(text)),
            "http" => Err(format!("{text:?} is not encrypted: only https leaves the machine")),
            _ => Err(wanted()),
        }
    }
}

fn is_this_machine(place: &str) -> bool {
    let host = place.parse::<SocketAddr>().map(|address| address.ip());
    host.or_else(|_| place.parse::<IpAddr>()).is_ok_and(|host| host.is_loopback())
}

impl Config {
    /// Reads and checks a file. Names of files in it are relative to its folder.
    pub(crate) fn read(path: &Path) -> anyhow::Result<Config> {
        let text = std::fs::read_to_string(path).with_context(|| path.display().to_string())?;
        let folder = path.parent().unwrap_or(Path::new("."));
        let mut config =
            Config::of(&text).map_err(|error| anyhow!("{}, {error}", path.display()))?;
        config.data_dir = folder.join(&config.data_dir);
        let Config { database, platform, processor, .. } = &mut config;
        let Platform { secret_key, publishable_key, receipt_key, .. } = platform;
        let Processor { network_key, notify_secret, .. } = processor;
        for source in [secret_key, publishable_key, receipt_key, network_key, notify_secret]
            .into_iter()
            .chain(database)
        {
            source.relative_to(folder);
        }
        Ok(config)
    }

    fn of(text: &str) -> Result<Config, Refused> {
        let refused = |error: &toml::de::Error, key: String| {
            let start = error.span().map_or(0, |span| span.start);
            let line = text.bytes().take(start).filter(|byte| *byte == b'\n').count() + 1;
            Refused { line, key, what: error.message().replace('\n', ", ") }
        };
        let reader = toml::Deserializer::parse(text).map_err(|it| refused(&it, String::new()))?;
        let config: Config = serde_path_to_error::deserialize(reader)
            .map_err(|error| refused(error.inner(), error.path().to_string()))?;
        config.check().map_err(|(key, what)| {
            let line = line_of(text, key);
            Refused { line, key: key.to_owned(), what: what.to_string() }
        })?;
        Ok(config)
    }

    /// What is wrong with a file whose parts each make sense: the key, and what.
    fn check(&self) -> Result<(), (&'static str, anyhow::Error)> {
        let roles = || -> anyhow::Result<()> {
            if self.roles.is_empty() {
                bail!("a node without a role does nothing: api, pay, console, worker, card");
            }
            let all = [Role::Api, Role::Pay, Role::Console, Role::Worker, Role::Card];
            if all.iter().any(|role| self.roles.iter().filter(|it| *it == role).count() > 1) {
                bail!("a role is named twice");
            }
            if self.database.is_none() && !all.iter().all(|role| self.has(*role)) {
                bail!("roles can only be shared out over a `database`; without one, name all five");
            }
            Ok(())
        };
        roles().map_err(|error| ("roles", error))?;
        if !(2..=3_600).contains(&self.lease_seconds) {
            return Err(("lease_seconds", anyhow!("expected 2 to 3600 seconds")));
        }
        self.retention.check()?;
        if let Some(Err(error)) = self.log.as_deref().map(tracing_subscriber::EnvFilter::try_new) {
            return Err(("log", anyhow!("{error}")));
        }
        let mut listening = vec![self.health.listen];
        for (name, role, surface) in self.surfaces() {
            match surface.listen {
                None if self.has(role) => {
                    return Err((name, anyhow!("this node has the role: `listen` is missing")));
                }
                Some(listen) if self.has(role) && listening.contains(&listen) => {
                    return Err((name, anyhow!("`listen` is that of another part")));
                }
                Some(listen) if self.has(role) => listening.push(listen),
                None | Some(_) => {}
            }
        }
        Ok(())
    }

    /// Whether this node does a part of the work.
    pub(crate) fn has(&self, role: Role) -> bool {
        self.roles.contains(&role)
    }

    pub(super) fn surfaces(&self) -> [(&'static str, Role, &Surface); 4] {
        [
            ("api", Role::Api, &self.api),
            ("pay", Role::Pay, &self.pay),
            ("console", Role::Console, &self.console),
            ("card", Role::Card, &self.card),
        ]
    }
}

impl Kept {
    /// A client may ask again for a day, and lists events for a month.
    const BOUNDS: [(&str, u16); 2] = [("retention.replies_days", 1), ("retention.events_days", 30)];
    const DAYS_MAX: u16 = 3_650;

    fn check(&self) -> Result<(), (&'static str, anyhow::Error)> {
        let days = [self.replies_days, self.events_days];
        for ((key, least), days) in Self::BOUNDS.into_iter().zip(days) {
            if !(least..=Self::DAYS_MAX).contains(&days) {
                return Err((key, anyhow!("expected {least} to {} days", Self::DAYS_MAX)));
            }
        }
        Ok(())
    }

    /// As the engine wants it.
    pub(crate) fn of_days(&self) -> Retention {
        let days = |days: u16| Span::days(days.into());
        Retention { replies: days(self.replies_days), events: days(self.events_days) }
    }
}

/// Why a file is refused: where, and what was expected.
#[derive(Debug)]
struct Refused {
    line: usize,
    key: String,
    what: String,
}

impl fmt::Display for Refused {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Refused { line, key, what } = self;
        match key.as_str() {
            "" | "." => write!(f, "line {line}: {what}"),
            _ => write!(f, "line {line}: `{key}`: {what}"),
        }
    }
}

/// The line of a key at the top of the file, of the head of a table, or of a key in one.
fn line_of(text: &str, key: &str) -> usize {
    let (_, key) = key.rsplit_once('.').unwrap_or(("", key));
    let is_it = |line: &str| {
        let line = line.trim_start();
        line.strip_prefix('[').unwrap_or(line).starts_with(key)
    };
    text.lines().position(is_it).map_or(1, |place| place + 1)
}

#[cfg(test)]
#[path = "config_tests.rs"]
mod tests;
