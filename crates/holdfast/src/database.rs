//! Where everything is kept: a file of this installation, or a PostgreSQL that several share.

use std::fs::{self, File};
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use anyhow::{Context, bail};
use holdfast_engine::Engine;
use holdfast_store::Store;
use holdfast_store::moving::{self, Moved};
use holdfast_store::postgres::{Member, PostgresStore};
use holdfast_store::sqlite::SqliteStore;
use tokio::sync::watch;
use tokio::task::JoinSet;

use crate::cli::{MigrateOptions, MoveOptions};
use crate::clock::Clock;
use crate::ops::Health;
use crate::system::Machine;

/// Holds the name that the other nodes know this installation by.
const NAME_FILE: &str = "node-name";
/// What `holdfast move` leaves: a file begun anew beside it would know nothing.
const MOVED_FILE: &str = "holdfast-moved.sqlite";
/// Letters and digits of the name.
const NAME_DIGITS: usize = 16;

/// A store, and what keeps a second process from opening it under the same name.
pub(crate) struct Opened {
    pub(crate) store: Arc<dyn Store>,
    /// Of a database that several nodes share.
    clock: Option<Clock>,
    _lock: Option<File>,
}

impl Opened {
    /// Keeps comparing the clocks of nodes that share a database.
    pub(crate) fn watch_clock(
        &self,
        tasks: &mut JoinSet<()>,
        engine: &Engine,
        health: &Health,
        stopping: &watch::Receiver<bool>,
    ) {
        if let Some(clock) = self.clock.clone() {
            tasks.spawn(clock.watch(engine.clone(), health.clone(), stopping.clone()));
        }
    }
}

/// Where a node keeps everything.
pub(crate) struct Where<'a> {
    /// The database; a file in the folder when there is none.
    pub(crate) address: Option<&'a str>,
    /// The data folder.
    pub(crate) folder: &'a Path,
    /// How long this node may be silent before the others take it for gone.
    pub(crate) lease: Duration,
    pub(crate) machine: &'a Arc<Machine>,
}

/// Opens the store, and makes the tables that it lacks.
pub(crate) async fn open_made(place: &Where<'_>) -> anyhow::Result<Opened> {
    if let Some(address) = place.address {
        PostgresStore::migrate(address, |step| tracing::info!(step, "made tables"))
            .await
            .context("the database's tables")?;
    }
    open(place).await
}

/// Opens the store of a data folder: the database, or the file in it.
pub(crate) async fn open(place: &Where<'_>) -> anyhow::Result<Opened> {
    let Where { folder, lease, machine, .. } = *place;
    let Some(address) = place.address else {
        if folder.join(MOVED_FILE).exists() {
            bail!("{} was moved to PostgreSQL: name it with --database", folder.display());
        }
        let store = SqliteStore::open(folder).context("the store")?;
        return Ok(Opened { store: Arc::new(store), clock: None, _lock: None });
    };
    let (lock, name) = (lock(folder)?, name(folder, machine)?);
    let member = Member { name, silent_max: lease };
    let store = PostgresStore::connect_as(address, member).await.context("the database")?;
    let store = Arc::new(store);
    let clock = Clock::new(Arc::clone(&store), Arc::clone(machine), lease);
    clock.check().await?;
    Ok(Opened { store, clock: Some(clock), _lock: Some(lock) })
}

fn lock(folder: &Path) -> anyhow::Result<File> {
    let file = File::create(folder.join("holdfast.lock")).context("the data folder's lock")?;
    if file.try_lock().is_err() {
        bail!("{} is in use by another process", folder.display());
    }
    Ok(file)
}

/// The name of this installation, made once. To be called under the folder's lock.
fn name(folder: &Path, machine: &Machine) -> anyhow::Result<String> {
    let path = folder.join(NAME_FILE);
    let known = fs::read_to_string(&path).unwrap_or_default();
    if known.len() == NAME_DIGITS {
        return Ok(known);
    }
    let name = machine.secret(NAME_DIGITS);
    fs::write(&path, &name).with_context(|| format!("{}", path.display()))?;
    Ok(name)
}

/// `holdfast migrate`.
pub(crate) fn migrate(options: &MigrateOptions) -> anyhow::Result<()> {
    let runtime = tokio::runtime::Runtime::new().context("the runtime")?;
    let address = &options.database;
    runtime.block_on(async {
        let missing = PostgresStore::missing(address).await?;
        if missing.is_empty() {
            say("Nothing is missing.");
        } else if options.plan {
            missing.iter().for_each(|step| say(&format!("missing: {step}")));
        } else {
            PostgresStore::migrate(address, |step| say(&format!("made: {step}"))).await?;
        }
        Ok(())
    })
}

/// `holdfast move`.
pub(crate) fn move_to(options: &MoveOptions) -> anyhow::Result<()> {
    let runtime = tokio::runtime::Runtime::new().context("the runtime")?;
    let told = |table: &str, rows: u64| say(&format!("{table}: {rows} rows"));
    let Moved { rows, file } =
        runtime.block_on(moving::to_postgres(&options.data_dir, &options.to, told))?;
    say(&format!("Moved {rows} rows; counts and sums are the same. The file is now {file}."));
    Ok(())
}

#[allow(clippy::print_stdout, reason = "what the person who asked wants to know")]
fn say(line: &str) {
    println!("{line}");
}
