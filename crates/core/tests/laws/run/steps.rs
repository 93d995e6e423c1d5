//! The steps of a random run.

use holdfast_core::checkout::{CheckoutSession, ShippingOption};
use holdfast_core::command::{
    CancelBy, CapturePaymentIntent, Command, ConfirmPaymentIntent, CreateRefund, CreateTransfer,
    FundsCommand, HoldCommand, IncrementAuthorization, Keep, OpenClaim, PaymentRef, PayoutCommand,
    Ruling, ShipOrder,
};
use holdfast_core::currency::Currency;
use holdfast_core::held::HeldFunds;
use holdfast_core::id::OrderId;
use holdfast_core::money::Money;
use holdfast_core::order::{ClaimReason, Order};
use holdfast_core::payment::attempt::Attempt;
use holdfast_core::payment::capture_method::CaptureMethod;
use holdfast_core::payment::intent::{CancelReason, PaymentIntent};
use holdfast_core::payment::refund::RefundReason;
use holdfast_core::payout::{Payout, PayoutOwner};
use holdfast_core::row::Record as _;
use holdfast_core::transfer::Transfer;
use proptest::prelude::*;

use crate::laws::books::CURRENCIES;
use crate::world::{Mood, World, make};

/// What a step does.
#[derive(Clone, Copy, Debug)]
pub(super) enum What {
    Open,
    Sale(CaptureMethod),
    Session(OfSession),
    Payment(OfPayment),
    Order(OfOrder),
    Held(OfHeld),
    Funds(OfFunds),
    Outside(Outside),
}

/// To a session.
#[derive(Clone, Copy, Debug)]
pub(super) enum OfSession {
    Choose,
    Pay,
    Expire,
}

/// To a payment.
#[derive(Clone, Copy, Debug)]
pub(super) enum OfPayment {
    Confirm,
    Capture,
    Raise,
    Cancel,
    Refund,
    RefundAttempt,
}

/// To an order.
#[derive(Clone, Copy, Debug)]
pub(super) enum OfOrder {
    Ship,
    Deliver,
    Receive,
    Extend,
    Cancel,
    Claim,
    Rule,
    Refund,
}

/// To held funds.
#[derive(Clone, Copy, Debug)]
pub(super) enum OfHeld {
    Freeze,
    Release,
    GiveBack,
}

/// To balances.
#[derive(Clone, Copy, Debug)]
pub(super) enum OfFunds {
    TopUp,
    Transfer,
    /// Out of a charge.
    PassOn,
    Reverse,
    PayOut,
    PaySelfOut,
    CallOff,
}

/// What happens outside.
#[derive(Clone, Copy, Debug)]
pub(super) enum Outside {
    /// A basket is opened and paid, and the bank asked.
    Buy,
    /// The same, and the request is held back until the buyer has paid with another card.
    BuyTwice,
    /// What was held back arrives.
    Arrive,
    Perform,
    /// All that is due.
    PerformAll,
    Repeat,
    AnswerChallenge,
    SendBack,
    Wait,
}

/// One step: what, to which of those there are, how much, and how the processor fares.
#[derive(Clone, Debug)]
pub(super) struct Step {
    pub(super) what: What,
    pick: prop::sample::Index,
    pub(super) amount: u16,
    pub(super) mood: Mood,
}

impl Step {
    /// The one of these that the step is about.
    pub(super) fn choose<'a, T>(&self, among: &'a [T]) -> Option<&'a T> {
        if among.is_empty() { None } else { Some(self.pick.get(among)) }
    }

    /// Nothing given for one step in four, which means all; else a part.
    fn part(&self, currency: Currency) -> Option<Money> {
        if self.amount.is_multiple_of(4) { None } else { Some(self.money(currency)) }
    }

    fn money(&self, currency: Currency) -> Money {
        Money::new(i64::from(self.amount), currency)
    }

    fn currency(&self) -> Currency {
        CURRENCIES[usize::from(self.amount) % CURRENCIES.len()]
    }
}

pub(super) fn step() -> impl Strategy<Value = Step> {
    let parts = (what(), any::<prop::sample::Index>(), 1_u16..1_600, mood());
    parts.prop_map(|(what, pick, amount, mood)| Step { what, pick, amount, mood })
}

fn what() -> impl Strategy<Value = What> {
    let sessions = [OfSession::Choose, OfSession::Pay, OfSession::Expire].map(What::Session);
    let payments = [
        OfPayment::Confirm,
        OfPayment::Capture,
        OfPayment::Raise,
        OfPayment::Cancel,
        OfPayment::Refund,
        OfPayment::RefundAttempt,
    ];
    let orders = [
        OfOrder::Ship,
        OfOrder::Deliver,
        OfOrder::Receive,
        OfOrder::Extend,
        OfOrder::Cancel,
        OfOrder::Claim,
        OfOrder::Rule,
        OfOrder::Refund,
    ];
    let held = [OfHeld::Freeze, OfHeld::Release, OfHeld::GiveBack].map(What::Held);
    let funds = [
        OfFunds::TopUp,
        OfFunds::Transfer,
        OfFunds::PassOn,
        OfFunds::Reverse,
        OfFunds::PayOut,
        OfFunds::PaySelfOut,
        OfFunds::CallOff,
    ];
    let outside = [
        Outside::Arrive,
        Outside::Repeat,
        Outside::AnswerChallenge,
        Outside::SendBack,
        Outside::Wait,
    ]
    .map(What::Outside);
    let sales = [CaptureMethod::Automatic, CaptureMethod::Manual].map(What::Sale);
    prop_oneof![
        2 => Just(What::Outside(Outside::Buy)),
        1 => Just(What::Outside(Outside::BuyTwice)),
        4 => Just(What::Order(OfOrder::Ship)),
        4 => Just(What::Outside(Outside::Perform)),
        6 => Just(What::Outside(Outside::PerformAll)),
        1 => Just(What::Open),
        2 => prop::sample::select(sessions.to_vec()),
        1 => prop::sample::select(sales.to_vec()),
        4 => prop::sample::select(payments.map(What::Payment).to_vec()),
        10 => prop::sample::select(orders.map(What::Order).to_vec()),
        3 => prop::sample::select(held.to_vec()),
        5 => prop::sample::select(funds.map(What::Funds).to_vec()),
        3 => prop::sample::select(outside.to_vec()),
    ]
}

pub(super) fn mood() -> impl Strategy<Value = Mood> {
    prop_oneof![
        10 => Just(Mood::Well),
        1 => Just(Mood::Challenges),
        1 => Just(Mood::Refuses),
        1 => Just(Mood::LostBefore),
        1 => Just(Mood::LostAfter),
        1 => Just(Mood::NeverSent),
    ]
}

/// The command of a step, when there is something that it could be about.
pub(super) fn command(world: &World, step: &Step) -> Option<Command> {
    match step.what {
        What::Open => Some(open(world, step)),
        What::Sale(method) => Some(sale(step, method)),
        What::Session(what) => of_session(world, step, what),
        What::Payment(what) => of_payment(world, step, what),
        What::Order(what) => of_order(world, step, what),
        What::Held(what) => of_held_funds(world, step, what),
        What::Funds(what) => of_funds(world, step, what),
        What::Outside(_) => None,
    }
}

/// A basket of up to three sellers, with none, one or two ways to ship.
pub(super) fn open(world: &World, step: &Step) -> Command {
    let currency = step.currency();
    let sellers = ["amy", "ben", "cay"].into_iter().take(usize::from(step.amount) % 4 + 1);
    let lines = sellers.zip([7, 3, 11]).map(|(name, factor)| {
        let minor = i64::from(step.amount) * factor / 2 + 1;
        make::line(world.seller(name), Money::new(minor, currency))
    });
    let options = [490, 990].into_iter().take(usize::from(step.amount) % 3);
    let options = options.map(|minor| {
        let amount = Money::new(minor, currency);
        ShippingOption::new("post", amount)
    });
    make::open(lines.collect(), options.collect())
}

fn sale(step: &Step, method: CaptureMethod) -> Command {
    make::create(step.money(step.currency()), method, true, !step.amount.is_multiple_of(8))
}

fn of_session(world: &World, step: &Step, what: OfSession) -> Option<Command> {
    let all = world.all::<CheckoutSession>();
    let session = step.choose(&all)?;
    Some(match what {
        OfSession::Choose => Command::ChooseShipping(session.id, step.amount % 3),
        OfSession::Pay => make::pay(session.id, session.totals().expect("a total").total),
        OfSession::Expire => Command::ExpireCheckoutSession(session.id),
    })
}

fn of_payment(world: &World, step: &Step, what: OfPayment) -> Option<Command> {
    let all = world.all::<PaymentIntent>();
    let row = step.choose(&all)?;
    let (intent, amount) = (row.id, step.part(row.amount.currency()));
    Some(match what {
        OfPayment::Confirm => {
            let token = Some(make::token());
            Command::ConfirmPaymentIntent(ConfirmPaymentIntent {
                intent,
                token,
                card_use: Default::default(),
                return_url: None,
                edit: None,
            })
        }
        OfPayment::Capture => {
            let is_final = step.amount.is_multiple_of(2);
            Command::CapturePaymentIntent(CapturePaymentIntent {
                intent,
                amount,
                is_final,
                edit: None,
            })
        }
        OfPayment::Raise => {
            let by = step.money(row.amount.currency());
            let to = row.amount.checked_add(by).expect("amounts are small");
            let expected = world.rows[&PaymentIntent::key(&intent)].version;
            let edit = Keep { row: row.clone().into_row(), expected, event: None };
            let increment = IncrementAuthorization { intent, to, edit };
            Command::Hold(HoldCommand::Increment(Box::new(increment)))
        }
        OfPayment::Cancel => Command::CancelPaymentIntent(intent, CancelReason::Abandoned),
        OfPayment::RefundAttempt => {
            let all = world.all::<Attempt>();
            refund(PaymentRef::Attempt(step.choose(&all)?.id), None, amount)
        }
        OfPayment::Refund => refund(PaymentRef::Intent(intent), None, amount),
    })
}

fn of_held_funds(world: &World, step: &Step, what: OfHeld) -> Option<Command> {
    let all = world.all::<HeldFunds>();
    let funds = step.choose(&all)?;
    let part = step.part(funds.amount.currency());
    Some(match what {
        OfHeld::Freeze => Command::FreezeHeldFunds(funds.id),
        OfHeld::Release => Command::ReleaseHeldFunds(funds.id, part),
        OfHeld::GiveBack => Command::RefundHeldFunds(funds.id, part),
    })
}

fn of_funds(world: &World, step: &Step, what: OfFunds) -> Option<Command> {
    let amount = step.money(step.currency());
    let seller = world.seller(["amy", "ben", "cay"][usize::from(step.amount) % 3]);
    let command = match what {
        OfFunds::TopUp => FundsCommand::TopUp(make::topup(amount)),
        OfFunds::Transfer => FundsCommand::Transfer(make::transfer(seller, amount)),
        OfFunds::PassOn => {
            let all = world.all::<Attempt>();
            let charge = step.choose(&all)?;
            let amount = step.money(charge.amount.currency());
            let source = Some(charge.id);
            FundsCommand::Transfer(CreateTransfer { source, ..make::transfer(seller, amount) })
        }
        OfFunds::Reverse => {
            let all = world.all::<Transfer>();
            let transfer = step.choose(&all)?;
            let part = step.part(transfer.amount.currency());
            FundsCommand::Reverse(make::reversal(transfer.id, part))
        }
        OfFunds::PayOut => return Some(make::payout(PayoutOwner::Seller(seller), amount)),
        OfFunds::PaySelfOut => return Some(make::payout(PayoutOwner::Platform, amount)),
        OfFunds::CallOff => {
            let all = world.all::<Payout>();
            return Some(Command::Payout(PayoutCommand::Cancel(step.choose(&all)?.id)));
        }
    };
    Some(Command::Funds(Box::new(command)))
}

fn of_order(world: &World, step: &Step, what: OfOrder) -> Option<Command> {
    let all = world.all::<Order>();
    let row = step.choose(&all)?;
    let (order, amount) = (row.id, step.part(row.total.currency()));
    Some(match what {
        OfOrder::Ship => {
            let (carrier, tracking_number) = (None, None);
            Command::ShipOrder(ShipOrder { order, carrier, tracking_number })
        }
        OfOrder::Deliver => Command::DeliverOrder(order),
        OfOrder::Receive => Command::ConfirmReceipt(order),
        OfOrder::Extend => Command::ExtendProtection(order),
        OfOrder::Cancel => {
            let who = [CancelBy::Buyer, CancelBy::Seller, CancelBy::Platform];
            Command::CancelOrder(order, who[usize::from(step.amount) % who.len()])
        }
        OfOrder::Claim => {
            let reason = ClaimReason::Damaged;
            Command::OpenClaim(OpenClaim { order, reason, description: None })
        }
        OfOrder::Rule => Command::RuleClaim(order, amount.map_or(Ruling::Seller, Ruling::Split)),
        OfOrder::Refund => refund(PaymentRef::Intent(row.intent), Some(order), amount),
    })
}

fn refund(payment: PaymentRef, order: Option<OrderId>, amount: Option<Money>) -> Command {
    let (reason, metadata) = (RefundReason::RequestedByCustomer, Default::default());
    Command::CreateRefund(CreateRefund {
        payment,
        order,
        amount,
        reason,
        metadata,
        pulls: Default::default(),
    })
}
