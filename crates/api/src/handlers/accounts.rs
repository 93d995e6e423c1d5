//! `/v1/accounts` and `/v1/account`: sellers, and the platform itself.

use holdfast_core::bank::BankToken;
use holdfast_core::command::{Command, EditSeller};
use holdfast_core::currency::Currency;
use holdfast_core::event::EventKind;
use holdfast_core::id::{BankTokenId, Id, SellerId};
use holdfast_core::key::RowKind;
use holdfast_core::refusal::Refusal;
use holdfast_core::row::Record as _;
use holdfast_core::seller::Seller;
use holdfast_core::time::Timestamp;

use crate::error::ApiError;
use crate::expand::Expand;
use crate::list::{Created, Page};
use crate::paging::{self, Narrowed};
use crate::params::Params;
use crate::pipeline::Answer;
use crate::pipeline::call::{Call, Done};
use crate::pipeline::halt::Halt;
use crate::render::account;
use crate::reply::Reply;

use super::{account_params, bank_params};

/// The country of a seller that names none, as of the dialect's own test accounts.
const COUNTRY_DEFAULT: &str = "US";
/// How often an edit is made again because somebody else was quicker.
const EDITS_MAX: usize = 8;

/// `POST /v1/accounts`.
pub(crate) async fn create(call: Call) -> Answer {
    let (mut row, token) = call.read(|params| {
        Expand::take(params, |_| Ok(()))?;
        let mut row = new(&call);
        account_params::apply_new(params, &mut row)?;
        let token = apply(&call, params, &mut row, None)?;
        Ok((row, token))
    })?;
    if let Some(id) = token {
        row.add_bank_account(bank_params::named(&call, id).await?.account);
    }
    let events = vec![EventKind::AccountUpdated];
    let edit = EditSeller { seller: row, expected: 0, token, events };
    let command = Command::EditSeller(Box::new(edit));
    let id = call.make::<Seller>(command, RowKind::Seller).await?;
    Ok(Reply::ok(&account::object(&call.present::<Seller>(&id).await?)))
}

/// `GET /v1/accounts/{id}`: a seller, or the platform by its own account's id.
pub(crate) async fn retrieve(call: Call) -> Answer {
    call.read(|params| Expand::take(params, |_| Ok(())))?;
    let id = named(&call)?;
    if id == own(&call) {
        return Ok(Reply::ok(&account::of_platform(&of_platform(&call))));
    }
    Ok(Reply::ok(&account::object(&find(&call, id).await?)))
}

/// `GET /v1/account`: the platform's own, or the seller's in whose name it is asked for.
pub(crate) async fn retrieve_own(call: Call) -> Answer {
    call.read(|params| Expand::take(params, |_| Ok(())))?;
    match call.seller {
        Some(seller) => Ok(Reply::ok(&account::object(&call.present::<Seller>(&seller).await?))),
        None => Ok(Reply::ok(&account::of_platform(&of_platform(&call)))),
    }
}

/// `POST /v1/accounts/{id}`.
pub(crate) async fn update(call: Call) -> Answer {
    let change = |row: &mut Seller, token: Option<&BankToken>| {
        call.read(|params| {
            Expand::take(params, |_| Ok(()))?;
            apply(&call, params, row, token)
        })
    };
    let token = change(&mut new(&call), None)?;
    let id = named(&call)?;
    let known = match token {
        Some(token) => Some(bank_params::named(&call, token).await?),
        None => None,
    };
    let (row, _) = edit_using(&call, id, token, |row| {
        change(row, known.as_ref())?;
        Ok(vec![EventKind::AccountUpdated])
    })
    .await?;
    Ok(Reply::ok(&account::object(&row)))
}

/// `GET /v1/accounts`.
pub(crate) async fn list(call: Call) -> Answer {
    let (page, created) = call.read(|params| {
        Expand::take(params, |_| Ok(()))?;
        Ok((Page::take(params)?, Created::take(params)?))
    })?;
    let present = Narrowed::all(RowKind::Seller).state(Some("")).created(created);
    let rows = paging::rows::<Seller>(&call, &page, present).await?;
    let objects = rows.iter().map(account::object).collect();
    Ok(Reply::ok(&page.list(call.path, objects)))
}

/// A seller with nothing but a country.
fn new(call: &Call) -> Seller {
    Seller::new(
        call.api.engine().fresh_id(),
        call.api.engine().now(),
        COUNTRY_DEFAULT,
        Currency::USD,
    )
}

/// Applies what a request says. The token that it names, whose bank account is `known` once
/// somebody has looked.
fn apply(
    call: &Call,
    params: &mut Params,
    row: &mut Seller,
    known: Option<&BankToken>,
) -> Result<Option<BankTokenId>, ApiError> {
    account_params::apply(params, row)?;
    let given = bank_params::external_account(&call.api, params, "external_account")?;
    let (bank, token) = match given {
        Some(bank_params::Given::Account(bank)) => (Some(bank), None),
        Some(bank_params::Given::Token(id)) => (known.map(|known| known.account.clone()), Some(id)),
        None => (None, None),
    };
    if let Some(bank) = bank {
        // As in the dialect, naming an account here puts it in the place of the ones before.
        row.bank_accounts.retain(|known| known.currency != bank.currency);
        row.add_bank_account(bank);
    }
    Ok(token)
}

/// The platform as an account: its id is the platform's number.
pub(crate) fn own(call: &Call) -> SellerId {
    SellerId::from_number(call.api.platform().number())
}

/// What is known of the platform itself. Its bank account is the sandbox's.
pub(crate) fn of_platform(call: &Call) -> Seller {
    let id = own(call);
    let numbered = holdfast_core::bank::test_numbers().next();
    let bank = numbered.map(|number| bank_params::account_of(&number, call.api.platform()));
    let mut row = Seller { id, created: Timestamp::from_ms(0), ..new(call) };
    row.name = Some("Holdfast".to_owned());
    row.bank_accounts = bank.into_iter().collect();
    row
}

/// The seller that the path names. In another seller's name it is not there.
pub(crate) fn named(call: &Call) -> Result<SellerId, ApiError> {
    let id: SellerId = call.id("account")?;
    if call.seller.is_some_and(|seller| seller != id) {
        return Err(ApiError::not_found("account", &call.path_id));
    }
    Ok(id)
}

/// A seller that is there.
pub(crate) async fn find(call: &Call, id: SellerId) -> Result<Seller, Halt> {
    let found = call.find::<Seller>(&id).await?;
    Ok(found.ok_or_else(|| ApiError::not_found("account", &call.path_id))?)
}

/// Edits a seller, again on what is there then if somebody else was quicker. Comes back with the
/// seller as it is now, and with the moment of the first request when it was made before.
pub(crate) async fn edit(
    call: &Call,
    id: SellerId,
    change: impl Fn(&mut Seller) -> Result<Vec<EventKind>, ApiError> + Send + Sync,
) -> Result<(Seller, Option<Timestamp>), Halt> {
    edit_using(call, id, None, change).await
}

/// The same, using up the token that a bank account comes from.
pub(crate) async fn edit_using(
    call: &Call,
    id: SellerId,
    token: Option<BankTokenId>,
    change: impl Fn(&mut Seller) -> Result<Vec<EventKind>, ApiError> + Send + Sync,
) -> Result<(Seller, Option<Timestamp>), Halt> {
    let missing = || ApiError::not_found("account", &call.path_id);
    for _ in 0..EDITS_MAX {
        let key = Seller::key(&id);
        let platform = call.api.platform();
        let found = call.api.engine().load(platform, std::slice::from_ref(&key)).await?;
        let stored = found.into_iter().next().flatten().filter(|stored| !stored.row.is_gone());
        let stored = stored.ok_or_else(missing)?;
        let before = Seller::of_row(&stored.row).ok_or_else(missing)?;
        let mut seller = before.clone();
        let mut events = change(&mut seller)?;
        if seller == *before {
            events.clear();
        }
        let changed = seller.clone();
        let edit = EditSeller { seller, expected: stored.version, token, events };
        match call.act(key, Command::EditSeller(Box::new(edit))).await {
            Err(Halt::Refused(Refusal::Changed)) => {}
            Ok(Done::Now(_)) => return Ok((changed, None)),
            Ok(Done::Before(replay)) => {
                let now = call.find::<Seller>(&id).await?;
                return Ok((now.unwrap_or(changed), Some(replay.created)));
            }
            Err(halt) => return Err(halt),
        }
    }
    Err(ApiError::lock_timeout().into())
}
