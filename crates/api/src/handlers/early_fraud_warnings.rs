//! `/v1/radar/early_fraud_warnings`: a bank's word that a charge was fraud.

use holdfast_core::dispute::EarlyFraudWarning;
use holdfast_core::key::RowKind;
use holdfast_core::payment::attempt::Attempt;

use crate::expand::Expand;
use crate::list::Page;
use crate::objects;
use crate::paging;
use crate::pipeline::Answer;
use crate::pipeline::call::Call;
use crate::pipeline::halt::Halt;
use crate::render::dispute;
use crate::reply::Reply;

use super::disputes::{Expanded, narrowed};

/// `GET /v1/radar/early_fraud_warnings/{id}`.
pub(crate) async fn retrieve(call: Call) -> Answer {
    let expanded = call.read(|params| Expand::take(params, Expanded::of))?;
    let row = call.named::<EarlyFraudWarning>("early_fraud_warning").await?;
    Ok(Reply::ok(&shown(&call, &row, expanded).await?))
}

/// `GET /v1/radar/early_fraud_warnings`.
pub(crate) async fn list(call: Call) -> Answer {
    let (page, narrowed, expanded) = call.read(|params| {
        let expanded = Expand::take(params, |expand| expand.property("data", Expanded::of))?;
        let narrowed = narrowed(params, RowKind::EarlyFraudWarning)?;
        Ok((Page::take(params)?, narrowed, expanded.unwrap_or_default()))
    })?;
    let mut objects = Vec::new();
    for row in paging::rows::<EarlyFraudWarning>(&call, &page, narrowed).await? {
        objects.push(shown(&call, &row, expanded).await?);
    }
    Ok(Reply::ok(&page.list(call.path, objects)))
}

async fn shown(
    call: &Call,
    row: &EarlyFraudWarning,
    expanded: Expanded,
) -> Result<objects::EarlyFraudWarning, Halt> {
    let attempt = call.present::<Attempt>(&row.attempt).await?;
    let mut object = dispute::warning(row, Some(&attempt));
    let (charge, payment) = expanded.references(call, &attempt).await?;
    object.charge = charge.unwrap_or(object.charge);
    object.payment_intent = payment.unwrap_or(object.payment_intent);
    Ok(object)
}
