//! What a table may do: each verb is a command, an answer from outside, or time that passes.

use holdfast_core::address::{Address, ShippingTo};
use holdfast_core::checkout::answers::Answers;
use holdfast_core::checkout::questions::ConsentAsked;
use holdfast_core::checkout::{
    Adjustable, BlockedBrand, BlockedFunding, CheckoutSession, Given, Line, ShippingOption,
    TermsTransfer,
};
use holdfast_core::command::{
    CancelBy, CapturePaymentIntent, Command, ConfirmPaymentIntent, CreateCheckoutSession,
    CreateFeeRefund, CreateRefund, CreateReversal, CreateSetup, CreateTopup, CreateTransfer,
    FundsCommand, HoldCommand, IncrementAuthorization, Keep, NewSessionSetup, OpenClaim,
    PaymentRef, Ruling, ShipOrder,
};
use holdfast_core::currency::Currency;
use holdfast_core::fee::ApplicationFee;
use holdfast_core::held::HeldFunds;
use holdfast_core::id::{IdSource, OrderId};
use holdfast_core::money::Money;
use holdfast_core::order::{ClaimReason, Order};
use holdfast_core::payment::attempt::Attempt;
use holdfast_core::payment::capture_method::CaptureMethod;
use holdfast_core::payment::card::CardSummary;
use holdfast_core::payment::intent::{CancelReason, PaymentIntent};
use holdfast_core::payment::method::PaymentMethod;
use holdfast_core::payment::refund::RefundReason;
use holdfast_core::payment::usage::FutureUsage;
use holdfast_core::refusal::Refusal;
use holdfast_core::row::Record;
use holdfast_core::topup::Topup;
use holdfast_core::transfer::Transfer;

use super::super::make;
use super::super::processor;
use super::super::words::Words;
use super::Table;
use super::discount::product;

type Outcome = Result<(), Refusal>;

impl Table {
    /// Carries out a line.
    pub(super) fn act(&mut self, verb: &str, words: &mut Words<'_>) -> Outcome {
        match verb {
            "processor" => self.set_processor(words),
            "wait" => {
                let to = self.world.now.after(words.span());
                self.world.wait_until(to);
                Ok(())
            }
            // Time passes and no clock of ours has rung yet.
            "jump" => {
                self.world.now = self.world.now.after(words.span());
                Ok(())
            }
            "forget-choice" => {
                let session = self.world.names.id::<CheckoutSession>(words.word());
                let mut session: CheckoutSession = self.world.row(&session);
                session.shipping_choice = None;
                self.world.overwrite(session);
                Ok(())
            }
            "pay-out" => {
                let seller = self.world.seller(words.word());
                self.world.pay_out(seller, words.money());
                Ok(())
            }
            "banks-at" => self.add_bank(words),
            "earns" => self.earn(words),
            "bought" => self.buy(words),
            "shipped" => {
                self.buy(words)?;
                self.ship_all()
            }
            "answer" => self.answer(words),
            "bank-holds" => self.bank_holds(words),
            "repeat" => self.repeat(words),
            "ok" => self.answer_all(),
            "raised" => self.raised(words),
            "unheard" => self.unheard(words),
            "evidence" => self.evidence(words),
            "accept" => self.accept(words),
            "receiver" => self.receiver(words),
            _ => {
                let saving = self.saving(verb, words).or_else(|| self.discount(verb, words));
                let command = saving.unwrap_or_else(|| self.command(verb, words));
                self.world.ask(command).map(|_| ())
            }
        }
    }

    fn set_processor(&mut self, words: &mut Words<'_>) -> Outcome {
        match words.word() {
            "captures" => self.captures_max = words.number(),
            "life" => self.life = words.span(),
            what => panic!("a processor has no {what}"),
        }
        Ok(())
    }

    /// Opens a session, pays it, and the bank approves.
    fn buy(&mut self, words: &mut Words<'_>) -> Outcome {
        let open = self.open(words);
        self.world.ask(open)?;
        let session = self.world.all::<CheckoutSession>().pop().expect("it was just made");
        let total = session.totals().expect("a total").total;
        self.world.ask(make::pay(session.id, total))?;
        let attempt = self.world.all::<Attempt>().pop().expect("it was just made");
        let name = self.world.names.of(&Attempt::key(&attempt.id));
        self.answer(&mut Words::of(&format!("{name} approved")))
    }

    /// Every order that waits for it is shipped, and its money taken.
    fn ship_all(&mut self) -> Outcome {
        for order in self.world.all::<Order>().into_iter().filter(Order::awaits_shipment) {
            let (order, carrier, tracking_number) = (order.id, None, None);
            self.world.ask(Command::ShipOrder(ShipOrder { order, carrier, tracking_number }))?;
        }
        self.answer_all()
    }

    fn command(&mut self, verb: &str, words: &mut Words<'_>) -> Command {
        match verb {
            "open" => self.open(words),
            "open-setup" => self.open_setup(words),
            "choose" => {
                let session = self.world.names.id::<CheckoutSession>(words.word());
                Command::ChooseShipping(session, words.number())
            }
            "take" => {
                let session = self.world.names.id::<CheckoutSession>(words.word());
                let row = self.world.all::<CheckoutSession>();
                let row = row.into_iter().find(|row| row.id == session);
                let line = row.map_or_else(Vec::new, |row| row.lines);
                let line = line.get(usize::from(words.number())).map(|line| line.id);
                let line = line.unwrap_or(IdSource::first_at(0));
                Command::ChooseQuantity(session, line, words.number().into())
            }
            "offer" => self.offer(words),
            "revise" => self.revise(words),
            "pay" => {
                let session = self.world.names.id::<CheckoutSession>(words.word());
                let mut pay = make::pay(session, words.money());
                if let Command::ConfirmCheckoutSession(confirm) = &mut pay {
                    give(&mut confirm.given, words);
                    if words.is("by") {
                        let brand = words.word().to_owned();
                        confirm.seen = Some(Box::new(CardSummary { brand, ..processor::card() }));
                    }
                    if words.is("kept") {
                        confirm.token = None;
                        let method = self.world.names.id::<PaymentMethod>(words.word());
                        confirm.card_use.method = Some(method);
                    }
                }
                pay
            }
            "expire" => {
                Command::ExpireCheckoutSession(self.world.names.id::<CheckoutSession>(words.word()))
            }
            "create" | "charge" => self.create(verb == "charge", words),
            "confirm" => self.confirm(words.word()),
            "capture" => self.capture(words),
            "raise" => self.raise(words),
            "change" => self.change(words),
            "cancel" => self.cancel(words),
            "refund" => self.refund(words),
            "hook" | "unhook" | "switch" | "resend" | "clock" | "advance" | "step" | "look" => {
                self.rare(verb, words)
            }
            "pays-out" | "call-off" => self.payout(verb, words),
            "token" => self.token(words),
            "banks-by" => self.use_token(words),
            "closes" => self.close(words),
            "freeze" | "release" | "give-back" => self.held(verb, words),
            "transfer" | "reverse" | "refund-fee" | "top-up" | "cancel-top-up" => {
                self.funds(verb, words)
            }
            _ => self.order(verb, words),
        }
    }

    /// `raise p1 USD 6.00`: the bank is to hold that much.
    fn raise(&mut self, words: &mut Words<'_>) -> Command {
        let intent = self.world.names.id::<PaymentIntent>(words.word());
        let row: PaymentIntent = self.world.row(&intent);
        let expected = self.world.rows[&PaymentIntent::key(&intent)].version;
        let description = Some("more".to_owned());
        let (mut row, to) = (PaymentIntent { description, ..row }, words.money());
        self.set_way(&mut row.notes, words);
        let edit = Keep { row: row.into_row(), expected, event: None };
        let increment = IncrementAuthorization { intent, to, edit };
        Command::Hold(HoldCommand::Increment(Box::new(increment)))
    }

    fn order(&mut self, verb: &str, words: &mut Words<'_>) -> Command {
        let order: OrderId = self.world.names.id::<Order>(words.word());
        match verb {
            "ship" => {
                let tracking_number = words.any().map(str::to_owned);
                Command::ShipOrder(ShipOrder { order, carrier: None, tracking_number })
            }
            "deliver" => Command::DeliverOrder(order),
            "receive" => Command::ConfirmReceipt(order),
            "extend" => Command::ExtendProtection(order),
            "claim" => {
                let reason = ClaimReason::NotReceived;
                Command::OpenClaim(OpenClaim { order, reason, description: None })
            }
            "rule" => Command::RuleClaim(order, ruling(words)),
            _ => panic!("there is no verb {verb}"),
        }
    }

    fn held(&mut self, verb: &str, words: &mut Words<'_>) -> Command {
        let held = self.world.names.id::<HeldFunds>(words.word());
        match verb {
            "freeze" => Command::FreezeHeldFunds(held),
            "release" => Command::ReleaseHeldFunds(held, words.any_money()),
            _ => Command::RefundHeldFunds(held, words.any_money()),
        }
    }

    /// `transfer USD 5.00 amy from a1`, `reverse t1 USD 1.00 with-fee`, `refund-fee f1 USD 1.00`,
    /// `top-up USD 9.00`, `cancel-top-up u1`.
    fn funds(&mut self, verb: &str, words: &mut Words<'_>) -> Command {
        let names = &self.world.names;
        let metadata = Default::default();
        Command::Funds(Box::new(match verb {
            "transfer" => {
                let amount = words.any_money();
                let destination = self.world.seller(words.word());
                let source = words.is("from").then(|| names.id::<Attempt>(words.word()));
                let (group, description) = (None, None);
                let currency = amount.map_or(Currency::USD, Money::currency);
                FundsCommand::Transfer(CreateTransfer {
                    amount,
                    currency,
                    destination,
                    source,
                    group,
                    description,
                    metadata,
                })
            }
            "reverse" => {
                let transfer = names.id::<Transfer>(words.word());
                let (amount, with_fee) = (words.any_money(), words.is("with-fee"));
                let description = None;
                let reverse = CreateReversal { transfer, amount, with_fee, description, metadata };
                FundsCommand::Reverse(reverse)
            }
            "refund-fee" => {
                let fee = names.id::<ApplicationFee>(words.word());
                let amount = words.any_money();
                FundsCommand::RefundFee(CreateFeeRefund { fee, amount, metadata })
            }
            "top-up" => {
                let (description, statement_descriptor, group) = (None, None, None);
                FundsCommand::TopUp(CreateTopup {
                    amount: words.money(),
                    description,
                    statement_descriptor,
                    group,
                    metadata,
                })
            }
            _ => FundsCommand::CancelTopup(names.id::<Topup>(words.word())),
        }))
    }

    /// `amy USD 43.00 any, ben USD 9.00 x2 no-card from 1 to 5 ship USD 4.90, USD 9.90`
    fn open(&mut self, words: &mut Words<'_>) -> Command {
        let mut lines = Vec::new();
        let mut shipping = Vec::new();
        while let Some(name) = words.any() {
            if name == "ship" {
                shipping = prices(words);
                words.is("with");
            }
            if ["ship", "with"].contains(&name) {
                break;
            }
            let mut line = make::line(self.world.seller(name), words.money());
            if words.is("x2") {
                line.quantity = 2;
            }
            line.excludes_card = words.is("no-card");
            line.adjustable = words.is("any").then(Adjustable::default);
            if words.is("from") {
                let (minimum, _, maximum) = (words.number(), words.is("to"), words.number());
                let (minimum, maximum) = (Some(minimum.into()), Some(maximum.into()));
                line.adjustable = Some(Adjustable { minimum, maximum });
            }
            if words.is("own") {
                line.seller = None;
            }
            line.of = words.is("of").then(|| product(words.number()));
            lines.push(line);
            words.is(",");
        }
        let currency = lines.first().expect("a basket has a line").unit.currency();
        let options = shipping.into_iter();
        let options = options.map(|amount| ShippingOption::new("post", amount));
        let mut create = make::basket(currency, lines, options.collect());
        self.wish(&mut create, words);
        create.page.allow_codes = words.is("codes").then_some(true);
        create.discount = words.is("off").then(|| self.new_discount(words));
        Command::CreateCheckoutSession(Box::new(create))
    }

    /// `s1 USD 4.90, USD 9.90`: other ways to ship, or none.
    fn offer(&mut self, words: &mut Words<'_>) -> Command {
        let id = self.world.names.id::<CheckoutSession>(words.word());
        let expected = self.world.rows[&CheckoutSession::key(&id)].version;
        let mut row: CheckoutSession = self.world.row(&id);
        row.shipping_options.clear();
        while let Some(amount) = words.any_money() {
            row.shipping_options.push(ShippingOption::new("post", amount));
            words.is(",");
        }
        Command::ReviseSession(Box::new(Keep { row: row.into_row(), expected, event: None }))
    }

    /// `s1 amy USD 9.00, ben USD 1.00`: sells that, by the same ways to ship. `own`: the platform
    /// sells. `says hello`: the payment is described so.
    fn revise(&mut self, words: &mut Words<'_>) -> Command {
        let id = self.world.names.id::<CheckoutSession>(words.word());
        let expected = self.world.rows[&CheckoutSession::key(&id)].version;
        let mut row: CheckoutSession = self.world.row(&id);
        let old = std::mem::take(&mut row.lines);
        while let Some(name) = words.any() {
            if name == "says" {
                row.terms.description = Some(words.word().to_owned());
                row.lines.clone_from(&old);
                break;
            }
            let (seller, unit) = (self.world.seller(name), words.money());
            let seller = if words.is("own") { None } else { Some(seller) };
            row.lines.push(Line { seller, unit, ..old[0].clone() });
            words.is(",");
        }
        Command::ReviseSession(Box::new(Keep { row: row.into_row(), expected, event: None }))
    }

    /// `u1 welcome`: for a customer, or making one. `keep`: the card is kept. `to amy USD 5.00 fee
    /// USD 1.00`: the money goes on. `no-amex`, `no-credit`: such cards are not taken.
    /// `terms`: the buyer has to accept them. `ships`, `bills`,
    /// `calls`: where the goods go, the cardholder's address, a phone number have to be said.
    fn wish(&self, create: &mut CreateCheckoutSession, words: &mut Words<'_>) {
        create.customer = self.customer(words);
        if words.is("welcome") {
            create.page.customer_creation = Some("always".to_owned());
        }
        if words.is("keep") {
            create.terms.setup_future_usage = Some(FutureUsage::OffSession);
        }
        if words.is("to") {
            let destination = self.world.seller(words.word());
            let amount = words.any_money().map(Money::minor);
            create.terms.transfer = Some(TermsTransfer { destination, amount });
        }
        if words.is("fee") {
            create.terms.application_fee = Some(words.money().minor());
        }
        if words.is("no-amex") {
            create.terms.blocked.brands = vec![BlockedBrand::AmericanExpress];
        }
        if words.is("no-credit") {
            create.terms.blocked.fundings = vec![BlockedFunding::Credit];
        }
        if words.is("terms") {
            let consent = ConsentAsked { terms_required: Some(true), ..ConsentAsked::default() };
            create.page.questions.consent = Some(consent);
        }
        if words.is("ships") {
            create.page.shipping_countries = vec!["DE".to_owned(), "AE".to_owned()];
        }
        if words.is("bills") {
            create.page.billing_address_collection = Some("required".to_owned());
        }
        if words.is("calls") {
            create.page.phone_number = Some(true);
        }
    }

    /// `open-setup u1 welcome`: a page that keeps a card.
    fn open_setup(&mut self, words: &mut Words<'_>) -> Command {
        let mut create = make::basket(Currency::USD, Vec::new(), Vec::new());
        self.wish(&mut create, words);
        let setup = CreateSetup { customer: create.customer, ..make::set_up() };
        create.setup = Some(NewSessionSetup { setup, currency: None });
        Command::CreateCheckoutSession(Box::new(create))
    }

    fn create(&mut self, confirm: bool, words: &mut Words<'_>) -> Command {
        let amount = words.money();
        let is_manual = words.is("manual");
        let method = if is_manual { CaptureMethod::Manual } else { CaptureMethod::Automatic };
        let token = !words.is("without-card");
        let mut create = make::create(amount, method, token, confirm);
        if let Command::CreatePaymentIntent(create) = &mut create {
            self.set_way(&mut create.notes, words);
        }
        create
    }

    fn confirm(&mut self, name: &str) -> Command {
        let intent = self.world.names.id::<PaymentIntent>(name);
        let is_known = self
            .world
            .all::<PaymentIntent>()
            .iter()
            .any(|row| row.id == intent && row.state.name() == "requires_confirmation");
        let token = if is_known { None } else { Some(make::token()) };
        Command::ConfirmPaymentIntent(ConfirmPaymentIntent {
            intent,
            token,
            card_use: Default::default(),
            return_url: None,
            edit: None,
        })
    }

    fn capture(&mut self, words: &mut Words<'_>) -> Command {
        let intent = self.world.names.id::<PaymentIntent>(words.word());
        let amount = words.any_money();
        let is_final = !words.is("more-later");
        Command::CapturePaymentIntent(CapturePaymentIntent { intent, amount, is_final, edit: None })
    }

    /// `cancel p1`, or `cancel o1 by buyer`.
    fn cancel(&mut self, words: &mut Words<'_>) -> Command {
        let name = words.word();
        if !words.is("by") {
            let intent = self.world.names.id::<PaymentIntent>(name);
            return Command::CancelPaymentIntent(intent, CancelReason::RequestedByCustomer);
        }
        let by = match words.word() {
            "buyer" => CancelBy::Buyer,
            "seller" => CancelBy::Seller,
            "platform" => CancelBy::Platform,
            who => panic!("{who} cannot cancel"),
        };
        Command::CancelOrder(self.world.names.id::<Order>(name), by)
    }

    /// `refund p1`, `refund a1 USD 9.00` or `refund o1 USD 9.00`.
    fn refund(&mut self, words: &mut Words<'_>) -> Command {
        let name = words.word();
        let names = &self.world.names;
        let (payment, order) = if name.starts_with('a') {
            (PaymentRef::Attempt(names.id::<Attempt>(name)), None)
        } else if name.starts_with('o') {
            let order = names.id::<Order>(name);
            let paid_for = self.world.all::<Order>().into_iter().find(|row| row.id == order);
            // An order that is not there is looked for at the first payment.
            let intent = paid_for.map_or(names.id::<PaymentIntent>("p1"), |row| row.intent);
            (PaymentRef::Intent(intent), Some(order))
        } else {
            (PaymentRef::Intent(names.id::<PaymentIntent>(name)), None)
        };
        Command::CreateRefund(CreateRefund {
            payment,
            order,
            amount: words.any_money(),
            reason: RefundReason::RequestedByCustomer,
            metadata: Default::default(),
            pulls: Default::default(),
        })
    }
}

fn prices(words: &mut Words<'_>) -> Vec<Money> {
    let mut prices = vec![words.money()];
    while words.is(",") {
        prices.push(words.money());
    }
    prices
}

fn ruling(words: &mut Words<'_>) -> Ruling {
    match words.word() {
        "buyer" => Ruling::Buyer,
        "seller" => Ruling::Seller,
        "split" => Ruling::Split(words.money()),
        whom => panic!("nobody rules for {whom}"),
    }
}

/// `agreeing` to the terms, `shipping DE`, `living US` and `phone`: what a buyer says on the page.
fn give(given: &mut Given, words: &mut Words<'_>) {
    if words.is("agreeing") {
        let answers = Answers { accepts_terms: true, ..Answers::default() };
        given.answers = Some(Box::new(answers));
    }
    if words.is("shipping") {
        let (name, address) = ("Mira".to_owned(), address(words.word()));
        given.shipping = Some(Box::new(ShippingTo { address, name, phone: None }));
    }
    if words.is("living") {
        given.address = Some(address(words.word()));
    }
    if words.is("phone") {
        given.phone = Some("+49 30 123456".to_owned());
    }
}

/// An address with a city and a code, and no state.
fn address(country: &str) -> Address {
    let text = |text: &str| Some(text.to_owned());
    Address {
        city: text("Berlin"),
        country: text(country),
        line1: text("Lindenstr. 1"),
        line2: None,
        postal_code: text("10969"),
        state: None,
    }
}
