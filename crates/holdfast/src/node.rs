//! One node: the engine over its store and the outside, what serves from it, and how it stops.

use std::net::TcpListener;
use std::sync::Arc;
use std::time::{Duration, Instant};

use anyhow::Context;
use holdfast_api::receipts::Receipts;
use holdfast_card::zone::ZoneConfig;
use holdfast_core::rules::Rules;
use holdfast_core::time::Span;
use holdfast_engine::rate_limit::Limits;
use holdfast_engine::{Engine, Retention, Work};
use tokio::sync::watch;
use tokio::task::JoinSet;

use crate::identity::{Identity, Origins};
use crate::ops::Health;
use crate::outside::Outside;
use crate::servers::{self, Listening, Parts};
use crate::supervise::Post;
use crate::system::Machine;
use crate::{card_keys, database, receipts};

/// How long the engine may take to finish the processor's calls that are under way.
const STOP_PATIENCE: Duration = Duration::from_secs(12);

/// A node that runs.
pub(crate) struct Node {
    pub(crate) engine: Engine,
    pub(crate) health: Health,
    keys: Identity,
    origins: Origins,
    machine: Arc<Machine>,
    tasks: JoinSet<()>,
    stop: watch::Sender<bool>,
    /// Held as long as the engine runs.
    _store: database::Opened,
}

/// What a node is made of.
pub(crate) struct Plan {
    pub(crate) store: database::Opened,
    pub(crate) machine: Arc<Machine>,
    pub(crate) keys: Identity,
    pub(crate) origins: Origins,
    pub(crate) work: Work,
    /// When the program was started.
    pub(crate) started: Instant,
}

impl Node {
    /// Starts the engine, at the time where the installation's clock stands. Nothing is served yet.
    pub(crate) async fn start(plan: Plan) -> anyhow::Result<Node> {
        let Plan { store, machine, keys, origins, work, started } = plan;
        let receipts = Receipts::new(origins.pay.clone(), receipts::secrets(&keys.receipt_key));
        let outside = Outside::new(&origins.sandbox, &keys.network_key, receipts, machine.clone())?;
        let (kept, outside) = (Arc::clone(&store.store), Arc::new(outside));
        let engine = Engine::start_node(kept, outside, machine.clone(), Rules::default(), work);
        engine.restore_clock(keys.platform).await.context("the clock")?;
        let health = Health::new(engine.clone(), keys.platform, started);
        let (mut tasks, (stop, stopping)) = (JoinSet::new(), watch::channel(false));
        store.watch_clock(&mut tasks, &engine, &health, &stopping);
        Ok(Node { engine, health, keys, origins, machine, tasks, stop, _store: store })
    }

    /// Serves what is served here.
    pub(crate) fn serve(&mut self, listeners: Listening, limits: Limits) {
        let parts = Parts {
            engine: self.engine.clone(),
            machine: Arc::clone(&self.machine),
            keys: self.keys.clone(),
            origins: self.origins.clone(),
            health: self.health.clone(),
            limits,
            listeners,
        };
        servers::start(&mut self.tasks, parts, &self.stop.subscribe());
    }

    /// Keeps a card zone that knows the keys which count.
    pub(crate) async fn keep_card_zone(&mut self, listener: TcpListener) -> anyhow::Result<()> {
        let stopping = self.stop.subscribe();
        let told = card_keys::start(&mut self.tasks, &self.engine, &self.keys, &stopping).await?;
        let config = ZoneConfig {
            pay_origin: self.origins.pay.clone(),
            network_url: self.origins.sandbox.clone(),
            network_key: self.keys.network_key.clone(),
        };
        self.keep(Post::new("card-zone", listener, config)?.telling(told));
        Ok(())
    }

    /// Drops what has grown old.
    pub(crate) fn drop_old(&mut self, retention: Retention) {
        let (engine, mut stopping) = (self.engine.clone(), self.stop.subscribe());
        self.tasks.spawn(async move {
            tokio::select! {
                () = engine.run_retention(retention) => {}
                _ = stopping.wait_for(|stop| *stop) => {}
            }
        });
    }

    /// Keeps another process running for as long as the node runs.
    pub(crate) fn keep(&mut self, post: Post) {
        self.tasks.spawn(post.keep(self.stop.subscribe()));
    }

    /// Ends it: nothing new is begun, and what is under way is finished.
    pub(crate) async fn stop(mut self) {
        tracing::info!("stopping");
        self.health.set_ready(false);
        // Requests under way still need the processor, so the engine goes before servers and
        // children.
        self.engine.stop(STOP_PATIENCE).await;
        self.stop.send_replace(true);
        while self.tasks.join_next().await.is_some() {}
    }
}

/// What a node does with effects that takes them for so long.
pub(crate) fn work(lease: Duration) -> Work {
    let ms = i64::try_from(lease.as_millis()).unwrap_or(i64::MAX);
    Work { lease: Span::from_ms(ms), performs: true }
}
