//! `/v1/tokens`: names that can be used once, of bank accounts and of cards.
//!
//! Cards are exchanged for tokens by the card zone, which is the only place that sees a number.
//! What is made here are tokens of bank accounts.

use holdfast_core::bank::{BankAccount, BankToken};
use holdfast_core::id::BankTokenId;
use holdfast_core::payment::card::TokenSeen;

use crate::card_guard::HOW_CARDS_BECOME_TOKENS;
use crate::codes;
use crate::error::ApiError;
use crate::expand::Expand;
use crate::fields;
use crate::params::Params;
use crate::pipeline::Answer;
use crate::pipeline::call::Call;
use crate::render::token;
use crate::reply::Reply;

use super::bank_params;

/// What kinds of bank accounts there are. The test accounts are all the same in this.
const ACCOUNT_TYPES: [(&str, ()); 4] =
    [("checking", ()), ("futsu", ()), ("savings", ()), ("toza", ())];

/// `POST /v1/tokens`: of a bank account.
pub(crate) async fn create(call: Call) -> Answer {
    let account = call.read(|params| {
        Expand::take(params, |_| Ok(()))?;
        bank_account(&call, params)
    })?;
    let (id, created) = (call.api.engine().fresh_id(), account.created);
    let id = call.keep_new(BankToken { id, created, account, used_by: None }, None).await?;
    Ok(Reply::ok(&token::of_bank(&call.present::<BankToken>(&id).await?)))
}

/// `GET /v1/tokens/{id}`: of a bank account, or of a card as far as the network tells of it.
pub(crate) async fn retrieve(call: Call) -> Answer {
    call.read(|params| Expand::take(params, |_| Ok(())))?;
    let missing = || ApiError::not_found("token", &call.path_id);
    let Some(card) = fields::token_text(&call.path_id) else {
        let id: BankTokenId = call.id("token")?;
        let row = call.find::<BankToken>(&id).await?.ok_or_else(missing)?;
        return Ok(Reply::ok(&token::of_bank(&row)));
    };
    match call.api.engine().token(&card).await {
        TokenSeen::Known(known) => {
            let now = call.api.engine().now();
            Ok(Reply::ok(&token::of_card(&card, &known, now)))
        }
        TokenSeen::NotFound => Err(missing().into()),
        TokenSeen::Unknown => Err(ApiError::unavailable().into()),
    }
}

fn bank_account(call: &Call, params: &mut Params) -> Result<BankAccount, ApiError> {
    if params.has("card") {
        let message = format!("No token of a card is made here. {HOW_CARDS_BECOME_TOKENS}");
        return Err(ApiError::param(codes::CARD_NUMBER_REFUSED, "card", message));
    }
    let account = params.map("bank_account", |params| {
        params.choice("account_type", &ACCOUNT_TYPES)?;
        bank_params::by_numbers(&call.api, params)
    })?;
    account.ok_or_else(|| params.missing("bank_account"))
}
