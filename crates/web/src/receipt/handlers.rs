//! The receipt's handler. It shows; nothing can be done from here, because receipts are handed on.

use std::sync::Arc;

use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;

use super::known::KnownCharge;
use super::pages::ReceiptPage;
use super::receipt_path;
use crate::address::Address;
use crate::page::{Problem, page};
use crate::pay::surface::Pay;
use crate::surface::Surface;
use crate::trouble::Trouble;
use crate::visit::Visit;

/// `GET /r/{charge}/{secret}`.
pub(crate) async fn show(
    State(pay): State<Arc<Pay>>,
    mut visit: Visit,
    address: Address,
) -> Response {
    let shown = async {
        let known = open(&pay, &address).await?;
        visit.set_locale(known.locale());
        let v = &known.page()?;
        let shell = pay.shell(Some(&receipt_path(&pay.parts.receipts, known.attempt.id)));
        Ok(page(StatusCode::OK, &ReceiptPage { t: visit.texts(), shell: &shell, v }))
    };
    let result = shown.await;
    pay.answer(&visit, result)
}

/// The charge that an address opens. One with a wrong secret is not there, and neither is the
/// receipt of a charge that the bank has not agreed to.
async fn open(pay: &Pay, address: &Address) -> Result<KnownCharge, Trouble> {
    let id = address.charge().ok_or(Problem::NotFound)?;
    // Before anything is loaded, so that guessing costs the store nothing.
    if !(pay.parts.receipts)(id).matches(&address.secret) {
        return Err(Problem::NotFound.into());
    }
    let known = KnownCharge::load(pay, id).await?;
    Ok(known.ok_or(Problem::NotFound)?)
}
