//! Promotion codes: a buyer types one, or takes it away again.

use std::sync::Arc;

use axum::body::Body;
use axum::extract::State;
use axum::response::Response;
use holdfast_core::catalogue::name::Name;
use holdfast_core::catalogue::promotion_code::{CODE_CHARS_MAX, PromotionCode, WORD};
use holdfast_core::checkout::CheckoutSession;
use holdfast_core::command::{Command, DiscountBy, NewDiscount};
use holdfast_core::id::{Id as _, PromotionCodeId};
use holdfast_core::refusal::Refusal;
use holdfast_engine::SubmitError;

use super::handlers::{back, open};
use super::surface::Pay;
use super::views::{CodeProblem, Notice};
use crate::address::Address;
use crate::fields::{Field, Fields};
use crate::surface::Surface;
use crate::trouble::Trouble;
use crate::visit::Visit;

/// Codes are ASCII: each character is a byte.
const CODE: Field = Field::new("code", CODE_CHARS_MAX);

/// `POST /c/{session}/{secret}/code` with `code`; an empty one takes the code away.
pub(crate) async fn enter(
    State(pay): State<Arc<Pay>>,
    mut visit: Visit,
    address: Address,
    body: Body,
) -> Response {
    let done = async {
        let purchase = open(&pay, &mut visit, &address).await?;
        let fields = Fields::read(body, &[CODE]).await?;
        // Nobody learns by a page that takes no codes which there are.
        if purchase.session.page.allow_codes != Some(true) {
            return Ok(back(&purchase, None));
        }
        let Some(command) = command(&pay, &purchase.session, fields.text(&CODE).trim()).await?
        else {
            return Ok(back(&purchase, Some(Notice::Code(CodeProblem::Unknown))));
        };
        match pay.submit(command).await {
            Ok(_) => Ok(back(&purchase, None)),
            Err(SubmitError::Refused(refusal)) => {
                Ok(back(&purchase, CodeProblem::of(refusal).map(Notice::Code)))
            }
            Err(error) => Err(Trouble::of_submit(&error)),
        }
    };
    let result = done.await;
    pay.answer(&visit, result)
}

/// What a typed text asks for; nothing where there is no such code.
async fn command(
    pay: &Pay,
    session: &CheckoutSession,
    typed: &str,
) -> Result<Option<Command>, Trouble> {
    if typed.is_empty() {
        return Ok(Some(Command::RemoveCode(session.id)));
    }
    let Some(code) = code_of(pay, session, typed).await? else { return Ok(None) };
    let (engine, platform) = (&pay.parts.engine, pay.parts.platform);
    // Asked of the lists only where it matters.
    let is_first_purchase = !code.first_time_only
        || engine.is_first_purchase(platform, session.customer, session.email()).await?;
    let new = NewDiscount { by: DiscountBy::Code(code.id), is_first_purchase };
    Ok(Some(Command::EnterCode(session.id, new)))
}

/// The code of a word: the buyer's own before everybody's.
async fn code_of(
    pay: &Pay,
    session: &CheckoutSession,
    typed: &str,
) -> Result<Option<PromotionCode>, Trouble> {
    let own = session.customer.map(|customer| PromotionCode::word(typed, Some(customer)));
    for word in own.into_iter().chain([PromotionCode::word(typed, None)]) {
        let key = Name::key_of(pay.parts.platform, WORD, &word);
        let name = pay.find::<Name>(&key).await?;
        let id = name.and_then(|name| PromotionCodeId::parse(&name.target?));
        let Some(id) = id else { continue };
        if let Some(code) = pay.find::<PromotionCode>(&id).await? {
            return Ok(Some(code));
        }
    }
    Ok(None)
}

impl CodeProblem {
    /// What a refusal says of a code; nothing where the purchase's own page says how it stands.
    pub(super) fn of(refusal: Refusal) -> Option<CodeProblem> {
        const BASKET: [Refusal; 6] = [
            Refusal::MinimumNotReached,
            Refusal::DiscountNotApplicable,
            Refusal::CurrencyMismatch,
            Refusal::AmountTooSmall,
            Refusal::AmountTooLarge,
            Refusal::PartExceedsPayment,
        ];
        const NONE: [Refusal; 2] = [Refusal::NotFound, Refusal::CodeOfAnotherCustomer];
        const OVER: [Refusal; 2] = [Refusal::DiscountOver, Refusal::RedemptionsExhausted];
        if BASKET.contains(&refusal) {
            Some(CodeProblem::OtherBasket)
        } else if NONE.contains(&refusal) {
            Some(CodeProblem::Unknown)
        } else if OVER.contains(&refusal) {
            Some(CodeProblem::Over)
        } else if refusal == Refusal::FirstPurchaseOnly {
            Some(CodeProblem::FirstPurchase)
        } else {
            None
        }
    }
}
