//! How a payment is confirmed: whether its buyer is there, and where the bank sends the buyer back.

use holdfast_core::command::CardUse;
use holdfast_core::payment::notes::ReturnTo;

use crate::api::Api;
use crate::error::ApiError;
use crate::fields;
use crate::params::Params;

use super::card_terms;

/// Where the buyer comes back after the bank's page, and what clients send by habit around it.
pub(crate) fn return_url(api: &Api, params: &mut Params) -> Result<Option<ReturnTo>, ApiError> {
    params.boolean("use_stripe_sdk")?;
    card_terms::mandate_data(params)?;
    let url = fields::url(params, "return_url")?;
    Ok(url.map(|url| ReturnTo { url, page: format!("{}/p", api.pay_origin()) }))
}

/// Whether the card is kept, and whether the buyer is there.
pub(crate) fn kept(params: &mut Params, card_use: CardUse) -> Result<CardUse, ApiError> {
    let future_usage = fields::card::usage(params, "setup_future_usage")?;
    let off_session = params.boolean("off_session")?.unwrap_or(false);
    let fails_when_asked = params.boolean("error_on_requires_action")?.unwrap_or(false);
    if off_session && future_usage.is_some() {
        // A buyer who is away cannot agree to anything.
        return Err(ApiError::exclusive("off_session", "setup_future_usage"));
    }
    Ok(CardUse { future_usage, off_session, fails_when_asked, ..card_use })
}
