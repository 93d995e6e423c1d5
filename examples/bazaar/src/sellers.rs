//! Which account of the payment service belongs to which seller of the catalogue.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use crate::api::{Account, ApiError, Client, Form, List};
use crate::catalogue::Seller;
use crate::shop::Shop;

/// The accounts of all sellers in the catalogue.
pub(crate) struct SellerAccounts {
    by_slug: BTreeMap<String, String>,
}

/// The metadata field that holds a seller's slug.
const SLUG_FIELD: &str = "bazaar_seller";

/// Accounts per page, the most that the API gives.
const PAGE_SIZE: &str = "100";

/// Pages looked through for an account. A marketplace with more sellers should sell through a shop
/// that keeps their account ids.
const PAGES_MAX: usize = 20;

/// Pauses between tries, from the first to the longest.
const PAUSE_FIRST: Duration = Duration::from_millis(250);
const PAUSE_LONGEST: Duration = Duration::from_secs(5);

/// Finds or opens the accounts, again and again until it worked once.
pub(crate) async fn keep_trying(shop: Arc<Shop>) {
    let mut pause = PAUSE_FIRST;
    while let Err(error) = shop.seller_accounts().await {
        tracing::info!(%error, "the sellers' accounts are not known yet");
        tokio::time::sleep(pause).await;
        pause = (pause * 2).min(PAUSE_LONGEST);
    }
    tracing::info!("the sellers' accounts are known");
}

impl SellerAccounts {
    /// Finds the account of each seller, and opens one for each that has none.
    pub(crate) async fn find(
        client: &Client,
        sellers: &[Seller],
    ) -> Result<SellerAccounts, ApiError> {
        let accounts = all_accounts(client).await?;
        let mut by_slug = BTreeMap::new();
        for seller in sellers {
            let id = match account_of(seller, &accounts) {
                Some(account) => account.id.clone(),
                None => open(client, seller).await?.id,
            };
            by_slug.insert(seller.slug.clone(), id);
        }
        Ok(SellerAccounts { by_slug })
    }

    pub(crate) fn account(&self, slug: &str) -> Option<&str> {
        self.by_slug.get(slug).map(String::as_str)
    }

    /// The slug of the seller with this account.
    pub(crate) fn slug(&self, account: &str) -> Option<&str> {
        let mut entries = self.by_slug.iter();
        entries.find(|(_, id)| *id == account).map(|(slug, _)| slug.as_str())
    }
}

async fn all_accounts(client: &Client) -> Result<Vec<Account>, ApiError> {
    let mut accounts: Vec<Account> = Vec::new();
    for _ in 0..PAGES_MAX {
        let mut query = Form::default();
        query.set(&["limit"], PAGE_SIZE);
        if let Some(last) = accounts.last() {
            query.set(&["starting_after"], last.id.as_str());
        }
        let page: List<Account> = client.get("/v1/accounts", &query).await?;
        let more = page.has_more && !page.data.is_empty();
        accounts.extend(page.data);
        if !more {
            break;
        }
    }
    Ok(accounts)
}

/// The slug in the metadata is certain; a name alone fits accounts that the operator opened by
/// hand.
fn account_of<'a>(seller: &Seller, accounts: &'a [Account]) -> Option<&'a Account> {
    let slug = |account: &&Account| account.metadata.get(SLUG_FIELD) == Some(&seller.slug);
    let name = |account: &&Account| {
        !account.metadata.contains_key(SLUG_FIELD) && account.name() == Some(&seller.name)
    };
    accounts.iter().find(slug).or_else(|| accounts.iter().find(name))
}

async fn open(client: &Client, seller: &Seller) -> Result<Account, ApiError> {
    let mut form = Form::default();
    form.set(&["business_profile", "name"], seller.name.as_str())
        .set(&["metadata", SLUG_FIELD], seller.slug.as_str());
    // One key per seller: two shops that start at once still open one account.
    let key = format!("bazaar-seller-{}", seller.slug);
    client.post("/v1/accounts", &form, &key).await
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use crate::catalogue::Catalogue;

    #[test]
    fn an_account_is_known_by_slug_then_by_name() {
        let catalogue = Catalogue::shipped().unwrap();
        let seller = catalogue.seller("kyoto-paper").unwrap();
        let table = [
            (r#"[]"#, None),
            (r#"[{"id":"acct_1","metadata":{"bazaar_seller":"kyoto-paper"}}]"#, Some("acct_1")),
            (r#"[{"id":"acct_1","business_profile":{"name":"Kyoto Paper"}}]"#, Some("acct_1")),
            (r#"[{"id":"acct_1","business_profile":{"name":"Kyoto"}}]"#, None),
            (r#"[{"id":"acct_1","business_profile":null}]"#, None),
            (
                r#"[{"id":"acct_1","business_profile":{"name":"Kyoto Paper"}},
                    {"id":"acct_2","metadata":{"bazaar_seller":"kyoto-paper"}}]"#,
                Some("acct_2"),
            ),
            (
                r#"[{"id":"acct_1","business_profile":{"name":"Kyoto Paper"},
                     "metadata":{"bazaar_seller":"other"}}]"#,
                None,
            ),
        ];
        for (json, found) in table {
            let accounts: Vec<Account> = serde_json::from_str(json).unwrap();
            let account = account_of(seller, &accounts).map(|account| account.id.as_str());
            assert_eq!(account, found, "{json}");
        }
    }
}
