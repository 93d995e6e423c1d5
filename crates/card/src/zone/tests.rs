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

fn config(pay_origin: &str, keys: &[&str]) -> ZoneConfig {
    ZoneConfig {
        pay_origin: pay_origin.to_owned(),
        publishable_keys: keys.iter().map(|key| (*key).to_owned()).collect(),
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
    check(&config("http://127.0.0.1:4002", &["pk_test_1"]), "");
    check(&config("http://127.0.0.1:4002/", &["pk_test_1"]), "pay_origin");
    check(&config("", &["pk_test_1"]), "pay_origin");
    check(&config("http://127.0.0.1:4002", &[]), "publishable_keys");
    check(&config("http://127.0.0.1:4002", &["pk_test_1", ""]), "publishable_keys");
}

#[test]
fn keys_are_known_whole() {
    let config = config("http://127.0.0.1:4002", &["pk_test_1", "pk_test_22"]);
    let zone = Zone::new(&config, Nobody);
    let check = |key: &str, is_known| {
        let got = zone.as_ref().map(|zone| zone.knows_key(key));
        assert!(got.is_ok_and(|got| got == is_known), "{key:?}");
    };
    check("pk_test_1", true);
    check("pk_test_22", true);
    check("", false);
    check("pk_test_", false);
    check("pk_test_2", false);
    check("pk_test_222", false);
    check("PK_TEST_1", false);
    check("pk_test_1\0", false);
}

#[test]
fn the_configuration_comes_as_json_and_knows_its_fields() {
    let read = |json: &str| serde_json::from_str::<ZoneConfig>(json).is_ok();
    let written = serde_json::to_string(&config("http://127.0.0.1:4002", &["pk_test_1"]));
    assert!(written.is_ok_and(|json| read(&json)));
    assert!(!read(r#"{"pay_origin":"http://127.0.0.1:4002"}"#));
    assert!(!read(
        r#"{"pay_origin":"o","publishable_keys":[],"network_url":"u","network_key":"k","log":"x"}"#
    ));
}
