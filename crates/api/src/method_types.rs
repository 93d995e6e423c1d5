//! The dialect's words for ways to pay. Cards are the one that pays here; the others may be named,
//! because clients list those that they allow or leave out.

use crate::codes;
use crate::error::ApiError;
use crate::fields::invalid;
use crate::params::{Change, Params};

/// The dialect's ways to pay, in the order of their names (version 2026-10-28).
pub(crate) const METHOD_TYPES: [&str; 99] = [
    "acss_debit",
    "affirm",
    "afterpay_clearpay",
    "alipay",
    "alma",
    "amazon_pay",
    "au_becs_debit",
    "bacs_debit",
    "bancontact",
    "billie",
    "bizum",
    "blik",
    "boku_promptpay",
    "boleto",
    "capchase_pay",
    "card",
    "card_present",
    "cashapp",
    "check_scan",
    "click_to_pay",
    "crypto",
    "customer_balance",
    "demo_pay",
    "duitnow",
    "dummy_auth_push",
    "dummy_passthrough_card",
    "edenred",
    "eps",
    "fpx",
    "gcash",
    "getbalance",
    "gift_card",
    "giropay",
    "gopay",
    "grabpay",
    "id_bank_transfer",
    "ideal",
    "interac_present",
    "kakao_pay",
    "klarna",
    "knet",
    "konbini",
    "kr_card",
    "kr_market",
    "kriya",
    "link",
    "mb_way",
    "mobilepay",
    "momo",
    "mondu",
    "multibanco",
    "naver_pay",
    "netbanking",
    "ng_bank",
    "ng_bank_transfer",
    "ng_card",
    "ng_market",
    "ng_ussd",
    "ng_wallet",
    "nz_bank_account",
    "octopus",
    "oxxo",
    "p24",
    "paper_check",
    "pay_by_bank",
    "payco",
    "paynow",
    "paypal",
    "paypay",
    "payto",
    "pix",
    "promptpay",
    "qris",
    "rechnung",
    "revolut_pay",
    "samsung_pay",
    "satispay",
    "scalapay",
    "sepa_debit",
    "sequra",
    "shop_pay",
    "shopeepay",
    "sofort",
    "south_korea_market",
    "stripe_balance",
    "sunbit",
    "swish",
    "tamara",
    "test_pay",
    "touch_n_go",
    "truemoney",
    "twint",
    "upi",
    "us_bank_account",
    "us_cash_voucher",
    "vipps",
    "wechat_pay",
    "wero",
    "zip",
];

/// The way to pay that there is.
pub(crate) const CARD: &str = "card";
/// The longest word of [`METHOD_TYPES`] has 20 letters.
const WORD_CHARS_MAX: usize = 40;

/// The ways to pay that a request allows and excludes, where it says so: cards have to be among
/// those that are left. An empty list takes the old one away.
pub(crate) fn choices(params: &mut Params) -> Result<Choices, ApiError> {
    let has_card = |words: &[String]| words.iter().any(|word| word == CARD);
    let allowed = change(params, "allowed_payment_method_types")?;
    if matches!(&allowed, Change::Set(words) if !has_card(words)) {
        return Err(invalid(params, "allowed_payment_method_types", "must hold card"));
    }
    let excluded = change(params, "excluded_payment_method_types")?;
    if matches!(&excluded, Change::Set(words) if has_card(words)) {
        let must = "must not hold card, which is the one way to pay";
        return Err(invalid(params, "excluded_payment_method_types", must));
    }
    Ok(Choices { allowed, excluded })
}

/// The ways to pay that a request allows and excludes.
#[derive(Clone, Debug)]
pub(crate) struct Choices {
    pub(crate) allowed: Change<Vec<String>>,
    pub(crate) excluded: Change<Vec<String>>,
}

fn change(params: &mut Params, name: &str) -> Result<Change<Vec<String>>, ApiError> {
    Ok(match take(params, name)? {
        None => Change::Keep,
        Some(words) if words.is_empty() => Change::Unset,
        Some(words) => Change::Set(words),
    })
}

/// A list of ways to pay.
pub(crate) fn take(params: &mut Params, name: &str) -> Result<Option<Vec<String>>, ApiError> {
    let words = params.texts(name, METHOD_TYPES.len(), WORD_CHARS_MAX)?;
    let unknown = words.iter().flatten().find(|word| !METHOD_TYPES.contains(&word.as_str()));
    if let Some(word) = unknown {
        let message = format!("Invalid {name}: there is no way to pay called {word}.");
        let param = params.spelled(name);
        return Err(ApiError::param(codes::PARAMETER_INVALID_VALUE, &param, message));
    }
    Ok(words)
}
