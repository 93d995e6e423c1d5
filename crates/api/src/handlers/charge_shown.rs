//! Charges as they are answered: what is expanded, alone and within their payment.

use holdfast_core::key::RowKind;
use holdfast_core::payment::attempt::Attempt;
use holdfast_core::payment::intent::PaymentIntent;
use holdfast_core::payment::refund::Refund;
use holdfast_core::row::Record as _;
use holdfast_engine::query::RowsQuery;

use crate::error::ApiError;
use crate::expand::Expand;
use crate::list::{LIMIT_DEFAULT, List};
use crate::objects::{self, Expandable};
use crate::pipeline::call::Call;
use crate::pipeline::halt::Halt;
use crate::render::{charge, payment_intent, refund};
use crate::version::Rendering;

use super::{application_fees, balance_transactions, cards, transfers};

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
