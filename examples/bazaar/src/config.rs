//! What the shop must be told, and how it reads it from the environment.

use std::fmt;
use std::net::{IpAddr, Ipv4Addr, SocketAddr};

use serde::{Deserialize, Serialize};

/// What the shop needs to know of Holdfast and of itself. It holds secrets, so it cannot be
/// printed.
#[derive(Clone, Serialize, Deserialize)]
pub struct ShopConfig {
    /// Where buyers reach the shop, such as `http://127.0.0.1:4000`; without a path.
    pub origin: String,
    /// Where the API answers, such as `http://127.0.0.1:4001`; without a path.
    pub api_url: String,
    /// The secret API key, `sk_...`. One that begins with `sk_test_` makes the shop show its hints
    /// for trying it out.
    pub secret_key: String,
    /// The secret of the webhook endpoint, `whsec_...`. Empty: every webhook is refused.
    pub webhook_secret: String,
    /// The sandbox page to link to; empty where there is none.
    pub sandbox_origin: String,
    /// The console to link to; empty where there is none.
    pub console_origin: String,
}

/// The shop's configuration together with the address that it listens on.
pub struct Settings {
    /// The address and port to listen on.
    pub address: SocketAddr,
    /// What the shop is told.
    pub shop: ShopConfig,
}

/// A setting that cannot be used: which one, and why. Never holds the value.
#[derive(Debug, PartialEq, Eq)]
pub struct ConfigError {
    setting: &'static str,
    reason: &'static str,
}

const PORT_DEFAULT: u16 = 4000;
const API_URL_DEFAULT: &str = "http://127.0.0.1:4001";

/// Longer than any host name with scheme and port (253 + 8 + 6).
const ORIGIN_CHARS_MAX: usize = 270;

impl Settings {
    /// Reads `BAZAAR_SECRET_KEY` (needed), `BAZAAR_WEBHOOK_SECRET`, `BAZAAR_API_URL`,
    /// `BAZAAR_ADDRESS`, `BAZAAR_PORT`, `BAZAAR_ORIGIN`, `BAZAAR_SANDBOX_ORIGIN` and
    /// `BAZAAR_CONSOLE_ORIGIN`.
    ///
    /// # Errors
    /// The first setting that is missing or cannot be used.
    pub fn from_variables(
        lookup: impl Fn(&str) -> Option<String>,
    ) -> Result<Settings, ConfigError> {
        let text = |name: &str| lookup(name).unwrap_or_default();
        let port = match lookup("BAZAAR_PORT") {
            None => PORT_DEFAULT,
            Some(port) => port.parse().map_err(|_| refuse("BAZAAR_PORT", "not a port"))?,
        };
        let host = match lookup("BAZAAR_ADDRESS") {
            None => IpAddr::V4(Ipv4Addr::LOCALHOST),
            Some(host) => {
                host.parse().map_err(|_| refuse("BAZAAR_ADDRESS", "not an IP address"))?
            }
        };
        let address = SocketAddr::new(host, port);
        let shop = ShopConfig {
            origin: lookup("BAZAAR_ORIGIN").unwrap_or_else(|| format!("http://{address}")),
            api_url: lookup("BAZAAR_API_URL").unwrap_or_else(|| API_URL_DEFAULT.to_owned()),
            secret_key: text("BAZAAR_SECRET_KEY"),
            webhook_secret: text("BAZAAR_WEBHOOK_SECRET"),
            sandbox_origin: text("BAZAAR_SANDBOX_ORIGIN"),
            console_origin: text("BAZAAR_CONSOLE_ORIGIN"),
        };
        shop.check()?;
        Ok(Settings { address, shop })
    }
}

impl ShopConfig {
    /// Refuses addresses that are not plain web origins, and a missing secret key.
    pub(crate) fn check(&self) -> Result<(), ConfigError> {
        check_origin("origin", &self.origin)?;
        check_origin("api_url", &self.api_url)?;
        if !self.sandbox_origin.is_empty() {
            check_origin("sandbox_origin", &self.sandbox_origin)?;
        }
        if !self.console_origin.is_empty() {
            check_origin("console_origin", &self.console_origin)?;
        }
        let printable = self.secret_key.bytes().all(|byte| byte.is_ascii_graphic());
        if self.secret_key.is_empty() || !printable {
            return Err(refuse("secret_key", "missing, or not an API key"));
        }
        Ok(())
    }
}

/// The part of an origin after `http://` or `https://`: host and port.
pub(crate) fn authority(origin: &str) -> &str {
    origin.split_once("://").map_or(origin, |(_, authority)| authority)
}

fn check_origin(setting: &'static str, value: &str) -> Result<(), ConfigError> {
    let authority = value.strip_prefix("http://").or_else(|| value.strip_prefix("https://"));
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || b".-:[]".contains(&byte);
    match authority {
        None => Err(refuse(setting, "must begin with http:// or https://")),
        Some(rest) if rest.is_empty() || value.len() > ORIGIN_CHARS_MAX => {
            Err(refuse(setting, "names no host, or a very long one"))
        }
        Some(rest) if !rest.bytes().all(plain) => {
            Err(refuse(setting, "must be scheme, host and port only, with no / at its end"))
        }
        Some(_) => Ok(()),
    }
}

fn refuse(setting: &'static str, reason: &'static str) -> ConfigError {
    ConfigError { setting, reason }
}

impl fmt::Display for ConfigError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.setting, self.reason)
    }
}

impl std::error::Error for ConfigError {}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    fn read(variables: &[(&str, &str)]) -> Result<Settings, ConfigError> {
        Settings::from_variables(|name| {
            variables.iter().find(|(key, _)| *key == name).map(|(_, value)| (*value).to_owned())
        })
    }

    #[test]
    fn defaults_need_only_a_key() {
        let settings = read(&[("BAZAAR_SECRET_KEY", "sk_test_1")]).unwrap();
        assert_eq!(settings.address.to_string(), "127.0.0.1:4000");
        assert_eq!(settings.shop.origin, "http://127.0.0.1:4000");
        assert_eq!(settings.shop.api_url, "http://127.0.0.1:4001");
    }

    #[test]
    fn a_refusal_names_the_setting() {
        let table = [
            ("BAZAAR_PORT", "70000", "BAZAAR_PORT"),
            ("BAZAAR_ADDRESS", "localhost", "BAZAAR_ADDRESS"),
            ("BAZAAR_ORIGIN", "127.0.0.1:4000", "origin"),
            ("BAZAAR_ORIGIN", "http://127.0.0.1:4000/", "origin"),
            ("BAZAAR_API_URL", "ftp://api", "api_url"),
            ("BAZAAR_API_URL", "https://user@api", "api_url"),
            ("BAZAAR_CONSOLE_ORIGIN", "javascript:alert(1)", "console_origin"),
            ("BAZAAR_SANDBOX_ORIGIN", "http://", "sandbox_origin"),
            ("BAZAAR_SECRET_KEY", "", "secret_key"),
            ("BAZAAR_SECRET_KEY", "sk test", "secret_key"),
        ];
        for (name, value, setting) in table {
            // The first match wins, so a row may replace the key.
            let refused = read(&[(name, value), ("BAZAAR_SECRET_KEY", "sk_test_1")]).err();
            assert_eq!(refused.unwrap().setting, setting, "{name}={value}");
        }
    }
}
