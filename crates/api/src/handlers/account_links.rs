//! `/v1/account_links` and `/v1/accounts/{id}/login_links`: what lets a seller in.

use holdfast_core::id::SellerId;
use holdfast_core::link::{self, LinkPurpose};
use holdfast_core::seller::Seller;
use holdfast_core::time::Span;

use crate::error::ApiError;
use crate::expand::Expand;
use crate::fields;
use crate::objects::{AccountLink, AccountLinkWord, LoginLink, LoginLinkWord};
use crate::params::Params;
use crate::pipeline::Answer;
use crate::pipeline::call::Call;
use crate::pipeline::halt::Halt;
use crate::reply::Reply;

use super::accounts;

/// How long a link lets somebody in: long enough for a redirect, short enough that one that was
/// forwarded or logged is worth nothing.
const LINK_LIFE: Span = Span::seconds(10 * 60);

/// `POST /v1/account_links`.
pub(crate) async fn create(call: Call) -> Answer {
    let (seller, mut row) = call.read(|params| {
        Expand::take(params, |_| Ok(()))?;
        create_params(&call, params)
    })?;
    let found = call.find::<Seller>(&seller).await?;
    found
        .ok_or_else(|| ApiError::not_found("account", &seller.to_string()).with_param("account"))?;
    row.seller = seller;
    let row = kept(&call, row).await?;
    Ok(Reply::ok(&AccountLink {
        object: AccountLinkWord,
        created: row.created.seconds(),
        expires_at: row.expires_at.seconds(),
        url: address(&call, &row),
    }))
}

/// `POST /v1/accounts/{id}/login_links`.
pub(crate) async fn create_login(call: Call) -> Answer {
    call.read(|params| Expand::take(params, |_| Ok(())))?;
    let seller = accounts::find(&call, accounts::named(&call)?).await?;
    let row = kept(&call, new(&call, seller.id, LinkPurpose::Login)).await?;
    Ok(Reply::ok(&LoginLink {
        object: LoginLinkWord,
        created: row.created.seconds(),
        url: address(&call, &row),
    }))
}

/// Writes the link, or finds the one that the same idempotency key has made.
async fn kept(call: &Call, row: link::AccountLink) -> Result<link::AccountLink, Halt> {
    let id = call.keep_new(row, None).await?;
    call.present::<link::AccountLink>(&id).await
}

fn new(call: &Call, seller: SellerId, purpose: LinkPurpose) -> link::AccountLink {
    let now = call.api.engine().now();
    link::AccountLink {
        id: call.api.engine().fresh_id(),
        created: now,
        seller,
        purpose,
        refresh_url: None,
        return_url: None,
        secret: call.api.secret(),
        expires_at: now.after(LINK_LIFE),
        visit: None,
    }
}

fn create_params(
    call: &Call,
    params: &mut Params,
) -> Result<(SellerId, link::AccountLink), ApiError> {
    let seller = fields::id(params, "account", "account")?;
    let seller: SellerId = seller.ok_or_else(|| params.missing("account"))?;
    let purposes =
        [("account_onboarding", LinkPurpose::Onboarding), ("account_update", LinkPurpose::Update)];
    let purpose = params.required_choice("type", &purposes)?;
    let mut row = new(call, seller, purpose);
    row.refresh_url = fields::url(params, "refresh_url")?;
    row.return_url = fields::url(params, "return_url")?;
    for (name, slot) in [("refresh_url", &row.refresh_url), ("return_url", &row.return_url)] {
        if slot.is_none() {
            return Err(params.missing(name));
        }
    }
    // The pages ask for everything at once; what to collect first is a wish without effect.
    let when = [("currently_due", ()), ("eventually_due", ())];
    params.choice("collect", &when)?;
    params.map("collection_options", |params| {
        params.choice("fields", &when)?;
        params.choice("future_requirements", &[("include", ()), ("omit", ())])
    })?;
    Ok((seller, row))
}

fn address(call: &Call, row: &link::AccountLink) -> String {
    format!("{}/seller/enter/{}/{}", call.api.console_origin(), row.id, row.secret.reveal())
}
