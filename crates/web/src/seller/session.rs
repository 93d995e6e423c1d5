//! Who a seller's browser is: a link opens once and gives it a cookie; the cookie's secret is kept
//! beside the link.

use std::sync::Arc;

use axum::extract::{Path, State};
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Redirect, Response};
use holdfast_core::command::{Command, Keep};
use holdfast_core::id::{AccountLinkId, Id};
use holdfast_core::key::Version;
use holdfast_core::link::{AccountLink, LinkPurpose, LinkVisit};
use holdfast_core::refusal::Refusal;
use holdfast_core::row::Record;
use holdfast_core::secret::Secret;
use holdfast_core::seller::Seller;
use holdfast_core::time::Span;
use holdfast_engine::{Submission, SubmitError};
use ring::rand::{SecureRandom, SystemRandom};

use super::pages::LinkOverPage;
use super::paths;
use super::views::LinkOver;
use crate::console::surface::Console;
use crate::page::{Problem, Shell, page, web_link};
use crate::parts::SHOP;
use crate::surface::Surface;
use crate::trouble::Trouble;
use crate::visit::Visit;

/// The cookie's name.
const COOKIE: &str = "holdfast_seller";
/// How long a browser that was let in may stay: long enough to look for a bank statement.
const VISIT_LIFE: Span = Span::seconds(60 * 60);
/// How much of the cookie header is read.
const COOKIE_BYTES_MAX: usize = 4_096;
/// Random bytes of a secret: 256 bits.
const SECRET_BYTES: usize = 32;

/// A seller whose browser was let in.
pub(crate) struct Session {
    pub(crate) link: AccountLink,
    pub(crate) seller: Seller,
    version: Version,
}

/// `GET /seller/enter/{id}/{secret}`: lets the first one in who comes with the secret. Whoever
/// comes later, or too late, is sent back to the shop for a new link.
pub(crate) async fn enter(
    State(console): State<Arc<Console>>,
    visit: Visit,
    path: Option<Path<(String, String)>>,
) -> Response {
    let (id, secret) = path.map(|path| path.0).unwrap_or_default();
    let entered = async {
        let (link, version) = load(&console, &id).await?.ok_or(Problem::NotFound)?;
        if !link.secret.matches(&secret) {
            return Err(Problem::NotFound.into());
        }
        let now = console.parts.engine.now();
        if !link.is_fresh(now) {
            return Ok(over(&console, &visit, &link));
        }
        let secret = secret_of_visit()?;
        let kept = LinkVisit {
            secret: Secret::new(secret.clone()),
            until: now.after(VISIT_LIFE),
            is_over: false,
        };
        let used = AccountLink { visit: Some(kept), ..link };
        match write(&console, used.clone(), version).await {
            // Somebody else was quicker with the same link.
            Err(SubmitError::Refused(Refusal::Changed)) => Ok(over(&console, &visit, &used)),
            Err(error) => Err(Trouble::of_submit(&error)),
            Ok(()) => Ok(let_in(&console, &used, &secret)),
        }
    };
    let result = entered.await;
    console.answer(&visit, result)
}

/// The seller whose browser this is, in pages of one of these purposes.
///
/// # Errors
/// `NotFound` for whoever was not let in, or no longer.
pub(crate) async fn session(
    console: &Console,
    headers: &HeaderMap,
    purposes: &[LinkPurpose],
) -> Result<Session, Trouble> {
    let cookie = cookie(headers).ok_or(Problem::NotFound)?;
    let (id, secret) = cookie.split_once('.').ok_or(Problem::NotFound)?;
    let (link, version) = load(console, id).await?.ok_or(Problem::NotFound)?;
    let is_own = link.admits(secret, console.parts.engine.now());
    if !is_own || !purposes.contains(&link.purpose) {
        return Err(Problem::NotFound.into());
    }
    let platform = console.parts.platform;
    let seller = console.parts.engine.find::<Seller>(platform, &link.seller).await?;
    Ok(Session { seller: seller.ok_or(Problem::NotFound)?, link, version })
}

/// Ends a visit: the seller is done.
pub(crate) async fn end(console: &Console, session: Session) -> Result<(), Trouble> {
    let Session { mut link, version, .. } = session;
    if let Some(visit) = &mut link.visit {
        visit.is_over = true;
    }
    write(console, link, version).await.map_err(|error| Trouble::of_submit(&error))
}

/// The frame of a seller's page.
pub(crate) fn shell(console: &Console, path: Option<&str>) -> Shell {
    Shell { shop: SHOP.to_owned(), test_mode: console.is_test(), path: path.map(str::to_owned) }
}

fn let_in(console: &Console, link: &AccountLink, secret: &str) -> Response {
    let to = match link.purpose {
        LinkPurpose::Onboarding | LinkPurpose::Update => paths::ONBOARDING,
        LinkPurpose::Login => paths::HOME,
    };
    let mut response = Redirect::to(to).into_response();
    let secure = if console.origin().starts_with("https://") { "; Secure" } else { "" };
    let seconds = VISIT_LIFE.ms() / 1_000;
    let cookie = format!(
        "{COOKIE}={}.{secret}; Path=/seller; Max-Age={seconds}; HttpOnly; SameSite=Lax{secure}",
        link.id
    );
    if let Ok(cookie) = HeaderValue::try_from(cookie) {
        response.headers_mut().append(header::SET_COOKIE, cookie);
    }
    response
}

/// A link that lets nobody in any more leads back to where a new one is made.
fn over(console: &Console, visit: &Visit, link: &AccountLink) -> Response {
    if let Some(url) = web_link(&link.refresh_url) {
        return Redirect::to(url).into_response();
    }
    let (t, shell) = (visit.texts(), &shell(console, None));
    page(StatusCode::GONE, &LinkOverPage { t, shell, v: &LinkOver })
}

async fn load(console: &Console, id: &str) -> Result<Option<(AccountLink, Version)>, Trouble> {
    let Some(id) = AccountLinkId::parse(id) else { return Ok(None) };
    let platform = console.parts.platform;
    let found = console.parts.engine.load(platform, &[AccountLink::key(&id)]).await?;
    let stored = found.into_iter().next().flatten();
    Ok(stored.and_then(|it| AccountLink::of_row(&it.row).cloned().map(|row| (row, it.version))))
}

async fn write(console: &Console, row: AccountLink, expected: Version) -> Result<(), SubmitError> {
    let keep = Keep { row: row.into_row(), expected, event: None };
    let submission = Submission::new(console.parts.platform, Command::Keep(Box::new(keep)));
    console.parts.engine.submit(submission).await.map(drop)
}

fn secret_of_visit() -> Result<String, Trouble> {
    let mut bytes = [0; SECRET_BYTES];
    SystemRandom::new().fill(&mut bytes).map_err(|_| Trouble::from(Problem::Failure))?;
    Ok(bytes.iter().map(|byte| format!("{byte:02x}")).collect())
}

fn cookie(headers: &HeaderMap) -> Option<String> {
    let text = headers.get(header::COOKIE)?.to_str().ok();
    let text = text.filter(|text| text.len() <= COOKIE_BYTES_MAX)?;
    let pairs = text.split(';').filter_map(|pair| pair.trim().split_once('='));
    pairs.filter(|(name, _)| *name == COOKIE).map(|(_, value)| value.to_owned()).next()
}
