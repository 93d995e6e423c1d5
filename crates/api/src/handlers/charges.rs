//! `/v1/charges`: attempts to charge a card.

use holdfast_core::id::PaymentIntentId;
use holdfast_core::payment::attempt::Attempt;
use holdfast_core::payment::intent::PaymentIntent;
use holdfast_core::payment::refund::Refund;
use holdfast_core::row::RowKind;
use holdfast_engine::query::{Page as StorePage, RowsQuery};

use crate::error::ApiError;
use crate::expand::Expand;
use crate::fields;
use crate::list::{LIMIT_DEFAULT, List, Page};
use crate::objects::{self, Expandable};
use crate::paging::{self, Narrowed};
use crate::pipeline::Answer;
use crate::pipeline::call::Call;
use crate::pipeline::halt::Halt;
use crate::render::{charge, payment_intent, refund};
use crate::reply::Reply;

/// `GET /v1/charges/{id}`.
pub(crate) async fn retrieve(call: Call) -> Answer {
    let expanded = call.read(|params| Expand::take(params, Expanded::of))?;
    let row = call.named::<Attempt>("charge").await?;
    Ok(Reply::ok(&shown(&call, &row, expanded).await?))
}

/// `GET /v1/charges`.
pub(crate) async fn list(call: Call) -> Answer {
    let (page, payment, expanded) = call.read(|params| {
        let payment: Option<PaymentIntentId> =
            fields::id(params, "payment_intent", "payment_intent")?;
        let expanded = Expand::take(params, |expand| expand.property("data", Expanded::of))?;
        Ok((Page::take(params)?, payment, expanded.unwrap_or_default()))
    })?;
    let narrowed = Narrowed::linked(RowKind::Attempt, payment.as_ref());
    let mut objects = Vec::new();
    for row in paging::rows::<Attempt>(&call, &page, narrowed).await? {
        objects.push(shown(&call, &row, expanded).await?);
    }
    Ok(Reply::ok(&page.list(call.path, objects)))
}

/// What an answer about a charge expands.
#[derive(Clone, Copy, Debug, Default)]
struct Expanded {
    payment: bool,
    refunds: bool,
}

impl Expanded {
    fn of(expand: &mut Expand) -> Result<Expanded, ApiError> {
        expand.property("balance_transaction", |_| Ok(()))?;
        let payment = expand.property("payment_intent", |_| Ok(()))?.is_some();
        let refunds = expand.property("refunds", |refunds| {
            refunds.property("data", |refund| refund.property("balance_transaction", |_| Ok(())))
        })?;
        Ok(Expanded { payment, refunds: refunds.is_some() })
    }
}

async fn shown(call: &Call, row: &Attempt, expanded: Expanded) -> Result<objects::Charge, Halt> {
    let payment = call.present::<PaymentIntent>(&row.intent).await?;
    let mut object = charge::object(row, Some(&payment));
    if expanded.payment {
        let payment = Box::new(payment_intent::object(&payment));
        object.payment_intent = Some(Expandable::Object(payment));
    }
    if expanded.refunds {
        object.refunds = Some(refunds(call, row).await?);
    }
    Ok(object)
}

/// The newest refunds of a charge; the list of its own has the rest.
async fn refunds(call: &Call, row: &Attempt) -> Result<List<objects::Refund>, Halt> {
    let query = RowsQuery {
        platform: call.api.platform(),
        kind: RowKind::Refund,
        link: Some(row.id.to_string()),
        state: None,
        page: StorePage::first(usize::try_from(LIMIT_DEFAULT).unwrap_or_default()),
    };
    let rows = call.api.engine().read().rows(&query).await?;
    let rows = rows.iter().filter_map(<Refund as holdfast_core::row::Record>::of_row);
    let url = format!("/v1/refunds?charge={}", row.id);
    Ok(List::whole(url, rows.map(refund::object).collect()))
}
