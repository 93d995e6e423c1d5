//! The console's payments: the list, and one payment with all that happened to it.

use std::sync::Arc;

use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use holdfast_core::checkout::CheckoutSession;
use holdfast_core::event::Event;
use holdfast_core::held::HeldFunds;
use holdfast_core::id::{AttemptId, Id, PaymentIntentId};
use holdfast_core::key::RowKind;
use holdfast_core::ledger::{JournalEntry, Side as StoredSide};
use holdfast_core::money::{Money, MoneyError};
use holdfast_core::order::Order;
use holdfast_core::payment::asked::Asked;
use holdfast_core::payment::attempt::{Attempt as StoredAttempt, AttemptState};
use holdfast_core::payment::capture::Capture;
use holdfast_core::payment::intent::PaymentIntent;
use holdfast_core::payment::refund::{Refund, RefundMethod};
use holdfast_core::row::Record;
use holdfast_engine::query::{Created, EventsQuery, PAGE_MAX, Page, RowsQuery};

use super::list::{Cursor, Narrow};
use super::pages::{PaymentPage, PaymentsPage};
use super::rows_of::event_row;
use super::status::{AttemptStatus, MoveKind, MoveStatus, PaymentStatus};
use super::surface::{Console, Named};
use super::views::{Attempt, Entry, Move, Payment, Payments, Posting, Section, Side};
use crate::address::wire_session;
use crate::page::{Problem, page};
use crate::pay::view_of::card;
use crate::receipt::receipt_path;
use crate::surface::Surface;
use crate::trouble::Trouble;
use crate::visit::Visit;

/// `GET /payments`, with `?status=`, `?after=` and `?before=`.
pub(crate) async fn list(State(console): State<Arc<Console>>, visit: Visit) -> Response {
    let shown = async {
        let filter = visit.query("status").and_then(PaymentStatus::parse);
        let narrow = Narrow { state: filter.map(PaymentStatus::name), link: None };
        let cursor = Cursor::of(&visit);
        let (rows, pager) = console.list(RowKind::PaymentIntent, narrow, &cursor).await?;
        let v = &Payments { filter, rows: console.payment_rows(&rows).await?, pager };
        let shell = &console.shell(&visit, Some(Section::Payments), Some("/payments"));
        Ok(page(StatusCode::OK, &PaymentsPage { t: visit.texts(), shell, v }))
    };
    let result = shown.await;
    console.answer(&visit, result)
}

/// `GET /payments/{id}`.
pub(crate) async fn show(
    State(console): State<Arc<Console>>,
    visit: Visit,
    Named(id): Named,
) -> Response {
    let shown = async {
        let v = &payment(&console, &id).await?;
        let path = format!("/payments/{}", v.row.id);
        let shell = &console.shell(&visit, Some(Section::Payments), Some(&path));
        Ok(page(StatusCode::OK, &PaymentPage { t: visit.texts(), shell, v }))
    };
    let result = shown.await;
    console.answer(&visit, result)
}

async fn payment(console: &Console, id: &str) -> Result<Payment, Trouble> {
    let id = PaymentIntentId::parse(id).ok_or(Problem::NotFound)?;
    let (engine, platform) = (&console.parts.engine, console.parts.platform);
    let intent = engine.find::<PaymentIntent>(platform, &id).await?.ok_or(Problem::NotFound)?;
    let session = match &intent.session {
        Some(id) => engine.find::<CheckoutSession>(platform, id).await?,
        None => None,
    };
    let rows = console.payment_rows(&[intent.clone().into_row()]).await?;
    let row = rows.into_iter().next().ok_or(Problem::NotFound)?;
    let attempts: Vec<StoredAttempt> = console.linked(RowKind::Attempt, id).await?;
    let refunds: Vec<Refund> = console.linked(RowKind::Refund, id).await?;
    let orders = console.load_all::<Order>(intent.orders.iter().copied()).await?;
    Ok(Payment {
        row,
        session: session.as_ref().map(|session| wire_session(session.id, console.is_test())),
        reference: session.and_then(|session| session.client_reference),
        capturable: intent.capturable(),
        captured: intent.captured,
        refunded: returned(&intent, &refunds)?,
        attempts: (1..).zip(&attempts).map(|(n, it)| attempt(console, n, it)).collect(),
        orders: console.order_rows(&orders).await?,
        moves: moves(console, id, &refunds).await?,
        events: events(console, id).await?.iter().map(|it| event_row(console, it)).collect(),
        journal: engine.read().journal(platform, id).await?.iter().map(entry).collect(),
    })
}

impl Console {
    /// The rows of a kind that belong to a payment, the oldest first.
    async fn linked<R: Record>(
        &self,
        kind: RowKind,
        payment: PaymentIntentId,
    ) -> Result<Vec<R>, Trouble> {
        let query = RowsQuery::newest(self.parts.platform, kind, PAGE_MAX).linked(&payment);
        let rows = self.parts.engine.read().rows(&query).await?;
        Ok(rows.iter().rev().filter_map(R::of_row).cloned().collect())
    }
}

/// What the buyer got back, taken before or not.
fn returned(intent: &PaymentIntent, refunds: &[Refund]) -> Result<Money, MoneyError> {
    let done = refunds.iter().filter(|refund| matches!(refund.state, Asked::Succeeded { .. }));
    Money::sum(intent.amount.currency(), done.map(|refund| refund.amount))
}

async fn events(console: &Console, payment: PaymentIntentId) -> Result<Vec<Event>, Trouble> {
    let query = EventsQuery {
        platform: console.parts.platform,
        payment: Some(payment),
        kinds: Vec::new(),
        created: Created::default(),
        page: Page::first(PAGE_MAX),
    };
    let mut events = console.parts.engine.read().events(&query).await?;
    events.reverse();
    Ok(events)
}

/// The address of a charge's receipt.
fn receipt(console: &Console, charge: AttemptId) -> String {
    let parts = &console.parts;
    format!("{}{}", parts.pay_origin, receipt_path(&parts.receipts, charge))
}

fn attempt(console: &Console, number: u32, stored: &StoredAttempt) -> Attempt {
    let (status, decline) = match &stored.state {
        AttemptState::Sending { .. } => (AttemptStatus::Sending, None),
        AttemptState::Unknown { .. } => (AttemptStatus::Unknown, None),
        AttemptState::Challenged { .. } => (AttemptStatus::Challenged, None),
        AttemptState::Authorized(_) => (AttemptStatus::Authorized, None),
        AttemptState::Declined(decline) => {
            let code = decline.decline_code.as_ref().unwrap_or(&decline.code);
            (AttemptStatus::Declined, Some(code.clone()))
        }
    };
    Attempt {
        number,
        status,
        at: stored.created,
        amount: stored.amount,
        card: stored.card.as_ref().map(card),
        reference: stored.id.to_string(),
        receipt: stored.authorization().map(|_| receipt(console, stored.id)),
        decline,
        expires_at: stored.authorization().map(|authorization| authorization.expires_at),
    }
}

/// Captures, held funds and refunds in the order in which they began.
async fn moves(
    console: &Console,
    payment: PaymentIntentId,
    refunds: &[Refund],
) -> Result<Vec<Move>, Trouble> {
    let captures: Vec<Capture> = console.linked(RowKind::Capture, payment).await?;
    let held: Vec<HeldFunds> = console.linked(RowKind::HeldFunds, payment).await?;
    let mut moves: Vec<Move> = captures.iter().map(capture_move).collect();
    moves.extend(held.iter().map(held_move));
    moves.extend(refunds.iter().map(refund_move));
    moves.sort_by_key(|it| it.at);
    Ok(moves)
}

fn capture_move(capture: &Capture) -> Move {
    let orders: Vec<String> = capture.shares.iter().map(|share| share.order.to_string()).collect();
    let (status, failure) = asked(&capture.state);
    Move {
        kind: MoveKind::Capture,
        id: capture.id.to_string(),
        status,
        amount: capture.amount,
        at: capture.created,
        orders: orders.join(", "),
        failure,
    }
}

fn held_move(held: &HeldFunds) -> Move {
    let is_empty = held.left().is_ok_and(Money::is_zero);
    let (status, failure) = match held.frozen {
        Some(reason) => (MoveStatus::Frozen, Some(reason.name().to_owned())),
        None if is_empty => (MoveStatus::Settled, None),
        None => (MoveStatus::Held, None),
    };
    Move {
        kind: MoveKind::Held,
        id: held.id.to_string(),
        status,
        amount: held.amount,
        at: held.created,
        orders: held.order.to_string(),
        failure,
    }
}

fn refund_move(refund: &Refund) -> Move {
    let orders = refund.shares.iter().filter_map(|share| share.order);
    let orders: Vec<String> = orders.map(|order| order.to_string()).collect();
    let (status, failure) = asked(&refund.state);
    let kind = match refund.method {
        RefundMethod::Reversal => MoveKind::Reversal,
        RefundMethod::Return => MoveKind::Refund,
    };
    Move {
        kind,
        id: refund.id.to_string(),
        status,
        amount: refund.amount,
        at: refund.created,
        orders: orders.join(", "),
        failure,
    }
}

fn asked(state: &Asked) -> (MoveStatus, Option<String>) {
    match state {
        Asked::Sending => (MoveStatus::Sending, None),
        Asked::Unknown { .. } => (MoveStatus::Unknown, None),
        Asked::Succeeded { .. } => (MoveStatus::Succeeded, None),
        Asked::Failed { code, .. } => (MoveStatus::Failed, Some(code.clone())),
    }
}

fn entry(stored: &JournalEntry) -> Entry {
    let postings = stored.postings.iter().map(|posting| Posting {
        account: posting.account.to_string(),
        side: match posting.side {
            StoredSide::Debit => Side::Debit,
            StoredSide::Credit => Side::Credit,
        },
        amount: posting.amount,
    });
    Entry {
        id: stored.id.to_string(),
        command: stored.reason.name().to_owned(),
        at: stored.at,
        postings: postings.collect(),
    }
}
