//! What comes from outside: answers of processors and receivers, and the clock's own commands.

use holdfast_core::clock::TestClock;
use holdfast_core::command::{
    ClockStep, Command, CreateWebhookEndpoint, DeliveryOutcome, HoldCommand, LookAt, RecordDelivery,
};
use holdfast_core::dispute::command::DisputeCommand;
use holdfast_core::effect::{Effect, EffectKind, HoldChange};
use holdfast_core::id::{EventId, Id, WebhookEndpointId};
use holdfast_core::key::RowKey;
use holdfast_core::payment::asked::AskedOutcome;
use holdfast_core::payment::attempt::{Attempt, AuthorizationOutcome, Challenge};
use holdfast_core::payment::authorization::Authorization;
use holdfast_core::payment::capture::Capture;
use holdfast_core::payment::method::PaymentMethod;
use holdfast_core::payment::refund::Refund;
use holdfast_core::payment::setup::SetupAttempt;
use holdfast_core::payout::Payout;
use holdfast_core::refusal::Refusal;
use holdfast_core::time::Span;
use holdfast_core::webhook::{WebhookChange, WebhookCommand, WebhookEndpoints};

use super::super::make;
use super::super::processor::{card, decline, no, saved, yes};
use super::super::words::Words;
use super::super::{Asked, asks_about};
use super::{Table, saving};

type Outcome = Result<(), Refusal>;

/// How long a bank waits for its customer.
const CHALLENGE_LIFE: Span = Span::seconds(600);

impl Table {
    /// `answer a1 approved`: the question that waits is answered. If it is not due yet, time moves
    /// until it is.
    pub(super) fn answer(&mut self, words: &mut Words<'_>) -> Outcome {
        let name = words.word();
        let effect = self.waiting(name);
        self.world.wait_until(effect.due);
        let command = self.record(&effect, words);
        self.world.carry_out(Asked::outcome(command, effect.id)).map(|_| ())
    }

    /// `bank-holds a1 ok`: the question about an attempt's hold is answered, and the same answer
    /// once more changes nothing.
    pub(super) fn bank_holds(&mut self, words: &mut Words<'_>) -> Outcome {
        let attempt = self.world.names.key(words.word());
        let of =
            |kind: &EffectKind| matches!(kind, EffectKind::Hold(it) if it.attempt.key() == attempt);
        let is_it = |effect: &&Effect| of(&effect.kind);
        let effect = self.world.queue.values().find(is_it).cloned().expect("a hold is asked about");
        self.world.wait_until(effect.due);
        let command = self.record(&effect, words);
        let Command::Hold(HoldCommand::Record(it, outcome)) = &command else {
            panic!("no answer about a hold: {command:?}")
        };
        // Each no to the wish to ask no more is a reason to look.
        let is_raise = matches!(it.change, HoldChange::Raise(_));
        let is_final =
            is_raise && !matches!(outcome, AskedOutcome::NeverSent | AskedOutcome::Unknown);
        self.world.carry_out(Asked::outcome(command.clone(), effect.id))?;
        if is_final {
            let again = self.world.ask(command)?;
            assert!(again.is_empty(), "the same answer once more changes nothing: {again:?}");
        }
        Ok(())
    }

    /// The same answer once more, when nobody waits for it.
    pub(super) fn repeat(&mut self, words: &mut Words<'_>) -> Outcome {
        let name = words.word();
        let command = match name.split_at(1).0 {
            "a" => {
                let attempt: Attempt = self.world.row(&self.world.names.id::<Attempt>(name));
                Command::RecordAuthorization(attempt.id, self.bank_says(&attempt, words))
            }
            "c" => Command::RecordCapture(self.world.names.id::<Capture>(name), says(words)),
            "r" => Command::RecordRefund(self.world.names.id::<Refund>(name), says(words)),
            "m" => {
                let key = RowKey::PaymentMethod(self.world.names.id::<PaymentMethod>(name));
                saving::network_says(&self.world, &key, words)
            }
            "v" => {
                let key = RowKey::SetupAttempt(self.world.names.id::<SetupAttempt>(name));
                saving::network_says(&self.world, &key, words)
            }
            "o" => self.bank_answers(self.world.names.id::<Payout>(name), words),
            _ => panic!("nobody answers {name}"),
        };
        self.world.ask(command).map(|_| ())
    }

    /// Everything that is asked of the processor by now is done, until nothing is asked any more.
    pub(super) fn answer_all(&mut self) -> Outcome {
        while let Some(effect) = self.world.asked_now() {
            let command = self.record(&effect, &mut Words::of("ok"));
            self.world.carry_out(Asked::outcome(command, effect.id))?;
        }
        Ok(())
    }

    pub(super) fn waiting(&self, name: &str) -> Effect {
        let is_it = |effect: &&Effect| {
            asks_about(effect).is_some_and(|key| self.world.names.of(&key) == name)
        };
        let found = self.world.queue.values().find(is_it).cloned();
        found.unwrap_or_else(|| panic!("nothing is asked about {name}"))
    }

    fn record(&self, effect: &Effect, words: &mut Words<'_>) -> Command {
        match &effect.kind {
            EffectKind::Authorize(it) => {
                let attempt: Attempt = self.world.row(&it.attempt);
                Command::RecordAuthorization(it.attempt, self.bank_says(&attempt, words))
            }
            EffectKind::Capture(it) => Command::RecordCapture(it.capture, says(words)),
            EffectKind::Refund(it) => Command::RecordRefund(it.refund, says(words)),
            EffectKind::SaveCard(_) | EffectKind::Verify(_) => {
                let key = asks_about(effect).expect("it asks about a card");
                saving::network_says(&self.world, &key, words)
            }
            EffectKind::Payout(it) => self.bank_answers(it.payout, words),
            EffectKind::Respond(it) => {
                let outcome = self.bank_takes(it.dispute, words);
                let record = DisputeCommand::RecordResponse(it.dispute, it.number, outcome);
                Command::Dispute(record)
            }
            EffectKind::Hold(it) => {
                Command::Hold(HoldCommand::Record(Box::new(it.clone()), says(words)))
            }
            EffectKind::Deliver(_)
            | EffectKind::Complaints(_)
            | EffectKind::Report(_)
            | EffectKind::MoveClock { .. }
            | EffectKind::Timer(_)
            | EffectKind::ReportBalance => Command::FinishEffect,
        }
    }

    /// `approved`, `approved USD 1.00` for another sum, `taken` with the capture,
    /// `declined card_declined`, `challenge`, `not_found`, `never_sent`, `unknown`.
    fn bank_says(&self, attempt: &Attempt, words: &mut Words<'_>) -> AuthorizationOutcome {
        let word = words.word();
        match word {
            "ok" | "approved" | "taken" => {
                let amount = words.any_money().unwrap_or(attempt.amount);
                // The bank's clock began with the question.
                let expires_at = attempt.created.after(self.life);
                let (reference, code) = (attempt.id.to_string(), "A1".to_owned());
                let captures_max = self.captures_max;
                let authorization =
                    Authorization::new(reference, code, amount, expires_at, captures_max);
                let at_once = words.is("settling-at-once");
                let authorization = authorization.settling_at_once(at_once);
                let growing = if attempt.notes.notes.card.incremental.is_some() { 2 } else { 0 };
                let authorization = authorization.growing_up_to(growing);
                let kept = attempt.future_usage.map(|_| saved().token);
                let authorization = authorization.with_saved(kept);
                let capture = (word == "taken").then(|| "sbc_1".to_owned());
                AuthorizationOutcome::Approved { authorization, capture, card: card() }
            }
            "declined" => {
                let decline = decline(words.word());
                AuthorizationOutcome::Declined { decline, card: Some(card()) }
            }
            "challenge" => {
                let (url, expires_at) = ("https://bank.example/1", CHALLENGE_LIFE);
                let expires_at = attempt.created.after(expires_at);
                let (url, authorization) = (url.to_owned(), Some(attempt.id.to_string()));
                let challenge = Challenge { url, expires_at, authorization };
                AuthorizationOutcome::Challenged { challenge, card: card() }
            }
            "pending" => AuthorizationOutcome::Pending { card: card() },
            "not_found" => AuthorizationOutcome::NotFound,
            "never_sent" => AuthorizationOutcome::NeverSent,
            "unknown" => AuthorizationOutcome::Unknown,
            what => panic!("a bank does not say {what}"),
        }
    }

    /// `receiver 200`, `receiver 500`, `receiver silent`, `receiver gone`: to the delivery that
    /// waits for longest.
    pub(super) fn receiver(&mut self, words: &mut Words<'_>) -> Outcome {
        let outcome = match words.word() {
            "200" => DeliveryOutcome::Accepted { status: 200 },
            "gone" => DeliveryOutcome::NoReceiver,
            "silent" => DeliveryOutcome::Refused { status: None },
            status => DeliveryOutcome::Refused { status: status.parse().ok() },
        };
        let waiting = self.world.queue.values().find_map(|effect| match &effect.kind {
            EffectKind::Deliver(request) => Some((effect.clone(), request.clone())),
            EffectKind::Authorize(_)
            | EffectKind::Capture(_)
            | EffectKind::Hold(_)
            | EffectKind::Refund(_)
            | EffectKind::SaveCard(_)
            | EffectKind::Verify(_)
            | EffectKind::Payout(_)
            | EffectKind::Complaints(_)
            | EffectKind::Respond(_)
            | EffectKind::Report(_)
            | EffectKind::MoveClock { .. }
            | EffectKind::Timer(_)
            | EffectKind::ReportBalance => None,
        });
        let (effect, request) = waiting.expect("something is delivered");
        self.world.wait_until(effect.due);
        let record = Command::RecordDelivery(RecordDelivery { request, outcome, duration_ms: 7 });
        let recorded = self.world.carry_out(Asked::outcome(record.clone(), effect.id));
        let again = self.world.ask(record)?;
        assert!(again.is_empty(), "the same answer once more changes nothing");
        recorded.map(|_| ())
    }

    /// The verbs of webhooks and clocks, and hints of a processor.
    pub(super) fn rare(&mut self, verb: &str, words: &mut Words<'_>) -> Command {
        match verb {
            "hook" => Command::CreateWebhookEndpoint(CreateWebhookEndpoint {
                connect: false,
                url: "https://shop.example/hooks".to_owned(),
                enabled_events: vec![words.word().to_owned()],
                description: None,
                api_version: None,
                metadata: Default::default(),
                secret: make::secret(),
            }),
            "unhook" => Command::DeleteWebhookEndpoint(self.endpoint(words.number())),
            "switch" => {
                let endpoint = self.endpoint(words.number());
                let disabled = Some(words.word() == "off");
                let change = WebhookChange { disabled, ..WebhookChange::default() };
                Command::Webhook(WebhookCommand::Change(endpoint, Box::new(change)))
            }
            "resend" => {
                let endpoint = self.endpoint(words.number());
                Command::Webhook(WebhookCommand::Resend {
                    event: EventId::from_number(1),
                    endpoint,
                })
            }
            "clock" => Command::CreateTestClock,
            "advance" => {
                let clock = self.world.names.id::<TestClock>(words.word());
                Command::AdvanceTestClock(clock, self.world.now.after(words.span()))
            }
            "step" => {
                let clock = self.world.names.id::<TestClock>(words.word());
                let ahead = words.span();
                let step =
                    if words.is("arrived") { ClockStep::Arrived } else { ClockStep::OnTheWay };
                Command::StepTestClock(clock, ahead, step)
            }
            _ => self.look(words.word()),
        }
    }

    fn look(&self, name: &str) -> Command {
        let names = &self.world.names;
        Command::Look(if name.starts_with('v') {
            LookAt::SetupAttempt(names.id::<SetupAttempt>(name))
        } else if name.starts_with('r') {
            LookAt::Refund(names.id::<Refund>(name))
        } else {
            LookAt::Attempt(names.id::<Attempt>(name))
        })
    }

    fn endpoint(&self, number: u16) -> WebhookEndpointId {
        let all: Vec<WebhookEndpoints> = self.world.all();
        let endpoints = all.iter().flat_map(|row| &row.endpoints);
        let found = endpoints.map(|it| it.id).nth(usize::from(number) - 1);
        found.unwrap_or(WebhookEndpointId::from_number(0))
    }
}

/// `ok`, `refused processing_error`, `never_sent`, `unknown`.
fn says(words: &mut Words<'_>) -> AskedOutcome {
    match words.word() {
        "ok" => yes(),
        "refused" => no(words.word()),
        "never_sent" => AskedOutcome::NeverSent,
        "unknown" => AskedOutcome::Unknown,
        what => panic!("a processor does not say {what}"),
    }
}
