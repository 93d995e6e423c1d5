//! What the books and the rows must say to each other, at any moment.

use std::collections::BTreeMap;

use holdfast_core::currency::Currency;
use holdfast_core::held::HeldFunds;
use holdfast_core::id::AttemptId;
use holdfast_core::ledger::Account;
use holdfast_core::order::{Funding, Order, OrderCancelReason, OrderState};
use holdfast_core::payment::asked::Asked;
use holdfast_core::payment::attempt::Attempt;
use holdfast_core::payment::authorization::Authorization;
use holdfast_core::payment::capture::Capture;
use holdfast_core::payment::intent::{IntentState, PaymentIntent};
use holdfast_core::payment::refund::{Refund, RefundMethod, RefundReason};
use holdfast_core::payout::{Payout, PayoutState};
use holdfast_core::seller::Seller;

use crate::world::{Processor, Status, World};

pub(super) const CURRENCIES: [Currency; 3] = [Currency::USD, Currency::JPY, Currency::KWD];

/// Sums of minor units by what they are of.
type Sums<K> = BTreeMap<K, i64>;

/// Holds the books against the rows, and both against themselves.
pub(super) fn check(world: &World) {
    for currency in CURRENCIES {
        assert_eq!(world.sum_of_books(currency), 0, "debits and credits of {currency}");
        check_clearing(world, currency);
    }
    check_holds(world);
    check_states(world);
    check_captures(world);
    check_refunds(world);
}

/// The processor owes what it has taken less what it has given back; what it was asked to give
/// back and has not, waits.
fn check_clearing(world: &World, currency: Currency) {
    let captures = world.all::<Capture>().into_iter();
    let captured = captures.filter(|it| it.amount.currency() == currency && is_done(&it.state));
    let captured: i64 = captured.map(|it| it.amount.minor()).sum();
    let (mut returned, mut waiting) = (0, 0);
    for refund in returns(world).filter(|it| it.amount.currency() == currency) {
        match refund.state {
            Asked::Succeeded { .. } => returned += refund.amount.minor(),
            Asked::Sending | Asked::Unknown { .. } => waiting += refund.amount.minor(),
            Asked::Failed { .. } => {}
        }
    }
    let clearing = -world.credit_of(Account::ProcessorClearing, currency);
    assert_eq!(clearing, captured - returned - paid_out(world, currency));
    assert_eq!(world.credit_of(Account::RefundsPending, currency), waiting);
    let sellers = world.all::<Seller>().into_iter();
    let available = |seller: Seller| world.credit_of(Account::SellerAvailable(seller.id), currency);
    assert!(sellers.map(available).all(|balance| balance >= 0));
    assert!(world.credit_of(Account::PlatformFees, currency) >= 0);
    assert!(world.credit_of(Account::PlatformAvailable, currency) >= 0);
}

/// Each part of each hold is where a capture or a refund says that it is.
fn check_holds(world: &World) {
    let mut captured = Sums::new();
    let mut capturing = Sums::new();
    for capture in world.all::<Capture>() {
        let sums = if is_done(&capture.state) { &mut captured } else { &mut capturing };
        if !matches!(capture.state, Asked::Failed { .. }) {
            *sums.entry(capture.attempt).or_insert(0) += capture.amount.minor();
        }
    }
    let (mut reversed, mut reversing, mut refunded) = (Sums::new(), Sums::new(), Sums::new());
    for refund in world.all::<Refund>() {
        let sums = match (refund.method, &refund.state) {
            (_, Asked::Failed { .. }) => continue,
            (RefundMethod::Return, _) => &mut refunded,
            (RefundMethod::Reversal, Asked::Succeeded { .. }) => &mut reversed,
            (RefundMethod::Reversal, Asked::Sending | Asked::Unknown { .. }) => &mut reversing,
        };
        *sums.entry(refund.attempt).or_insert(0) += refund.amount.minor();
    }
    for attempt in world.all::<Attempt>() {
        let Some(hold) = attempt.authorization() else { continue };
        let of = |sums: &Sums<_>| sums.get(&attempt.id).copied().unwrap_or(0);
        let booked = [&captured, &capturing, &reversed, &reversing, &refunded].map(of);
        let said = [hold.captured, hold.capturing, hold.returned, hold.returning, attempt.refunded];
        assert_eq!(said.map(|part| part.minor()), booked, "{attempt:?}");
        assert!(attempt.refunded.minor() <= hold.captured.minor(), "{attempt:?}");
    }
}

/// States that cannot be together.
fn check_states(world: &World) {
    for intent in world.all::<PaymentIntent>() {
        let attempt: Option<Attempt> = intent.attempt().map(|id| world.row(&id));
        let hold = attempt.as_ref().and_then(Attempt::authorization);
        match &intent.state {
            IntentState::Canceled { .. } => {
                let is_taken =
                    |hold: &Authorization| !hold.captured.is_zero() || !hold.capturing.is_zero();
                // What was taken of an attempt that had been given up is the attempt's matter.
                let is_late = intent.attempt().is_some_and(|id| is_late(world, id));
                assert!(is_late || !hold.is_some_and(is_taken), "{intent:?} {attempt:?}");
            }
            IntentState::RequiresCapture { capturable, .. } => {
                assert_eq!(hold.and_then(|hold| hold.left().ok()), Some(*capturable), "{intent:?}");
            }
            IntentState::Succeeded { .. } => {
                assert!(hold.is_some_and(Authorization::is_settled), "{intent:?} {attempt:?}");
            }
            IntentState::RequiresPaymentMethod { .. }
            | IntentState::RequiresConfirmation { .. }
            | IntentState::Processing { .. }
            | IntentState::RequiresAction { .. } => assert!(intent.orders.is_empty(), "{intent:?}"),
        }
    }
    for order in world.all::<Order>() {
        check_order(world, &order);
    }
}

fn check_order(world: &World, order: &Order) {
    let intent: PaymentIntent = world.row(&order.intent);
    let attempt: Attempt = world.row(&intent.attempt().expect("an order is of an attempt"));
    let hold = attempt.authorization().expect("an order is of an approved attempt");
    let is_capturing = matches!(order.funding, Funding::Capturing { .. });
    match order.state {
        OrderState::AwaitingShipment { .. } => {
            assert!(!matches!(intent.state, IntentState::Canceled { .. }), "{order:?} {intent:?}");
        }
        OrderState::Canceled { at, reason } => {
            let margin = hold.expires_at.before(world.rules.authorization_margin);
            let is_ending = reason == OrderCancelReason::AuthorizationEnding;
            assert!(!is_ending || at >= margin, "{order:?} {attempt:?}");
            assert!(!is_capturing, "{order:?}");
        }
        OrderState::Refunded { .. } => assert!(!is_capturing, "{order:?}"),
        OrderState::Shipped { .. }
        | OrderState::Delivered { .. }
        | OrderState::InClaim { .. }
        | OrderState::Completed { .. } => {}
    }
}

fn check_captures(world: &World) {
    let mut sums = Sums::new();
    for capture in world.all::<Capture>() {
        let shares: i64 = capture.shares.iter().map(|share| share.amount.minor()).sum();
        assert!(capture.shares.is_empty() || shares == capture.amount.minor(), "{capture:?}");
        if is_late(world, capture.attempt) {
            check_late(world, &capture);
        } else if is_done(&capture.state) {
            *sums.entry(capture.intent).or_insert(0) += capture.amount.minor();
        }
    }
    for intent in world.all::<PaymentIntent>() {
        let captured = sums.get(&intent.id).copied().unwrap_or(0);
        assert_eq!(intent.captured.minor(), captured, "{intent:?}");
        assert!(captured <= intent.amount.minor(), "{intent:?}");
    }
}

/// Whether a bank approved an attempt after it had been given up.
fn is_late(world: &World, attempt: AttemptId) -> bool {
    let mut refunds = world.all::<Refund>().into_iter().filter(|it| it.attempt == attempt);
    refunds.any(|it| it.reason == RefundReason::LateApproval)
}

/// What was taken too late came with the approval, and all of it was to go back at once.
fn check_late(world: &World, capture: &Capture) {
    let attempt: Attempt = world.row(&capture.attempt);
    assert_eq!((attempt.capture, attempt.amount), (Some(capture.id), capture.amount));
    let is_answer = |it: &Refund| {
        it.attempt == attempt.id
            && it.reason == RefundReason::LateApproval
            && (it.method, it.amount) == (RefundMethod::Return, capture.amount)
    };
    let answers = world.all::<Refund>().into_iter().filter(is_answer).count();
    assert_eq!(answers, 1, "{attempt:?}");
}

/// Orders and held funds say what the refunds say that did not fail.
fn check_refunds(world: &World) {
    let (mut of_orders, mut of_held) = (Sums::new(), Sums::new());
    for refund in world.all::<Refund>() {
        let shares = refund.shares.iter().map(|share| share.total().expect("a total").minor());
        assert_eq!(shares.sum::<i64>(), refund.amount.minor(), "{refund:?}");
        if matches!(refund.state, Asked::Failed { .. }) {
            continue;
        }
        for share in &refund.shares {
            let Some(order) = share.order else { continue };
            let total = share.total().expect("a total").minor();
            *of_orders.entry(order).or_insert(0) += total;
            if refund.method == RefundMethod::Return {
                *of_held.entry(order).or_insert(0) += total;
            }
        }
    }
    for order in world.all::<Order>() {
        let refunded = of_orders.get(&order.id).copied().unwrap_or(0);
        assert_eq!(order.refunded.minor(), refunded, "{order:?}");
        assert!(refunded <= order.total.minor(), "{order:?}");
    }
    for funds in world.all::<HeldFunds>() {
        let back = of_held.get(&funds.order).copied().unwrap_or(0);
        let gone = funds.clawed_back.minor() - funds.held_again().minor();
        assert_eq!(funds.refunded.minor() + gone, back, "{funds:?}");
        let released: i64 = funds.releases.iter().map(|it| it.amount.minor()).sum();
        assert_eq!(funds.released.minor(), released, "{funds:?}");
    }
}

/// Nothing is on its way any more: everything has found its place, here and at the processor.
pub(super) fn check_settled(world: &World, processor: &Processor) {
    for attempt in world.all::<Attempt>() {
        assert!(!attempt.is_open(), "{attempt:?}");
        let hold = attempt.authorization();
        assert!(hold.is_none_or(|hold| hold.is_settled()), "{attempt:?}");
        let captured = hold.map_or(0, |hold| hold.captured.minor());
        let theirs = processor.holds.get(&attempt.id);
        assert_eq!(theirs.map_or(0, |it| it.captured), captured, "{attempt:?}");
        assert_eq!(theirs.map_or(0, |it| it.refunded), attempt.refunded.minor(), "{attempt:?}");
        assert!(theirs.is_none_or(|it| it.is_over(world.now)), "{attempt:?} {theirs:?}");
        // Money that a bank holds is known of here, unless nobody was told before its end.
        let is_held = theirs.is_some_and(|it| it.status == Status::Approved && it.is_known);
        assert_eq!(is_held, hold.is_some(), "{attempt:?} {theirs:?}");
    }
    for order in world.all::<Order>() {
        assert!(matches!(order.state.name(), "completed" | "canceled" | "refunded"), "{order:?}");
    }
    for intent in world.all::<PaymentIntent>() {
        let is_open =
            matches!(intent.state.name(), "processing" | "requires_action" | "requires_capture");
        assert!(!is_open, "{intent:?}");
    }
    for currency in CURRENCIES {
        assert_eq!(world.credit_of(Account::RefundsPending, currency), 0);
        let holds = processor.holds.values().filter(|it| it.amount.currency() == currency);
        let theirs: i64 = holds.map(|it| it.captured - it.refunded).sum();
        let clearing = -world.credit_of(Account::ProcessorClearing, currency);
        assert_eq!(clearing, theirs - paid_out(world, currency));
    }
    for funds in world.all::<HeldFunds>() {
        assert!(funds.left().expect("it can be reckoned").is_zero(), "{funds:?}");
        assert_eq!(funds.frozen, None, "{funds:?}");
    }
}

/// What the bank has of what the processor owed.
fn paid_out(world: &World, currency: Currency) -> i64 {
    let payouts = world.all::<Payout>().into_iter();
    let paid = payouts.filter(|it| matches!(it.state, PayoutState::Paid { .. }));
    paid.filter(|it| it.amount.currency() == currency).map(|it| it.amount.minor()).sum()
}

fn returns(world: &World) -> impl Iterator<Item = Refund> {
    world.all::<Refund>().into_iter().filter(|it| it.method == RefundMethod::Return)
}

fn is_done(state: &Asked) -> bool {
    matches!(state, Asked::Succeeded { .. })
}
