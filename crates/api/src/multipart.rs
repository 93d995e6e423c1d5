//! `multipart/form-data`, for the one route that takes files (RFC 7578), read strictly: what two
//! programs could read in two ways is refused.

use axum::http::HeaderMap;
use axum::http::header::CONTENT_TYPE;

use crate::codes;
use crate::error::ApiError;
use crate::headers::single;

/// The longest boundary (RFC 2046).
const BOUNDARY_BYTES_MAX: usize = 70;
/// The most parts: the file, its purpose, and a link with fifty notes.
const PARTS_MAX: usize = 100;
/// The longest head of a part: a name, a file name, a type.
const HEAD_BYTES_MAX: usize = 4 * 1024;
/// The longest file name that is kept, in characters.
const FILENAME_CHARS_MAX: usize = 255;

/// A form with a file.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct Multipart {
    /// The other fields, as names and texts.
    pub(crate) fields: Vec<(String, String)>,
    /// The file.
    pub(crate) upload: Option<Upload>,
}

/// A file as it was uploaded.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Upload {
    /// Its name at the client, without any folder.
    pub(crate) filename: Option<String>,
    /// Its content.
    pub(crate) bytes: Vec<u8>,
}

/// The boundary of a multipart body; `None` where the body is something else.
///
/// # Refusals
/// 400 for a boundary that is none.
pub(crate) fn boundary(headers: &HeaderMap) -> Result<Option<String>, ApiError> {
    let Some(given) = single(headers, &CONTENT_TYPE)? else { return Ok(None) };
    let mut parts = given.split(';').map(str::trim);
    if !parts.next().unwrap_or_default().eq_ignore_ascii_case("multipart/form-data") {
        return Ok(None);
    }
    let mut boundaries = parts.filter_map(|part| {
        let (name, value) = part.split_once('=')?;
        let is_it = name.trim().eq_ignore_ascii_case("boundary");
        is_it.then(|| value.trim().trim_matches('"').to_owned())
    });
    let only = match (boundaries.next(), boundaries.next()) {
        (Some(boundary), None) => Some(boundary),
        (_, _) => None,
    };
    let allowed = |byte: u8| byte.is_ascii_alphanumeric() || b"'()+_,-./:=?".contains(&byte);
    let is_boundary = |boundary: &String| {
        (1..=BOUNDARY_BYTES_MAX).contains(&boundary.len()) && boundary.bytes().all(allowed)
    };
    only.filter(is_boundary).map(Some).ok_or_else(|| malformed("its boundary is none"))
}

/// Reads a body.
///
/// # Refusals
/// 400 for anything that is not exactly such a form, with at most one file, called `file`.
pub(crate) fn read(boundary: &str, body: &[u8]) -> Result<Multipart, ApiError> {
    let first = format!("--{boundary}");
    let between = format!("\r\n--{boundary}");
    let mut rest = body.strip_prefix(first.as_bytes());
    // A preamble is allowed, and some clients begin with a line break.
    if rest.is_none() {
        rest = find(body, between.as_bytes()).map(|at| &body[at + between.len()..]);
    }
    let mut rest = rest.ok_or_else(|| malformed("it does not begin with its boundary"))?;
    let mut form = Multipart::default();
    for _ in 0..=PARTS_MAX {
        if rest.starts_with(b"--") {
            return Ok(form);
        }
        rest = rest.strip_prefix(b"\r\n").ok_or_else(|| malformed("a boundary does not end"))?;
        let end = find(rest, between.as_bytes()).ok_or_else(|| malformed("a part does not end"))?;
        form.add(&rest[..end])?;
        rest = &rest[end + between.len()..];
    }
    Err(malformed("it has too many parts"))
}

impl Multipart {
    fn add(&mut self, part: &[u8]) -> Result<(), ApiError> {
        let head_end = find(part, b"\r\n\r\n").filter(|at| *at <= HEAD_BYTES_MAX);
        let head_end = head_end.ok_or_else(|| malformed("the head of a part does not end"))?;
        let head = std::str::from_utf8(&part[..head_end]);
        let head = Head::read(head.map_err(|_| malformed("the head of a part is not UTF-8"))?)?;
        let content = &part[head_end + 4..];
        if head.name == "file" {
            if self.upload.is_some() {
                let message = "The parameter file was given more than once.";
                return Err(ApiError::param(codes::PARAMETER_DUPLICATE, "file", message));
            }
            self.upload = Some(Upload { filename: head.filename, bytes: content.to_vec() });
            return Ok(());
        }
        let text = String::from_utf8(content.to_vec()).map_err(|_| {
            let message = format!("The value of {} is not UTF-8.", head.name);
            ApiError::param(codes::INVALID_CHARACTERS, &head.name, message)
        })?;
        self.fields.push((head.name, text));
        Ok(())
    }

    /// The fields as a form, with the file's digest in the place of the file: the same request
    /// again has the same form.
    pub(crate) fn as_form(&self) -> Vec<u8> {
        let digest = self.upload.as_ref().map(|upload| {
            let digest = crate::digest::sha256_of_parts([upload.bytes.as_slice()]);
            ("file".to_owned(), digest.iter().map(|byte| format!("{byte:02x}")).collect())
        });
        let mut form = Vec::new();
        for (name, value) in self.fields.iter().chain(&digest) {
            if !form.is_empty() {
                form.push(b'&');
            }
            encode(&mut form, name);
            form.push(b'=');
            encode(&mut form, value);
        }
        form
    }
}

struct Head {
    name: String,
    filename: Option<String>,
}

impl Head {
    fn read(head: &str) -> Result<Head, ApiError> {
        let mut found = None;
        for line in head.split("\r\n") {
            let (name, value) =
                line.split_once(':').ok_or_else(|| malformed("a header of a part is none"))?;
            if name.eq_ignore_ascii_case("content-disposition") {
                if found.is_some() {
                    return Err(malformed("a part has two dispositions"));
                }
                found = Some(Head::disposition(value.trim())?);
            }
        }
        found.ok_or_else(|| malformed("a part has no disposition"))
    }

    fn disposition(value: &str) -> Result<Head, ApiError> {
        let rest = value.strip_prefix("form-data").ok_or_else(|| malformed("no form-data"))?;
        let (mut name, mut filename) = (None, None);
        let mut rest = rest.trim_start();
        while let Some(pair) = rest.strip_prefix(';') {
            let (key, after) =
                pair.split_once('=').ok_or_else(|| malformed("a disposition is cut off"))?;
            let (text, left) = quoted(after.trim_start())?;
            let slot = match key.trim().to_ascii_lowercase().as_str() {
                "name" => Some(&mut name),
                "filename" => Some(&mut filename),
                // The extended form of the same name, among others.
                _ => None,
            };
            if let Some(slot) = slot
                && slot.replace(text).is_some()
            {
                return Err(malformed("a disposition says something twice"));
            }
            rest = left.trim_start();
        }
        if !rest.is_empty() {
            return Err(malformed("a disposition is followed by something else"));
        }
        let name = name.filter(|name| !name.is_empty());
        let name = name.ok_or_else(|| malformed("a part has no name"))?;
        Ok(Head { name, filename: filename.and_then(|name| bare(&name)) })
    }
}

/// A text in quotes, in which a backslash takes the next character as it is; or a bare word.
fn quoted(text: &str) -> Result<(String, &str), ApiError> {
    let Some(inner) = text.strip_prefix('"') else {
        let end = text.find(';').unwrap_or(text.len());
        return Ok((text[..end].trim().to_owned(), &text[end..]));
    };
    let mut read = String::new();
    let mut chars = inner.char_indices();
    while let Some((at, char)) = chars.next() {
        match char {
            '"' => return Ok((read, &inner[at + 1..])),
            '\\' => read.extend(chars.next().map(|(_, escaped)| escaped)),
            other => read.push(other),
        }
    }
    Err(malformed("a text in quotes does not end"))
}

/// The name of a file without folders, control characters and what headers give a meaning to.
fn bare(name: &str) -> Option<String> {
    let last = name.rsplit(['/', '\\']).next().unwrap_or_default();
    let kept = last.chars().filter(|char| !char.is_control()).take(FILENAME_CHARS_MAX);
    let kept: String = kept.collect();
    let kept = kept.trim().trim_matches('.').to_owned();
    (!kept.is_empty()).then_some(kept)
}

/// Where `needle` begins.
fn find(text: &[u8], needle: &[u8]) -> Option<usize> {
    let first = *needle.first()?;
    let mut from = 0;
    while let Some(at) = text.get(from..)?.iter().position(|byte| *byte == first) {
        if text[from + at..].starts_with(needle) {
            return Some(from + at);
        }
        from += at + 1;
    }
    None
}

fn encode(to: &mut Vec<u8>, text: &str) {
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() || b"-_.[]".contains(&byte) {
            to.push(byte);
        } else {
            to.extend_from_slice(format!("%{byte:02X}").as_bytes());
        }
    }
}

fn malformed(what: &str) -> ApiError {
    let message = format!("The body is not multipart/form-data: {what}.");
    ApiError::invalid(codes::CONTENT_TYPE_INVALID, message)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn part(head: &str, content: &str) -> String {
        format!("--x\r\nContent-Disposition: form-data; {head}\r\n\r\n{content}\r\n")
    }

    fn check(body: &str) -> String {
        match read("x", body.as_bytes()) {
            Ok(form) => {
                let upload = form.upload.as_ref().map(|upload| {
                    let text = String::from_utf8_lossy(&upload.bytes).into_owned();
                    (upload.filename.clone().unwrap_or_default(), text)
                });
                format!("{:?} {upload:?}", form.fields)
            }
            Err(error) => {
                format!("{} {}", error.code().unwrap(), error.param_name().unwrap_or("-"))
            }
        }
    }

    #[test]
    fn forms_are_read_or_refused() {
        let purpose = part(r#"name="purpose""#, "dispute_evidence");
        let file = part(r#"name="file"; filename="a.pdf""#, "%PDF-");
        let read = r#"[("purpose", "dispute_evidence")] Some(("a.pdf", "%PDF-"))"#;
        let bad = "content_type_invalid -";
        let folder = part(r#"name="file"; filename="..\\..\\etc/pass\"wd""#, "1");
        let many = part(r#"name="a""#, "1").repeat(PARTS_MAX + 1);
        let table = [
            (format!("{purpose}{file}--x--\r\n"), read),
            (format!("{purpose}{file}--x--"), read),
            (format!("hello\r\n{purpose}{file}--x--"), read),
            (format!("{file}{file}--x--"), "parameter_duplicate file"),
            (format!("{folder}--x--"), r#"[] Some(("pass\"wd", "1"))"#),
            ("--x--".to_owned(), "[] None"),
            (String::new(), bad),
            (format!("{purpose}{file}"), bad),
            ("--x\r\n\r\n\r\n--x--".to_owned(), bad),
            ("--x\r\nContent-Type: text/plain\r\n\r\n1\r\n--x--".to_owned(), bad),
            (format!("{}--x--", part("filename=\"a\"", "1")), bad),
            (format!("{}--x--", part(r#"name="a"; name="b""#, "1")), bad),
            (format!("{}--x--", part(r#"name="a"#, "1")), bad),
            (format!("{many}--x--"), bad),
        ];
        for (body, expected) in table {
            assert_eq!(check(&body), expected, "{body:?}");
        }
    }

    #[test]
    fn the_boundary_is_said_once() {
        let table = [
            ("multipart/form-data; boundary=x", Ok(Some("x"))),
            ("Multipart/Form-Data; charset=utf-8; boundary=\"a b\"", Err(())),
            ("multipart/form-data; boundary=\"ab\"", Ok(Some("ab"))),
            ("multipart/form-data", Err(())),
            ("multipart/form-data; boundary=", Err(())),
            ("multipart/form-data; boundary=a; boundary=b", Err(())),
            ("application/x-www-form-urlencoded", Ok(None)),
        ];
        for (given, expected) in table {
            let headers = HeaderMap::from_iter([(CONTENT_TYPE, given.parse().unwrap())]);
            let read = boundary(&headers).map_err(|_| ());
            assert_eq!(read, expected.map(|it| it.map(str::to_owned)), "{given}");
        }
    }

    #[test]
    fn the_form_of_an_upload_names_its_content() {
        let upload = Some(Upload { filename: None, bytes: b"abc".to_vec() });
        let fields = vec![("metadata[a b]".to_owned(), "1&2".to_owned())];
        let form = String::from_utf8(Multipart { fields, upload }.as_form()).unwrap();
        assert!(form.starts_with("metadata[a%20b]=1%262&file="), "{form}");
    }
}
