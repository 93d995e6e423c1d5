//! The pay page and the buyer's order page.

use holdfast_core::checkout::BlockedCards;
use holdfast_core::checkout::problem::AddressOf;
use holdfast_core::checkout::questions::PageTexts;
use holdfast_core::order::{ClaimReason, OrderCancelReason, ReleaseReason};
use holdfast_core::time::Span;
use holdfast_web::order::pages::{CancelOrderPage, ConfirmReceiptPage, OpenClaimPage, OrderPage};
use holdfast_web::order::status::OrderStatus;
use holdfast_web::order::views::{
    Actions, CancelOrder, CancelRequest, Claim, ConfirmReceipt, DescriptionProblem, Ending,
    Extension, OpenClaim, Order, OrderNotice, Parcel, Ruling, Step, StepKind,
};
use holdfast_web::page::{Problem, ProblemPage};
use holdfast_web::pay::asks::{
    AddressAsks, Ask, AskKind, AskProblem, Asks, Choice, Label, Need, TermsAsk,
};
use holdfast_web::pay::card_errors::CardErrors;
use holdfast_web::pay::decline::Decline;
use holdfast_web::pay::pages::{
    ChallengePage, CheckoutPage, ClosedPage, ConfirmPage, PaidPage, WaitingPage,
};
use holdfast_web::pay::views::{
    Card, CardForm, Challenge, Checkout, Closed, ClosedReason, CodeForm, CodeProblem, Confirm,
    Discount, Line, Method, Notice, Paid, PaidOrder, Purpose, Quantities, SellerLines,
    ShippingOption, Summary, Waiting,
};
use holdfast_web::texts::Texts;

use super::{NOW, Sample, days_ago, in_days, sample, shell, usd};

const ORDER_PATH: &str = "/o/ord_1Lamp/k3Qz";

pub fn all(t: &Texts) -> Vec<Sample> {
    let mut samples = pay(t);
    samples.extend(orders(t));
    samples
}

fn pay(t: &Texts) -> Vec<Sample> {
    let checkout = |path, v: &Checkout| sample(path, &CheckoutPage { t, shell: &shell(path), v });
    let closed = |path, reason| {
        let v = Closed { reason, back_url: shop() };
        sample(path, &ClosedPage { t, shell: &shell(path), v: &v })
    };
    let plain = shell("/pay/page");
    vec![
        checkout("/pay/checkout", &self::checkout()),
        checkout("/pay/errors", &with_errors()),
        checkout("/pay/declined", &declined(Decline::Funds)),
        checkout("/pay/no-card", &no_card()),
        checkout("/pay/code", &takes_codes(None)),
        checkout("/pay/code-entered", &takes_codes(Some("SPRING"))),
        checkout("/pay/long", &long()),
        checkout("/pay/keep", &keep()),
        checkout("/pay/asking", &asking()),
        checkout("/pay/quantities", &with_quantities()),
        sample("/pay/amended", &ConfirmPage { t, shell: &plain, v: &amended() }),
        sample("/pay/kept", &PaidPage { t, shell: &plain, v: &kept() }),
        sample("/pay/keep-confirm", &ConfirmPage { t, shell: &plain, v: &confirm_keeping() }),
        sample("/pay/confirm", &ConfirmPage { t, shell: &plain, v: &confirm() }),
        sample("/pay/waiting", &WaitingPage { t, shell: &plain, v: &waiting(false) }),
        sample("/pay/slow", &WaitingPage { t, shell: &plain, v: &waiting(true) }),
        sample("/pay/challenge", &ChallengePage { t, shell: &plain, v: &challenge(false) }),
        closed("/pay/expired", ClosedReason::Expired),
        closed("/pay/canceled", ClosedReason::Canceled),
        closed("/pay/attempts", ClosedReason::TooManyAttempts),
        sample("/pay/paid", &PaidPage { t, shell: &plain, v: &paid(false) }),
        sample("/pay/again", &PaidPage { t, shell: &plain, v: &paid(true) }),
        sample("/pay/not-found", &ProblemPage { t, shell: &plain, v: &Problem::NotFound }),
    ]
}

fn orders(t: &Texts) -> Vec<Sample> {
    let plain = shell(ORDER_PATH);
    let order = |path, v: &Order| sample(path, &OrderPage { t, shell: &shell(path), v });
    vec![
        order("/order/awaiting", &awaiting()),
        order("/order/shipped", &shipped()),
        order("/order/claim", &in_claim()),
        order("/order/completed", &completed()),
        order("/order/canceled", &canceled()),
        sample("/order/receipt", &ConfirmReceiptPage { t, shell: &plain, v: &receipt() }),
        sample("/order/cancel", &CancelOrderPage { t, shell: &plain, v: &cancel(Some(48)) }),
        sample("/order/claim-form", &OpenClaimPage { t, shell: &plain, v: &claim_form() }),
    ]
}

pub fn shop() -> Option<String> {
    Some("http://127.0.0.1:4000/basket".to_owned())
}

pub fn line(name: &str, quantity: u32, unit: i64) -> Line {
    Line {
        name: name.to_owned(),
        description: None,
        quantity,
        unit: usd(unit),
        total: usd(unit * i64::from(quantity)),
        quantities: None,
    }
}

pub fn summary() -> Summary {
    let mut lamp = line("Reading lamp, brass", 1, 2_950);
    lamp.description = Some("With a linen shade, plug type C".to_owned());
    Summary {
        sellers: vec![
            SellerLines { seller: Some("Blue Lamp Studio".to_owned()), lines: vec![lamp] },
            SellerLines {
                seller: Some("Noura's Kitchen".to_owned()),
                lines: vec![line("Olive wood spoon", 2, 710)],
            },
        ],
        items: usd(4_370),
        discount: None,
        shipping: Some(usd(500)),
        delivery: None,
        total: usd(4_870),
    }
}

pub fn card_form() -> CardForm {
    CardForm {
        zone: "http://127.0.0.1:4005".to_owned(),
        key: "pk_test_gallery".to_owned(),
        attempt: "first".to_owned(),
        blocked: BlockedCards::default(),
        errors: CardErrors::default(),
    }
}

pub fn checkout() -> Checkout {
    let option = |id: &str, name: &str, price, chosen| ShippingOption {
        id: id.to_owned(),
        name: name.to_owned(),
        price: usd(price),
        delivery: None,
        chosen,
    };
    Checkout {
        path: "/c/cs_test_1Basket/k3Qz".to_owned(),
        purpose: Purpose::BuyFromSellers,
        button: "pay-button",
        asks: Asks::default(),
        texts: PageTexts::default(),
        summary: summary(),
        code: None,
        shipping: vec![
            option("0", "Standard, 5 to 8 days", 500, true),
            option("1", "Express, 1 to 2 days", 1_490, false),
            option("2", "Pick up at the market", 0, false),
        ],
        method: Method::Card(card_form()),
        notice: None,
        back_url: shop(),
    }
}

/// A basket of which the buyer may take more or fewer.
pub fn with_quantities() -> Checkout {
    let mut checkout = checkout();
    let action = format!("{}/quantity", checkout.path);
    let lines = checkout.summary.sellers.iter_mut().flat_map(|seller| &mut seller.lines);
    for (least, line) in (0..).zip(lines) {
        let id = format!("li_{least}");
        line.quantities = Some(Quantities { action: action.clone(), line: id, least, most: 99 });
    }
    checkout.notice = Some(Notice::QuantityRefused);
    checkout
}

fn ask(id: &'static str, name: &'static str, kind: AskKind, value: &str) -> Ask {
    let (label, value) = (Label::Ours(id), value.to_owned());
    Ask { id, name, label, kind, need: Need::Always, value, problem: None }
}

/// Everything that a shop may ask, and every text that it may add.
pub fn asking() -> Checkout {
    Checkout { asks: asks(), texts: texts(), ..checkout() }
}

/// The same where some answers will not do.
pub fn amended() -> Confirm {
    let mut asks = asks();
    let problems = [None, Some(AskProblem::TooLong(12)), Some(AskProblem::NotDigits)];
    let problems = problems.into_iter().chain([Some(AskProblem::NotChosen)]);
    asks.inputs.iter_mut().zip(problems).for_each(|(ask, problem)| ask.problem = problem);
    let terms = asks.terms.take().unwrap();
    asks.terms = Some(TermsAsk { is_missing: true, ..terms });
    let notice = Some(Notice::DetailsMissing);
    Confirm { asks, texts: texts(), notice, ..confirm() }
}

fn asks() -> Asks {
    let shop = |ask: Ask, words: &str| Ask { label: Label::Shop(words.to_owned()), ..ask };
    let choice =
        |value: &str, label: &str| Choice { value: value.to_owned(), label: label.to_owned() };
    let sizes = AskKind::Choice(vec![choice("s", "Small"), choice("l", "Large <b>")]);
    let text = AskKind::Text { least: 2, most: 12 };
    let digits = AskKind::Digits { least: 0, most: 4 };
    Asks {
        inputs: vec![
            ask("buyer-name", "individual_name", AskKind::Name("name"), "Mira"),
            shop(ask("own-1", "own-1", text, "For \"Ada\" <3"), "Engraving & <i>more</i>"),
            Ask { need: Need::Never, ..shop(ask("own-2", "own-2", digits, "7a"), "Room") },
            shop(ask("own-3", "own-3", sizes, "l"), "Size"),
        ],
        shipping: Some(shipping_address()),
        billing: Some(billing_address()),
        terms: Some(TermsAsk {
            words: Some("I accept the [terms <of sale>](https://shop.example/terms).".to_owned()),
            ..TermsAsk::default()
        }),
        news: Some(true),
        shows_reuse: true,
    }
}

fn shipping_address() -> AddressAsks {
    let offered = ["AE", "DE", "US"].map(str::to_owned).to_vec();
    let half = |word| AskKind::Line { word, most: 200, is_half: true };
    let part = |id, key, kind, value| Ask { label: Label::Ours(key), ..ask(id, id, kind, value) };
    let country = AskKind::Country { word: "shipping country", offered };
    let line = AskKind::Line { word: "shipping address-line1", most: 200, is_half: false };
    let code = half("shipping postal-code");
    let region = part("ship-state", "address-region", half("shipping address-level1"), "Berlin");
    AddressAsks {
        of: AddressOf::Shipping,
        same: None,
        inputs: vec![
            part("ship-name", "buyer-name", AskKind::Name("shipping name"), "Mira <script>"),
            part("ship-country", "address-country", country, "DE"),
            part("ship-line1", "address-line1", line, "Lindenstra\u{df}e 1 \"left\""),
            Ask { need: Need::Perhaps, ..region },
            part("ship-postal-code", "address-postal-code", code, "10969"),
        ],
    }
}

fn billing_address() -> AddressAsks {
    let offered = holdfast_core::address::country::known().map(str::to_owned).collect();
    let country = AskKind::Country { word: "billing country", offered };
    let country = Ask { need: Need::Perhaps, ..ask("bill-country", "bill-country", country, "") };
    let inputs = vec![Ask { label: Label::Ours("address-country"), ..country }];
    AddressAsks { of: AddressOf::Billing, same: Some(true), inputs }
}

fn texts() -> PageTexts {
    let text = |words: &str| Some(words.to_owned());
    PageTexts {
        after_submit: text("Made <to> order."),
        shipping_address: text("We ship from Porto."),
        submit: text("Two weeks.\n[Ask us](https://shop.example/ask), not [him](ftp://x)"),
        terms: None,
    }
}

/// A page that keeps a card and asks who the buyer is.
pub fn keep() -> Checkout {
    let inputs = vec![
        ask("buyer-email", "email", AskKind::Email, ""),
        ask("buyer-phone", "phone", AskKind::Phone, "+351 912 345"),
    ];
    let asks = Asks { inputs, ..Asks::default() };
    Checkout {
        purpose: Purpose::KeepCard,
        button: "keep-button",
        asks,
        shipping: Vec::new(),
        ..checkout()
    }
}

pub fn kept() -> Paid {
    let message = Some("See you at the market.".to_owned());
    let (purpose, orders) = (Purpose::KeepCard, Vec::new());
    Paid { purpose, message, total: None, receipt: None, orders, ..paid(false) }
}

pub fn confirm_keeping() -> Confirm {
    Confirm { purpose: Purpose::KeepCard, button: "keep-button", asks: keep().asks, ..confirm() }
}

pub fn with_errors() -> Checkout {
    let errors = CardErrors::parse("number.incorrect_number,exp.expired_card,cvc.invalid_cvc");
    Checkout { method: Method::Card(CardForm { errors, ..card_form() }), ..checkout() }
}

pub fn declined(decline: Decline) -> Checkout {
    let form = CardForm { attempt: "ch_1First".to_owned(), ..card_form() };
    let notice = Some(Notice::Declined(decline));
    Checkout { notice, method: Method::Card(form), ..checkout() }
}

pub fn no_card() -> Checkout {
    let products = vec!["Pocket knife <b>\"Opinel\"</b>".to_owned()];
    Checkout { method: Method::Unavailable { products }, shipping: Vec::new(), ..checkout() }
}

/// A page that takes promotion codes: with a field for one, or with the one that was entered.
pub fn takes_codes(applied: Option<&str>) -> Checkout {
    let name = applied.map(str::to_owned);
    let mut summary = summary();
    if applied.is_some() {
        summary.discount = Some(Discount { name: name.clone(), amount: usd(-437) });
        summary.total = usd(4_433);
    }
    let code = Some(CodeForm { applied: name, chars_max: 100 });
    let notice = applied.is_none().then_some(Notice::Code(CodeProblem::Over));
    Checkout { summary, code, notice, ..checkout() }
}

/// What a page must bear: many lines, long names without a space, large sums.
pub fn long() -> Checkout {
    let name = "Extraordinarilylongproductnamewithoutanyspaceatalltobreakitinto";
    let lines = (1..=12).map(|n| line(&format!("{name}{n}"), 99, 12_345_678)).collect();
    let sum = 12 * 99 * 12_345_678;
    let summary = Summary {
        sellers: vec![SellerLines { seller: Some(name.to_owned()), lines }],
        items: usd(sum),
        discount: None,
        shipping: None,
        delivery: None,
        total: usd(sum),
    };
    Checkout { summary, shipping: Vec::new(), notice: Some(Notice::TotalChanged), ..checkout() }
}

pub fn card() -> Card {
    Card { brand: "visa".to_owned(), last4: "3184".to_owned() }
}

pub fn confirm() -> Confirm {
    Confirm {
        path: "/c/cs_test_1Basket/k3Qz".to_owned(),
        token: "tok_gallery".to_owned(),
        purpose: Purpose::BuyFromSellers,
        button: "pay-button",
        asks: Asks::default(),
        texts: PageTexts::default(),
        notice: None,
        card: Some(card()),
        attempt: "first".to_owned(),
        summary: summary(),
    }
}

pub fn waiting(slow: bool) -> Waiting {
    Waiting { path: "/c/cs_test_1Basket/k3Qz".to_owned(), total: Some(usd(4_870)), slow }
}

pub fn challenge(at_once: bool) -> Challenge {
    Challenge {
        bank_url: "http://127.0.0.1:4004/challenge/sba_1".to_owned(),
        total: Some(usd(4_870)),
        expires_at: Some(NOW.after(Span::seconds(600))),
        at_once,
    }
}

pub fn paid(again: bool) -> Paid {
    let order = |id: &str, seller: &str, total| PaidOrder {
        id: id.to_owned(),
        seller: seller.to_owned(),
        total: usd(total),
        ship_by: Some(in_days(11)),
        url: format!("http://127.0.0.1:4002/o/{id}/k3Qz"),
    };
    Paid {
        reference: "pi_1Basket".to_owned(),
        purpose: Purpose::BuyFromSellers,
        message: None,
        total: Some(usd(4_870)),
        paid_at: NOW,
        card: Some(card()),
        receipt: Some("/r/ch_1Basket/k3Qz".to_owned()),
        orders: vec![
            order("ord_1Lamp", "Blue Lamp Studio", 3_287),
            order("ord_1Spoon", "Noura's Kitchen", 1_583),
        ],
        again,
        back_url: shop(),
    }
}

pub fn awaiting() -> Order {
    let step = |kind, at| Step { kind, at };
    Order {
        id: "ord_1Spoon".to_owned(),
        path: ORDER_PATH.to_owned(),
        seller: "Noura's Kitchen".to_owned(),
        status: OrderStatus::AwaitingShipment,
        ending: None,
        now: NOW,
        timeline: vec![
            step(StepKind::Paid, Some(days_ago(1))),
            step(StepKind::Shipped, None),
            step(StepKind::Delivered, None),
            step(StepKind::Completed, None),
        ],
        lines: vec![line("Olive wood spoon", 2, 710)],
        items: usd(1_420),
        discount: None,
        shipping: Some(usd(163)),
        total: usd(1_583),
        refunded: None,
        ship_by: Some(in_days(6)),
        parcel: None,
        protection_ends_at: None,
        cancel_requested: None,
        claim: None,
        actions: Actions { cancel: true, ..Actions::default() },
        receipt: Some("/r/ch_1Basket/k3Qz".to_owned()),
        notice: None,
    }
}

pub fn shipped() -> Order {
    let mut order = awaiting();
    order.status = OrderStatus::Shipped;
    order.timeline[1].at = Some(days_ago(0));
    order.ship_by = None;
    order.parcel = Some(Parcel {
        carrier: Some("Aramex".to_owned()),
        tracking_number: Some("ARX-2231-884".to_owned()),
        shipped_at: NOW,
        delivered_at: None,
    });
    order.protection_ends_at = Some(in_days(60));
    order.actions = Actions {
        confirm: true,
        extend: Some(Extension { days: 15, until: in_days(75), ends_at: in_days(60) }),
        cancel: false,
        claim: true,
    };
    order.notice = Some(OrderNotice::Extended);
    order
}

pub fn in_claim() -> Order {
    let mut order = shipped();
    order.status = OrderStatus::InClaim;
    order.timeline.insert(2, Step { kind: StepKind::ClaimOpened, at: Some(NOW) });
    order.claim = Some(Claim {
        reason: ClaimReason::Damaged,
        description: Some("One spoon is split along the handle.\n<script>alert(1)</script>".into()),
        opened_at: NOW,
        ruling: Some(Ruling { to_buyer: usd(710), to_seller: usd(873), at: NOW }),
    });
    order.actions = Actions::default();
    order.notice = Some(OrderNotice::Claimed);
    order
}

pub fn completed() -> Order {
    let mut order = shipped();
    order.status = OrderStatus::Completed;
    order.ending = Some(Ending::Completed(ReleaseReason::BuyerConfirmed));
    for step in &mut order.timeline {
        step.at = Some(NOW);
    }
    order.protection_ends_at = None;
    order.actions = Actions::default();
    order.notice = Some(OrderNotice::Confirmed);
    order
}

pub fn canceled() -> Order {
    let mut order = awaiting();
    order.status = OrderStatus::Canceled;
    order.ending = Some(Ending::Canceled(OrderCancelReason::NotShipped));
    order.timeline.truncate(1);
    order.timeline.push(Step { kind: StepKind::Canceled, at: Some(NOW) });
    order.ship_by = None;
    order.refunded = Some(usd(1_583));
    order.actions = Actions::default();
    order.notice = Some(OrderNotice::NotPossible);
    order
}

pub fn asked_to_cancel() -> Order {
    let mut order = awaiting();
    order.cancel_requested = Some(CancelRequest { answer_by: in_days(2) });
    order.actions = Actions::default();
    order
}

pub fn receipt() -> ConfirmReceipt {
    ConfirmReceipt {
        path: ORDER_PATH.to_owned(),
        seller: "Noura's Kitchen".to_owned(),
        held: usd(1_583),
        lines: vec![line("Olive wood spoon", 2, 710)],
    }
}

pub fn cancel(answer_hours: Option<u32>) -> CancelOrder {
    CancelOrder {
        path: ORDER_PATH.to_owned(),
        seller: "Noura's Kitchen".to_owned(),
        refund: usd(1_583),
        answer_hours,
    }
}

pub fn claim_form() -> OpenClaim {
    OpenClaim {
        path: ORDER_PATH.to_owned(),
        seller: "Noura's Kitchen".to_owned(),
        held: usd(1_583),
        reason: Some(ClaimReason::Damaged),
        description: String::new(),
        reason_missing: false,
        description_problem: Some(DescriptionProblem::Missing),
    }
}
