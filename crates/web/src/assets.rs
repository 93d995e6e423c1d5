//! Style sheets, the script and the icon: compiled in, named by their content.

use std::fmt::Write as _;
use std::sync::LazyLock;

use axum::Router;
use axum::extract::Path;
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::get;

/// Serves the files under `/assets/`, for as long as a browser wants to keep them: a changed file
/// has another name.
pub fn routes<S: Clone + Send + Sync + 'static>() -> Router<S> {
    Router::new().route("/assets/{file}", get(asset))
}

/// The address of a file of the table below, such as `/assets/9f86d081.pay.css`.
///
/// A name that is not in the table is answered with an address that is not found; a test looks
/// every template through for such names.
pub fn url(name: &str) -> &'static str {
    SERVED.iter().find(|asset| asset.name == name).map_or("/assets/unknown", |asset| &asset.url)
}

struct Asset {
    name: &'static str,
    url: String,
    kind: &'static str,
    body: String,
}

/// Name, content type and the sources that are joined.
const FILES: [(&str, &str, &[&str]); 5] = [
    ("pay.css", "text/css; charset=utf-8", &[BASE_CSS, include_str!("../assets/pay.css")]),
    ("console.css", "text/css; charset=utf-8", &[BASE_CSS, include_str!("../assets/console.css")]),
    ("docs.css", "text/css; charset=utf-8", &[BASE_CSS, include_str!("../assets/docs.css")]),
    ("pay.js", "text/javascript; charset=utf-8", &[include_str!("../assets/pay.js")]),
    ("icon.svg", "image/svg+xml", &[include_str!("../assets/icon.svg")]),
];
const BASE_CSS: &str = include_str!("../assets/base.css");

/// How much of the digest the name carries: 32 bits tell two versions of one file apart.
const DIGEST_BYTES: usize = 4;

static SERVED: LazyLock<Vec<Asset>> = LazyLock::new(|| FILES.map(prepare).into());

fn prepare((name, kind, sources): (&'static str, &'static str, &[&str])) -> Asset {
    let body: String = sources.iter().copied().map(without_comments).collect();
    let digest = ring::digest::digest(&ring::digest::SHA256, body.as_bytes());
    let mut url = "/assets/".to_owned();
    for byte in &digest.as_ref()[..DIGEST_BYTES] {
        // Writing to a string cannot fail.
        let _ = write!(url, "{byte:02x}");
    }
    url = format!("{url}.{name}");
    Asset { name, url, kind, body }
}

/// Drops indentation and the lines that are a comment as a whole, which a slow phone need not
/// load. The sources keep to what this understands: no string runs over a line, and a comment of
/// a style sheet stands on lines of its own.
fn without_comments(source: &str) -> String {
    let mut body = String::with_capacity(source.len());
    let mut in_comment = false;
    for line in source.lines().map(str::trim) {
        in_comment |= line.starts_with("/*");
        if !(in_comment || line.is_empty() || line.starts_with("//")) {
            body.push_str(line);
            body.push('\n');
        }
        in_comment &= !line.ends_with("*/");
    }
    body
}

async fn asset(Path(file): Path<String>) -> Response {
    let wanted = |asset: &&Asset| asset.url.strip_prefix("/assets/") == Some(&file);
    let Some(asset) = SERVED.iter().find(wanted) else {
        return StatusCode::NOT_FOUND.into_response();
    };
    let headers = [
        (header::CONTENT_TYPE, asset.kind),
        (header::CACHE_CONTROL, "public, max-age=31536000, immutable"),
    ];
    (headers, asset.body.as_str()).into_response()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What a phone has to load before the pay page can be used.
    const SCRIPT_BYTES_MAX: usize = 6_000;

    #[test]
    fn the_script_stays_small() {
        let script = SERVED.iter().find(|asset| asset.name == "pay.js").map(|a| a.body.len());
        assert!(script.is_some_and(|bytes| bytes <= SCRIPT_BYTES_MAX), "{script:?} bytes");
    }

    #[test]
    fn names_change_with_the_content() {
        assert!(url("pay.css").ends_with(".pay.css") && url("pay.css").len() == 24);
        assert_ne!(url("pay.css"), url("console.css"));
        assert_eq!(url("nothing.css"), "/assets/unknown");
    }

    #[test]
    fn comments_and_indentation_are_not_served() {
        let source = "/* one\n  two */\na {\n  b: c;\n}\n\n  // why\n/* three */\nd();\n";
        assert_eq!(without_comments(source), "a {\nb: c;\n}\nd();\n");
    }

    #[test]
    fn no_asset_reaches_for_another_site_or_for_storage() {
        for asset in SERVED.iter() {
            for word in
                ["http://", "https://", "//cdn", "@import", "Storage", "indexedDB", "cookie"]
            {
                let own = asset.body.replace("http://www.w3.org/2000/svg", "");
                assert!(!own.contains(word), "{} names {word}", asset.name);
            }
        }
    }
}
