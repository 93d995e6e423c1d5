//! Notices to the merchant's side that something happened: hints, never the truth itself.
//!
//! A notice names a reference. Whoever receives it looks the reference up.

use std::sync::Arc;
use std::time::Duration;

use holdfast_core::time::Timestamp;
use ring::hmac;
use serde::Serialize;
use tokio::sync::{Semaphore, mpsc};

use crate::config::SandboxConfig;
use crate::network::name::Name;

/// How many notices may wait. More is a receiver that is gone; hints are not worth more memory.
pub(crate) const WAITING_MAX: usize = 1_024;
/// How many are sent at the same time.
const SENDING_MAX: usize = 16;
/// How long to wait before each try: three tries, as the sandboxes of real processors make.
const TRIES: [Duration; 3] = [Duration::ZERO, Duration::from_secs(1), Duration::from_secs(5)];
/// How long one try may take.
const DEADLINE: Duration = Duration::from_secs(5);

/// Something happened that nobody asked for.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub(crate) struct Notice {
    /// What kind of object changed.
    #[serde(rename = "type")]
    pub(crate) kind: NoticeKind,
    /// Its reference.
    pub(crate) reference: Name,
}

/// What kind of object changed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub(crate) enum NoticeKind {
    /// A challenge ended.
    #[serde(rename = "authorization.updated")]
    Authorization,
    /// Something was raised or decided about an authorization.
    #[serde(rename = "dispute.updated")]
    Dispute,
    /// A refund failed.
    #[serde(rename = "refund.updated")]
    Refund,
}

/// Sends notices until no more can come.
///
/// # Errors
/// When no HTTP client can be made.
pub(crate) async fn run(
    config: Arc<SandboxConfig>,
    mut notices: mpsc::Receiver<Notice>,
    client: reqwest::Client,
) {
    let sending = Arc::new(Semaphore::new(SENDING_MAX));
    while let Some(notice) = notices.recv().await {
        let Ok(permit) = Arc::clone(&sending).acquire_owned().await else { return };
        let (config, client) = (Arc::clone(&config), client.clone());
        tokio::spawn(async move {
            deliver(&config, &client, &notice).await;
            drop(permit);
        });
    }
}

async fn deliver(config: &SandboxConfig, client: &reqwest::Client, notice: &Notice) {
    let Some(body) = body(notice) else { return };
    for wait in TRIES {
        tokio::time::sleep(wait).await;
        let signature = signature(&config.notify_secret, crate::clock::machine_now(), &body);
        let request = client
            .post(&config.notify_url)
            .header("content-type", "application/json")
            .header("sandbox-signature", signature)
            .timeout(DEADLINE)
            .body(body.clone());
        match request.send().await {
            Ok(answer) if answer.status().is_success() => return,
            Ok(answer) => tracing::debug!(status = answer.status().as_u16(), "notice not taken"),
            Err(error) => tracing::debug!(%error, "notice not delivered"),
        }
    }
    tracing::warn!(reference = %notice.reference, "gave a notice up after three tries");
}

/// The same id on every try, so that a receiver knows a repetition.
fn body(notice: &Notice) -> Option<String> {
    #[derive(Serialize)]
    struct Body<'a> {
        id: &'a str,
        #[serde(flatten)]
        notice: &'a Notice,
    }
    let seed = crate::clock::seed().ok()?;
    serde_json::to_string(&Body { id: &seed.id("sbn_"), notice }).ok()
}

/// `t=<unix seconds>,v1=<hex HMAC-SHA256 of "t.body">`.
pub(crate) fn signature(secret: &str, at: Timestamp, body: &str) -> String {
    let key = hmac::Key::new(hmac::HMAC_SHA256, secret.as_bytes());
    let tag = hmac::sign(&key, format!("{}.{body}", at.seconds()).as_bytes());
    let hex: String = tag.as_ref().iter().map(|byte| format!("{byte:02x}")).collect();
    format!("t={},v1={hex}", at.seconds())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_notice_is_signed_over_time_and_body() {
        let at = Timestamp::from_seconds(1_700_000_000);
        // Computed with: printf '1700000000.{"id":"x"}' | openssl dgst -sha256 -hmac secret
        let expected =
            "t=1700000000,v1=2f7852138f9dbd8d61c07c2cfb0b8ac96a46a32d78d4527788fb42fcb409a493";
        assert_eq!(signature("secret", at, r#"{"id":"x"}"#), expected);
        assert_ne!(signature("other", at, r#"{"id":"x"}"#), expected);
    }

    #[test]
    fn a_notice_names_its_kind_and_reference() {
        let notice = Notice { kind: NoticeKind::Refund, reference: "re_1".into() };
        let value: serde_json::Value = serde_json::from_str(&body(&notice).unwrap()).unwrap();
        assert_eq!(value["type"], "refund.updated");
        assert_eq!(value["reference"], "re_1");
        assert!(value["id"].as_str().unwrap().starts_with("sbn_"));
    }
}
