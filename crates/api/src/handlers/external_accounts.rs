//! `/v1/accounts/{id}/external_accounts`: the bank accounts of a seller.

use holdfast_core::bank::{BANK_ACCOUNTS_MAX, BankAccount, HolderType};
use holdfast_core::event::EventKind;
use holdfast_core::id::{BankAccountId, Id, SellerId};
use holdfast_core::seller::Seller;

use crate::codes;
use crate::error::ApiError;
use crate::expand::Expand;
use crate::fields;
use crate::list::Page;
use crate::metadata::MetadataChange;
use crate::objects::Deleted;
use crate::paging;
use crate::params::{Change, Params};
use crate::pipeline::Answer;
use crate::pipeline::call::Call;
use crate::pipeline::halt::Halt;
use crate::render::bank_account;
use crate::reply::Reply;

use super::accounts;
use super::bank_params::{self, Given};

/// `POST /v1/accounts/{id}/external_accounts`.
pub(crate) async fn create(call: Call) -> Answer {
    let new = call.read(|params| create_params(&call, params))?;
    let id = accounts::named(&call)?;
    let (bank, token) = match new.given {
        Given::Account(bank) => (bank, None),
        Given::Token(token) => (bank_params::named(&call, token).await?.account, Some(token)),
    };
    let metadata = new.metadata.applied(&bank.metadata)?;
    let bank = BankAccount { is_default: new.is_default, metadata, ..bank };
    let (row, before) = accounts::edit_using(&call, id, token, |row| {
        if row.bank_accounts.len() >= BANK_ACCOUNTS_MAX {
            let message = format!("An account has at most {BANK_ACCOUNTS_MAX} bank accounts.");
            return Err(ApiError::invalid(codes::BANK_ACCOUNTS_EXHAUSTED, message));
        }
        row.add_bank_account(bank.clone());
        Ok(vec![EventKind::AccountExternalAccountCreated, EventKind::AccountUpdated])
    })
    .await?;
    // Under a key that was used before, the one that was added then.
    let made = row.bank_account(bank.id).or_else(|| {
        before.and_then(|at| row.bank_accounts.iter().rev().find(|known| known.created <= at))
    });
    let made = made.ok_or_else(ApiError::internal)?;
    Ok(Reply::ok(&bank_account::object(made, Some(id))))
}

/// `GET /v1/accounts/{id}/external_accounts/{id}`.
pub(crate) async fn retrieve(call: Call) -> Answer {
    call.read(|params| Expand::take(params, |_| Ok(())))?;
    let (id, row) = owner(&call).await?;
    let bank = inner(&call, &row)?;
    Ok(Reply::ok(&bank_account::object(bank, Some(id))))
}

/// `POST /v1/accounts/{id}/external_accounts/{id}`.
pub(crate) async fn update(call: Call) -> Answer {
    let change = |row: &mut BankAccount| call.read(|params| update_params(params, row));
    call.read(|params| {
        let mut row = bank_params::account_of(&first_number()?, call.api.platform());
        update_params(params, &mut row)
    })?;
    let id = accounts::named(&call)?;
    let (row, _) = accounts::edit(&call, id, |row| {
        let bank = inner(&call, row)?.id;
        let was_payable = row.may_be_paid_out();
        let mut becomes_default = false;
        for known in row.bank_accounts.iter_mut().filter(|known| known.id == bank) {
            let before = details(known);
            becomes_default = change(known)?;
            if details(known) != before {
                known.refused = None;
            }
        }
        if becomes_default {
            row.make_default(bank);
        }
        let mut events = vec![EventKind::AccountExternalAccountUpdated];
        if row.may_be_paid_out() != was_payable {
            events.push(EventKind::AccountUpdated);
        }
        Ok(events)
    })
    .await?;
    Ok(Reply::ok(&bank_account::object(inner(&call, &row)?, Some(id))))
}

/// `DELETE /v1/accounts/{id}/external_accounts/{id}`.
pub(crate) async fn delete(call: Call) -> Answer {
    call.read(|_| Ok(()))?;
    let id = accounts::named(&call)?;
    let gone = inner_id(&call)?;
    accounts::edit(&call, id, |row| {
        let bank = inner(&call, row)?;
        if bank.is_default && bank.currency == row.currency {
            let message = "This is where payouts in the account's own currency go. \
                           Make another bank account the default first.";
            return Err(ApiError::invalid(codes::BANK_ACCOUNT_IN_USE, message));
        }
        row.bank_accounts.retain(|known| known.id != gone);
        Ok(vec![EventKind::AccountExternalAccountDeleted, EventKind::AccountUpdated])
    })
    .await?;
    Ok(Reply::ok(&Deleted::new("bank_account", gone.to_string())))
}

/// `GET /v1/accounts/{id}/external_accounts`.
pub(crate) async fn list(call: Call) -> Answer {
    let (page, is_banks) = call.read(|params| {
        Expand::take(params, |_| Ok(()))?;
        let kind = params.choice("object", &[("bank_account", true), ("card", false)])?;
        Ok((Page::take(params)?, kind.unwrap_or(true)))
    })?;
    let (id, row) = owner(&call).await?;
    let banks = if is_banks { row.bank_accounts } else { Vec::new() };
    let mut banks = banks;
    banks.reverse();
    let rows = paging::of_whole(&page, banks, |bank| bank.id.to_string())?;
    let objects = rows.iter().map(|bank| bank_account::object(bank, Some(id))).collect();
    let url = format!("/v1/accounts/{id}/external_accounts");
    Ok(Reply::ok(&page.list(&url, objects)))
}

/// A bank account to add.
struct New {
    given: Given,
    metadata: MetadataChange,
    is_default: bool,
}

fn create_params(call: &Call, params: &mut Params) -> Result<New, ApiError> {
    Expand::take(params, |_| Ok(()))?;
    let name = "external_account";
    let given = bank_params::external_account(&call.api, params, name)?;
    let given = given.ok_or_else(|| params.missing(name))?;
    let metadata = MetadataChange::take(params)?;
    // Read now, so that what is wrong with it is told before anything is looked for.
    metadata.clone().applied(&Default::default())?;
    let is_default = params.boolean("default_for_currency")?.unwrap_or(false);
    Ok(New { given, metadata, is_default })
}

/// Applies an update; whether the account is to be the default.
fn update_params(params: &mut Params, row: &mut BankAccount) -> Result<bool, ApiError> {
    Expand::take(params, |_| Ok(()))?;
    match params.text_change("account_holder_name", fields::NAME_CHARS_MAX)? {
        Change::Keep => {}
        Change::Unset => row.holder_name = None,
        Change::Set(name) => row.holder_name = Some(name),
    }
    if let Some(kind) = params.choice("account_holder_type", &bank_params::HOLDER_TYPES)? {
        row.holder_type = Some(kind);
    }
    row.metadata = MetadataChange::take(params)?.applied(&row.metadata)?;
    // Only `true` says something: another account takes the place by naming itself.
    let becomes = params.choice("default_for_currency", &[("true", true)])?;
    Ok(becomes.unwrap_or(false))
}

/// What the bank compares with its own books: once it has changed, the bank is asked anew.
fn details(row: &BankAccount) -> (Option<String>, Option<HolderType>) {
    (row.holder_name.clone(), row.holder_type)
}

fn first_number() -> Result<holdfast_core::bank::TestNumber, ApiError> {
    holdfast_core::bank::test_numbers().next().ok_or_else(ApiError::internal)
}

/// Whose accounts the path names: a seller's, or the platform's own.
async fn owner(call: &Call) -> Result<(SellerId, Seller), Halt> {
    let id = accounts::named(call)?;
    if id == accounts::own(call) {
        return Ok((id, accounts::of_platform(call)));
    }
    Ok((id, accounts::find(call, id).await?))
}

fn inner_id(call: &Call) -> Result<BankAccountId, ApiError> {
    let missing = || ApiError::not_found("external_account", &call.inner_id);
    BankAccountId::parse(&call.inner_id).ok_or_else(missing)
}

fn inner<'a>(call: &Call, row: &'a Seller) -> Result<&'a BankAccount, ApiError> {
    let missing = || ApiError::not_found("external_account", &call.inner_id);
    row.bank_account(inner_id(call)?).ok_or_else(missing)
}
