//! The reference of the API as pages: `/docs`, a page for each resource and each object, and
//! `/docs/errors` with what each error code means.
//!
//! All of it is made from the OpenAPI document that the API describes itself by, and from nothing
//! else. The pages have no script and load nothing from anywhere else; they are public and in
//! English, as the code of those who read them.

mod prose;
mod read;
pub mod views;

use std::sync::{Arc, OnceLock};

use askama::Template;
use axum::Router;
use axum::extract::{Path, Request, State};
use axum::http::StatusCode;
use axum::middleware::{Next, from_fn};
use axum::response::Response;
use axum::routing::get;
use holdfast_engine::rate_limit::Limits;
use serde_json::Value;

use crate::page::{Policy, page};
use crate::share::shared;
use views::{Code, Object, Reference, Resource};

/// What the reference is made of.
pub struct DocsParts {
    /// Makes the OpenAPI document; called once, when the first page is asked for.
    pub document: Box<dyn Fn() -> Value + Send + Sync>,
    /// The origin of the console, which the pages lead to; empty where there is none.
    pub console_origin: String,
    /// How much each address may ask for.
    pub limits: Limits,
}

/// The pages under `/docs`, to be served on the API's own origin.
pub fn docs_router(parts: DocsParts) -> Router {
    let limits = parts.limits;
    let docs = Arc::new(Docs { parts, reference: OnceLock::new() });
    let router = Router::new()
        .route("/docs", get(home))
        .route("/docs/errors", get(errors))
        .route("/docs/objects/{name}", get(object))
        .route("/docs/{resource}", get(resource))
        .merge(crate::assets::routes());
    shared(router, limits).layer(from_fn(protected)).with_state(docs)
}

struct Docs {
    parts: DocsParts,
    reference: OnceLock<Reference>,
}

impl Docs {
    fn reference(&self) -> &Reference {
        self.reference.get_or_init(|| read::reference(&(self.parts.document)()))
    }

    fn frame<'a>(&'a self, here: &'a str) -> Frame<'a> {
        let console = &self.parts.console_origin;
        let console = (!console.is_empty()).then(|| console.clone());
        Frame { here, console, resources: &self.reference().resources }
    }
}

/// What every page of the reference shows.
struct Frame<'a> {
    /// The path of the page.
    here: &'a str,
    console: Option<String>,
    resources: &'a [Resource],
}

#[derive(Template)]
#[template(path = "docs/home.html")]
struct HomePage<'a> {
    frame: Frame<'a>,
    reference: &'a Reference,
}

#[derive(Template)]
#[template(path = "docs/resource.html")]
struct ResourcePage<'a> {
    frame: Frame<'a>,
    resource: &'a Resource,
}

#[derive(Template)]
#[template(path = "docs/object.html")]
struct ObjectPage<'a> {
    frame: Frame<'a>,
    object: &'a Object,
}

#[derive(Template)]
#[template(path = "docs/errors.html")]
struct ErrorsPage<'a> {
    frame: Frame<'a>,
    groups: &'a [(String, Vec<Code>)],
}

#[derive(Template)]
#[template(path = "docs/missing.html")]
struct MissingPage<'a> {
    frame: Frame<'a>,
}

async fn home(State(docs): State<Arc<Docs>>) -> Response {
    let (frame, reference) = (docs.frame("/docs"), docs.reference());
    page(StatusCode::OK, &HomePage { frame, reference })
}

async fn errors(State(docs): State<Arc<Docs>>) -> Response {
    let groups = &docs.reference().codes;
    page(StatusCode::OK, &ErrorsPage { frame: docs.frame("/docs/errors"), groups })
}

async fn resource(State(docs): State<Arc<Docs>>, Path(name): Path<String>) -> Response {
    let found = docs.reference().resources.iter().find(|resource| resource.name == name);
    match found {
        Some(resource) => {
            page(StatusCode::OK, &ResourcePage { frame: docs.frame(&resource.path), resource })
        }
        None => missing(&docs),
    }
}

async fn object(State(docs): State<Arc<Docs>>, Path(name): Path<String>) -> Response {
    let found = docs.reference().objects.iter().find(|object| object.name == name);
    match found {
        Some(object) => page(StatusCode::OK, &ObjectPage { frame: docs.frame(""), object }),
        None => missing(&docs),
    }
}

fn missing(docs: &Docs) -> Response {
    page(StatusCode::NOT_FOUND, &MissingPage { frame: docs.frame("") })
}

async fn protected(request: Request, next: Next) -> Response {
    Policy::console().protect(next.run(request).await)
}
