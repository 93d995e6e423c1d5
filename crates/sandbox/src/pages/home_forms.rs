//! The forms of the page of the outside world.

use std::sync::Arc;

use axum::body::Body;
use axum::extract::State;
use axum::http::HeaderMap;
use axum::response::Response;
use holdfast_core::currency::Currency;
use holdfast_core::time::{Span, Timestamp};

use super::form::{field, posted};
use super::show::{read_money, read_time};
use super::{Frame, clock, problem, see_other};
use crate::faults::{Fault, FaultKind, Operation};
use crate::network::Network;
use crate::network::account::{AccountKey, LIMIT_MAX};
use crate::network::profile::Profile;
use crate::world::World;

type Shared = State<Arc<World>>;

/// How many hours or days the clock moves at most with one form: ten years of days.
const MOVE_MAX: u32 = 3_650;

/// `POST /forms/limit`.
pub(super) async fn change_limit(State(world): Shared, headers: HeaderMap, body: Body) -> Response {
    let (frame, form) = match posted(&world, "/", &headers, body).await {
        Ok(posted) => posted,
        Err(page) => return page,
    };
    let (key, limit) = match limit(&form) {
        Ok(wanted) => wanted,
        Err(Wrong::Profile) => return problem(&frame, 400, frame.text("problem.profile")),
        Err(Wrong::Currency) => return problem(&frame, 400, frame.text("problem.currency")),
        Err(Wrong::Limit) => return problem(&frame, 400, frame.text("problem.limit")),
    };
    match world.change(|_, _| Ok(Network::change_limit(key, limit)), |_, ()| ()).await {
        Ok(()) => see_other(&frame.href("&done=limit#accounts")),
        Err(_) => problem(&frame, 503, frame.text("problem.unavailable")),
    }
}

/// `POST /forms/clock`: asks Holdfast to move its clock, which then moves the sandbox's.
pub(super) async fn move_clock(State(world): Shared, headers: HeaderMap, body: Body) -> Response {
    let (frame, form) = match posted(&world, "/", &headers, body).await {
        Ok(posted) => posted,
        Err(page) => return page,
    };
    let Ok(now) = world.look(|_, now| now).await else {
        return problem(&frame, 503, frame.text("problem.unavailable"));
    };
    let Some(to) = target(&form, now) else {
        return problem(&frame, 400, frame.text("problem.time"));
    };
    match clock::advance(&world, to).await {
        Ok(()) => see_other(&frame.href("&done=clock#clock")),
        Err(error) => {
            tracing::warn!(%error, "the clock form came to nothing");
            problem(&frame, 502, frame.text("problem.clock"))
        }
    }
}

/// `POST /forms/faults`.
pub(super) async fn add_fault(State(world): Shared, headers: HeaderMap, body: Body) -> Response {
    let (frame, form) = match posted(&world, "/", &headers, body).await {
        Ok(posted) => posted,
        Err(page) => return page,
    };
    let Some(fault) = fault(&form) else {
        return problem(&frame, 400, frame.text("problem.fault"));
    };
    // Not inside the match: its arms need no lock.
    let added = world.faults().add(fault);
    match added {
        Ok(()) => faults_changed(&frame),
        Err(_) => problem(&frame, 409, frame.text("problem.faults_full")),
    }
}

/// `POST /forms/faults/clear`.
pub(super) async fn clear_faults(State(world): Shared, headers: HeaderMap, body: Body) -> Response {
    match posted(&world, "/", &headers, body).await {
        Ok((frame, _)) => {
            world.faults().clear();
            faults_changed(&frame)
        }
        Err(page) => page,
    }
}

fn faults_changed(frame: &Frame) -> Response {
    see_other(&frame.href("&done=faults#faults"))
}

#[derive(Debug, PartialEq, Eq)]
enum Wrong {
    Profile,
    Currency,
    Limit,
}

fn limit(form: &[u8]) -> Result<(AccountKey, i64), Wrong> {
    let profile = field(form, "profile");
    let profile = profile.and_then(|name| Profile::named(&name)).ok_or(Wrong::Profile)?;
    let currency = field(form, "currency");
    let currency = currency.and_then(|code| Currency::parse(&code)).ok_or(Wrong::Currency)?;
    let limit = field(form, "limit").and_then(|text| read_money(&text, currency));
    let limit = limit.filter(|limit| *limit <= LIMIT_MAX).ok_or(Wrong::Limit)?;
    Ok((AccountKey::new(profile, currency), limit))
}

fn fault(form: &[u8]) -> Option<Fault> {
    let operation = field(form, "operation")?;
    let kind = field(form, "fault")?;
    let fault = Fault {
        operation: Operation::ALL.into_iter().find(|known| known.name() == operation)?,
        fault: FaultKind::ALL.into_iter().find(|known| known.name() == kind)?,
        times: field(form, "times")?.parse().ok()?,
        delay_ms: match field(form, "delay_ms") {
            None => None,
            Some(delay) => Some(delay.parse().ok()?),
        },
    };
    fault.check().is_ok().then_some(fault)
}

/// Where the clock form wants the clock to be: always later than `now`.
fn target(form: &[u8], now: Timestamp) -> Option<Timestamp> {
    if let Some(to) = field(form, "to") {
        return read_time(&to).filter(|to| *to > now);
    }
    let by: u32 = field(form, "by")?.parse().ok()?;
    if !(1..=MOVE_MAX).contains(&by) {
        return None;
    }
    match field(form, "unit")?.as_str() {
        "hours" => Some(now.after(Span::hours(by))),
        "days" => Some(now.after(Span::days(by))),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_clock_form_only_leads_forward() {
        let now = Timestamp::from_seconds(1_801_396_800);
        for (form, expected) in [
            ("by=1&unit=hours", Some(3_600)),
            ("by=2&unit=days", Some(172_800)),
            ("by=3650&unit=days", Some(315_360_000)),
            ("by=3651&unit=days", None),
            ("by=0&unit=days", None),
            ("by=-1&unit=days", None),
            ("by=1&unit=weeks", None),
            ("by=1", None),
            ("to=2027-01-31+12:01", Some(60)),
            ("to=2027-01-31+12:00", None),
            ("to=2026-01-31+12:00", None),
            ("to=soon", None),
            ("", None),
        ] {
            let expected = expected.map(|after| now.after(Span::seconds(after)));
            assert_eq!(target(form.as_bytes(), now), expected, "{form}");
        }
    }

    #[test]
    fn the_limit_form_names_what_is_wrong() {
        for (form, expected) in [
            ("profile=visa&currency=usd&limit=250.50", Ok(25_050)),
            ("profile=visa&currency=JPY&limit=250", Ok(250)),
            ("profile=nobody&currency=usd&limit=250", Err(Wrong::Profile)),
            ("profile=visa&currency=us&limit=250", Err(Wrong::Currency)),
            ("profile=visa&currency=usd&limit=lots", Err(Wrong::Limit)),
            ("profile=visa&currency=usd&limit=10000000000001", Err(Wrong::Limit)),
            ("profile=visa&currency=usd", Err(Wrong::Limit)),
        ] {
            assert_eq!(limit(form.as_bytes()).map(|(_, limit)| limit), expected, "{form}");
        }
    }

    #[test]
    fn the_fault_form_takes_what_the_api_takes() {
        for (form, expected) in [
            ("operation=capture&fault=slow&times=2", Some((2, None))),
            ("operation=capture&fault=slow&times=2&delay_ms=", Some((2, None))),
            ("operation=capture&fault=slow&times=1&delay_ms=50", Some((1, Some(50)))),
            ("operation=capture&fault=slow&times=1&delay_ms=x", None),
            ("operation=capture&fault=slow&times=0", None),
            ("operation=capture&fault=none&times=1", None),
            ("operation=dispute&fault=slow&times=1", None),
            ("fault=slow&times=1", None),
        ] {
            let read = fault(form.as_bytes()).map(|fault| (fault.times, fault.delay_ms));
            assert_eq!(read, expected, "{form}");
        }
    }
}
