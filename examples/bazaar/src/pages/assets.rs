//! The style sheet and the pictures, which are part of the program.

use std::sync::LazyLock;

use axum::extract::{Path, RawQuery};
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use ring::digest;

use crate::signature::hex;

struct Asset {
    name: &'static str,
    kind: &'static str,
    body: &'static str,
}

const CSS: &str = "text/css; charset=utf-8";
const SVG: &str = "image/svg+xml";

macro_rules! asset {
    ($name:literal, $kind:expr) => {
        Asset { name: $name, kind: $kind, body: include_str!(concat!("../../assets/", $name)) }
    };
}

static ASSETS: [Asset; 10] = [
    asset!("shop.css", CSS),
    asset!("mark.svg", SVG),
    asset!("azulejo-mug.svg", SVG),
    asset!("gift-card.svg", SVG),
    asset!("paper-lantern.svg", SVG),
    asset!("serving-bowl.svg", SVG),
    asset!("table-runner.svg", SVG),
    asset!("tile-set.svg", SVG),
    asset!("washi-notebook.svg", SVG),
    asset!("wool-cushion.svg", SVG),
];

/// A digest of all of them: a new release gives every file a new address, so that browsers may keep
/// what they have for ever.
static VERSION: LazyLock<String> = LazyLock::new(|| {
    let mut context = digest::Context::new(&digest::SHA256);
    ASSETS.iter().for_each(|asset| context.update(asset.body.as_bytes()));
    hex::encode(&context.finish().as_ref()[..6])
});

/// The address of a file under this release.
pub(crate) fn address(name: &str) -> String {
    format!("/assets/{name}?v={}", *VERSION)
}

/// `GET /assets/{name}`
pub(crate) async fn show(Path(name): Path<String>, RawQuery(query): RawQuery) -> Response {
    let Some(asset) = ASSETS.iter().find(|asset| asset.name == name) else {
        return (StatusCode::NOT_FOUND, "No such file.\n").into_response();
    };
    let current = query.as_deref().and_then(|query| query.strip_prefix("v=")) == Some(&*VERSION);
    let keep = if current { "public, max-age=31536000, immutable" } else { "no-cache" };
    let headers = [(header::CONTENT_TYPE, asset.kind), (header::CACHE_CONTROL, keep)];
    (headers, asset.body).into_response()
}
