//! Where buyers find the receipts of their charges.

use std::fmt;
use std::sync::Arc;

use holdfast_core::id::AttemptId;
use holdfast_core::payment::attempt::Attempt;
use holdfast_core::secret::Secret;

/// Makes the secret of a charge's receipt: always the same one for the same charge, and one that
/// nobody can foresee who has not the installation's key.
pub type ReceiptSecrets = Arc<dyn Fn(AttemptId) -> Secret + Send + Sync>;

/// The addresses of receipts.
#[derive(Clone)]
pub struct Receipts {
    pay_origin: String,
    secrets: ReceiptSecrets,
}

impl Receipts {
    /// Receipts under the origin of the pay pages, `http://127.0.0.1:4002`.
    pub fn new(pay_origin: String, secrets: ReceiptSecrets) -> Receipts {
        Receipts { pay_origin, secrets }
    }

    /// Where the receipt of a charge is; `None` as long as the bank has not agreed to it.
    pub(crate) fn url(&self, row: &Attempt) -> Option<String> {
        row.authorization()?;
        let secret = (self.secrets)(row.id);
        Some(format!("{}/r/{}/{}", self.pay_origin, row.id, secret.reveal()))
    }
}

/// Says nothing of the secrets.
impl fmt::Debug for Receipts {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Receipts").field("pay_origin", &self.pay_origin).finish_non_exhaustive()
    }
}
