//! `/v1/topups`: money that the platform adds to its own balance.

use holdfast_core::command::{Command, CreateTopup, FundsCommand};
use holdfast_core::id::TopupId;
use holdfast_core::key::RowKind;
use holdfast_core::money::Money;
use holdfast_core::row::Record as _;
use holdfast_core::topup::Topup;

use crate::error::ApiError;
use crate::expand::Expand;
use crate::fields::{self, DESCRIPTION_CHARS_MAX, NAME_CHARS_MAX};
use crate::list::Page;
use crate::metadata::{self, MetadataChange};
use crate::objects;
use crate::paging::{self, Narrowed};
use crate::params::Params;
use crate::pipeline::Answer;
use crate::pipeline::call::Call;
use crate::pipeline::halt::Halt;
use crate::render::topup;
use crate::reply::Reply;

use super::balance_transactions;
use super::transfers::describe;

/// The longest text of a bank's statement, as the dialect has it for top-ups.
const DESCRIPTOR_CHARS_MAX: usize = 15;

/// `POST /v1/topups`.
pub(crate) async fn create(call: Call) -> Answer {
    let (create, expanded) = call.read(|params| {
        let create = create_params(params)?;
        Ok((create, Expand::take(params, balance_transactions::expanded)?))
    })?;
    let command = Command::Funds(Box::new(FundsCommand::TopUp(create)));
    let id = call.make::<Topup>(command, RowKind::Topup).await?;
    let row = call.present::<Topup>(&id).await?;
    Ok(Reply::ok(&shown(&call, &row, expanded).await?))
}

fn create_params(params: &mut Params) -> Result<CreateTopup, ApiError> {
    let minor = fields::positive(params, "amount")?;
    let currency = fields::currency(params, "currency")?;
    Ok(CreateTopup {
        amount: Money::new(minor.ok_or_else(|| params.missing("amount"))?, currency),
        description: params.text("description", DESCRIPTION_CHARS_MAX)?,
        statement_descriptor: params.text("statement_descriptor", DESCRIPTOR_CHARS_MAX)?,
        group: params.text("transfer_group", NAME_CHARS_MAX)?,
        metadata: metadata::of_new(params)?,
    })
}

/// `GET /v1/topups/{id}`.
pub(crate) async fn retrieve(call: Call) -> Answer {
    let expanded = call.read(|params| Expand::take(params, balance_transactions::expanded))?;
    let row = call.named::<Topup>("topup").await?;
    Ok(Reply::ok(&shown(&call, &row, expanded).await?))
}

/// `POST /v1/topups/{id}`: description and metadata.
pub(crate) async fn update(call: Call) -> Answer {
    let (description, notes, expanded) = call.read(|params| {
        let description = params.text_change("description", DESCRIPTION_CHARS_MAX)?;
        let notes = MetadataChange::take(params)?;
        Ok((description, notes, Expand::take(params, balance_transactions::expanded)?))
    })?;
    let edit = |row: &mut Topup| {
        describe(&mut row.description, &description);
        row.metadata = notes.clone().applied(&row.metadata)?;
        Ok(())
    };
    let row = call.edit::<Topup>("topup", None, edit).await?;
    Ok(Reply::ok(&shown(&call, &row, expanded).await?))
}

/// `POST /v1/topups/{id}/cancel`.
pub(crate) async fn cancel(call: Call) -> Answer {
    let expanded = call.read(|params| Expand::take(params, balance_transactions::expanded))?;
    let id: TopupId = call.id("topup")?;
    let command = Command::Funds(Box::new(FundsCommand::CancelTopup(id)));
    call.act(Topup::key(&id), command).await?;
    let row = call.present::<Topup>(&id).await?;
    Ok(Reply::ok(&shown(&call, &row, expanded).await?))
}

/// `GET /v1/topups`.
pub(crate) async fn list(call: Call) -> Answer {
    let (page, status, expanded) = call.read(|params| {
        let words = ["pending", "canceled", "failed", "succeeded"].map(|word| (word, word));
        let status = params.choice("status", &words)?;
        let expanded =
            Expand::take(params, |expand| expand.property("data", balance_transactions::expanded))?;
        Ok((Page::take(params)?, status, expanded.unwrap_or(false)))
    })?;
    let narrowed = Narrowed::all(RowKind::Topup).state(status);
    let mut objects = Vec::new();
    for row in paging::rows::<Topup>(&call, &page, narrowed).await? {
        objects.push(shown(&call, &row, expanded).await?);
    }
    Ok(Reply::ok(&page.list(call.path, objects)))
}

async fn shown(call: &Call, row: &Topup, expanded: bool) -> Result<objects::Topup, Halt> {
    let mut object = topup::object(row);
    object.balance_transaction = balance_transactions::reference(call, row.entry, expanded).await?;
    Ok(object)
}
