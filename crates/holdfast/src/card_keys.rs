//! The publishable keys that the card zone knows: read from the store, told to it as digests.

use std::sync::Arc;
use std::time::Duration;

use anyhow::Context;
use holdfast_card::zone::{self, KeyGrant};
use holdfast_core::api_key::{ApiKey, PREVIOUS_MAX};
use holdfast_core::key::RowKind;
use holdfast_core::row::Record;
use holdfast_engine::Engine;
use holdfast_engine::query::{PAGE_MAX, RowsQuery};
use tokio::sync::watch;
use tokio::task::JoinSet;
use tokio::time::sleep;

use crate::identity::Identity;

/// How often the keys are read: who revokes one may rely on a second.
const LOOK_EVERY: Duration = Duration::from_millis(500);

const _: () = assert!(1 + PAGE_MAX * (1 + PREVIOUS_MAX) == zone::KEYS_MAX);

/// What the zone is told from now on: the line of now, and another whenever the keys are others.
pub(crate) async fn start(
    tasks: &mut JoinSet<()>,
    engine: &Engine,
    keys: &Identity,
    stopping: &watch::Receiver<bool>,
) -> anyhow::Result<watch::Receiver<Arc<str>>> {
    let (news, told) = watch::channel(line(engine, keys).await?);
    tasks.spawn(follow(engine.clone(), keys.clone(), news, stopping.clone()));
    Ok(told)
}

async fn follow(
    engine: Engine,
    keys: Identity,
    news: watch::Sender<Arc<str>>,
    mut stopping: watch::Receiver<bool>,
) {
    let mut was_read = true;
    loop {
        tokio::select! {
            _ = stopping.wait_for(|stop| *stop) => return,
            () = sleep(LOOK_EVERY) => {}
        }
        let line = line(&engine, &keys).await;
        if let Err(error) = &line
            && was_read
        {
            // What could be revoked is in the same store.
            tracing::error!("the card zone's keys stay as they are: {error:#}");
        }
        was_read = line.is_ok();
        if let Ok(line) = line {
            news.send_if_modified(|told| {
                let is_new = *told != line;
                *told = line;
                is_new
            });
        }
    }
}

/// The installation's own key, and those of the platform that count now.
async fn line(engine: &Engine, keys: &Identity) -> anyhow::Result<Arc<str>> {
    let newest = RowsQuery::newest(keys.platform, RowKind::ApiKey, PAGE_MAX);
    let rows = engine.read().rows(&newest.in_state("publishable")).await.context("the keys")?;
    let now = engine.system_now();
    let prints = rows.iter().filter_map(ApiKey::of_row).flat_map(ApiKey::prints);
    let counting = prints.filter(|(_, until)| until.is_none_or(|until| now < until));
    let grants = counting.map(|(print, until)| KeyGrant {
        digest: print.digest.clone(),
        until_ms: until.map(|until| until.ms()),
    });
    let own = KeyGrant::of_key(&keys.publishable_key);
    let grants: Vec<KeyGrant> = std::iter::once(own).chain(grants).collect();
    Ok(zone::line(&grants).context("the keys")?.into())
}
