//! What a connection asks, again and again: one request, or the whole life of a payment.

use std::sync::atomic::{AtomicU64, Ordering};

use serde::Deserialize;

use super::wire::{Answer, Connection, request};

/// What is asked of the API for one payment, or for one read.
#[derive(Debug)]
pub(crate) enum Script {
    /// One of these requests in turn. Where a payment is charged, the answer has to say so.
    Turns { requests: Vec<Vec<u8>>, status: Option<&'static str> },
    /// Everything from the basket to the seller's money.
    Life { key: String, session: Vec<u8> },
    /// An authorization of the sandbox's network, each under a reference of its own.
    Network { key: String, count: AtomicU64 },
}

/// Why a payment, or a read, came to nothing.
#[derive(Debug)]
pub(crate) enum Failure {
    /// It was answered otherwise: the status, and the code.
    Refused(String),
    /// It was not answered, and the connection is of no more use.
    NoAnswer(String),
}

impl Script {
    /// The one that asks the sandbox's network.
    pub(crate) fn network(key: String) -> Script {
        Script::Network { key, count: AtomicU64::new(0) }
    }

    /// Plays it once, counting the requests that were answered as they should be.
    pub(crate) async fn play(
        &self,
        connection: &mut Connection,
        turn: usize,
        requests: &mut u64,
    ) -> Result<(), Failure> {
        let mut stage = Stage { connection, requests };
        match self {
            Script::Turns { requests, status } => {
                let request = requests.get(turn % requests.len().max(1));
                let answer = stage.ask(request.map_or(&[], Vec::as_slice)).await?;
                status.map_or(Ok(()), |status| expect(&answer, status))
            }
            Script::Life { key, session } => life(&mut stage, key, session).await,
            Script::Network { key, count } => {
                let number = count.fetch_add(1, Ordering::Relaxed);
                stage.ask(&authorization(key, number)).await.map(drop)
            }
        }
    }
}

/// A buyer pays for what is in the basket, the seller ships, and has the money when the buyer has
/// confirmed the receipt.
async fn life(stage: &mut Stage<'_>, key: &str, session: &[u8]) -> Result<(), Failure> {
    let made: Named = stage.ask(session).await?.read()?;
    let session = made.id;
    let page = format!("/v1/payment_pages/{session}/confirm");
    let paid = stage.ask(&request("POST", &page, key, "payment_method=tok_visa")).await?;
    expect(&paid, "complete")?;
    let orders = format!("/v1/orders?checkout_session={session}");
    let orders: Listed = stage.ask(&request("GET", &orders, key, "")).await?.read()?;
    for order in orders.data {
        let order = format!("/v1/orders/{}", order.id);
        let shipped = stage.ask(&request("POST", &format!("{order}/ship"), key, "")).await?;
        expect(&shipped, "shipped")?;
        let received = format!("{order}/confirm_receipt");
        expect(&stage.ask(&request("POST", &received, key, "")).await?, "completed")?;
    }
    Ok(())
}

/// As Holdfast asks for it.
fn authorization(key: &str, number: u64) -> Vec<u8> {
    let reference = format!("bench_{number}");
    let body = format!(
        r#"{{"reference":"{reference}","token":"tok_visa","amount":4870,"currency":"USD",
            "descriptor":"BENCH"}}"#
    );
    let head = format!(
        "POST /network/authorizations HTTP/1.1\r\nHost: 127.0.0.1\r\n\
         Authorization: Bearer {key}\r\n\
         Content-Type: application/json\r\nIdempotency-Key: {reference}\r\n\
         Content-Length: {}\r\n\r\n",
        body.len()
    );
    (head + &body).into_bytes()
}

/// A connection, and the count of what was answered on it.
struct Stage<'a> {
    connection: &'a mut Connection,
    requests: &'a mut u64,
}

impl Stage<'_> {
    async fn ask(&mut self, request: &[u8]) -> Result<Answer<'_>, Failure> {
        let answer = self.connection.ask(request).await;
        let answer = answer.map_err(|error| Failure::NoAnswer(format!("no answer: {error}")))?;
        if !answer.is_good() {
            return Err(Failure::Refused(refusal(&answer)));
        }
        *self.requests += 1;
        Ok(answer)
    }
}

#[derive(Deserialize)]
struct Named {
    id: String,
}

#[derive(Deserialize)]
struct Listed {
    data: Vec<Named>,
}

#[derive(Deserialize)]
struct WithStatus {
    status: String,
}

#[derive(Deserialize)]
struct Refused {
    error: Why,
}

#[derive(Deserialize)]
struct Why {
    code: Option<String>,
    #[serde(rename = "type")]
    kind: Option<String>,
}

impl<'a> Answer<'a> {
    fn read<T: Deserialize<'a>>(&self) -> Result<T, Failure> {
        let said = serde_json::from_slice(self.body);
        said.map_err(|error| Failure::Refused(format!("{} not understood: {error}", self.status)))
    }
}

fn expect(answer: &Answer<'_>, status: &str) -> Result<(), Failure> {
    let said: WithStatus = answer.read()?;
    if said.status == status {
        return Ok(());
    }
    Err(Failure::Refused(format!("{} {}", answer.status, said.status)))
}

/// A refusal in short: its status and its code.
fn refusal(answer: &Answer<'_>) -> String {
    let said: Option<Refused> = serde_json::from_slice(answer.body).ok();
    let why = said.and_then(|said| said.error.code.or(said.error.kind));
    format!("{} {}", answer.status, why.as_deref().unwrap_or("-"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_refusal_is_its_status_and_its_code() {
        for (status, body, expected) in [
            (402, r#"{"error":{"code":"card_declined","type":"card_error"}}"#, "402 card_declined"),
            (503, r#"{"error":{"type":"api_error","message":"later"}}"#, "503 api_error"),
            (502, "Bad Gateway", "502 -"),
            (429, r#"{"error":{}}"#, "429 -"),
        ] {
            assert_eq!(refusal(&Answer { status, body: body.as_bytes() }), expected);
        }
    }

    #[test]
    fn a_charge_that_is_still_under_way_is_no_payment() {
        let expected = |status: &str| {
            let body = format!(r#"{{"id":"pi_1","charge":{{"status":"x"}},"status":"{status}"}}"#);
            expect(&Answer { status: 200, body: body.as_bytes() }, "succeeded")
        };
        assert!(expected("succeeded").is_ok());
        let Err(Failure::Refused(why)) = expected("processing") else { panic!("it counts") };
        assert_eq!(why, "200 processing");
    }
}
