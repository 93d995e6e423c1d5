//! Where the database is, and whether the line to it is encrypted.

use std::net::IpAddr;

use rustls_tokio_postgres::{MakeRustlsConnect, config_from_ca_cert, config_platform_verifier};
use tokio_postgres::Config;
use tokio_postgres::config::{Host, SslMode, TargetSessionAttrs};

use crate::StoreError;

use super::trouble::whole;

/// A database's address, understood.
#[derive(Clone)]
pub(super) struct Address {
    pub(super) config: Config,
    /// How the server proves who it is; none where the line stays open.
    pub(super) tls: Option<MakeRustlsConnect>,
}

/// What an address says about encryption, in the words of libpq.
#[derive(Debug, Default, PartialEq, Eq)]
struct Wishes {
    /// `sslmode`
    mode: Option<String>,
    /// `sslrootcert`
    authorities: Option<String>,
}

impl Address {
    /// Understands an address as libpq writes it.
    ///
    /// # Errors
    /// `Unusable` for one that makes no sense.
    pub(super) fn of(address: &str) -> Result<Address, StoreError> {
        let (wishes, rest) = Wishes::taken_from(address);
        let mut config: Config = rest.parse().map_err(|error| nonsense(&whole(&error)))?;
        if config.get_hosts().len() > 1 || config.get_hostaddrs().len() > 1 {
            return Err(nonsense("one host only"));
        }
        // Never a standby: what it shows may be of yesterday.
        config.target_session_attrs(TargetSessionAttrs::ReadWrite);
        if config.get_application_name().is_none() {
            config.application_name("holdfast");
        }
        let tls = if wishes.encrypts(&config)? { Some(wishes.verifier()?) } else { None };
        config.ssl_mode(if tls.is_some() { SslMode::Require } else { SslMode::Disable });
        Ok(Address { config, tls })
    }
}

impl Wishes {
    /// Takes them out of an address: the driver does not know all of them.
    fn taken_from(address: &str) -> (Wishes, String) {
        let mut wishes = Wishes::default();
        let mut others = |part: &&str| {
            match part.split_once('=') {
                Some(("sslmode", mode)) => wishes.mode = Some(mode.to_owned()),
                Some(("sslrootcert", path)) => wishes.authorities = Some(path.to_owned()),
                _ => return true,
            }
            false
        };
        let rest = match address.split_once('?') {
            Some((place, parameters)) if address.contains("://") => {
                let kept: Vec<&str> = parameters.split('&').filter(&mut others).collect();
                format!("{place}?{}", kept.join("&"))
            }
            Some(_) | None => {
                let kept: Vec<&str> = address.split(' ').filter(&mut others).collect();
                kept.join(" ")
            }
        };
        (wishes, rest)
    }

    /// Whether the line is encrypted: to another machine, unless the address says otherwise.
    fn encrypts(&self, config: &Config) -> Result<bool, StoreError> {
        match self.mode.as_deref() {
            None => Ok(!is_of_this_machine(config)),
            Some("disable") => Ok(false),
            // A certificate that nobody looks at protects from nobody.
            Some("require" | "verify-full") => Ok(true),
            Some(other) => {
                Err(nonsense(&format!("sslmode is `disable` or `verify-full`, not `{other}`")))
            }
        }
    }

    /// Trusts the authorities of the file, or those of the machine.
    fn verifier(&self) -> Result<MakeRustlsConnect, StoreError> {
        let config = match &self.authorities {
            None => config_platform_verifier()
                .map_err(|error| nonsense(&format!("the machine's authorities: {error}")))?,
            Some(path) => config_from_ca_cert(path)
                .map_err(|error| nonsense(&format!("sslrootcert `{path}`: {error}")))?,
        };
        Ok(MakeRustlsConnect::new(config))
    }
}

/// Whether what is sent does not leave the machine.
fn is_of_this_machine(config: &Config) -> bool {
    if let Some(address) = config.get_hostaddrs().first() {
        return address.is_loopback();
    }
    config.get_hosts().iter().all(|host| match host {
        Host::Unix(_) => true,
        Host::Tcp(name) => {
            name == "localhost" || name.parse().is_ok_and(|address: IpAddr| address.is_loopback())
        }
    })
}

fn nonsense(what: &str) -> StoreError {
    StoreError::Unusable(format!("the database's address: {what}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_to_another_machine_is_encrypted_unless_it_says_otherwise() {
        let addresses = [
            ("postgres://holdfast@127.0.0.1/holdfast", false),
            ("postgres://holdfast@localhost:5433/holdfast?connect_timeout=3", false),
            ("host=/run/postgresql dbname=holdfast", false),
            ("host=db hostaddr=127.0.0.1 user=holdfast", false),
            ("host=[::1] user=holdfast sslmode=disable", false),
            ("postgres://holdfast@db/holdfast", true),
            ("postgres://holdfast@10.0.0.4/holdfast", true),
            ("host=localhost hostaddr=10.0.0.4 user=holdfast", true),
            ("postgres://holdfast@db/holdfast?sslmode=disable", false),
            ("postgres://holdfast@127.0.0.1/holdfast?sslmode=verify-full", true),
            ("host=db user=holdfast sslmode=require dbname=holdfast", true),
        ];
        for (address, encrypts) in addresses {
            let understood = Address::of(address).unwrap_or_else(|error| panic!("{error}"));
            assert_eq!(understood.tls.is_some(), encrypts, "{address}");
            let mode = if encrypts { SslMode::Require } else { SslMode::Disable };
            assert_eq!(understood.config.get_ssl_mode(), mode, "{address}");
        }
    }

    #[test]
    fn an_address_that_makes_no_sense_is_refused_by_name() {
        let refused = [
            ("postgres://holdfast@one,two/holdfast", "one host only"),
            ("postgres://holdfast@db/holdfast?sslmode=prefer", "`disable` or `verify-full`"),
            ("host=db user=holdfast sslmode=", "`disable` or `verify-full`"),
            ("postgres://holdfast@db/holdfast?sslrootcert=/none.pem", "sslrootcert `/none.pem`"),
            ("postgres://holdfast@db/holdfast?what=else", "unknown option `what`"),
        ];
        for (address, why) in refused {
            let said = Address::of(address).err().map(|error| error.to_string());
            assert!(said.as_ref().is_some_and(|said| said.contains(why)), "{address}: {said:?}");
        }
    }
}
