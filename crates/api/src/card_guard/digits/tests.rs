//! What is a card number and what is not, and that chance does not make one of a UUID.

use proptest::prelude::*;

use super::*;
use crate::digest::{hex, sha256};

#[test]
fn card_numbers_however_they_are_written() {
    let table = [
        "4000002760003184",
        "4242 4242 4242 4242",
        "4242-4242-4242-4242",
        "4242.4242.4242.4242",
        "4 2 4 2 4 2 4 2 4 2 4 2 4 2 4 2",
        "4242 - 4242 - 4242 - 4242",
        "4242\n4242\r\n4242\t4242",
        "4242\u{a0}4242\u{202f}4242\u{2013}4242",
        "42424242 42424242",
        "4242424242424242.",
        "card4000002760003184",
        "note: 4000002760003184, thanks",
        "4000002760003184x",
        "number=4000002760003184&cvc=123",
        r#"{"number":"4000002760003184"}"#,
        "2 x 4000 0027 6000 3184",
        "12 4000 0027 6000 3184 12",
        "3782 822463 10005",
        "371449635398431",
        "6011000990139424",
        "5555555555554444",
        "2223003122003222",
        "5200828282828210",
        "30561234567894",
        "6212312345678901239",
        "5018112345670",
        "4222222123453",
        "4000990012345678",
        "5100990012345674",
        "340099001234567",
        "6011990012345670",
        "٤٢٤٢٤٢٤٢٤٢٤٢٤٢٤٢",
        "۴۲۴۲ ۴۲۴۲ ۴۲۴۲ ۴۲۴۲",
        "४२४२४२४२४२४२४२४२",
        "4242４２４２42424242",
        "\u{200e}4242\u{200b}4242\u{200c}4242\u{2066}4242\u{2069}",
        "ffff 4242424242424242 ffff",
    ];
    for text in table {
        assert!(hold_card_number(text.as_bytes()), "{text}");
    }
    assert!(hold_card_number(b"\xff4242424242424242\xff"));
}

#[test]
fn other_numbers() {
    let uuid = "stripe-node-retry-40009900-1234-4678-9a12-123456789012";
    let trace = "00-4bf92f3577b34da6a3ce929d0e0e4736-4242424242424242-01";
    let table = [
        "",
        "4242424242424241",
        "4242 4242 4242 4241",
        "424242424242",
        "42424242424242424242",
        "1242424242424242",
        "9242424242424242",
        "0000000000000000",
        "3782822463100059",
        "5555 5555    5555 4444",
        "4242/4242/4242/4242",
        "4242,4242,4242,4242",
        "4242:4242:4242:4242",
        "t=1795000000&amount=4242",
        "1795000000123",
        "2026-11-23 2026-11-30",
        "2026-11-23 03:24:12.123456",
        "Mozilla/5.0 (X11; Linux x86_64) Chrome/156.0.7000.123 Safari/537.36",
        "255.255.255.255 4242",
        "ord_00Kx5mTq3f9WvZ4ab1cdE2",
        uuid,
        trace,
        "507f1f77bcf86cd424242424242424242",
        "DE89 3704 0044 0532 0130 00",
    ];
    for text in table {
        assert!(!hold_card_number(text.as_bytes()), "{text}");
    }
}

#[test]
fn long_texts_take_short_times() {
    // Each of these would take minutes if the search looked at every part of every run.
    for text in ["1 ", "4", "4243 ", "ffff-", "\u{661} "] {
        assert!(!hold_card_number(text.repeat(64 * 1024 / text.len()).as_bytes()), "{text}");
    }
}

/// A number with its check digit.
fn complete(digits: &str) -> String {
    (0..10)
        .map(|check| format!("{digits}{check}"))
        .find(|number| has_check_digit(number.as_bytes()))
        .unwrap()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2_000))]

    /// Names that SDKs and proxies send with every request are never taken for cards.
    #[test]
    fn machine_names_are_no_cards(number in any::<[u8; 16]>(), span in any::<[u8; 8]>()) {
        let name = hex(&number);
        let uuid = [&name[..8], &name[8..12], &name[12..16], &name[16..20], &name[20..]].join("-");
        let trace = format!("00-{name}-{}-01", hex(&span));
        for text in [&uuid, &format!("retry-{uuid}"), &trace, &hex(&sha256(&number))] {
            prop_assert!(!hold_card_number(text.as_bytes()), "{}", text);
        }
    }

    /// Any card of these ranges is found, whatever stands between its groups.
    #[test]
    fn cards_are_found(
        prefix in prop::sample::select(vec!["40009900", "51009900", "60119900", "222300"]),
        digits in "[0-9]{9}",
        separator in prop::sample::select(vec!["", " ", "-", ".", "  ", " - ", "\u{a0}"]),
        around in prop::sample::select(vec!["", " ", "x", "=", "\"", ">", "é"]),
    ) {
        let number = complete(&format!("{prefix}{digits}")[..15]);
        let groups: Vec<&str> = (0..4).map(|group| &number[group * 4..group * 4 + 4]).collect();
        let text = format!("{around}{}{around}", groups.join(separator));
        prop_assert!(hold_card_number(text.as_bytes()), "{}", text);
    }

    #[test]
    fn no_bytes_panic(text in proptest::collection::vec(any::<u8>(), 0..400)) {
        hold_card_number(&text);
    }
}
