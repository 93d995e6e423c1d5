//! The cardholder is asked.

use super::super::challenge::{ChallengeResult, Waiting};
use super::super::history::{HAPPENINGS_MAX, MESSAGES_MAX};
use super::super::record::ChallengeEnded;
use super::*;

fn asked() -> (Bench, AuthorizationIndex) {
    let mut bench = Bench::new();
    let index = bench.authorize(&wish("a1", "threeDSecureRequired")).unwrap();
    assert_eq!(bench.outcome(index), "challenge");
    (bench, index)
}

fn other(code: &str) -> String {
    let number: u32 = code.parse().unwrap();
    format!("{:06}", (number + 1) % 1_000_000)
}

fn waiting(bench: &Bench, index: AuthorizationIndex) -> &Waiting {
    match bench.challenge(index) {
        Progress::Waiting(waiting) => waiting,
        Progress::Ended(result) => panic!("it has ended: {result:?}"),
    }
}

#[test]
fn the_first_code_comes_by_text_message() {
    let (bench, index) = asked();
    let message = bench.network.messages().next().unwrap();
    assert_eq!(message.channel, Channel::Phone);
    assert_eq!(message.to.address(Channel::Phone), "+1 202 555 0120");
    assert_eq!(&*message.reference, "a1");
    assert_eq!((message.amount, message.currency), (12_000, Currency::USD));
    assert_eq!(message.issuer, "Bank of Amber");
    assert_eq!(message.code.len(), 6);
    let id = bench.network.authorization(index).challenge.as_ref().unwrap().id.clone();
    assert_eq!(bench.network.challenged(&id), Some(index));
    assert_eq!(id.len(), 36);
}

#[test]
fn the_right_code_passes_once() {
    let (mut bench, index) = asked();
    let code = bench.code();
    assert_eq!(bench.try_code(index, &code), Answered::Over);
    assert_eq!(bench.outcome(index), "approved");
    assert_eq!(bench.challenge(index), &Progress::Ended(ChallengeResult::Passed));
    let records = bench.records.len();
    assert_eq!(bench.try_code(index, &code), Answered::Over);
    assert_eq!(bench.try_code(index, "000000"), Answered::Over);
    assert_eq!(bench.send_code(index, Channel::Phone), Answered::Over);
    let change = bench.network.cancel_challenge(bench.now, index);
    assert_eq!(bench.commit(change), Answered::Over);
    assert_eq!(bench.records.len(), records);
    assert_eq!(bench.outcome(index), "approved");
}

#[test]
fn the_fifth_wrong_code_fails_for_good() {
    let (mut bench, index) = asked();
    let right = bench.code();
    let wrong = other(&right);
    for left in [4, 3, 2, 1] {
        assert_eq!(bench.try_code(index, &wrong), Answered::Wrong);
        assert_eq!(waiting(&bench, index).tries_left(), left);
        assert!(waiting(&bench, index).just_wrong);
    }
    assert_eq!(bench.try_code(index, &wrong), Answered::Over);
    assert_eq!(bench.challenge(index), &Progress::Ended(ChallengeResult::Failed));
    assert_eq!(bench.try_code(index, &right), Answered::Over);
    assert_eq!(bench.outcome(index), "declined payment_intent_authentication_failure - - -");
    assert_eq!(bench.replayed(), bench.network);
}

#[test]
fn a_new_code_gives_no_new_tries() {
    let (mut bench, index) = asked();
    for _ in 0..4 {
        let wrong = other(&bench.code());
        assert_eq!(bench.try_code(index, &wrong), Answered::Wrong);
        bench.wait(Span::seconds(30));
        assert_eq!(bench.send_code(index, Channel::Phone), Answered::Sent);
        assert!(!waiting(&bench, index).just_wrong);
    }
    let wrong = other(&bench.code());
    assert_eq!(bench.try_code(index, &wrong), Answered::Over);
    assert_eq!(bench.challenge(index), &Progress::Ended(ChallengeResult::Failed));
}

#[test]
fn a_new_code_makes_the_one_before_worthless() {
    let (mut bench, index) = asked();
    let first = bench.code();
    bench.wait(Span::seconds(30));
    assert_eq!(bench.send_code(index, Channel::Phone), Answered::Sent);
    let second = bench.code();
    assert_ne!(first, second);
    assert_eq!(bench.try_code(index, &first), Answered::Wrong);
    assert_eq!(bench.try_code(index, &second), Answered::Over);
    assert_eq!(bench.outcome(index), "approved");
}

#[test]
fn each_channel_sends_every_thirty_seconds() {
    let (mut bench, index) = asked();
    for (wait, channel, expected) in [
        (0, Channel::Phone, Answered::TooEarly(Span::seconds(30))),
        (0, Channel::Mailbox, Answered::Sent),
        (0, Channel::Mailbox, Answered::TooEarly(Span::seconds(30))),
        (29, Channel::Phone, Answered::TooEarly(Span::seconds(1))),
        (1, Channel::Phone, Answered::Sent),
        (0, Channel::Mailbox, Answered::Sent),
    ] {
        bench.wait(Span::seconds(wait));
        assert_eq!(bench.send_code(index, channel), expected, "{wait} {channel:?}");
        assert_eq!(bench.replayed(), bench.network);
    }
    assert_eq!(bench.network.messages().count(), 4);
}

#[test]
fn ten_codes_are_enough() {
    let (mut bench, index) = asked();
    for _ in 1..10 {
        bench.wait(Span::seconds(30));
        assert_eq!(bench.send_code(index, Channel::Phone), Answered::Sent);
    }
    bench.wait(Span::seconds(30));
    assert_eq!(bench.send_code(index, Channel::Phone), Answered::NoMoreCodes);
}

#[test]
fn a_challenge_lasts_ten_minutes() {
    let acts: [fn(&mut Bench, AuthorizationIndex) -> Answered; 4] = [
        |bench, index| {
            let code = bench.code();
            bench.try_code(index, &code)
        },
        |bench, index| bench.send_code(index, Channel::Mailbox),
        |bench, index| {
            let change = bench.network.cancel_challenge(bench.now, index);
            bench.commit(change)
        },
        |bench, _| {
            bench.tick();
            Answered::Over
        },
    ];
    for act in acts {
        let (mut bench, index) = asked();
        bench.wait(Span::seconds(600));
        assert_eq!(act(&mut bench, index), Answered::Over);
        assert_eq!(bench.challenge(index), &Progress::Ended(ChallengeResult::Expired));
        assert_eq!(bench.outcome(index), "declined payment_intent_authentication_failure - - -");
        assert_eq!(bench.network.due(bench.now), None);
        assert_eq!(bench.replayed(), bench.network);
    }
    let (mut bench, index) = asked();
    bench.wait(Span::from_ms(599_999));
    bench.tick();
    let code = bench.code();
    assert_eq!(bench.try_code(index, &code), Answered::Over);
    assert_eq!(bench.outcome(index), "approved");
}

#[test]
fn the_life_of_an_authorization_begins_with_the_confirmation() {
    let (mut bench, index) = asked();
    bench.wait(Span::seconds(500));
    let code = bench.code();
    bench.try_code(index, &code);
    let expires_at = START.after(Span::seconds(500)).after(Span::days(7));
    assert_eq!(bench.network.authorization(index).expires_at, expires_at);
    bench.now = expires_at;
    bench.tick();
    assert_eq!(bench.outcome(index), "expired");
}

#[test]
fn a_challenge_does_not_end_twice() {
    let (mut bench, index) = asked();
    let code = bench.code();
    bench.try_code(index, &code);
    let again = Record::ChallengeEnded(ChallengeEnded {
        authorization: bench.network.authorization(index).id.clone(),
        result: ChallengeResult::Passed,
        decline: None,
        expires_at: bench.now,
        sale: None,
    });
    assert!(bench.network.apply(bench.now, &again).is_err());
    assert_eq!(bench.replayed(), bench.network);
}

#[test]
fn what_the_page_shows_is_bounded() {
    let mut bench = Bench::new();
    for number in 0..MESSAGES_MAX + 1 {
        let reference = format!("a{number}");
        bench.authorize(&wish(&reference, "threeDSecureRequired")).unwrap();
    }
    assert_eq!(bench.network.messages().count(), MESSAGES_MAX);
    assert_eq!(&*bench.network.messages().last().unwrap().reference, "a1");
    assert_eq!(bench.network.happenings().count(), HAPPENINGS_MAX);
    let newest = bench.network.happenings().next().unwrap();
    assert_eq!(&*newest.reference, "a200");
}

#[test]
fn a_question_is_given_up_only_while_it_is_asked() {
    Bench::new().check(
        "
        authorize a1 threeDSecureRequired USD 12000 -> challenge
        give-up g1 a1 11999              -> amount_too_large
        give-up g2 a1 12000              -> succeeded 12000
        show a1                          -> voided 0 back 0 released 12000 left 0
        pass a1                          -> voided
        give-up g3 a1 12000              -> not_asked
        authorize a2 threeDSecureRequired USD 12000 -> challenge
        pass a2                          -> approved
        give-up g4 a2 12000              -> not_asked
        show a2                          -> approved 0 back 0 released 0 left 12000
        authorize a3 visa USD 12000      -> approved
        give-up g5 a3 12000              -> not_asked
        authorize a4 threeDSecureRequired USD 12000 -> challenge
        wait 600 s                       ->
        tick                             ->
        give-up g6 a4 12000              -> not_asked
        ",
    );
}
