//! What operators and their monitors ask: is it alive, is it ready, what are the figures.

use std::fmt::Write as _;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Instant;

use axum::Router;
use axum::extract::State;
use axum::http::StatusCode;
use axum::http::header::CONTENT_TYPE;
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use holdfast_api::overload;
use holdfast_core::id::PlatformId;
use holdfast_core::key::RowKind;
use holdfast_engine::query::{Accounts, Balance};
use holdfast_engine::{Engine, StoreError};

/// What is known of the program's health.
#[derive(Clone)]
pub(crate) struct Health {
    engine: Engine,
    platform: PlatformId,
    started: Instant,
    ready: Arc<AtomicBool>,
    clock_is_off: Arc<AtomicBool>,
}

impl Health {
    pub(crate) fn new(engine: Engine, platform: PlatformId, started: Instant) -> Health {
        let (ready, clock_is_off) = Default::default();
        Health { engine, platform, started, ready, clock_is_off }
    }

    /// Whether requests should be sent here.
    pub(crate) fn set_ready(&self, ready: bool) {
        self.ready.store(ready, Ordering::Release);
    }

    /// Whether this machine's clock says another time than the database's.
    pub(crate) fn set_clock_is_off(&self, is_off: bool) {
        self.clock_is_off.store(is_off, Ordering::Release);
    }

    /// `/livez`, `/readyz` and `/metrics`.
    pub(crate) fn router(self) -> Router {
        Router::new()
            .route("/livez", get(async || "ok\n"))
            .route("/readyz", get(readyz))
            .route("/metrics", get(metrics))
            .with_state(self)
    }
}

async fn readyz(State(health): State<Health>) -> Response {
    let reads = health.engine.clock(health.platform).await;
    if health.clock_is_off.load(Ordering::Acquire) {
        return (StatusCode::SERVICE_UNAVAILABLE, "the clock is off\n").into_response();
    }
    let ready = health.ready.load(Ordering::Acquire);
    match (ready, reads) {
        (true, Ok(_)) => "ok\n".into_response(),
        (false, _) => (StatusCode::SERVICE_UNAVAILABLE, "starting or stopping\n").into_response(),
        (true, Err(error)) => {
            tracing::error!(%error, "not ready");
            (StatusCode::SERVICE_UNAVAILABLE, "the store does not answer\n").into_response()
        }
    }
}

async fn metrics(State(health): State<Health>) -> Response {
    match figures(&health).await {
        Ok(text) => ([(CONTENT_TYPE, "text/plain; version=0.0.4")], text).into_response(),
        Err(error) => {
            tracing::error!(%error, "the figures could not be read");
            StatusCode::SERVICE_UNAVAILABLE.into_response()
        }
    }
}

/// The figures in the text format of Prometheus. Labels are states, never ids.
async fn figures(health: &Health) -> Result<String, StoreError> {
    let read = health.engine.read();
    let mut text = Figures::default();
    text.head("holdfast_build_info", "gauge", "The version that runs.");
    text.line("holdfast_build_info", &format!("version=\"{}\"", env!("CARGO_PKG_VERSION")), 1);
    text.head("holdfast_uptime_seconds", "gauge", "Time since the start.");
    let uptime = health.started.elapsed().as_secs();
    text.line("holdfast_uptime_seconds", "", i64::try_from(uptime).unwrap_or(i64::MAX));

    let name = "holdfast_requests_refused_total";
    text.head(name, "counter", "Requests refused because too many were there at once.");
    text.line(name, "", i64::try_from(overload::refused()).unwrap_or(i64::MAX));

    let kinds = [
        ("holdfast_payments", "Payments by status.", RowKind::PaymentIntent),
        ("holdfast_attempts", "Attempts by state; unknown must not grow.", RowKind::Attempt),
        ("holdfast_orders", "Orders by status.", RowKind::Order),
        ("holdfast_refunds", "Refunds by state.", RowKind::Refund),
        ("holdfast_webhook_deliveries", "Deliveries by state.", RowKind::Delivery),
    ];
    for (name, help, kind) in kinds {
        text.head(name, "gauge", help);
        for (state, count) in read.count_states(health.platform, kind).await? {
            let count = i64::try_from(count).unwrap_or(i64::MAX);
            text.line(name, &format!("state=\"{state}\""), count);
        }
    }
    text.head("holdfast_effects_waiting", "gauge", "Effects that are not finished.");
    for (name, count) in read.count_effects().await? {
        let count = i64::try_from(count).unwrap_or(i64::MAX);
        text.line("holdfast_effects_waiting", &format!("kind=\"{name}\""), count);
    }
    imbalance(health, &mut text).await?;
    Ok(text.0)
}

/// The sum of all accounts in each currency. Anything but zero is a bug that has moved money.
async fn imbalance(health: &Health, text: &mut Figures) -> Result<(), StoreError> {
    let read = health.engine.read();
    let mut sums = std::collections::BTreeMap::new();
    for accounts in [Accounts::Platform, Accounts::Sellers, Accounts::HeldTotal] {
        for Balance { currency, signed_minor, .. } in
            read.balances(health.platform, accounts).await?
        {
            *sums.entry(currency).or_insert(0_i64) += signed_minor;
        }
    }
    text.head("holdfast_ledger_imbalance_minor", "gauge", "Debits less credits; must be 0.");
    for (currency, sum) in sums {
        let label = format!("currency=\"{currency}\"");
        text.line("holdfast_ledger_imbalance_minor", &label, sum);
    }
    Ok(())
}

#[derive(Default)]
struct Figures(String);

impl Figures {
    fn head(&mut self, name: &str, kind: &str, help: &str) {
        // Writing to a string cannot fail.
        let _ = writeln!(self.0, "# HELP {name} {help}\n# TYPE {name} {kind}");
    }

    fn line(&mut self, name: &str, labels: &str, value: i64) {
        let labels = if labels.is_empty() { String::new() } else { format!("{{{labels}}}") };
        let _ = writeln!(self.0, "{name}{labels} {value}");
    }
}
