//! Cards that the network keeps.

use super::super::decline::Decline;
use super::super::saved::Save;
use super::*;

impl Bench {
    fn save(&mut self, reference: &str, token: &str) -> Result<Name, Refusal> {
        self.save_if(reference, token, false)
    }

    fn save_if(&mut self, reference: &str, token: &str, check: bool) -> Result<Name, Refusal> {
        let wish = Save { reference: reference.into(), token: token.into(), check };
        let seed = self.seed();
        let stamp = stamp(&format!("save-{reference}-{token}"), &format!("{wish:?}"));
        let change = self.network.save_card(self.now, &wish, &stamp, &seed)?;
        Ok(self.commit(change))
    }

    /// An authorization with a token, off session or on, that keeps the card or does not.
    fn charge(&mut self, reference: &str, token: &str, off_session: bool, save: bool) -> String {
        let wish = Authorize { token: token.into(), off_session, save, ..wish(reference, "visa") };
        self.authorize(&wish).map_or_else(|refusal| format!("{refusal:?}"), |of| self.short(of))
    }

    fn verify(&mut self, reference: &str, token: &str) -> String {
        self.verify_asking(reference, token, ThreeDs::Automatic)
    }

    fn verify_asking(&mut self, reference: &str, token: &str, three_ds: ThreeDs) -> String {
        let wish = Authorize {
            token: token.into(),
            amount: 0,
            save: true,
            purpose: Purpose::Verification,
            three_ds,
            ..wish(reference, "visa")
        };
        self.authorize(&wish).map_or_else(|refusal| format!("{refusal:?}"), |of| self.short(of))
    }

    /// The kept card of an authorization, as its answers name it.
    fn kept(&self, reference: &str) -> Option<Name> {
        let index = self.network.find_authorization(reference).unwrap();
        self.network.authorization(index).saved.clone()
    }
}

#[test]
fn a_token_is_exchanged_once_and_the_other_is_good_for_ever() {
    let mut bench = Bench::new();
    let token = bench.token(Card::of_profile(Profile::named("mastercard").unwrap()));
    let kept = bench.save("m1", &token).unwrap();
    assert!(kept.starts_with("sbk_"));
    assert_eq!(bench.save("m1", &token), Ok(kept.clone()), "the same request once more");
    assert_eq!(bench.save("m2", &token), Err(Refusal::TokenAlreadyUsed));
    assert_eq!(bench.save("m1", "tok_visa"), Err(Refusal::ReferenceInUse));
    assert_eq!(bench.save("m3", "tok_unknown"), Err(Refusal::UnknownToken));
    assert_eq!(bench.charge("a0", &token, false, false), "TokenAlreadyUsed");
    for reference in ["a1", "a2", "a3"] {
        assert_eq!(bench.charge(reference, &kept, true, false), "approved");
    }
    assert_eq!(bench.network.saved_count(), 1);
    assert_eq!(
        bench.network.find_saved("m1").map(|card| card.card.brand.name()),
        Some("mastercard")
    );
    assert_eq!(bench.network.find_saved("m9"), None);
    assert_eq!(bench.replayed(), bench.network);
}

#[test]
fn a_card_has_one_fingerprint_whatever_token_it_has() {
    let visa = Card::of_profile(Profile::named("visa").unwrap());
    let print = visa.fingerprint();
    assert_eq!(print.len(), 16);
    assert!(print.bytes().all(|letter| letter.is_ascii_lowercase()), "{print}");
    let later = Card { exp_year: 2040, name: Some("Ada".into()), ..visa };
    assert_eq!(later.fingerprint(), print);
    let mut prints: Vec<String> = super::super::profile::PROFILES
        .iter()
        .map(|profile| Card::of_profile(profile).fingerprint())
        .collect();
    prints.sort();
    prints.dedup();
    assert_eq!(prints.len(), super::super::profile::PROFILES.len());
}

#[test]
fn an_approval_keeps_the_card_and_a_decline_does_not() {
    let mut bench = Bench::new();
    assert_eq!(bench.charge("a1", "tok_visa", false, true), "approved");
    let kept = bench.kept("a1").unwrap();
    assert!(bench.network.saved_card(&kept).is_some());
    assert_eq!(bench.charge("a2", &kept, true, true), "approved");
    assert_eq!(bench.kept("a2"), Some(kept), "a kept card stays the one it is");
    assert_eq!(
        bench.charge("a3", "tok_visa_chargeDeclined", false, true),
        "declined generic_decline"
    );
    assert!(bench.network.saved_card(&bench.kept("a3").unwrap()).is_none());
    assert_eq!(bench.charge("a4", "tok_visa", false, false), "approved");
    assert_eq!(bench.kept("a4"), None);
    assert_eq!(bench.replayed(), bench.network);
}

#[test]
fn a_verification_holds_nothing() {
    let mut bench = Bench::new();
    assert_eq!(bench.verify("v1", "tok_visa"), "approved");
    assert!(bench.network.saved_card(&bench.kept("v1").unwrap()).is_some());
    bench.check(
        "
        show v1                     -> approved 0 back 0 released 0 left 0
        account visa USD            -> limit 1000000000000 held 0 owed 0
        capture c1 v1 USD 1         -> nothing_left
        void d1 v1                  -> nothing_left
        wait 8 d                    ->
        tick                        ->
        show v1                     -> approved 0 back 0 released 0 left 0
        ",
    );
    for (token, expected) in [
        ("tok_visa_chargeDeclined", "declined generic_decline"),
        ("tok_chargeDeclinedExpiredCard", "declined expired_card"),
        // It is kept, and no charge is approved.
        ("tok_chargeCustomerFail", "approved"),
    ] {
        assert_eq!(bench.verify(token, token), expected);
    }
    let kept = bench.kept("tok_chargeCustomerFail").unwrap();
    assert_eq!(bench.charge("a1", &kept, true, false), "declined generic_decline");
    assert_eq!(bench.replayed(), bench.network);
}

#[test]
fn who_has_confirmed_is_charged_while_away() {
    const AWAY: &str = "declined authentication_required";
    // The card; while away before it was confirmed, and after.
    for (profile, before, after) in [
        ("authenticationRequiredOnSetup", AWAY, "approved"),
        ("authenticationRequiredSetupForOffSession", "approved", "approved"),
        ("threeDSecureRequired", AWAY, AWAY),
    ] {
        let mut bench = Bench::new();
        let kept = bench.save("m1", &format!("pm_card_{profile}")).unwrap();
        assert_eq!(bench.charge("a1", &kept, true, false), before, "{profile}");
        assert_eq!(bench.verify("v1", &kept), "challenge");
        assert_eq!(bench.charge("a2", &kept, true, false), before, "{profile}: not yet confirmed");
        let index = bench.network.find_authorization("v1").unwrap();
        let code = bench.code();
        assert_eq!(bench.try_code(index, &code), Answered::Over);
        assert_eq!(bench.short(index), "approved");
        assert_eq!(bench.charge("a3", &kept, true, false), after, "{profile}");
        assert_eq!(bench.charge("a4", &kept, false, false), "challenge", "{profile} on session");
        assert_eq!(bench.replayed(), bench.network, "{profile}");
    }
    // A payment that keeps its card confirms it, too.
    let mut bench = Bench::new();
    let token = "tok_authenticationRequiredOnSetup";
    assert_eq!(bench.charge("a1", token, false, true), "challenge");
    let kept = bench.kept("a1").unwrap();
    assert!(bench.network.saved_card(&kept).is_none(), "not before the cardholder has confirmed");
    bench.check("pass a1 -> approved");
    assert_eq!(bench.charge("a2", &kept, true, false), "approved");
}

#[test]
fn a_verification_asks_the_cardholder_where_the_merchant_wants_it() {
    let table = [
        ("tok_visa", ThreeDs::Any, "approved"),
        ("tok_threeDSecureOptional", ThreeDs::Automatic, "approved"),
        ("tok_threeDSecureOptional", ThreeDs::Any, "challenge"),
        ("tok_threeDSecureOptionalProcessingError", ThreeDs::Any, "declined processing_error"),
    ];
    let mut bench = Bench::new();
    for (at, (token, three_ds, expected)) in table.into_iter().enumerate() {
        let reference = format!("v{at}");
        assert_eq!(bench.verify_asking(&reference, token, three_ds), expected, "{token}");
    }
}

#[test]
fn a_verification_whose_question_is_given_up_keeps_no_card() {
    let mut bench = Bench::new();
    assert_eq!(bench.verify("v1", "tok_threeDSecureRequired"), "challenge");
    bench.check("give-up g1 v1 1 -> amount_too_large");
    bench.check("give-up g2 v1 0 -> succeeded 0");
    let index = bench.network.find_authorization("v1").unwrap();
    assert_eq!(bench.short(index), "voided");
    // The cardholder is too late.
    let code = bench.code();
    assert_eq!(bench.try_code(index, &code), Answered::Over);
    assert_eq!(bench.short(index), "voided");
    let kept = bench.kept("v1").unwrap();
    assert!(bench.network.saved_card(&kept).is_none());
    // And too late is who gives up what was answered.
    assert_eq!(bench.verify("v2", "tok_threeDSecureRequired"), "challenge");
    bench.check("pass v2 -> approved");
    bench.check("give-up g3 v2 0 -> not_asked");
    assert_eq!(bench.replayed(), bench.network);
}

#[test]
fn an_issuer_who_is_asked_keeps_what_it_would_not_decline_anyway() {
    let table = [
        ("tok_visa", None),
        ("tok_chargeDeclined", Some(Decline::Generic)),
        ("tok_visa_chargeDeclinedInsufficientFunds", Some(Decline::InsufficientFunds)),
        ("tok_visa_chargeDeclinedLostCard", Some(Decline::LostCard)),
        ("tok_chargeDeclinedExpiredCard", Some(Decline::ExpiredCard)),
        ("tok_chargeDeclinedIncorrectCvc", Some(Decline::IncorrectCvc)),
        ("tok_chargeDeclinedProcessingError", Some(Decline::ProcessingError)),
        ("tok_chargeCustomerFail", None),
        ("tok_threeDSecureRequired", None),
        ("tok_threeDSecureRequiredChargeDeclined", None),
        ("tok_threeDSecureRequiredProcessingError", None),
        ("tok_authenticationRequiredOnSetup", None),
        ("tok_cvcCheckFail", None),
    ];
    for (token, expected) in table {
        let mut bench = Bench::new();
        let kept = bench.save_if("m1", token, true);
        assert_eq!(kept.err(), expected.map(Refusal::Declined), "{token}");
        assert_eq!(bench.network.saved_count(), usize::from(expected.is_none()), "{token}");
        // Unasked, it says nothing, and a no has left nothing behind.
        bench.save("m2", token).unwrap();
    }
    let mut bench = Bench::new();
    let old = Card { exp_year: 2020, ..Card::of_profile(Profile::named("visa").unwrap()) };
    let token = bench.token(old);
    let refused = Refusal::Declined(Decline::ExpiredCard);
    assert_eq!(bench.save_if("m1", &token, true), Err(refused));
    // A kept card is asked about again under another reference, and keeps its name.
    let kept = bench.save("m2", "tok_visa").unwrap();
    assert_eq!(bench.save_if("m2_1", &kept, true), Ok(kept.clone()));
    assert_eq!(bench.network.saved_count(), 1);
    assert_eq!(bench.charge("a1", &kept, true, false), "approved");
}
