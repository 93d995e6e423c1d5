//! Logs: one JSON object a line on standard error. `HOLDFAST_LOG` sets what is logged.

use tracing_subscriber::EnvFilter;

/// What is logged unless the environment says otherwise.
const DEFAULT: &str = "info,hyper=warn,reqwest=warn";

/// Starts logging, for this process, as `usual` says unless the environment does. Panics are logged
/// without their data's values.
pub(crate) fn start(usual: Option<&str>) {
    let filter = EnvFilter::try_from_env("HOLDFAST_LOG");
    let filter = filter.unwrap_or_else(|_| EnvFilter::new(usual.unwrap_or(DEFAULT)));
    let subscriber = tracing_subscriber::fmt()
        .json()
        .flatten_event(true)
        .with_current_span(false)
        .with_env_filter(filter)
        .with_writer(std::io::stderr)
        .finish();
    if tracing::subscriber::set_global_default(subscriber).is_err() {
        // Somebody was first: the program then logs where that one said.
        return;
    }
    std::panic::set_hook(Box::new(|panic| {
        let place = panic.location().map(ToString::to_string);
        tracing::error!(place, "a panic");
    }));
}
