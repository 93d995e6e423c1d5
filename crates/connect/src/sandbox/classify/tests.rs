#![allow(clippy::unwrap_used)]

use holdfast_core::effect::{Ask, CaptureRequest, HoldChange, HoldOf, HoldRequest, RefundRequest};
use holdfast_core::id::{IdSource, RefundId};
use holdfast_core::payment::card::CardToken;
use holdfast_core::payment::refund::RefundMethod;

use super::*;

const EXPIRES_AT: i64 = 1_795_780_800_000;

fn usd(minor: i64) -> Money {
    Money::new(minor, Currency::USD)
}

fn authorize_request() -> AuthorizeRequest {
    AuthorizeRequest {
        attempt: IdSource::new(1, 1).make(),
        token: CardToken::new("tok_visa".to_owned()),
        amount: usd(1_000),
        return_url: None,
        descriptor: "BAZAAR".to_owned(),
        three_d_secure: Default::default(),
        off_session: false,
        save: false,
        incremental: false,
        moto: false,
        network: None,
        capture: None,
        ask: Ask::First,
    }
}

/// An authorization as the network writes it. `REF` stands for the reference.
const APPROVED: &str = r#"{"id":"sba_1","reference":"REF","status":"approved","amount":1000,
    "currency":"usd","captured":0,"refunded":0,"released":0,"created_at":1795176000000,
    "expires_at":1795780800000,"captures_max":50,"authorization_code":"A1B2C3",
    "card":{"brand":"visa","last4":"4242","exp_month":12,"exp_year":2034,"funding":"credit",
    "country":"US","cvc_check":"pass","address_line1_check":"pass",
    "address_postal_code_check":"unchecked"},"decline":null,"challenge":null,
    "authentication":null}"#;

/// A movement as the network writes it. `REF` and `KIND` stand for the question's.
const MOVED: &str = r#"{"id":"sbp_1","reference":"REF","authorization":"sba_1","kind":"KIND",
    "status":"succeeded","amount":1000,"currency":"usd","created_at":1795176000000,
    "failure_code":null}"#;

fn answered(how: How, status: u16, body: &str) -> Heard {
    Heard { how, answer: Ok(Answer { status, body: body.as_bytes().to_vec() }) }
}

/// `base` with each of the changes `old=>new` made, each of which must apply.
fn changed(base: &str, changes: &[(&str, &str)]) -> String {
    changes.iter().fold(base.to_owned(), |body, (old, new)| {
        assert!(body.contains(old), "{old} is not there");
        body.replace(old, new)
    })
}

/// An outcome in one line.
fn told(outcome: Result<AuthorizationOutcome, Doubt>) -> String {
    match outcome {
        Ok(AuthorizationOutcome::Approved { authorization, capture, card }) => {
            assert_eq!(authorization.expires_at, Timestamp::from_ms(EXPIRES_AT));
            assert_eq!(authorization.amount, usd(1_000));
            assert_eq!(authorization.left(), Ok(usd(1_000)));
            let taken = capture.map(|name| format!(" taken {name}")).unwrap_or_default();
            format!("approved {} {}{taken}", authorization.reference, card.last4)
        }
        Ok(AuthorizationOutcome::Declined { decline, card }) => {
            let known = if card.is_some() { "card" } else { "no card" };
            let reason = decline.decline_code.unwrap_or_default();
            format!("declined {} {reason} {known}", decline.code)
        }
        Ok(AuthorizationOutcome::Challenged { challenge, card }) => {
            format!("challenged {} {} {}", challenge.url, challenge.expires_at.ms(), card.brand)
        }
        Ok(AuthorizationOutcome::Pending { card }) => format!("pending {}", card.brand),
        Ok(AuthorizationOutcome::NotFound) => "not found".to_owned(),
        Ok(AuthorizationOutcome::NeverSent) => "never sent".to_owned(),
        Ok(AuthorizationOutcome::Unknown) => panic!("a doubt has a reason"),
        Err(doubt) => format!("? {doubt}"),
    }
}

/// The answer in the table's words, and what it certainly says.
type Row<'a> = (&'a [(&'a str, &'a str)], &'a str);

#[test]
fn authorizations_are_what_the_network_certainly_says() {
    let declined = ("\"status\":\"approved\"", "\"status\":\"declined\"");
    let challenge = ("\"status\":\"approved\"", "\"status\":\"challenge\"");
    let voided = ("\"status\":\"approved\"", "\"status\":\"voided\"");
    let expired = ("\"status\":\"approved\"", "\"status\":\"expired\"");
    let funds = r#""decline":{"code":"card_declined","decline_code":"insufficient_funds",
        "advice":"try_again_later","network_code":"51"}"#;
    let page = r#""challenge":{"url":"http://127.0.0.1:4004/challenge/c1",
        "expires_at":1795176600000,"flow":"otp"}"#;
    let script = r#""challenge":{"url":"javascript:alert(1)","expires_at":1,"flow":"otp"}"#;
    let unreadable = "? not the object that was asked for";
    let used = "? money was moved under it already";
    let table: &[Row<'_>] = &[
        (&[], "approved sba_1 4242"),
        (&[("\"usd\"", "\"USD\"")], "approved sba_1 4242"),
        (&[("\"authentication\":null", "\"new_field\":[1,2]")], "approved sba_1 4242"),
        (&[("\"A1B2C3\"", "null")], "approved sba_1 4242"),
        (&[("\"US\"", "null")], "approved sba_1 4242"),
        (&[("\"visa\"", "\"A New Brand!\"")], "approved sba_1 4242"),
        // Declines.
        (&[declined], "declined card_declined generic_decline card"),
        (
            &[declined, ("\"decline\":null", funds)],
            "declined card_declined insufficient_funds card",
        ),
        // Challenges.
        (&[challenge], unreadable),
        (&[challenge, ("\"challenge\":null", script)], unreadable),
        (
            &[challenge, ("\"challenge\":null", page)],
            "challenged http://127.0.0.1:4004/challenge/c1 1795176600000 visa",
        ),
        // Holds that are over, and holds that somebody used.
        (&[voided, ("\"released\":0", "\"released\":1000")], "declined processing_error  card"),
        (&[expired, ("\"released\":0", "\"released\":1000")], "declined processing_error  card"),
        (&[expired, ("\"captured\":0", "\"captured\":1")], used),
        (&[voided, ("\"refunded\":0", "\"refunded\":1")], used),
        (&[("\"captured\":0", "\"captured\":1000")], used),
        (&[("\"released\":0", "\"released\":1")], used),
    ];
    hold(table);
}

#[test]
fn what_belongs_to_something_else_or_cannot_be_read_says_nothing() {
    let declined = ("\"status\":\"approved\"", "\"status\":\"declined\"");
    let unreadable = "? not the object that was asked for";
    let table: &[Row<'_>] = &[
        // It belongs to something else.
        (
            &[("\"reference\":\"REF", "\"reference\":\"ch_other")],
            "? another reference than was asked for",
        ),
        (&[("1000,", "1001,")], "? another amount than was asked for"),
        (&[("1000,", "-1000,")], "? another amount than was asked for"),
        (&[("\"usd\"", "\"eur\"")], "? another currency than was asked for"),
        (&[("\"usd\"", "\"xxx\"")], "? another currency than was asked for"),
        (&[declined, ("1000,", "1001,")], "? another amount than was asked for"),
        // It cannot be read.
        (&[("1000,", "1000.0,")], unreadable),
        (&[("1000,", "\"1000\",")], unreadable),
        (&[("1000,", "NaN,")], unreadable),
        (&[("1000,", "99999999999999999999,")], unreadable),
        (&[("1000,", "1000,\"amount\":1000,")], unreadable),
        (&[("\"amount\":1000,", "")], unreadable),
        (&[("\"id\":\"sba_1\"", "\"id\":\"\"")], unreadable),
        (&[("\"id\":\"sba_1\"", "\"id\":\"../sba_1\"")], unreadable),
        (&[("\"approved\"", "\"perhaps\"")], unreadable),
        (&[("\"approved\"", "null")], unreadable),
        (&[("\"4242\"", "\"4242424242424242\"")], unreadable),
        (&[("\"exp_month\":12", "\"exp_month\":13")], unreadable),
        (&[("\"exp_year\":2034", "\"exp_year\":34")], unreadable),
        (&[("\"captures_max\":50", "\"captures_max\":0")], unreadable),
        (&[("\"A1B2C3\"", "\"<script>\"")], unreadable),
        (&[("\"authentication\":null}", "\"authentication\":null")], unreadable),
        (&[("\"authentication\":null}", "\"authentication\":null}}")], unreadable),
    ];
    hold(table);
}

#[test]
fn a_capture_comes_with_an_approval_when_all_of_it_says_so() {
    let capture = Some(IdSource::new(1, 7).make());
    let request = AuthorizeRequest { capture, ..authorize_request() };
    let name = request.capture.unwrap().to_string();
    let with = |old: &str, new: &str| {
        let moved = MOVED.replace("REF", &name).replace("KIND", "capture");
        format!("\"capture\":{},\"challenge\":null", changed(&moved, &[(old, new)]))
    };
    let as_it_is = with("sbp_1", "sbp_1");
    let all = ("\"captured\":0", "\"captured\":1000");
    let none = "\"challenge\":null";
    let unreadable = "? not the object that was asked for";
    let used = "? money was moved under it already";
    let table: &[(&[(&str, &str)], &str)] = &[
        (&[all, (none, &as_it_is)], "approved sba_1 4242 taken sbp_1"),
        (&[], "approved sba_1 4242"),
        (&[(none, &with("succeeded", "failed"))], "approved sba_1 4242"),
        // What was asked for and what is said do not fit.
        (&[(none, &as_it_is)], used),
        (&[all], used),
        (&[all, (none, &as_it_is), ("\"refunded\":0", "\"refunded\":1")], used),
        (&[("\"captured\":0", "\"captured\":999"), (none, &as_it_is)], used),
        (&[all, (none, &with("succeeded", "failed"))], used),
        (&[all, (none, &with("succeeded", "pending"))], "? not decided yet"),
        (&[all, (none, &with(&name, "cap_1"))], "? another reference than was asked for"),
        (&[all, (none, &with("sba_1", "sba_2"))], "? another authorization than was asked for"),
        (&[all, (none, &with("\"capture\"", "\"void\""))], "? another kind than was asked for"),
        (&[all, (none, &with("1000", "999"))], "? another amount than was asked for"),
        (&[all, (none, &with("usd", "eur"))], "? another currency than was asked for"),
        (&[all, (none, &with("sbp_1", "../sbp_1"))], unreadable),
        (&[all, (none, "\"capture\":1,\"challenge\":null")], unreadable),
    ];
    hold_of(&request, table);
    // Nobody asked for it.
    hold(&[(&[all, (none, &as_it_is)], used)]);
    let question = Question::authorization(&request);
    let body: serde_json::Value = serde_json::from_slice(&question.body).unwrap();
    assert_eq!(body["capture"], name);
}

fn hold(table: &[Row<'_>]) {
    hold_of(&authorize_request(), table);
}

fn hold_of(request: &AuthorizeRequest, table: &[Row<'_>]) {
    for (changes, expected) in table {
        let body = changed(APPROVED, changes).replace("REF", &request.attempt.to_string());
        for (how, status) in [(How::Sent, 200), (How::SentAgain, 201), (How::Looked, 200)] {
            let outcome = authorization(request, &answered(how, status, &body));
            assert_eq!(told(outcome), *expected, "{changes:?} {how:?}");
        }
    }
}

#[test]
fn statuses_are_what_they_prove() {
    const GONE: &str = r#"{"error":{"code":"unknown_reference","message":"never received"}}"#;
    const TOKEN: &str = r#"{"error":{"code":"token_already_used","message":"x"}}"#;
    const ODD: &str = r#"{"error":{"code":"<b>Odd!</b>"}}"#;
    const HTML: &str = "<html><body>502</body></html>";
    let unreadable = "? not the object that was asked for";
    let table = [
        (How::Looked, 404, GONE, "not found"),
        (How::Looked, 404, HTML, "? status 404"),
        (How::Looked, 404, TOKEN, "? status 404"),
        (How::Looked, 402, TOKEN, "? status 402"),
        (How::Looked, 410, GONE, "? status 410"),
        (How::Looked, 200, GONE, unreadable),
        (How::Sent, 404, GONE, "? status 404"),
        (How::SentAgain, 404, GONE, "? status 404"),
        (How::Sent, 402, TOKEN, "declined token_already_used  no card"),
        (How::SentAgain, 402, TOKEN, "declined token_already_used  no card"),
        (How::Sent, 402, ODD, "declined processing_error  no card"),
        (How::Sent, 402, HTML, unreadable),
        (How::Sent, 402, "", unreadable),
        (How::Sent, 200, "", unreadable),
        (How::Sent, 200, HTML, unreadable),
        (How::Sent, 204, "", unreadable),
        (How::Sent, 200, "null", unreadable),
        (How::Sent, 200, "[]", unreadable),
        (How::Sent, 100, "", "? status 100"),
        (How::Sent, 302, "", "? status 302"),
        (How::Sent, 400, TOKEN, "? status 400"),
        (How::Sent, 401, TOKEN, "? status 401"),
        (How::Sent, 403, HTML, "? status 403"),
        (How::Sent, 408, "", "? status 408"),
        (How::Sent, 409, TOKEN, "? status 409"),
        (How::Sent, 429, TOKEN, "? status 429"),
        (How::Sent, 500, TOKEN, "? status 500"),
        (How::Sent, 502, HTML, "? status 502"),
        (How::Sent, 503, "", "? status 503"),
        (How::Sent, 504, HTML, "? status 504"),
    ];
    let request = authorize_request();
    for (how, status, body, expected) in table {
        let outcome = authorization(&request, &answered(how, status, body));
        assert_eq!(told(outcome), expected, "{how:?} {status} {body}");
    }
    // A body that would be a yes is none under another status.
    let body = APPROVED.replace("REF", &request.attempt.to_string());
    for status in [301, 402, 404, 409, 500] {
        let outcome = authorization(&request, &answered(How::Sent, status, &body));
        assert!(outcome.is_err(), "{status}");
    }
}

#[test]
fn only_the_first_request_can_be_one_that_never_left() {
    let no_answer = "? no answer, or not all of it";
    for (how, lost, expected) in [
        (How::Sent, Lost::NeverSent, "never sent"),
        (How::SentAgain, Lost::NeverSent, no_answer),
        (How::Looked, Lost::NeverSent, no_answer),
        (How::Sent, Lost::NoAnswer, no_answer),
        (How::SentAgain, Lost::NoAnswer, no_answer),
        (How::Looked, Lost::NoAnswer, no_answer),
    ] {
        let heard = Heard { how, answer: Err(lost) };
        assert_eq!(told(authorization(&authorize_request(), &heard)), expected, "{how:?}");
    }
}

fn moved(outcome: Result<AskedOutcome, Doubt>) -> String {
    match outcome {
        Ok(AskedOutcome::Succeeded { reference }) => format!("succeeded {reference}"),
        Ok(AskedOutcome::Failed { code }) => format!("failed {code}"),
        Ok(AskedOutcome::NeverSent) => "never sent".to_owned(),
        Ok(AskedOutcome::Unknown) => panic!("a doubt has a reason"),
        Err(doubt) => format!("? {doubt}"),
    }
}

#[test]
fn movements_are_what_the_network_certainly_says() {
    let failed = ("\"succeeded\"", "\"failed\"");
    let unreadable = "? not the object that was asked for";
    let table: &[(&[(&str, &str)], &str)] = &[
        (&[], "succeeded sbp_1"),
        (&[("\"usd\"", "\"USD\"")], "succeeded sbp_1"),
        (&[("\"failure_code\":null", "\"more\":{}")], "succeeded sbp_1"),
        (
            &[("\"reference\":\"REF", "\"reference\":\"re_other")],
            "? another reference than was asked for",
        ),
        (&[("\"KIND\"", "\"payout\"")], "? another kind than was asked for"),
        (&[("\"sba_1\"", "\"sba_2\"")], "? another authorization than was asked for"),
        (&[("1000,", "1001,")], "? another amount than was asked for"),
        (&[("1000,", "0,")], "? another amount than was asked for"),
        (&[("\"usd\"", "\"kwd\"")], "? another currency than was asked for"),
        (&[failed, ("1000,", "999,")], "? another amount than was asked for"),
        (&[("\"sbp_1\"", "\"sbp/1\"")], unreadable),
        (&[("\"succeeded\"", "\"reversed\"")], unreadable),
        (&[("1000,", "1e3,")], unreadable),
        (&[("\"amount\":1000,", "")], unreadable),
        (&[("\"succeeded\"", "\"pending\"")], "? not decided yet"),
        (&[failed], "failed processing_error"),
        (&[failed, ("_code\":null", "_code\":\"already_voided\"")], "failed already_voided"),
        (&[failed, ("_code\":null", "_code\":\"No, sir!\"")], "failed processing_error"),
    ];
    for question in
        [&capture(), &raise(), &give_back(RefundMethod::Reversal), &give_back(RefundMethod::Return)]
    {
        for (changes, expected) in table {
            let body = changed(MOVED, changes);
            let body = body.replace("REF", &question.reference);
            let body = body.replace("KIND", question.kind.name());
            for how in [How::Sent, How::SentAgain, How::Looked] {
                let outcome = moved(movement(question, &answered(how, 200, &body)));
                assert_eq!(outcome, *expected, "{changes:?} {how:?}");
            }
        }
    }
}

#[test]
fn refused_movements_are_final_and_nothing_else_is() {
    const GONE: &str = r#"{"error":{"code":"unknown_reference"}}"#;
    const LARGE: &str = r#"{"error":{"code":"amount_too_large","message":"Ask Bob: 555-0100"}}"#;
    const ODD: &str = r#"{"error":{"code":"Ask Bob"}}"#;
    for (how, status, body, expected) in [
        (How::Sent, 402, LARGE, "failed amount_too_large"),
        (How::SentAgain, 402, LARGE, "failed amount_too_large"),
        (How::Sent, 402, ODD, "failed processing_error"),
        (How::Sent, 402, "Payment Required", "? not the object that was asked for"),
        (How::Looked, 402, LARGE, "? status 402"),
        (How::Looked, 404, GONE, "? never received"),
        (How::Looked, 404, "", "? status 404"),
        (How::Sent, 404, r#"{"error":{"code":"unknown_authorization"}}"#, "? status 404"),
        (How::Sent, 400, LARGE, "? status 400"),
        (How::Sent, 409, LARGE, "? status 409"),
        (How::Sent, 500, LARGE, "? status 500"),
    ] {
        let outcome = moved(movement(&capture(), &answered(how, status, body)));
        assert_eq!(outcome, expected, "{how:?} {status} {body}");
    }
    let never = |how| moved(movement(&capture(), &Heard { how, answer: Err(Lost::NeverSent) }));
    assert_eq!(never(How::Sent), "never sent");
    assert_eq!(never(How::SentAgain), "? no answer, or not all of it");
}

#[test]
fn the_card_is_told_in_known_words() {
    let object = |brand: &str, funding: &str, country: Option<&str>, check: &str| CardObject {
        brand: brand.to_owned(),
        last4: "4242".to_owned(),
        exp_month: 1,
        exp_year: 2030,
        funding: funding.to_owned(),
        country: country.map(str::to_owned),
        fingerprint: None,
        co_brand: None,
        cvc_check: check.to_owned(),
    };
    let pass = CardCheck::Pass;
    for (given, brand, funding, country, check) in [
        (object("visa", "debit", Some("DE"), "pass"), "visa", "debit", Some("DE"), pass),
        (object("amex", "", None, "fail"), "amex", "unknown", None, CardCheck::Fail),
        (object("<b>", "free", Some("de"), "x"), "unknown", "unknown", None, CardCheck::Unchecked),
        (
            object("", "credit", Some("USA"), "unavailable"),
            "unknown",
            "credit",
            None,
            CardCheck::Unavailable,
        ),
    ] {
        let told = card(&given).unwrap();
        assert_eq!((&*told.brand, &*told.funding), (brand, funding));
        assert_eq!((told.country.as_deref(), told.cvc_check), (country, check));
    }
}

#[test]
fn a_clock_that_is_further_already_is_where_it_should_be() {
    let answer = |status, code| Answer {
        status,
        body: format!(r#"{{"error":{{"code":"{code}"}}}}"#).into_bytes(),
    };
    assert!(is_clock_ahead(&answer(400, "clock_backwards")));
    assert!(!is_clock_ahead(&answer(400, "invalid_parameter")));
    assert!(!is_clock_ahead(&answer(500, "clock_backwards")));
}

fn capture() -> Question<'static> {
    let request = CaptureRequest {
        capture: IdSource::new(1, 2).make(),
        authorization: "sba_1".to_owned(),
        amount: usd(1_000),
        ask: Ask::First,
    };
    Question { authorization: Some("sba_1"), ..owned(Question::capture(&request)) }
}

fn raise() -> Question<'static> {
    let request = HoldRequest {
        attempt: HoldOf::Payment(IdSource::new(1, 1).make()),
        authorization: "sba_1".to_owned(),
        amount: usd(1_000),
        change: HoldChange::Raise(IdSource::new(1, 4).make()),
        ask: Ask::First,
    };
    Question { authorization: Some("sba_1"), ..owned(Question::hold(&request)) }
}

fn give_back(method: RefundMethod) -> Question<'static> {
    let refund: RefundId = IdSource::new(1, 3).make();
    let (amount, authorization) = (usd(1_000), "sba_1".to_owned());
    let request = RefundRequest { refund, authorization, amount, method, ask: Ask::First };
    Question { authorization: Some("sba_1"), ..owned(Question::refund(&request)) }
}

fn owned(question: Question<'_>) -> Question<'static> {
    let Question { kind, reference, amount, body, .. } = question;
    Question { kind, reference, authorization: None, amount, body }
}

/// A payout as the bank writes it. `REF` stands for the question's.
const PAID_OUT: &str = r#"{"id":"sbo_1","reference":"REF","kind":"payout","status":"paid",
    "amount":1000,"currency":"usd","method":"instant","created_at":1795176000000,
    "arrives_at":1795177800000,"failure_code":null}"#;

#[test]
fn what_the_bank_says_of_a_payout() {
    let request = holdfast_core::effect::PayoutRequest {
        payout: IdSource::new(1, 4).make(),
        amount: usd(1_000),
        method: holdfast_core::payout::PayoutMethod::Instant,
        account: holdfast_core::bank::BankBehaviour::Pays,
        ask: Ask::First,
    };
    let question = Question::payout(&request);
    let reference = request.payout.to_string();
    let said = |how: How, status: u16, changes: &[(&str, &str)]| {
        let body = changed(PAID_OUT, &[("REF", &reference)]);
        payout(&question, &answered(how, status, &changed(&body, changes)))
    };
    let paid = PayoutOutcome::Paid { reference: "sbo_1".to_owned() };
    let failed = |code: &str| PayoutOutcome::Failed { code: code.to_owned() };
    let accepted = PayoutOutcome::Accepted {
        reference: "sbo_1".to_owned(),
        arrives_at: Timestamp::from_ms(1_795_177_800_000),
    };
    let failure = ("\"failure_code\":null", "\"failure_code\":\"no_account\"");
    let table = [
        (How::Sent, 200, vec![], Ok(paid)),
        (How::Looked, 200, vec![("\"paid\"", "\"pending\"")], Ok(accepted)),
        (How::Looked, 200, vec![("\"paid\"", "\"failed\""), failure], Ok(failed("no_account"))),
        (How::Looked, 200, vec![("\"paid\"", "\"failed\"")], Ok(failed("processing_error"))),
        (How::Sent, 200, vec![("1000,", "1001,")], Err(Doubt::Other("amount"))),
        (How::Sent, 200, vec![("usd", "eur")], Err(Doubt::Other("currency"))),
        (How::Sent, 200, vec![("\"payout\"", "\"refund\"")], Err(Doubt::Other("kind"))),
        (How::Sent, 200, vec![("sbo_1", "../1")], Err(Doubt::Unreadable)),
        (How::Sent, 200, vec![("\"paid\"", "\"lost\"")], Err(Doubt::Unreadable)),
        (How::Sent, 500, vec![], Err(Doubt::Status(500))),
    ];
    for (how, status, changes, expected) in table {
        assert_eq!(said(how, status, &changes), expected, "{how:?} {status} {changes:?}");
    }
    let other = changed(PAID_OUT, &[("REF", "po_other")]);
    let heard = answered(How::Sent, 200, &other);
    assert_eq!(payout(&question, &heard), Err(Doubt::Other("reference")));
    let gone = r#"{"error":{"code":"unknown_reference","message":"x"}}"#;
    assert_eq!(payout(&question, &answered(How::Looked, 404, gone)), Err(Doubt::NotReceived));
    let never = Heard { how: How::Sent, answer: Err(Lost::NeverSent) };
    assert_eq!(payout(&question, &never), Ok(PayoutOutcome::NeverSent));
}
