//! Files: evidence that the platform uploads, and the reports that are made for it.

mod bytes;

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::id::{FileId, FileLinkId};
use crate::listed::Listed;
use crate::secret::Secret;
use crate::time::Timestamp;

pub use bytes::Bytes;

/// A file, without its content: lists of files do not carry megabytes.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct File {
    /// Its id.
    pub id: FileId,
    /// When it was stored.
    pub created: Timestamp,
    /// What it is for.
    pub purpose: FilePurpose,
    /// The name that it was uploaded under.
    pub filename: Option<String>,
    /// What people call it.
    pub title: Option<String>,
    /// What it is, by its first bytes.
    pub kind: FileKind,
    /// How many bytes it has.
    pub size: u32,
}

/// The content of a file, under the file's id.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct FileContent {
    /// The file.
    pub id: FileId,
    /// When it was stored.
    pub created: Timestamp,
    /// All of it.
    pub bytes: Bytes,
}

/// An address under which a file may be read without a key.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct FileLink {
    /// Its id.
    pub id: FileLinkId,
    /// When it was made.
    pub created: Timestamp,
    /// The file.
    pub file: FileId,
    /// When it ends; `None`: never.
    pub expires_at: Option<Timestamp>,
    /// What the address holds and nobody guesses.
    pub secret: Secret,
    /// The platform's own notes.
    pub metadata: BTreeMap<String, String>,
}

impl FileLink {
    /// Whether it has ended.
    pub fn is_expired(&self, now: Timestamp) -> bool {
        self.expires_at.is_some_and(|at| at <= now)
    }
}

macro_rules! purposes {
    ($($variant:ident = $name:literal by $by:ident;)*) => {
        /// What a file is for. The names are those of the wire.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
        pub enum FilePurpose {
            $(
                #[doc = concat!("`", $name, "`.")]
                #[serde(rename = $name)]
                $variant,
            )*
        }

        impl FilePurpose {
            /// All purposes.
            pub const ALL: &'static [FilePurpose] = &[$(FilePurpose::$variant,)*];

            /// The word of the wire.
            pub fn name(self) -> &'static str {
                match self { $(FilePurpose::$variant => $name,)* }
            }

            /// Who makes such files.
            pub fn made_by(self) -> MadeBy {
                match self { $(FilePurpose::$variant => MadeBy::$by,)* }
            }
        }
    };
}

/// Who makes files of a purpose.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum MadeBy {
    /// The platform uploads them.
    Upload,
    /// Holdfast makes them.
    Report,
}

purposes! {
    AccountRequirement = "account_requirement" by Upload;
    AdditionalVerification = "additional_verification" by Upload;
    BusinessIcon = "business_icon" by Upload;
    BusinessLogo = "business_logo" by Upload;
    CustomerSignature = "customer_signature" by Upload;
    DisputeEvidence = "dispute_evidence" by Upload;
    FinanceReportRun = "finance_report_run" by Report;
    IdentityDocument = "identity_document" by Upload;
}

impl FilePurpose {
    /// Whether such a file may be given to a cardholder's bank.
    pub fn is_evidence(self) -> bool {
        match self {
            FilePurpose::CustomerSignature | FilePurpose::DisputeEvidence => true,
            FilePurpose::AccountRequirement
            | FilePurpose::AdditionalVerification
            | FilePurpose::BusinessIcon
            | FilePurpose::BusinessLogo
            | FilePurpose::FinanceReportRun
            | FilePurpose::IdentityDocument => false,
        }
    }
}

/// What a file is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum FileKind {
    /// A table as text.
    Csv,
    /// A photograph.
    Jpeg,
    /// A document.
    Pdf,
    /// A picture.
    Png,
}

impl FileKind {
    /// What the first bytes of an upload say; the name and the declared type may say anything.
    pub fn of_content(bytes: &[u8]) -> Option<FileKind> {
        let table: [(&[u8], FileKind); 3] = [
            (b"%PDF-", FileKind::Pdf),
            (b"\xff\xd8\xff", FileKind::Jpeg),
            (b"\x89PNG\r\n\x1a\n", FileKind::Png),
        ];
        table.iter().find(|(magic, _)| bytes.starts_with(magic)).map(|(_, kind)| *kind)
    }

    /// The word of the wire, which is also the ending of a name.
    pub fn name(self) -> &'static str {
        match self {
            FileKind::Csv => "csv",
            FileKind::Jpeg => "jpg",
            FileKind::Pdf => "pdf",
            FileKind::Png => "png",
        }
    }

    /// The media type.
    pub fn media_type(self) -> &'static str {
        match self {
            FileKind::Csv => "text/csv; charset=utf-8",
            FileKind::Jpeg => "image/jpeg",
            FileKind::Pdf => "application/pdf",
            FileKind::Png => "image/png",
        }
    }
}

/// A file that is to be stored. See [`crate::command::Command::StoreFile`].
#[derive(Clone, Debug)]
pub struct NewFile {
    /// What it is for.
    pub purpose: FilePurpose,
    /// The name that it was uploaded under.
    pub filename: Option<String>,
    /// What people call it.
    pub title: Option<String>,
    /// What it is.
    pub kind: FileKind,
    /// All of it.
    pub bytes: Bytes,
    /// A link that is made with it.
    pub link: Option<NewFileLink>,
}

/// A link that is made with a file.
#[derive(Clone, Debug)]
pub struct NewFileLink {
    /// When it ends; `None`: never.
    pub expires_at: Option<Timestamp>,
    /// What the address holds.
    pub secret: Secret,
    /// Notes.
    pub metadata: BTreeMap<String, String>,
}

impl Listed for File {
    fn created(&self) -> Timestamp {
        self.created
    }

    fn state(&self) -> &'static str {
        self.purpose.name()
    }
}

impl Listed for FileContent {
    fn created(&self) -> Timestamp {
        self.created
    }
}

impl Listed for FileLink {
    fn created(&self) -> Timestamp {
        self.created
    }

    fn links(&self) -> Vec<String> {
        vec![self.file.to_string()]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_is_what_its_first_bytes_say() {
        let table: [(&[u8], Option<FileKind>); 8] = [
            (b"%PDF-1.7\n", Some(FileKind::Pdf)),
            (b"\xff\xd8\xff\xe0JFIF", Some(FileKind::Jpeg)),
            (b"\x89PNG\r\n\x1a\nIHDR", Some(FileKind::Png)),
            (b"", None),
            (b"%PDF", None),
            (b" %PDF-1.7", None),
            (b"<html><script>", None),
            (b"GIF89a", None),
        ];
        for (bytes, kind) in table {
            assert_eq!(FileKind::of_content(bytes), kind, "{bytes:?}");
        }
    }
}
