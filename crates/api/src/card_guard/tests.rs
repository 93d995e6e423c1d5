//! Where the guard looks, and what its refusal says.

#![allow(clippy::type_complexity, reason = "tables of literals")]

use axum::http::Request;

use super::*;

const CARD: &str = "4000002760003184";

/// Checks `METHOD path?query` with headers and a body; the code and the parameter if refused.
fn guard(uri: &str, headers: &[(&str, &str)], body: &[u8]) -> Option<(String, Option<String>)> {
    let mut request = Request::builder().method("POST").uri(uri);
    for (name, value) in headers {
        request = request.header(*name, value.as_bytes());
    }
    let (parts, ()) = request.body(()).unwrap().into_parts();
    let error = check(&parts, body).err()?;
    assert_eq!((error.status().as_u16(), error.code()), (400, Some("card_number_refused")));
    for part in ["4000", "3184", "42424242"] {
        assert!(!error.to_string().contains(part), "{error}");
    }
    Some((error.to_string(), error.param_name().map(Into::into)))
}

#[test]
fn every_place_is_looked_at() {
    let double = CARD.replace('4', "%2534");
    let single = CARD.replace('0', "%30");
    let table: &[(&str, &[(&str, &str)], String, Option<&str>)] = &[
        ("/v1/charges", &[], format!("description={CARD}"), Some("description")),
        ("/v1/charges", &[], format!("a=1&metadata[note]=pay+{CARD}+now"), Some("metadata[note]")),
        ("/v1/charges", &[], "d=4000+0027+6000+3184".into(), Some("d")),
        ("/v1/charges", &[], "d=4000%200027%2D6000%2E3184".into(), Some("d")),
        ("/v1/charges", &[], format!("d={single}"), Some("d")),
        ("/v1/charges", &[], format!("d={double}"), Some("d")),
        ("/v1/charges", &[], format!("metadata[{CARD}]=1"), None),
        ("/v1/charges", &[], CARD.to_owned(), None),
        ("/v1/charges", &[], format!(r#"{{"card":{{"number":"{CARD}"}}}}"#), None),
        ("/v1/charges", &[], format!("d={}", "%D9%A4%D9%A2".repeat(8)), Some("d")),
        ("/v1/charges", &[], format!("d={CARD}%zz"), Some("d")),
        ("/v1/tokens/4000002760003184", &[], String::new(), None),
        ("/v1/tokens/4000%200027%206000%203184", &[], String::new(), None),
        ("/v1/charges?q=4000+0027+6000+3184", &[], String::new(), Some("q")),
        ("/v1/charges", &[("idempotency-key", "order-4000002760003184")], String::new(), None),
        ("/v1/charges", &[("user-agent", "4000 0027 6000 3184")], String::new(), None),
        ("/v1/charges", &[("x-4000002760003184", "1")], String::new(), None),
    ];
    for (uri, headers, body, param) in table {
        let refused = guard(uri, headers, body.as_bytes());
        let (_, found) = refused.unwrap_or_else(|| panic!("{uri} {headers:?} {body}"));
        assert_eq!(found.as_deref(), *param, "{uri} {headers:?} {body}");
    }
}

#[test]
fn card_fields_are_refused_whatever_they_hold() {
    let table: &[(&str, bool)] = &[
        ("card[number]=x", true),
        ("card%5Bnumber%5D=", true),
        ("payment_method_data[card][number]=x", true),
        ("payment_method_data[card][cvc]=123", true),
        ("payment_method_data[number]=x", true),
        ("source[object]=card&source[number]=x", true),
        ("card[cvc]=123", true),
        ("CVV=123", true),
        ("cvc=1", true),
        ("metadata[cvc]=123", true),
        ("security_code=1", true),
        ("card_number", true),
        ("card.number=x", true),
        ("card=tok_visa", false),
        ("payment_method_data[card][token]=tok_visa", false),
        ("payment_method_options[card][cvc_token]=cvctok_1", false),
        ("card[exp_month]=12", false),
        ("phone[number]=1", false),
        ("metadata[number]=1", false),
        ("shipping[tracking_number]=1Z999AA10123456784", false),
        ("customer=cus_1&description=the+card+number+is+elsewhere", false),
    ];
    for (body, refused) in table {
        assert_eq!(guard("/v1/charges", &[], body.as_bytes()).is_some(), *refused, "{body}");
        let uri = format!("/v1/charges?{body}");
        assert_eq!(guard(&uri, &[], b"").is_some(), *refused, "{uri}");
    }
}

#[test]
fn ordinary_requests_pass() {
    let headers = [
        ("authorization", "Bearer sk_test_4eC39HqLyjWDarjtT1zdp7dc"),
        ("stripe-version", "2026-10-28.endive"),
        ("idempotency-key", "stripe-node-retry-40009900-1234-4678-9a12-123456789012"),
        (
            "x-stripe-client-user-agent",
            r#"{"bindings_version":"23.1.0","lang_version":"v24.11.0"}"#,
        ),
        ("traceparent", "00-4bf92f3577b34da6a3ce929d0e0e4736-4242424242424242-01"),
        ("content-length", "120"),
        ("date", "Mon, 23 Nov 2026 03:24:12 GMT"),
    ];
    let body =
        b"amount=120000&currency=usd&metadata[order_id]=20261123000017&phone=%2B4915123456789";
    assert_eq!(guard("/v1/payment_intents?expand[]=latest_charge", &headers, body), None);
}
