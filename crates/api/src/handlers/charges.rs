//! `/v1/charges`: single attempts to take money from a card.

use holdfast_core::event::EventKind;
use holdfast_core::id::{CustomerId, PaymentIntentId};
use holdfast_core::key::RowKind;
use holdfast_core::payment::attempt::{Attempt, group_link};
use holdfast_core::payment::intent::{CancelReason, IntentState, PaymentIntent};
use holdfast_core::payment::notes::FraudReport;
use holdfast_core::refusal::Refusal;

use crate::codes;
use crate::error::ApiError;
use crate::expand::Expand;
use crate::fields;
use crate::list::{Created, Page};
use crate::metadata::MetadataChange;
use crate::paging::{self, Narrowed};
use crate::params::{Change, Params};
use crate::pipeline::Answer;
use crate::pipeline::call::Call;
use crate::pipeline::halt::Halt;
use crate::reply::Reply;

use super::charge_shown::{Expanded, shown};
use super::payment_actions::{Taken, take};
use super::payment_params::{Said, shipping_of};

/// `GET /v1/charges/{id}`.
pub(crate) async fn retrieve(call: Call) -> Answer {
    let expanded = call.read(|params| Expand::take(params, Expanded::of))?;
    let row = call.named::<Attempt>("charge").await?;
    Ok(Reply::ok(&shown(&call, &row, expanded).await?))
}

/// `GET /v1/charges`.
pub(crate) async fn list(call: Call) -> Answer {
    let (page, narrowed, expanded) = call.read(|params| {
        let payment: Option<PaymentIntentId> =
            fields::id(params, "payment_intent", "payment_intent")?;
        let customer: Option<CustomerId> = fields::id(params, "customer", "customer")?;
        let group = params.text("transfer_group", fields::NAME_CHARS_MAX)?;
        let narrowed = Narrowed::linked(RowKind::Attempt, payment.as_ref())
            .link(customer.as_ref())
            .link(group.as_deref().map(group_link).as_ref())
            .created(Created::take(params)?);
        let expanded = Expand::take(params, |expand| expand.property("data", Expanded::of))?;
        Ok((Page::take(params)?, narrowed, expanded.unwrap_or_default()))
    })?;
    let mut objects = Vec::new();
    for row in paging::rows::<Attempt>(&call, &page, narrowed).await? {
        objects.push(shown(&call, &row, expanded).await?);
    }
    Ok(Reply::ok(&page.list(call.path, objects)))
}

/// `POST /v1/charges/{id}`.
pub(crate) async fn update(call: Call) -> Answer {
    let (edit, expanded) =
        call.read(|params| Ok((Edit::take(params)?, Expand::take(params, Expanded::of)?)))?;
    let event = Some(EventKind::ChargeUpdated);
    let row = call.edit::<Attempt>("charge", event, |row| edit.apply(row)).await?;
    Ok(Reply::ok(&shown(&call, &row, expanded).await?))
}

/// `POST /v1/charges/{id}/capture`: the capture of the charge's payment, the rest given back.
pub(crate) async fn capture(call: Call) -> Answer {
    let (minor, said, expanded) = call.read(|params| {
        let minor = fields::positive(params, "amount")?;
        let said = Said::of_charge_capture(params)?;
        Ok((minor, said, Expand::take(params, Expanded::of)?))
    })?;
    let row = call.named::<Attempt>("charge").await?;
    let taken = Taken { minor, is_final: true };
    match take(&call, row.intent, taken, &said).await {
        Ok(_) => {}
        Err(Halt::Replay(reply)) => return Err(Halt::Replay(reply)),
        Err(halt) => {
            return Err(not_capturable(&call, &row).await?.map_or(halt, Halt::from));
        }
    }
    let row = call.present::<Attempt>(&row.id).await?;
    Ok(Reply::ok(&shown(&call, &row, expanded).await?))
}

/// Why there was nothing to capture, where the dialect has a word of its own for it.
async fn not_capturable(call: &Call, row: &Attempt) -> Result<Option<ApiError>, Halt> {
    let payment = call.present::<PaymentIntent>(&row.intent).await?;
    let refuse = |code, message: &str| Ok(Some(ApiError::invalid(code, message)));
    match payment.state {
        IntentState::Succeeded { .. } => {
            refuse(codes::CHARGE_ALREADY_CAPTURED, "The charge has been captured already.")
        }
        IntentState::Canceled { reason: CancelReason::Automatic, .. } => {
            let message = "The authorization is over, and nothing of it can be captured.";
            refuse(Refusal::AuthorizationExpired.code(), message)
        }
        IntentState::RequiresPaymentMethod { .. }
        | IntentState::RequiresConfirmation { .. }
        | IntentState::Processing { .. }
        | IntentState::RequiresAction { .. }
        | IntentState::RequiresCapture { .. }
        | IntentState::Canceled { .. } => Ok(None),
    }
}

/// What `POST /v1/charges/{id}` wants changed.
struct Edit {
    description: Change<String>,
    receipt_email: Option<String>,
    transfer_group: Option<String>,
    metadata: MetadataChange,
    shipping: Option<holdfast_core::payment::notes::Shipping>,
    report: Change<FraudReport>,
}

impl Edit {
    fn take(params: &mut Params) -> Result<Edit, ApiError> {
        let words = [FraudReport::Fraudulent, FraudReport::Safe].map(|word| (word.name(), word));
        let report = params.map("fraud_details", |details| {
            if details.is_empty_text("user_report") {
                details.ignore("user_report");
                return Ok(Change::Unset);
            }
            details.required_choice("user_report", &words).map(Change::Set)
        })?;
        Ok(Edit {
            description: params.text_change("description", fields::DESCRIPTION_CHARS_MAX)?,
            receipt_email: fields::email(params, "receipt_email")?,
            transfer_group: params.text("transfer_group", fields::NAME_CHARS_MAX)?,
            metadata: MetadataChange::take(params)?,
            shipping: params.map("shipping", shipping_of)?,
            report: report.unwrap_or(Change::Keep),
        })
    }

    fn apply(&self, row: &mut Attempt) -> Result<(), ApiError> {
        let notes = &mut row.notes;
        match &self.description {
            Change::Keep => {}
            Change::Unset => notes.description = None,
            Change::Set(text) => notes.description = Some(text.clone()),
        }
        match self.report {
            Change::Keep => {}
            Change::Unset => notes.fraud_report = None,
            Change::Set(report) => notes.fraud_report = Some(report),
        }
        if self.transfer_group.is_some() && notes.transfer_group != self.transfer_group {
            if notes.transfer_group.is_some() {
                let message = "The transfer group of a charge is set once.";
                let (code, param) = (codes::PARAMETER_INVALID_VALUE, "transfer_group");
                return Err(ApiError::param(code, param, message));
            }
            notes.transfer_group.clone_from(&self.transfer_group);
        }
        if self.receipt_email.is_some() {
            notes.receipt_email.clone_from(&self.receipt_email);
        }
        if self.shipping.is_some() {
            notes.notes.shipping.clone_from(&self.shipping);
        }
        notes.metadata = self.metadata.clone().applied(&notes.metadata)?;
        Ok(())
    }
}
