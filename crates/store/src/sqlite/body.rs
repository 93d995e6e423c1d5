//! The JSON of what is stored.

use holdfast_core::event::{Event, EventKind, Origin};
use holdfast_core::id::{CommandId, EventId, PaymentIntentId};
use holdfast_core::row::Row;
use holdfast_core::time::Timestamp;
use serde::Serialize;

/// An event without its object. Its fields are those of [`Event`], under the same names.
#[derive(Serialize)]
struct Frame<'a> {
    id: EventId,
    at: Timestamp,
    command: CommandId,
    kind: EventKind,
    payment: Option<PaymentIntentId>,
    deliveries: u32,
    #[serde(skip_serializing_if = "Option::is_none")]
    before: Option<&'a Row>,
    #[serde(skip_serializing_if = "<[Row]>::is_empty")]
    related: &'a [Row],
    #[serde(skip_serializing_if = "Option::is_none")]
    origin: Option<&'a Origin>,
}

/// The JSON of an event. Its object is nearly always a row of the same commit, whose JSON there is
/// already.
pub(super) fn of_event(event: &Event, object: Option<&str>) -> Result<String, serde_json::Error> {
    let Some(object) = object else { return serde_json::to_string(event) };
    let Event { id, at, command, kind, payment, deliveries, object: _, before, related, origin } =
        event;
    let frame = Frame {
        id: *id,
        at: *at,
        command: *command,
        kind: *kind,
        payment: *payment,
        deliveries: *deliveries,
        before: before.as_deref(),
        related,
        origin: origin.as_ref(),
    };
    let mut json = serde_json::to_string(&frame)?;
    // The frame ends with its brace; the object goes in front of it.
    json.pop();
    json.push_str(",\"object\":");
    json.push_str(object);
    json.push('}');
    Ok(json)
}

#[cfg(test)]
mod tests {
    use holdfast_core::clock::TestClock;
    use holdfast_core::id::Id;

    use super::*;

    #[test]
    fn an_event_around_a_row_that_is_written_is_the_same_event() {
        let clock = |number: u32| {
            Row::TestClock(TestClock {
                id: Id::from_number(number.into()),
                created: Timestamp::from_ms(7),
                ahead: holdfast_core::time::Span::days(1),
                target: None,
                own: None,
            })
        };
        let bare = Event {
            id: Id::from_number(1),
            at: Timestamp::from_ms(8),
            command: Id::from_number(2),
            kind: EventKind::TestClockReady,
            payment: None,
            deliveries: 0,
            object: clock(1),
            before: None,
            related: Vec::new(),
            origin: None,
        };
        let full = Event {
            payment: Some(Id::from_number(3)),
            deliveries: 2,
            before: Some(Box::new(clock(2))),
            related: vec![clock(3), clock(4)],
            origin: Some(Origin { request: "req_1".to_owned(), idempotency_key: None }),
            ..bare.clone()
        };
        for event in [bare, full] {
            let object = serde_json::to_string(&event.object).unwrap();
            for given in [None, Some(object.as_str())] {
                let json = of_event(&event, given).unwrap();
                assert_eq!(serde_json::from_str::<Event>(&json).unwrap(), event, "{json}");
            }
        }
    }
}
