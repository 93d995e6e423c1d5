//! `/v1/charges`: single attempts to take money from a card.

use holdfast_core::event::EventKind;
use holdfast_core::id::{CustomerId, PaymentIntentId};
use holdfast_core::key::RowKind;
use holdfast_core::payment::attempt::{Attempt, group_link};
use holdfast_core::payment::intent::{CancelReason, IntentState, PaymentIntent};
use holdfast_core::payment::notes::FraudReport;
use holdfast_core::payment::refund::Refund;
use holdfast_core::refusal::Refusal;
use holdfast_core::row::Record as _;
use holdfast_engine::query::RowsQuery;

use crate::codes;
use crate::error::ApiError;
use crate::expand::Expand;
use crate::fields;
use crate::list::{Created, LIMIT_DEFAULT, List, Page};
use crate::metadata::MetadataChange;
use crate::objects::{self, Expandable};
use crate::paging::{self, Narrowed};
use crate::params::{Change, Params};
use crate::pipeline::Answer;
use crate::pipeline::call::Call;
use crate::pipeline::halt::Halt;
use crate::render::{charge, payment_intent, refund};
use crate::reply::Reply;
use crate::version::Rendering;

use super::payment_actions::{Taken, take};
use super::payment_params::{Said, shipping_of};

use super::{application_fees, balance_transactions, cards, transfers};

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

/// What an answer about a charge expands.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Expanded {
    payment: bool,
    customer: bool,
    refunds: bool,
    entry: bool,
    fee: bool,
    transfer: bool,
}

impl Expanded {
    /// What is expanded of a charge within another object.
    pub(crate) fn of(expand: &mut Expand) -> Result<Expanded, ApiError> {
        // Never filled here.
        for name in ["failure_balance_transaction", "review", "source_transfer"] {
            expand.property(name, |_| Ok(()))?;
        }
        let payment = expand.property("payment_intent", |_| Ok(()))?.is_some();
        let refunds = expand.property("refunds", |refunds| refunds.property("data", |_| Ok(())))?;
        let customer = expand.property("customer", |_| Ok(()))?.is_some();
        let entry = balance_transactions::expanded(expand)?;
        let fee = expand.property("application_fee", |_| Ok(()))?.is_some();
        let transfer = expand.property("transfer", |_| Ok(()))?.is_some();
        let refunds = refunds.is_some();
        Ok(Expanded { payment, customer, refunds, entry, fee, transfer })
    }
}

/// A charge as the caller's version shows it.
pub(crate) async fn shown(
    call: &Call,
    row: &Attempt,
    expanded: Expanded,
) -> Result<objects::Charge, Halt> {
    let mut object = shown_within(call, row, expanded).await?;
    if expanded.payment {
        let payment = call.present::<PaymentIntent>(&row.intent).await?;
        let payment = payment_intent::in_version(&payment, call.version.rendering());
        object.payment_intent = Some(Expandable::Object(Box::new(payment)));
    }
    Ok(object)
}

/// A charge as it is shown within its payment, which is not repeated there.
pub(crate) async fn shown_within(
    call: &Call,
    row: &Attempt,
    expanded: Expanded,
) -> Result<objects::Charge, Halt> {
    let mut object = charge::object(row, call.api.receipts());
    object.balance_transaction =
        balance_transactions::reference(call, row.entry, expanded.entry).await?;
    if let (true, Some(id)) = (expanded.fee, row.application_fee) {
        let fee = application_fees::whole(call, &call.present(&id).await?).await?;
        object.application_fee = Some(Expandable::Object(Box::new(fee)));
    }
    if let (true, Some(id)) = (expanded.transfer, row.transfer) {
        let whole = call.present(&id).await?;
        let whole = transfers::shown(call, &whole, transfers::Expanded::default()).await?;
        object.transfer = Some(Expandable::Object(Box::new(whole)));
    }
    if expanded.customer {
        object.customer = cards::expanded_customer(call, row.customer).await?;
    }
    if expanded.refunds || call.version.rendering() == Rendering::WithCharges {
        object.refunds = Some(refunds(call, row).await?);
    }
    Ok(object)
}

/// The newest charges of a payment, which versions before 2022-11-15 list in it.
pub(crate) async fn of_payment(
    call: &Call,
    row: &PaymentIntent,
) -> Result<List<objects::Charge>, Halt> {
    let limit = usize::try_from(LIMIT_DEFAULT).unwrap_or_default();
    let query = RowsQuery::newest(call.api.platform(), RowKind::Attempt, limit).linked(&row.id);
    let mut charges = Vec::new();
    for row in &call.api.engine().read().rows(&query).await? {
        let Some(attempt) = Attempt::of_row(row) else { continue };
        charges.push(shown_within(call, attempt, Expanded::default()).await?);
    }
    Ok(List::whole(charge::list_url(row.id), charges))
}

/// The newest refunds of a charge; the list of its own has the rest.
async fn refunds(call: &Call, row: &Attempt) -> Result<List<objects::Refund>, Halt> {
    let limit = usize::try_from(LIMIT_DEFAULT).unwrap_or_default();
    let query = RowsQuery::newest(call.api.platform(), RowKind::Refund, limit).linked(&row.id);
    let rows = call.api.engine().read().rows(&query).await?;
    let shown: Vec<_> = rows.iter().filter_map(Refund::of_row).map(refund::object).collect();
    let count = u32::try_from(shown.len()).unwrap_or(u32::MAX);
    let mut list = List::whole(charge::refunds_url(row.id), shown);
    list.has_more = count < row.refunds;
    Ok(list)
}
