//! When the money of a payment is taken, and in which words a request said so.

use serde::{Deserialize, Serialize};

/// When the money is taken from the card.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum CaptureMethod {
    /// As soon as the bank approves.
    Automatic,
    /// When the platform, or a shipment, says so.
    Manual,
}

/// The words in which a request said when the money is taken.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum CaptureWords {
    /// In those of the payment's capture method.
    #[default]
    Plain,
    /// `automatic_async`, which is done as `automatic` is.
    Async,
    /// `manual`, for cards only.
    ManualForCards,
}

impl CaptureWords {
    /// The word of the wire for a capture method.
    pub fn name(self, method: CaptureMethod) -> &'static str {
        match (method, self) {
            (CaptureMethod::Manual, CaptureWords::Plain | CaptureWords::Async) => "manual",
            (CaptureMethod::Automatic, CaptureWords::Async) => "automatic_async",
            (CaptureMethod::Manual, CaptureWords::ManualForCards)
            | (CaptureMethod::Automatic, CaptureWords::Plain | CaptureWords::ManualForCards) => {
                "automatic"
            }
        }
    }
}
