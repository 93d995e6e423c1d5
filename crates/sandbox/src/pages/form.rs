//! Forms: their fields, and whether they were sent from the sandbox's own pages.

use axum::body::Body;
use axum::http::{HeaderMap, header};
use axum::response::Response;

use super::{Frame, problem};
use crate::http::body_bytes;
use crate::world::World;

/// The longest field of any form of the sandbox.
const FIELD_MAX: usize = 200;

/// Reads a form of the page at `path` that was sent from the sandbox's own pages.
///
/// # Errors
/// The page that says what is wrong.
pub(super) async fn posted(
    world: &World,
    path: &str,
    headers: &HeaderMap,
    body: Body,
) -> Result<(Frame, Vec<u8>), Response> {
    let bytes = body_bytes(body).await;
    let read = bytes.as_deref().unwrap_or_default();
    let frame = Frame::of_form(path, read, headers);
    if !from_own_page(headers, &world.config.origin) {
        return Err(problem(&frame, 403, frame.text("problem.foreign_form")));
    }
    match bytes {
        Ok(bytes) => Ok((frame, bytes)),
        Err(reply) => Err(problem(&frame, reply.status, frame.text("problem.too_large"))),
    }
}

/// The first field of a name, if it is there and not empty. White space around it is dropped.
pub(super) fn field(form: &[u8], name: &str) -> Option<String> {
    let (_, value) = form_urlencoded::parse(form).find(|(key, _)| key == name)?;
    let value = value.trim();
    (!value.is_empty() && value.len() <= FIELD_MAX).then(|| value.to_owned())
}

/// Whether a form came from a page of `origin`. A program that is no browser says nothing about
/// where a request comes from, and nobody can make it send one.
fn from_own_page(headers: &HeaderMap, origin: &str) -> bool {
    let said = |name: &str| headers.get(name).map(|value| value.to_str().unwrap_or(""));
    match (said("sec-fetch-site"), said(header::ORIGIN.as_str())) {
        (Some(site), _) => site == "same-origin",
        (None, Some(from)) => from == origin,
        (None, None) => true,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_own_pages_send_forms() {
        for (site, from, allowed) in [
            (None, None, true),
            (Some("same-origin"), None, true),
            (Some("same-origin"), Some("http://127.0.0.1:4004"), true),
            (None, Some("http://127.0.0.1:4004"), true),
            (None, Some("http://127.0.0.1:4000"), false),
            (None, Some("http://127.0.0.1:40044"), false),
            (None, Some("null"), false),
            (Some("same-site"), Some("http://127.0.0.1:4004"), false),
            (Some("cross-site"), None, false),
            (Some("none"), None, false),
        ] {
            let mut headers = HeaderMap::new();
            if let Some(site) = site {
                headers.insert("sec-fetch-site", site.parse().unwrap());
            }
            if let Some(from) = from {
                headers.insert("origin", from.parse().unwrap());
            }
            let own = from_own_page(&headers, "http://127.0.0.1:4004");
            assert_eq!(own, allowed, "{site:?} {from:?}");
        }
    }

    #[test]
    fn fields_are_decoded_trimmed_and_bounded() {
        let form = b"code=+123+456+&code=2&empty=&lang=ar&name=%D9%A1";
        for (name, expected) in [
            ("code", Some("123 456")),
            ("empty", None),
            ("absent", None),
            ("lang", Some("ar")),
            ("name", Some("١")),
        ] {
            assert_eq!(field(form, name).as_deref(), expected, "{name}");
        }
        let long = format!("code={}", "1".repeat(201));
        assert_eq!(field(long.as_bytes(), "code"), None);
    }
}
