//! Timers and the movable clock: everything at its own time and in its order.

use std::sync::Arc;
use std::time::Duration;

use holdfast_core::clock::TestClock;
use holdfast_core::command::Command;
use holdfast_core::event::{Event, EventKind};
use holdfast_core::order::Order;
use holdfast_core::time::{Span, Timestamp};
use holdfast_store::query::{Created, EventsQuery, Page};
use holdfast_store::{ReadSide, Store};
use tokio::task::JoinHandle;
use tokio::time::Instant;

use crate::support::*;

on_every_store! {
    each_deadline_is_met_at_its_own_time
    the_clock_stands_where_it_stood
}

/// Those of a kind, the oldest first.
async fn events(bench: &Bench, kind: EventKind) -> Vec<Event> {
    let page = Page::first(100);
    let query = EventsQuery {
        platform: bench.platform,
        payment: None,
        kinds: vec![kind],
        created: Created::default(),
        page,
    };
    let mut events = bench.store.events(&query).await.unwrap();
    events.reverse();
    events
}

fn run_clock(bench: &Bench) -> JoinHandle<()> {
    let (engine, platform) = (bench.engine.clone(), bench.platform);
    tokio::spawn(async move { engine.run_clock(platform).await })
}

/// How much later than its deadline something may happen: looks and commits take a moment.
const MOMENT: Span = Span::seconds(5);

fn is_at(at: Timestamp, deadline: Timestamp) -> bool {
    at >= deadline && at <= deadline.after(MOMENT)
}

#[tokio::test(start_paused = true)]
async fn timers_ring_in_their_order() {
    let bench = Bench::new(memory()).await;
    let seller = bench.seller().await;
    let begun = bench.engine.now();
    let mut sessions = Vec::new();
    for seconds in [50, 10, 40, 30, 20] {
        let session = bench.session(&[seller], 100, Span::seconds(seconds)).await;
        sessions.push((seconds, session.to_string()));
    }
    tokio::time::sleep(Duration::from_secs(29)).await;
    assert_eq!(events(&bench, EventKind::CheckoutSessionExpired).await.len(), 2);
    tokio::time::sleep(Duration::from_secs(22)).await;
    sessions.sort();
    let expired = events(&bench, EventKind::CheckoutSessionExpired).await;
    assert_eq!(expired.len(), 5);
    for ((seconds, session), event) in sessions.iter().zip(&expired) {
        assert_eq!(event.object.key().id(), *session);
        assert!(is_at(event.at, begun.after(Span::seconds(*seconds))), "{seconds}");
    }
}

async fn each_deadline_is_met_at_its_own_time(store: Arc<dyn Store>) {
    let bench = Bench::new(store).await;
    let clock = run_clock(&bench);
    let seller = bench.seller().await;
    let shipped = bench.shipped(100).await;
    let unshipped = bench.orders(&[seller], 100).await[0];
    let mut deadlines = Vec::new();
    for days in [3, 2, 1] {
        let session = bench.session(&[seller], 100, Span::days(days)).await;
        let session =
            bench.engine.find::<holdfast_core::checkout::CheckoutSession>(bench.platform, &session);
        deadlines.insert(0, session.await.unwrap().unwrap().expires_at);
    }
    bench.move_clock(Span::days(70)).await;

    let expired = events(&bench, EventKind::CheckoutSessionExpired).await;
    assert_eq!(expired.len(), 3);
    for (event, deadline) in expired.iter().zip(deadlines) {
        assert!(is_at(event.at, deadline), "{:?} {deadline:?}", event.at);
    }
    let canceled = events(&bench, EventKind::OrderCanceled).await;
    assert_eq!(canceled.len(), 1);
    assert_eq!(canceled[0].object.key().id(), unshipped.to_string());
    // The authorization lives for 7 days and is let go a day before its end.
    assert!(is_at(canceled[0].at, START.after(Span::days(6))));
    let protection = shipped.protection().unwrap().ends_at;
    let completed = events(&bench, EventKind::OrderCompleted).await;
    assert_eq!(completed.len(), 1);
    assert!(is_at(completed[0].at, protection), "{:?} {protection:?}", completed[0].at);

    let ahead = bench.engine.clock(bench.platform).await.unwrap().unwrap().ahead;
    let heard = bench.world.clock();
    assert!(heard.is_sorted() && heard.len() >= 5, "{heard:?}");
    assert_eq!(heard.last(), Some(&ahead));
    clock.abort();
}

async fn the_clock_stands_where_it_stood(store: Arc<dyn Store>) {
    let bench = Bench::new(Arc::clone(&store)).await;
    let clock = run_clock(&bench);
    bench.move_clock(Span::days(3)).await;
    clock.abort();
    let before = bench.engine.now();
    bench.engine.stop(PATIENCE).await;
    let bench = Bench::later(store, Span::seconds(60)).await;
    let now = bench.engine.now();
    assert!(now > before && now < before.after(Span::hours(1)), "{before:?} {now:?}");
    assert!(bench.engine.system_now() < before);
}

#[tokio::test(start_paused = true)]
async fn receivers_that_hang_do_not_hold_the_clock_up() {
    let bench = Bench::new(memory()).await;
    let clock = run_clock(&bench);
    bench.receiver("http://hangs.test/hooks").await;
    let seller = bench.seller().await;
    let now = bench.engine.now();
    for days in 1..=20 {
        bench.session(&[seller], 100, Span::days(days)).await;
    }
    let begun = Instant::now();
    bench.must(Command::CreateTestClock).await;
    let id = bench.engine.clock(bench.platform).await.unwrap().unwrap().id;
    let target = bench.engine.now().after(Span::days(30));
    bench.must(Command::AdvanceTestClock(id, target)).await;
    let arrived = |clock: &TestClock| clock.target.is_none();
    let patience = Duration::from_secs(3_600);
    let found = bench.engine.wait_for(bench.platform, &id, patience, arrived).await;
    assert!(arrived(&found.unwrap().unwrap()));
    assert!(begun.elapsed() < Duration::from_secs(60), "{:?}", begun.elapsed());
    let expired = events(&bench, EventKind::CheckoutSessionExpired).await;
    assert_eq!(expired.len(), 20);
    for (days, event) in (1..).zip(expired) {
        assert!(is_at(event.at, now.after(Span::days(days))), "day {days}: {:?}", event.at);
    }
    clock.abort();
}

#[tokio::test(start_paused = true)]
async fn a_clock_moves_though_answers_of_the_store_are_lost() {
    for lost in 0..6 {
        let bench = Bench::new(memory()).await;
        let clock = run_clock(&bench);
        let order = bench.shipped(100).await;
        bench.must(Command::CreateTestClock).await;
        let id = bench.engine.clock(bench.platform).await.unwrap().unwrap().id;
        let target = bench.engine.now().after(Span::days(70));
        // One of the wish to move, the steps, and what is done at each of them.
        bench.store.fail((0..lost).map(|_| Fault::None).chain([Fault::After]));
        let _ = bench.submit(Command::AdvanceTestClock(id, target)).await;
        let arrived = |clock: &TestClock| clock.target.is_none();
        let patience = Duration::from_secs(300);
        let found = bench.engine.wait_for(bench.platform, &id, patience, arrived).await;
        assert!(arrived(&found.unwrap().unwrap()), "{lost}");
        assert!(bench.engine.now() >= target, "{lost}");
        let done = |order: &Order| order.state.name() == "completed";
        let found = bench.engine.wait_for(bench.platform, &order.id, patience, done).await;
        assert!(done(&found.unwrap().unwrap()), "{lost}");
        clock.abort();
    }
}
