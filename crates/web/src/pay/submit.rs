//! *Pay now*: one post, one charge, however often it comes.

use axum::body::Body;
use holdfast_core::command::{Claim, Command, ConfirmCheckoutSession, Subject};
use holdfast_core::id::{AttemptId, SetupAttemptId};
use holdfast_core::money::Money;
use holdfast_core::payment::attempt::Attempt;
use holdfast_core::payment::card::{CardSummary, CardToken, TokenSeen};
use holdfast_core::payment::setup::SetupAttempt;
use holdfast_core::refusal::Refusal;
use holdfast_core::replay::Replay;
use holdfast_core::row::Record;
use holdfast_core::secret::Secret;
use holdfast_engine::{Submission, SubmitError, Submitted};
use ring::digest::{SHA256, digest};

use super::decline::Decline;
use super::purchase::{Purchase, Stage};
use super::said::{self, Said};
use super::surface::Pay;
use super::views::{CodeProblem, Notice};
use crate::fields::{Field, Fields, bad_form};
use crate::trouble::Trouble;

/// A token: its prefix and what the processor drew. The longest that are published have 80.
const TOKEN: Field = Field::new("token", 120);
/// The name of an attempt, which is an id or a word.
const ATTEMPT: Field = Field::new("attempt", 40);
/// The total that the buyer was shown, in minor units of the session's currency.
const TOTAL: Field = Field::new("total", 20);
/// The beginnings of what names a card.
const TOKEN_PREFIXES: [&str; 2] = ["tok_", "pm_"];

/// An attempt that a bank was asked for.
#[derive(Clone, Copy, Debug)]
pub(super) enum Tried {
    /// To pay.
    Payment(AttemptId),
    /// To keep a card.
    Setup(SetupAttemptId),
}

/// What came of a post.
#[derive(Debug)]
pub(super) enum Asked {
    /// The bank is being asked, now or since an earlier post of the same page.
    Bank(Tried),
    /// Nobody was asked: something beside the card will not do. The card's token is still good.
    Amend {
        /// The token.
        token: String,
        /// What was typed.
        said: Box<Said>,
    },
    /// Nobody was asked; the notice says why, where the purchase's own page does not.
    Nobody(Option<Notice>),
    /// The purchase was paid by another post before.
    PaidAlready,
}

/// Reads the form and submits it, once for each attempt that the page makes.
pub(super) async fn pay_now(pay: &Pay, purchase: &Purchase, body: Body) -> Result<Asked, Trouble> {
    let form = Form::read(purchase, body).await?;
    match purchase.stage(pay.parts.engine.now()) {
        // A page from before the last attempt: the buyer sees first what became of that one.
        Stage::Open if form.attempt != purchase.attempt_name() => Ok(Asked::Nobody(None)),
        Stage::Open if !form.said.is_complete(purchase) => {
            Ok(Asked::Amend { token: form.token, said: Box::new(form.said) })
        }
        Stage::Open => submit(pay, purchase, &form).await,
        Stage::Waiting | Stage::Challenged(_) => Ok(purchase.under_way()),
        Stage::Paid { .. } => paid_before(pay, purchase, &form).await,
        Stage::Closed(_) => Ok(Asked::Nobody(None)),
    }
}

/// Whether a text is a token, by its form.
pub(super) fn is_token(text: &str) -> bool {
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'_';
    text.len() <= TOKEN.bytes_max
        && TOKEN_PREFIXES.iter().any(|prefix| text.starts_with(prefix))
        && text.bytes().all(plain)
}

struct Form {
    token: String,
    attempt: String,
    total: Money,
    said: Said,
}

impl Form {
    async fn read(purchase: &Purchase, body: Body) -> Result<Form, Trouble> {
        let asked: Vec<Field> = [TOKEN, ATTEMPT, TOTAL].into_iter().chain(said::fields()).collect();
        let fields = Fields::read(body, &asked).await?;
        let token = fields.text(&TOKEN).to_owned();
        if !is_token(&token) {
            return Err(TOKEN.malformed());
        }
        let total = Money::new(fields.number(&TOTAL)?, purchase.session.currency);
        let said = Said::of(&fields, purchase);
        Ok(Form { token, attempt: fields.text(&ATTEMPT).to_owned(), total, said })
    }

    /// Tells two forms of one attempt apart without keeping the token.
    fn fingerprint(&self) -> String {
        let digest = digest(&SHA256, format!("{} {}", self.token, self.total.minor()).as_bytes());
        digest.as_ref().iter().map(|byte| format!("{byte:02x}")).collect()
    }

    fn key(&self, purchase: &Purchase) -> String {
        format!("pay_page/{}/{}", purchase.session.id, self.attempt)
    }
}

async fn submit(pay: &Pay, purchase: &Purchase, form: &Form) -> Result<Asked, Trouble> {
    let token = CardToken::new(form.token.clone());
    let seen = match seen(pay, purchase, &token).await {
        Ok(seen) => seen,
        Err(notice) => return Ok(Asked::Nobody(Some(notice))),
    };
    let submission = Submission {
        platform: pay.parts.platform,
        command: Command::ConfirmCheckoutSession(ConfirmCheckoutSession {
            session: purchase.session.id,
            token: Some(token),
            seen,
            card_use: Default::default(),
            total: form.total,
            given: form.said.given(purchase),
            return_url: format!("{}{}/return", pay.parts.pay_origin, purchase.path),
            secret: Secret::new((pay.parts.secrets)()),
        }),
        effect: None,
        claim: Some(Claim {
            key: form.key(purchase),
            fingerprint: form.fingerprint(),
            subject: Subject::Known(purchase.session.own_key()),
        }),
        origin: None,
    };
    match pay.parts.engine.submit(submission).await {
        Ok(submitted) => Ok(match tried(&submitted) {
            Some(tried) => Asked::Bank(tried),
            // The same attempt was posted at the same moment, by a second click or another tab:
            // the first post counts, and the purchase's own page says what becomes of it.
            None => Asked::Nobody(None),
        }),
        Err(SubmitError::Refused(refusal)) => refused(refusal),
        Err(error) => Err(Trouble::of_submit(&error)),
    }
}

/// The card of a token, where the shop does not take all; or what keeps it from being known.
async fn seen(
    pay: &Pay,
    purchase: &Purchase,
    token: &CardToken,
) -> Result<Option<Box<CardSummary>>, Notice> {
    if purchase.session.terms.blocked.is_empty() {
        return Ok(None);
    }
    match pay.parts.engine.token(token).await {
        TokenSeen::Known(known) => Ok(Some(Box::new(known.card))),
        TokenSeen::NotFound => Err(Notice::CardEntryOver),
        TokenSeen::Unknown => Err(Notice::Declined(Decline::Later)),
    }
}

/// What a command has made: the attempt of a payment, or to keep a card.
fn tried(submitted: &Submitted) -> Option<Tried> {
    let paid = submitted.made::<Attempt>().map(|attempt| Tried::Payment(attempt.id));
    paid.or_else(|| submitted.made::<SetupAttempt>().map(|attempt| Tried::Setup(attempt.id)))
}

fn refused(refusal: Refusal) -> Result<Asked, Trouble> {
    // For each of these the purchase's own page says how it stands.
    const SHOWN: [Refusal; 5] = [
        Refusal::AnswersMissing,
        Refusal::SessionNotOpen,
        Refusal::CardNotAllowed,
        Refusal::PaymentUnexpectedState,
        Refusal::SetupUnexpectedState,
    ];
    if refusal == Refusal::TotalChanged {
        return Ok(Asked::Nobody(Some(Notice::TotalChanged)));
    }
    if refusal == Refusal::CardBlocked {
        return Ok(Asked::Nobody(Some(Notice::CardBlocked)));
    }
    if let Refusal::RedemptionsExhausted | Refusal::FirstPurchaseOnly = refusal {
        return Ok(Asked::Nobody(CodeProblem::of(refusal).map(Notice::Code)));
    }
    if refusal == Refusal::ShippingNotChosen {
        return Ok(Asked::Nobody(Some(Notice::ShippingNotChosen)));
    }
    if SHOWN.contains(&refusal) { Ok(Asked::Nobody(None)) } else { Err(bad_form()) }
}

impl Purchase {
    fn under_way(&self) -> Asked {
        let paid = self.attempt.as_ref().map(|attempt| Tried::Payment(attempt.id));
        let kept = self.setup.as_ref().and_then(|(_, attempt)| attempt.as_ref());
        let tried = paid.or_else(|| kept.map(|attempt| Tried::Setup(attempt.id)));
        tried.map_or(Asked::Nobody(None), Asked::Bank)
    }
}

/// The second post of one click says nothing new; any other tried to pay once more.
async fn paid_before(pay: &Pay, purchase: &Purchase, form: &Form) -> Result<Asked, Trouble> {
    let first = pay.find::<Replay>(&form.key(purchase)).await?;
    let is_same = first.is_some_and(|first| first.fingerprint == form.fingerprint());
    Ok(if is_same { Asked::Nobody(None) } else { Asked::PaidAlready })
}
