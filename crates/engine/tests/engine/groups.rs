//! Group commit: what comes while the disk syncs is committed together.

use std::sync::Arc;

use holdfast_core::command::Command;
use holdfast_core::refusal::Refusal;
use holdfast_engine::SubmitError;
use holdfast_store::Store;

use crate::support::*;

on_every_store! {
    commands_that_come_together_share_a_commit
    one_that_loses_leaves_the_others_of_its_group_alone
}

async fn commands_that_come_together_share_a_commit(store: Arc<dyn Store>) {
    let bench = Arc::new(Bench::new(store).await);
    bench.store.shut();
    let submit = |bench: &Arc<Bench>| {
        let bench = Arc::clone(bench);
        tokio::spawn(async move { bench.seller().await })
    };
    let first = submit(&bench);
    while bench.store.groups().is_empty() {
        tokio::task::yield_now().await;
    }
    // The first is being synced. Nobody waits for a group to fill, but these come meanwhile.
    let mut sellers: Vec<_> = (0..100).map(|_| submit(&bench)).collect();
    for _ in 0..10_000 {
        tokio::task::yield_now().await;
    }
    bench.store.open();
    sellers.push(first);
    for seller in sellers {
        seller.await.unwrap();
    }
    let groups = bench.store.groups();
    assert_eq!(groups.iter().sum::<usize>(), 101);
    assert_eq!(groups[0], 1);
    // Loading may have kept a few from the second group, never most.
    assert!(groups.len() <= 4, "{groups:?}");
}

async fn one_that_loses_leaves_the_others_of_its_group_alone(store: Arc<dyn Store>) {
    let bench = Bench::new(store).await;
    let (left, right) = (bench.shipped(100).await, bench.shipped(100).await);
    let release = |order: &holdfast_core::order::Order| {
        Command::ReleaseHeldFunds(order.held_funds().unwrap(), Some(usd(100)))
    };
    let commands = vec![release(&left), release(&left), release(&right)];
    let (won, lost) = bench.race(commands).await;
    assert_eq!(won, 2);
    assert_eq!(lost, [SubmitError::Refused(Refusal::ReleaseExceedsHeld)]);
}
