//! `file` and `file_link`: evidence and reports, and addresses to read them without a key.

use schemars::JsonSchema;
use serde::Serialize;

use super::{Expandable, List, Metadata};

object_words! {
    /// `file`
    FileWord = "file";
    /// `file_link`
    FileLinkWord = "file_link";
}

/// A file.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
pub struct File {
    /// `file_...`
    pub id: String,
    /// `file`
    pub object: FileWord,
    /// When it was stored.
    pub created: i64,
    /// Always null: files are kept.
    pub expires_at: Option<i64>,
    /// The name that it was uploaded under.
    pub filename: Option<String>,
    /// Its links, where it was just made with one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub links: Option<List<FileLink>>,
    /// What it is for.
    pub purpose: &'static str,
    /// How many bytes it has.
    pub size: u32,
    /// What people call it.
    pub title: Option<String>,
    /// `pdf`, `jpg`, `png` or `csv`.
    #[serde(rename = "type")]
    pub kind: Option<&'static str>,
    /// Where its content is, for a secret key; null in events.
    pub url: Option<String>,
}

/// The content of a file, byte for byte.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct FileContents;

impl JsonSchema for FileContents {
    fn schema_name() -> std::borrow::Cow<'static, str> {
        "FileContents".into()
    }

    fn json_schema(_: &mut schemars::SchemaGenerator) -> schemars::Schema {
        schemars::json_schema!({ "type": "string", "format": "binary" })
    }
}

/// An address under which a file may be read without a key.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
pub struct FileLink {
    /// `link_...`
    pub id: String,
    /// `file_link`
    pub object: FileLinkWord,
    /// When it was made.
    pub created: i64,
    /// Whether it has ended.
    pub expired: bool,
    /// When it ends, if it does.
    pub expires_at: Option<i64>,
    /// The file.
    pub file: Expandable<File>,
    /// Whether it is real money.
    pub livemode: bool,
    /// The platform's own names and texts.
    pub metadata: Metadata,
    /// The address; null once it has ended.
    pub url: Option<String>,
}
