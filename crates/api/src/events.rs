//! Events as webhooks carry them and `GET /v1/events` shows them: the same bytes in both places.

use holdfast_core::event;
use holdfast_core::row::Row;
use holdfast_core::time::Timestamp;
use serde::Serialize;
use serde_json::Value;

use crate::objects::{Event, EventData, EventWord};
use crate::render::{self, LIVEMODE, Style};
use crate::version::{self, Version};

/// The JSON of an event, in the version that its receiver asked for, or the newest.
pub fn body(event: &event::Event, api_version: Option<&str>) -> Vec<u8> {
    let version = api_version.and_then(Version::parse).unwrap_or_default();
    // Only objects with text keys are written, which cannot fail.
    serde_json::to_vec(&object(event, &version)).unwrap_or_default()
}

/// An event, its object as it was right after it.
pub(crate) fn object(event: &event::Event, version: &Version) -> Event {
    let style = Style { pay_origin: None, rules: None, rendering: version.rendering() };
    Event {
        id: event.id.to_string(),
        object: EventWord,
        account: seller(&event.object),
        api_version: Some(version.as_str().to_owned()),
        created: event.at.seconds(),
        data: EventData {
            object: subject(&event.object, event.at, &style),
            previous_attributes: None,
        },
        livemode: LIVEMODE,
        pending_webhooks: event.deliveries.into(),
        request: None,
        kind: event.kind.name().to_owned(),
    }
}

/// The version of events where their receiver named none.
pub const DEFAULT_VERSION: &str = version::DEFAULT;

/// Events about a seller itself say whose they are, as those of connected accounts do.
fn seller(row: &Row) -> Option<String> {
    if let Row::Seller(seller) = row { Some(seller.id.to_string()) } else { None }
}

fn subject(row: &Row, at: Timestamp, style: &Style<'_>) -> Value {
    match row {
        Row::Seller(row) => json(&render::account::object(row)),
        Row::CheckoutSession(row) => json(&render::checkout_session::object(row, style)),
        Row::PaymentIntent(row) => json(&render::payment_intent::object(row)),
        Row::Attempt(row) => json(&render::charge::object(row, None)),
        Row::Refund(row) => json(&render::refund::object(row)),
        Row::Order(row) => json(&render::order::object(row, style)),
        Row::HeldFunds(row) => json(&render::held_funds::object(row)),
        Row::TestClock(row) => json(&render::test_clock::object(row, at)),
        // The core makes no events of these.
        Row::Capture(_) | Row::WebhookEndpoints(_) | Row::Delivery(_) | Row::Replay(_) => {
            Value::Null
        }
    }
}

fn json(object: &impl Serialize) -> Value {
    // Objects have text keys only, so that writing them cannot fail.
    serde_json::to_value(object).unwrap_or_default()
}
