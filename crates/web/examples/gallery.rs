//! Serves every page with sample values on <http://127.0.0.1:4090>, for looking at them in a
//! browser: `cargo run -p holdfast-web --example gallery`. Nothing on the pages does anything.

use std::collections::HashMap;

use axum::Router;
use axum::extract::{Query, State};
use axum::http::{StatusCode, Uri, header};
use axum::response::{Html, IntoResponse, Response};
use holdfast_web::assets;
use holdfast_web::language::Language;
use holdfast_web::page::Policy;
use tokio::net::TcpListener;

#[path = "../tests/samples/mod.rs"]
mod samples;

const ADDRESS: &str = "127.0.0.1:4090";

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let policy = Policy::pay("http://127.0.0.1:4005", Some("http://127.0.0.1:4004"))?;
    let app: Router = assets::routes()
        .fallback(page)
        .layer(axum::middleware::map_response_with_state(policy, protect));
    axum::serve(TcpListener::bind(ADDRESS).await?, app).await?;
    Ok(())
}

async fn page(uri: Uri, Query(query): Query<HashMap<String, String>>) -> Response {
    let language = query.get("lang").and_then(|tag| Language::parse(tag));
    let samples = samples::all(language.unwrap_or(Language::English));
    if uri.path() == "/" {
        let link = |path: &str| format!("<li><a href=\"{path}\">{path}</a></li>");
        let links: String = samples.iter().map(|sample| link(sample.path)).collect();
        return Html(format!("<!doctype html><title>Gallery</title><ul>{links}</ul>"))
            .into_response();
    }
    match samples.into_iter().find(|sample| sample.path == uri.path()) {
        Some(sample) => {
            ([(header::CONTENT_TYPE, "text/html; charset=utf-8")], sample.html).into_response()
        }
        None => StatusCode::NOT_FOUND.into_response(),
    }
}

async fn protect(State(policy): State<Policy>, response: Response) -> Response {
    policy.protect(response)
}
