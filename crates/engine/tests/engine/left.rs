//! What an earlier process may have sent: looked up before it is sent again, whatever it is.

use std::sync::Arc;
use std::time::Duration;

use holdfast_core::bank::BankBehaviour;
use holdfast_core::change::Changes;
use holdfast_core::dispute::command::RespondRequest;
use holdfast_core::dispute::{Evidence, ResponseKind};
use holdfast_core::effect::{Ask, Effect, EffectKind, PayoutRequest, SaveCardRequest};
use holdfast_core::payment::capture_method::CaptureMethod;
use holdfast_core::payout::PayoutMethod;
use holdfast_core::time::Span;
use holdfast_store::memory::MemoryStore;
use holdfast_store::{Lease, Outcome, Store};

use crate::support::*;

/// Puts effects on disk as a process does that is about to perform them.
async fn lease(store: &MemoryStore, kinds: Vec<EffectKind>) {
    let effects = (1..).zip(kinds).map(|(number, kind)| Effect {
        id: id(number),
        due: START,
        kind,
        origin: None,
    });
    let changes = Changes {
        platform: id(1),
        command: id(1),
        puts: Vec::new(),
        relied: Vec::new(),
        emptied: Vec::new(),
        entries: Vec::new(),
        effects: effects.collect(),
        finished: Vec::new(),
        events: Vec::new(),
    };
    let until = START.after(Span::seconds(60));
    let outcomes = store.commit(vec![changes], Lease { now: START, due: START, until }).await;
    assert_eq!(outcomes.unwrap(), [Outcome::Committed]);
}

#[tokio::test(start_paused = true)]
async fn what_may_have_been_sent_is_looked_up_first() {
    let ask = Ask::First;
    let payout = PayoutRequest {
        payout: id(2),
        amount: usd(100),
        method: PayoutMethod::Standard,
        account: BankBehaviour::Pays,
        ask,
    };
    let respond = RespondRequest {
        dispute: id(3),
        number: 1,
        reference: "sbd_1".to_owned(),
        kind: ResponseKind::Accept,
        evidence: Evidence::default(),
        ask,
    };
    let save = SaveCardRequest { method: id(4), token: token(), check: false, round: 0, ask };
    let kinds =
        vec![EffectKind::Payout(payout), EffectKind::Respond(respond), EffectKind::SaveCard(save)];
    let store = Arc::new(MemoryStore::new());
    lease(&store, kinds).await;
    store.free_leases();
    let bench = Bench::later(store, Span::seconds(1)).await;
    while bench.world.asked().len() < 3 {
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
    let mut asked = bench.world.asked();
    asked.sort_by_key(|(name, _)| *name);
    let again = ["payout", "respond", "save_card"].map(|name| (name, Ask::Again));
    assert_eq!(asked, again);
}

/// More sales than the processor is asked for at once, each of which takes longer than a lease.
async fn more_than_fit(bench: &Bench) -> usize {
    bench.world.take(Duration::from_secs(100));
    for _ in 0..257 {
        bench.must(sale(100, CaptureMethod::Automatic)).await;
    }
    tokio::time::sleep(Duration::from_secs(20)).await;
    bench.world.authorized().len()
}

#[tokio::test(start_paused = true)]
async fn what_waits_for_longer_than_its_lease_is_asked_once() {
    let bench = Bench::new(memory()).await;
    assert_eq!(more_than_fit(&bench).await, 256);
    tokio::time::sleep(Duration::from_secs(300)).await;
    assert_eq!(bench.world.authorized().len(), 257);
}

#[tokio::test(start_paused = true)]
async fn what_another_process_has_taken_meanwhile_is_left_to_it() {
    let store = memory();
    let bench = Bench::new(Arc::clone(&store)).await;
    assert_eq!(more_than_fit(&bench).await, 256);
    // To the other one our leases look long gone.
    let now = START.after(Span::days(1));
    let lease = Lease { due: now, now, until: now.after(Span::days(1)) };
    let taken = store.claim(lease, 1_000).await.unwrap();
    assert_eq!(taken.len(), 257);
    tokio::time::sleep(Duration::from_secs(300)).await;
    assert_eq!(bench.world.authorized().len(), 256);
}

#[tokio::test(start_paused = true)]
async fn a_node_that_performs_nothing_leaves_its_effects_to_the_others() {
    let store = memory();
    let front = Bench::new(Arc::clone(&store)).await;
    front.engine.perform(false);
    front.must(sale(100, CaptureMethod::Automatic)).await;
    tokio::time::sleep(Duration::from_secs(300)).await;
    assert_eq!(front.world.authorized().len(), 0);
    let worker = Bench::later(store, Span::seconds(600)).await;
    tokio::time::sleep(Duration::from_secs(1)).await;
    assert_eq!((front.world.authorized().len(), worker.world.authorized().len()), (0, 1));
    // It begins again when it may.
    worker.engine.perform(false);
    front.engine.perform(true);
    front.must(sale(100, CaptureMethod::Automatic)).await;
    tokio::time::sleep(Duration::from_secs(1)).await;
    assert_eq!((front.world.authorized().len(), worker.world.authorized().len()), (1, 1));
}
