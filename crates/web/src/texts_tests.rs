#![allow(clippy::unwrap_used)]

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use holdfast_core::order::{OrderCancelReason as Cancel, ReleaseReason as Release};

use super::*;
use crate::console::status::{
    AttemptStatus, DeliveryStatus, Funding, MoveKind, MoveStatus, PaymentStatus,
};
use crate::console::views::{ConsoleNotice, OrderFormError, Section};
use crate::order::status::{CLAIM_REASONS, OrderStatus, cancel_key, claim_key, release_key};
use crate::order::views::{OrderNotice, StepKind};
use crate::page::Problem;
use crate::pay::card_errors::CardProblem;
use crate::pay::decline::Decline;
use crate::pay::views::ClosedReason;
use crate::receipt::views::{ReceiptState, ReturnKind};
use crate::seller::views::{COUNTRIES, FormProblem, PayoutStatus};

const ENGLISH_FILE: &str = include_str!("../messages/en.ftl");
const ARABIC_FILE: &str = include_str!("../messages/ar.ftl");

#[test]
fn both_files_have_the_same_keys_with_the_same_values() {
    let (english, arabic) = (messages(ENGLISH_FILE), messages(ARABIC_FILE));
    assert_eq!(english.keys().collect::<Vec<_>>(), arabic.keys().collect::<Vec<_>>());
    for (key, values) in &english {
        // A language may leave a number out where a word says it ("two days"), but not the rest.
        let missing: Vec<_> = values.difference(&arabic[key]).collect();
        assert!(missing.is_empty(), "{key} in Arabic misses {missing:?}");
        assert!(arabic[key].is_subset(values), "{key} in Arabic names a value that is not given");
    }
}

#[test]
fn no_key_stands_twice_and_no_message_is_broken() {
    for source in [ENGLISH_FILE, ARABIC_FILE] {
        assert!(FluentResource::try_new(source.to_owned()).is_ok());
        let keys: Vec<&str> = source.lines().filter_map(key_of).collect();
        let once: BTreeSet<&str> = keys.iter().copied().collect();
        assert_eq!(keys.len(), once.len());
    }
}

#[test]
fn templates_and_code_name_only_texts_that_are_and_all_of_them() {
    let keys: BTreeSet<String> = messages(ENGLISH_FILE).into_keys().collect();
    let mut named = BTreeSet::new();
    for file in files_below("templates") {
        let source = std::fs::read_to_string(&file).unwrap();
        for call in ["t.get(\"", "t.with(\"", "t.with_all(\""] {
            for rest in source.split(call).skip(1) {
                let key = rest.split('"').next().unwrap();
                assert!(keys.contains(key), "{} names {key}", file.display());
                named.insert(key.to_owned());
            }
        }
        for rest in source.split("assets::url(\"").skip(1) {
            let name = rest.split('"').next().unwrap();
            assert_ne!(crate::assets::url(name), "/assets/unknown", "{name}");
        }
    }
    for file in files_below("src") {
        let source = std::fs::read_to_string(file).unwrap();
        named.extend(keys.iter().filter(|key| source.contains(&format!("\"{key}\""))).cloned());
    }
    let unused: Vec<_> = keys.difference(&named).collect();
    assert!(unused.is_empty(), "no page shows {unused:?}");
}

#[test]
fn every_key_that_code_chooses_is_a_text() {
    let texts = messages(ENGLISH_FILE);
    for key in [buyers_keys(), reasons_keys(), console_keys(), seller_keys()].concat() {
        assert!(texts.contains_key(key), "{key}");
    }
}

fn buyers_keys() -> Vec<&'static str> {
    let keys: [Vec<&str>; 14] = [
        ReceiptState::ALL.map(ReceiptState::key).into(),
        ReceiptState::ALL.map(ReceiptState::lead).into(),
        ReceiptState::ALL.map(ReceiptState::sum_key).into(),
        ReturnKind::ALL.map(ReturnKind::key).into(),
        OrderStatus::ALL.map(OrderStatus::key).into(),
        OrderStatus::ALL.map(OrderStatus::lead).into(),
        StepKind::ALL.map(StepKind::key).into(),
        OrderNotice::ALL.map(OrderNotice::key).into(),
        Problem::ALL.map(Problem::heading).into(),
        Problem::ALL.map(Problem::lead).into(),
        CardProblem::ALL.map(CardProblem::key).into(),
        Decline::ALL.map(Decline::key).into(),
        ClosedReason::ALL.map(ClosedReason::heading).into(),
        ClosedReason::ALL.map(ClosedReason::lead).into(),
    ];
    keys.concat()
}

fn reasons_keys() -> Vec<&'static str> {
    let cancels = [
        Cancel::RequestedByBuyer,
        Cancel::RequestedBySeller,
        Cancel::RequestedByPlatform,
        Cancel::NotShipped,
        Cancel::AuthorizationEnding,
        Cancel::Refunded,
    ];
    let releases =
        [Release::BuyerConfirmed, Release::ProtectionEnded, Release::Ruling, Release::Operator];
    let claims: Vec<&str> = CLAIM_REASONS.iter().map(claim_key).collect();
    [cancels.map(cancel_key).to_vec(), releases.map(release_key).to_vec(), claims].concat()
}

fn seller_keys() -> Vec<&'static str> {
    let keys: [Vec<&str>; 3] = [
        FormProblem::ALL.map(FormProblem::key).into(),
        PayoutStatus::ALL.map(PayoutStatus::key).into(),
        COUNTRIES.map(|(_, key)| key).into(),
    ];
    keys.concat()
}

fn console_keys() -> Vec<&'static str> {
    let funding = [
        Funding::Authorized,
        Funding::Capturing,
        Funding::Held,
        Funding::Returning,
        Funding::Returned,
        Funding::CaptureFailed(String::new()),
    ];
    let keys: [Vec<&str>; 9] = [
        MoveKind::ALL.map(MoveKind::key).into(),
        MoveStatus::ALL.map(MoveStatus::key).into(),
        PaymentStatus::ALL.map(PaymentStatus::key).into(),
        AttemptStatus::ALL.map(AttemptStatus::key).into(),
        DeliveryStatus::ALL.map(DeliveryStatus::key).into(),
        Section::ALL.map(Section::key).into(),
        ConsoleNotice::ALL.map(ConsoleNotice::key).into(),
        OrderFormError::ALL.map(OrderFormError::key).into(),
        funding.iter().map(Funding::key).collect(),
    ];
    keys.concat()
}

#[test]
fn plurals_follow_each_language() {
    let table = [
        (Language::English, 1, "1 day left"),
        (Language::English, 2, "2 days left"),
        (Language::English, 0, "over"),
        (Language::Arabic, 1, "بقي يوم واحد"),
        (Language::Arabic, 2, "بقي يومان"),
        (Language::Arabic, 3, "بقيت \u{2068}3\u{2069} أيام"),
        (Language::Arabic, 11, "بقي \u{2068}11\u{2069} يومًا"),
        (Language::Arabic, 100, "بقي \u{2068}100\u{2069} يوم"),
    ];
    for (language, days, expected) in table {
        assert_eq!(Texts::of(language).with("days-left", "days", days), expected);
    }
}

#[test]
fn a_missing_text_shows_its_key_instead_of_breaking_the_page() {
    assert_eq!(Texts::of(Language::English).get("no-such-text"), "no-such-text");
}

/// Each message's key with the values that it names.
fn messages(source: &str) -> BTreeMap<String, BTreeSet<String>> {
    let mut messages: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    let mut current = String::new();
    for line in source.lines() {
        if let Some(key) = key_of(line) {
            current = key.to_owned();
            messages.entry(current.clone()).or_default();
        }
        let names = line.split('$').skip(1).filter_map(|rest| rest.split([' ', '}']).next());
        if let Some(values) = messages.get_mut(&current) {
            values.extend(names.map(str::to_owned));
        }
    }
    messages
}

fn key_of(line: &str) -> Option<&str> {
    let (key, _) = line.split_once(" =")?;
    let first = key.chars().next()?;
    first.is_ascii_alphabetic().then_some(key)
}

fn files_below(folder: &str) -> Vec<PathBuf> {
    let mut files = Vec::new();
    let mut folders = vec![Path::new(env!("CARGO_MANIFEST_DIR")).join(folder)];
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() { folders.push(path) } else { files.push(path) }
        }
    }
    files
}
