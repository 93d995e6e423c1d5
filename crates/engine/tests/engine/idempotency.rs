//! A client's key: whatever happens, its command is carried out at most once.

use std::sync::Arc;

use holdfast_core::key::RowKind;
use holdfast_core::payment::attempt::Attempt;
use holdfast_core::payment::capture_method::CaptureMethod;
use holdfast_core::payment::intent::PaymentIntent;
use holdfast_core::replay::Replay;
use holdfast_core::row::Record;
use holdfast_engine::{SubmitError, Submitted};
use holdfast_store::Store;

use crate::support::*;

on_every_store! {
    the_same_key_is_replayed
    fifty_at_once_under_one_key_are_one
    a_lost_answer_is_asked_for_again
    a_refused_command_leaves_its_key_free
}

fn replayed(outcome: Result<Submitted, SubmitError>) -> Replay {
    match outcome.unwrap() {
        Submitted::Replayed(replay) => replay,
        Submitted::Committed(changes) => panic!("carried out again: {changes:?}"),
    }
}

async fn count(bench: &Bench, kind: RowKind) -> u64 {
    let counts = bench.engine.read().count_states(bench.platform, kind).await.unwrap();
    counts.iter().map(|(_, count)| count).sum()
}

fn pay(bench: &Bench, key: &'static str) -> impl Future<Output = Result<Submitted, SubmitError>> {
    bench.claiming(key, RowKind::PaymentIntent, sale(100, CaptureMethod::Automatic))
}

async fn the_same_key_is_replayed(store: Arc<dyn Store>) {
    let bench = Bench::new(store).await;
    let made = pay(&bench, "key").await.unwrap();
    let intent = made.made::<PaymentIntent>().unwrap().id;
    let replay = replayed(pay(&bench, "key").await);
    assert_eq!(replay.subject, Some(PaymentIntent::key(&intent)));
    assert_eq!((replay.fingerprint.as_str(), replay.reply), ("f", None));
    // Another key is another payment.
    let again = pay(&bench, "another").await.unwrap();
    assert_ne!(again.made::<PaymentIntent>().unwrap().id, intent);
    assert_eq!(count(&bench, RowKind::PaymentIntent).await, 2);
}

async fn fifty_at_once_under_one_key_are_one(store: Arc<dyn Store>) {
    let bench = Arc::new(Bench::new(store).await);
    let rivals = (0..50).map(|_| {
        let bench = Arc::clone(&bench);
        tokio::spawn(async move { pay(&bench, "key").await.unwrap() })
    });
    let rivals: Vec<_> = rivals.collect();
    let (mut committed, mut subjects) = (Vec::new(), Vec::new());
    for rival in rivals {
        match rival.await.unwrap() {
            Submitted::Committed(changes) => committed.push(changes),
            Submitted::Replayed(replay) => subjects.push(replay.subject),
        }
    }
    assert_eq!((committed.len(), subjects.len()), (1, 49));
    let made = Submitted::Committed(committed.remove(0));
    let intent = made.made::<PaymentIntent>().unwrap().id;
    assert!(subjects.iter().all(|subject| *subject == Some(PaymentIntent::key(&intent))));
    bench.settled(intent).await;
    assert_eq!(count(&bench, RowKind::PaymentIntent).await, 1);
    assert_eq!(bench.world.authorized().len(), 1);
    assert_eq!(bench.world.captured(), [100]);
}

async fn a_lost_answer_is_asked_for_again(store: Arc<dyn Store>) {
    let bench = Bench::new(store).await;
    for (key, fault) in [("before", Fault::Before), ("after", Fault::After)] {
        bench.store.fail([fault]);
        assert!(matches!(pay(&bench, key).await, Err(SubmitError::Store(_))));
    }
    // One was never carried out, so it is now; the other was.
    assert!(pay(&bench, "before").await.unwrap().made::<Attempt>().is_some());
    let replay = replayed(pay(&bench, "after").await);
    assert!(replay.subject.is_some());
    assert_eq!(count(&bench, RowKind::PaymentIntent).await, 2);
}

async fn a_refused_command_leaves_its_key_free(store: Arc<dyn Store>) {
    let bench = Bench::new(store).await;
    let nothing = sale(0, CaptureMethod::Automatic);
    let refused = bench.claiming("key", RowKind::PaymentIntent, nothing).await;
    assert!(matches!(refused, Err(SubmitError::Refused(_))));
    assert!(pay(&bench, "key").await.unwrap().made::<PaymentIntent>().is_some());
}
