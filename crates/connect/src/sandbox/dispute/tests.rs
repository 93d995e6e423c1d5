#![allow(clippy::unwrap_used)]

use holdfast_core::dispute::command::LookCause;
use holdfast_core::dispute::{EvidenceField, ResponseKind};
use holdfast_core::id::IdSource;
use serde_json::{Value, json};

use super::super::tests::{GONE, faults, network, network_within, usd};
use super::*;
use crate::test_server::{Act, TestServer};

const OPENED: i64 = 1_795_176_000_000;
const DUE: i64 = 1_795_780_800_000;

fn look() -> ComplaintsRequest {
    let attempt = IdSource::new(OPENED, 1).make();
    ComplaintsRequest { attempt, cause: LookCause::Capture, tries: 0 }
}

fn respond(ask: Ask) -> RespondRequest {
    let mut evidence = Evidence::default();
    evidence.set(EvidenceField::UncategorizedText, Some("it was delivered".to_owned()));
    RespondRequest {
        dispute: IdSource::new(OPENED, 2).make(),
        number: 1,
        reference: "sbd_1".to_owned(),
        kind: ResponseKind::Evidence,
        evidence,
        ask,
    }
}

fn dispute(id: &str) -> Value {
    json!({
        "id": id, "authorization": "sba_1", "status": "needs_response", "amount": 1000,
        "withdrawn": 1000, "currency": "usd", "reason": "fraudulent", "network_code": "10.4",
        "revision": 1, "opened_at": OPENED, "changes_by": DUE
    })
}

fn raised(reference: &str) -> String {
    let warning = json!({"id": "sbw_1", "fraud_type": "misc"});
    json!({"reference": reference, "disputes": [dispute("sbd_1")], "warnings": [warning]})
        .to_string()
}

fn taken(dispute: &Value) -> String {
    json!({"reference": respond(Ask::First).own_reference(), "dispute": dispute}).to_string()
}

fn report() -> DisputeReport {
    DisputeReport {
        reference: "sbd_1".to_owned(),
        amount: usd(1_000),
        withdrawn: usd(1_000),
        reason: "fraudulent".to_owned(),
        network_code: Some("10.4".to_owned()),
        revision: 1,
        opened_at: Timestamp::from_ms(OPENED),
        state: DisputeState::NeedsResponse { due_by: Timestamp::from_ms(DUE) },
    }
}

#[tokio::test]
async fn looks_for_disputes_survive_every_fault() {
    let reference = look().attempt.to_string();
    let warning = WarningReport { reference: "sbw_1".to_owned(), fraud_type: "misc".to_owned() };
    let known = Complaints { disputes: vec![report()], warnings: vec![warning] };
    let known = ComplaintsOutcome::Known(known);
    for (name, act, is_yes) in faults(&raised(&reference), &raised("another")) {
        let server = TestServer::start([act.clone()]).await;
        let outcome = network_within(act.deadline(), &server.origin()).complaints(&look()).await;
        let expected = if is_yes { known.clone() } else { ComplaintsOutcome::Unknown };
        assert_eq!(outcome, expected, "{name}");
        let line = format!("GET /network/disputes?reference={reference}");
        assert_eq!(server.lines(), [line], "{name}");
    }
}

#[tokio::test]
async fn responses_survive_every_fault() {
    let (yes, wrong) = (taken(&dispute("sbd_1")), taken(&dispute("sbd_2")));
    let done = ResponseOutcome::Taken(report());
    for (name, act, is_yes) in faults(&yes, &wrong) {
        let deadline = act.deadline();
        let server = TestServer::start([act, Act::Answer(200, yes.clone())]).await;
        let first = network_within(deadline, &server.origin()).respond(&respond(Ask::First)).await;
        let expected = if is_yes { done.clone() } else { ResponseOutcome::Unknown };
        assert_eq!(first, expected, "{name}");
        assert_eq!(server.lines(), ["POST /network/disputes/sbd_1/answers"], "{name}");
        if !is_yes {
            let again = network(&server.origin()).respond(&respond(Ask::Again)).await;
            assert_eq!(again, done, "{name}");
            let reference = respond(Ask::Again).own_reference();
            let line = format!("GET /network/dispute_answers?reference={reference}");
            assert_eq!(server.lines()[1..], [line], "{name}: what was received is not sent again");
        }
    }
}

#[tokio::test]
async fn a_faulty_look_at_a_response_sends_nothing() {
    let (yes, wrong) = (taken(&dispute("sbd_1")), taken(&dispute("sbd_2")));
    for (name, act, is_yes) in faults(&yes, &wrong) {
        for ask in [Ask::Again, Ask::Look] {
            let server = TestServer::start([act.clone()]).await;
            let network = network_within(act.deadline(), &server.origin());
            let outcome = network.respond(&respond(ask)).await;
            assert_eq!(matches!(outcome, ResponseOutcome::Taken(_)), is_yes, "{name} {ask:?}");
            assert_eq!(outcome == ResponseOutcome::Unknown, !is_yes, "{name} {ask:?}");
            assert!(server.lines().iter().all(|line| line.starts_with("GET")), "{name} {ask:?}");
        }
    }
}

#[tokio::test]
async fn a_response_that_never_arrived_is_sent_again_under_its_key() {
    let yes = taken(&dispute("sbd_1"));
    let server =
        TestServer::start([Act::Answer(404, GONE.to_owned()), Act::Answer(200, yes)]).await;
    let outcome = network(&server.origin()).respond(&respond(Ask::Again)).await;
    assert_eq!(outcome, ResponseOutcome::Taken(report()));
    let reference = respond(Ask::Again).own_reference();
    let post = &server.seen()[1];
    assert_eq!(post.header("idempotency-key"), Some(&*reference.to_lowercase()));
    let body: Value = serde_json::from_str(&post.body).unwrap();
    let evidence = json!({"uncategorized_text": "it was delivered"});
    let expected = json!({"reference": reference, "kind": "evidence", "evidence": evidence});
    assert_eq!(body, expected);
}

#[tokio::test]
async fn a_response_is_refused_only_by_the_network_itself() {
    let coded = r#"{"error":{"code":"dispute_closed","message":"x"}}"#;
    let refused = ResponseOutcome::Refused { code: "dispute_closed".to_owned() };
    let table = [
        (402, coded, refused),
        (402, "<html>Payment Required</html>", ResponseOutcome::Unknown),
        (402, "", ResponseOutcome::Unknown),
        (400, coded, ResponseOutcome::Unknown),
        (404, coded, ResponseOutcome::Unknown),
    ];
    for (status, body, expected) in table {
        for ask in [Ask::First, Ask::Again, Ask::Look] {
            let server = TestServer::start([Act::Answer(status, body.to_owned())]).await;
            let outcome = network(&server.origin()).respond(&respond(ask)).await;
            assert_eq!(outcome, expected, "{status} {body} {ask:?}");
            assert_eq!(server.lines().len(), 1, "{status} {body} {ask:?}");
        }
    }
}

#[tokio::test]
async fn without_a_connection_only_a_first_response_was_never_sent() {
    let network = network(&format!("http://{}", TestServer::nobody().await));
    let table = [
        (Ask::First, ResponseOutcome::NeverSent),
        (Ask::Again, ResponseOutcome::Unknown),
        (Ask::Look, ResponseOutcome::Unknown),
    ];
    for (ask, expected) in table {
        assert_eq!(network.respond(&respond(ask)).await, expected, "{ask:?}");
    }
    assert_eq!(network.complaints(&look()).await, ComplaintsOutcome::Unknown);
}

#[test]
fn what_cannot_be_a_dispute_says_nothing() {
    let changes: [(&str, Value); 9] = [
        ("id", json!("")),
        ("id", json!("../x")),
        ("status", json!("settled")),
        ("amount", json!(10.5)),
        ("currency", json!("xxy")),
        ("reason", json!("<b>")),
        ("revision", json!(-1)),
        ("opened_at", json!("now")),
        // A deadline that nobody knows cannot be waited for.
        ("changes_by", Value::Null),
    ];
    let read = |object: &Value| {
        serde_json::from_value::<DisputeObject>(object.clone()).ok().and_then(super::report)
    };
    assert_eq!(read(&dispute("sbd_1")), Some(report()));
    for (field, value) in changes {
        let mut object = dispute("sbd_1");
        object[field] = value.clone();
        assert_eq!(read(&object), None, "{field} {value}");
    }
    let mut object = dispute("sbd_1");
    object["network_code"] = json!("<10.4>");
    assert_eq!(read(&object).unwrap().network_code, None);
}

#[test]
fn every_word_for_a_state_is_understood() {
    let (at, by) = (Timestamp::from_ms(OPENED), Timestamp::from_ms(DUE));
    let table = [
        ("warning_needs_response", DisputeState::WarningNeedsResponse { due_by: by }),
        ("warning_under_review", DisputeState::WarningUnderReview { until: by }),
        ("warning_closed", DisputeState::WarningClosed { at }),
        ("needs_response", DisputeState::NeedsResponse { due_by: by }),
        ("under_review", DisputeState::UnderReview { until: by }),
        ("won", DisputeState::Won { at }),
        ("lost", DisputeState::Lost { at }),
        ("prevented", DisputeState::Prevented { at }),
        ("appeal_needs_response", DisputeState::AppealNeedsResponse { due_by: by }),
        ("appeal_under_review", DisputeState::AppealUnderReview { until: by }),
    ];
    for (word, expected) in table {
        let mut object = dispute("sbd_1");
        object["status"] = json!(word);
        let object: DisputeObject = serde_json::from_value(object).unwrap();
        assert_eq!(super::report(object).map(|report| report.state), Some(expected), "{word}");
    }
}
