//! Idempotency: a key is claimed in the same changes as the command, and the first reply counts.

use holdfast_core::checkout::CheckoutSession;
use holdfast_core::command::{Claim, Command, KeepReply, Subject};
use holdfast_core::key::{RowKey, RowKind};
use holdfast_core::refusal::Refusal;
use holdfast_core::replay::{Replay, Reply};
use holdfast_core::row::Record;

use crate::world::{Asked, World, make};

fn claimed(command: Command, subject: Subject) -> Asked {
    let (key, fingerprint) = ("key-1".to_owned(), "digest".to_owned());
    Asked { command, effect: None, claim: Some(Claim { key, fingerprint, subject }) }
}

fn open(world: &World) -> Command {
    let price = holdfast_core::money::Money::new(4_300, holdfast_core::currency::Currency::USD);
    make::open(vec![make::line(world.seller("amy"), price)], Vec::new())
}

#[test]
fn a_claim_names_what_the_command_made() {
    let mut world = World::new();
    let asked = claimed(open(&world), Subject::Made(RowKind::CheckoutSession));
    world.carry_out(asked).expect("the session is opened");

    let session = world.all::<CheckoutSession>().pop().expect("it was made");
    let replay: Replay = world.row(&"key-1".to_owned());
    assert_eq!(replay.subject, Some(CheckoutSession::key(&session.id)));
    assert_eq!((replay.fingerprint.as_str(), replay.reply), ("digest", None));
}

#[test]
fn a_claim_names_what_the_request_named() {
    let mut world = World::new();
    world.ask(open(&world)).expect("the session is opened");
    let session = world.all::<CheckoutSession>().pop().expect("it was made").id;
    let key = CheckoutSession::key(&session);
    let expire = Command::ExpireCheckoutSession(session);
    world.carry_out(claimed(expire, Subject::Known(key.clone()))).expect("it is closed");
    assert_eq!(world.row::<Replay>(&"key-1".to_owned()).subject, Some(key));
}

#[test]
fn a_refused_command_claims_nothing() {
    let mut world = World::new();
    let id = holdfast_core::id::Id::from_number(7);
    let asked =
        claimed(Command::ExpireCheckoutSession(id), Subject::Known(CheckoutSession::key(&id)));
    assert_eq!(world.carry_out(asked).err(), Some(Refusal::NotFound));
    assert_eq!(world.all::<Replay>(), []);
}

#[test]
fn a_second_claim_must_not_exist_and_so_loses() {
    let mut world = World::new();
    let first = claimed(open(&world), Subject::Made(RowKind::CheckoutSession));
    world.carry_out(first).expect("the session is opened");
    let second = claimed(open(&world), Subject::Made(RowKind::CheckoutSession));
    let changes = world.decided(second).expect("the core does not look at the key");
    let put = changes.puts.iter().find(|put| put.row.key() == RowKey::Replay("key-1".to_owned()));
    assert_eq!(put.map(|put| put.expected), Some(0), "the store refuses it");
}

#[test]
fn the_first_reply_is_kept() {
    let mut world = World::new();
    let asked = claimed(open(&world), Subject::Made(RowKind::CheckoutSession));
    world.carry_out(asked).expect("the session is opened");
    let keep = |status, key: &str| {
        let reply = Reply { status, body: "{}".to_owned() };
        Command::KeepReply(KeepReply { key: key.to_owned(), reply, refused: None })
    };
    world.ask(keep(200, "key-1")).expect("it is kept");
    assert!(world.ask(keep(500, "key-1")).expect("it is no mistake").is_empty());
    let kept = world.row::<Replay>(&"key-1".to_owned()).reply.map(|reply| reply.status);
    assert_eq!(kept, Some(200));
    assert_eq!(world.ask(keep(200, "key-2")).err(), Some(Refusal::NotFound));
}

#[test]
fn a_refusal_is_kept_where_nobody_was_quicker() {
    let mut world = World::new();
    let asked = claimed(open(&world), Subject::Made(RowKind::CheckoutSession));
    world.carry_out(asked).expect("the session is opened");
    let keep = |key: &str| {
        let reply = Reply { status: 400, body: "{}".to_owned() };
        let refused = Some("print".to_owned());
        Command::KeepReply(KeepReply { key: key.to_owned(), reply, refused })
    };
    assert!(world.ask(keep("key-1")).expect("it is no mistake").is_empty(), "claimed already");
    assert_eq!(world.row::<Replay>(&"key-1".to_owned()).reply, None);
    for _ in 0..2 {
        world.ask(keep("key-2")).expect("it is kept");
    }
    let kept = world.row::<Replay>(&"key-2".to_owned());
    assert_eq!((kept.fingerprint.as_str(), kept.reply.map(|it| it.status)), ("print", Some(400)));
}
