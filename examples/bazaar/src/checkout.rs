//! From the basket to the pay page: opens a checkout session and sends the buyer there.

use axum::body::Bytes;
use axum::response::Response;
use ring::digest;

use crate::api::{ApiError, Form, Session, SessionStatus};
use crate::basket::Basket;
use crate::catalogue::Catalogue;
use crate::fields::{self, Fields};
use crate::pages::{self, Trouble};
use crate::sellers::SellerAccounts;
use crate::shop::letters;
use crate::texts::Language;
use crate::visit::Visit;

/// All that a checkout session depends on.
struct Checkout<'a> {
    origin: &'a str,
    catalogue: &'a Catalogue,
    sellers: &'a SellerAccounts,
    basket: &'a Basket,
    language: Language,
    email: Option<&'a str>,
}

/// `POST /checkout`, with an optional `email`.
pub(crate) async fn begin(mut visit: Visit, body: Bytes) -> Response {
    let Some(fields) = Fields::from_body(&body) else {
        return visit.trouble(&Trouble::BadForm);
    };
    if visit.basket.is_empty() {
        return visit.redirect("/basket");
    }
    let given = fields.find("email").unwrap_or_default();
    let Ok(email) = fields::email(given) else {
        return pages::basket::with_bad_email(visit, given);
    };
    match session_for(&mut visit, email).await {
        Ok(session) => send_to(visit, &session),
        Err(error) => {
            // The API may have stored the failure under the key, so the next try needs another one.
            visit.rename_basket();
            visit.trouble(&Trouble::Api(error))
        }
    }
}

/// The open session of this basket, or the complete one if it was paid in another tab.
async fn session_for(visit: &mut Visit, email: Option<&str>) -> Result<Session, ApiError> {
    let session = open(visit, email).await?;
    let known = visit.remember(&session.id);
    if !known {
        return Ok(session);
    }
    // The answer was the stored one of an earlier try, so how the session stands today must be
    // asked.
    let path = format!("/v1/checkout/sessions/{}", session.id);
    let session: Session = visit.shop.api.get(&path, &Form::default()).await?;
    if session.status != SessionStatus::Expired {
        return Ok(session);
    }
    visit.rename_basket();
    let session = open(visit, email).await?;
    visit.remember(&session.id);
    Ok(session)
}

async fn open(visit: &Visit, email: Option<&str>) -> Result<Session, ApiError> {
    let shop = &visit.shop;
    let checkout = Checkout {
        origin: &shop.config.origin,
        catalogue: &shop.catalogue,
        sellers: shop.seller_accounts().await?,
        basket: &visit.basket,
        language: visit.language,
        email,
    };
    let form = checkout.form();
    shop.api.post("/v1/checkout/sessions", &form, &idempotency_key(visit.basket.id(), &form)).await
}

fn send_to(visit: Visit, session: &Session) -> Response {
    match (session.status, session.pay_page()) {
        (SessionStatus::Complete, _) => visit.redirect(&format!("/thanks?session={}", session.id)),
        (SessionStatus::Open, Some(pay_page)) => visit.redirect(pay_page),
        (SessionStatus::Open | SessionStatus::Expired, _) => {
            visit.trouble(&Trouble::Api(ApiError::Unreadable { request_id: None }))
        }
    }
}

/// The basket's name and a digest of all that is asked for. A double click, a reload or a second
/// tab sends the same key and gets the same session; a changed basket gets a session of its own.
fn idempotency_key(basket: &str, form: &Form) -> String {
    let digest = digest::digest(&digest::SHA256, form.encode().as_bytes());
    format!("bazaar-{basket}-{}", letters(&digest.as_ref()[..16]))
}

impl Checkout<'_> {
    fn form(&self) -> Form {
        let mut form = Form::default();
        let origin = self.origin;
        form.set(&["mode"], "payment")
            .set(&["locale"], self.language.code())
            .set(&["client_reference_id"], self.basket.id())
            .set(&["success_url"], format!("{origin}/thanks?session={{CHECKOUT_SESSION_ID}}"))
            .set(&["cancel_url"], format!("{origin}/basket?cancelled=1"))
            .set(&["metadata", "shop"], "bazaar");
        if let Some(email) = self.email {
            form.set(&["customer_email"], email);
        }
        self.add_lines(&mut form);
        self.add_shipping(&mut form);
        form
    }

    fn add_lines(&self, form: &mut Form) {
        let currency = self.catalogue.currency().lower_case();
        for (index, line) in self.basket.lines().iter().enumerate() {
            let Some(product) = self.catalogue.product(&line.product) else { continue };
            let seller = self.sellers.account(&product.seller).unwrap_or_default();
            let price = self.catalogue.price(product).minor().to_string();
            let name = product.name.of(self.language);
            let index = index.to_string();
            let mut set = |path: &[&str], value: &str| {
                form.set(&[&["line_items", &index], path].concat(), value);
            };
            set(&["quantity"], &line.quantity.to_string());
            set(&["seller"], seller);
            set(&["price_data", "currency"], &currency);
            set(&["price_data", "unit_amount"], &price);
            set(&["price_data", "product_data", "name"], name);
            if product.cards_excluded {
                set(&["excluded_payment_method_types", "0"], "card");
            }
        }
    }

    fn add_shipping(&self, form: &mut Form) {
        let currency = self.catalogue.currency().lower_case();
        for (index, shipping) in self.catalogue.shipping.iter().enumerate() {
            let price = self.catalogue.shipping_price(shipping).minor().to_string();
            let index = index.to_string();
            let mut set = |path: &[&str], value: &str| {
                let rate = ["shipping_options", &index, "shipping_rate_data"];
                form.set(&[&rate, path].concat(), value);
            };
            set(&["display_name"], shipping.name.of(self.language));
            set(&["type"], "fixed_amount");
            set(&["fixed_amount", "amount"], &price);
            set(&["fixed_amount", "currency"], &currency);
        }
    }
}
