//! `/v1/transfers`: the platform's money moved to sellers.

use holdfast_core::command::{Command, CreateTransfer, FundsCommand};
use holdfast_core::event::EventKind;
use holdfast_core::id::{AttemptId, SellerId};
use holdfast_core::key::RowKind;
use holdfast_core::money::Money;
use holdfast_core::payment::attempt::Attempt;
use holdfast_core::refusal::Refusal;
use holdfast_core::row::Record as _;
use holdfast_core::seller::Seller;
use holdfast_core::transfer::{Transfer, TransferReversal, group_link};
use holdfast_engine::query::RowsQuery;

use crate::error::ApiError;
use crate::expand::Expand;
use crate::fields::{self, DESCRIPTION_CHARS_MAX, NAME_CHARS_MAX};
use crate::list::{LIMIT_DEFAULT, Page};
use crate::metadata::{self, MetadataChange};
use crate::objects::{self, Expandable};
use crate::paging::{self, Narrowed};
use crate::params::{Change, Params};
use crate::pipeline::Answer;
use crate::pipeline::call::Call;
use crate::pipeline::halt::Halt;
use crate::render::{account, charge, transfer};
use crate::reply::Reply;

use super::balance_transactions;

/// `POST /v1/transfers`.
pub(crate) async fn create(call: Call) -> Answer {
    let (create, expanded) =
        call.read(|params| Ok((create_params(params)?, Expand::take(params, Expanded::of)?)))?;
    let (destination, source) = (create.destination, create.source);
    if let Some(source) = source
        && call.find::<Attempt>(&source).await?.is_none()
    {
        let param = "source_transaction";
        return Err(ApiError::unknown_reference("charge", &source.to_string(), param).into());
    }
    let command = Command::Funds(Box::new(FundsCommand::Transfer(create)));
    let made = call.make::<Transfer>(command, RowKind::Transfer).await;
    let id = made.map_err(|halt| match halt {
        Halt::Refused(Refusal::NotFound) => {
            let (id, param) = (destination.to_string(), "destination");
            Halt::Error(ApiError::unknown_reference("destination", &id, param))
        }
        Halt::Error(_) | Halt::Refused(_) | Halt::Replay(_) => halt,
    })?;
    let row = call.present::<Transfer>(&id).await?;
    Ok(Reply::ok(&shown(&call, &row, expanded).await?))
}

fn create_params(params: &mut Params) -> Result<CreateTransfer, ApiError> {
    let minor = fields::positive(params, "amount")?;
    let currency = fields::currency(params, "currency")?;
    let destination: Option<SellerId> = fields::id(params, "destination", "destination")
        .map_err(|error| unknown(&error, params, "destination"))?;
    let source: Option<AttemptId> = fields::id(params, "source_transaction", "charge")
        .map_err(|error| unknown(&error, params, "source_transaction"))?;
    // All balances are by card, so that naming one chooses nothing.
    params.choice("source_type", &[("card", ())])?;
    if minor.is_none() && source.is_none() {
        return Err(params.missing("amount"));
    }
    Ok(CreateTransfer {
        amount: minor.map(|minor| Money::new(minor, currency)),
        currency,
        destination: destination.ok_or_else(|| params.missing("destination"))?,
        source,
        group: params.text("transfer_group", NAME_CHARS_MAX)?,
        description: params.text("description", DESCRIPTION_CHARS_MAX)?,
        metadata: metadata::of_new(params)?,
    })
}

/// An id in a parameter that nobody can have is answered like one that nobody has.
fn unknown(error: &ApiError, params: &Params, name: &str) -> ApiError {
    if error.code() == Some(crate::codes::RESOURCE_MISSING) {
        let message = format!("No such {name}.");
        return ApiError::param(crate::codes::RESOURCE_MISSING, &params.spelled(name), message);
    }
    error.clone()
}

/// `GET /v1/transfers/{id}`.
pub(crate) async fn retrieve(call: Call) -> Answer {
    let expanded = call.read(|params| Expand::take(params, Expanded::of))?;
    let row = call.named::<Transfer>("transfer").await?;
    Ok(Reply::ok(&shown(&call, &row, expanded).await?))
}

/// `POST /v1/transfers/{id}`: description and metadata.
pub(crate) async fn update(call: Call) -> Answer {
    let (description, notes, expanded) = call.read(|params| {
        let description = params.text_change("description", DESCRIPTION_CHARS_MAX)?;
        let notes = MetadataChange::take(params)?;
        Ok((description, notes, Expand::take(params, Expanded::of)?))
    })?;
    let edit = |row: &mut Transfer| {
        describe(&mut row.description, &description);
        row.metadata = notes.clone().applied(&row.metadata)?;
        Ok(())
    };
    let row = call.edit::<Transfer>("transfer", Some(EventKind::TransferUpdated), edit).await?;
    Ok(Reply::ok(&shown(&call, &row, expanded).await?))
}

/// A text as an update leaves it.
pub(super) fn describe(text: &mut Option<String>, change: &Change<String>) {
    match change {
        Change::Keep => {}
        Change::Unset => *text = None,
        Change::Set(new) => *text = Some(new.clone()),
    }
}

/// `GET /v1/transfers`.
pub(crate) async fn list(call: Call) -> Answer {
    let (page, narrowed, expanded) = call.read(|params| {
        let destination: Option<SellerId> = fields::id(params, "destination", "account")?;
        let group = params.text("transfer_group", NAME_CHARS_MAX)?;
        let group = group.as_deref().map(group_link);
        let narrowed = Narrowed::linked(RowKind::Transfer, group.as_ref());
        let narrowed = narrowed.link(destination.as_ref());
        let expanded = Expand::take(params, |expand| expand.property("data", Expanded::of))?;
        Ok((Page::take(params)?, narrowed, expanded.unwrap_or_default()))
    })?;
    let mut objects = Vec::new();
    for row in paging::rows::<Transfer>(&call, &page, narrowed).await? {
        objects.push(shown(&call, &row, expanded).await?);
    }
    Ok(Reply::ok(&page.list(call.path, objects)))
}

/// What an answer about a transfer expands.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Expanded {
    entry: bool,
    destination: bool,
    source: bool,
}

impl Expanded {
    pub(super) fn of(expand: &mut Expand) -> Result<Expanded, ApiError> {
        let entry = balance_transactions::expanded(expand)?;
        let destination = expand.property("destination", |_| Ok(()))?.is_some();
        let source = expand.property("source_transaction", |_| Ok(()))?.is_some();
        // Always there.
        expand.property("reversals", |_| Ok(()))?;
        Ok(Expanded { entry, destination, source })
    }
}

/// A transfer with its newest reversals and what is expanded of it.
pub(super) async fn shown(
    call: &Call,
    row: &Transfer,
    expanded: Expanded,
) -> Result<objects::Transfer, Halt> {
    let mut object = transfer::object(row, transfer::reversals(row, &newest(call, row).await?));
    object.balance_transaction =
        balance_transactions::reference(call, row.entry, expanded.entry).await?;
    if expanded.destination {
        let seller = call.present::<Seller>(&row.destination).await?;
        object.destination = Some(Expandable::Object(Box::new(account::object(&seller))));
    }
    if let (true, Some(source)) = (expanded.source, row.source) {
        let attempt = call.present::<Attempt>(&source).await?;
        let charge = charge::object(&attempt, call.api.receipts());
        object.source_transaction = Some(Expandable::Object(Box::new(charge)));
    }
    Ok(object)
}

/// The newest reversals of a transfer; most have none, and nothing is looked for then.
async fn newest(call: &Call, row: &Transfer) -> Result<Vec<TransferReversal>, Halt> {
    if row.reversals == 0 {
        return Ok(Vec::new());
    }
    let limit = usize::try_from(LIMIT_DEFAULT).unwrap_or_default();
    let kind = RowKind::TransferReversal;
    let query = RowsQuery::newest(call.api.platform(), kind, limit).linked(&row.id);
    let rows = call.api.engine().read().rows(&query).await?;
    Ok(rows.iter().filter_map(TransferReversal::of_row).cloned().collect())
}
