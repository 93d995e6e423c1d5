//! The card that a request names: a token, or a card that is kept; and whose it is.

use holdfast_core::address::BillingDetails;
use holdfast_core::command::{CardUse, SetupCard};
use holdfast_core::id::{CustomerId, Id, PaymentMethodId};
use holdfast_core::payment::card::CardToken;
use holdfast_core::payment::method::Redisplay;
use holdfast_core::payment::usage::FutureUsage;

use crate::error::ApiError;
use crate::metadata::{self, Metadata};
use crate::params::{Change, Params};

use super::{ID_CHARS_MAX, person, token, token_of};

/// A card as a request names it.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Given {
    /// By a token.
    pub(crate) token: Option<CardToken>,
    /// By its id.
    pub(crate) method: Option<PaymentMethodId>,
    /// Whose it is.
    pub(crate) billing: Option<BillingDetails>,
    /// Notes on it.
    pub(crate) metadata: Metadata,
}

impl Given {
    /// Whether the request names a card.
    pub(crate) fn is_some(&self) -> bool {
        self.token.is_some() || self.method.is_some()
    }

    /// The card of a setup.
    pub(crate) fn of_setup(self) -> SetupCard {
        let billing = self.billing.unwrap_or_default();
        let Given { token, method, metadata, .. } = self;
        SetupCard { token, method, billing, metadata }
    }

    /// The card of a payment.
    pub(crate) fn of_payment(self, customer: Option<CustomerId>) -> (Option<CardToken>, CardUse) {
        let Given { token, method, billing, metadata } = self;
        (token, CardUse { customer, method, billing, metadata, ..CardUse::default() })
    }
}

/// `payment_method` with `pm_...`, `pm_card_...` or `tok_...`, or `payment_method_data`.
pub(crate) fn given(params: &mut Params) -> Result<Given, ApiError> {
    let named = named(params, "payment_method")?;
    let data = params.map("payment_method_data", data)?;
    match (named, data) {
        (Some(_), Some(_)) => Err(ApiError::exclusive("payment_method", "payment_method_data")),
        (named, data) => Ok(named.or(data).unwrap_or_default()),
    }
}

/// A card by its id or by a token.
pub(crate) fn named(params: &mut Params, name: &str) -> Result<Option<Given>, ApiError> {
    params.example(name, "tok_visa");
    let Some(text) = params.text(name, ID_CHARS_MAX)? else { return Ok(None) };
    if let Some(method) = PaymentMethodId::parse(&text) {
        return Ok(Some(Given { method: Some(method), ..Given::default() }));
    }
    let token = Some(token_of(params, name, &text)?);
    Ok(Some(Given { token, ..Given::default() }))
}

fn data(params: &mut Params) -> Result<Given, ApiError> {
    params.required_choice("type", &[("card", ())])?;
    let token = params.map("card", card_token)?.ok_or_else(|| params.missing("card"))?;
    let billing = person::billing(params, "billing_details", &BillingDetails::default())?;
    redisplay(params)?;
    Ok(Given { token: Some(token), method: None, billing, metadata: metadata::of_new(params)? })
}

/// `card[token]`: cards themselves go to the card zone.
pub(crate) fn card_token(card: &mut Params) -> Result<CardToken, ApiError> {
    token(card, "token")?.ok_or_else(|| card.missing("token"))
}

/// What a card is kept for, from now on; nothing when given empty.
pub(crate) fn usage_change(params: &mut Params) -> Result<Change<FutureUsage>, ApiError> {
    let name = "setup_future_usage";
    if params.is_empty_text(name) {
        params.ignore(name);
        return Ok(Change::Unset);
    }
    Ok(usage(params, name)?.map_or(Change::Keep, Change::Set))
}

/// What a card is kept for.
pub(crate) fn usage(params: &mut Params, name: &str) -> Result<Option<FutureUsage>, ApiError> {
    let words = [FutureUsage::OnSession, FutureUsage::OffSession].map(|word| (word.name(), word));
    params.choice(name, &words)
}

/// Whether a kept card may be shown to the buyer again.
pub(crate) fn redisplay(params: &mut Params) -> Result<Option<Redisplay>, ApiError> {
    let words = [Redisplay::Always, Redisplay::Limited, Redisplay::Unspecified];
    params.choice("allow_redisplay", &words.map(|word| (word.name(), word)))
}
