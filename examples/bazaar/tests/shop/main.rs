//! The shop over HTTP, against a small API of the test's own.
#![allow(clippy::unwrap_used, clippy::disallowed_methods, missing_docs)]

mod browser;
mod fake_api;

mod buying;
mod pages;
mod server;
mod trouble;
mod webhooks;

use std::net::TcpListener;

use bazaar::ShopConfig;
use tokio::sync::oneshot;

use crate::browser::Browser;
use crate::fake_api::FakeApi;

const SECRET_KEY: &str = "sk_test_shop";
const WEBHOOK_SECRET: &str = "whsec_shop";

/// A running shop; dropping it closes it.
struct Shop {
    api: FakeApi,
    origin: String,
    _close: oneshot::Sender<()>,
}

impl Shop {
    async fn open() -> Shop {
        Shop::with(|_| {}).await
    }

    async fn with(change: impl FnOnce(&mut ShopConfig)) -> Shop {
        let api = FakeApi::start().await;
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let origin = format!("http://{}", listener.local_addr().unwrap());
        let mut config = ShopConfig {
            origin: origin.clone(),
            api_url: api.url.clone(),
            secret_key: SECRET_KEY.to_owned(),
            webhook_secret: WEBHOOK_SECRET.to_owned(),
            sandbox_origin: "http://127.0.0.1:4004".to_owned(),
            console_origin: "http://127.0.0.1:4003".to_owned(),
        };
        change(&mut config);
        let (close, closed) = oneshot::channel::<()>();
        let shutdown = async {
            let _ = closed.await;
        };
        tokio::spawn(bazaar::serve(listener, config, shutdown));
        Shop { api, origin, _close: close }
    }

    fn browser(&self) -> Browser {
        Browser::new(&self.origin)
    }

    /// A browser with a mug and two notebooks in its basket.
    async fn browser_with_basket(&self) -> Browser {
        let mut browser = self.browser();
        browser.post("/basket/add", "product=azulejo-mug&quantity=1").await;
        browser.post("/basket/add", "product=washi-notebook&quantity=2").await;
        browser
    }
}
