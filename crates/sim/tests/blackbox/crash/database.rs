//! The database that is killed: a server of the test's own, or one that whoever runs it names.

use std::process::Command;

use crate::postgres::Server;
use crate::settings;

/// A database, and how it is killed.
pub(super) enum Database {
    Own(Server),
    /// One behind a proxy, say, whose primary a program kills, which ends when it may do so again.
    Given {
        address: String,
        kill: String,
    },
}

impl Database {
    /// The one that is named, which must be empty, or a new one.
    pub(super) fn start() -> Database {
        match settings::database() {
            None => Database::Own(Server::start()),
            Some((address, kill)) => Database::Given { address, kill },
        }
    }

    pub(super) fn address(&self) -> String {
        match self {
            Database::Own(server) => server.database(),
            Database::Given { address, .. } => address.clone(),
        }
    }

    /// Kills it, and sees to it that it comes back.
    pub(super) fn kill(&mut self) {
        match self {
            Database::Own(server) => server.kill_and_restart(),
            Database::Given { kill, .. } => {
                let status = Command::new(&*kill).status().expect("the program that kills");
                assert!(status.success(), "{kill}: {status}");
            }
        }
    }
}
