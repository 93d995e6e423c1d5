//! The bank's page: the cardholder gives the code that the bank sent.

use std::sync::Arc;
use std::time::Instant;

use askama::Template;
use axum::body::Body;
use axum::extract::{Path, RawQuery, State};
use axum::http::HeaderMap;
use axum::response::Response;
use holdfast_core::time::Timestamp;

use super::form::{field, posted};
use super::show::{money, when};
use super::{Frame, Link, Notice, form, html, problem, see_other};
use crate::clock;
use crate::http::{Page, origin};
use crate::network::account::Channel;
use crate::network::authorization::{Authorization, AuthorizationIndex};
use crate::network::challenge::{Answered, Progress, Waiting};
use crate::network::name::Name;
use crate::network::{Change, Network};
use crate::world::World;

type Shared = State<Arc<World>>;

/// How many digits a code has.
const CODE_DIGITS: usize = 6;

#[derive(Template)]
#[template(path = "challenge.html")]
struct ChallengePage {
    frame: Frame,
    id: Name,
    issuer: &'static str,
    lead: String,
    merchant: Box<str>,
    amount: String,
    card: String,
    sent: String,
    until: String,
    note: Option<&'static str>,
    error: Option<String>,
    refusal: Option<String>,
    by_mail: bool,
    to_phone: String,
    to_mailbox: String,
}

/// What the page shows of a challenge.
enum View {
    /// The form, and the origin that it leads back to.
    Asking(Box<ChallengePage>, Option<String>),
    /// It is over; where to go.
    Over(Option<String>),
}

/// `GET /challenge/{id}`.
pub(super) async fn page(
    State(world): Shared,
    Path(id): Path<String>,
    RawQuery(query): RawQuery,
    headers: HeaderMap,
) -> Response {
    let query = query.unwrap_or_default();
    let frame = Frame::new(&path(&id), Some(&query), &headers);
    let said = form::field(query.as_bytes(), "said");
    let view = world.look(|network, now| {
        let index = network.challenged(&id)?;
        Some(view(&frame, network.authorization(index), now, said.as_deref()))
    });
    match view.await {
        Err(_) => problem(&frame, 503, frame.text("problem.unavailable")),
        Ok(None) => not_found(&frame),
        Ok(Some(View::Asking(page, back))) => {
            html(200, back.map_or(Page::Own, Page::AndBackTo), &*page)
        }
        Ok(Some(View::Over(back))) => over(&frame, back.as_deref()),
    }
}

/// `POST /challenge/{id}`: a code.
pub(super) async fn try_code(
    State(world): Shared,
    Path(id): Path<String>,
    headers: HeaderMap,
    body: Body,
) -> Response {
    let (frame, form) = match posted(&world, &path(&id), &headers, body).await {
        Ok(posted) => posted,
        Err(page) => return page,
    };
    let code = field(&form, "code").and_then(|text| digits(&text));
    answer(&world, &frame, &id, |network, now, index| match &code {
        Some(code) => network.try_code(now, index, code).map_answer(Said::Answered),
        // A slip of the finger is not a try.
        None => Change::none(Said::Unreadable),
    })
    .await
}

/// `POST /challenge/{id}/resend`: another code, please.
pub(super) async fn resend(
    State(world): Shared,
    Path(id): Path<String>,
    headers: HeaderMap,
    body: Body,
) -> Response {
    let (frame, form) = match posted(&world, &path(&id), &headers, body).await {
        Ok(posted) => posted,
        Err(page) => return page,
    };
    let channel = field(&form, "channel").and_then(|name| Channel::parse(&name));
    let channel = channel.unwrap_or(Channel::Phone);
    let Ok(seed) = clock::seed() else {
        return problem(&frame, 503, frame.text("problem.unavailable"));
    };
    answer(&world, &frame, &id, |network, now, index| {
        network.send_code(now, index, channel, &seed).map_answer(Said::Answered)
    })
    .await
}

/// `POST /challenge/{id}/cancel`.
pub(super) async fn cancel(
    State(world): Shared,
    Path(id): Path<String>,
    headers: HeaderMap,
    body: Body,
) -> Response {
    let (frame, _) = match posted(&world, &path(&id), &headers, body).await {
        Ok(posted) => posted,
        Err(page) => return page,
    };
    answer(&world, &frame, &id, |network, now, index| {
        network.cancel_challenge(now, index).map_answer(Said::Answered)
    })
    .await
}

enum Said {
    Answered(Answered),
    Unreadable,
    NotFound,
}

/// Does `what` with a challenge, and sends the cardholder on.
async fn answer(
    world: &World,
    frame: &Frame,
    id: &str,
    what: impl FnOnce(&Network, Timestamp, AuthorizationIndex) -> Change<Said>,
) -> Response {
    // Only challenges that exist are counted, so that the counters stay few.
    let known = world.look(|network, _| network.challenged(id).is_some()).await;
    if known == Ok(true) && world.limiter().count(id, Instant::now()).is_err() {
        return problem(frame, 429, frame.text("problem.too_many"));
    }
    let answered = world.change(
        |network, now| {
            Ok(match network.challenged(id) {
                Some(index) => what(network, now, index),
                None => Change::none(Said::NotFound),
            })
        },
        |network, said| {
            let index = network.challenged(id);
            (said, index.and_then(|index| way_back(network.authorization(index))))
        },
    );
    match answered.await {
        Err(_) => problem(frame, 503, frame.text("problem.unavailable")),
        Ok((Said::NotFound, _)) => not_found(frame),
        Ok((Said::Unreadable, _)) => see_other(&frame.href("&said=format")),
        Ok((Said::Answered(answered), back)) => match answered {
            Answered::Over => match back {
                Some(back) => see_other(&back),
                None => see_other(&frame.href("")),
            },
            Answered::Wrong => see_other(&frame.href("")),
            Answered::Sent => see_other(&frame.href("&said=renewed")),
            Answered::TooEarly(_) => see_other(&frame.href("&said=early")),
            Answered::NoMoreCodes => see_other(&frame.href("&said=codes")),
        },
    }
}

fn view(frame: &Frame, of: &Authorization, now: Timestamp, said: Option<&str>) -> View {
    let challenge = match of.challenge.as_deref() {
        Some(challenge) if now < challenge.expires_at => challenge,
        Some(_) | None => return View::Over(way_back(of)),
    };
    let waiting = match &challenge.progress {
        Progress::Waiting(waiting) => waiting,
        Progress::Ended(_) => return View::Over(way_back(of)),
    };
    let issuer = of.card.profile.brand.issuer();
    let contact = of.account().contact();
    let [phone, mailbox] = [Channel::Phone, Channel::Mailbox].map(|to| contact.masked(to));
    let card = [("brand", of.card.brand.title()), ("last4", &*of.card.last4)];
    let until = when(challenge.expires_at).people;
    let page = ChallengePage {
        frame: frame.clone(),
        id: challenge.id.clone(),
        issuer,
        lead: frame.fill("challenge.lead", &[("issuer", issuer)]),
        merchant: of.descriptor.clone(),
        amount: money(of.sums.amount(), of.currency),
        card: frame.fill("challenge.card.ending", &card),
        sent: match waiting.channel {
            Channel::Phone => frame.fill("challenge.sent.phone", &[("to", &phone)]),
            Channel::Mailbox => frame.fill("challenge.sent.mailbox", &[("to", &mailbox)]),
        },
        until: frame.fill("challenge.until", &[("time", &until)]),
        note: (said == Some("renewed")).then(|| frame.text("challenge.renewed")),
        error: error(frame, waiting, said),
        refusal: refusal(frame, waiting, now, said),
        by_mail: waiting.channel == Channel::Mailbox,
        to_phone: frame.fill("challenge.channel.phone", &[("to", &phone)]),
        to_mailbox: frame.fill("challenge.channel.mailbox", &[("to", &mailbox)]),
    };
    let back = challenge.return_url.as_deref().and_then(origin);
    View::Asking(Box::new(page), back.map(ToOwned::to_owned))
}

/// What is wrong with the code that was given.
fn error(frame: &Frame, waiting: &Waiting, said: Option<&str>) -> Option<String> {
    if said == Some("format") {
        return Some(frame.text("challenge.format").to_owned());
    }
    waiting.just_wrong.then(|| {
        let tries = waiting.tries_left().to_string();
        frame.fill("challenge.wrong", &[("tries", &tries)])
    })
}

/// Why no new code was sent.
fn refusal(frame: &Frame, waiting: &Waiting, now: Timestamp, said: Option<&str>) -> Option<String> {
    match said {
        Some("codes") => Some(frame.text("challenge.codes").to_owned()),
        Some("early") => {
            // Rounded up: nobody is told zero seconds and then refused.
            let seconds = (waiting.wait(now, waiting.channel).ms() + 999) / 1_000;
            let text = seconds.to_string();
            (seconds > 0).then(|| frame.fill("challenge.early", &[("seconds", &text)]))
        }
        Some(_) | None => None,
    }
}

/// Where the cardholder goes afterwards. The address says that it is over, not how it ended:
/// whoever types it in by hand learns and changes nothing.
fn way_back(of: &Authorization) -> Option<String> {
    let url = of.challenge.as_deref()?.return_url.as_deref()?;
    let joint = if url.contains('?') { '&' } else { '?' };
    Some(format!("{url}{joint}challenge=done"))
}

fn over(frame: &Frame, back: Option<&str>) -> Response {
    let link = back.map(|href| Link { href, text: frame.text("ended.back") });
    let close = frame.text("ended.close");
    let text = frame.text("ended.text");
    let text = if back.is_some() { text.to_owned() } else { format!("{text} {close}") };
    let title = frame.text("ended.title");
    html(200, Page::Own, &Notice { frame, title, text: &text, link })
}

fn not_found(frame: &Frame) -> Response {
    let home = Frame { path: "/".to_owned(), ..frame.clone() };
    problem(&home, 404, frame.text("problem.not_found"))
}

fn path(id: &str) -> String {
    // The address is written into the page's links; a strange one is not repeated.
    let word = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'_';
    if id.bytes().all(word) { format!("/challenge/{id}") } else { "/".to_owned() }
}

/// The six digits of a code as people type it: with spaces or dashes, in Western, Arabic or
/// Persian digits.
fn digits(text: &str) -> Option<String> {
    let mut code = String::with_capacity(CODE_DIGITS);
    for character in text.chars() {
        let digit = match character {
            ' ' | '-' | '\u{a0}' => continue,
            '0'..='9' => u32::from(character) - u32::from('0'),
            '\u{660}'..='\u{669}' => u32::from(character) - 0x660,
            '\u{6f0}'..='\u{6f9}' => u32::from(character) - 0x6f0,
            _ => return None,
        };
        code.push(char::from_digit(digit, 10)?);
    }
    (code.len() == CODE_DIGITS).then_some(code)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_are_read_as_people_type_them() {
        for (text, expected) in [
            ("123456", Some("123456")),
            ("123 456", Some("123456")),
            ("12-34-56", Some("123456")),
            ("١٢٣٤٥٦", Some("123456")),
            ("۱۲۳۴۵۶", Some("123456")),
            ("012345", Some("012345")),
            ("12345", None),
            ("1234567", None),
            ("12345a", None),
            ("１２３４５６", None),
            ("", None),
        ] {
            assert_eq!(digits(text).as_deref(), expected, "{text}");
        }
    }

    #[test]
    fn a_strange_address_is_not_repeated() {
        assert_eq!(path("sbc_Az9"), "/challenge/sbc_Az9");
        assert_eq!(path("\"><script>"), "/");
    }
}
