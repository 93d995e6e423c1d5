//! How large a body each route reads: a form everywhere, evidence and files where they belong.

use axum::http::Method;

use crate::form::BODY_BYTES_MAX;

/// The largest file, in bytes: as in the dialect for evidence, which banks take no more of.
pub(crate) const FILE_BYTES_MAX: usize = 5 * 1024 * 1024;
/// The route that takes files.
pub(crate) const UPLOAD_ROUTE: &str = "/v1/files";

/// The largest upload: a file, and a form beside it.
const UPLOAD_BYTES_MAX: usize = FILE_BYTES_MAX + BODY_BYTES_MAX;
/// The largest form with evidence: 150,000 characters of up to four bytes, of which each may be
/// written as three.
const EVIDENCE_BYTES_MAX: usize = 2 * 1024 * 1024;

/// The largest body of any route: what the connection has to let through.
pub const BODY_BYTES_MAX_ANY: usize = UPLOAD_BYTES_MAX;

const _: () = assert!(EVIDENCE_BYTES_MAX < BODY_BYTES_MAX_ANY);

/// The largest body of a request by its method and the pattern of its route, in bytes.
pub(crate) fn bytes_max(method: &Method, route: &str) -> usize {
    match route {
        UPLOAD_ROUTE if method == Method::POST => UPLOAD_BYTES_MAX,
        "/v1/disputes/{id}" if method == Method::POST => EVIDENCE_BYTES_MAX,
        _ => BODY_BYTES_MAX,
    }
}
