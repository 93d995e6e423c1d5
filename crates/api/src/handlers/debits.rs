//! `sepa_debit`: a bank account that pays, by one of the numbers that are published for tests. Its
//! number is looked at once and not kept.

use holdfast_core::address::BillingDetails;
use holdfast_core::payment::card::{CardCheck, CardSummary, CardToken, DEBIT_BRAND, DEBIT_PREFIX};
use holdfast_core::payment::method::{MethodState, PaymentMethod, SavedCard};

use crate::digest::{hex, sha256};
use crate::error::ApiError;
use crate::fields::{self, card, person};
use crate::metadata;
use crate::params::Params;
use crate::pipeline::call::Call;

/// The longest number of an account (ISO 13616), with spaces between its groups.
const IBAN_CHARS_MAX: usize = 42;

/// The published numbers, and whether a debit of the account succeeds.
const PUBLISHED: &[(&str, bool)] = &[
    ("AT611904300234573201", true),
    ("AT861904300235473202", false),
    ("DE89370400440532013000", true),
    ("DE62370400440532013001", false),
    ("ES0700120345030000067890", true),
    ("ES9121000418450200051332", false),
    ("FR1420041010050500013M02606", true),
    ("FR8420041010050500013M02607", false),
    ("IE29AIBK93115212345678", true),
    ("IE02AIBK93115212345679", false),
    ("IT40S0542811101000000123456", true),
    ("IT60X0542811101000000123456", false),
    ("NL39RABO0300065264", true),
    ("NL91ABNA0417164300", false),
];

/// Takes a `sepa_debit` payment method out of the parameters, as a row of its own: there is
/// nothing to ask of the network before the account is debited.
pub(super) fn take(call: &Call, params: &mut Params) -> Result<PaymentMethod, ApiError> {
    let card = params.map("sepa_debit", account)?.ok_or_else(|| params.missing("sepa_debit"))?;
    let billing = person::billing(params, "billing_details", &BillingDetails::default())?;
    Ok(PaymentMethod {
        id: call.api.engine().fresh_id(),
        created: call.api.engine().now(),
        customer: None,
        billing: billing.unwrap_or_default(),
        allow_redisplay: card::redisplay(params)?,
        metadata: metadata::of_new(params)?,
        rounds: 0,
        brings: None,
        refused: None,
        state: MethodState::Saved { card },
    })
}

fn account(params: &mut Params) -> Result<SavedCard, ApiError> {
    params.example("iban", "AT611904300234573201");
    let iban = params.required_text("iban", IBAN_CHARS_MAX)?.replace(' ', "").to_uppercase();
    let known = PUBLISHED.iter().find(|(number, _)| *number == iban);
    let must = "must be one of the account numbers that are published for tests";
    let (number, succeeds) = known.ok_or_else(|| fields::invalid(params, "iban", must))?;
    let what = if *succeeds { "succeeds" } else { "fails" };
    let summary = CardSummary {
        brand: DEBIT_BRAND.to_owned(),
        last4: number.chars().skip(number.len() - 4).collect(),
        // An account has no end; these are never shown.
        exp_month: 12,
        exp_year: 9999,
        funding: "debit".to_owned(),
        country: number.get(..2).map(str::to_owned),
        cvc_check: CardCheck::Unchecked,
        fingerprint: hex(&sha256(number.as_bytes())).get(..16).map(str::to_owned),
        co_brand: None,
    };
    Ok(SavedCard { token: CardToken::new(format!("{DEBIT_PREFIX}{what}")), summary })
}
