//! What all requests share.

use ring::rand::{SecureRandom, SystemRandom};
use tokio::sync::OnceCell;

use crate::api::{ApiError, Client};
use crate::catalogue::Catalogue;
use crate::config::ShopConfig;
use crate::purchases::PurchasesKey;
use crate::sellers::SellerAccounts;
use crate::webhooks::EventLog;

/// The open shop.
pub(crate) struct Shop {
    pub(crate) config: ShopConfig,
    pub(crate) catalogue: Catalogue,
    pub(crate) api: Client,
    pub(crate) purchases_key: PurchasesKey,
    pub(crate) events: EventLog,
    sellers: OnceCell<SellerAccounts>,
    random: SystemRandom,
}

/// Secret keys that move no real money.
const TEST_KEY_PREFIX: &str = "sk_test_";

/// 128 bits: two baskets of the same name will not happen.
const ID_BYTES: usize = 16;

impl Shop {
    /// # Errors
    /// What in the configuration or the catalogue cannot be used, as a sentence.
    pub(crate) fn open(config: ShopConfig) -> Result<Shop, String> {
        config.check().map_err(|error| error.to_string())?;
        Ok(Shop {
            catalogue: Catalogue::shipped()?,
            api: Client::new(&config.api_url, &config.secret_key)?,
            purchases_key: PurchasesKey::derive(&config.secret_key),
            events: EventLog::default(),
            sellers: OnceCell::new(),
            random: SystemRandom::new(),
            config,
        })
    }

    /// The sellers' accounts: asked for once, then remembered.
    pub(crate) async fn seller_accounts(&self) -> Result<&SellerAccounts, ApiError> {
        let find = || SellerAccounts::find(&self.api, &self.catalogue.sellers);
        self.sellers.get_or_try_init(find).await
    }

    /// Whether the shop runs on test keys, and may show how to try it out.
    pub(crate) fn is_test(&self) -> bool {
        self.config.secret_key.starts_with(TEST_KEY_PREFIX)
    }

    /// Whether buyers come by https, so that cookies need never travel otherwise.
    pub(crate) fn is_secure(&self) -> bool {
        self.config.origin.starts_with("https://")
    }

    /// A new name for a basket. `None` where the system has no randomness to give.
    pub(crate) fn fresh_id(&self) -> Option<String> {
        let mut bytes = [0; ID_BYTES];
        self.random.fill(&mut bytes).ok()?;
        Some(letters(&bytes))
    }
}

/// Bytes as letters from `a` to `p`, two for each. Not as digits: the API refuses whatever looks
/// like a card number, in whatever field, and random digits would look like one now and then.
pub(crate) fn letters(bytes: &[u8]) -> String {
    let letter = |half: u8| char::from(b'a' + half);
    bytes.iter().flat_map(|byte| [letter(byte >> 4), letter(byte & 15)]).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_have_no_digits() {
        assert_eq!(letters(&[0x00, 0x19, 0xaf, 0xff]), "aabjkppp");
    }
}
