//! The network as tables: one line per request, with its outcome.

use holdfast_core::currency::Currency;
use holdfast_core::time::{Span, Timestamp};

use super::account::{AccountKey, Channel};
use super::authorization::{AuthorizationIndex, Outcome};
use super::authorize::{Authorize, Purpose, ThreeDs};
use super::card::Card;
use super::challenge::{Answered, Progress};
use super::idempotency::{Fingerprint, Stamp};
use super::movement::{Move, Wanted};
use super::name::Name;
use super::profile::Profile;
use super::random::{SEED_BYTES, Seed};
use super::record::Record;
use super::{Change, Network, Refusal};

mod cards;
mod challenges;
mod disputes;
mod limits;
mod repeats;
mod saved;
mod sold;

/// 2026-11-23 12:00 UTC.
const START: Timestamp = Timestamp::from_seconds(1_795_435_200);

/// A network, its clock, and everything it has recorded.
struct Bench {
    network: Network,
    now: Timestamp,
    records: Vec<(Timestamp, Record)>,
    requests: u64,
}

impl Bench {
    fn new() -> Bench {
        Bench { network: Network::default(), now: START, records: Vec::new(), requests: 0 }
    }

    /// Applies a change as the server does, and checks that the records alone lead to this state.
    fn commit<T>(&mut self, change: Change<T>) -> T {
        if let Some(record) = change.record {
            self.network.apply(self.now, &record).unwrap();
            self.records.push((self.now, record));
        }
        change.answer
    }

    /// Sees to what is due.
    fn tick(&mut self) {
        while let Some(record) = self.network.due(self.now) {
            self.commit(Change::recorded((), record));
        }
    }

    /// Time passes.
    fn wait(&mut self, span: Span) {
        self.now = self.now.after(span);
    }

    /// The state that the records lead to.
    fn replayed(&self) -> Network {
        let mut network = Network::default();
        for (at, record) in &self.records {
            let json = serde_json::to_string(record).unwrap();
            let record: Record = serde_json::from_str(&json).unwrap();
            network.apply(*at, &record).unwrap();
        }
        network
    }

    fn seed(&mut self) -> Seed {
        self.requests += 1;
        let digest = |part: u8| {
            let number = [&self.requests.to_be_bytes()[..], &[part]].concat();
            ring::digest::digest(&ring::digest::SHA256, &number)
        };
        let mut bytes = [0; SEED_BYTES];
        for (part, chunk) in (0..).zip(bytes.chunks_mut(32)) {
            chunk.copy_from_slice(digest(part).as_ref());
        }
        Seed::new(bytes)
    }

    fn authorize(&mut self, wish: &Authorize) -> Result<AuthorizationIndex, Refusal> {
        let seed = self.seed();
        let stamp = stamp(&wish.reference, &format!("{wish:?}"));
        let change = self.network.authorize(self.now, wish, &stamp, &seed)?;
        Ok(self.commit(change))
    }

    /// The outcome of an authorization in words: the status, and for a decline all its facts.
    fn outcome(&self, index: AuthorizationIndex) -> String {
        let of = self.network.authorization(index);
        let Some(decline) = of.decline() else { return of.status().name().to_owned() };
        let facts = decline.facts();
        let or_dash = |text: Option<&'static str>| text.unwrap_or("-");
        let [decline_code, advice, network_code] =
            [facts.decline_code, facts.advice, facts.network_code].map(or_dash);
        format!("declined {} {decline_code} {advice} {network_code}", facts.code)
    }

    /// The outcome with no more of a decline than the issuer's reason.
    fn short(&self, index: AuthorizationIndex) -> String {
        let of = self.network.authorization(index);
        let reason = of.decline().and_then(|decline| decline.facts().decline_code);
        [Some(of.status().name()), reason].into_iter().flatten().collect::<Vec<_>>().join(" ")
    }

    fn challenge(&self, index: AuthorizationIndex) -> &Progress {
        &self.network.authorization(index).challenge.as_ref().unwrap().progress
    }

    /// The newest code that was sent.
    fn code(&self) -> Box<str> {
        self.network.messages().next().unwrap().code.clone()
    }

    fn try_code(&mut self, index: AuthorizationIndex, code: &str) -> Answered {
        let change = self.network.try_code(self.now, index, code);
        self.commit(change)
    }

    fn send_code(&mut self, index: AuthorizationIndex, channel: Channel) -> Answered {
        let seed = self.seed();
        let change = self.network.send_code(self.now, index, channel, &seed);
        self.commit(change)
    }

    fn move_money(&mut self, wish: &Move, key: &str) -> Result<String, Refusal> {
        let seed = self.seed();
        let stamp = stamp(key, &format!("{wish:?}"));
        let change = self.network.move_money(self.now, wish, &stamp, &seed)?;
        let index = self.commit(change);
        let movement = self.network.movement(index);
        Ok(match movement.outcome {
            Outcome::Succeeded => format!("{} {}", movement.outcome.status(), movement.amount),
            Outcome::Refused(_) | Outcome::FailedLater => {
                movement.outcome.failure_code().unwrap().to_owned()
            }
        })
    }

    /// Does the lines of a table, each `request -> outcome`.
    fn check(&mut self, table: &str) {
        for line in table.lines().map(str::trim).filter(|line| !line.is_empty()) {
            let (request, expected) = line.split_once("->").unwrap();
            let words: Vec<&str> = request.split_whitespace().collect();
            assert_eq!(self.line(&words), expected.trim(), "{line}");
            assert_eq!(self.replayed(), self.network, "{line}");
        }
    }

    /// Does one line; its outcome in words.
    fn line(&mut self, words: &[&str]) -> String {
        match *words {
            ["wait", number, unit] => {
                let number: u32 = number.parse().unwrap();
                self.wait(match unit {
                    "s" => Span::seconds(number),
                    "h" => Span::hours(number),
                    "d" => Span::days(number),
                    _ => panic!("{unit} is no unit"),
                });
                "".to_owned()
            }
            ["tick"] => {
                self.tick();
                "".to_owned()
            }
            ["limit", profile, currency, limit] => {
                let key = account(profile, currency);
                self.commit(Network::change_limit(key, limit.parse().unwrap()));
                self.show_account(key)
            }
            ["account", profile, currency] => self.show_account(account(profile, currency)),
            ["authorize", reference, profile, currency, amount, ref more @ ..] => {
                let mut wish = wish(reference, profile);
                wish.incremental = more == ["growing"];
                wish.capture = more.strip_prefix(&["taking"]).map(|capture| capture[0].into());
                wish.currency = Currency::parse(currency).unwrap();
                wish.amount = amount.parse().unwrap();
                let authorized = self.authorize(&wish);
                authorized.map_or_else(|refusal| format!("{refusal:?}"), |of| self.short(of))
            }
            ["show", reference] => {
                let index = self.network.find_authorization(reference).unwrap();
                let sums = self.network.authorization(index).sums;
                let (captured, refunded) = (sums.captured(), sums.refunded());
                let (released, left) = (sums.released(), sums.remaining());
                let status = self.network.authorization(index).status().name();
                format!("{status} {captured} back {refunded} released {released} left {left}")
            }
            ["pass", reference] => {
                let index = self.network.find_authorization(reference).unwrap();
                let code = self.code();
                self.try_code(index, &code);
                self.short(index)
            }
            [what, reference, of, ref more @ ..] => self.movement(what, reference, of, more),
            _ => panic!("{words:?} is no request"),
        }
    }

    fn movement(&mut self, what: &str, reference: &str, of: &str, more: &[&str]) -> String {
        let number = |text: &str| text.parse::<i64>().unwrap();
        let currency = |text: &str| Currency::parse(text).unwrap();
        let what = match (what, more) {
            ("capture", [code, amount]) => {
                Wanted::Capture { amount: number(amount), currency: currency(code), last: false }
            }
            ("capture", [code, amount, "last"]) => {
                Wanted::Capture { amount: number(amount), currency: currency(code), last: true }
            }
            ("raise", [code, amount]) => {
                Wanted::Increment { amount: number(amount), currency: currency(code) }
            }
            ("give-up", [amount]) => Wanted::GiveUp { amount: number(amount) },
            ("void", []) => Wanted::Void { amount: None },
            ("void", [amount]) => Wanted::Void { amount: Some(number(amount)) },
            ("refund", [code, amount]) => {
                Wanted::Refund { amount: number(amount), currency: currency(code) }
            }
            _ => panic!("{what} {more:?} is no request"),
        };
        let authorization = self.network.find_authorization(of);
        let id = authorization.map(|index| self.network.authorization(index).id.clone());
        let authorization = id.as_deref().unwrap_or("sba_unknown").into();
        let wish = Move { authorization, reference: reference.into(), what };
        let key = format!("{reference}-{}", what.kind().name());
        self.move_money(&wish, &key).unwrap_or_else(|refusal| format!("{refusal:?}"))
    }

    fn show_account(&self, key: AccountKey) -> String {
        let account = self.network.account(key);
        let (limit, held, owed) = (account.limit, account.held, account.owed);
        format!("limit {limit} held {held} owed {owed}")
    }

    fn token(&mut self, card: Card) -> Name {
        let seed = self.seed();
        let stamp = stamp(&format!("token-{}", self.requests), "card");
        let change = self.network.issue_token(self.now, card, &stamp, &seed).unwrap();
        self.commit(change)
    }
}

fn stamp(key: &str, parameters: &str) -> Stamp {
    let fingerprint = Fingerprint::of("test", parameters.as_bytes());
    Stamp { key: format!("key-{key}").into(), fingerprint }
}

fn account(profile: &str, currency: &str) -> AccountKey {
    AccountKey::new(Profile::named(profile).unwrap(), Currency::parse(currency).unwrap())
}

/// The wish to charge 120.00 dollars, with the cardholder there.
fn wish(reference: &str, profile: &str) -> Authorize {
    Authorize {
        reference: reference.into(),
        token: format!("tok_{profile}").into(),
        amount: 12_000,
        currency: Currency::USD,
        descriptor: "BAZAAR".into(),
        return_url: Some("http://127.0.0.1:4002/c/cs_1/return".into()),
        three_ds: ThreeDs::Automatic,
        off_session: false,
        save: false,
        incremental: false,
        moto: false,
        network: None,
        capture: None,
        purpose: Purpose::Payment,
    }
}
