//! Every page with values such as a shop would have, for the tests and the gallery.

#![allow(dead_code, unreachable_pub, clippy::unwrap_used)]

pub mod buyers;
pub mod console;
pub mod receipts;
pub mod sellers;

use askama::Template;
use holdfast_core::currency::Currency;
use holdfast_core::money::Money;
use holdfast_core::time::{Span, Timestamp};
use holdfast_web::language::Language;
use holdfast_web::page::Shell;
use holdfast_web::texts::Texts;

/// 2026-11-20 12:00 UTC, a Friday.
pub const NOW: Timestamp = Timestamp::from_seconds(1_795_176_000);

pub fn usd(minor: i64) -> Money {
    Money::new(minor, Currency::USD)
}

pub fn in_days(days: u32) -> Timestamp {
    NOW.after(Span::days(days))
}

pub fn days_ago(days: u32) -> Timestamp {
    NOW.before(Span::days(days))
}

/// The frame of the buyers' pages, with the links to other languages leading to `path`.
pub fn shell(path: &str) -> Shell {
    Shell { shop: "Bazaar".to_owned(), test_mode: true, path: Some(path.to_owned()) }
}

/// One page of the gallery.
pub struct Sample {
    pub path: &'static str,
    pub html: String,
}

/// All pages in one language.
pub fn all(language: Language) -> Vec<Sample> {
    let t = Texts::of(language);
    let mut samples = buyers::all(t);
    samples.extend(receipts::all(t));
    samples.extend(console::all(t));
    samples.extend(sellers::all(t));
    samples
}

pub fn sample(path: &'static str, template: &impl Template) -> Sample {
    Sample { path, html: template.render().unwrap() }
}
