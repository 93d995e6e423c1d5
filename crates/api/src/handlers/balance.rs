//! `/v1/balance`: the platform's, or a seller's in whose name it is asked for.

use holdfast_core::balance::Balance;
use holdfast_core::currency::Currency;
use holdfast_core::held::HeldFunds;
use holdfast_core::id::SellerId;
use holdfast_core::key::RowKind;
use holdfast_core::money::Money;
use holdfast_core::row::Record as _;
use holdfast_core::seller::Seller;
use holdfast_engine::balance::{of_platform, of_seller};
use holdfast_engine::query::{Created, PAGE_MAX, Page, RowsQuery};

use crate::error::ApiError;
use crate::expand::Expand;
use crate::pipeline::Answer;
use crate::pipeline::call::Call;
use crate::pipeline::halt::Halt;
use crate::render::balance;
use crate::reply::Reply;

/// `GET /v1/balance`.
pub(crate) async fn retrieve(call: Call) -> Answer {
    call.read(|params| Expand::take(params, |_| Ok(())))?;
    let (read, platform) = (call.api.engine().read(), call.api.platform());
    let object = match call.seller {
        Some(seller) => {
            let mut sums = of_seller(read, platform, seller).await?;
            sums.name(call.present::<Seller>(&seller).await?.currency);
            // Not yet the seller's, and so in none of its accounts; but it is what it waits for.
            for state in ["held", "frozen"] {
                add_held(&call, seller, state, &mut sums).await?;
            }
            sums.even_out();
            balance::of_seller(&sums)
        }
        None => {
            let mut sums = of_platform(read, platform).await?;
            sums.name(Currency::USD);
            balance::of_platform(&sums)
        }
    };
    Ok(Reply::ok(&object))
}

/// The most pages of held funds that are added up: more than a seller has open at once.
const PAGES_MAX: usize = 200;

async fn add_held(
    call: &Call,
    seller: SellerId,
    state: &str,
    sums: &mut Balance,
) -> Result<(), Halt> {
    let mut older_than = None;
    for _ in 0..PAGES_MAX {
        let query = RowsQuery {
            platform: call.api.platform(),
            kind: RowKind::HeldFunds,
            links: vec![seller.to_string()],
            states: vec![state.to_owned()],
            created: Created::default(),
            page: Page { older_than, newer_than: None, limit: PAGE_MAX },
        };
        let rows = call.api.engine().read().rows(&query).await?;
        for funds in rows.iter().filter_map(HeldFunds::of_row) {
            let sum = sums.pending.entry(funds.amount.currency()).or_insert(0);
            let left = funds.left().map(Money::minor).ok();
            let added = left.and_then(|left| sum.checked_add(left));
            *sum = added.ok_or_else(ApiError::internal)?;
        }
        match rows.last() {
            Some(last) if rows.len() == PAGE_MAX => older_than = Some(last.key().id()),
            Some(_) | None => return Ok(()),
        }
    }
    tracing::error!(%seller, "a seller has more held funds than are added up");
    Err(ApiError::internal().into())
}
