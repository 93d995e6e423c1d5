//! What each published test card does.

use super::super::profile::{Check, PROFILES};
use super::*;

const GENERIC: &str = "declined card_declined generic_decline try_again_later 05";
const FUNDS: &str = "declined card_declined insufficient_funds try_again_later 51";
const LOST: &str = "declined card_declined lost_card do_not_try_again 41";
const STOLEN: &str = "declined card_declined stolen_card do_not_try_again 43";
const FRAUD: &str = "declined card_declined fraudulent do_not_try_again 59";
const EXPIRED: &str = "declined expired_card expired_card confirm_card_data 54";
const CVC: &str = "declined incorrect_cvc incorrect_cvc confirm_card_data N7";
const PROCESSING: &str = "declined processing_error processing_error try_again_later 96";
const AUTHENTICATE: &str = "declined authentication_required authentication_required - 1A";
const NOT_ASKED: &str = "declined authentication_required processing_error try_again_later -";
const NOT_CONFIRMED: &str = "declined payment_intent_authentication_failure - - -";

/// Profile; the answer with `three_ds` automatic, with any, and off session; what follows when the
/// cardholder confirms.
const TABLE: &[(&str, &str, &str, &str, &str)] = &[
    ("visa", "approved", "approved", "approved", ""),
    ("visa_debit", "approved", "approved", "approved", ""),
    ("mastercard", "approved", "approved", "approved", ""),
    ("mastercard_debit", "approved", "approved", "approved", ""),
    ("mastercard_prepaid", "approved", "approved", "approved", ""),
    ("amex", "approved", "approved", "approved", ""),
    ("discover", "approved", "approved", "approved", ""),
    ("visa_chargeDeclined", GENERIC, GENERIC, GENERIC, ""),
    ("visa_chargeDeclinedInsufficientFunds", FUNDS, FUNDS, FUNDS, ""),
    ("visa_chargeDeclinedLostCard", LOST, LOST, LOST, ""),
    ("visa_chargeDeclinedStolenCard", STOLEN, STOLEN, STOLEN, ""),
    ("chargeDeclinedExpiredCard", EXPIRED, EXPIRED, EXPIRED, ""),
    ("chargeDeclinedIncorrectCvc", CVC, CVC, CVC, ""),
    ("chargeDeclinedProcessingError", PROCESSING, PROCESSING, PROCESSING, ""),
    ("chargeCustomerFail", GENERIC, GENERIC, GENERIC, ""),
    ("cvcCheckFail", "approved", "approved", "approved", ""),
    ("avsFail", "approved", "approved", "approved", ""),
    ("avsLine1Fail", "approved", "approved", "approved", ""),
    ("avsZipFail", "approved", "approved", "approved", ""),
    ("bypassPending", "approved", "approved", "approved", ""),
    ("threeDSecureRequired", "challenge", "challenge", AUTHENTICATE, "approved"),
    ("authenticationRequiredOnSetup", "challenge", "challenge", AUTHENTICATE, "approved"),
    ("authenticationRequiredSetupForOffSession", "challenge", "challenge", "approved", "approved"),
    ("threeDSecure2Required", "challenge", "challenge", AUTHENTICATE, "approved"),
    (
        "authenticationRequiredChargeDeclinedInsufficientFunds",
        "challenge",
        "challenge",
        AUTHENTICATE,
        FUNDS,
    ),
    ("threeDSecureRequiredChargeDeclined", "challenge", "challenge", AUTHENTICATE, GENERIC),
    ("threeDSecureRequiredProcessingError", NOT_ASKED, NOT_ASKED, NOT_ASKED, ""),
    ("threeDSecureOptional", "approved", "challenge", "approved", "approved"),
    ("threeDSecureOptionalProcessingError", "approved", NOT_ASKED, "approved", ""),
    ("createDispute", "approved", "approved", "approved", ""),
    ("createDisputeProductNotReceived", "approved", "approved", "approved", ""),
    ("createDisputeInquiry", "approved", "approved", "approved", ""),
    ("createIssuerFraudRecord", "approved", "approved", "approved", ""),
    ("radarBlock", FRAUD, FRAUD, FRAUD, ""),
    ("riskLevelHighest", "approved", "approved", "approved", ""),
    ("riskLevelElevated", "approved", "approved", "approved", ""),
    ("refundFail", "approved", "approved", "approved", ""),
    // The bank's verdict, which it tells some seconds later.
    ("sepaDebit_succeeds", "approved", "approved", "approved", ""),
    ("sepaDebit_fails", GENERIC, GENERIC, GENERIC, ""),
    ("visa_cartesBancaires", "approved", "approved", "approved", ""),
    ("mastercard_cartesBancaires", "approved", "approved", "approved", ""),
];

#[test]
fn every_card_behaves_as_published() {
    let names: Vec<&str> = TABLE.iter().map(|row| row.0).collect();
    let rows: Vec<&str> = PROFILES.iter().map(|profile| profile.name).collect();
    assert_eq!(names, rows);
    for (profile, automatic, any, off_session, _) in TABLE {
        let mut bench = Bench::new();
        let mut asked = |three_ds, off_session: bool| {
            let reference = format!("{three_ds:?}-{off_session}");
            let wish = Authorize { three_ds, off_session, ..wish(&reference, profile) };
            let index = bench.authorize(&wish).unwrap();
            bench.outcome(index)
        };
        assert_eq!(asked(ThreeDs::Automatic, false), *automatic, "{profile}");
        assert_eq!(asked(ThreeDs::Any, false), *any, "{profile} any");
        assert_eq!(asked(ThreeDs::Automatic, true), *off_session, "{profile} off session");
        assert_eq!(asked(ThreeDs::Any, true), *off_session, "{profile} any, off session");
        // Whoever gave the card by telephone cannot be asked either.
        let wish = Authorize { moto: true, three_ds: ThreeDs::Any, ..wish("moto", profile) };
        let index = bench.authorize(&wish).unwrap();
        assert_eq!(bench.outcome(index), *off_session, "{profile} by telephone");
        assert_eq!(bench.replayed(), bench.network, "{profile}");
    }
}

const NOT_SUPPORTED: &str = "declined card_declined card_not_supported do_not_try_again 57";

#[test]
fn a_card_is_carried_by_its_own_networks_only() {
    let table = [
        ("visa", "visa", "approved"),
        ("visa", "cartes_bancaires", NOT_SUPPORTED),
        ("visa_cartesBancaires", "visa", "approved"),
        ("visa_cartesBancaires", "cartes_bancaires", "approved"),
        ("visa_cartesBancaires", "mastercard", NOT_SUPPORTED),
        ("mastercard_cartesBancaires", "cartes_bancaires", "approved"),
        ("mastercard_cartesBancaires", "visa", NOT_SUPPORTED),
        ("amex", "unknown", NOT_SUPPORTED),
        // Its network is looked for first: no issuer is asked by way of another.
        ("threeDSecureRequired", "interac", NOT_SUPPORTED),
        ("threeDSecureRequired", "visa", "challenge"),
    ];
    for (profile, network, expected) in table {
        let mut bench = Bench::new();
        let wish = Authorize { network: Some(network.into()), ..wish("a1", profile) };
        let index = bench.authorize(&wish).unwrap();
        assert_eq!(bench.outcome(index), expected, "{profile} by {network}");
        assert_eq!(bench.replayed(), bench.network, "{profile} by {network}");
    }
}

#[test]
fn a_confirmed_challenge_leads_to_the_card_s_own_verdict() {
    for (profile, _, any, _, confirmed) in TABLE.iter().filter(|row| row.2 == "challenge") {
        let mut bench = Bench::new();
        let wish = Authorize { three_ds: ThreeDs::Any, ..wish("a1", profile) };
        let index = bench.authorize(&wish).unwrap();
        assert_eq!(bench.outcome(index), *any);
        let code = bench.code();
        assert_eq!(bench.try_code(index, &code), Answered::Over);
        assert_eq!(bench.outcome(index), *confirmed, "{profile}");
        assert_eq!(bench.replayed(), bench.network, "{profile}");
    }
}

#[test]
fn an_unconfirmed_challenge_is_a_decline() {
    let mut bench = Bench::new();
    bench.check("authorize a1 threeDSecureRequired USD 5000 -> challenge");
    let index = bench.network.find_authorization("a1").unwrap();
    let change = bench.network.cancel_challenge(bench.now, index);
    assert_eq!(bench.commit(change), Answered::Over);
    assert_eq!(bench.outcome(index), NOT_CONFIRMED);
}

#[test]
fn checks_fail_where_published() {
    use Check::{Fail, Pass, Unchecked};
    for (profile, expected) in [
        ("visa", (Pass, Unchecked, Unchecked)),
        ("chargeDeclinedIncorrectCvc", (Fail, Unchecked, Unchecked)),
        ("cvcCheckFail", (Fail, Unchecked, Unchecked)),
        ("avsFail", (Pass, Fail, Fail)),
        ("avsLine1Fail", (Pass, Fail, Unchecked)),
        ("avsZipFail", (Pass, Unchecked, Fail)),
    ] {
        let checks = Profile::named(profile).unwrap().checks;
        let checks = (checks.cvc, checks.address_line1, checks.postal_code);
        assert_eq!(checks, expected, "{profile}");
    }
}

#[test]
fn shortcuts_name_profiles_and_their_other_names() {
    for (token, expected) in [
        ("tok_visa", Some("visa")),
        ("pm_card_visa", Some("visa")),
        ("pm_card_chargeDeclined", Some("visa_chargeDeclined")),
        ("tok_visa_chargeDeclinedExpiredCard", Some("chargeDeclinedExpiredCard")),
        ("pm_card_authenticationRequired", Some("threeDSecureRequired")),
        ("pm_card_nothing", None),
        ("visa", None),
        ("tok_", None),
    ] {
        let profile = Profile::of_shortcut(token).map(|profile| profile.name);
        assert_eq!(profile, expected, "{token}");
    }
}

#[test]
fn a_card_past_its_last_month_is_declined() {
    let mut bench = Bench::new();
    let visa = Card::of_profile(Profile::named("visa").unwrap());
    // The bench begins on 23 November.
    for (reference, days, expected) in [("a1", 7, "approved"), ("a2", 1, EXPIRED)] {
        bench.wait(Span::days(days));
        let token = bench.token(Card { exp_month: 11, exp_year: 2026, ..visa.clone() });
        let wish = Authorize { token: (*token).into(), ..wish(reference, "visa") };
        let index = bench.authorize(&wish).unwrap();
        assert_eq!(bench.outcome(index), expected);
    }
}

#[test]
fn a_token_is_good_for_one_reference() {
    let mut bench = Bench::new();
    let token = bench.token(Card::of_profile(Profile::named("visa").unwrap()));
    let with = |reference: &str, key: &str| {
        let wish = Authorize { token: (*token).into(), ..wish(reference, "visa") };
        (wish, key.to_owned())
    };
    for ((wish, key), expected) in [
        (with("a1", "k1"), Ok("approved")),
        (with("a1", "k2"), Ok("approved")),
        (with("a2", "k3"), Err(Refusal::TokenAlreadyUsed)),
    ] {
        let seed = bench.seed();
        let stamp = stamp(&key, &format!("{wish:?}"));
        let change = bench.network.authorize(bench.now, &wish, &stamp, &seed);
        let outcome = change.map(|change| {
            let index = bench.commit(change);
            bench.network.authorization(index).status().name()
        });
        assert_eq!(outcome, expected, "{key}");
    }
    let unknown = Authorize { token: "tok_unknown".into(), ..wish("a3", "visa") };
    assert_eq!(bench.authorize(&unknown), Err(Refusal::UnknownToken));
    assert_eq!(bench.network.authorizations_from(0).len(), 1);
    assert_eq!(bench.replayed(), bench.network);
}
