//! The only place where the network's state changes. Each record is applied whole or not at all:
//! what can fail comes first.

mod dispute;

use holdfast_core::time::Timestamp;

use super::account::{Account, AccountKey};
use super::authorization::{
    Authorization, AuthorizationIndex, Closing, Kind, Movement, MovementIndex, Outcome, State,
};
use super::authorize::{Purpose, Token};
use super::card::Card;
use super::challenge::{Challenge, ChallengeResult, Progress, Waiting};
use super::idempotency::{Made, Stamp, UsedKey};
use super::name::Name;
use super::profile::Profile;
use super::record::{
    AuthorizationExpired, AuthorizationMade, CardSaved, ChallengeEnded, ChallengeStarted, CodeSent,
    FirstVerdict, LimitChanged, MovementMade, Record, RefundFailed, Sale, TokenIssued,
};
use super::saved::SavedCard;
use super::sums::Sums;
use super::tick::Timer;
use super::{Inconsistent, Network};

const UNKNOWN: Inconsistent = Inconsistent("it names an authorization that does not exist");
const TWICE: Inconsistent = Inconsistent("its id or reference was used before");
const NOT_ASKED: Inconsistent = Inconsistent("the cardholder is not being asked");

impl Network {
    /// Changes the state as `record` says, at sandbox time `at`.
    ///
    /// # Errors
    /// [`Inconsistent`] when the record does not fit the state. Nothing has changed then.
    pub fn apply(&mut self, at: Timestamp, record: &Record) -> Result<(), Inconsistent> {
        match record {
            Record::TokenIssued(issued) => self.token_issued(issued)?,
            Record::Authorization(made) => {
                self.authorization_made_at(at, made, Purpose::Payment)?;
            }
            Record::Verification(made) => {
                self.authorization_made_at(at, made, Purpose::Verification)?;
            }
            Record::CardSaved(saved) => self.card_saved(saved)?,
            Record::Movement(made) => self.movement_made_at(at, made)?,
            Record::CodeSent(sent) => self.code_sent(at, sent)?,
            Record::WrongCode(wrong) => {
                let waiting = self.waiting_mut(&wrong.authorization)?;
                waiting.wrong = waiting.wrong.saturating_add(1);
                waiting.just_wrong = true;
            }
            Record::ChallengeEnded(ended) => self.challenge_ended(at, ended)?,
            Record::AuthorizationExpired(expired) => self.authorization_expired(expired)?,
            Record::RefundFailed(failed) => self.refund_failed(failed)?,
            Record::DisputeRaised(raised) => self.dispute_raised(at, raised)?,
            Record::DisputeAnswered(made) => self.dispute_answered(made)?,
            Record::DisputeDecided(decided) => self.dispute_decided(decided)?,
            Record::Payout(received) => self.payout_received(at, received)?,
            Record::ClockMoved(moved) => self.offset_ms = self.offset_ms.max(moved.offset_ms),
            Record::LimitChanged(changed) => self.limit_changed(changed)?,
        }
        self.latest = self.latest.max(Some(at));
        self.remember(at, record);
        Ok(())
    }

    fn token_issued(&mut self, issued: &TokenIssued) -> Result<(), Inconsistent> {
        if self.tokens.contains_key(&issued.id) {
            return Err(TWICE);
        }
        let token = Token { card: issued.card.clone(), at: issued.at, used_by: None };
        self.tokens.insert(issued.id.clone(), token);
        self.use_key(&issued.stamp, Made::Token(issued.id.clone()));
        Ok(())
    }

    fn card_saved(&mut self, saved: &CardSaved) -> Result<(), Inconsistent> {
        if self.saved.contains_key(&saved.id) || self.by_saved.contains_key(&saved.reference) {
            return Err(TWICE);
        }
        self.use_token(&saved.token, &saved.reference);
        self.keep(Some(&saved.id), &saved.card);
        if let Some(kept) = self.saved.get_mut(&saved.id) {
            kept.fingerprint = Some(saved.stamp.fingerprint);
        }
        self.by_saved.insert(saved.reference.clone(), saved.id.clone());
        self.use_key(&saved.stamp, Made::Saved(saved.id.clone()));
        Ok(())
    }

    fn use_token(&mut self, token: &str, reference: &Name) {
        if let Some(token) = self.tokens.get_mut(token) {
            token.used_by = Some(reference.clone());
        }
    }

    /// Keeps a card under a name; one that is kept already stays as it is.
    fn keep(&mut self, id: Option<&Name>, card: &Card) {
        let Some(id) = id else { return };
        let (card, fingerprint) = (card.clone(), None);
        let kept = SavedCard { id: id.clone(), card, confirmed: false, fingerprint };
        self.saved.entry(id.clone()).or_insert(kept);
    }

    /// The cardholder has confirmed, and with that agreed that the card is kept.
    fn confirm_kept(&mut self, index: AuthorizationIndex) {
        let authorization = &self.authorizations[index.0];
        let (saved, card) = (authorization.saved.clone(), authorization.card.clone());
        self.keep(saved.as_ref(), &card);
        if let Some(kept) = saved.and_then(|id| self.saved.get_mut(&id)) {
            kept.confirmed = true;
        }
    }

    fn authorization_made_at(
        &mut self,
        at: Timestamp,
        made: &AuthorizationMade,
        purpose: Purpose,
    ) -> Result<(), Inconsistent> {
        let known = self.by_id.contains_key(&made.id);
        if known || self.by_reference.contains_key(&made.reference) {
            return Err(TWICE);
        }
        let sums = match purpose {
            Purpose::Payment => Sums::of(made.amount)?,
            Purpose::Verification => Sums::NOTHING,
        };
        let account_key = AccountKey::new(made.card.profile, made.currency);
        let account = self.account(account_key);
        let index = AuthorizationIndex(self.authorizations.len());
        let (state, challenge) = match &made.verdict {
            FirstVerdict::Declined(decline) => (State::Declined(*decline), None),
            FirstVerdict::Challenge(started) => {
                self.by_challenge.insert(started.id.clone(), index);
                self.timers.insert((started.expires_at, Timer::Challenge(index)));
                (State::Challenged, Some(Box::new(started_challenge(at, started))))
            }
            FirstVerdict::Approved if purpose == Purpose::Verification => {
                (State::Closed(Closing::Verified), None)
            }
            FirstVerdict::Approved => {
                let account = account.moved(made.amount, 0)?;
                self.can_be_sold(account, made.amount, made.sale.as_ref())?;
                self.accounts.insert(account_key, account);
                self.timers.insert((made.expires_at, Timer::Authorization(index)));
                (State::Open, None)
            }
        };
        // A declined card has an account too, which the sandbox's page shows.
        self.accounts.entry(account_key).or_insert(account);
        self.use_token(&made.token, &made.reference);
        if state != State::Challenged && made.verdict == FirstVerdict::Approved {
            self.keep(made.saved.as_ref(), &made.card);
        }
        self.by_id.insert(made.id.clone(), index);
        self.by_reference.insert(made.reference.clone(), index);
        self.use_key(&made.stamp, Made::Authorization(index));
        let new = new_authorization(at, made, sums, (state, challenge));
        self.authorizations.push(Authorization { purpose, ..new });
        match &made.sale {
            Some(sale) if state == State::Open => self.sold(at, index, sale),
            Some(_) | None => Ok(()),
        }
    }

    /// Whether all of an authorization can be captured from an account that holds it already.
    fn can_be_sold(
        &self,
        account: Account,
        amount: i64,
        sale: Option<&Sale>,
    ) -> Result<(), Inconsistent> {
        let Some(sale) = sale else { return Ok(()) };
        if self.find_movement(Kind::Capture, &sale.reference).is_some() {
            return Err(TWICE);
        }
        account.moved(-amount, amount).map(drop)
    }

    /// Captures all of an authorization that has just been approved.
    fn sold(
        &mut self,
        at: Timestamp,
        of: AuthorizationIndex,
        sale: &Sale,
    ) -> Result<(), Inconsistent> {
        let authorization = &self.authorizations[of.0];
        let (key, fingerprint) = (Box::from(&*sale.reference), authorization.fingerprint);
        let made = MovementMade {
            id: sale.id.clone(),
            authorization: authorization.id.clone(),
            reference: sale.reference.clone(),
            kind: Kind::Capture,
            amount: authorization.sums.remaining(),
            refused: None,
            released: 0,
            closes: authorization.captures_max <= 1,
            fails_at: None,
            complains_at: sale.complains_at,
            stamp: Stamp { key, fingerprint },
        };
        self.moved_at(at, &made).map(drop)
    }

    fn movement_made_at(&mut self, at: Timestamp, made: &MovementMade) -> Result<(), Inconsistent> {
        let index = self.moved_at(at, made)?;
        self.use_key(&made.stamp, Made::Movement(index));
        Ok(())
    }

    fn moved_at(
        &mut self,
        at: Timestamp,
        made: &MovementMade,
    ) -> Result<MovementIndex, Inconsistent> {
        let of = self.index(&made.authorization)?;
        if self.find_movement(made.kind, &made.reference).is_some() {
            return Err(TWICE);
        }
        if made.refused.is_none() {
            self.money_moved(of, made)?;
        }
        let index = MovementIndex(self.movements.len());
        self.movements.push(Movement {
            id: made.id.clone(),
            reference: made.reference.clone(),
            authorization: of,
            kind: made.kind,
            amount: made.amount,
            outcome: made.refused.map_or(Outcome::Succeeded, Outcome::Refused),
            created_at: at,
            fails_at: made.fails_at,
            fingerprint: made.stamp.fingerprint,
        });
        self.authorizations[of.0].movements.push(index);
        self.by_movement.entry(made.kind).or_default().insert(made.reference.clone(), index);
        if let Some(fails_at) = made.fails_at {
            self.timers.insert((fails_at, Timer::Refund(index)));
        }
        if let Some(complains_at) = made.complains_at {
            self.expect_complaint(of, complains_at);
        }
        if self.authorizations[of.0].sums.refundable() == 0 {
            self.forget_complaint(of);
        }
        Ok(index)
    }

    fn money_moved(
        &mut self,
        of: AuthorizationIndex,
        made: &MovementMade,
    ) -> Result<(), Inconsistent> {
        let authorization = &self.authorizations[of.0];
        let sums = authorization.sums;
        let challenged = authorization.state == State::Challenged;
        let (sums, owed_by, closing) = match made.kind {
            Kind::Capture => {
                let sums = sums.capture(made.amount)?.release(made.released)?;
                (sums, made.amount, Some(Closing::LastCapture))
            }
            Kind::Increment => (sums.raise(made.amount)?, 0, None),
            Kind::Void => (sums.release(made.amount)?, 0, Some(Closing::Voided)),
            Kind::Refund => (sums.refund(made.amount)?, -made.amount, None),
        };
        // Nothing is held for a cardholder who has not confirmed yet.
        let held_before = if challenged { 0 } else { authorization.sums.remaining() };
        let held_after = if challenged { 0 } else { sums.remaining() };
        let held_by = held_after - held_before;
        let key = authorization.account();
        let account = self.account(key).moved(held_by, owed_by)?;
        self.accounts.insert(key, account);
        if challenged {
            self.stop_asking(of, ChallengeResult::Voided);
        }
        let authorization = &mut self.authorizations[of.0];
        authorization.sums = sums;
        authorization.captures += u16::from(made.kind == Kind::Capture);
        authorization.increments += u16::from(made.kind == Kind::Increment);
        if let Some(closing) = closing.filter(|_| made.closes) {
            authorization.state = State::Closed(closing);
        }
        if sums.remaining() == 0 {
            let timer = (authorization.expires_at, Timer::Authorization(of));
            self.timers.remove(&timer);
        }
        Ok(())
    }

    fn code_sent(&mut self, at: Timestamp, sent: &CodeSent) -> Result<(), Inconsistent> {
        let waiting = self.waiting_mut(&sent.authorization)?;
        waiting.renew(at, sent.channel, sent.code.clone());
        Ok(())
    }

    fn challenge_ended(
        &mut self,
        at: Timestamp,
        ended: &ChallengeEnded,
    ) -> Result<(), Inconsistent> {
        let index = self.index(&ended.authorization)?;
        let authorization = &self.authorizations[index.0];
        if authorization.state != State::Challenged {
            return Err(NOT_ASKED);
        }
        let key = authorization.account();
        let held = if ended.decline.is_none() { authorization.sums.amount() } else { 0 };
        let account = self.account(key).moved(held, 0)?;
        self.can_be_sold(account, held, ended.sale.as_ref())?;
        self.accounts.insert(key, account);
        self.stop_asking(index, ended.result);
        if ended.decline.is_none() {
            self.confirm_kept(index);
        }
        let authorization = &mut self.authorizations[index.0];
        match ended.decline {
            Some(decline) => authorization.state = State::Declined(decline),
            None if authorization.purpose == Purpose::Verification => {
                authorization.state = State::Closed(Closing::Verified);
            }
            None => {
                authorization.state = State::Open;
                authorization.expires_at = ended.expires_at;
                self.timers.insert((ended.expires_at, Timer::Authorization(index)));
            }
        }
        match &ended.sale {
            Some(sale) if ended.decline.is_none() => self.sold(at, index, sale),
            Some(_) | None => Ok(()),
        }
    }

    fn authorization_expired(
        &mut self,
        expired: &AuthorizationExpired,
    ) -> Result<(), Inconsistent> {
        let index = self.index(&expired.authorization)?;
        let authorization = &self.authorizations[index.0];
        let sums = authorization.sums.release(expired.released)?;
        let key = authorization.account();
        let account = self.account(key).moved(-expired.released, 0)?;
        self.accounts.insert(key, account);
        let authorization = &mut self.authorizations[index.0];
        authorization.sums = sums;
        authorization.state = State::Closed(Closing::Expired);
        self.timers.remove(&(authorization.expires_at, Timer::Authorization(index)));
        Ok(())
    }

    fn refund_failed(&mut self, failed: &RefundFailed) -> Result<(), Inconsistent> {
        let index = self.find_movement(Kind::Refund, &failed.reference).ok_or(UNKNOWN)?;
        let movement = &self.movements[index.0];
        if movement.outcome != Outcome::Succeeded || movement.amount != failed.amount {
            return Err(Inconsistent("the refund did not succeed before it failed"));
        }
        let of = movement.authorization;
        let authorization = &self.authorizations[of.0];
        let sums = authorization.sums.refund_failed(failed.amount)?;
        let key = authorization.account();
        let account = self.account(key).moved(0, failed.amount)?;
        self.accounts.insert(key, account);
        self.authorizations[of.0].sums = sums;
        self.movements[index.0].outcome = Outcome::FailedLater;
        if let Some(fails_at) = self.movements[index.0].fails_at.take() {
            self.timers.remove(&(fails_at, Timer::Refund(index)));
        }
        Ok(())
    }

    fn limit_changed(&mut self, changed: &LimitChanged) -> Result<(), Inconsistent> {
        let profile = Profile::named(&changed.profile).ok_or(Inconsistent("no such test card"))?;
        let key = AccountKey::new(profile, changed.currency);
        let account = Account { limit: changed.limit, ..self.account(key) };
        self.accounts.insert(key, account);
        Ok(())
    }

    fn stop_asking(&mut self, index: AuthorizationIndex, result: ChallengeResult) {
        if let Some(challenge) = self.authorizations[index.0].challenge.as_deref_mut() {
            challenge.progress = Progress::Ended(result);
            self.timers.remove(&(challenge.expires_at, Timer::Challenge(index)));
        }
    }

    fn waiting_mut(&mut self, authorization: &str) -> Result<&mut Waiting, Inconsistent> {
        let index = self.index(authorization)?;
        let challenge = self.authorizations[index.0].challenge.as_deref_mut();
        match challenge.map(|challenge| &mut challenge.progress) {
            Some(Progress::Waiting(waiting)) => Ok(waiting),
            Some(Progress::Ended(_)) | None => Err(NOT_ASKED),
        }
    }

    fn index(&self, authorization: &str) -> Result<AuthorizationIndex, Inconsistent> {
        self.by_id.get(authorization).copied().ok_or(UNKNOWN)
    }

    pub(super) fn use_key(&mut self, stamp: &Stamp, made: Made) {
        let used = UsedKey { fingerprint: stamp.fingerprint, made };
        self.keys.insert(stamp.key.clone(), used);
    }
}

fn started_challenge(at: Timestamp, started: &ChallengeStarted) -> Challenge {
    let waiting = Waiting::first(at, started.channel, started.code.clone());
    Challenge {
        id: started.id.clone(),
        expires_at: started.expires_at,
        return_url: started.return_url.clone(),
        progress: Progress::Waiting(waiting),
    }
}

fn new_authorization(
    at: Timestamp,
    made: &AuthorizationMade,
    sums: Sums,
    (state, challenge): (State, Option<Box<Challenge>>),
) -> Authorization {
    Authorization {
        id: made.id.clone(),
        reference: made.reference.clone(),
        purpose: Purpose::Payment,
        card: made.card.clone(),
        saved: made.saved.clone(),
        currency: made.currency,
        descriptor: made.descriptor.clone(),
        moto: made.moto,
        network: made.network.clone(),
        created_at: at,
        expires_at: made.expires_at,
        captures_max: made.captures_max,
        captures: 0,
        increments_max: made.increments_max,
        increments: 0,
        approval_code: made.approval_code.clone(),
        sums,
        state,
        challenge,
        complains_at: None,
        dispute: None,
        warning: None,
        sale: made.sale.clone(),
        movements: Vec::new(),
        fingerprint: made.stamp.fingerprint,
    }
}
