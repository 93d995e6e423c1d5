//! The command line.

use std::path::PathBuf;

use clap::{Args, Parser, Subcommand};

/// What the program was asked to do.
pub(crate) enum Command {
    Dev(DevOptions),
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

#[derive(Subcommand)]
enum Sub {
    /// Run everything on this machine with a sandbox bank and an example shop (the default).
    Dev(DevOptions),
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
    /// Written, as JSON with the addresses and keys, once everything listens.
    #[arg(long, value_name = "FILE")]
    pub(crate) ready_file: Option<PathBuf>,
}

/// Reads the command line; explains and ends the program when it makes no sense.
pub(crate) fn parse() -> Command {
    let cli = Cli::parse();
    match cli.command {
        None => Command::Dev(cli.dev),
        Some(Sub::Dev(options)) => Command::Dev(options),
        Some(Sub::CardZone) => Command::CardZone,
        Some(Sub::SandboxNetwork) => Command::SandboxNetwork,
        Some(Sub::ExampleShop) => Command::ExampleShop,
    }
}
