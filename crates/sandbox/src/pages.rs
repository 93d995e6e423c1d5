//! The pages: the outside world on `/`, and the bank's page on `/challenge/{id}`.

use std::sync::Arc;

use askama::Template;
use axum::Router;
use axum::body::Body;
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::Response;
use axum::routing::{get, post};

use crate::http::Page;
use crate::texts::Language;
use crate::world::World;

mod challenge;
mod clock;
mod form;
mod home;
mod home_forms;
mod show;

/// How long browsers may keep the style sheet: short, because it changes with the program.
const STYLE_LIFE: &str = "public, max-age=300";

/// The routes of the pages.
pub(crate) fn router(_: Arc<World>) -> Router<Arc<World>> {
    Router::new()
        .route("/", get(home::page))
        .route("/forms/limit", post(home_forms::change_limit))
        .route("/forms/clock", post(home_forms::move_clock))
        .route("/forms/faults", post(home_forms::add_fault))
        .route("/forms/faults/clear", post(home_forms::clear_faults))
        .route("/challenge/{id}", get(challenge::page).post(challenge::try_code))
        .route("/challenge/{id}/resend", post(challenge::resend))
        .route("/challenge/{id}/cancel", post(challenge::cancel))
        .route("/style.css", get(style))
        .route("/favicon.ico", get(StatusCode::NO_CONTENT))
}

/// What every page has: its language and its own address.
#[derive(Clone, Debug)]
struct Frame {
    language: Language,
    path: String,
}

impl Frame {
    /// The frame of the page at `path`, in the language that the request wants.
    fn new(path: &str, query: Option<&str>, headers: &HeaderMap) -> Frame {
        let lang = form::field(query.unwrap_or("").as_bytes(), "lang");
        let accepted = headers.get(header::ACCEPT_LANGUAGE).and_then(|value| value.to_str().ok());
        let language = Language::wanted(lang.as_deref(), accepted);
        Frame { language, path: path.to_owned() }
    }

    /// The frame of the page that a form leads back to.
    fn of_form(path: &str, form: &[u8], headers: &HeaderMap) -> Frame {
        let lang = form::field(form, "lang").filter(|lang| lang.len() == 2);
        Frame::new(path, lang.map(|lang| format!("lang={lang}")).as_deref(), headers)
    }

    /// A text.
    fn text(&self, key: &'static str) -> &'static str {
        self.language.texts().say(key)
    }

    /// A text with its braces filled in.
    fn fill(&self, key: &'static str, values: &[(&str, &str)]) -> String {
        self.language.texts().fill(key, values)
    }

    /// The address of this page in the other language.
    fn other_href(&self) -> String {
        format!("{}?lang={}", self.path, self.language.other().tag())
    }

    /// The address of this page, with what it is to say.
    fn href(&self, more: &str) -> String {
        format!("{}?lang={}{more}", self.path, self.language.tag())
    }
}

#[derive(Template)]
#[template(path = "notice.html")]
struct Notice<'a> {
    frame: &'a Frame,
    title: &'a str,
    text: &'a str,
    link: Option<Link<'a>>,
}

struct Link<'a> {
    href: &'a str,
    text: &'a str,
}

/// A page that says what went wrong, with a way back.
fn problem(frame: &Frame, status: u16, text: &str) -> Response {
    let href = frame.href("");
    let link = Some(Link { href: &href, text: frame.text("problem.back") });
    let title = frame.text("problem.title");
    html(status, Page::Own, &Notice { frame, title, text, link })
}

fn html(status: u16, page: Page, template: &impl Template) -> Response {
    let Ok(text) = template.render() else {
        return Response::builder().status(500).body(Body::empty()).unwrap_or_default();
    };
    let mut response = Response::new(Body::from(text));
    *response.status_mut() =
        StatusCode::from_u16(status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    let html = HeaderValue::from_static("text/html; charset=utf-8");
    response.headers_mut().insert(header::CONTENT_TYPE, html);
    response.extensions_mut().insert(page);
    response
}

/// 303: the browser fetches `location`, and a reload repeats nothing.
fn see_other(location: &str) -> Response {
    let mut response = Response::new(Body::empty());
    *response.status_mut() = StatusCode::SEE_OTHER;
    if let Ok(location) = HeaderValue::from_str(location) {
        response.headers_mut().insert(header::LOCATION, location);
    }
    response
}

async fn style() -> Response {
    let mut response = Response::new(Body::from(include_str!("../assets/style.css")));
    let css = HeaderValue::from_static("text/css; charset=utf-8");
    response.headers_mut().insert(header::CONTENT_TYPE, css);
    response.headers_mut().insert(header::CACHE_CONTROL, HeaderValue::from_static(STYLE_LIFE));
    response
}
