//! Every operation of the processor meets every fault. What Holdfast says in the end is what the
//! processor's own ledger says, and what it says meanwhile is that it does not know yet.

use tokio::task::JoinSet;

use super::api::Api;
use super::audit::{self, Books};
use super::network::Network;
use super::phone::Phone;
use super::report::refuse;
use super::server::{Place, Running};

mod case;
mod challenge;
mod play;

use case::{CASES, Case};
use challenge::Challenged;
use play::play;

/// A fault and how long it takes. Holdfast waits ten seconds for an answer and then hangs up.
type Fault = (&'static str, Option<u64>);

/// All faults that a processor can have.
const FAULTS: &[Fault] = &[
    ("slow", Some(400)),
    ("timeout_before", Some(400)),
    ("timeout_after", Some(400)),
    ("reset_before", None),
    ("reset_after", None),
    ("error_before", None),
    ("error_after", None),
    ("truncated", None),
    ("wrong_amount", None),
    ("rate_limited", None),
    ("bad_gateway", None),
];

/// Faults at the full length of time: Holdfast hangs up before the processor does.
const LONG_FAULTS: &[Fault] = &[("timeout_after", Some(15_000))];

/// What a payment is called whose money the bank holds.
const PAID: &str = "requires_capture";

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn faults_of_every_operation_end_in_the_truth() {
    let mut lanes = JoinSet::new();
    for case in CASES {
        lanes.spawn(async move {
            // Of its own: a fault strikes whoever asks next for the operation.
            let server = Server::start().await;
            let mut problems = Vec::new();
            for fault in FAULTS.iter().chain(LONG_FAULTS) {
                let subject = case.prepare(&server.api).await;
                server.network.script(case.operation, fault.0, fault.1).await;
                let found = play(&server.api, &server.network, case, &subject).await;
                problems.extend(told(case, *fault, found));
                problems.extend(server.network.struck(case.operation).await);
            }
            (server, problems)
        });
    }
    let (servers, problems): (Vec<_>, Vec<_>) = lanes.join_all().await.into_iter().unzip();
    refuse("not the truth", &problems.concat());
    for server in servers {
        server.close().await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn faults_of_the_look_up_only_delay_the_truth() {
    let server = Server::start().await;
    let mut problems = Vec::new();
    for fault in FAULTS {
        let mut subjects = Vec::new();
        for case in CASES {
            subjects.push((case, case.prepare(&server.api).await));
        }
        for (case, _) in &subjects {
            // It is done, and nobody here knows: each has to be looked up, which fails once.
            server.network.script(case.operation, "error_after", None).await;
            server.network.script("lookup", fault.0, fault.1).await;
        }
        let mut cases = JoinSet::new();
        for (case, subject) in subjects {
            let (api, network) = (server.api.clone(), server.network.clone());
            cases.spawn(async move {
                let found = play(&api, &network, case, &subject).await;
                told(case, *fault, found).collect::<Vec<_>>()
            });
        }
        problems.extend(cases.join_all().await.concat());
        problems.extend(server.network.struck("lookup").await);
    }
    refuse("not the truth", &problems);
    server.close().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn faults_of_the_look_after_a_challenge_only_delay_the_truth() {
    let server = Server::start().await;
    let phone = Phone::new(&server.running.ready.sandbox);
    let mut payments = Vec::new();
    let mut problems = Vec::new();
    for (fault, delay_ms) in FAULTS {
        let payment = Challenged::prepare(&server.api).await;
        server.network.script("lookup", fault, *delay_ms).await;
        phone.confirm(&payment.page, &payment.attempt).await.expect("the bank takes the code");
        // The bank tells that the buyer has answered, and Holdfast looks.
        problems.extend(server.network.struck("lookup").await);
        problems.extend(payment.problem(&server.api, &["requires_action", PAID]).await);
        payments.push(payment);
    }
    audit::settle(&server.api).await;
    for payment in &payments {
        problems.extend(payment.problem(&server.api, &[PAID]).await);
    }
    refuse("not the truth", &problems);
    server.close().await;
}

fn told<'a>(
    case: &'a Case,
    (fault, _): Fault,
    problems: Vec<String>,
) -> impl Iterator<Item = String> + 'a {
    problems.into_iter().map(move |problem| format!("{}, {fault}: {problem}", case.name))
}

/// A program of a test's own.
struct Server {
    place: Place,
    running: Running,
    api: Api,
    network: Network,
}

impl Server {
    async fn start() -> Server {
        let place = Place::new();
        let running = place.start().await;
        let (api, network) = (running.api(), running.network());
        Server { place, running, api, network }
    }

    /// Compares the books with the network's when everything has settled.
    async fn close(self) {
        audit::settle(&self.api).await;
        let ledger = self.network.ledger().await;
        assert!(self.running.stop().await.success(), "an orderly stop");
        let books = Books::of(&self.place).await;
        refuse("not as the network says", &audit::same_as_witness(&books, &ledger));
        refuse("does not add up", &audit::adds_up(&books, &ledger));
    }
}
