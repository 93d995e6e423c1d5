//! `/v1/accounts`: sellers.

use holdfast_core::command::{Command, CreateSeller};
use holdfast_core::currency::Currency;
use holdfast_core::row::RowKind;
use holdfast_core::seller::Seller;

use crate::error::ApiError;
use crate::expand::Expand;
use crate::fields;
use crate::list::Page;
use crate::metadata;
use crate::paging::{self, Narrowed};
use crate::params::Params;
use crate::pipeline::Answer;
use crate::pipeline::call::Call;
use crate::render::account;
use crate::reply::Reply;

/// The country of a seller that names none, as of the dialect's own test accounts.
const COUNTRY_DEFAULT: &str = "US";

/// `POST /v1/accounts`.
pub(crate) async fn create(call: Call) -> Answer {
    let create = call.read(create_params)?;
    let id = call.make::<Seller>(Command::CreateSeller(create), RowKind::Seller).await?;
    Ok(Reply::ok(&account::object(&call.present::<Seller>(&id).await?)))
}

/// `GET /v1/accounts/{id}`.
pub(crate) async fn retrieve(call: Call) -> Answer {
    call.read(|params| Expand::take(params, |_| Ok(())))?;
    Ok(Reply::ok(&account::object(&call.named::<Seller>("account").await?)))
}

/// `GET /v1/accounts`.
pub(crate) async fn list(call: Call) -> Answer {
    let page = call.read(Page::take)?;
    let rows = paging::rows::<Seller>(&call, &page, Narrowed::all(RowKind::Seller)).await?;
    let objects = rows.iter().map(account::object).collect();
    Ok(Reply::ok(&page.list(call.path, objects)))
}

fn create_params(params: &mut Params) -> Result<CreateSeller, ApiError> {
    // Every seller's account is run by the platform; integrations name it in one of these words.
    params.choice("type", &[("custom", ()), ("express", ()), ("standard", ())])?;
    capabilities(params)?;
    let name =
        params.map("business_profile", |profile| profile.text("name", fields::NAME_CHARS_MAX))?;
    let currency = fields::optional_currency(params, "default_currency")?;
    Ok(CreateSeller {
        name: name.flatten(),
        email: fields::email(params, "email")?,
        country: country(params)?,
        currency: currency.unwrap_or(Currency::USD),
        fee: None,
        metadata: metadata::of_new(params)?,
    })
}

/// Both capabilities are there from the start, so that they may be asked for and not declined.
fn capabilities(params: &mut Params) -> Result<(), ApiError> {
    params.map("capabilities", |capabilities| {
        for name in ["card_payments", "transfers"] {
            capabilities
                .map(name, |capability| capability.required_choice("requested", &[("true", ())]))?;
        }
        Ok(())
    })?;
    Ok(())
}

fn country(params: &mut Params) -> Result<String, ApiError> {
    let Some(country) = params.text("country", 2)? else { return Ok(COUNTRY_DEFAULT.into()) };
    if country.len() != 2 || !country.bytes().all(|byte| byte.is_ascii_uppercase()) {
        return Err(fields::invalid(params, "country", "must be two capital letters (ISO 3166-1)"));
    }
    Ok(country)
}
