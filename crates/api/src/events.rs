//! Events as webhooks carry them and `GET /v1/events` shows them: the same bytes in both places,
//! but for the number of receivers that have yet to take it, which falls as they do.

use std::collections::BTreeSet;
use std::sync::Arc;

use holdfast_core::bank::BankAccount;
use holdfast_core::event::{self, EventKind};
use holdfast_core::payment::attempt::Attempt;
use holdfast_core::payment::refund::Refund;
use holdfast_core::payout::{Payout, PayoutOwner};
use holdfast_core::row::{Record as _, Row};
use holdfast_core::seller::Seller;
use holdfast_core::time::Timestamp;
use serde::Serialize;
use serde_json::Value;

use crate::objects::{self, Event, EventData, EventRequest, EventWord, List};
use crate::receipts::Receipts;
use crate::render::{self, LIVEMODE, Style};
use crate::version::{self, Rendering, Version};

/// The JSON of an event, in the version that its receiver asked for, or the newest.
pub fn body(event: &event::Event, api_version: Option<&str>, receipts: &Receipts) -> Vec<u8> {
    let version = api_version.and_then(Version::parse).unwrap_or_default();
    // Only objects with text keys are written, which cannot fail.
    serde_json::to_vec(&object(event, &version, receipts)).unwrap_or_default()
}

/// An event as it is now: `pending` receivers have not taken it.
pub(crate) fn current(
    event: &event::Event,
    version: &Version,
    receipts: &Receipts,
    pending: usize,
) -> Event {
    let pending_webhooks = i64::try_from(pending).unwrap_or(i64::MAX);
    Event { pending_webhooks, ..object(event, version, receipts) }
}

/// An event as it happened, its object as it was right after it. Nobody has taken it yet.
fn object(event: &event::Event, version: &Version, receipts: &Receipts) -> Event {
    let rendering = version.rendering();
    let style = Style { pay_origin: None, rules: None, receipts, rendering };
    Event {
        id: event.id.to_string(),
        object: EventWord,
        account: seller(&event.object),
        api_version: Some(version.as_str().to_owned()),
        created: event.at.seconds(),
        data: EventData {
            object: bank_account(event)
                .or_else(|| discount(event))
                .unwrap_or_else(|| whole(event, &style)),
            previous_attributes: previous(event, &style),
        },
        livemode: LIVEMODE,
        pending_webhooks: event.deliveries.into(),
        request: Some(request(event)),
        kind: event.kind.name().to_owned(),
    }
}

/// The request that made it happen: both null where a clock, a bank or a page of ours did.
fn request(event: &event::Event) -> EventRequest {
    let origin = event.origin.as_ref();
    EventRequest {
        id: origin.map(|origin| origin.request.clone()),
        idempotency_key: origin.and_then(|origin| origin.idempotency_key.clone()),
    }
}

/// The version of events where their receiver named none.
pub const DEFAULT_VERSION: &str = version::DEFAULT;

/// Events about a seller itself say whose they are, as those of connected accounts do.
fn seller(row: &Row) -> Option<String> {
    if let Row::Payout(Payout { owner: PayoutOwner::Seller(seller), .. }) = row {
        return Some(seller.to_string());
    }
    if let Row::Seller(seller) = row { Some(seller.id.to_string()) } else { None }
}

/// The bank account that an event about a seller is about: the one that is not the same before
/// and after.
fn bank_account(event: &event::Event) -> Option<Value> {
    let is_about_one = [
        EventKind::AccountExternalAccountCreated,
        EventKind::AccountExternalAccountDeleted,
        EventKind::AccountExternalAccountUpdated,
    ]
    .contains(&event.kind);
    let (Row::Seller(after), Some(Row::Seller(before))) = (&*event.object, event.before.as_deref())
    else {
        return None;
    };
    let differs = |account: &&BankAccount, others: &Seller| {
        others.bank_account(account.id).is_none_or(|other| other != *account)
    };
    let added = after.bank_accounts.iter().rev().find(|account| differs(account, before));
    let gone = before.bank_accounts.iter().find(|account| after.bank_account(account.id).is_none());
    let account = if event.kind == EventKind::AccountExternalAccountDeleted { gone } else { added };
    let account = account.filter(|_| is_about_one)?;
    Some(json(&render::bank_account::object(account, Some(after.id))))
}

/// The object, with the lists that versions before 2022-11-15 have in it: as far as the commit that
/// made the event has seen what they hold.
fn whole(event: &event::Event, style: &Style<'_>) -> Value {
    let mut value = subject(&event.object, event.at, style);
    if style.rendering != Rendering::WithCharges {
        return value;
    }
    if let Row::PaymentIntent(row) = &*event.object {
        let charges = event.related.iter().filter_map(|row| Attempt::of_row(row));
        let charges = charges.map(|row| listed(row, &[], style)).collect();
        value["charges"] = json(&List::whole(render::charge::list_url(row.id), charges));
    }
    if let Row::Attempt(row) = &*event.object {
        value["refunds"] = json(&refunds(row, &event.related));
    }
    value
}

fn listed(row: &Attempt, related: &[Arc<Row>], style: &Style<'_>) -> objects::Charge {
    let charge = render::charge::object(row, style.receipts);
    objects::Charge { refunds: Some(refunds(row, related)), ..charge }
}

/// The refunds of a charge, newest first. The list is not whole where there were others before.
fn refunds(row: &Attempt, related: &[Arc<Row>]) -> List<objects::Refund> {
    let shown = related.iter().rev().filter_map(|row| Refund::of_row(row));
    let shown: Vec<_> = shown.map(render::refund::object).collect();
    let known = u32::try_from(shown.len()).unwrap_or(u32::MAX);
    let mut list = List::whole(render::charge::refunds_url(row.id), shown);
    list.has_more = known < row.refunds;
    list
}

/// The coupon that an event about a customer is about.
fn discount(event: &event::Event) -> Option<Value> {
    let Row::Customer(after) = &*event.object else { return None };
    let before = match event.before.as_deref() {
        Some(Row::Customer(before)) => before.discount.as_ref(),
        Some(_) | None => None,
    };
    let is_there = [EventKind::CustomerDiscountCreated, EventKind::CustomerDiscountUpdated];
    let discount = if is_there.contains(&event.kind) {
        after.discount.as_ref()
    } else {
        before.filter(|_| event.kind == EventKind::CustomerDiscountDeleted)
    };
    Some(json(&render::discount::object(after.id, discount?)))
}

fn subject(row: &Row, at: Timestamp, style: &Style<'_>) -> Value {
    match row {
        Row::Seller(row) => json(&render::account::object(row)),
        Row::Payout(row) => json(&render::payout::object(row)),
        Row::CheckoutSession(row) => json(&render::checkout_session::object(row, style)),
        Row::PaymentIntent(row) => json(&render::payment_intent::in_version(row, style.rendering)),
        Row::Attempt(row) => json(&render::charge::object(row, style.receipts)),
        Row::Dispute(row) => json(&render::dispute::object(row, None, at)),
        Row::EarlyFraudWarning(row) => json(&render::dispute::warning(row, None)),
        Row::File(row) => json(&render::file::object(row, None)),
        Row::ReportRun(row) => json(&render::file::report_run(row, None)),
        Row::Customer(row) => json(&render::customer::object(row)),
        Row::PaymentMethod(row) => json(&render::payment_method::object(row)),
        Row::SetupIntent(row) => json(&render::setup_intent::object(row)),
        Row::Refund(row) => json(&render::refund::object(row)),
        Row::Order(row) => json(&render::order::object(row, style)),
        Row::HeldFunds(row) => json(&render::held_funds::object(row)),
        Row::TestClock(row) => json(&render::test_clock::object(row, at)),
        Row::Transfer(row) => {
            json(&render::transfer::object(row, render::transfer::reversals(row, &[])))
        }
        Row::TransferReversal(row) => json(&render::transfer::reversal(row)),
        Row::ApplicationFee(row) => {
            json(&render::application_fee::object(row, render::application_fee::refunds(row, &[])))
        }
        Row::FeeRefund(row) => json(&render::application_fee::refund(row)),
        Row::Topup(row) => json(&render::topup::object(row)),
        Row::BalanceNote(row) => json(&render::balance::of_platform(&row.balance)),
        Row::Product(row) => json(&render::product::object(row)),
        Row::Price(row) => json(&render::price::object(row)),
        Row::Coupon(row) => json(&render::coupon::object(row, at)),
        Row::PromotionCode(row) => json(&render::promotion_code::object(row, at)),
        Row::PaymentLink(row) => {
            json(&render::payment_link::object(row, style.pay_origin.unwrap_or_default(), 0))
        }
        // The core makes no events of these.
        Row::FileContent(_)
        | Row::FileLink(_)
        | Row::AccountLink(_)
        | Row::BankToken(_)
        | Row::ApiKey(_)
        | Row::Capture(_)
        | Row::Delivery(_)
        | Row::Name(_)
        | Row::Replay(_)
        | Row::Sale(_)
        | Row::SetupAttempt(_)
        | Row::WebhookEndpoints(_) => Value::Null,
    }
}

fn json(object: &impl Serialize) -> Value {
    // Objects have text keys only, so that writing them cannot fail.
    serde_json::to_value(object).unwrap_or_default()
}

/// The fields that changed, as they were before; `None` where the event is no edit.
fn previous(event: &event::Event, style: &Style<'_>) -> Option<Value> {
    let before = subject(event.before.as_deref()?, event.at, style);
    Some(changed(&before, &subject(&event.object, event.at, style)))
}

/// What of `before` is not so in `after`; null for what was not there.
fn changed(before: &Value, after: &Value) -> Value {
    let (Value::Object(before), Value::Object(after)) = (before, after) else {
        return before.clone();
    };
    let names: BTreeSet<&String> = before.keys().chain(after.keys()).collect();
    let was = |name: &String| {
        let (old, new) = (before.get(name), after.get(name));
        let differs = old != new;
        differs.then(|| {
            let (old, new) = (old.unwrap_or(&Value::Null), new.unwrap_or(&Value::Null));
            (name.clone(), changed(old, new))
        })
    };
    Value::Object(names.into_iter().filter_map(was).collect())
}
