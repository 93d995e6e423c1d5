//! The first rows of a development installation: its clock and the shop's webhook endpoint.
//! Sellers and products are the shop's own affair; it makes them through the API.

use std::collections::BTreeMap;

use anyhow::Context;
use holdfast_core::command::{Command, CreateWebhookEndpoint};
use holdfast_core::secret::Secret;
use holdfast_core::webhook::WebhookEndpoints;
use holdfast_engine::{Engine, Submission};

use crate::identity::Origins;

use super::keys::Keys;

/// Makes what is missing. Endpoints keep their address across runs on other ports, so an endpoint
/// for today's address of the shop is made when there is none.
pub(super) async fn prepare(engine: &Engine, keys: &Keys, origins: &Origins) -> anyhow::Result<()> {
    let platform = keys.platform;
    if engine.clock(platform).await?.is_none() {
        let create = Submission::new(platform, Command::CreateTestClock);
        engine.submit(create).await.context("the clock")?;
    }
    let url = format!("{}/webhooks", origins.shop);
    let row = engine.find::<WebhookEndpoints>(platform, &platform).await?;
    let known = row.is_some_and(|row| row.endpoints.iter().any(|endpoint| endpoint.url == url));
    if !known {
        let create = CreateWebhookEndpoint {
            connect: false,
            url,
            enabled_events: vec!["*".to_owned()],
            description: Some("The example shop".to_owned()),
            api_version: None,
            metadata: BTreeMap::new(),
            secret: Secret::new(keys.webhook_secret.clone()),
        };
        let create = Submission::new(platform, Command::CreateWebhookEndpoint(create));
        engine.submit(create).await.context("the shop's webhook endpoint")?;
    }
    Ok(())
}
