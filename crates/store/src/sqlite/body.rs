//! The JSON of what is stored.

use std::borrow::Cow;
use std::sync::Arc;

use holdfast_core::event::{Event, EventKind, Origin};
use holdfast_core::id::{CommandId, EventId, PaymentIntentId};
use holdfast_core::row::Row;
use holdfast_core::time::Timestamp;
use serde::Serialize;

/// An event without the rows that it shows. Its fields are those of [`Event`], under the same
/// names.
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
    #[serde(skip_serializing_if = "Option::is_none")]
    origin: Option<&'a Origin>,
}

/// The JSON of an event. The rows that it shows are nearly always those of the same commit, whose
/// JSON `written` has already.
pub(super) fn of_event<'a>(
    event: &'a Event,
    written: impl Fn(&Arc<Row>) -> Option<&'a str>,
) -> Result<String, serde_json::Error> {
    let Event { id, at, command, kind, payment, deliveries, object, before, related, origin } =
        event;
    let frame = Frame {
        id: *id,
        at: *at,
        command: *command,
        kind: *kind,
        payment: *payment,
        deliveries: *deliveries,
        before: before.as_deref(),
        origin: origin.as_ref(),
    };
    let body_of = |row: &Arc<Row>| -> Result<Cow<'a, str>, serde_json::Error> {
        written(row).map_or_else(|| serde_json::to_string(row).map(Cow::Owned), |it| Ok(it.into()))
    };
    let mut json = serde_json::to_string(&frame)?;
    // The frame ends with its brace; the rows go in front of it.
    json.pop();
    for (number, row) in related.iter().enumerate() {
        json.push_str(if number == 0 { ",\"related\":[" } else { "," });
        json.push_str(&body_of(row)?);
    }
    json.push_str(if related.is_empty() { ",\"object\":" } else { "],\"object\":" });
    json.push_str(&body_of(object)?);
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
            Arc::new(Row::TestClock(TestClock {
                id: Id::from_number(number.into()),
                created: Timestamp::from_ms(7),
                ahead: holdfast_core::time::Span::days(1),
                target: None,
                own: None,
            }))
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
            before: Some(clock(2)),
            related: vec![clock(3), clock(4)],
            origin: Some(Origin { request: "req_1".to_owned(), idempotency_key: None }),
            ..bare.clone()
        };
        for event in [bare, full] {
            let object = serde_json::to_string(&event.object).unwrap();
            let related: Vec<_> =
                event.related.iter().map(|row| serde_json::to_string(row).unwrap()).collect();
            for knows in [&[][..], &[0], &[1, 2], &[0, 1, 2]] {
                let json = of_event(&event, |row| {
                    let rows = std::iter::once(&event.object).chain(&event.related);
                    let bodies = std::iter::once(&object).chain(&related);
                    let mut known = rows.zip(bodies).enumerate();
                    known
                        .find(|(number, (it, _))| knows.contains(number) && Arc::ptr_eq(it, row))
                        .map(|(_, (_, body))| body.as_str())
                });
                let json = json.unwrap();
                assert_eq!(serde_json::from_str::<Event>(&json).unwrap(), event, "{json}");
            }
        }
    }
}
