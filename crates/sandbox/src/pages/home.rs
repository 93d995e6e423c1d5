//! The page of the outside world.

use std::sync::Arc;

use askama::Template;
use axum::extract::{RawQuery, State};
use axum::http::HeaderMap;
use axum::response::Response;
use holdfast_core::time::Timestamp;

use super::show::{When, money, when};
use super::{Frame, form, html, problem};
use crate::faults::{Fault, FaultKind, Operation};
use crate::http::Page;
use crate::network::Network;
use crate::network::account::{Account, AccountKey, Channel};
use crate::network::authorization::Kind;
use crate::network::history::{Happening, Message, What};
use crate::network::name::Name;
use crate::network::payout::{Payout, Progress};
use crate::network::profile::{PROFILES, Profile};
use crate::world::World;

/// How many messages of each kind the page shows. All that are kept would be a long page.
const MESSAGES_SHOWN: usize = 50;
/// How many happenings the page shows.
const HAPPENINGS_SHOWN: usize = 50;
/// How many payouts the page shows.
const PAYOUTS_SHOWN: usize = 50;
/// How many accounts the page shows.
const ACCOUNTS_SHOWN: usize = 100;

#[derive(Template)]
#[template(path = "home.html")]
struct Home {
    frame: Frame,
    live: bool,
    done: Option<&'static str>,
    links: Links,
    now: When,
    inboxes: [Inbox; 2],
    accounts: Vec<AccountRow>,
    profiles: &'static [Profile],
    happenings: Vec<HappeningRow>,
    payouts: Vec<PayoutRow>,
    faults: Vec<String>,
    operations: [Operation; 11],
    fault_kinds: [FaultKind; 11],
}

struct Links {
    shop: String,
    console: String,
}

struct Inbox {
    id: &'static str,
    title: &'static str,
    lead: &'static str,
    none: &'static str,
    messages: Vec<MessageRow>,
}

struct MessageRow {
    at: When,
    /// Tells a program which of two codes for one payment is the newer.
    sent_ms: i64,
    from: String,
    code: Box<str>,
    reference: Name,
    text: String,
}

struct AccountRow {
    card: String,
    profile: &'static str,
    currency: String,
    issuer: &'static str,
    limit: String,
    held: String,
    owed: String,
    available: String,
    phone: String,
    mailbox: String,
}

struct HappeningRow {
    at: When,
    what: &'static str,
    reference: Name,
    amount: Option<String>,
    outcome: Option<&'static str>,
}

struct PayoutRow {
    at: When,
    reference: Name,
    amount: String,
    method: &'static str,
    arrives: When,
    status: &'static str,
    why: Option<&'static str>,
}

/// `GET /`.
pub(super) async fn page(
    State(world): State<Arc<World>>,
    RawQuery(query): RawQuery,
    headers: HeaderMap,
) -> Response {
    let query = query.unwrap_or_default();
    let frame = Frame::new("/", Some(&query), &headers);
    let faults = world.faults().list();
    let looked = world.look(|network, now| home(&frame, network, now)).await;
    let Ok(mut home) = looked else {
        return problem(&frame, 503, frame.text("problem.unavailable"));
    };
    home.live = form::field(query.as_bytes(), "live").is_some_and(|live| live == "1");
    home.done = form::field(query.as_bytes(), "done").and_then(|done| said(&frame, &done));
    home.faults = faults.iter().map(|fault| fault_row(&frame, fault)).collect();
    home.links = Links {
        shop: world.config.shop_origin.clone(),
        console: world.config.console_origin.clone(),
    };
    html(200, Page::Own, &home)
}

fn home(frame: &Frame, network: &Network, now: Timestamp) -> Home {
    let accounts = network.accounts().into_iter().take(ACCOUNTS_SHOWN);
    let happenings = network.happenings().take(HAPPENINGS_SHOWN);
    Home {
        frame: frame.clone(),
        live: false,
        done: None,
        links: Links { shop: String::new(), console: String::new() },
        now: when(now),
        inboxes: [
            Inbox {
                id: "phone",
                title: frame.text("phone.title"),
                lead: frame.text("phone.lead"),
                none: frame.text("phone.none"),
                messages: messages(frame, network, Channel::Phone),
            },
            Inbox {
                id: "mailbox",
                title: frame.text("mailbox.title"),
                lead: frame.text("mailbox.lead"),
                none: frame.text("mailbox.none"),
                messages: messages(frame, network, Channel::Mailbox),
            },
        ],
        accounts: accounts.map(|(key, account)| account_row(frame, key, account)).collect(),
        profiles: PROFILES,
        happenings: happenings.map(|happening| happening_row(frame, happening)).collect(),
        payouts: network.payouts().take(PAYOUTS_SHOWN).map(|it| payout_row(it, now)).collect(),
        faults: Vec::new(),
        operations: Operation::ALL,
        fault_kinds: FaultKind::ALL,
    }
}

fn messages(frame: &Frame, network: &Network, channel: Channel) -> Vec<MessageRow> {
    let messages = network.messages().filter(|message| message.channel == channel);
    messages.take(MESSAGES_SHOWN).map(|message| message_row(frame, message)).collect()
}

fn message_row(frame: &Frame, message: &Message) -> MessageRow {
    let to = message.to.address(message.channel);
    let amount = money(message.amount, message.currency);
    MessageRow {
        at: when(message.at),
        sent_ms: message.at.ms(),
        from: frame.fill("message.from", &[("issuer", message.issuer), ("to", &to)]),
        code: message.code.clone(),
        reference: message.reference.clone(),
        text: frame.fill("message.text", &[("amount", &amount), ("merchant", &message.descriptor)]),
    }
}

fn account_row(frame: &Frame, key: AccountKey, account: Account) -> AccountRow {
    let (profile, currency) = (key.profile(), key.currency());
    let names = [("brand", profile.brand.title()), ("last4", profile.last4)];
    AccountRow {
        card: frame.fill("account.card", &names),
        profile: profile.name,
        currency: currency.to_string(),
        issuer: profile.brand.issuer(),
        limit: money(account.limit, currency),
        held: money(account.held, currency),
        owed: money(account.owed, currency),
        available: money(account.available(), currency),
        phone: key.contact().address(Channel::Phone),
        mailbox: key.contact().address(Channel::Mailbox),
    }
}

fn happening_row(frame: &Frame, happening: &Happening) -> HappeningRow {
    let what = match happening.what {
        What::Authorization => frame.text("activity.authorization"),
        What::Verification => frame.text("activity.verification"),
        What::CardSaved => frame.text("activity.card_saved"),
        What::Movement(Kind::Capture) => frame.text("activity.capture"),
        What::Movement(Kind::Increment) => frame.text("activity.increment"),
        What::Movement(Kind::Void) => frame.text("activity.void"),
        What::Movement(Kind::Refund) => frame.text("activity.refund"),
        What::Challenge => frame.text("activity.challenge"),
        What::Expiry => frame.text("activity.expiry"),
        What::Code => frame.text("activity.code"),
        What::Dispute => frame.text("activity.dispute"),
        What::WrongCode => frame.text("activity.wrong_code"),
    };
    HappeningRow {
        at: when(happening.at),
        what,
        reference: happening.reference.clone(),
        amount: happening.amount.map(|(minor, currency)| money(minor, currency)),
        outcome: happening.outcome,
    }
}

fn payout_row(payout: &Payout, now: Timestamp) -> PayoutRow {
    let progress = payout.progress(now);
    PayoutRow {
        at: when(payout.created_at),
        reference: payout.reference.clone(),
        amount: money(payout.amount, payout.currency),
        method: payout.speed.name(),
        arrives: when(payout.arrives_at),
        status: progress.name(),
        why: match progress {
            Progress::Failed(code) => Some(code),
            Progress::Pending | Progress::Paid => None,
        },
    }
}

fn fault_row(frame: &Frame, fault: &Fault) -> String {
    let times = fault.times.to_string();
    let (operation, fault) = (fault.operation.name(), fault.fault.name());
    let values = [("fault", fault), ("times", &*times), ("operation", operation)];
    frame.fill("faults.item", &values)
}

fn said(frame: &Frame, done: &str) -> Option<&'static str> {
    match done {
        "clock" => Some(frame.text("done.clock")),
        "limit" => Some(frame.text("done.limit")),
        "faults" => Some(frame.text("done.faults")),
        _ => None,
    }
}
