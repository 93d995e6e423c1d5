//! Effects: recorded once, leased to one, claimed in their order.

use holdfast_core::change::Changes;
use holdfast_core::effect::{Effect, EffectKind};
use holdfast_core::id::EffectId;
use holdfast_core::time::Span;
use holdfast_store::{Lease, Outcome, Store};

use crate::fixtures::*;

/// How many effects a look takes in the checks.
const MANY: usize = 100;

fn recorded(finished: &[u32]) -> Changes {
    Changes { finished: finished.iter().map(|number| id(*number)).collect(), ..nothing() }
}

async fn claim(store: &dyn Store, lease: Lease, limit: usize) -> Vec<u32> {
    let claimed = store.claim(lease, limit).await.unwrap();
    let numbers = claimed.into_iter().map(|owned| {
        assert_eq!(owned.platform, ours());
        number(&owned.effect)
    });
    numbers.collect()
}

fn numbers(numbers: &[u32]) -> Vec<u32> {
    numbers.to_vec()
}

fn number(effect: &Effect) -> u32 {
    let same = |number: &u32| id::<EffectId>(*number) == effect.id;
    (0..1_000).find(same).unwrap()
}

pub(crate) async fn an_effect_is_recorded_once(store: &dyn Store) {
    must(store, effects(vec![effect(1, 0), effect(2, 0)])).await;
    let once = Changes { puts: vec![put(0, seller(1))], ..recorded(&[1]) };
    let twice = Changes { puts: vec![put(0, seller(2))], ..recorded(&[1]) };
    let (yes, late) = (Outcome::Committed, Outcome::AlreadyRecorded);
    assert_eq!(commit(store, vec![once, twice.clone()]).await, [yes, late.clone()]);
    // One of several is enough, and the others stay.
    assert_eq!(commit(store, vec![twice, recorded(&[2, 1])]).await, [late.clone(), late.clone()]);
    assert_eq!(commit(store, vec![recorded(&[9])]).await, [late]);
    assert_eq!(store.count_effects().await, Ok(vec![("timer".to_owned(), 1)]));
    let sellers = store.count_states(ours(), holdfast_core::key::RowKind::Seller).await;
    assert_eq!(sellers, Ok(vec![(String::new(), 1)]));
}

pub(crate) async fn a_recorded_effect_comes_before_a_conflict(store: &dyn Store) {
    must(store, puts(vec![put(0, seller(1))])).await;
    let changes = Changes { puts: vec![put(0, seller(1))], ..recorded(&[1]) };
    assert_eq!(commit(store, vec![changes]).await, [Outcome::AlreadyRecorded]);
}

pub(crate) async fn due_effects_are_leased_by_the_commit(store: &dyn Store) {
    // Whoever commits performs what is due at once; what is due later is anybody's then.
    must(store, effects(vec![effect(1, 0), effect(2, 5), effect(3, 6)])).await;
    assert_eq!(claim(store, lease_at(0), MANY).await, numbers(&[]));
    assert_eq!(claim(store, lease_at(5), MANY).await, numbers(&[2]));
    assert_eq!(claim(store, lease_at(5), MANY).await, numbers(&[]));
    assert_eq!(claim(store, lease_at(59), MANY).await, numbers(&[3]));
    assert_eq!(claim(store, lease_at(60), MANY).await, numbers(&[1]));
}

pub(crate) async fn effects_are_claimed_the_longest_due_first(store: &dyn Store) {
    let waiting = [(4, 30), (1, 20), (3, 10), (2, 10), (5, 31)];
    must(store, effects(waiting.map(|(number, due_in)| effect(number, due_in)).into())).await;
    assert_eq!(claim(store, lease_at(30), 0).await, numbers(&[]));
    assert_eq!(claim(store, lease_at(30), 3).await, numbers(&[2, 3, 1]));
    assert_eq!(claim(store, lease_at(30), 3).await, numbers(&[4]));
    let whole = store.claim(lease_at(31), MANY).await.unwrap();
    assert_eq!(whole.into_iter().map(|owned| owned.effect).collect::<Vec<_>>(), [effect(5, 31)]);
}

pub(crate) async fn a_lease_ends(store: &dyn Store) {
    // The lease runs on the system's clock, however far the platform's clock is ahead.
    let ahead = |lease: Lease| Lease { due: lease.due.after(Span::days(60)), ..lease };
    must(store, effects(vec![effect(1, 5_000)])).await;
    assert_eq!(claim(store, ahead(lease_at(0)), MANY).await, numbers(&[1]));
    assert_eq!(claim(store, ahead(lease_at(59)), MANY).await, numbers(&[]));
    assert_eq!(claim(store, ahead(lease_at(60)), MANY).await, numbers(&[1]));
    assert_eq!(claim(store, ahead(lease_at(119)), MANY).await, numbers(&[]));
    // A recorded effect is nobody's.
    must(store, recorded(&[1])).await;
    assert_eq!(claim(store, ahead(lease_at(500)), MANY).await, numbers(&[]));
}

pub(crate) async fn a_lease_is_renewed_by_whoever_has_it(store: &dyn Store) {
    must(store, effects(vec![effect(1, 0)])).await;
    let (first, second) = (lease_at(0).until, lease_at(50).until);
    assert_eq!(store.renew(id(1), first, lease_at(50)).await, Ok(true));
    assert_eq!(claim(store, lease_at(60), MANY).await, numbers(&[]));
    // Somebody who holds the lease of before has it no longer.
    assert_eq!(store.renew(id(1), first, lease_at(60)).await, Ok(false));
    assert_eq!(claim(store, lease_at(110), MANY).await, numbers(&[1]));
    assert_eq!(store.renew(id(1), second, lease_at(111)).await, Ok(false));
    let claimed = store.claim(lease_at(200), MANY).await.unwrap();
    assert_eq!(claimed[0].leased_until, lease_at(200).until);
    must(store, recorded(&[1])).await;
    assert_eq!(store.renew(id(1), lease_at(200).until, lease_at(201)).await, Ok(false));
}

pub(crate) async fn the_next_due_is_the_first_of_all_or_the_first_after(store: &dyn Store) {
    assert_eq!(store.next_due(None).await, Ok(None));
    must(store, effects(vec![effect(1, 20), effect(2, 0), effect(3, 10)])).await;
    let at = |seconds| NOW.after(Span::seconds(seconds));
    let table = [
        (None, Some(0)),
        (Some(0), Some(10)),
        (Some(9), Some(10)),
        (Some(10), Some(20)),
        (Some(20), None),
    ];
    for (after, expected) in table {
        let found = store.next_due(after.map(at)).await;
        assert_eq!(found, Ok(expected.map(at)), "after {after:?}");
    }
}

pub(crate) async fn effects_are_counted_by_name(store: &dyn Store) {
    assert_eq!(store.count_effects().await, Ok(vec![]));
    let clock = Effect { kind: EffectKind::MoveClock { ahead: Span::ZERO }, ..effect(3, 0) };
    must(store, effects(vec![effect(1, 0), effect(2, 9), clock])).await;
    let mut counts = store.count_effects().await.unwrap();
    counts.sort();
    assert_eq!(counts, [("move_clock".to_owned(), 1), ("timer".to_owned(), 2)]);
}
