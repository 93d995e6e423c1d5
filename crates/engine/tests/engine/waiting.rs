//! Waiting for a row to change.

use std::time::Duration;

use holdfast_core::payment::attempt::Attempt;
use holdfast_core::payment::capture_method::CaptureMethod;
use holdfast_core::payment::intent::{IntentState, PaymentIntent};
use holdfast_core::seller::Seller;
use tokio::time::Instant;

use crate::support::*;

fn is_paid(intent: &PaymentIntent) -> bool {
    matches!(intent.state, IntentState::Succeeded { .. })
}

#[tokio::test(start_paused = true)]
async fn no_change_is_missed() {
    let bench = Bench::new(memory()).await;
    // Each time the two meet at another moment.
    for round in 0..200_u32 {
        bench.world.take(Duration::from_millis(u64::from(round % 3)));
        let made = bench.must(sale(100, CaptureMethod::Automatic)).await;
        let intent = made.made::<PaymentIntent>().unwrap().id;
        let waiters = (0..3).map(|number| {
            let (engine, platform) = (bench.engine.clone(), bench.platform);
            tokio::spawn(async move {
                for _ in 0..(round / 5 + number * (round % 5)) % 40 {
                    tokio::task::yield_now().await;
                }
                engine.wait_for(platform, &intent, PATIENCE, is_paid).await.unwrap().unwrap()
            })
        });
        let begun = Instant::now();
        for waiter in waiters.collect::<Vec<_>>() {
            assert!(is_paid(&waiter.await.unwrap()), "round {round}");
        }
        assert!(begun.elapsed() < PATIENCE / 10, "round {round} was only seen by chance");
    }
}

#[tokio::test(start_paused = true)]
async fn patience_ends_with_what_was_seen_last() {
    let bench = Bench::new(memory()).await;
    bench.world.take(PATIENCE * 2);
    let made = bench.must(sale(100, CaptureMethod::Automatic)).await;
    let intent = made.made::<PaymentIntent>().unwrap().id;
    let begun = Instant::now();
    let seen = bench.engine.wait_for(bench.platform, &intent, PATIENCE, is_paid).await.unwrap();
    assert_eq!(seen.unwrap().state.name(), "processing");
    assert_eq!(begun.elapsed().as_secs(), PATIENCE.as_secs());
    // What is not there is not waited for.
    let nobody = bench.engine.wait_for(bench.platform, &id(9), PATIENCE, |_: &Seller| false).await;
    assert_eq!(nobody, Ok(None));
    assert_eq!(begun.elapsed().as_secs(), PATIENCE.as_secs());
}

#[tokio::test(start_paused = true)]
async fn a_commit_whose_answer_was_lost_is_seen() {
    let bench = Bench::new(memory()).await;
    bench.world.take(Duration::from_millis(100));
    let made = bench.must(sale(100, CaptureMethod::Manual)).await;
    let attempt = made.made::<Attempt>().unwrap().id;
    bench.store.fail([Fault::After]);
    let begun = Instant::now();
    let answered = |attempt: &Attempt| !attempt.is_open();
    let seen = bench.engine.wait_for(bench.platform, &attempt, PATIENCE, answered).await.unwrap();
    assert!(answered(&seen.unwrap()));
    assert_eq!(begun.elapsed().as_millis(), 100);
}
