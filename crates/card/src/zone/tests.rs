use super::*;
use crate::card::Card;
use crate::exchange::{ExchangeError, Exchanged};
use crate::number::CardNumber;

struct Nobody;

impl Exchange for Nobody {
    fn refusal(&self, _number: &CardNumber) -> Option<&'static str> {
        None
    }

    async fn exchange(&self, _card: Card) -> Result<Exchanged, ExchangeError> {
        Err(ExchangeError::Unreachable)
    }
}

fn config(pay_origin: &str) -> ZoneConfig {
    ZoneConfig {
        pay_origin: pay_origin.to_owned(),
        network_url: "http://127.0.0.1:4004".to_owned(),
        network_key: "nk_1".to_owned(),
    }
}

#[test]
fn settings_are_checked_by_name() {
    let check = |config: &ZoneConfig, expected: &str| {
        let message = Zone::new(config, Nobody).err().map(|error| error.to_string());
        assert!(message.unwrap_or_default().contains(expected), "{expected}");
    };
    check(&config("http://127.0.0.1:4002"), "");
    check(&config("http://127.0.0.1:4002/"), "pay_origin");
    check(&config(""), "pay_origin");
}

#[test]
fn nobody_is_known_before_the_parent_has_said_so() {
    let zone = Zone::new(&config("http://127.0.0.1:4002"), Nobody);
    assert!(zone.is_ok_and(|zone| !zone.knows_key("") && !zone.knows_key("pk_test_1")));
}

#[test]
fn the_configuration_comes_as_json_and_knows_its_fields() {
    let read = |json: &str| serde_json::from_str::<ZoneConfig>(json).is_ok();
    let written = serde_json::to_string(&config("http://127.0.0.1:4002"));
    assert!(written.is_ok_and(|json| read(&json)));
    assert!(!read(r#"{"pay_origin":"http://127.0.0.1:4002"}"#));
    assert!(!read(r#"{"pay_origin":"o","network_url":"u","network_key":"k","log":"x"}"#));
}
