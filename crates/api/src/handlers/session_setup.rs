//! Sessions of mode `setup`: the buyer's card is kept and nothing is charged.

use holdfast_core::checkout::PaymentTerms;
use holdfast_core::command::{CreateSetup, NewSessionSetup, SetupCard};
use holdfast_core::currency::Currency;
use holdfast_core::id::{CustomerId, SellerId};
use holdfast_core::payment::usage::FutureUsage;

use crate::api::Api;
use crate::error::ApiError;
use crate::fields;
use crate::metadata;
use crate::params::Params;

/// Takes what is said of the card that is kept; `None` for a session that sells.
///
/// # Refusals
/// What belongs to the other mode.
pub(super) fn take(api: &Api, params: &mut Params) -> Result<Option<CreateSetup>, ApiError> {
    let is_setup = params.choice("mode", &[("payment", false), ("setup", true)])?;
    if is_setup != Some(true) {
        let why = "a session of mode payment charges a card; use mode=setup to keep one";
        fields::unsupported(params, &["setup_intent_data"], why)?;
        return Ok(None);
    }
    let why = "a session of mode setup keeps a card and charges nothing";
    let names =
        ["line_items", "shipping_options", "payment_intent_data", "submit_type", "discounts"];
    fields::unsupported(params, &names, why)?;
    fields::card_only(params, "payment_method_types")?;
    let setup = params.map("setup_intent_data", |data| {
        Ok(CreateSetup {
            description: data.text("description", fields::DESCRIPTION_CHARS_MAX)?,
            on_behalf_of: fields::id::<SellerId>(data, "on_behalf_of", "account")?,
            metadata: metadata::of_new(data)?,
            ..plain(api)
        })
    })?;
    Ok(Some(setup.unwrap_or_else(|| plain(api))))
}

/// The wish to keep a card of a session's buyer.
pub(super) fn of(
    setup: CreateSetup,
    customer: Option<CustomerId>,
    currency: Option<Currency>,
    terms: &PaymentTerms,
) -> NewSessionSetup {
    let mut setup = CreateSetup { customer, ..setup };
    setup.terms.three_d_secure = terms.three_d_secure;
    NewSessionSetup { setup, currency }
}

/// A setup of which nothing was said. Its card is for payments with the buyer away, as in the
/// dialect.
fn plain(api: &Api) -> CreateSetup {
    CreateSetup {
        customer: None,
        card: SetupCard::default(),
        confirm: false,
        return_url: None,
        usage: FutureUsage::OffSession,
        description: None,
        on_behalf_of: None,
        automatic: None,
        terms: Default::default(),
        metadata: Default::default(),
        secret: api.secret(),
    }
}
