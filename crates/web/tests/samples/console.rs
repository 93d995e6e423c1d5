//! The console.

use holdfast_web::console::pages::{
    ConsoleOrderPage, ConsoleProblemPage, EndpointPage, EventsPage, HomePage, OrdersPage,
    PaymentPage, PaymentsPage, SellersPage, WebhooksPage,
};
use holdfast_web::console::status::{
    AttemptStatus, DeliveryStatus, Funding, MoveKind, MoveStatus, PaymentStatus,
};
use holdfast_web::console::views::{
    Attempt, ConsoleNotice, ConsoleOrder, ConsoleShell, Delivery, Endpoint, EndpointRow, Entry,
    EventRow, Events, Figures, Home, Move, Neighbours, OrderFormError, OrderRow, Orders,
    OwnBalance, Pager, Payment, PaymentRow, Payments, Posting, Section, SellerBalance, SellerRow,
    Sellers, Side, Try, Webhooks,
};
use holdfast_web::order::status::OrderStatus;
use holdfast_web::page::Problem;
use holdfast_web::texts::Texts;

use super::buyers::{card, in_claim, line, shipped};
use super::{NOW, Sample, days_ago, in_days, sample, usd};

pub fn all(t: &Texts) -> Vec<Sample> {
    let frame = |path: &str, section| shell(Some(path), section);
    let payments = frame("/console/payments", Section::Payments);
    let orders = frame("/console/orders", Section::Orders);
    let sellers = frame("/console/sellers", Section::Sellers);
    let webhooks = frame("/console/webhooks", Section::Webhooks);
    let event_shell = frame("/console/events", Section::Events);
    let home_shell = frame("/console/home", Section::Home);
    vec![
        sample("/console/home", &HomePage { t, shell: &home_shell, v: &home() }),
        sample("/console/empty", &HomePage { t, shell: &home_shell, v: &empty_home() }),
        sample("/console/payments", &PaymentsPage { t, shell: &payments, v: &self::payments() }),
        sample("/console/payment", &PaymentPage { t, shell: &payments, v: &payment() }),
        sample("/console/orders", &OrdersPage { t, shell: &orders, v: &self::orders() }),
        sample("/console/order", &ConsoleOrderPage { t, shell: &orders, v: &to_ship() }),
        sample("/console/claim", &ConsoleOrderPage { t, shell: &orders, v: &to_rule() }),
        sample("/console/sellers", &SellersPage { t, shell: &sellers, v: &self::sellers() }),
        sample("/console/webhooks", &WebhooksPage { t, shell: &webhooks, v: &self::webhooks() }),
        sample("/console/webhook", &EndpointPage { t, shell: &webhooks, v: &endpoint() }),
        sample("/console/events", &EventsPage { t, shell: &event_shell, v: &event_log() }),
        sample(
            "/console/not-found",
            &ConsoleProblemPage { t, shell: &orders, v: &Problem::NotFound },
        ),
    ]
}

pub fn shell(path: Option<&str>, section: Section) -> ConsoleShell {
    ConsoleShell {
        shop: "Bazaar".to_owned(),
        test_mode: true,
        section: Some(section),
        path: path.map(str::to_owned),
        form_token: "f0rm".to_owned(),
        now: NOW,
        notice: (section == Section::Orders).then_some(ConsoleNotice::Shipped),
        neighbours: Neighbours {
            shop: Some("http://127.0.0.1:4000".to_owned()),
            sandbox: Some("http://127.0.0.1:4004".to_owned()),
            api: Some("http://127.0.0.1:4001".to_owned()),
        },
    }
}

pub fn home() -> Home {
    let row = |currency: &str| Figures {
        currency: currency.to_owned(),
        on_cards: usd(7_190),
        held: usd(123_456),
        to_release: usd(120_000),
        sellers_available: usd(98_765_432),
    };
    let own = OwnBalance {
        currency: "USD".to_owned(),
        available: usd(-4_321),
        pending: usd(156_789),
        fees: usd(1_116),
    };
    Home {
        figures: vec![row("USD")],
        own: vec![own],
        unknown_outcomes: 1,
        oldest_unknown: Some(days_ago(0)),
        to_ship: 3,
        open_claims: 1,
        deliveries_retrying: 2,
        deliveries_failed: 1,
        endpoints: 2,
        sellers: sellers().rows,
        recent: payments().rows,
    }
}

pub fn empty_home() -> Home {
    Home {
        figures: Vec::new(),
        own: Vec::new(),
        unknown_outcomes: 0,
        oldest_unknown: None,
        to_ship: 0,
        open_claims: 0,
        deliveries_retrying: 0,
        deliveries_failed: 0,
        endpoints: 0,
        sellers: Vec::new(),
        recent: Vec::new(),
    }
}

pub fn payment_row(id: &str, status: PaymentStatus) -> PaymentRow {
    PaymentRow {
        id: id.to_owned(),
        status,
        unknown: status == PaymentStatus::Processing,
        amount: usd(4_870),
        created: NOW,
        card: Some(card()),
        sellers: "Blue Lamp Studio, Noura's Kitchen".to_owned(),
    }
}

pub fn payments() -> Payments {
    Payments {
        filter: Some(PaymentStatus::Succeeded),
        rows: vec![
            payment_row("pi_1Third", PaymentStatus::Processing),
            payment_row("pi_1Second", PaymentStatus::RequiresCapture),
            PaymentRow {
                card: None,
                ..payment_row("pi_1First", PaymentStatus::RequiresPaymentMethod)
            },
        ],
        pager: Pager { newer: None, older: Some("pi_1First".to_owned()) },
    }
}

pub fn events() -> Vec<EventRow> {
    let event = |id: &str, kind: &str, object: &str| EventRow {
        id: id.to_owned(),
        kind: kind.to_owned(),
        at: NOW,
        object: object.to_owned(),
    };
    vec![
        event("evt_1", "payment_intent.created", "pi_1Second"),
        event("evt_2", "payment_intent.amount_capturable_updated", "pi_1Second"),
        event("evt_3", "order.created", "ord_1Spoon"),
    ]
}

pub fn payment() -> Payment {
    let attempt = |number, status, decline: Option<&str>| Attempt {
        number,
        status,
        at: NOW,
        amount: usd(4_870),
        card: Some(card()),
        reference: format!("ch_1Attempt{number}"),
        receipt: (status == AttemptStatus::Authorized)
            .then(|| "http://127.0.0.1:4002/r/ch_1Attempt2/k3Qz".to_owned()),
        decline: decline.map(str::to_owned),
        expires_at: (status == AttemptStatus::Authorized).then(|| in_days(7)),
    };
    let posting = |account: &str, side, minor| Posting {
        account: account.to_owned(),
        side,
        amount: usd(minor),
    };
    Payment {
        row: payment_row("pi_1Second", PaymentStatus::RequiresCapture),
        session: Some("cs_test_1Basket".to_owned()),
        reference: Some("basket 77".to_owned()),
        capturable: usd(3_287),
        captured: usd(1_583),
        refunded: usd(0),
        attempts: vec![
            attempt(1, AttemptStatus::Declined, Some("insufficient_funds")),
            attempt(2, AttemptStatus::Authorized, None),
        ],
        orders: orders().rows,
        moves: moves(),
        events: events(),
        journal: vec![Entry {
            id: "je_1".to_owned(),
            command: "capture".to_owned(),
            at: NOW,
            postings: vec![
                posting("processor_clearing", Side::Debit, 1_583),
                posting("held:ord_1Spoon", Side::Credit, 1_583),
            ],
        }],
    }
}

pub fn moves() -> Vec<Move> {
    let row = |kind, status, id: &str, failure: Option<&str>| Move {
        kind,
        id: id.to_owned(),
        status,
        amount: usd(1_583),
        at: NOW,
        orders: "ord_1Spoon".to_owned(),
        failure: failure.map(str::to_owned),
    };
    vec![
        row(MoveKind::Capture, MoveStatus::Succeeded, "cap_1", None),
        row(MoveKind::Held, MoveStatus::Frozen, "hf_1", None),
        row(MoveKind::Refund, MoveStatus::Failed, "re_1", Some("expired_or_canceled_card")),
    ]
}

pub fn event_log() -> Events {
    Events { events: events(), pager: Pager { newer: None, older: Some("evt_1".to_owned()) } }
}

pub fn order_row(id: &str, status: OrderStatus) -> OrderRow {
    let waits = status == OrderStatus::AwaitingShipment;
    OrderRow {
        id: id.to_owned(),
        status,
        seller: "Noura's Kitchen".to_owned(),
        total: usd(1_583),
        created: NOW,
        ship_by: waits.then(|| in_days(11)),
        can_ship: waits,
    }
}

pub fn orders() -> Orders {
    Orders {
        filter: None,
        seller: None,
        rows: vec![
            order_row("ord_1Spoon", OrderStatus::AwaitingShipment),
            order_row("ord_1Lamp", OrderStatus::InClaim),
            order_row("ord_1Cup", OrderStatus::Completed),
        ],
        pager: Pager { newer: Some("ord_1Spoon".to_owned()), older: Some("ord_1Cup".to_owned()) },
    }
}

pub fn to_ship() -> ConsoleOrder {
    ConsoleOrder {
        row: order_row("ord_1Spoon", OrderStatus::AwaitingShipment),
        payment: "pi_1Second".to_owned(),
        lines: vec![line("Olive wood spoon", 2, 710)],
        discount: None,
        shipping: Some(usd(163)),
        funding: Funding::Authorized,
        ending: None,
        held: usd(0),
        released: usd(0),
        refunded: usd(0),
        fee: None,
        parcel: None,
        protection_ends_at: None,
        cancel_requested: None,
        claim: None,
        can_deliver: false,
        can_cancel: true,
        can_rule: false,
        error: Some(OrderFormError::ParcelTooLong),
        events: events(),
    }
}

pub fn to_rule() -> ConsoleOrder {
    let claimed = in_claim();
    let claim = claimed.claim.map(|mut claim| {
        claim.ruling = None;
        claim
    });
    ConsoleOrder {
        row: order_row("ord_1Lamp", OrderStatus::InClaim),
        funding: Funding::CaptureFailed("authorization_expired".to_owned()),
        held: usd(1_583),
        fee: Some(usd(79)),
        parcel: shipped().parcel,
        protection_ends_at: Some(in_days(60)),
        claim,
        can_deliver: true,
        can_cancel: false,
        can_rule: true,
        error: Some(OrderFormError::SplitOutOfRange),
        ..to_ship()
    }
}

pub fn sellers() -> Sellers {
    let balance = SellerBalance { held: usd(1_583), available: usd(30_000), fees: usd(1_500) };
    let row = |id: &str, name: &str, balances| SellerRow {
        id: id.to_owned(),
        name: name.to_owned(),
        stopped_banks: vec!["1113".to_owned()],
        balances,
    };
    Sellers {
        rows: vec![
            row("acct_1Lamp", "Blue Lamp Studio", vec![balance, balance]),
            row("acct_1Noura", "Noura's Kitchen", Vec::new()),
        ],
        pager: Pager::default(),
    }
}

pub fn endpoint_row() -> EndpointRow {
    EndpointRow {
        id: "we_1Shop".to_owned(),
        url: "http://127.0.0.1:4000/webhooks/holdfast".to_owned(),
        enabled: true,
        events: "*".to_owned(),
        delivered: 41,
        retrying: 1,
        failed: 0,
    }
}

pub fn webhooks() -> Webhooks {
    let off = EndpointRow { enabled: false, id: "we_1Old".to_owned(), ..endpoint_row() };
    Webhooks { endpoints: vec![endpoint_row(), off] }
}

pub fn endpoint() -> Endpoint {
    let seen = |answer, duration_ms| Try { at: NOW, answer, duration_ms };
    let delivery = |status, seen: Vec<Try>, next_at| Delivery {
        event: "evt_3".to_owned(),
        kind: "order.created".to_owned(),
        status,
        tries: u32::try_from(seen.len()).unwrap(),
        seen,
        next_at,
    };
    let (refused, silent) = (seen(Some(500), 31), seen(None, 10_000));
    Endpoint {
        row: endpoint_row(),
        deliveries: vec![
            delivery(DeliveryStatus::Pending, Vec::new(), Some(NOW)),
            delivery(DeliveryStatus::Retrying, vec![refused, silent], Some(in_days(1))),
            delivery(DeliveryStatus::Delivered, vec![seen(Some(200), 12)], None),
        ],
        pager: Pager::default(),
    }
}
