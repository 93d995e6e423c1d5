//! The buyer: reads the bank's code on the phone and types it into the bank's page.

use std::time::Duration;

use reqwest::Client;
use tokio::time::{Instant, sleep};

use super::http::{self, Lost};

/// How long a message may be under way.
const MESSAGE_PATIENCE: Duration = Duration::from_secs(3);
const LOOK_EVERY: Duration = Duration::from_millis(30);

/// A buyer with a phone, and a browser that takes no script.
#[derive(Clone)]
pub(crate) struct Phone {
    client: Client,
    sandbox: String,
}

impl Phone {
    pub(crate) fn new(sandbox: &str) -> Phone {
        Phone { client: http::client(), sandbox: sandbox.to_owned() }
    }

    /// Answers the bank's question about `reference` on its page at `url`. Lost when no code came
    /// or the page did not take it: a person would come back later, or give up.
    pub(crate) async fn confirm(&self, url: &str, reference: &str) -> Result<(), Lost> {
        let code = self.code(reference).await?;
        let page = self.client.post(url).header("content-type", FORM);
        let answer = http::exchange(page.body(format!("code={code}"))).await?;
        // Wherever the page leads: the outcome is the network's to tell.
        if answer.status == 303 { Ok(()) } else { Err(Lost) }
    }

    async fn code(&self, reference: &str) -> Result<String, Lost> {
        let deadline = Instant::now() + MESSAGE_PATIENCE;
        loop {
            let page = http::exchange(self.client.get(format!("{}/", self.sandbox))).await?;
            match code_of(&page.text(), reference) {
                Some(code) => return Ok(code),
                None if Instant::now() >= deadline => return Err(Lost),
                None => sleep(LOOK_EVERY).await,
            }
        }
    }
}

const FORM: &str = "application/x-www-form-urlencoded";

/// The code in the newest message about a payment.
fn code_of(page: &str, reference: &str) -> Option<String> {
    let end = page.find(&format!("data-payment=\"{reference}\""))?;
    let (_, code) = page[..end].rsplit_once("data-code=\"")?;
    Some(code.split('"').next()?.to_owned())
}
