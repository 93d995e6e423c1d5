//! The binary: configuration, wiring, commands, shutdown. The only reader of the environment.

mod bench;
mod card_keys;
mod cli;
mod clock;
mod copies;
mod database;
mod dev;
mod identity;
mod node;
mod ops;
mod outside;
mod process;
mod receipts;
mod role;
mod serve;
mod servers;
mod supervise;
mod system;
mod telemetry;

use std::process::ExitCode;

use mimalloc::MiMalloc;

/// A payment is some thousands of small pieces of memory on several threads, which the system's
/// allocator spends a quarter of the payment's time on.
#[global_allocator]
static ALLOCATOR: MiMalloc = MiMalloc;

fn main() -> ExitCode {
    let command = cli::parse();
    match carry_out(command) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            tracing::error!("{error:#}");
            ExitCode::FAILURE
        }
    }
}

fn carry_out(command: cli::Command) -> anyhow::Result<()> {
    if !matches!(command, cli::Command::Serve(_)) {
        telemetry::start(None);
    }
    match command {
        cli::Command::Serve(options) => serve::run(&options),
        cli::Command::Dev(options) => dev::run(&options),
        cli::Command::Keys(options) => serve::keys::run(&options),
        cli::Command::Bench(options) => bench::run(&options),
        cli::Command::Migrate(options) => database::migrate(&options),
        cli::Command::Move(options) => database::move_to(&options),
        cli::Command::BenchBare { answer, parent } => role::bench_bare(answer, parent),
        cli::Command::BenchStraight(options) => bench::write_straight(&options),
        cli::Command::Backup(options) => copies::backup(&options),
        cli::Command::Restore(options) => copies::restore(&options),
        cli::Command::Check(options) => copies::check(&options),
        cli::Command::CardZone => role::card_zone(),
        cli::Command::SandboxNetwork => role::sandbox_network(),
        cli::Command::ExampleShop => role::example_shop(),
    }
}
