//! What is kept for a while only.

use std::sync::Arc;

use holdfast_core::id::PaymentIntentId;
use holdfast_core::key::RowKind;
use holdfast_core::payment::capture_method::CaptureMethod;
use holdfast_core::payment::intent::PaymentIntent;
use holdfast_core::time::Span;
use holdfast_engine::{Retention, Submitted};
use holdfast_store::Store;
use holdfast_store::query::{Created, EventsQuery, Page};

use crate::support::*;

on_every_store! {
    what_is_old_goes_and_the_journal_stays
}

/// More than one turn drops.
const MANY: usize = 210;

async fn replies(bench: &Bench) -> u64 {
    let counts = bench.engine.read().count_states(bench.platform, RowKind::Replay).await.unwrap();
    counts.iter().map(|(_, count)| count).sum()
}

async fn events(bench: &Bench, payment: PaymentIntentId) -> usize {
    let query = EventsQuery {
        platform: bench.platform,
        payment: Some(payment),
        kinds: Vec::new(),
        created: Created::default(),
        page: Page::first(100),
    };
    bench.engine.read().events(&query).await.unwrap().len()
}

async fn what_is_old_goes_and_the_journal_stays(store: Arc<dyn Store>) {
    let retention = Retention::default();
    let bench = Bench::new(Arc::clone(&store)).await;
    let (kind, manual) = (RowKind::PaymentIntent, CaptureMethod::Manual);
    for number in 0..MANY {
        bench.claiming(&number.to_string(), kind, sale(100, manual)).await.unwrap();
    }
    let made = bench.claiming("paid", kind, sale(100, CaptureMethod::Automatic)).await.unwrap();
    let payment = made.made::<PaymentIntent>().unwrap().id;
    bench.settled(payment).await;
    assert_eq!(bench.engine.drop_old(retention).await, Ok(0));
    drop(bench);

    // The replies of a month ago are gone: the same key is a new request.
    let bench = Bench::later(Arc::clone(&store), Span::days(31)).await;
    let happened = events(&bench, payment).await;
    assert!(happened > 0);
    assert_eq!(bench.engine.drop_old(retention).await, Ok(MANY + 1));
    let again = bench.claiming("paid", kind, sale(100, manual)).await.unwrap();
    assert!(matches!(again, Submitted::Committed(_)));
    assert_eq!((replies(&bench).await, events(&bench, payment).await), (1, happened));
    drop(bench);

    let bench = Bench::later(store, Span::days(181)).await;
    assert!(bench.engine.drop_old(retention).await.unwrap() > happened);
    assert_eq!((replies(&bench).await, events(&bench, payment).await), (0, 0));
    let journal = bench.engine.read().journal(bench.platform, payment).await.unwrap();
    let found = bench.engine.find::<PaymentIntent>(bench.platform, &payment).await.unwrap();
    assert!(!journal.is_empty() && found.is_some_and(|intent| intent.captured == usd(100)));
}
