//! Loading rows by their keys.

use std::collections::BTreeMap;

use holdfast_core::address::Address;
use holdfast_core::api_key::{ApiKey, ApiKeyKind, KeyPrint, Permission, PreviousKey};
use holdfast_core::checkout::{CheckoutSession, Line, SessionState, ShippingOption};
use holdfast_core::clock::TestClock;
use holdfast_core::currency::Currency;
use holdfast_core::held::{FreezeReason, HeldFunds, Release};
use holdfast_core::key::RowKey;
use holdfast_core::order::{OrderState, Protection, ReleaseReason, Shipment};
use holdfast_core::payment::asked::Asked;
use holdfast_core::payment::attempt::{Attempt, AttemptState};
use holdfast_core::payment::authorization::Authorization;
use holdfast_core::payment::capture::{Capture, CaptureShare};
use holdfast_core::payment::capture_method::{CaptureMethod, CaptureWords};
use holdfast_core::payment::card::{CardCheck, CardSummary, CardToken};
use holdfast_core::payment::details::{
    AmountDetails, CardTerms, MandateInterval, MandateOptions, PaymentDetails, Wish,
};
use holdfast_core::payment::intent::{IntentState, PaymentIntent};
use holdfast_core::payment::notes::{
    ChargeNotes, Confirmation, FraudReport, Notes, PaymentData, Redirects, Shipping, ThreeDSecure,
    TransferData,
};
use holdfast_core::payment::refund::{Pulls, Refund, RefundMethod, RefundReason, RefundShare};
use holdfast_core::replay::{Replay, Reply};
use holdfast_core::row::{Record, Row};
use holdfast_core::secret::Secret;
use holdfast_core::seller::Seller;
use holdfast_core::time::Span;
use holdfast_core::view::StoredRow;
use holdfast_core::webhook::{
    Delivery, DeliveryState, DeliveryTry, PreviousSecret, WebhookEndpoint, WebhookEndpoints,
};
use holdfast_store::{Outcome, Store};

use crate::fixtures::*;

pub(crate) async fn absent_rows_are_nothing(store: &dyn Store) {
    assert_eq!(store.load(ours(), &[]).await, Ok(vec![]));
    let keys = [Seller::key(&id(1)), RowKey::Replay("key".to_owned())];
    assert_eq!(store.load(ours(), &keys).await, Ok(vec![None, None]));
}

pub(crate) async fn rows_come_in_the_order_of_their_keys(store: &dyn Store) {
    must(store, puts(vec![put(0, seller(1)), put(0, seller(2))])).await;
    let found = |number| Some(StoredRow { version: 1, row: seller(number).into_row().into() });
    let keys = [2, 9, 1, 2].map(|number| Seller::key(&id(number)));
    let expected = vec![found(2), None, found(1), found(2)];
    assert_eq!(store.load(ours(), &keys).await, Ok(expected));
    // The id alone is no key: an order with the seller's number is another row.
    let order = [holdfast_core::order::Order::key(&id(1))];
    assert_eq!(store.load(ours(), &order).await, Ok(vec![None]));
}

pub(crate) async fn foreign_rows_are_nothing(store: &dyn Store) {
    must(store, puts(vec![put(0, seller(1))])).await;
    let key = [Seller::key(&id(1))];
    assert_eq!(store.load(theirs(), &key).await, Ok(vec![None]));
    // Neither as a new row nor as a known one can it be written by somebody else.
    for expected in [0, 1] {
        let foreign = puts(vec![put(expected, named_seller(1, "theirs"))]);
        let foreign = holdfast_core::change::Changes { platform: theirs(), ..foreign };
        assert_eq!(commit(store, vec![foreign]).await, [Outcome::Conflict], "{expected}");
    }
    let ours_still = StoredRow { version: 1, row: seller(1).into_row().into() };
    assert_eq!(store.load(ours(), &key).await, Ok(vec![Some(ours_still)]));
}

pub(crate) async fn every_kind_of_row_comes_back_as_it_went(store: &dyn Store) {
    let rows = one_of_each_kind();
    let kinds: std::collections::BTreeSet<_> = rows.iter().map(|row| row.key().kind()).collect();
    assert_eq!(kinds.len(), rows.len());
    let new = |row: &Row| holdfast_core::change::Put { expected: 0, row: row.clone().into() };
    must(store, puts(rows.iter().map(new).collect())).await;
    let keys: Vec<RowKey> = rows.iter().map(Row::key).collect();
    let found = store.load(ours(), &keys).await.unwrap();
    for (row, found) in rows.into_iter().zip(found) {
        assert_eq!(found, Some(StoredRow { version: 1, row: row.into() }));
    }
}

/// A row of each kind, with as many of its parts filled in as it can have.
fn one_of_each_kind() -> Vec<Row> {
    vec![
        named_seller(1, "Ärmel & \"Söhne\" ٣").into_row(),
        session().into_row(),
        intent().into_row(),
        attempt().into_row(),
        capture().into_row(),
        refund().into_row(),
        shipped_order().into_row(),
        held_funds().into_row(),
        receivers().into_row(),
        delivery().into_row(),
        api_key().into_row(),
        TestClock { id: id(1), created: NOW, ahead: Span::days(60), target: Some(NOW), own: None }
            .into_row(),
        replay().into_row(),
    ]
}

fn notes() -> BTreeMap<String, String> {
    BTreeMap::from([("a".to_owned(), "b\u{0}\n".to_owned())])
}

fn session() -> CheckoutSession {
    let line = Line {
        id: id(1),
        seller: Some(id(1)),
        listed: None,
        of: None,
        name: "a".to_owned(),
        description: None,
        unit: usd(i64::MAX),
        quantity: u32::MAX,
        adjustable: None,
        excludes_card: true,
        metadata: BTreeMap::new(),
    };
    CheckoutSession {
        id: id(1),
        created: NOW,
        currency: Currency::USD,
        lines: vec![line],
        shipping_options: vec![ShippingOption::new("by air", usd(5))],
        shipping_before: 0,
        shipping_choice: Some(0),
        discount: None,
        customer: None,
        customer_email: Some("buyer@example.test".to_owned()),
        client_reference: None,
        locale: Some("ar".to_owned()),
        success_url: None,
        cancel_url: None,
        metadata: notes(),
        payment_metadata: notes(),
        terms: Default::default(),
        page: Default::default(),
        link: None,
        setup: None,
        given: Default::default(),
        secret: Secret::new("session".to_owned()),
        expires_at: NOW,
        intent: Some(id(1)),
        state: SessionState::Complete { at: NOW },
        settling: Default::default(),
    }
}

/// Everything that a platform can say about a payment.
fn said() -> Notes {
    Notes {
        confirmation: Confirmation::Manual,
        statement_descriptor: Some("BAZAAR".to_owned()),
        statement_descriptor_suffix: Some("LAMPS".to_owned()),
        shipping: Some(Shipping {
            address: Address { city: Some("Leipzig".to_owned()), ..Address::default() },
            carrier: None,
            name: "Salma".to_owned(),
            phone: None,
            tracking_number: Some("1Z".to_owned()),
        }),
        on_behalf_of: Some(id(1)),
        transfer_data: Some(TransferData {
            destination: id(1),
            amount: Some(usd(70)),
            description: None,
            metadata: notes(),
            payment: Some(PaymentData { description: None, metadata: notes() }),
        }),
        application_fee: Some(usd(7)),
        three_d_secure: ThreeDSecure::Any,
        capture_words: CaptureWords::Async,
        automatic_methods: Some(Redirects::Never),
        allowed_types: Some(vec!["card".to_owned()]),
        excluded_types: Some(Vec::new()),
        return_url: Some("https://example.test/".to_owned()),
        card: CardTerms {
            moto: true,
            incremental: Some(Wish::IfAvailable),
            mandate: Some(Box::new(MandateOptions {
                minor: 500,
                currency: None,
                is_maximum: true,
                description: None,
                ends: Some(NOW),
                interval: MandateInterval::Month,
                interval_count: Some(2),
                reference: "lamps".to_owned(),
                starts: NOW,
                is_indian: false,
            })),
            ..CardTerms::default()
        },
        details: Some(PaymentDetails {
            customer_reference: None,
            order_reference: Some("7".to_owned()),
        }),
        amounts: Some(Box::new(AmountDetails { tax: Some(7), ..AmountDetails::default() })),
        radar_session: Some("rse_1".to_owned()),
    }
}

fn intent() -> PaymentIntent {
    PaymentIntent {
        id: id(1),
        created: NOW,
        amount: usd(100),
        captured: usd(40),
        capture_method: CaptureMethod::Manual,
        customer: Some(id(1)),
        method: Some(id(1)),
        future_usage: None,
        pending: false,
        growing: None,
        session: Some(id(1)),
        orders: vec![id(1), id(2)],
        description: None,
        receipt_email: None,
        transfer_group: Some("group".to_owned()),
        metadata: notes(),
        notes: said(),
        secret: Secret::new("payment".to_owned()),
        state: IntentState::RequiresCapture { attempt: id(1), capturable: usd(60) },
    }
}

fn attempt() -> Attempt {
    let (reference, code) = ("sba_1".to_owned(), "A1B2C3".to_owned());
    Attempt {
        id: id(1),
        created: NOW,
        intent: id(1),
        session: None,
        customer: Some(id(1)),
        method: Some(id(1)),
        billing: None,
        future_usage: None,
        off_session: false,
        fails_when_asked: true,
        method_metadata: notes(),
        pending: false,
        amount: usd(100),
        token: CardToken::new("tok_1".to_owned()),
        card: Some(CardSummary {
            brand: "visa".to_owned(),
            last4: "4242".to_owned(),
            exp_month: 12,
            exp_year: 2034,
            funding: "credit".to_owned(),
            country: None,
            cvc_check: CardCheck::Pass,
            fingerprint: None,
            co_brand: None,
        }),
        return_url: Some("https://example.test/".to_owned()),
        refunded: usd(1),
        capture: Some(id(1)),
        notes: Box::new(ChargeNotes {
            metadata: notes(),
            notes: said(),
            fraud_report: Some(FraudReport::Safe),
            ..ChargeNotes::default()
        }),
        was_challenged: true,
        entry: Some(id(1)),
        refunds: 1,
        transfer: Some(id(1)),
        application_fee: Some(id(1)),
        disputes: Vec::new(),
        fraud_warnings: Vec::new(),
        state: AttemptState::Authorized(Authorization::new(reference, code, usd(100), NOW, 50)),
    }
}

fn capture() -> Capture {
    Capture {
        id: id(1),
        created: NOW,
        intent: id(1),
        attempt: id(1),
        amount: usd(40),
        shares: vec![CaptureShare { order: id(1), amount: usd(40) }],
        is_final: true,
        state: Asked::Unknown { looks: 3 },
    }
}

fn refund() -> Refund {
    Refund {
        id: id(1),
        created: NOW,
        intent: id(1),
        attempt: id(1),
        amount: usd(10),
        method: RefundMethod::Return,
        shares: vec![RefundShare::of_held(Some(id(1)), usd(10))],
        reason: RefundReason::RequestedByCustomer,
        metadata: notes(),
        pulls: Pulls { transfer: true, fee: false },
        entry: Some(id(1)),
        failure_entry: Some(id(2)),
        reversal: Some(id(1)),
        state: Asked::Failed { code: "expired_or_canceled_card".to_owned(), at: NOW },
    }
}

fn shipped_order() -> holdfast_core::order::Order {
    let protection = Protection { ends_at: NOW, extensions: 1 };
    let mut order = order(1, 1, OrderState::Shipped { at: NOW, protection });
    order.shipments.push(Shipment {
        carrier: Some("post".to_owned()),
        tracking_number: None,
        at: NOW,
    });
    order
}

fn held_funds() -> HeldFunds {
    let (amount, fee, reason) = (usd(10), usd(1), ReleaseReason::Ruling);
    HeldFunds {
        id: id(1),
        created: NOW,
        order: id(1),
        intent: id(1),
        seller: id(1),
        amount: usd(40),
        released: usd(10),
        fee: usd(1),
        refunded: usd(0),
        clawed_back: usd(0),
        fee_returned: usd(0),
        held_again: None,
        releases: vec![Release { id: id(1), at: NOW, amount, fee, reason }],
        frozen: Some(FreezeReason::Operator),
        release_after: Some(NOW),
    }
}

fn receivers() -> WebhookEndpoints {
    let endpoint = WebhookEndpoint {
        id: id(1),
        created: NOW,
        url: "http://127.0.0.1:1/".to_owned(),
        secret: Secret::new("whsec".to_owned()),
        enabled_events: vec!["*".to_owned()],
        description: None,
        api_version: None,
        metadata: notes(),
        disabled: true,
        connect: true,
        previous: Some(PreviousSecret { secret: Secret::new("whsec_old".to_owned()), until: NOW }),
    };
    WebhookEndpoints { platform: ours(), endpoints: vec![endpoint] }
}

fn delivery() -> Delivery {
    let state = DeliveryState::Retrying { status: Some(503), next_at: NOW };
    let last_try = Some(DeliveryTry { at: NOW, status: Some(503), duration_ms: 12 });
    let earlier_tries = vec![DeliveryTry { at: NOW, status: None, duration_ms: 10_000 }];
    let (endpoint, event) = (id(1), id(1));
    Delivery { id: id(1), created: NOW, endpoint, event, tries: 9, state, last_try, earlier_tries }
}

fn api_key() -> ApiKey {
    let print = |last4: &str| KeyPrint { digest: "0f".repeat(32), last4: last4.to_owned() };
    ApiKey {
        id: id(1),
        created: NOW,
        name: Some("The warehouse".to_owned()),
        kind: ApiKeyKind::Restricted,
        current: print("wxyz"),
        previous: vec![PreviousKey { print: print("abcd"), expires_at: NOW }],
        permissions: [("orders".to_owned(), Permission::Write)].into(),
        expires_at: Some(NOW),
        revoked_at: Some(NOW),
    }
}

fn replay() -> Replay {
    Replay {
        key: "sk_test 'quoted' \u{1F600}".to_owned(),
        created: NOW,
        fingerprint: "f".to_owned(),
        subject: Some(Seller::key(&id(1))),
        reply: Some(Reply { status: 200, body: "{\"a\": 1}".to_owned() }),
    }
}
