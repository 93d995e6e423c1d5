//! One request of a buyer: the language, the basket and the purchases that came with it, and the
//! cookies that go back.

use std::sync::Arc;

use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use axum::http::{HeaderValue, Method, StatusCode, header};
use axum::response::{IntoResponse, Response};

use crate::basket::Basket;
use crate::cookies::{self, Jar};
use crate::fields::Fields;
use crate::pages::{self, Page, Trouble};
use crate::purchases::Purchases;
use crate::shop::Shop;
use crate::texts::{Language, Texts};

/// A buyer's request, taken apart.
pub(crate) struct Visit {
    pub(crate) shop: Arc<Shop>,
    pub(crate) language: Language,
    pub(crate) basket: Basket,
    pub(crate) purchases: Purchases,
    pub(crate) query: Fields,
    /// Where the other language of this page is found: its path, or the basket after a form.
    path: String,
    jar: Jar,
}

const BASKET_DAYS: u32 = 30;
const PURCHASES_DAYS: u32 = 180;
const LANGUAGE_DAYS: u32 = 365;

impl FromRequestParts<Arc<Shop>> for Visit {
    type Rejection = StatusCode;

    async fn from_request_parts(parts: &mut Parts, shop: &Arc<Shop>) -> Result<Visit, StatusCode> {
        let query = Fields::from_query(&parts.uri);
        let mut jar = Jar::new(shop.is_secure());
        let language = language(parts, &query, &mut jar);
        let fresh = shop.fresh_id().ok_or(StatusCode::SERVICE_UNAVAILABLE)?;
        let basket = cookies::read(&parts.headers, cookies::BASKET)
            .and_then(|cookie| Basket::from_cookie(cookie, &shop.catalogue))
            .unwrap_or_else(|| Basket::empty(fresh));
        let purchases = cookies::read(&parts.headers, cookies::PURCHASES)
            .and_then(|cookie| Purchases::from_cookie(cookie, &shop.purchases_key))
            .unwrap_or_default();
        let read = parts.method == Method::GET || parts.method == Method::HEAD;
        let path = if read { parts.uri.path() } else { "/basket" }.to_owned();
        Ok(Visit { shop: Arc::clone(shop), language, basket, purchases, query, path, jar })
    }
}

impl Visit {
    /// What every page needs to know.
    pub(crate) fn page(&self) -> Page {
        Page {
            t: Texts::of(self.language),
            basket_count: self.basket.count(),
            other_language: self.other_language(),
            shop: Arc::clone(&self.shop),
        }
    }

    /// Keeps the basket for the next request.
    pub(crate) fn keep_basket(&mut self) {
        let cookie = self.basket.to_cookie();
        self.jar.set(cookies::BASKET, &cookie, BASKET_DAYS);
    }

    /// Empties the basket, because it was bought.
    pub(crate) fn forget_basket(&mut self) {
        if let Some(fresh) = self.shop.fresh_id() {
            self.basket = Basket::empty(fresh);
        }
        self.jar.set(cookies::BASKET, "", 0);
    }

    /// Gives the basket a new name, so that its next checkout is a new one.
    pub(crate) fn rename_basket(&mut self) {
        if let Some(fresh) = self.shop.fresh_id() {
            self.basket.rename(fresh);
            self.keep_basket();
        }
    }

    /// Notes that this browser began a checkout. Answers whether it was noted before.
    pub(crate) fn remember(&mut self, session: &str) -> bool {
        let known = self.purchases.remember(session);
        let cookie = self.purchases.to_cookie(&self.shop.purchases_key);
        self.jar.set(cookies::PURCHASES, &cookie, PURCHASES_DAYS);
        known
    }

    /// Ends the visit with a page.
    pub(crate) fn show(self, status: StatusCode, template: &impl askama::Template) -> Response {
        let mut response = pages::html(status, template);
        self.jar.fill(response.headers_mut());
        response
    }

    /// Ends the visit by sending the browser elsewhere: a path of the shop, or an address that the
    /// API gave. Never one that came with the request.
    pub(crate) fn redirect(self, to: &str) -> Response {
        let Ok(location) = HeaderValue::try_from(to) else {
            return self.trouble(&Trouble::Broken);
        };
        let mut response = StatusCode::SEE_OTHER.into_response();
        response.headers_mut().insert(header::LOCATION, location);
        self.jar.fill(response.headers_mut());
        response
    }

    /// Ends the visit with a kind word about what went wrong.
    pub(crate) fn trouble(self, trouble: &Trouble) -> Response {
        let (status, template) = pages::trouble::page(self.page(), trouble);
        self.show(status, &template)
    }

    fn other_language(&self) -> String {
        let mut query = form_urlencoded::Serializer::new(String::new());
        query.extend_pairs(self.query.pairs().filter(|(key, _)| *key != "lang"));
        query.append_pair("lang", self.language.other().code());
        format!("{}?{}", self.path, query.finish())
    }
}

/// The language that this visit asks for, else the one chosen before, else the browser's, else
/// English.
fn language(parts: &Parts, query: &Fields, jar: &mut Jar) -> Language {
    if let Some(language) = query.find("lang").and_then(Language::from_tag) {
        jar.set(cookies::LANGUAGE, language.code(), LANGUAGE_DAYS);
        return language;
    }
    let chosen = cookies::read(&parts.headers, cookies::LANGUAGE).and_then(Language::from_tag);
    let accepted = parts.headers.get(header::ACCEPT_LANGUAGE);
    let accepted = accepted.and_then(|value| value.to_str().ok());
    chosen
        .or_else(|| accepted.and_then(Language::from_accept_language))
        .unwrap_or(Language::English)
}
