//! Webhooks: every receiver gets every event, and a slow one delays nobody else.

use std::sync::Arc;
use std::time::Duration;

use holdfast_core::event::EventKind;
use holdfast_core::payment::capture_method::CaptureMethod;
use holdfast_core::payment::intent::PaymentIntent;
use holdfast_store::Store;

use crate::support::*;

const QUICK: &str = "http://quick.test/hooks";
const SLOW: &str = "http://hangs.test/hooks";

on_every_store! {
    a_receiver_that_hangs_delays_nobody
}

async fn a_receiver_that_hangs_delays_nobody(store: Arc<dyn Store>) {
    let bench = Bench::new(store).await;
    bench.receiver(SLOW).await;
    bench.receiver(QUICK).await;
    let mut intents = Vec::new();
    for _ in 0..20 {
        let made = bench.must(sale(100, CaptureMethod::Automatic)).await;
        intents.push(made.made::<PaymentIntent>().unwrap().id);
    }
    // The payments themselves are not held up either.
    for intent in intents {
        assert_eq!(bench.settled(intent).await.captured, usd(100));
    }
    let of_kind = |kind: EventKind| {
        bench.world.delivered_to(QUICK).iter().filter(|event| event.kind == kind).count()
    };
    let all = async {
        while of_kind(EventKind::PaymentIntentSucceeded) < 20 {
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
    };
    tokio::time::timeout(PATIENCE, all).await.expect("the quick receiver waits for the slow one");
    assert_eq!(of_kind(EventKind::PaymentIntentCreated), 20);
    // The one that hangs has as many calls as it may have, and no more.
    assert_eq!(bench.world.delivered_to(SLOW).len(), 8);
}

#[tokio::test(start_paused = true)]
async fn what_waits_for_a_receiver_that_hangs_does_not_pile_up() {
    let bench = Bench::new(memory()).await;
    bench.receiver(SLOW).await;
    for _ in 0..20 {
        bench.must(sale(100, CaptureMethod::Automatic)).await;
    }
    // Many leases end meanwhile.
    tokio::time::sleep(Duration::from_secs(600)).await;
    assert_eq!(bench.world.delivered_to(SLOW).len(), 8);
}
