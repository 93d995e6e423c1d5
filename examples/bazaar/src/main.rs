//! The shop as a program of its own: `BAZAAR_SECRET_KEY=sk_test_... bazaar`.

use std::io;
use std::net::TcpListener;
use std::process::ExitCode;

use tokio::signal::unix::{SignalKind, signal};

#[tokio::main]
async fn main() -> ExitCode {
    tracing_subscriber::fmt().with_writer(io::stderr).init();
    match run().await {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            tracing::error!(%error, "the shop cannot run");
            ExitCode::FAILURE
        }
    }
}

#[allow(clippy::disallowed_methods, reason = "this is the binary, and here it reads its settings")]
async fn run() -> Result<(), Box<dyn std::error::Error>> {
    let settings = bazaar::Settings::from_variables(|name| std::env::var(name).ok())?;
    let listener = TcpListener::bind(settings.address)?;
    let mut terminate = signal(SignalKind::terminate())?;
    let shutdown = async move {
        tokio::select! {
            _ = terminate.recv() => {}
            _ = tokio::signal::ctrl_c() => {}
        }
    };
    tracing::info!(origin = settings.shop.origin, "the shop is open");
    bazaar::serve(listener, settings.shop, shutdown).await?;
    Ok(())
}
