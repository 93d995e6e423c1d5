//! `/v1/application_fees`: the platform's part of charges that went on to sellers, and what it
//! gives back of that.

use holdfast_core::command::{Command, CreateFeeRefund, FundsCommand};
use holdfast_core::event::EventKind;
use holdfast_core::fee::{ApplicationFee, FeeRefund};
use holdfast_core::id::{AttemptId, FeeRefundId, Id};
use holdfast_core::key::RowKind;
use holdfast_core::payment::attempt::Attempt;
use holdfast_core::row::Record as _;
use holdfast_core::seller::Seller;
use holdfast_engine::query::RowsQuery;

use crate::error::ApiError;
use crate::expand::Expand;
use crate::fields;
use crate::list::{LIMIT_DEFAULT, Page};
use crate::metadata::{self, MetadataChange};
use crate::objects::{self, Expandable};
use crate::paging::{self, Narrowed};
use crate::pipeline::Answer;
use crate::pipeline::call::Call;
use crate::pipeline::halt::Halt;
use crate::render::{account, application_fee, charge};
use crate::reply::Reply;

use super::balance_transactions;

/// `GET /v1/application_fees/{id}`.
pub(crate) async fn retrieve(call: Call) -> Answer {
    let expanded = call.read(|params| Expand::take(params, Expanded::of))?;
    let row = call.named::<ApplicationFee>("application_fee").await?;
    Ok(Reply::ok(&shown(&call, &row, expanded).await?))
}

/// `GET /v1/application_fees`.
pub(crate) async fn list(call: Call) -> Answer {
    let (page, charge, expanded) = call.read(|params| {
        let charge: Option<AttemptId> = fields::id(params, "charge", "charge")?;
        let expanded = Expand::take(params, |expand| expand.property("data", Expanded::of))?;
        Ok((Page::take(params)?, charge, expanded.unwrap_or_default()))
    })?;
    let narrowed = Narrowed::linked(RowKind::ApplicationFee, charge.as_ref());
    let mut objects = Vec::new();
    for row in paging::rows::<ApplicationFee>(&call, &page, narrowed).await? {
        objects.push(shown(&call, &row, expanded).await?);
    }
    Ok(Reply::ok(&page.list(call.path, objects)))
}

/// `POST /v1/application_fees/{id}/refund`: the fee itself, after some of it was given back.
pub(crate) async fn refund(call: Call) -> Answer {
    let (minor, expanded) = call.read(|params| {
        Ok((fields::positive(params, "amount")?, Expand::take(params, Expanded::of)?))
    })?;
    let row = call.named::<ApplicationFee>("application_fee").await?;
    give_back(&call, &row, minor, metadata::Metadata::new()).await?;
    let row = call.present::<ApplicationFee>(&row.id).await?;
    Ok(Reply::ok(&shown(&call, &row, expanded).await?))
}

/// `POST /v1/application_fees/{id}/refunds`.
pub(crate) async fn create_refund(call: Call) -> Answer {
    let (minor, metadata, expanded) = call.read(|params| {
        let minor = fields::positive(params, "amount")?;
        Ok((minor, metadata::of_new(params)?, Expand::take(params, RefundExpanded::of)?))
    })?;
    let row = call.named::<ApplicationFee>("application_fee").await?;
    let id = give_back(&call, &row, minor, metadata).await?;
    let row = call.present::<FeeRefund>(&id).await?;
    Ok(Reply::ok(&shown_refund(&call, &row, expanded).await?))
}

async fn give_back(
    call: &Call,
    row: &ApplicationFee,
    minor: Option<i64>,
    metadata: metadata::Metadata,
) -> Result<FeeRefundId, Halt> {
    let amount = fields::part(minor, row.amount.currency());
    let create = CreateFeeRefund { fee: row.id, amount, metadata };
    let command = Command::Funds(Box::new(FundsCommand::RefundFee(create)));
    call.make::<FeeRefund>(command, RowKind::FeeRefund).await
}

/// `GET /v1/application_fees/{id}/refunds/{refund}`.
pub(crate) async fn retrieve_refund(call: Call) -> Answer {
    let expanded = call.read(|params| Expand::take(params, RefundExpanded::of))?;
    let row = inner(&call).await?;
    Ok(Reply::ok(&shown_refund(&call, &row, expanded).await?))
}

/// `POST /v1/application_fees/{id}/refunds/{refund}`: metadata.
pub(crate) async fn update_refund(call: Call) -> Answer {
    let (notes, expanded) = call.read(|params| {
        Ok((MetadataChange::take(params)?, Expand::take(params, RefundExpanded::of)?))
    })?;
    inner(&call).await?;
    let edit = |row: &mut FeeRefund| {
        row.metadata = notes.clone().applied(&row.metadata)?;
        Ok(())
    };
    let none: Option<EventKind> = None;
    let row = call.about_inner().edit::<FeeRefund>(REFUND, none, edit).await?;
    Ok(Reply::ok(&shown_refund(&call, &row, expanded).await?))
}

/// `GET /v1/application_fees/{id}/refunds`.
pub(crate) async fn list_refunds(call: Call) -> Answer {
    let (page, expanded) = call.read(|params| {
        let expanded = Expand::take(params, |expand| expand.property("data", RefundExpanded::of))?;
        Ok((Page::take(params)?, expanded.unwrap_or_default()))
    })?;
    let fee = call.named::<ApplicationFee>("application_fee").await?;
    let narrowed = Narrowed::linked(RowKind::FeeRefund, Some(&fee.id));
    let mut objects = Vec::new();
    for row in paging::rows::<FeeRefund>(&call, &page, narrowed).await? {
        objects.push(shown_refund(&call, &row, expanded).await?);
    }
    Ok(Reply::ok(&page.list(&call.path.replace("{id}", &fee.id.to_string()), objects)))
}

const REFUND: &str = "fee_refund";

/// The refund that the path names, of the fee that it names.
async fn inner(call: &Call) -> Result<FeeRefund, Halt> {
    let fee = call.named::<ApplicationFee>("application_fee").await?;
    let missing = || ApiError::not_found(REFUND, &call.inner_id);
    let id = FeeRefundId::parse(&call.inner_id).ok_or_else(missing)?;
    let found = call.find::<FeeRefund>(&id).await?;
    Ok(found.filter(|row| row.fee == fee.id).ok_or_else(missing)?)
}

/// What an answer about a fee expands.
#[derive(Clone, Copy, Debug, Default)]
struct Expanded {
    entry: bool,
    account: bool,
    charge: bool,
    originating: bool,
}

impl Expanded {
    fn of(expand: &mut Expand) -> Result<Expanded, ApiError> {
        let entry = balance_transactions::expanded(expand)?;
        let account = expand.property("account", |_| Ok(()))?.is_some();
        let charge = expand.property("charge", |_| Ok(()))?.is_some();
        let originating = expand.property("originating_transaction", |_| Ok(()))?.is_some();
        // Always there.
        expand.property("refunds", |_| Ok(()))?;
        Ok(Expanded { entry, account, charge, originating })
    }
}

/// A fee with nothing of it expanded, for an object that it is part of.
pub(super) async fn whole(
    call: &Call,
    row: &ApplicationFee,
) -> Result<objects::ApplicationFee, Halt> {
    shown(call, row, Expanded::default()).await
}

async fn shown(
    call: &Call,
    row: &ApplicationFee,
    expanded: Expanded,
) -> Result<objects::ApplicationFee, Halt> {
    let newest = newest(call, row).await?;
    let mut object = application_fee::object(row, application_fee::refunds(row, &newest));
    object.balance_transaction =
        balance_transactions::reference(call, row.entry, expanded.entry).await?;
    if expanded.account {
        let seller = call.present::<Seller>(&row.seller).await?;
        object.account = Expandable::Object(Box::new(account::object(&seller)));
    }
    if expanded.charge || expanded.originating {
        let attempt = call.present::<Attempt>(&row.attempt).await?;
        let charge = charge::object(&attempt, call.api.receipts());
        if expanded.originating {
            let charge = Box::new(charge.clone());
            object.originating_transaction = Some(Expandable::Object(charge));
        }
        if expanded.charge {
            object.charge = Expandable::Object(Box::new(charge));
        }
    }
    Ok(object)
}

async fn newest(call: &Call, row: &ApplicationFee) -> Result<Vec<FeeRefund>, Halt> {
    if row.refunds == 0 {
        return Ok(Vec::new());
    }
    let limit = usize::try_from(LIMIT_DEFAULT).unwrap_or_default();
    let query = RowsQuery::newest(call.api.platform(), RowKind::FeeRefund, limit).linked(&row.id);
    let rows = call.api.engine().read().rows(&query).await?;
    Ok(rows.iter().filter_map(FeeRefund::of_row).cloned().collect())
}

/// What an answer about a fee's refund expands.
#[derive(Clone, Copy, Debug, Default)]
struct RefundExpanded {
    entry: bool,
    fee: bool,
}

impl RefundExpanded {
    fn of(expand: &mut Expand) -> Result<RefundExpanded, ApiError> {
        let entry = balance_transactions::expanded(expand)?;
        let fee = expand.property("fee", |_| Ok(()))?.is_some();
        Ok(RefundExpanded { entry, fee })
    }
}

async fn shown_refund(
    call: &Call,
    row: &FeeRefund,
    expanded: RefundExpanded,
) -> Result<objects::FeeRefund, Halt> {
    let mut object = application_fee::refund(row);
    object.balance_transaction =
        balance_transactions::reference(call, row.entry, expanded.entry).await?;
    if expanded.fee {
        let fee = call.present::<ApplicationFee>(&row.fee).await?;
        let fee = shown(call, &fee, Expanded::default()).await?;
        object.fee = Expandable::Object(Box::new(fee));
    }
    Ok(object)
}
