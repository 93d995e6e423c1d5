//! What a table shows of a row: its state and the money that matters there.

use holdfast_core::dispute::Dispute;
use holdfast_core::held::HeldFunds;
use holdfast_core::listed::Listed as _;
use holdfast_core::money::Money;
use holdfast_core::order::{Funding, Order, OrderState};
use holdfast_core::payment::asked::Asked;
use holdfast_core::payment::attempt::{Attempt, AttemptState};
use holdfast_core::payment::intent::{IntentState, PaymentIntent};
use holdfast_core::payment::refund::{Refund, RefundMethod};
use holdfast_core::payment::setup::VerificationState;
use holdfast_core::row::Row;
use holdfast_core::seller::Seller;

/// `USD 43.00`, with as many decimals as the currency has.
pub(super) fn money(amount: Money) -> String {
    let exponent = usize::from(amount.currency().exponent());
    let digits = format!("{:0>width$}", amount.minor().unsigned_abs(), width = exponent + 1);
    let (whole, fraction) = digits.split_at(digits.len() - exponent);
    let sign = if amount.minor() < 0 { "-" } else { "" };
    let point = if exponent == 0 { "" } else { "." };
    format!("{} {sign}{whole}{point}{fraction}", amount.currency())
}

/// What a table shows of a row.
pub(super) fn face(row: &Row) -> String {
    match row {
        Row::Seller(row) => seller(row),
        Row::AccountLink(_) | Row::BankToken(_) => "made".to_owned(),
        Row::Payout(row) => format!("{} {}", row.state.name(), money(row.amount)),
        Row::CheckoutSession(row) => match row.totals() {
            Ok(totals) if row.state.name() == "open" => format!("open {}", money(totals.total)),
            Ok(_) | Err(_) => row.state.name().to_owned(),
        },
        Row::PaymentIntent(row) => intent(row),
        Row::Attempt(row) => attempt(row),
        Row::Capture(row) => asked(&row.state, &money(row.amount)),
        Row::Refund(row) => asked(&row.state, &refund(row)),
        Row::Order(row) => order(row),
        Row::HeldFunds(row) => held(row),
        Row::WebhookEndpoints(row) => row.endpoints.len().to_string(),
        Row::Delivery(row) => format!("{} after {}", row.state.name(), row.tries),
        Row::TestClock(row) => if row.target.is_some() { "moving" } else { "still" }.to_owned(),
        Row::Customer(row) => if row.deleted { "deleted" } else { "known" }.to_owned(),
        Row::PaymentMethod(row) => match row.customer {
            Some(_) => format!("{} owned", row.state.name()),
            None => row.state.name().to_owned(),
        },
        Row::SetupIntent(row) => row.state.name().to_owned(),
        Row::SetupAttempt(row) => match &row.state {
            VerificationState::Declined(decline) => format!("declined {}", decline.code),
            VerificationState::Sending { .. }
            | VerificationState::Unknown { .. }
            | VerificationState::Challenged { .. }
            | VerificationState::Verified => row.state.name().to_owned(),
        },
        Row::Product(row) => row.name.clone(),
        Row::Price(row) => money(row.unit),
        Row::Coupon(row) => redeemed(row.times_redeemed),
        Row::PromotionCode(row) => redeemed(row.times_redeemed),
        Row::PaymentLink(row) => row.state().to_owned(),
        Row::Name(row) => if row.target.is_some() { "taken" } else { "free" }.to_owned(),
        Row::ApiKey(row) => row.name.clone().unwrap_or_default(),
        Row::Dispute(row) => dispute(row),
        Row::EarlyFraudWarning(row) => row.fraud_type.clone(),
        Row::File(row) => row.purpose.name().to_owned(),
        Row::FileContent(row) => format!("{:?}", row.bytes),
        Row::FileLink(row) => row.file.to_string(),
        Row::ReportRun(row) => row.state.name().to_owned(),
        Row::Replay(row) => if row.reply.is_some() { "answered" } else { "claimed" }.to_owned(),
        Row::Sale(row) => row.state().to_owned(),
        Row::Transfer(row) => funds(row.amount, row.reversed, "reversed"),
        Row::TransferReversal(row) => money(row.amount),
        Row::ApplicationFee(row) => funds(row.amount, row.refunded, "refunded"),
        Row::FeeRefund(row) => money(row.amount),
        Row::Topup(row) => format!("{} {}", row.state.name(), money(row.amount)),
        Row::BalanceNote(_) => "noted".to_owned(),
    }
}

fn redeemed(times: u32) -> String {
    format!("redeemed {times}")
}

/// `USD 43.00`, and what came back of it.
fn funds(amount: Money, back: Money, how: &str) -> String {
    if back.is_zero() { money(amount) } else { format!("{} {how} {}", money(amount), money(back)) }
}

fn dispute(row: &Dispute) -> String {
    let asking = if row.is_asking() { " asking" } else { "" };
    format!("{}{asking} {}", row.state.name(), money(row.amount))
}

fn intent(row: &PaymentIntent) -> String {
    match &row.state {
        IntentState::RequiresCapture { capturable, .. } => {
            let growing = if row.growing.is_some() { " growing" } else { "" };
            format!("requires_capture {}{growing}", money(*capturable))
        }
        IntentState::Canceled { reason, .. } => format!("canceled {}", reason.name()),
        IntentState::RequiresPaymentMethod { .. }
        | IntentState::RequiresConfirmation { .. }
        | IntentState::Processing { .. }
        | IntentState::RequiresAction { .. }
        | IntentState::Succeeded { .. } => row.state.name().to_owned(),
    }
}

fn attempt(row: &Attempt) -> String {
    match &row.state {
        AttemptState::Declined(decline) => format!("declined {}", decline.code),
        AttemptState::Sending { .. }
        | AttemptState::Unknown { .. }
        | AttemptState::Challenged { .. }
        | AttemptState::Authorized(_) => row.state.name().to_owned(),
    }
}

fn refund(row: &Refund) -> String {
    let method = match row.method {
        RefundMethod::Reversal => "reversal",
        RefundMethod::Return => "return",
    };
    format!("{} {method}", money(row.amount))
}

fn asked(state: &Asked, what: &str) -> String {
    match state {
        Asked::Sending => format!("sending {what}"),
        Asked::Failed { code, .. } => format!("failed {code}"),
        Asked::Unknown { .. } | Asked::Succeeded { .. } => state.name().to_owned(),
    }
}

fn order(row: &Order) -> String {
    let state = match &row.state {
        OrderState::AwaitingShipment { cancel_request: Some(_), .. } => "cancel_requested".into(),
        OrderState::Completed { how, .. } => format!("completed {}", how.name()),
        OrderState::Canceled { reason, .. } => format!("canceled {}", reason.name()),
        OrderState::AwaitingShipment { .. }
        | OrderState::Shipped { .. }
        | OrderState::Delivered { .. }
        | OrderState::InClaim { .. }
        | OrderState::Refunded { .. } => row.state.name().to_owned(),
    };
    let funding = row.funding.name();
    match row.funding {
        Funding::Authorized | Funding::Capturing { .. } | Funding::CaptureFailed { .. } => {
            let payable = row.payable().map(money).unwrap_or_default();
            format!("{state} {funding} {payable}")
        }
        Funding::Held { .. } | Funding::Returning { .. } | Funding::Returned => {
            format!("{state} {funding}")
        }
    }
}

fn held(row: &HeldFunds) -> String {
    let left = row.left().map(money).unwrap_or_default();
    match row.frozen {
        Some(reason) => format!("frozen {} {left}", reason.name()),
        None if row.left().is_ok_and(Money::is_zero) => "settled".to_owned(),
        None => format!("held {left}"),
    }
}

/// How many bank accounts it has, and which of them their banks refuse: `with 2 but 1 no_account`.
fn seller(row: &Seller) -> String {
    if row.deleted.is_some() {
        return "deleted".to_owned();
    }
    if row.bank_accounts.is_empty() {
        return "made".to_owned();
    }
    let mut face = format!("with {}", row.bank_accounts.len());
    for (account, place) in row.bank_accounts.iter().zip(1..) {
        if let Some(refused) = &account.refused {
            face.push_str(&format!(" but {place} {}", refused.code));
        }
    }
    face
}
