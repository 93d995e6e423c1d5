//! A sandbox on a port of its own, and somebody who talks to it.

use std::io;
use std::net::{SocketAddr, TcpListener};
use std::path::{Path, PathBuf};
use std::time::Duration;

use holdfast_sandbox::SandboxConfig;
use serde_json::Value;
use tempfile::TempDir;
use tokio::sync::oneshot;
use tokio::task::JoinHandle;

pub(crate) const KEY: &str = "nk_test_key";
pub(crate) const PAY: &str = "http://127.0.0.1:4002";
/// Longer than anything here takes, shorter than the patience of whoever waits for the tests.
const DEADLINE: Duration = Duration::from_secs(20);

/// A running sandbox.
pub(crate) struct Sandbox {
    pub(crate) origin: String,
    pub(crate) address: SocketAddr,
    pub(crate) client: reqwest::Client,
    config: SandboxConfig,
    folder: TempDir,
    stop: Option<oneshot::Sender<()>>,
    served: JoinHandle<io::Result<()>>,
}

/// A status and a body.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Answer {
    pub(crate) status: u16,
    pub(crate) body: Vec<u8>,
}

impl Answer {
    pub(crate) fn json(&self) -> Value {
        serde_json::from_slice(&self.body).unwrap()
    }

    /// The status, and the error's code.
    pub(crate) fn refusal(&self) -> (u16, String) {
        (self.status, self.json()["error"]["code"].as_str().unwrap().to_owned())
    }
}

impl Sandbox {
    pub(crate) async fn start() -> Sandbox {
        Sandbox::start_with(|_| {}).await
    }

    /// A sandbox with a configuration that `change` has changed.
    pub(crate) async fn start_with(change: impl FnOnce(&mut SandboxConfig)) -> Sandbox {
        let folder = tempfile::tempdir().unwrap();
        let mut config = SandboxConfig {
            origin: String::new(),
            ledger: folder.path().join("sandbox-ledger.jsonl"),
            network_key: KEY.to_owned(),
            notify_url: "http://127.0.0.1:9/webhooks".to_owned(),
            notify_secret: "ns_test".to_owned(),
            api_url: "http://127.0.0.1:9".to_owned(),
            api_key: "sk_test_1".to_owned(),
            shop_origin: "http://127.0.0.1:4000".to_owned(),
            console_origin: "http://127.0.0.1:4003".to_owned(),
        };
        change(&mut config);
        Sandbox::on(config, folder)
    }

    fn on(mut config: SandboxConfig, folder: TempDir) -> Sandbox {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = listener.local_addr().unwrap();
        config.origin = format!("http://{address}");
        let (stop, stopped) = oneshot::channel();
        let shutdown = async move {
            let _ = stopped.await;
        };
        let served = tokio::spawn(holdfast_sandbox::serve(listener, config.clone(), shutdown));
        let _ = rustls::crypto::ring::default_provider().install_default();
        let client = reqwest::Client::builder()
            .redirect(reqwest::redirect::Policy::none())
            .retry(reqwest::retry::never())
            .timeout(DEADLINE)
            .build()
            .unwrap();
        let origin = config.origin.clone();
        Sandbox { origin, address, client, config, folder, stop: Some(stop), served }
    }

    /// Stops the sandbox; what `serve` came back with.
    pub(crate) async fn stop(mut self) -> (io::Result<()>, SandboxConfig, TempDir) {
        drop(self.stop.take());
        (self.served.await.unwrap(), self.config, self.folder)
    }

    /// Waits until the sandbox ends by itself; what `serve` came back with.
    pub(crate) async fn ended(self) -> io::Result<()> {
        self.served.await.unwrap()
    }

    /// Stops the sandbox and starts another on the same ledger file.
    pub(crate) async fn restart(self) -> Sandbox {
        let (stopped, config, folder) = self.stop().await;
        stopped.unwrap();
        Sandbox::on(config, folder)
    }

    pub(crate) fn ledger_file(&self) -> PathBuf {
        self.config.ledger.clone()
    }

    pub(crate) fn folder(&self) -> &Path {
        self.folder.path()
    }

    /// A call of the network's API with its key.
    pub(crate) async fn call(&self, request: reqwest::RequestBuilder) -> reqwest::Result<Answer> {
        let answer = request.bearer_auth(KEY).send().await?;
        let status = answer.status().as_u16();
        Ok(Answer { status, body: answer.bytes().await?.into() })
    }

    pub(crate) async fn get(&self, path: &str) -> Answer {
        self.call(self.client.get(self.url(path))).await.unwrap()
    }

    pub(crate) async fn post(&self, path: &str, key: &str, body: &Value) -> Answer {
        self.try_post(path, key, body).await.unwrap()
    }

    pub(crate) async fn try_post(
        &self,
        path: &str,
        key: &str,
        body: &Value,
    ) -> reqwest::Result<Answer> {
        let request = self.client.post(self.url(path)).header("idempotency-key", key);
        self.call(request.body(body.to_string())).await
    }

    pub(crate) fn url(&self, path: &str) -> String {
        format!("{}{path}", self.origin)
    }

    /// An authorization of 120.00 dollars; the reference is the key too.
    pub(crate) async fn authorize(&self, reference: &str, profile: &str) -> Value {
        let body = authorize_body(reference, profile);
        let answer = self.post("/network/authorizations", reference, &body).await;
        assert_eq!(answer.status, 200, "{}", String::from_utf8_lossy(&answer.body));
        answer.json()
    }

    /// The authorization as it stands.
    pub(crate) async fn look_up(&self, reference: &str) -> Value {
        self.get(&format!("/network/authorizations?reference={reference}")).await.json()
    }

    /// Moves the clock to so many seconds ahead.
    pub(crate) async fn move_clock(&self, seconds: i64) {
        let body = serde_json::json!({"offset_ms": seconds * 1_000});
        let answer = self.post("/clock", "clock", &body).await;
        assert_eq!(answer.status, 200);
    }

    /// Lets a fault wait.
    pub(crate) async fn add_fault(&self, fault: Value) {
        assert_eq!(self.post("/faults", "fault", &fault).await.status, 200);
    }

    /// A page, as a browser without scripts sees it.
    pub(crate) async fn page(&self, path: &str) -> Page {
        Page::of(self.client.get(self.url(path)).send().await.unwrap()).await
    }

    /// Sends a form from one of the sandbox's own pages.
    pub(crate) async fn submit(&self, path: &str, form: &str) -> Page {
        let request = self.client.post(self.url(path)).header("sec-fetch-site", "same-origin");
        let request = request.header("content-type", "application/x-www-form-urlencoded");
        Page::of(request.body(form.to_owned()).send().await.unwrap()).await
    }
}

/// A page or a redirect.
#[derive(Debug)]
pub(crate) struct Page {
    pub(crate) status: u16,
    pub(crate) headers: reqwest::header::HeaderMap,
    pub(crate) text: String,
}

impl Page {
    pub(crate) async fn of(answer: reqwest::Response) -> Page {
        let (status, headers) = (answer.status().as_u16(), answer.headers().clone());
        Page { status, headers, text: answer.text().await.unwrap() }
    }

    pub(crate) fn header(&self, name: &str) -> &str {
        self.headers.get(name).map_or("", |value| value.to_str().unwrap())
    }

    /// The newest code that the page shows for a payment.
    pub(crate) fn code(&self, reference: &str) -> String {
        let marked = format!("\" data-payment=\"{reference}\"");
        let (before, _) = self.text.split_once(&marked).unwrap();
        before.rsplit_once("data-code=\"").unwrap().1.to_owned()
    }
}

pub(crate) fn authorize_body(reference: &str, profile: &str) -> Value {
    serde_json::json!({
        "reference": reference,
        "token": format!("tok_{profile}"),
        "amount": 12_000,
        "currency": "usd",
        "descriptor": "BAZAAR",
        "return_url": format!("{PAY}/c/cs_1/return"),
        "three_ds": "automatic",
        "off_session": false,
    })
}
