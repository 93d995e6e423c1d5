//! What is asked of the processor, what may be said of it meanwhile, and what is true in the end.

use crate::api::{Api, Form};
use crate::network::Charge;
use crate::shop::{self, id};

/// What every payment here is about, in cents.
pub(super) const AMOUNT: i64 = 5_000;

/// One operation of the processor as a client of the API asks for it.
pub(super) struct Case {
    pub(super) name: &'static str,
    /// The processor's operation that it comes to.
    pub(super) operation: &'static str,
    card: &'static str,
    request: Request,
    /// What may be said until the outcome is known.
    pub(super) meanwhile: &'static [&'static str],
    /// What is certainly said meanwhile, where something else was said before.
    pub(super) doubt: Option<&'static str>,
    /// What is said in the end.
    pub(super) finally: &'static str,
    pub(super) truth: Truth,
}

/// The state of a charge at the network, and what was taken, given back and let go of it.
pub(super) type Truth = (&'static str, i64, i64, i64);

/// What a client asks for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Request {
    /// To charge the card of a payment that was made before.
    Confirm,
    /// To take what the bank holds.
    Capture,
    /// To let go of it.
    Cancel,
    /// To give back what was taken.
    Refund,
    /// To ship an order, which takes its part.
    Ship,
    /// To call an order off, which lets its part go.
    CancelOrder,
}

/// Each operation, by each request that comes to it; the authorization with each answer of a bank.
pub(super) const CASES: &[Case] = &[
    Case {
        name: "authorize",
        operation: "authorize",
        card: "pm_card_visa",
        request: Request::Confirm,
        meanwhile: &["requires_confirmation", "processing"],
        doubt: Some("processing"),
        finally: "requires_capture",
        truth: ("approved", 0, 0, 0),
    },
    Case {
        name: "authorize, declined",
        operation: "authorize",
        card: "pm_card_visa_chargeDeclined",
        request: Request::Confirm,
        meanwhile: &["requires_confirmation", "processing"],
        doubt: Some("processing"),
        finally: "requires_payment_method",
        truth: ("declined", 0, 0, 0),
    },
    Case {
        name: "authorize, challenged",
        operation: "authorize",
        card: "pm_card_threeDSecureRequired",
        request: Request::Confirm,
        meanwhile: &["requires_confirmation", "processing"],
        doubt: Some("processing"),
        finally: "requires_action",
        truth: ("challenge", 0, 0, 0),
    },
    Case {
        name: "capture",
        operation: "capture",
        card: "pm_card_visa",
        request: Request::Capture,
        meanwhile: &["requires_capture", "processing"],
        doubt: None,
        finally: "succeeded",
        truth: ("approved", AMOUNT, 0, 0),
    },
    Case {
        name: "capture by shipping",
        operation: "capture",
        card: "pm_card_visa",
        request: Request::Ship,
        meanwhile: &["awaiting_shipment"],
        doubt: None,
        finally: "shipped",
        truth: ("approved", AMOUNT, 0, 0),
    },
    Case {
        name: "void",
        operation: "void",
        card: "pm_card_visa",
        request: Request::Cancel,
        meanwhile: &["requires_capture", "processing"],
        doubt: None,
        finally: "canceled",
        truth: ("voided", 0, 0, AMOUNT),
    },
    Case {
        name: "void by calling off",
        operation: "void",
        card: "pm_card_visa",
        request: Request::CancelOrder,
        meanwhile: &["awaiting_shipment"],
        doubt: None,
        finally: "canceled",
        truth: ("voided", 0, 0, AMOUNT),
    },
    Case {
        name: "refund",
        operation: "refund",
        card: "pm_card_visa",
        request: Request::Refund,
        meanwhile: &["pending"],
        doubt: Some("pending"),
        finally: "succeeded",
        truth: ("approved", AMOUNT, AMOUNT, 0),
    },
];

/// A payment that has come as far as the request needs.
#[derive(Clone, Debug)]
pub(super) struct Subject {
    pub(super) intent: String,
    /// Where the request goes, and with what.
    pub(super) request: (String, Form),
    /// Where the object is read that the request moves.
    pub(super) watched: String,
}

impl Case {
    /// A payment that has come as far as the request needs.
    pub(super) async fn prepare(&self, api: &Api) -> Subject {
        match self.request {
            Request::Confirm => self.sale(api, "manual", false, "confirm").await,
            Request::Capture => self.sale(api, "manual", true, "capture").await,
            Request::Cancel => self.sale(api, "manual", true, "cancel").await,
            Request::Refund => {
                let Subject { intent, .. } = self.sale(api, "automatic", true, "").await;
                let form = Form::of(&[("payment_intent", &intent)]);
                let watched = format!("/v1/refunds?payment_intent={intent}");
                Subject { intent, request: ("/v1/refunds".to_owned(), form), watched }
            }
            Request::Ship => self.order(api, "ship").await,
            Request::CancelOrder => self.order(api, "cancel").await,
        }
    }

    async fn sale(&self, api: &Api, capture: &str, confirm: bool, action: &str) -> Subject {
        let form = Form::of(&[("currency", "usd"), ("payment_method", self.card)]);
        let form = form.with("capture_method", capture).with("confirm", confirm);
        let intent = api.make("/v1/payment_intents", &form.with("amount", AMOUNT)).await;
        let watched = format!("/v1/payment_intents/{}", id(&intent));
        let request = (format!("{watched}/{action}"), Form::default());
        Subject { intent: id(&intent).to_owned(), request, watched }
    }

    async fn order(&self, api: &Api, action: &str) -> Subject {
        let orders = shop::purchase(api, self.card, 1, AMOUNT.unsigned_abs()).await;
        let watched = format!("/v1/orders/{}", id(&orders[0]));
        let request = (format!("{watched}/{action}"), Form::default());
        let intent = orders[0]["payment_intent"].as_str().expect("a payment").to_owned();
        Subject { intent, request, watched }
    }

    /// Whether a charge is as it is to be in the end.
    pub(super) fn is_true_of(&self, charge: &Charge) -> bool {
        let Charge { status, captured, refunded, released, .. } = charge;
        (status.as_str(), *captured, *refunded, *released) == self.truth
    }
}
