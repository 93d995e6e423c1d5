//! What cardholders of the disputing test cards do, and how their banks decide.

use super::super::dispute::{Answer, AnswerKind, Standing};
use super::*;

/// A payment of 120.00 with a card, captured, and what came of it a moment later.
fn captured(profile: &str) -> Bench {
    let mut bench = Bench::new();
    bench.check(&format!(
        "
        authorize a1 {profile} USD 12000 -> approved
        capture c1 a1 USD 7000           -> succeeded 7000
        tick                             ->
        "
    ));
    assert!(bench.network.authorization(AuthorizationIndex(0)).is_uncomplained(), "too early");
    bench.wait(Span::seconds(3));
    bench.tick();
    bench
}

fn status(bench: &Bench) -> &'static str {
    let of = bench.network.authorization(AuthorizationIndex(0));
    of.dispute.map_or("none", |index| bench.network.dispute(index).status())
}

fn answer(bench: &mut Bench, reference: &str, what: AnswerKind, text: &str) -> String {
    let of = bench.network.authorization(AuthorizationIndex(0));
    let dispute = of.dispute.map(|index| bench.network.dispute(index).id.clone());
    let dispute = dispute.as_deref().unwrap_or("sbd_none").into();
    let answer = Answer { dispute, reference: reference.into(), what, text: Some(text.into()) };
    let stamp = stamp(reference, &format!("{what:?} {text}"));
    match bench.network.answer_dispute(bench.now, &answer, &stamp) {
        Err(refusal) => format!("{refusal:?}"),
        Ok(change) => {
            let index = bench.commit(change);
            let refused = bench.network.answer(index).refused;
            refused.map_or(status(bench), |refusal| refusal.code()).to_owned()
        }
    }
}

#[test]
fn each_card_complains_as_it_is_published() {
    let table = [
        ("visa", "none", 0),
        ("createDispute", "needs_response", 7_000),
        ("createDisputeProductNotReceived", "needs_response", 7_000),
        ("createDisputeInquiry", "warning_needs_response", 0),
        ("createIssuerFraudRecord", "none", 0),
    ];
    for (profile, expected, disputed) in table {
        let bench = captured(profile);
        assert_eq!(status(&bench), expected, "{profile}");
        let of = bench.network.authorization(AuthorizationIndex(0));
        assert_eq!(of.sums.disputed(), disputed, "{profile}");
        assert_eq!(of.warning.is_some(), profile == "createIssuerFraudRecord");
        let account = bench.network.account(of.account());
        assert_eq!(account.owed, 7_000 - disputed, "{profile}");
        assert_eq!(bench.replayed(), bench.network, "{profile}");
    }
}

#[test]
fn banks_decide_by_the_text_and_by_their_clocks() {
    let (evidence, accept) = (AnswerKind::Evidence, AnswerKind::Accept);
    let table = [
        ("createDispute", Some((evidence, "winning_evidence")), "under_review", 3, "won", 0),
        ("createDispute", Some((evidence, "losing_evidence")), "under_review", 3, "lost", 7_000),
        ("createDispute", Some((evidence, "a photo")), "under_review", 61 * 86_400, "lost", 7_000),
        ("createDispute", Some((accept, "")), "lost", 1, "lost", 7_000),
        ("createDispute", None, "needs_response", 21 * 86_400, "lost", 7_000),
        (
            "createDisputeInquiry",
            Some((evidence, "x")),
            "warning_under_review",
            61 * 86_400,
            "warning_closed",
            0,
        ),
        ("createDisputeInquiry", Some((accept, "")), "warning_closed", 1, "warning_closed", 0),
        ("createDisputeInquiry", None, "warning_needs_response", 21 * 86_400, "warning_closed", 0),
    ];
    for (profile, answered, at_first, seconds, at_last, disputed) in table {
        let mut bench = captured(profile);
        if let Some((what, text)) = answered {
            assert_eq!(answer(&mut bench, "e1", what, text), at_first, "{profile} {answered:?}");
        }
        bench.tick();
        assert_eq!(status(&bench), at_first, "{profile} {answered:?}");
        bench.wait(Span::seconds(seconds));
        bench.tick();
        assert_eq!(status(&bench), at_last, "{profile} {answered:?}");
        let sums = bench.network.authorization(AuthorizationIndex(0)).sums;
        assert_eq!(sums.disputed(), disputed, "{profile} {answered:?}");
        assert_eq!(bench.replayed(), bench.network, "{profile} {answered:?}");
    }
}

#[test]
fn an_answer_is_taken_once_and_in_time() {
    let evidence = AnswerKind::Evidence;
    let mut bench = captured("createDispute");
    assert_eq!(answer(&mut bench, "e1", evidence, "a photo"), "under_review");
    let lines = bench.records.len();
    assert_eq!(answer(&mut bench, "e1", evidence, "a photo"), "under_review");
    assert_eq!(bench.records.len(), lines, "the same answer again is the same answer");
    assert_eq!(answer(&mut bench, "e1", evidence, "another"), "KeyReused");
    assert_eq!(answer(&mut bench, "e2", evidence, "more"), "response_not_awaited");

    let mut bench = captured("createDispute");
    bench.wait(Span::days(20));
    assert_eq!(answer(&mut bench, "e1", evidence, "a photo"), "response_too_late");
    let mut bench = captured("visa");
    assert_eq!(answer(&mut bench, "e1", evidence, "a photo"), "UnknownDispute");
}

#[test]
fn what_went_back_is_not_disputed_and_what_is_disputed_does_not_go_back() {
    let mut bench = Bench::new();
    bench.check(
        "
        authorize a1 createDispute USD 12000 -> approved
        capture c1 a1 USD 7000               -> succeeded 7000
        refund r1 a1 USD 7000                -> succeeded 7000
        wait 3 s                             ->
        tick                                 ->
        ",
    );
    assert_eq!(status(&bench), "none");
    let mut bench = captured("createDispute");
    bench.check("refund r1 a1 USD 1 -> amount_too_large");
    assert_eq!(answer(&mut bench, "e1", AnswerKind::Evidence, "winning_evidence"), "under_review");
    bench.wait(Span::seconds(3));
    bench.tick();
    bench.check("refund r2 a1 USD 7000 -> succeeded 7000");
    let index = bench.network.authorization(AuthorizationIndex(0)).dispute.unwrap();
    assert_eq!(bench.network.dispute(index).standing, Standing::Won);
}
