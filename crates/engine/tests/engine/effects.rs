//! Effects: after the commit, once for each that is recorded, and by whoever comes next.

use std::sync::Arc;
use std::time::Duration;

use holdfast_core::effect::Ask;
use holdfast_core::payment::attempt::{Attempt, AuthorizationOutcome};
use holdfast_core::payment::capture_method::CaptureMethod;
use holdfast_core::payment::intent::PaymentIntent;
use holdfast_core::time::Span;
use holdfast_store::memory::MemoryStore;
use holdfast_store::{ReadSide, Store};
use tokio::runtime::Runtime;

use crate::support::*;

on_every_store! {
    effects_follow_their_commit
}

/// The fake world itself asserts that what it is asked for is durable.
async fn effects_follow_their_commit(store: Arc<dyn Store>) {
    let bench = Bench::new(store).await;
    let made = bench.must(sale(100, CaptureMethod::Automatic)).await;
    let intent = bench.settled(made.made::<PaymentIntent>().unwrap().id).await;
    let refund = holdfast_core::command::CreateRefund {
        payment: holdfast_core::command::PaymentRef::Intent(intent.id),
        order: None,
        amount: Some(usd(30)),
        reason: holdfast_core::payment::refund::RefundReason::RequestedByCustomer,
        metadata: std::collections::BTreeMap::new(),
        pulls: Default::default(),
    };
    let made = bench.must(holdfast_core::command::Command::CreateRefund(refund)).await;
    let refund = made.made::<holdfast_core::payment::refund::Refund>().unwrap().id;
    let done = |row: &holdfast_core::payment::refund::Refund| !row.state.is_open();
    let row = bench.engine.wait_for(bench.platform, &refund, PATIENCE, done).await.unwrap();
    assert_eq!(row.unwrap().state.name(), "succeeded");
    assert_eq!((bench.world.captured(), bench.world.refunded()), (vec![100], vec![30]));
    assert_eq!(waiting(&bench).await, ["timer"]);
}

/// The effects that wait, by name.
async fn waiting(bench: &Bench) -> Vec<String> {
    let counts = bench.store.count_effects().await.unwrap();
    counts.into_iter().map(|(name, _)| name).collect()
}

async fn pay(bench: &Bench) -> (PaymentIntent, Attempt) {
    let made = bench.must(sale(100, CaptureMethod::Manual)).await;
    (made.made::<PaymentIntent>().unwrap().clone(), made.made::<Attempt>().unwrap().clone())
}

async fn answered(bench: &Bench, attempt: &Attempt, patience: Duration) -> Attempt {
    let done = |attempt: &Attempt| !attempt.is_open();
    let found = bench.engine.wait_for(bench.platform, &attempt.id, patience, done).await;
    found.unwrap().unwrap()
}

#[tokio::test(start_paused = true)]
async fn an_outcome_outlives_a_store_that_stumbles() {
    let bench = Bench::new(memory()).await;
    bench.world.take(Duration::from_millis(100));
    let (_, attempt) = pay(&bench).await;
    bench.store.fail([Fault::Before, Fault::Before]);
    assert_eq!(answered(&bench, &attempt, PATIENCE).await.state.name(), "authorized");
    assert_eq!(bench.world.authorized().len(), 1);
}

#[tokio::test(start_paused = true)]
async fn an_effect_without_a_recorded_outcome_is_performed_again() {
    let bench = Bench::new(memory()).await;
    bench.world.take(Duration::from_millis(100));
    let (_, attempt) = pay(&bench).await;
    bench.store.fail([Fault::Before; 5]);
    tokio::time::sleep(Duration::from_secs(59)).await;
    assert_eq!(bench.world.authorized().len(), 1);
    // The store has come back, and the lease is over: the processor is asked under the same key.
    assert_eq!(answered(&bench, &attempt, PATIENCE).await.state.name(), "authorized");
    let reference = attempt.id.to_string();
    let asked = vec![(reference.clone(), Ask::First), (reference, Ask::Again)];
    assert_eq!(bench.world.authorized(), asked);
}

#[tokio::test(start_paused = true)]
async fn an_effect_that_outlasts_its_lease_is_performed_once() {
    let bench = Bench::new(memory()).await;
    bench.world.take(Duration::from_secs(200));
    let (_, attempt) = pay(&bench).await;
    let found = answered(&bench, &attempt, Duration::from_secs(300)).await;
    assert_eq!(found.state.name(), "authorized");
    assert_eq!(bench.world.authorized().len(), 1);
}

/// Leaves a payment whose bank was not asked yet, and answers with its attempt.
async fn left_behind(store: &Arc<MemoryStore>, faults: &[Fault]) -> Attempt {
    let bench = Bench::new(Arc::clone(store) as Arc<dyn Store>).await;
    bench.world.take(PATIENCE * 10);
    bench.store.fail(faults.iter().copied());
    let (_, attempt) = pay(&bench).await;
    bench.engine.stop(Duration::from_secs(1)).await;
    // After the stop nothing is performed any more, though commands are still carried out.
    let asked = bench.world.authorized().len();
    pay(&bench).await;
    tokio::time::sleep(Duration::from_secs(5)).await;
    assert_eq!(bench.world.authorized().len(), asked);
    attempt
}

#[tokio::test(start_paused = true)]
async fn what_a_stopped_engine_left_is_performed_by_the_next() {
    let store = Arc::new(MemoryStore::new());
    let attempt = left_behind(&store, &[]).await;
    store.free_leases();
    let bench = Bench::later(store, Span::seconds(60)).await;
    assert_eq!(answered(&bench, &attempt, PATIENCE).await.state.name(), "authorized");
    let asked = bench.world.authorized();
    assert_eq!(asked.len(), 2);
    // The first engine may have sent it, for all that the next one knows.
    assert!(asked.contains(&(attempt.id.to_string(), Ask::Again)), "{asked:?}");
}

#[tokio::test(start_paused = true)]
async fn a_buyer_who_has_left_is_not_charged_by_the_next_engine() {
    let store = Arc::new(MemoryStore::new());
    let attempt = left_behind(&store, &[]).await;
    store.free_leases();
    let world = Arc::new(FakeWorld::new(Arc::clone(&store) as Arc<dyn Store>));
    world.answer(AuthorizationOutcome::NotFound);
    world.answer(AuthorizationOutcome::NotFound);
    let bench = Bench::around(store, Arc::clone(&world), Span::hours(3)).await;
    assert_eq!(answered(&bench, &attempt, PATIENCE).await.state.name(), "declined");
    assert!(world.authorized().iter().all(|(_, ask)| *ask == Ask::Look));
}

#[test]
fn what_a_killed_program_left_is_performed_by_the_next() {
    let folder = tempfile::tempdir().unwrap();
    let killed = Runtime::new().unwrap();
    let attempt = killed.block_on(async {
        let bench = Bench::new(embedded(folder.path())).await;
        bench.world.take(PATIENCE * 10);
        let (_, attempt) = pay(&bench).await;
        while bench.world.authorized().is_empty() {
            tokio::task::yield_now().await;
        }
        attempt
    });
    // Whatever it was at ends in the middle.
    drop(killed);
    Runtime::new().unwrap().block_on(async {
        let bench = Bench::later(embedded(folder.path()), Span::seconds(60)).await;
        assert_eq!(answered(&bench, &attempt, PATIENCE).await.state.name(), "authorized");
        assert_eq!(bench.world.authorized(), [(attempt.id.to_string(), Ask::Again)]);
    });
}

#[tokio::test(start_paused = true)]
async fn a_dropped_engine_ends() {
    let bench = Bench::new(memory()).await;
    bench.seller().await;
    let store = Arc::downgrade(&bench.store);
    drop(bench);
    tokio::time::sleep(Duration::from_secs(1)).await;
    assert_eq!(store.strong_count(), 0);
}
