//! Numbers and codes cannot be printed, and leave the zone in no answer and no request.

use holdfast_card::{Card, CardNumber, SecurityCode};

use crate::support::*;

/// Does not compile if the type implements the trait: `some` would be ambiguous.
macro_rules! assert_not_implemented {
    ($type:ty: $($trait:path),+) => {
        $({
            trait Ambiguous<T> {
                fn some() {}
            }
            struct Implemented;
            impl<T: ?Sized> Ambiguous<()> for T {}
            impl<T: ?Sized + $trait> Ambiguous<Implemented> for T {}
            <$type as Ambiguous<_>>::some();
        })+
    };
}

#[test]
fn secrets_cannot_be_printed_copied_or_serialized() {
    use std::fmt::{Debug, Display, LowerHex, Pointer};
    assert_not_implemented!(CardNumber: Debug, Display, LowerHex, Pointer, Clone, ToString);
    assert_not_implemented!(CardNumber: serde::Serialize, AsRef<str>, AsRef<[u8]>, Into<String>);
    assert_not_implemented!(CardNumber: std::ops::Deref, PartialEq, std::hash::Hash, Default);
    assert_not_implemented!(SecurityCode: Debug, Display, LowerHex, Pointer, Clone, ToString);
    assert_not_implemented!(SecurityCode: serde::Serialize, AsRef<str>, AsRef<[u8]>, Into<String>);
    assert_not_implemented!(SecurityCode: std::ops::Deref, PartialEq, std::hash::Hash, Default);
    assert_not_implemented!(Card: Debug, Display, Clone, ToString, serde::Serialize);
    assert_not_implemented!(holdfast_card::zone::ZoneConfig: Debug, Display);
}

/// Every outcome there is, for one number and code, with and without script.
fn all_outcomes(number: &str, code: &str) -> Vec<(String, u16)> {
    let right = [("card[number]", number), ("card[exp]", "12/30"), ("card[cvc]", code)];
    let with = |name, value| form(&[&right[..], &[(name, value)]].concat());
    let long = format!("{number}{number}");
    vec![
        (form(&right), 200),
        (with("return_to", "/c/cs_test_a1"), 303),
        (card(number, &long), 402),
        (card(&long, code), 402),
        (card(&format!("{}x", &number[..15]), code), 402),
        (form(&[("card[number]", code), ("card[cvc]", number), ("card[exp]", number)]), 402),
        (with("card[name]", number), 402),
        (with("return_to", &format!("/c/a?card={number}")), 400),
        (with(number, code), 400),
        (with("card[number]", number), 400),
        (with("metadata", number), 400),
        (format!("key={number}&{}", form(&right).replace("key", "card%5Bname%5D")), 401),
        (format!("{}&{number}", form(&right)), 400),
        (format!("{}&pad={}", form(&right), number.repeat(300)), 413),
    ]
}

#[test]
fn no_answer_and_no_request_holds_a_number_or_a_code() {
    for (range, length, code) in [("40009900", 16, "831"), ("34009900", 15, "8317")] {
        let number = fresh_number(range, length);
        let network = Network::tokens();
        let zone = Zone::start(&network);
        for (body, status) in all_outcomes(&number, code) {
            let answer = zone.post(&body);
            assert_eq!(answer.status, status, "{body}: {}", answer.raw);
            assert_free_of(&answer.raw, &number);
            let query = zone.send(&format!("GET /?{body} HTTP/1.1\r\n\r\n"));
            assert_free_of(&query.raw, &number);
        }
        for request in network.requests() {
            assert_free_of(&request, &number);
            let told = request.split_once("\r\n\r\n").unwrap().1;
            assert!(!told.replace(&number[length - 4..], "").contains(code), "{told}");
        }
        assert_eq!(network.requests().len(), 2);
    }
}

/// No eight digits in a row: fewer can stand in a time or a random key by chance, and the last four
/// may be shown.
fn assert_free_of(text: &str, number: &str) {
    for place in 0..=number.len() - 8 {
        let part = &number[place..place + 8];
        assert!(!text.contains(part), "{part} of {number} in {text}");
    }
}
