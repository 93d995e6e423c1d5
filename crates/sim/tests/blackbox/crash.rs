//! `kill -9` of the whole program at random moments, under load.

use std::time::Duration;

use tokio::sync::watch;
use tokio::task::JoinSet;
use tokio::time::sleep;

use super::audit::{self, Books, Figures};
use super::history::{Operation, Tally};
use super::http::Answer;
use super::load::{Client, Phase};
use super::network::Charge;
use super::random::Random;
use super::report::{line, refuse};
use super::server::{Place, Running};
use super::settings;
use super::shop::make_sellers;

mod database;
mod kills;
mod nodes;

use database::Database;

/// Kills between two audits. More would only make the audit longer.
const KILLS_OF_A_ROUND: u32 = 40;
const CLIENTS: usize = 8;
const SELLERS: usize = 3;
/// What a whole round has done, each at least once, by the last part of its address.
const EXPECTED: &[&str] = &[
    "sessions",
    "confirm",
    "payment_intents",
    "capture",
    "cancel",
    "refunds",
    "transfers",
    "reversals",
    "ship",
    "deliver",
    "confirm_receipt",
];
/// How long the clients go on after the last start.
const LAST_LIFE: Duration = Duration::from_millis(400);

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn crashes_lose_nothing_and_charge_nobody_twice() {
    let (mut kills, mut seed) = (settings::kills(), settings::seed());
    while kills > 0 {
        let kills_now = kills.min(KILLS_OF_A_ROUND);
        let mut random = Random::new(seed);
        let place = Place::new();
        round(seed, &place, &mut random, kills_now, None).await;
        kills -= kills_now;
        seed = seed.wrapping_add(1);
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn crashes_of_program_and_database_lose_nothing_and_charge_nobody_twice() {
    // Each kill is followed by one of the database.
    let (kills, seed) = (settings::node_kills().div_ceil(2), settings::seed());
    let mut random = Random::new(seed);
    let mut database = Database::start();
    let place = Place::over(database.address());
    round(seed, &place, &mut random, kills, Some(&mut database)).await;
}

/// Says how to run this round again if it fails.
struct Seed(u64);

impl Drop for Seed {
    fn drop(&mut self) {
        if std::thread::panicking() {
            line(&format!("failed with HOLDFAST_SEED={}", self.0));
        }
    }
}

/// Kills the program `kills` times under load, and its database in between, lets everything settle,
/// and audits.
async fn round(
    seed: u64,
    place: &Place,
    random: &mut Random,
    kills: u32,
    database: Option<&mut Database>,
) {
    let _seed = Seed(seed);
    kills::in_an_empty_folder(place, random).await;
    let running = place.start().await;
    let sellers = make_sellers(&running.api(), SELLERS).await;
    let (phase, phases) = watch::channel(Phase::Up);
    let mut clients = JoinSet::new();
    for name in 0..CLIENTS {
        let (phases, random) = (phases.clone(), random.fork());
        let client = Client::new(format!("client{name}"), &running.ready, &sellers, phases, random);
        clients.spawn(client.run());
    }
    let (running, times) = match database {
        None => kills::under_load(place, running, &phase, random, kills).await,
        Some(database) => kills::of_both(place, running, &phase, random, (kills, database)).await,
    };
    times.check();
    sleep(LAST_LIFE).await;
    phase.send_replace(Phase::Over);
    let histories = clients.join_all().await;
    let operations: Vec<Operation> =
        histories.iter().flat_map(|history| history.operations().cloned()).collect();
    line(&format!("seed {seed}: {kills} kills, {times}"));
    let tally = Tally::of(operations.iter());
    line(&format!("seed {seed}: {tally:?}"));
    let phoned = examine(place, running, &operations).await;
    // A load that does nothing proves nothing; a short one need not do everything.
    if kills == KILLS_OF_A_ROUND {
        let never = EXPECTED.iter().filter(|name| !tally.done.contains_key(**name));
        refuse("never done", &never.map(|name| (*name).to_owned()).collect::<Vec<_>>());
        assert!(phoned > 0, "no buyer gave a code");
    }
}

/// Lets everything settle, and looks at it from all sides. Answers with how many payments were
/// made with a code of the bank.
async fn examine(place: &Place, running: Running, operations: &[Operation]) -> usize {
    let (api, network) = (running.api(), running.network());
    let failed = operations.iter().filter_map(|operation| operation.answer.as_ref());
    let failed = failed.filter(|answer| answer.status >= 500).map(Answer::text);
    refuse("errors of the server", &failed.collect::<Vec<_>>());
    let swept = audit::sweep(&api).await;
    audit::settle(&api).await;
    refuse("lost", &audit::still_told(&api, operations).await);
    let before = network.ledger().await;
    refuse("told otherwise", &audit::told_again(&api, operations).await);
    audit::settle(&api).await;
    let ledger = network.ledger().await;
    assert_eq!(sums(&before), sums(&ledger), "a repeated request has moved money");
    refuse("figures", &Figures::of(&api).await.problems());
    refuse("unlawful", &audit::balances_are_their_transactions(&api).await);
    assert!(running.stop().await.success(), "an orderly stop");

    let books = Books::of(place).await;
    refuse("not as the network says", &audit::same_as_witness(&books, &ledger));
    refuse("does not add up", &audit::adds_up(&books, &ledger));
    refuse("done twice", &audit::once_for_each_key(&books));
    refuse("elsewhere", &audit::orders_are_where_their_money_is(&books));
    refuse("not delivered", &audit::all_delivered(&books));
    let phoned = audit::confirmed_by_phone(&books);
    line(&format!(
        "swept in {swept:?}: {} payments ({phoned} with a code), {} captures, {} refunds",
        books.intents.len(),
        books.captures.len(),
        books.refunds.len()
    ));
    phoned
}

/// How many charges there are, and what was taken and given back in all of them together.
fn sums(ledger: &[Charge]) -> (usize, i64, i64, i64) {
    let sum = |of: fn(&Charge) -> i64| ledger.iter().map(of).sum();
    (ledger.len(), sum(|it| it.captured), sum(|it| it.refunded), sum(|it| it.released))
}
