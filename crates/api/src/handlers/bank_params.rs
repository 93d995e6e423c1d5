//! A bank account as a request names it: by a test token, or by its numbers.

use holdfast_core::bank::{BankAccount, BankToken, HolderType, NumberRefused, TestNumber};
use holdfast_core::currency::Currency;
use holdfast_core::id::{BankAccountId, BankTokenId, Id, PlatformId};
use holdfast_core::time::Timestamp;

use crate::api::Api;
use crate::codes;
use crate::error::ApiError;
use crate::fields;
use crate::params::Params;
use crate::pipeline::call::Call;
use crate::pipeline::halt::Halt;

use super::account_params::country;

/// The longest token of a bank account.
const TOKEN_CHARS_MAX: usize = 255;
/// The longest number of a bank account: an IBAN of 34 characters with a space after each four.
const NUMBER_CHARS_MAX: usize = 42;
/// The longest number of a bank, with dashes.
const ROUTING_CHARS_MAX: usize = 20;

/// What holders may be.
pub(crate) const HOLDER_TYPES: [(&str, HolderType); 2] =
    [("individual", HolderType::Individual), ("company", HolderType::Company)];

/// A bank account as a request gives it to a seller.
pub(crate) enum Given {
    /// By its numbers, or by a published token.
    Account(BankAccount),
    /// By a token that was made here, which can be used once.
    Token(BankTokenId),
}

/// The bank account that `name` holds, if it is given.
pub(crate) fn external_account(
    api: &Api,
    params: &mut Params,
    name: &str,
) -> Result<Option<Given>, ApiError> {
    params.example(name, "btok_us_verified");
    if params.is_scalar(name) {
        return token(api, params, name);
    }
    let account = params.map(name, |params| {
        params.required_choice("object", &[("bank_account", ())])?;
        by_numbers(api, params)
    })?;
    Ok(account.map(Given::Account))
}

fn token(api: &Api, params: &mut Params, name: &str) -> Result<Option<Given>, ApiError> {
    let Some(token) = params.text(name, TOKEN_CHARS_MAX)? else { return Ok(None) };
    if let Some(number) = TestNumber::of_token(&token) {
        let currency = number.currency;
        return Ok(Some(Given::Account(account(api, &number, currency))));
    }
    let id = BankTokenId::parse(&token).ok_or_else(|| no_token(&token, &params.spelled(name)))?;
    Ok(Some(Given::Token(id)))
}

fn no_token(token: &str, param: &str) -> ApiError {
    ApiError::unknown_reference("token", token, param)
}

/// The token that a request names, used or not: whether it still counts is the core's to say.
pub(crate) async fn named(call: &Call, id: BankTokenId) -> Result<BankToken, Halt> {
    let missing = || no_token(&id.to_string(), "external_account");
    Ok(call.find::<BankToken>(&id).await?.ok_or_else(missing)?)
}

/// A bank account by its published test numbers.
pub(crate) fn by_numbers(api: &Api, params: &mut Params) -> Result<BankAccount, ApiError> {
    let country = country(params, "country")?.ok_or_else(|| params.missing("country"))?;
    let currency = fields::optional_currency(params, "currency")?;
    params.example("routing_number", "110000000");
    let routing = params.text("routing_number", ROUTING_CHARS_MAX)?;
    params.example("account_number", "000123456789");
    let number = params.required_text("account_number", NUMBER_CHARS_MAX)?;
    let holder_name = params.text("account_holder_name", fields::NAME_CHARS_MAX)?;
    let holder_type = params.choice("account_holder_type", &HOLDER_TYPES)?;
    let known = TestNumber::find(&country, routing.as_deref(), &number)
        .map_err(|refused| number_refused(params, refused))?;
    let account = account(api, &known, currency.unwrap_or(known.currency));
    Ok(BankAccount { holder_name, holder_type, ..account })
}

fn number_refused(params: &Params, refused: NumberRefused) -> ApiError {
    let (name, code, message) = match refused {
        NumberRefused::Country => (
            "country",
            codes::COUNTRY_UNSUPPORTED,
            "There are no test bank accounts in this country.",
        ),
        NumberRefused::RoutingMissing => return params.missing("routing_number"),
        NumberRefused::Routing => (
            "routing_number",
            codes::ROUTING_NUMBER_INVALID,
            "Only the published test banks are known here, such as 110000000 for US.",
        ),
        NumberRefused::Number => (
            "account_number",
            codes::ACCOUNT_NUMBER_INVALID,
            "Only published test account numbers are known here, such as 000123456789 for US.",
        ),
    };
    ApiError::param(code, &params.spelled(name), message)
}

fn account(api: &Api, number: &TestNumber, currency: Currency) -> BankAccount {
    let (id, created) = (api.engine().fresh_id(), api.engine().now());
    BankAccount { id, created, currency, ..blank(number) }
}

/// The platform's own account at the sandbox's bank: its id is the platform's number.
pub(crate) fn account_of(number: &TestNumber, platform: PlatformId) -> BankAccount {
    let id = BankAccountId::from_number(platform.number());
    BankAccount { id, is_default: true, ..blank(number) }
}

fn blank(number: &TestNumber) -> BankAccount {
    BankAccount {
        id: BankAccountId::from_number(0),
        created: Timestamp::from_ms(0),
        country: number.country.to_owned(),
        currency: number.currency,
        holder_name: None,
        holder_type: None,
        routing_number: number.routing_number.map(str::to_owned),
        last4: number.last4(),
        fingerprint: number.fingerprint(),
        behaviour: number.behaviour,
        is_default: false,
        refused: None,
        metadata: Default::default(),
    }
}
