//! Far more at once than the program takes: who is not served is told to come again, every payment
//! that was answered is there once with its money right, and the memory stays bounded.

use std::collections::BTreeSet;
use std::sync::Arc;
use std::time::Duration;

use tokio::sync::Semaphore;
use tokio::task::JoinSet;
use tokio::time::sleep;

use super::api::{Api, Form};
use super::audit;
use super::http::{Answer, Lost};
use super::report::{line, refuse};
use super::server::Place;
use super::shop::{self, id};

/// How many pay at once: more than there are connections, and six times what one key may ask.
const BURST: usize = 1_200;
/// How many of those who were told to come again do so at once.
const RETURNING: usize = 8;
/// Payments before the memory is looked at, so that what the store remembers has its usual size.
const WARM_UP: usize = 900;
const AMOUNT: i64 = 1_300;
/// What monitors ask.
const PROBES: [&str; 3] = ["/livez", "/readyz", "/metrics"];

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_burst_is_answered_or_told_to_come_again() {
    let place = Place::new();
    let running = place.start().await;
    let api = running.api();
    for number in 0..WARM_UP {
        let form = payment();
        let paid = api.post("/v1/payment_intents", &form, &format!("warm-up-{number}")).await;
        paid.expect("an answer").object();
    }
    let before = running.program.memory_kib();
    let probes = tokio::spawn(probe(api.clone()));
    let answers = burst(&api).await;
    probes.abort();
    let during = probes.await;
    assert!(during.is_err_and(|ended| ended.is_cancelled()), "a monitor was not answered");
    let after = running.program.memory_kib();
    refuse("neither served nor told to come again", &problems(&answers));

    let served = answers.iter().filter(|(_, answer)| is_served(answer)).count();
    line(&format!("{served} of {BURST} at once, {before} KiB before, {after} KiB after"));
    assert!(served > 0 && served < BURST, "{served} of {BURST} were served");
    assert!(after <= 2 * before, "{before} KiB became {after} KiB");
    let payments = all_served(&api, answers).await;
    audit::sweep(&api).await;
    assert_eq!(payments.len(), BURST, "a payment of its own for each key");
    let ledger = running.network().ledger().await;
    assert_eq!(ledger.len(), BURST + WARM_UP, "each asked its bank once");
    assert!(ledger.iter().all(|charge| charge.captured == AMOUNT && charge.captures.len() == 1));
    refuse("unlawful", &audit::balances_are_their_transactions(&api).await);
    assert!(running.stop().await.success(), "an orderly stop");
}

fn payment() -> Form {
    shop::payment("pm_card_visa", "automatic").with("amount", AMOUNT)
}

async fn pay(api: &Api, key: &str) -> Result<Answer, Lost> {
    api.post_once("/v1/payment_intents", &payment(), key).await
}

/// Everybody pays at once. Answers with each key and what it was told.
async fn burst(api: &Api) -> Vec<(String, Answer)> {
    let mut buyers = JoinSet::new();
    for number in 0..BURST {
        let (api, key) = (api.clone(), format!("burst-{number}"));
        buyers.spawn(async move {
            let answer = pay(&api, &key).await.expect("an answer");
            (key, answer)
        });
    }
    buyers.join_all().await
}

/// Asks what monitors ask, over and over, each on a connection of its own.
async fn probe(api: Api) {
    loop {
        for path in PROBES {
            let answer = api.probe(path).await.unwrap_or_else(|Lost| panic!("{path} is silent"));
            assert_eq!(answer.status, 200, "{path}: {}", answer.text());
        }
        sleep(Duration::from_millis(50)).await;
    }
}

fn is_served(answer: &Answer) -> bool {
    matches!(answer.status, 200 | 402)
}

/// What is neither an answer nor the wish that the same request comes again.
fn problems(answers: &[(String, Answer)]) -> Vec<String> {
    let told_again = |answer: &Answer| matches!(answer.status, 429 | 503) && answer.comes_again;
    let wrong = answers.iter().filter(|(_, answer)| !is_served(answer) && !told_again(answer));
    wrong.map(|(key, answer)| format!("{key}: {} {}", answer.status, answer.text())).collect()
}

/// Those who were told to come again do so under their keys until they are served. Answers with
/// all payments.
async fn all_served(api: &Api, answers: Vec<(String, Answer)>) -> BTreeSet<String> {
    let turns = Arc::new(Semaphore::new(RETURNING));
    let mut payments = JoinSet::new();
    for (key, answer) in answers {
        let (api, turns) = (api.clone(), Arc::clone(&turns));
        payments.spawn(async move {
            let _turn = turns.acquire().await.expect("never closed");
            let mut answer = answer;
            while !is_served(&answer) {
                sleep(Duration::from_millis(100)).await;
                answer = pay(&api, &key).await.expect("an answer");
            }
            id(&answer.object()).to_owned()
        });
    }
    payments.join_all().await.into_iter().collect()
}
