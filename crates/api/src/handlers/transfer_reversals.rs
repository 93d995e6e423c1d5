//! `/v1/transfers/{id}/reversals`: some of a transfer moved back.

use holdfast_core::command::{Command, CreateReversal, FundsCommand};
use holdfast_core::event::EventKind;
use holdfast_core::id::{Id, TransferReversalId};
use holdfast_core::key::RowKind;
use holdfast_core::payment::refund::Refund;
use holdfast_core::transfer::{Transfer, TransferReversal};

use crate::error::ApiError;
use crate::expand::Expand;
use crate::fields::{self, DESCRIPTION_CHARS_MAX};
use crate::list::Page;
use crate::metadata::{self, MetadataChange};
use crate::objects::{self, Expandable};
use crate::paging::{self, Narrowed};
use crate::pipeline::Answer;
use crate::pipeline::call::Call;
use crate::pipeline::halt::Halt;
use crate::render::{refund, transfer};
use crate::reply::Reply;

use super::{balance_transactions, transfers};

/// `POST /v1/transfers/{id}/reversals`.
pub(crate) async fn create(call: Call) -> Answer {
    let (minor, with_fee, description, metadata, expanded) = call.read(|params| {
        let minor = fields::positive(params, "amount")?;
        let with_fee = params.boolean("refund_application_fee")?.unwrap_or(false);
        let description = params.text("description", DESCRIPTION_CHARS_MAX)?;
        let metadata = metadata::of_new(params)?;
        Ok((minor, with_fee, description, metadata, Expand::take(params, Expanded::of)?))
    })?;
    let row = call.named::<Transfer>("transfer").await?;
    let amount = fields::part(minor, row.amount.currency());
    let transfer = row.id;
    let create = CreateReversal { transfer, amount, with_fee, description, metadata };
    let command = Command::Funds(Box::new(FundsCommand::Reverse(create)));
    let id = call.make::<TransferReversal>(command, RowKind::TransferReversal).await?;
    let row = call.present::<TransferReversal>(&id).await?;
    Ok(Reply::ok(&shown(&call, &row, expanded).await?))
}

/// `GET /v1/transfers/{id}/reversals/{reversal}`.
pub(crate) async fn retrieve(call: Call) -> Answer {
    let expanded = call.read(|params| Expand::take(params, Expanded::of))?;
    let row = inner(&call).await?;
    Ok(Reply::ok(&shown(&call, &row, expanded).await?))
}

/// `POST /v1/transfers/{id}/reversals/{reversal}`: metadata.
pub(crate) async fn update(call: Call) -> Answer {
    let (notes, expanded) = call
        .read(|params| Ok((MetadataChange::take(params)?, Expand::take(params, Expanded::of)?)))?;
    let row = inner(&call).await?;
    let inner_call = call.about_inner();
    let edit = |row: &mut TransferReversal| {
        row.metadata = notes.clone().applied(&row.metadata)?;
        Ok(())
    };
    let none: Option<EventKind> = None;
    let row = match inner_call.edit::<TransferReversal>(OBJECT, none, edit).await {
        Ok(row) => row,
        Err(Halt::Error(error)) if error.code() == Some(crate::codes::RESOURCE_MISSING) => row,
        Err(halt) => return Err(halt),
    };
    Ok(Reply::ok(&shown(&call, &row, expanded).await?))
}

/// `GET /v1/transfers/{id}/reversals`.
pub(crate) async fn list(call: Call) -> Answer {
    let (page, expanded) = call.read(|params| {
        let expanded = Expand::take(params, |expand| expand.property("data", Expanded::of))?;
        Ok((Page::take(params)?, expanded.unwrap_or_default()))
    })?;
    let row = call.named::<Transfer>("transfer").await?;
    let narrowed = Narrowed::linked(RowKind::TransferReversal, Some(&row.id));
    let mut objects = Vec::new();
    for row in paging::rows::<TransferReversal>(&call, &page, narrowed).await? {
        objects.push(shown(&call, &row, expanded).await?);
    }
    Ok(Reply::ok(&page.list(&call.path.replace("{id}", &row.id.to_string()), objects)))
}

const OBJECT: &str = "transfer_reversal";

/// The reversal that the path names, of the transfer that it names.
async fn inner(call: &Call) -> Result<TransferReversal, Halt> {
    let transfer = call.named::<Transfer>("transfer").await?;
    let missing = || ApiError::not_found(OBJECT, &call.inner_id);
    let id = TransferReversalId::parse(&call.inner_id).ok_or_else(missing)?;
    let found = call.find::<TransferReversal>(&id).await?;
    Ok(found.filter(|row| row.transfer == transfer.id).ok_or_else(missing)?)
}

/// What an answer about a reversal expands.
#[derive(Clone, Copy, Debug, Default)]
struct Expanded {
    entry: bool,
    transfer: bool,
    refund: bool,
}

impl Expanded {
    fn of(expand: &mut Expand) -> Result<Expanded, ApiError> {
        let entry = balance_transactions::expanded(expand)?;
        let transfer = expand.property("transfer", |_| Ok(()))?.is_some();
        let refund = expand.property("source_refund", |_| Ok(()))?.is_some();
        Ok(Expanded { entry, transfer, refund })
    }
}

async fn shown(
    call: &Call,
    row: &TransferReversal,
    expanded: Expanded,
) -> Result<objects::TransferReversal, Halt> {
    let mut object = transfer::reversal(row);
    object.balance_transaction =
        balance_transactions::reference(call, row.entry, expanded.entry).await?;
    if expanded.transfer {
        let of = call.present::<Transfer>(&row.transfer).await?;
        let of = transfers::shown(call, &of, transfers::Expanded::default()).await?;
        object.transfer = Expandable::Object(Box::new(of));
    }
    if let (true, Some(id)) = (expanded.refund, row.refund) {
        let of = call.present::<Refund>(&id).await?;
        object.source_refund = Some(Expandable::Object(Box::new(refund::object(&of))));
    }
    Ok(object)
}
