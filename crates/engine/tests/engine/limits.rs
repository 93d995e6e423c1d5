//! Fifty at once on one payment: never past its limit, and exactly as many succeed as fit.

use std::collections::BTreeMap;
use std::sync::Arc;

use holdfast_core::command::{CapturePaymentIntent, Command, CreateRefund, PaymentRef};
use holdfast_core::held::HeldFunds;
use holdfast_core::id::PaymentIntentId;
use holdfast_core::ledger::Account;
use holdfast_core::payment::attempt::Attempt;
use holdfast_core::payment::capture_method::CaptureMethod;
use holdfast_core::payment::intent::PaymentIntent;
use holdfast_core::payment::refund::RefundReason;
use holdfast_engine::SubmitError;
use holdfast_store::query::Accounts;
use holdfast_store::{ReadSide, Store};

use crate::support::*;

/// How many there are at once, each wanting `EACH` of `WHOLE`: `FITTING` of them fit.
const RIVALS: usize = 50;
const EACH: i64 = 3;
const WHOLE: i64 = 100;
const FITTING: usize = 33;

on_every_store! {
    refunds_of_a_sale
    refunds_of_an_authorization
    captures
    shipments_of_one_order
    shipments_of_many_orders
    releases
    releases_and_refunds
    cancellations
}

fn refund(intent: PaymentIntentId, minor: i64) -> Command {
    Command::CreateRefund(CreateRefund {
        payment: PaymentRef::Intent(intent),
        order: None,
        amount: Some(usd(minor)),
        reason: RefundReason::RequestedByCustomer,
        metadata: BTreeMap::new(),
        pulls: Default::default(),
    })
}

async fn paid(bench: &Bench, minor: i64, capture_method: CaptureMethod) -> PaymentIntent {
    let made = bench.must(sale(minor, capture_method)).await;
    bench.settled(made.made::<PaymentIntent>().unwrap().id).await
}

fn all_refused(lost: &[SubmitError], count: usize) {
    assert_eq!(lost.len(), count);
    let refused = |error: &SubmitError| matches!(error, SubmitError::Refused(_));
    assert!(lost.iter().all(refused), "{lost:?}");
}

/// Waits until the processor has been asked for all that was committed.
async fn quiet(bench: &Bench) {
    let only_timers = async {
        while bench.store.count_effects().await.unwrap().iter().any(|(name, _)| name != "timer") {
            tokio::time::sleep(std::time::Duration::from_millis(5)).await;
        }
    };
    tokio::time::timeout(PATIENCE, only_timers).await.expect("effects are left");
}

async fn refunds_of_a_sale(store: Arc<dyn Store>) {
    let bench = Bench::new(store).await;
    let intent = paid(&bench, WHOLE, CaptureMethod::Automatic).await;
    let (won, lost) = bench.race(vec![refund(intent.id, EACH); RIVALS]).await;
    assert_eq!(won, FITTING);
    all_refused(&lost, RIVALS - FITTING);
    quiet(&bench).await;
    assert_eq!(bench.world.refunded(), [EACH; FITTING]);
    let attempt = bench.engine.find::<Attempt>(bench.platform, &intent.attempt().unwrap()).await;
    assert_eq!(attempt.unwrap().unwrap().refunded, usd(99));
}

async fn refunds_of_an_authorization(store: Arc<dyn Store>) {
    let bench = Bench::new(store).await;
    let intent = paid(&bench, WHOLE, CaptureMethod::Manual).await;
    let (won, lost) = bench.race(vec![refund(intent.id, EACH); RIVALS]).await;
    assert_eq!(won, FITTING);
    all_refused(&lost, RIVALS - FITTING);
    quiet(&bench).await;
    assert_eq!(bench.world.refunded().iter().sum::<i64>(), 99);
}

async fn captures(store: Arc<dyn Store>) {
    let bench = Bench::new(store).await;
    let intent = paid(&bench, WHOLE, CaptureMethod::Manual).await.id;
    let capture =
        CapturePaymentIntent { intent, amount: Some(usd(EACH)), is_final: false, edit: None };
    let capture = Command::CapturePaymentIntent(capture);
    let (won, lost) = bench.race(vec![capture; RIVALS]).await;
    assert_eq!(won, FITTING);
    all_refused(&lost, RIVALS - FITTING);
    quiet(&bench).await;
    assert_eq!(bench.world.captured(), [EACH; FITTING]);
    let intent = bench.engine.find::<PaymentIntent>(bench.platform, &intent).await;
    let intent = intent.unwrap().unwrap();
    assert_eq!((intent.captured, intent.capturable()), (usd(99), usd(1)));
}

async fn shipments_of_one_order(store: Arc<dyn Store>) {
    let bench = Bench::new(store).await;
    let seller = bench.seller().await;
    let order = bench.orders(&[seller], WHOLE).await[0];
    let (won, lost) = bench.race(vec![ship(order); RIVALS]).await;
    assert_eq!(won, 1);
    all_refused(&lost, RIVALS - 1);
    quiet(&bench).await;
    assert_eq!(bench.world.captured(), [WHOLE]);
}

/// Each order fits once, though all of them change the one authorization.
async fn shipments_of_many_orders(store: Arc<dyn Store>) {
    let bench = Bench::new(store).await;
    let mut sellers = Vec::new();
    for _ in 0..10 {
        sellers.push(bench.seller().await);
    }
    let orders = bench.orders(&sellers, EACH).await;
    let ships = orders.iter().cycle().take(RIVALS).map(|order| ship(*order));
    let (won, lost) = bench.race(ships.collect()).await;
    assert_eq!(won, 10);
    all_refused(&lost, RIVALS - 10);
    quiet(&bench).await;
    assert_eq!(bench.world.captured(), [EACH; 10]);
}

async fn releases(store: Arc<dyn Store>) {
    let bench = Bench::new(store).await;
    let order = bench.shipped(WHOLE).await;
    let held = order.held_funds().unwrap();
    let release = Command::ReleaseHeldFunds(held, Some(usd(EACH)));
    let (won, lost) = bench.race(vec![release; RIVALS]).await;
    assert_eq!(won, FITTING);
    all_refused(&lost, RIVALS - FITTING);
    assert_eq!(balance(&bench, Account::Held(order.id)).await, -1);
    let seller = balance(&bench, Account::SellerAvailable(order.seller)).await;
    let fees = balance(&bench, Account::PlatformFees).await;
    assert_eq!(seller + fees, -99);
}

async fn releases_and_refunds(store: Arc<dyn Store>) {
    let bench = Bench::new(store).await;
    let order = bench.shipped(WHOLE).await;
    let held = order.held_funds().unwrap();
    let one = |number: usize| match number % 2 {
        0 => Command::ReleaseHeldFunds(held, Some(usd(EACH))),
        _ => Command::RefundHeldFunds(held, Some(usd(EACH))),
    };
    let (won, lost) = bench.race((0..RIVALS).map(one).collect()).await;
    assert_eq!(won, FITTING);
    all_refused(&lost, RIVALS - FITTING);
    quiet(&bench).await;
    let funds = bench.engine.find::<HeldFunds>(bench.platform, &held).await.unwrap().unwrap();
    assert_eq!(funds.left(), Ok(usd(1)));
    assert_eq!(balance(&bench, Account::Held(order.id)).await, -1);
    assert_eq!(balance(&bench, Account::RefundsPending).await, 0);
    assert_eq!(bench.world.refunded().iter().sum::<i64>(), funds.refunded.minor());
}

/// A capture and a cancellation exclude each other.
async fn cancellations(store: Arc<dyn Store>) {
    let bench = Bench::new(store).await;
    let intent = paid(&bench, WHOLE, CaptureMethod::Manual).await.id;
    let capture = CapturePaymentIntent { intent, amount: None, is_final: true, edit: None };
    let reason = holdfast_core::payment::intent::CancelReason::RequestedByCustomer;
    let one = |number: usize| match number % 2 {
        0 => Command::CapturePaymentIntent(capture.clone()),
        _ => Command::CancelPaymentIntent(intent, reason),
    };
    let (won, lost) = bench.race((0..RIVALS).map(one).collect()).await;
    assert_eq!(won, 1);
    all_refused(&lost, RIVALS - 1);
    quiet(&bench).await;
    let (taken, returned) = (bench.world.captured(), bench.world.refunded());
    assert_eq!(taken.len() + returned.len(), 1, "{taken:?} {returned:?}");
}

async fn balance(bench: &Bench, account: Account) -> i64 {
    let found = bench.engine.read().balances(bench.platform, Accounts::One(account)).await;
    found.unwrap().iter().map(|balance| balance.signed_minor).sum()
}
