//! One command: carried out once and whole, or not at all.

use std::sync::Arc;

use holdfast_core::checkout::{CheckoutSession, ShippingOption};
use holdfast_core::command::Command;
use holdfast_core::currency::Currency;
use holdfast_core::id::{AttemptId, EffectId};
use holdfast_core::key::RowKind;
use holdfast_core::money::Money;
use holdfast_core::payment::attempt::{Attempt, AuthorizationOutcome};
use holdfast_core::payment::authorization::Authorization;
use holdfast_core::payment::capture_method::CaptureMethod;
use holdfast_core::payment::intent::PaymentIntent;
use holdfast_core::refusal::Refusal;
use holdfast_core::row::Record;
use holdfast_core::seller::Seller;
use holdfast_engine::{Submission, SubmitError, Submitted};
use holdfast_store::Store;

use crate::support::*;

on_every_store! {
    what_is_answered_is_durable
    a_refusal_changes_nothing
    rivals_for_one_row_all_get_through
    an_outcome_is_recorded_once
    a_broken_assertion_commits_nothing
    a_lost_answer_says_nothing
}

async fn what_is_answered_is_durable(store: Arc<dyn Store>) {
    let bench = Bench::new(Arc::clone(&store)).await;
    let seller = bench.seller().await;
    let found = store.load(bench.platform, &[Seller::key(&seller)]).await.unwrap();
    assert_eq!(found[0].as_ref().map(|stored| stored.version), Some(1));
    assert!(bench.engine.find::<Seller>(bench.platform, &seller).await.unwrap().is_some());
    assert_eq!(bench.engine.find::<Seller>(id(2), &seller).await.unwrap(), None);
}

async fn a_refusal_changes_nothing(store: Arc<dyn Store>) {
    let bench = Bench::new(Arc::clone(&store)).await;
    let missing = bench.submit(ship(id(9))).await.unwrap_err();
    assert_eq!(missing, SubmitError::Refused(Refusal::NotFound));
    let nothing = bench.submit(sale(0, CaptureMethod::Automatic)).await.unwrap_err();
    assert_eq!(nothing, SubmitError::Refused(Refusal::AmountTooSmall));
    assert_eq!(bench.store.groups(), Vec::<usize>::new());
    assert_eq!(store.count_effects().await, Ok(vec![]));
}

async fn rivals_for_one_row_all_get_through(store: Arc<dyn Store>) {
    let bench = Bench::new(Arc::clone(&store)).await;
    let seller = bench.seller().await;
    let option = |minor| ShippingOption::new("by land", Money::new(minor, Currency::USD));
    let create = holdfast_core::command::CreateCheckoutSession {
        shipping_options: vec![option(1), option(2)],
        ..new_session(&[seller], 100, START.after(holdfast_core::time::Span::days(1)))
    };
    let made = bench.must(Command::CreateCheckoutSession(Box::new(create))).await;
    let session = made.made::<CheckoutSession>().unwrap().id;
    let commands = (0..50).map(|choice| Command::ChooseShipping(session, choice % 2)).collect();
    assert_eq!(bench.race(commands).await, (50, vec![]));
    let found = store.load(bench.platform, &[CheckoutSession::key(&session)]).await.unwrap();
    assert_eq!(found[0].as_ref().map(|stored| stored.version), Some(51));
}

/// A payment whose bank has not answered, and the effect that waits for the answer.
async fn asked(bench: &Bench) -> (PaymentIntent, AttemptId, EffectId) {
    bench.world.take(PATIENCE * 3);
    let made = bench.must(sale(100, CaptureMethod::Automatic)).await;
    let Submitted::Committed(changes) = &made else { panic!("{made:?}") };
    let attempt = made.made::<Attempt>().unwrap().id;
    (made.made::<PaymentIntent>().unwrap().clone(), attempt, changes.effects[0].id)
}

async fn an_outcome_is_recorded_once(store: Arc<dyn Store>) {
    let bench = Bench::new(store).await;
    let (intent, attempt, effect) = asked(&bench).await;
    // Not knowing is an outcome that changes something each time it is recorded: it counts.
    let command = Command::RecordAuthorization(attempt, AuthorizationOutcome::Unknown);
    let outcome = Submission::outcome(bench.platform, effect, command);
    let first = bench.engine.submit(outcome.clone()).await.unwrap();
    assert!(first.row::<Attempt>().is_some());
    let commits = bench.store.groups().len();
    let second = bench.engine.submit(outcome).await.unwrap();
    assert!(matches!(second, Submitted::Committed(changes) if changes.is_empty()));
    assert_eq!(bench.store.groups().len(), commits + 1);
    let found = bench.engine.find::<Attempt>(bench.platform, &attempt).await.unwrap().unwrap();
    assert_eq!((found.intent, found.state.name()), (intent.id, "unknown"));
}

async fn a_broken_assertion_commits_nothing(store: Arc<dyn Store>) {
    let bench = Bench::new(store).await;
    let (_, attempt, effect) = asked(&bench).await;
    // No processor can have taken less than nothing; the core asserts that before it captures.
    let (reference, code) = ("auth".to_owned(), "A1".to_owned());
    let end = START.after(holdfast_core::time::Span::days(7));
    let whole = Authorization::new(reference, code, usd(100), end, 50);
    let authorization = Authorization { captured: usd(-5), ..whole };
    let outcome = AuthorizationOutcome::Approved { authorization, capture: None, card: card() };
    let command = Command::RecordAuthorization(attempt, outcome);
    let outcome = Submission::outcome(bench.platform, effect, command);
    let commits = bench.store.groups().len();
    let error = bench.engine.submit(outcome).await.unwrap_err();
    assert!(matches!(&error, SubmitError::Bug(what) if what.contains("negative")), "{error}");
    assert_eq!(bench.store.groups().len(), commits);
    let found = bench.engine.find::<Attempt>(bench.platform, &attempt).await.unwrap().unwrap();
    assert_eq!(found.state.name(), "sending");
    // And the engine goes on.
    bench.seller().await;
}

async fn a_lost_answer_says_nothing(store: Arc<dyn Store>) {
    let bench = Bench::new(store).await;
    let sellers = |bench: &Bench| {
        let read = bench.engine.clone();
        let platform = bench.platform;
        async move { read.read().count_states(platform, RowKind::Seller).await.unwrap() }
    };
    let create = || {
        Command::CreateSeller(holdfast_core::command::CreateSeller {
            name: None,
            email: None,
            country: "US".to_owned(),
            currency: Currency::USD,
            fee: None,
            metadata: std::collections::BTreeMap::new(),
            profile: Box::default(),
        })
    };
    for (fault, found) in [(Fault::Before, 0), (Fault::After, 1)] {
        bench.store.fail([fault]);
        let error = bench.submit(create()).await.unwrap_err();
        assert!(matches!(error, SubmitError::Store(_)), "{error}");
        assert_eq!(sellers(&bench).await.iter().map(|(_, count)| count).sum::<u64>(), found);
    }
}
