//! The API's objects, as far as the shop reads them. Fields that it does not know are passed over,
//! so that a newer API keeps working.

use std::collections::BTreeMap;

use serde::Deserialize;

use crate::money::{Currency, Money};

/// One page of a list.
#[derive(Deserialize)]
pub(crate) struct List<T> {
    pub(crate) data: Vec<T>,
    #[serde(default)]
    pub(crate) has_more: bool,
}

/// A seller.
#[derive(Deserialize)]
pub(crate) struct Account {
    pub(crate) id: String,
    #[serde(default)]
    pub(crate) business_profile: Option<BusinessProfile>,
    #[serde(default)]
    pub(crate) metadata: BTreeMap<String, String>,
}

/// How a seller presents itself.
#[derive(Deserialize)]
pub(crate) struct BusinessProfile {
    #[serde(default)]
    pub(crate) name: Option<String>,
}

/// A checkout session: one basket on its way through the pay page.
#[derive(Deserialize)]
pub(crate) struct Session {
    pub(crate) id: String,
    pub(crate) status: SessionStatus,
    /// The pay page; none once the session is over.
    #[serde(default)]
    pub(crate) url: Option<String>,
    /// The basket's id, which the shop gave.
    #[serde(default)]
    pub(crate) client_reference_id: Option<String>,
    #[serde(default)]
    amount_total: Option<i64>,
    #[serde(default)]
    currency: Option<String>,
}

/// Where a checkout session stands.
#[derive(Deserialize, Debug, Clone, Copy, PartialEq, Eq)]
#[serde(rename_all = "lowercase")]
pub(crate) enum SessionStatus {
    Open,
    Complete,
    Expired,
}

/// One seller's part of a purchase.
#[derive(Deserialize)]
pub(crate) struct Order {
    pub(crate) seller: String,
    pub(crate) status: String,
    #[serde(default)]
    pub(crate) lines: Vec<OrderLine>,
    amount_total: i64,
    currency: String,
    /// The buyer's page of this order, with the key that opens it.
    #[serde(default)]
    url: Option<String>,
}

/// What was bought, and how many.
#[derive(Deserialize)]
pub(crate) struct OrderLine {
    pub(crate) description: String,
    pub(crate) quantity: i64,
}

impl Account {
    pub(crate) fn name(&self) -> Option<&str> {
        self.business_profile.as_ref()?.name.as_deref()
    }
}

impl Session {
    pub(crate) fn total(&self) -> Option<Money> {
        let currency = Currency::parse(self.currency.as_deref()?)?;
        Some(Money::new(self.amount_total?, currency))
    }

    /// The pay page's address, if it is one that a browser may be sent to.
    pub(crate) fn pay_page(&self) -> Option<&str> {
        self.url.as_deref().filter(|url| is_web_address(url))
    }
}

impl Order {
    pub(crate) fn total(&self) -> Option<Money> {
        Some(Money::new(self.amount_total, Currency::parse(&self.currency)?))
    }

    /// The order page's address, if it is one that a link may lead to.
    pub(crate) fn page(&self) -> Option<&str> {
        self.url.as_deref().filter(|url| is_web_address(url))
    }
}

/// Whether a text is an absolute http(s) address in plain ASCII: nothing that runs in the page, and
/// nothing that breaks a header.
fn is_web_address(text: &str) -> bool {
    let web = text.starts_with("http://") || text.starts_with("https://");
    web && text.bytes().all(|byte| byte.is_ascii_graphic())
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn only_web_addresses_are_followed() {
        let table = [
            ("http://127.0.0.1:4002/c/cs_test_1", true),
            ("https://pay.example/c/1?key=a%20b#x", true),
            ("javascript:alert(1)", false),
            ("//pay.example", false),
            ("/c/1", false),
            ("https://pay.example/\r\nSet-Cookie: a", false),
            ("", false),
        ];
        for (address, followed) in table {
            assert_eq!(is_web_address(address), followed, "{address}");
        }
    }

    #[test]
    fn fields_of_a_newer_api_are_passed_over() {
        let session: Session = serde_json::from_str(
            r#"{"id":"cs_test_1","object":"checkout.session","status":"complete","url":null,
                "amount_total":5140,"currency":"usd","presentment":{"of":["the","future"]}}"#,
        )
        .unwrap();
        assert_eq!(session.status, SessionStatus::Complete);
        assert_eq!(session.total().unwrap().to_string(), "$51.40");
        assert_eq!(session.pay_page(), None);
    }
}
