//! `DELETE /v1/accounts/{id}`: only a seller who is owed nothing and will not be.
//!
//! What could still bring it money is looked for beside the commit, before it and once more after
//! it: whoever names a seller relies on its row, so that nothing can name one who is gone, and what
//! was made between the two looks is found by the second. Then the seller is as it was before.
//! Money needs no look: the commit refuses while there is any, and no commit pays one who is gone.

use holdfast_core::command::{Command, EditSeller};
use holdfast_core::id::SellerId;
use holdfast_core::key::RowKind;
use holdfast_core::refusal::Refusal;
use holdfast_core::row::Record as _;
use holdfast_core::seller::Seller;
use holdfast_engine::Submission;
use holdfast_engine::query::RowsQuery;

use crate::codes;
use crate::error::ApiError;
use crate::objects::Deleted;
use crate::pipeline::Answer;
use crate::pipeline::call::Call;
use crate::pipeline::halt::Halt;
use crate::reply::Reply;

use super::accounts;

/// `DELETE /v1/accounts/{id}`.
pub(crate) async fn delete(call: Call) -> Answer {
    call.read(|_| Ok(()))?;
    let id = accounts::named(&call)?;
    accounts::find(&call, id).await?;
    refuse_named(&call, id).await?;
    let now = call.api.engine().now();
    let deleted = accounts::edit(&call, id, |row| {
        row.deleted = Some(now);
        Ok(Vec::new())
    })
    .await;
    deleted.map_err(|halt| match halt {
        Halt::Refused(Refusal::BalanceInsufficient) => not_empty("a balance").into(),
        Halt::Error(_) | Halt::Refused(_) | Halt::Replay(_) => halt,
    })?;
    if let Err(found) = refuse_named(&call, id).await {
        restore(&call, id).await?;
        return Err(found);
    }
    Ok(Reply::ok(&Deleted::new("account", id.to_string())))
}

/// What may still bring a seller money, by the words of the message: in which states.
const OPEN: [(&str, RowKind, &[&str]); 6] = [
    ("open orders", RowKind::Order, &["awaiting_shipment", "shipped", "delivered", "in_claim"]),
    ("held funds", RowKind::HeldFunds, &["held", "frozen"]),
    // A seller who has paid for one has its part again when it fails.
    ("refunds under way", RowKind::Refund, &["sending", "unknown"]),
    ("open checkout sessions", RowKind::CheckoutSession, &["open"]),
    ("active payment links", RowKind::PaymentLink, &["active"]),
    (
        "open payments",
        RowKind::PaymentIntent,
        &[
            "requires_payment_method",
            "requires_confirmation",
            "requires_action",
            "processing",
            "requires_capture",
        ],
    ),
];

async fn refuse_named(call: &Call, seller: SellerId) -> Result<(), Halt> {
    let (read, platform) = (call.api.engine().read(), call.api.platform());
    for (what, kind, states) in OPEN {
        for state in states {
            let one = RowsQuery::newest(platform, kind, 1).linked(&seller).in_state(state);
            if !read.rows(&one).await?.is_empty() {
                return Err(not_empty(what).into());
            }
        }
    }
    Ok(())
}

fn not_empty(what: &str) -> ApiError {
    let message = format!("The account has {what}; only an empty one is deleted.");
    ApiError::invalid(codes::ACCOUNT_NOT_EMPTY, message)
}

/// Takes the deletion back. Nobody else writes a seller who is gone.
async fn restore(call: &Call, id: SellerId) -> Result<(), Halt> {
    let (engine, platform) = (call.api.engine(), call.api.platform());
    let found = engine.load(platform, &[Seller::key(&id)]).await?;
    let stored = found.into_iter().next().flatten().ok_or_else(ApiError::internal)?;
    let gone = Seller::of_row(&stored.row).ok_or_else(ApiError::internal)?;
    let seller = Seller { deleted: None, ..gone.clone() };
    let edit = EditSeller { seller, expected: stored.version, token: None, events: Vec::new() };
    let command = Command::EditSeller(Box::new(edit));
    engine.submit(Submission::new(platform, command)).await?;
    Ok(())
}
