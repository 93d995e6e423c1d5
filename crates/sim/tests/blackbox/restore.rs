//! A copy made under load, put back after everything else of the store was lost. What was answered
//! before the copy is there; of what the copy knows, nothing is told otherwise than the network
//! tells it; and what came after it the network has all the same.

use std::fs;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use tokio::process::Command;
use tokio::sync::Mutex;
use tokio::task::JoinSet;
use tokio::time::sleep;

use super::api::{Api, Form};
use super::audit;
use super::network::Charge;
use super::processes;
use super::report::{line, refuse};
use super::server::{Kill, Place, Running};
use super::settings;
use super::shop::{self, id};

const BUYERS: usize = 4;
/// How long they pay before and after the copy is made.
const LIFE: Duration = Duration::from_millis(400);
const GONE_WITHIN: Duration = Duration::from_secs(5);
/// How many are read at once.
const PAGE: usize = 100;

/// A payment that was answered: the key it was asked for under, its sum and its id.
#[derive(Clone)]
struct Paid {
    key: String,
    amount: i64,
    id: String,
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_crash_is_survived_by_a_copy_that_was_made_under_load() {
    let place = Place::new();
    let running = place.start().await;
    let (paid, mut buyers) = (Arc::new(Mutex::new(Vec::new())), JoinSet::new());
    for number in 0..BUYERS {
        buyers.spawn(pay_on(running.api(), number, Arc::clone(&paid)));
    }
    sleep(LIFE).await;
    let before = paid.lock().await.clone();
    let copy = place.data().with_file_name("copy.sqlite");
    run("backup", &copy, &place.data()).await;
    sleep(LIFE).await;
    let left = running.program.kill(Kill::Everything, &place).await;
    buyers.abort_all();
    assert!(processes::wait_until_gone(&left, GONE_WITHIN).await.is_empty(), "some live on");
    let all = paid.lock().await.len();
    assert!(!before.is_empty() && before.len() < all, "{} before, {all} in all", before.len());

    // The keys lie beside the store, and the network keeps its own books.
    for end in ["", "-wal", "-shm"] {
        fs::remove_file(place.data().join(format!("holdfast.sqlite{end}"))).expect("the store");
    }
    run("restore", &copy, &place.data()).await;
    let running = place.start().await;
    let api = running.api();
    audit::sweep(&api).await;
    let ledger = running.network().ledger().await;
    refuse("lost", &lost(&api, &before).await);
    let known = refuse_other_than(&api, &ledger).await;
    line(&format!(
        "{} before the copy, {known} in it, {} at the network",
        before.len(),
        ledger.len()
    ));
    assert!(known < ledger.len(), "nothing was paid after the copy");
    refuse_again(&running, &before, ledger.len()).await;
    audit::settle(&api).await;
    refuse("unlawful", &audit::balances_are_their_transactions(&api).await);
    assert!(running.stop().await.success(), "an orderly stop");
}

/// Pays until the program is gone.
async fn pay_on(api: Api, buyer: usize, paid: Arc<Mutex<Vec<Paid>>>) {
    for number in 0_i64.. {
        let (key, amount) = (format!("buyer{buyer}-{number}"), 500 + number);
        let Ok(answer) = api.post("/v1/payment_intents", &payment(amount), &key).await else {
            return;
        };
        let intent = answer.object();
        assert_eq!(intent["status"], "succeeded", "{intent}");
        paid.lock().await.push(Paid { key, amount, id: id(&intent).to_owned() });
    }
}

fn payment(amount: i64) -> Form {
    shop::payment("pm_card_visa", "automatic").with("amount", amount)
}

async fn run(command: &str, copy: &Path, data: &Path) {
    let mut program = Command::new(settings::binary());
    program.arg(command).arg(copy).arg("--data-dir").arg(data);
    let done = program.output().await.expect("the program");
    assert!(done.status.success(), "{command}: {}", String::from_utf8_lossy(&done.stderr));
}

/// What was answered before the copy and is not there, or is not paid.
async fn lost(api: &Api, before: &[Paid]) -> Vec<String> {
    let mut problems = Vec::new();
    for paid in before {
        let intent = api.object(&format!("/v1/payment_intents/{}", paid.id)).await;
        if intent["status"] != "succeeded" || intent["amount_received"] != paid.amount {
            problems.push(intent.to_string());
        }
    }
    problems
}

/// Compares every charge of the copy with the network's; what was under way is looked up by now.
/// Answers with how many there are.
async fn refuse_other_than(api: &Api, ledger: &[Charge]) -> usize {
    let charges = api.all("/v1/charges", PAGE).await;
    let mut problems = Vec::new();
    for charge in &charges {
        let found = ledger.iter().find(|it| it.reference == id(charge));
        let captured = found.map_or(0, |it| it.captured);
        if charge["amount_captured"] != captured {
            problems.push(format!("{captured} at the network: {charge}"));
        }
    }
    refuse("otherwise at the network", &problems);
    charges.len()
}

/// Asks once more for what was answered before the copy: the same payments, and nobody pays twice.
async fn refuse_again(running: &Running, before: &[Paid], charges: usize) {
    let api = running.api();
    for paid in before {
        let answer = api.post("/v1/payment_intents", &payment(paid.amount), &paid.key).await;
        assert_eq!(id(&answer.expect("an answer").object()), paid.id, "{}", paid.key);
    }
    assert_eq!(running.network().ledger().await.len(), charges, "somebody was charged again");
}
