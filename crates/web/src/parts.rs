//! What the two surfaces are made of.

use std::sync::Arc;

use holdfast_core::id::{AttemptId, PlatformId};
use holdfast_core::secret::Secret;
use holdfast_engine::Engine;
use holdfast_engine::rate_limit::Limits;

/// The marketplace that `holdfast dev` runs, as its buyers know it.
pub(crate) const SHOP: &str = "Bazaar";

/// The secret in the address of a charge's receipt: the same one each time.
pub type ReceiptSecrets = Arc<dyn Fn(AttemptId) -> Secret + Send + Sync>;

/// What the buyers' pages need.
#[derive(Clone)]
pub struct PayParts {
    /// The one way to change anything.
    pub engine: Engine,
    /// Whose pages these are.
    pub platform: PlatformId,
    /// The origin that the pages are served under, such as `http://127.0.0.1:4002`.
    pub pay_origin: String,
    /// The card zone's origin, where the card form posts to.
    pub card_origin: String,
    /// The origin of the banks' challenge pages; empty when there is no sandbox.
    pub sandbox_origin: String,
    /// The key that the card zone asks for.
    pub publishable_key: String,
    /// Draws a secret of at least 128 bits, of letters and digits.
    pub secrets: Arc<dyn Fn() -> String + Send + Sync>,
    /// The secrets of receipts.
    pub receipts: ReceiptSecrets,
    /// How much each address may ask for.
    pub limits: Limits,
}

/// What the console needs.
#[derive(Clone)]
pub struct ConsoleParts {
    /// The one way to change anything.
    pub engine: Engine,
    /// Whose books these are.
    pub platform: PlatformId,
    /// The origin that the console is served under. Nobody is asked to log in: it must be one
    /// that only the operator's own machine can reach.
    pub console_origin: String,
    /// The origin of the pay pages, where receipts are.
    pub pay_origin: String,
    /// The secrets of receipts.
    pub receipts: ReceiptSecrets,
    /// The sandbox's origin, which the console links to; empty when there is none.
    pub sandbox_origin: String,
    /// The example shop's origin, which the console links to; empty when there is none.
    pub shop_origin: String,
    /// The API's origin, whose reference the console links to.
    pub api_origin: String,
    /// How much each address may ask for.
    pub limits: Limits,
}
