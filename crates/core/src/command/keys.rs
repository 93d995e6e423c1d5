//! The rows that a command names itself.

use crate::key::RowKey;
use crate::report::ReportCommand;

use super::{
    CapturePaymentIntent, Command, ConfirmCheckoutSession, ConfirmPaymentIntent,
    CreateCheckoutSession, LookAt, OpenClaim, PaymentRef, ShipOrder,
};

impl Command {
    /// The rows that the command names itself: loading them first saves a round.
    pub fn keys(&self) -> Vec<RowKey> {
        match self {
            Command::CreateSeller(_)
            | Command::CreatePaymentIntent(_)
            | Command::CreateWebhookEndpoint(_)
            | Command::DeleteWebhookEndpoint(_)
            | Command::Webhook(_)
            | Command::CreateTestClock
            | Command::StoreFile(_)
            | Command::FinishEffect => Vec::new(),
            Command::Keep(keep) | Command::ReviseSession(keep) => vec![keep.row.key()],
            Command::EditPaymentIntent(edit) => vec![edit.keep.row.key()],
            Command::Funds(funds) => funds.keys(),
            Command::KeepAll(all) => all.iter().map(|keep| keep.row.key()).collect(),
            Command::EditSeller(edit) => edit.keys(),
            Command::Payout(command) => command.keys(),
            Command::CreateCheckoutSession(create) => create.keys(),
            Command::ChooseShipping(session, _)
            | Command::ChooseQuantity(session, _, _)
            | Command::RemoveCode(session)
            | Command::ExpireCheckoutSession(session) => vec![RowKey::CheckoutSession(*session)],
            Command::EnterCode(session, new) => {
                vec![RowKey::CheckoutSession(*session), new.by.key()]
            }
            Command::ConfirmCheckoutSession(confirm) => vec![confirm.key()],
            Command::Hold(command) => command.keys(),
            Command::ConfirmPaymentIntent(ConfirmPaymentIntent { intent, .. })
            | Command::CapturePaymentIntent(CapturePaymentIntent { intent, .. })
            | Command::CancelPaymentIntent(intent, _) => vec![RowKey::PaymentIntent(*intent)],
            Command::CreateRefund(create) => vec![create.payment.key()],
            Command::ShipOrder(ShipOrder { order, .. })
            | Command::OpenClaim(OpenClaim { order, .. })
            | Command::DeliverOrder(order)
            | Command::ConfirmReceipt(order)
            | Command::ExtendProtection(order)
            | Command::CancelOrder(order, _)
            | Command::RuleClaim(order, _) => vec![RowKey::Order(*order)],
            Command::FreezeHeldFunds(held)
            | Command::ReleaseHeldFunds(held, _)
            | Command::RefundHeldFunds(held, _) => vec![RowKey::HeldFunds(*held)],
            Command::AdvanceTestClock(clock, _) | Command::StepTestClock(clock, _, _) => {
                vec![RowKey::TestClock(*clock)]
            }
            Command::Report(command) => command.keys(),
            Command::Dispute(command) => command.keys(),
            Command::RecordAuthorization(attempt, _) => vec![RowKey::Attempt(*attempt)],
            Command::RecordCapture(capture, _) => vec![RowKey::Capture(*capture)],
            Command::RecordRefund(refund, _) => vec![RowKey::Refund(*refund)],
            Command::RecordDelivery(record) => vec![RowKey::Delivery(record.request.delivery)],
            Command::Look(at) => vec![at.key()],
            Command::Saving(saving) => saving.keys(),
            Command::Ring(timer) | Command::RingAgain(timer) => vec![timer.subject()],
            Command::KeepReply(keep) => vec![RowKey::Replay(keep.key.clone())],
        }
    }
}

impl CreateCheckoutSession {
    fn keys(&self) -> Vec<RowKey> {
        let sellers = self.lines.iter().filter_map(|line| line.seller).map(RowKey::Seller);
        sellers.chain(self.discount.map(|new| new.by.key())).collect()
    }
}

impl ConfirmCheckoutSession {
    fn key(&self) -> RowKey {
        RowKey::CheckoutSession(self.session)
    }
}

impl PaymentRef {
    fn key(self) -> RowKey {
        match self {
            PaymentRef::Intent(intent) => RowKey::PaymentIntent(intent),
            PaymentRef::Attempt(attempt) => RowKey::Attempt(attempt),
        }
    }
}

impl LookAt {
    fn key(self) -> RowKey {
        match self {
            LookAt::Attempt(attempt) | LookAt::Complaints(attempt) => RowKey::Attempt(attempt),
            LookAt::SetupAttempt(attempt) => RowKey::SetupAttempt(attempt),
            LookAt::Refund(refund) => RowKey::Refund(refund),
        }
    }
}

impl ReportCommand {
    fn keys(&self) -> Vec<RowKey> {
        match self {
            ReportCommand::Create(_, _) => Vec::new(),
            ReportCommand::Finish(run, _) => vec![RowKey::ReportRun(*run)],
        }
    }
}
