//! The command line.

use std::path::PathBuf;

use clap::{Args, Parser, Subcommand};

use crate::bench::Mix;

/// What the program was asked to do.
pub(crate) enum Command {
    Dev(DevOptions),
    Serve(ServeOptions),
    Keys(KeysOptions),
    Bench(BenchOptions),
    Migrate(MigrateOptions),
    Move(MoveOptions),
    BenchBare { answer: String, parent: u32 },
    BenchStraight(StraightOptions),
    Backup(CopyOptions),
    Restore(CopyOptions),
    Check(StoreOptions),
    CardZone,
    SandboxNetwork,
    ExampleShop,
}

/// Card payments of a marketplace: held until the goods arrive, then released to the seller.
#[derive(Parser)]
#[command(name = "holdfast", version, after_help = EXAMPLES)]
struct Cli {
    #[command(subcommand)]
    command: Option<Sub>,
    #[command(flatten)]
    dev: DevOptions,
}

const EXAMPLES: &str = "Examples:
  holdfast                          everything on 127.0.0.1, ports 4000 to 4005
  holdfast dev --port-base 5000     the same on ports 5000 to 5005
  holdfast dev --data-dir /srv/try  keeps its data there instead of ./holdfast-data";

const SERVE_EXAMPLES: &str = "Examples:
  holdfast serve --config /etc/holdfast/holdfast.toml --check   only looks the settings through
  holdfast serve --config /etc/holdfast/holdfast.toml           runs this node until it is stopped";

const KEYS_EXAMPLES: &str = "Examples:
  holdfast keys --config /etc/holdfast/holdfast.toml            makes and prints what is missing
  holdfast serve --config /etc/holdfast/holdfast.toml --check   reads it";

const BENCH_EXAMPLES: &str = "Examples:
  holdfast bench                             payments made, 32 connections, 3 rounds of 5 s
  holdfast bench --mix read --json           payments read, the figures as JSON
  holdfast bench --mix pay --rate 500        500 charges a second, whether or not they keep up
  holdfast bench --mix life --alone          from the basket to the seller's money, without the bare
                                             handler
  holdfast bench --mix pay --database postgres://holdfast@db/bench --nodes 2 --hot-seller";

const BACKUP_EXAMPLES: &str = "Examples:
  holdfast backup /srv/copies/monday.sqlite      of ./holdfast-data, running or not
  holdfast check --data-dir /srv/shop            0 when all is well, 1 and what is wrong otherwise
  holdfast restore /srv/copies/monday.sqlite --data-dir /srv/anew";

const MIGRATE_EXAMPLES: &str = "Examples:
  holdfast migrate --plan --database postgres://holdfast@db/holdfast   what is missing
  holdfast migrate --database postgres://holdfast@db/holdfast          make it";

const MOVE_EXAMPLES: &str = "Examples:
  holdfast move --data-dir /srv/holdfast --to postgres://holdfast@db/holdfast
  holdfast dev --data-dir /srv/holdfast --database postgres://holdfast@db/holdfast";

#[derive(Subcommand)]
enum Sub {
    /// Run everything on this machine with a sandbox bank and an example shop (the default).
    Dev(DevOptions),
    /// Run one node as its settings say: some of API, pay pages, console, worker, card zone.
    #[command(after_help = SERVE_EXAMPLES)]
    Serve(ServeOptions),
    /// Make the keys that the settings of a node name and that are not there yet.
    #[command(after_help = KEYS_EXAMPLES)]
    Keys(KeysOptions),
    /// Measure requests a second, beside a handler that does nothing.
    #[command(after_help = BENCH_EXAMPLES)]
    Bench(BenchOptions),
    /// Copy everything to a new file, while payments go on.
    #[command(after_help = BACKUP_EXAMPLES)]
    Backup(CopyOptions),
    /// Put a copy into a folder that has no data yet.
    Restore(CopyOptions),
    /// Look everything through, also while payments go on: pages, rows, books.
    Check(StoreOptions),
    /// Make the tables that a PostgreSQL database lacks, while the nodes run on.
    #[command(after_help = MIGRATE_EXAMPLES)]
    Migrate(MigrateOptions),
    /// Move a stopped installation from its file to PostgreSQL, whole or not at all.
    #[command(after_help = MOVE_EXAMPLES)]
    Move(MoveOptions),
    #[command(hide = true)]
    BenchBare {
        #[arg(long)]
        answer: String,
        #[arg(long)]
        ends_with: u32,
    },
    #[command(hide = true)]
    BenchStraight(StraightOptions),
    #[command(hide = true)]
    CardZone,
    #[command(hide = true)]
    SandboxNetwork,
    #[command(hide = true)]
    ExampleShop,
}

#[derive(Args, Clone, Debug)]
pub(crate) struct DevOptions {
    /// The first of six ports: shop, API, pay page, console, sandbox, card zone.
    #[arg(long, default_value_t = 4000, value_parser = clap::value_parser!(u16).range(1..=65_530))]
    pub(crate) port_base: u16,
    /// Where data is kept. Made when it is missing; readable by its owner only.
    #[arg(long, default_value = "holdfast-data", value_name = "FOLDER")]
    pub(crate) data_dir: PathBuf,
    /// Keeps everything in this PostgreSQL instead of a file: `postgres://user@host/database`.
    #[arg(long, value_name = "ADDRESS", env = "HOLDFAST_DATABASE", hide_env_values = true)]
    pub(crate) database: Option<String>,
    /// Runs beside the installation of this data folder, over the same database: API, pay page,
    /// console and card zone are served by both; sandbox and shop are those of the first.
    #[arg(long, value_name = "FOLDER", requires = "database")]
    pub(crate) beside: Option<PathBuf>,
    /// How long a node may be silent before the others take up what it was doing; the same at
    /// every node.
    #[arg(long, default_value_t = 60, value_name = "SECONDS")]
    #[arg(value_parser = clap::value_parser!(u64).range(2..=3_600))]
    pub(crate) lease_seconds: u64,
    /// How many reads, and how many writes, a second each key may make; 0 does not limit.
    #[arg(long, default_value_t = 100, value_name = "NUMBER")]
    pub(crate) requests_per_second: u32,
    /// Written, as JSON with the addresses and keys, once everything listens.
    #[arg(long, value_name = "FILE")]
    pub(crate) ready_file: Option<PathBuf>,
    /// The process that started this one and with which it ends, however that ends.
    #[arg(long, hide = true, value_name = "PROCESS")]
    pub(crate) ends_with: Option<u32>,
}

#[derive(Args, Clone, Debug)]
pub(crate) struct ServeOptions {
    /// The settings; `docs/holdfast.toml` shows all of them.
    #[arg(long, value_name = "FILE")]
    pub(crate) config: PathBuf,
    /// Only looks the settings and the secrets through.
    #[arg(long)]
    pub(crate) check: bool,
}

#[derive(Args, Clone, Debug)]
pub(crate) struct KeysOptions {
    /// The settings; each key is made where they say, and printed this once.
    #[arg(long, value_name = "FILE")]
    pub(crate) config: PathBuf,
}

/// Where the data is.
#[derive(Args, Clone, Debug)]
pub(crate) struct StoreOptions {
    /// Where data is kept.
    #[arg(long, default_value = "holdfast-data", value_name = "FOLDER")]
    pub(crate) data_dir: PathBuf,
}

/// A copy of the data, and where the data is.
#[derive(Args, Clone, Debug)]
pub(crate) struct CopyOptions {
    /// The copy.
    #[arg(value_name = "FILE")]
    pub(crate) file: PathBuf,
    #[command(flatten)]
    pub(crate) store: StoreOptions,
}

#[derive(Args, Clone, Debug)]
pub(crate) struct MigrateOptions {
    /// The database: `postgres://user@host/database`.
    #[arg(long, value_name = "ADDRESS", env = "HOLDFAST_DATABASE", hide_env_values = true)]
    pub(crate) database: String,
    /// Only says what is missing.
    #[arg(long)]
    pub(crate) plan: bool,
}

#[derive(Args, Clone, Debug)]
pub(crate) struct MoveOptions {
    /// The data folder of the installation.
    #[arg(long, default_value = "holdfast-data", value_name = "FOLDER")]
    pub(crate) data_dir: PathBuf,
    /// An empty database: `postgres://user@host/database`.
    #[arg(long, value_name = "ADDRESS", env = "HOLDFAST_DATABASE", hide_env_values = true)]
    pub(crate) to: String,
}

#[derive(Args, Clone, Debug)]
pub(crate) struct BenchOptions {
    /// What is asked.
    #[arg(long, value_enum, default_value = "create")]
    pub(crate) mix: Mix,
    /// Requests under way at once.
    #[arg(long, default_value_t = 32, value_parser = clap::value_parser!(u16).range(1..=1_000))]
    pub(crate) connections: u16,
    /// Payments, or reads, a second in all, begun on time whatever is answered; as many as are
    /// answered when it is not given.
    #[arg(long, value_parser = clap::value_parser!(u32).range(1..=1_000_000))]
    pub(crate) rate: Option<u32>,
    /// Seconds of each round.
    #[arg(long, default_value_t = 5, value_name = "SECONDS",
        value_parser = clap::value_parser!(u64).range(1..=600))]
    pub(crate) duration: u64,
    /// Rounds of each side, turn about.
    #[arg(long, default_value_t = 3, value_parser = clap::value_parser!(u32).range(1..=100))]
    pub(crate) rounds: u32,
    /// Measures over the data of this folder instead of an empty one.
    #[arg(long, value_name = "FOLDER")]
    pub(crate) data_dir: Option<PathBuf>,
    /// Keeps everything in this PostgreSQL instead of a file: `postgres://user@host/database`.
    #[arg(long, value_name = "ADDRESS", env = "HOLDFAST_DATABASE", hide_env_values = true)]
    pub(crate) database: Option<String>,
    /// Nodes over that database; they are asked in turn.
    #[arg(long, default_value_t = 1, value_name = "NUMBER", requires = "database",
        value_parser = clap::value_parser!(u8).range(1..=8))]
    pub(crate) nodes: u8,
    /// Every payment is for the same seller, whose balance all of them touch.
    #[arg(long)]
    pub(crate) hot_seller: bool,
    /// Measures nothing: makes a folder with at least so many payments, to measure over. A second
    /// of real ones is multiplied.
    #[arg(long, value_name = "PAYMENTS", requires = "data_dir", conflicts_with = "database",
        value_parser = clap::value_parser!(u64).range(1..=100_000_000))]
    pub(crate) fill: Option<u64>,
    /// Without the bare handler beside it.
    #[arg(long)]
    pub(crate) alone: bool,
    /// Prints one line of JSON.
    #[arg(long)]
    pub(crate) json: bool,
}

/// The rows of payments, written straight to SQLite: what `cargo xtask bench` compares with.
#[derive(Args, Clone, Debug)]
pub(crate) struct StraightOptions {
    /// The folder with the payments.
    #[arg(long, value_name = "FOLDER")]
    pub(crate) data_dir: PathBuf,
    /// Writes one row, four postings and one event of each, instead of all its rows.
    #[arg(long)]
    pub(crate) least: bool,
    /// Payments in each transaction.
    #[arg(long, default_value_t = 100, value_parser = clap::value_parser!(u64).range(1..))]
    pub(crate) group: u64,
}

/// Reads the command line; explains and ends the program when it makes no sense.
pub(crate) fn parse() -> Command {
    let cli = Cli::parse();
    match cli.command {
        None => Command::Dev(cli.dev),
        Some(Sub::Dev(options)) => Command::Dev(options),
        Some(Sub::Serve(options)) => Command::Serve(options),
        Some(Sub::Keys(options)) => Command::Keys(options),
        Some(Sub::Bench(options)) => Command::Bench(options),
        Some(Sub::Backup(options)) => Command::Backup(options),
        Some(Sub::Restore(options)) => Command::Restore(options),
        Some(Sub::Check(options)) => Command::Check(options),
        Some(Sub::Migrate(options)) => Command::Migrate(options),
        Some(Sub::Move(options)) => Command::Move(options),
        Some(Sub::BenchBare { answer, ends_with }) => {
            Command::BenchBare { answer, parent: ends_with }
        }
        Some(Sub::BenchStraight(options)) => Command::BenchStraight(options),
        Some(Sub::CardZone) => Command::CardZone,
        Some(Sub::SandboxNetwork) => Command::SandboxNetwork,
        Some(Sub::ExampleShop) => Command::ExampleShop,
    }
}
