//! Form bodies and query strings: bytes into pairs, and pairs into a strict tree.
//!
//! Stripe's dialect nests by brackets, literal or percent-encoded: `a=1`, `a[b][c]=1`, `a[]=1`,
//! `a[0]=1`, `a[0][b]=1`. A form decoder that takes the last of two values, or drops what it
//! cannot read, lets two programs see two requests in the same bytes; this one refuses.

use crate::codes;
use crate::digest::hex_digit;
use crate::error::ApiError;

/// The largest body of a request, in bytes. One full metadata (50 names of 40 and texts of 500
/// characters) takes 324,000 bytes where each character is four bytes of UTF-8, percent-encoded;
/// a session has two of them, and a hundred lines with descriptions. Evidence of a dispute has
/// 150,000 characters together.
pub(crate) const BODY_BYTES_MAX: usize = 2 * 1024 * 1024;

/// The most parameters of one request: a hundred lines of eight parameters and full metadata.
pub(crate) const PAIRS_MAX: usize = 1_000;

/// The longest name with its brackets, in bytes: the longest path of the dialect is below 90, and
/// a metadata key of 40 characters may be 160 bytes.
pub(crate) const NAME_BYTES_MAX: usize = 256;

/// The longest value, in bytes: the dialect's longest text is 20,000 characters of evidence, each
/// up to four bytes of UTF-8.
/// The longest value, in bytes: the dialect's longest text is 20,000 characters of evidence, of
/// which each may have four bytes.
pub(crate) const VALUE_BYTES_MAX: usize = 80_000;

/// The deepest nesting: the dialect's own deepest parameter has six names.
pub(crate) const DEPTH_MAX: usize = 8;

// A name as long as allowed, nested as deep as allowed, still fits the body.
const _: () = assert!(DEPTH_MAX * 2 < NAME_BYTES_MAX && NAME_BYTES_MAX < BODY_BYTES_MAX);

/// One name of the tree with what was given under it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Entry {
    /// The name between the brackets, decoded. Empty for `[]`.
    pub(crate) name: String,
    /// The whole path so far, decoded, as the client wrote it.
    pub(crate) spelled: String,
    /// What was given.
    pub(crate) shape: Shape,
}

/// A value, or what is nested.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Shape {
    Scalar(String),
    Branch(Vec<Entry>),
}

/// The body of a request, and how large its route lets it be.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Body<'a> {
    /// The form.
    pub(crate) bytes: &'a [u8],
    /// The most bytes.
    pub(crate) bytes_max: usize,
}

/// Reads a query string and a form body into one tree.
///
/// # Refusals
/// 400 naming the parameter: badly encoded, not UTF-8, NUL, too long, too deep, given twice, or
/// given both as a value and as a branch; 413 for a body above its bound.
pub(crate) fn tree(query: &[u8], bytes: &[u8]) -> Result<Vec<Entry>, ApiError> {
    tree_within(query, Body { bytes, bytes_max: BODY_BYTES_MAX })
}

/// The same of a body whose route lets it be larger.
///
/// # Refusals
/// As [`tree`].
pub(crate) fn tree_within(query: &[u8], body: Body<'_>) -> Result<Vec<Entry>, ApiError> {
    let Body { bytes: body, bytes_max } = body;
    if query.len() > BODY_BYTES_MAX || body.len() > bytes_max {
        return Err(ApiError::too_large(bytes_max));
    }
    let mut entries = Vec::new();
    let pairs = query.split(|byte| *byte == b'&').chain(body.split(|byte| *byte == b'&'));
    for (count, pair) in pairs.filter(|pair| !pair.is_empty()).enumerate() {
        if count >= PAIRS_MAX {
            let message = format!("The request has more than {PAIRS_MAX} parameters.");
            return Err(ApiError::invalid(codes::PARAMETERS_TOO_MANY, message));
        }
        let (name, value) = decoded_pair(pair)?;
        insert(&mut entries, &Path::parse(&name)?, value)?;
    }
    Ok(entries)
}

fn decoded_pair(pair: &[u8]) -> Result<(String, String), ApiError> {
    let split = pair.iter().position(|byte| *byte == b'=');
    let (name, value) = match split {
        Some(at) => (&pair[..at], &pair[at + 1..]),
        None => (pair, [].as_slice()),
    };
    let name = decode(name).ok_or_else(|| {
        let message = "The name of a parameter is not percent-encoded UTF-8.";
        ApiError::invalid(codes::INVALID_CHARACTERS, message)
    })?;
    if name.len() > NAME_BYTES_MAX {
        let message = format!("The name of a parameter is longer than {NAME_BYTES_MAX} bytes.");
        return Err(ApiError::param(codes::PARAMETER_TOO_LONG, &name, message));
    }
    if name.chars().any(char::is_control) {
        let message = "The name of a parameter holds a control character.";
        return Err(ApiError::param(codes::INVALID_CHARACTERS, &name, message));
    }
    let value = decode(value).filter(|value| !value.contains('\0')).ok_or_else(|| {
        let message = format!("The value of {name} is not percent-encoded UTF-8, or holds NUL.");
        ApiError::param(codes::INVALID_CHARACTERS, &name, message)
    })?;
    if value.len() > VALUE_BYTES_MAX {
        let message = format!("The value of {name} is longer than {VALUE_BYTES_MAX} bytes.");
        return Err(ApiError::param(codes::PARAMETER_TOO_LONG, &name, message));
    }
    Ok((name, value))
}

/// Undoes the form encoding: `+` is a space, `%41` a byte, the whole UTF-8. `None` otherwise.
fn decode(encoded: &[u8]) -> Option<String> {
    let mut bytes = Vec::with_capacity(encoded.len());
    let mut rest = encoded.iter().copied();
    while let Some(byte) = rest.next() {
        bytes.push(match byte {
            b'+' => b' ',
            b'%' => hex_digit(rest.next()?)? << 4 | hex_digit(rest.next()?)?,
            other => other,
        });
    }
    String::from_utf8(bytes).ok()
}

/// A name split at its brackets, with the place where each part ends in the whole.
struct Path<'a> {
    whole: &'a str,
    parts: Vec<(&'a str, usize)>,
}

impl<'a> Path<'a> {
    fn parse(whole: &'a str) -> Result<Path<'a>, ApiError> {
        let malformed = || {
            let message = format!("Invalid parameter name: {whole}. Write name[key][key].");
            ApiError::param(codes::PARAMETER_MALFORMED, whole, message)
        };
        let root = whole.split('[').next().unwrap_or_default();
        if root.is_empty() || root.contains(']') {
            return Err(malformed());
        }
        let mut parts = vec![(root, root.len())];
        let mut at = root.len();
        while at < whole.len() {
            if parts.len() == DEPTH_MAX {
                let message = format!("{whole} is nested deeper than {DEPTH_MAX} levels.");
                return Err(ApiError::param(codes::PARAMETER_TOO_DEEP, whole, message));
            }
            let inner = whole[at..].strip_prefix('[').ok_or_else(malformed)?;
            let (part, _) = inner.split_once(']').ok_or_else(malformed)?;
            if part.contains('[') {
                return Err(malformed());
            }
            at += part.len() + 2;
            parts.push((part, at));
        }
        Ok(Path { whole, parts })
    }
}

fn insert(entries: &mut Vec<Entry>, path: &Path<'_>, value: String) -> Result<(), ApiError> {
    let mut entries = entries;
    for depth in 0..path.parts.len() {
        let (name, _) = path.parts[depth];
        let rest = &path.parts[depth + 1..];
        let found = if name.is_empty() {
            continued(entries, rest)
        } else {
            entries.iter().position(|entry| entry.name == name)
        };
        let Some(found) = found else {
            entries.push(grown(path, depth, value));
            return Ok(());
        };
        match (&mut entries[found].shape, rest.is_empty()) {
            (Shape::Branch(inner), false) => entries = inner,
            (Shape::Scalar(_), true) => {
                let message = format!("{} was given more than once.", path.whole);
                return Err(ApiError::param(codes::PARAMETER_DUPLICATE, path.whole, message));
            }
            (Shape::Scalar(_), false) | (Shape::Branch(_), true) => {
                let message = format!("{} was given as a value and as an object.", path.whole);
                return Err(ApiError::param(codes::PARAMETER_CONFLICT, path.whole, message));
            }
        }
    }
    Ok(())
}

/// The element of an array written `a[][b]` that the rest of a path goes on with, if any: the
/// last one, as long as it has nothing there yet. So `a[][b]=1&a[][c]=2&a[][b]=3` are two.
fn continued(entries: &[Entry], rest: &[(&str, usize)]) -> Option<usize> {
    let last = entries.iter().rposition(|entry| entry.name.is_empty())?;
    let mut shape = &entries[last].shape;
    for (name, _) in rest {
        let Shape::Branch(inner) = shape else { return None };
        match inner.iter().find(|entry| entry.name == *name) {
            Some(entry) if !name.is_empty() => shape = &entry.shape,
            Some(_) | None => return Some(last),
        }
    }
    None
}

/// The entry of `path` at `depth` with all that is below it.
fn grown(path: &Path<'_>, depth: usize, value: String) -> Entry {
    let (name, end) = path.parts[depth];
    let shape = if depth + 1 == path.parts.len() {
        Shape::Scalar(value)
    } else {
        Shape::Branch(vec![grown(path, depth + 1, value)])
    };
    Entry { name: name.into(), spelled: path.whole[..end].into(), shape }
}

/// Every value of a tree under its canonical path, sorted: the same for every order and spelling
/// of the same parameters, so that an idempotency key recognises them.
pub(crate) fn leaves(entries: &[Entry]) -> Vec<(String, &str)> {
    let mut found = Vec::new();
    collect(entries, "", &mut found);
    found.sort();
    found
}

fn collect<'a>(entries: &'a [Entry], prefix: &str, found: &mut Vec<(String, &'a str)>) {
    for (index, entry) in entries.iter().enumerate() {
        // `a[]=x` and `a[0]=x` are the same array.
        let name = if entry.name.is_empty() { index.to_string() } else { entry.name.clone() };
        let path = if prefix.is_empty() { name } else { format!("{prefix}[{name}]") };
        match &entry.shape {
            Shape::Scalar(value) => found.push((path, value)),
            Shape::Branch(inner) => collect(inner, &path, found),
        }
    }
}

#[cfg(test)]
mod tests;
