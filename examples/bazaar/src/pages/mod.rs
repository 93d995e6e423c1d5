//! The pages: what they show, and the handlers that show them.

pub(crate) mod assets;
pub(crate) mod basket;
pub(crate) mod catalogue;
pub(crate) mod orders;
pub(crate) mod product;
pub(crate) mod thanks;
pub(crate) mod trouble;
pub(crate) mod webhooks;

mod views;

use std::sync::Arc;

use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};

pub(crate) use trouble::Trouble;

use crate::shop::Shop;
use crate::texts::{Language, Texts};

/// What every page shows around its content.
pub(crate) struct Page {
    pub(crate) t: &'static Texts,
    pub(crate) basket_count: u32,
    /// The address of this page in the other language.
    pub(crate) other_language: String,
    pub(crate) shop: Arc<Shop>,
}

impl Page {
    fn language(&self) -> Language {
        self.t.language()
    }

    fn asset(&self, name: &str) -> String {
        assets::address(name)
    }
}

/// The text of a price for the templates; empty for a sum that no number can hold.
fn shown(money: Option<crate::money::Money>) -> String {
    money.map(|money| money.to_string()).unwrap_or_default()
}

/// A page as an answer.
pub(crate) fn html(status: StatusCode, template: &impl askama::Template) -> Response {
    match template.render() {
        Ok(body) => {
            let kind = [(header::CONTENT_TYPE, "text/html; charset=utf-8")];
            (status, kind, body).into_response()
        }
        Err(error) => {
            tracing::error!(%error, "a page cannot be rendered");
            StatusCode::INTERNAL_SERVER_ERROR.into_response()
        }
    }
}
