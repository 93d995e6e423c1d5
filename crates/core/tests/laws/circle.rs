//! Authorize, capture, release and refund in full: every balance is what it was.

use holdfast_core::checkout::{CheckoutSession, ShippingOption};
use holdfast_core::command::{Command, CreateRefund, PaymentRef, ShipOrder};
use holdfast_core::currency::Currency;
use holdfast_core::ledger::Account;
use holdfast_core::money::Money;
use holdfast_core::order::Order;
use holdfast_core::payment::intent::PaymentIntent;
use holdfast_core::payment::refund::RefundReason;
use holdfast_core::seller::Seller;
use holdfast_core::time::Span;
use proptest::prelude::*;

use crate::world::{Asked, Mood, Processor, World, make};

/// What becomes of an order before it is refunded.
#[derive(Clone, Copy, Debug)]
enum Fate {
    Unshipped,
    Shipped,
    Received,
}

fn fates() -> impl Strategy<Value = Vec<Fate>> {
    let fate = prop::sample::select(vec![Fate::Unshipped, Fate::Shipped, Fate::Received]);
    prop::collection::vec(fate, 3)
}

proptest! {
    #![proptest_config(super::config(200))]

    #[test]
    fn a_full_circle_returns_every_balance(
        prices in prop::collection::vec(1_i64..100_000, 1..=3),
        shipping in 0_i64..5_000,
        captures_max in 1_u16..4,
        fates in fates(),
        parts in prop::collection::vec(1_i64..50_000, 0..6),
    ) {
        let mut world = World::new();
        let mut processor = Processor::new(captures_max, Span::days(7), true);
        buy(&mut world, &mut processor, &prices, shipping);
        for (order, fate) in world.all::<Order>().iter().zip(fates) {
            meet(&mut world, &mut processor, order, fate);
        }
        // Any parts first, as far as they fit, then again and again all that is left.
        for part in parts {
            let _ = world.ask(refund(&world, Some(Money::new(part, Currency::USD))));
        }
        while world.ask(refund(&world, None)).is_ok() {
            answer(&mut world, &mut processor);
        }
        answer(&mut world, &mut processor);
        check_even(&world);
        let hold = processor.holds.values().next().expect("it was authorized");
        prop_assert_eq!(hold.captured, hold.refunded);
        prop_assert_eq!(hold.captured + hold.voided, hold.amount.minor());
    }
}

fn buy(world: &mut World, processor: &mut Processor, prices: &[i64], shipping: i64) {
    let usd = |minor| Money::new(minor, Currency::USD);
    let lines = ["amy", "ben", "cay"].into_iter().zip(prices);
    let lines = lines.map(|(name, price)| make::line(world.seller(name), usd(*price)));
    let post = ShippingOption::new("post", usd(shipping));
    let open = make::open(lines.collect(), vec![post]);
    world.ask(open).expect("each seller's part costs something");
    let session = world.all::<CheckoutSession>().pop().expect("it was made");
    world.ask(make::pay(session.id, session.totals().expect("a total").total)).expect("it is open");
    answer(world, processor);
}

fn meet(world: &mut World, processor: &mut Processor, order: &Order, fate: Fate) {
    let (order, carrier, tracking_number) = (order.id, None, None);
    if matches!(fate, Fate::Shipped | Fate::Received) {
        let ship = ShipOrder { order, carrier, tracking_number };
        world.ask(Command::ShipOrder(ship)).expect("it awaits shipment");
        answer(world, processor);
    }
    if matches!(fate, Fate::Received) {
        world.ask(Command::ConfirmReceipt(order)).expect("it is on its way");
    }
}

fn refund(world: &World, amount: Option<Money>) -> Command {
    let intent = world.all::<PaymentIntent>().pop().expect("it was made").id;
    let (payment, reason) = (PaymentRef::Intent(intent), RefundReason::RequestedByCustomer);
    let (order, metadata) = (None, Default::default());
    Command::CreateRefund(CreateRefund {
        payment,
        order,
        amount,
        reason,
        metadata,
        pulls: Default::default(),
    })
}

/// The processor does all that it is asked by now.
fn answer(world: &mut World, processor: &mut Processor) {
    while let Some(effect) = world.asked_now() {
        let command = processor.perform(world.now, &effect.kind, Mood::Well);
        let asked = Asked::outcome(command.expect("it is no timer"), effect.id);
        world.carry_out(asked).expect("an outcome is recorded");
    }
}

fn check_even(world: &World) {
    let of_orders = world.all::<Order>().into_iter().map(|it| Account::Held(it.id));
    let of_sellers = world.all::<Seller>().into_iter().map(|it| Account::SellerAvailable(it.id));
    let shared = [
        Account::ProcessorClearing,
        Account::RefundsPending,
        Account::PlatformFees,
        Account::PlatformPending,
        Account::PlatformAvailable,
    ];
    for account in of_orders.chain(of_sellers).chain(shared) {
        assert_eq!(world.credit_of(account, Currency::USD), 0, "{account}");
    }
}
