//! The one decision function: what does a command change?

mod authorize;
mod basket;
mod cancel;
mod capture;
mod claim;
mod clock;
mod discount;
mod dispute;
mod draft;
mod edit;
mod fee;
mod file;
mod give_up;
mod held;
mod hold;
mod keep;
mod method;
mod onward;
mod order;
mod pay;
mod payout;
mod purchase;
mod refund;
mod reply;
mod report;
mod sale;
mod saving;
mod seller;
mod session;
mod setup;
mod timer;
mod topup;
mod transfer;
mod verify;
mod webhook;

use crate::change::Changes;
use crate::command::{Command, FundsCommand, Request};
use crate::key::RowKey;
use crate::time::Timestamp;
use crate::view::{Stop, View};

use draft::Draft;

/// Decides what a request changes. Does nothing itself: same view, time and request, same answer.
///
/// # Stops
/// `Need` names rows to load before asking again, at most four times; `Refused` is the domain's
/// no, in the order that the API documents.
pub fn decide(view: &View<'_>, now: Timestamp, request: &Request) -> Result<Changes, Stop> {
    // Every event reads the list of receivers, so it is asked for together with the first rows.
    view.need([RowKey::WebhookEndpoints(view.platform)])?;
    let mut draft = Draft::new(view, now, request);
    apply(&mut draft, &request.command)?;
    if let Some(claim) = &request.claim {
        reply::claim(&mut draft, claim);
    }
    draft.finish()
}

fn apply(draft: &mut Draft<'_>, command: &Command) -> Result<(), Stop> {
    match command {
        Command::Keep(keep) => keep::keep(draft, keep),
        Command::KeepAll(all) => all.iter().try_for_each(|each| keep::keep(draft, each)),
        Command::CreateSeller(create) => seller::create(draft, create),
        Command::EditSeller(edit) => seller::edit(draft, edit),
        Command::Payout(command) => payout::apply(draft, command),
        Command::CreateCheckoutSession(create) => session::create(draft, create),
        Command::ReviseSession(keep) => basket::revise(draft, keep),
        Command::ChooseShipping(session, choice) => basket::ship_by(draft, *session, *choice),
        Command::ChooseQuantity(id, line, many) => basket::take(draft, *id, *line, *many),
        Command::EnterCode(session, new) => basket::enter(draft, *session, *new),
        Command::RemoveCode(session) => basket::remove(draft, *session),
        Command::ConfirmCheckoutSession(confirm) => pay::confirm_session(draft, confirm),
        Command::ExpireCheckoutSession(session) => session::expire(draft, *session),
        Command::CreatePaymentIntent(create) => pay::create(draft, create),
        Command::EditPaymentIntent(edit) => pay::edit(draft, edit),
        Command::ConfirmPaymentIntent(confirm) => pay::confirm(draft, confirm),
        Command::CapturePaymentIntent(capture) => capture::of_intent(draft, capture),
        Command::Hold(command) => hold::apply(draft, command),
        Command::CancelPaymentIntent(intent, reason) => cancel::intent(draft, *intent, *reason),
        Command::CreateRefund(create) => refund::create(draft, create),
        Command::Funds(funds) => move_funds(draft, funds),
        Command::ShipOrder(ship) => order::ship(draft, ship),
        Command::DeliverOrder(order) => order::deliver(draft, *order),
        Command::ConfirmReceipt(order) => order::confirm_receipt(draft, *order),
        Command::ExtendProtection(order) => order::extend(draft, *order),
        Command::CancelOrder(order, by) => cancel::order_by(draft, *order, *by),
        Command::OpenClaim(open) => claim::open(draft, open),
        Command::RuleClaim(order, ruling) => claim::rule(draft, *order, *ruling),
        Command::FreezeHeldFunds(held) => held::freeze(draft, *held),
        Command::ReleaseHeldFunds(held, amount) => held::release(draft, *held, *amount),
        Command::RefundHeldFunds(held, amount) => held::refund(draft, *held, *amount),
        Command::CreateWebhookEndpoint(create) => webhook::create(draft, create),
        Command::DeleteWebhookEndpoint(endpoint) => webhook::delete(draft, *endpoint),
        Command::Webhook(command) => webhook::command(draft, command),
        Command::CreateTestClock => clock::create(draft),
        Command::AdvanceTestClock(clock, to) => clock::advance(draft, *clock, *to),
        Command::StepTestClock(clock, ahead, step) => clock::step(draft, *clock, *ahead, *step),
        Command::StoreFile(new) => file::store(draft, new).map(|_| ()),
        Command::Report(command) => report::carry_out(draft, command),
        Command::Dispute(command) => dispute::carry_out(draft, command),
        Command::RecordAuthorization(id, outcome) => authorize::record(draft, *id, outcome),
        Command::RecordCapture(capture, outcome) => capture::record(draft, *capture, outcome),
        Command::RecordRefund(refund, outcome) => refund::record(draft, *refund, outcome),
        Command::RecordDelivery(record) => webhook::record(draft, record),
        Command::Look(at) => timer::look(draft, *at),
        Command::FinishEffect => Ok(()),
        Command::Saving(saving) => saving::apply(draft, saving),
        Command::Ring(timer) => timer::ring(draft, *timer),
        Command::RingAgain(timer) => timer::ring_again(draft, *timer),
        Command::KeepReply(keep) => reply::keep(draft, keep),
    }
}

fn move_funds(draft: &mut Draft<'_>, command: &FundsCommand) -> Result<(), Stop> {
    match command {
        FundsCommand::Transfer(create) => transfer::create(draft, create),
        FundsCommand::Reverse(create) => transfer::reverse(draft, create),
        FundsCommand::RefundFee(create) => fee::refund(draft, create),
        FundsCommand::TopUp(create) => topup::create(draft, create),
        FundsCommand::CancelTopup(topup) => topup::cancel(draft, *topup),
        FundsCommand::NoteBalance(balance) => {
            sale::note_balance(draft, balance);
            Ok(())
        }
    }
}
