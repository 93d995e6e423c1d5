//! The same request twice is one request.

use super::*;

fn capture(bench: &Bench, reference: &str, amount: i64) -> Move {
    Move {
        authorization: (*bench.network.authorization(AuthorizationIndex(0)).id).into(),
        reference: reference.into(),
        what: Wanted::Capture { amount, currency: Currency::USD, last: false },
    }
}

#[test]
fn an_authorization_is_made_once() {
    let mut bench = Bench::new();
    let first = bench.authorize(&wish("a1", "visa"));
    assert_eq!(first, Ok(AuthorizationIndex(0)));
    assert_eq!(bench.authorize(&wish("a1", "visa")), first);
    assert_eq!(bench.records.len(), 1);
    // The helper takes the reference for the key, so that this is the key with another body.
    let more = Authorize { amount: 12_001, ..wish("a1", "visa") };
    assert_eq!(bench.authorize(&more), Err(Refusal::KeyReused));
    let seed = bench.seed();
    let by_other_key = |bench: &Bench, wish: &Authorize| {
        let stamp = stamp("another", &format!("{wish:?}"));
        let change = bench.network.authorize(bench.now, wish, &stamp, &seed);
        change.map(|change| (change.answer, change.record.is_some()))
    };
    assert_eq!(by_other_key(&bench, &wish("a1", "visa")), Ok((AuthorizationIndex(0), false)));
    assert_eq!(by_other_key(&bench, &more), Err(Refusal::ReferenceInUse));
}

#[test]
fn a_movement_is_made_once() {
    let mut bench = Bench::new();
    bench.authorize(&wish("a1", "visa")).unwrap();
    let seven = capture(&bench, "c1", 7_000);
    let more = capture(&bench, "c1", 7_001);
    let other = capture(&bench, "c2", 7_000);
    let done = || Ok("succeeded 7000".to_owned());
    for (wish, key, expected) in [
        (&seven, "k1", done()),
        (&seven, "k1", done()),
        (&seven, "k2", done()),
        (&more, "k1", Err(Refusal::KeyReused)),
        (&more, "k3", Err(Refusal::ReferenceInUse)),
        (&other, "k1", Err(Refusal::KeyReused)),
        (&other, "k4", Ok("amount_too_large".to_owned())),
    ] {
        assert_eq!(bench.move_money(wish, key), expected, "{wish:?} {key}");
    }
    assert_eq!(bench.records.len(), 3);
    assert_eq!(bench.network.authorization(AuthorizationIndex(0)).sums.captured(), 7_000);
}

#[test]
fn a_refusal_is_final_for_its_reference() {
    let mut bench = Bench::new();
    bench.check(
        "
        authorize a1 visa USD 12000      -> approved
        refund r1 a1 USD 5000            -> amount_too_large
        capture c1 a1 USD 12000          -> succeeded 12000
        refund r1 a1 USD 5000            -> amount_too_large
        refund r2 a1 USD 5000            -> succeeded 5000
        ",
    );
    let records = bench.records.len();
    bench.check("refund r1 a1 USD 5000 -> amount_too_large");
    assert_eq!(bench.records.len(), records);
}

#[test]
fn kinds_do_not_share_references() {
    Bench::new().check(
        "
        authorize x visa USD 12000       -> approved
        capture x x USD 5000             -> succeeded 5000
        void x x 1000                    -> succeeded 1000
        refund x x USD 2000              -> succeeded 2000
        show x                           -> approved 5000 back 2000 released 1000 left 6000
        ",
    );
}

#[test]
fn a_key_belongs_to_one_kind_of_request() {
    let mut bench = Bench::new();
    let seed = bench.seed();
    let same = stamp("k", "same");
    let card = || Card::of_profile(Profile::named("visa").unwrap());
    let change = bench.network.issue_token(bench.now, card(), &same, &seed).unwrap();
    let token = bench.commit(change);
    let again = bench.network.issue_token(bench.now, card(), &same, &seed).unwrap();
    assert_eq!(again, Change::none(token));
    let wish = wish("a1", "visa");
    let authorized = bench.network.authorize(bench.now, &wish, &same, &seed);
    assert_eq!(authorized, Err(Refusal::KeyReused));
    bench.authorize(&wish).unwrap();
    let capture = capture(&bench, "c1", 1);
    let moved = bench.network.move_money(bench.now, &capture, &same, &seed);
    assert_eq!(moved, Err(Refusal::KeyReused));
}

#[test]
fn after_a_restart_the_same_request_has_the_same_answer() {
    let mut bench = Bench::new();
    let authorized = bench.authorize(&wish("a1", "refundFail"));
    let seven = capture(&bench, "c1", 7_000);
    let captured = bench.move_money(&seven, "k1");
    bench.check("refund r1 a1 USD 5000 -> succeeded 5000");
    bench.wait(Span::hours(1));
    bench.tick();
    let (before, records) = (bench.replayed(), bench.records.len());
    bench.network = before;
    assert_eq!(bench.authorize(&wish("a1", "refundFail")), authorized);
    assert_eq!(bench.move_money(&seven, "k1"), captured);
    assert_eq!(bench.records.len(), records);
    assert_eq!(bench.replayed(), bench.network);
}
