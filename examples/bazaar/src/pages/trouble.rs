//! What a buyer reads when something went wrong.

use askama::Template;
use axum::http::StatusCode;

use crate::api::ApiError;
use crate::pages::Page;

/// Why a page cannot be shown.
pub(crate) enum Trouble {
    NotFound,
    /// The form is none of the shop's, or incomplete.
    BadForm,
    /// The form was sent by a page of another site.
    OtherSite,
    /// The shop itself failed.
    Broken,
    /// The API failed, or was not reached.
    Api(ApiError),
}

/// The page that tells of it.
#[derive(Template)]
#[template(path = "trouble.html")]
pub(crate) struct TroublePage {
    page: Page,
    title: &'static str,
    text: &'static str,
    /// The API's id of the request, for whoever is asked for help.
    reference: Option<String>,
}

pub(crate) fn page(page: Page, trouble: &Trouble) -> (StatusCode, TroublePage) {
    let (status, key) = match trouble {
        Trouble::NotFound => (StatusCode::NOT_FOUND, "trouble.not_found"),
        Trouble::BadForm => (StatusCode::BAD_REQUEST, "trouble.bad_form"),
        Trouble::OtherSite => (StatusCode::FORBIDDEN, "trouble.other_site"),
        Trouble::Broken => (StatusCode::INTERNAL_SERVER_ERROR, "trouble.broken"),
        Trouble::Api(ApiError::Unreachable) => {
            (StatusCode::SERVICE_UNAVAILABLE, "trouble.unreachable")
        }
        Trouble::Api(ApiError::Refused { .. } | ApiError::Unreadable { .. }) => {
            (StatusCode::BAD_GATEWAY, "trouble.refused")
        }
    };
    let find = |part: &str| page.t.find(&format!("{key}.{part}")).unwrap_or_default();
    let (title, text) = (find("title"), find("text"));
    let reference = match trouble {
        Trouble::Api(error) => error.request_id().map(str::to_owned),
        Trouble::NotFound | Trouble::BadForm | Trouble::OtherSite | Trouble::Broken => None,
    };
    (status, TroublePage { page, title, text, reference })
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use crate::texts::{Language, Texts};

    #[test]
    fn every_trouble_has_its_words() {
        let texts = Texts::of(Language::English);
        for key in ["not_found", "bad_form", "other_site", "broken", "unreachable", "refused"] {
            assert!(texts.find(&format!("trouble.{key}.title")).is_some(), "{key}");
            assert!(texts.find(&format!("trouble.{key}.text")).is_some(), "{key}");
        }
    }
}
