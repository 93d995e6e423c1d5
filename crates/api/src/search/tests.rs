use serde_json::json;

use super::*;

const FIELDS: [Field; 5] = [
    Field { name: "amount", kind: Kind::Number },
    Field { name: "status", kind: Kind::Token },
    Field { name: "email", kind: Kind::Text },
    Field { name: "customer", kind: Kind::Token },
    Field { name: "card.last4", kind: Kind::Token },
];

fn object() -> Value {
    json!({
        "amount": 1500, "status": "succeeded", "email": "Salma@Shop.example", "created": 1000,
        "customer": { "id": "cus_1" }, "card": { "last4": "4242" }, "paid": true,
        "metadata": { "order": "7", "say \"hi\"": "it's" },
    })
}

#[test]
fn what_fits() {
    let table = [
        (r#"status:"succeeded""#, true),
        (r#"status:'succeeded'"#, true),
        (r#"status:"SUCCEEDED""#, true),
        (r#"status:"succeede""#, false),
        (r#"-status:"succeeded""#, false),
        (r#"-status:"canceled""#, true),
        ("amount:1500", true),
        (r#"amount:"1500""#, true),
        ("amount>1500", false),
        ("amount>=1500", true),
        ("amount<1500", false),
        ("amount<=1500", true),
        ("amount>-1", true),
        ("-amount>1000", false),
        (r#"email~"SHOP""#, true),
        (r#"email~"shops""#, false),
        (r#"email:"salma@shop.example""#, true),
        ("email:null", false),
        (r#"customer:"cus_1""#, true),
        (r#"card.last4:"4242""#, true),
        (r#"metadata["order"]:"7""#, true),
        ("metadata['order']:'8'", false),
        (r#"metadata["none"]:null"#, true),
        (r#"-metadata["none"]:null"#, false),
        (r#"metadata["say \"hi\""]:'it\'s'"#, true),
        (r#"metadata["order"]:null"#, false),
        (r#"status:"succeeded" AND amount>1000"#, true),
        (r#"status:"succeeded" amount>2000"#, false),
        (r#"status:"canceled" OR amount>1000"#, true),
        (r#"status:"canceled" OR amount>2000 OR email:null"#, false),
        (r#"status:"ORDER" OR status:"succeeded""#, true),
        ("  created>=1000   AND   created<2000  ", true),
        ("amount<9223372036854775807", true),
        ("amount>9223372036854775807", false),
    ];
    for (text, fits) in table {
        let query = Query::parse(text, &FIELDS).unwrap_or_else(|error| panic!("{text}: {error}"));
        assert_eq!(query.fits(&object()), fits, "{text}");
    }
}

#[test]
fn what_is_no_query() {
    let many = ["amount:1"; CLAUSES_MAX + 1].join(" AND ");
    let long = format!("status:\"{}\"", "x".repeat(QUERY_CHARS_MAX));
    let table = [
        ("", "a field is expected"),
        ("   ", "a field is expected"),
        ("\"x\"", "a field is expected"),
        ("status", "must follow status"),
        ("status:", "in quotes"),
        ("status:succeeded", "in quotes"),
        ("status:\"succeeded", "not closed"),
        (r#"status:"succeeded\""#, "not closed"),
        ("unicorn:\"1\"", "'unicorn' is not a field"),
        ("Status:\"1\"", "'Status' is not a field"),
        ("metadata:\"1\"", "by key"),
        ("metadata[order]:\"1\"", "by key"),
        ("metadata[\"order\":\"1\"", "by key"),
        ("status~\"succ\"", "by a part"),
        ("amount~\"150\"", "by a part"),
        ("email~\"sh\"", "at least 3"),
        ("status>\"a\"", "not a number"),
        ("amount>\"a\"", "whole number"),
        ("amount>1.5", "space is missing"),
        ("amount:null", "whole number"),
        ("amount>99999999999999999999", "whole number"),
        ("amount:1 AND", "'AND' is not a field"),
        ("amount:1 AND status:\"a\" OR amount:2", "mixed"),
        ("amount:1 status:\"a\" OR amount:2", "mixed"),
        ("amount:1status:\"a\"", "space is missing"),
        ("(amount:1)", "a field is expected"),
        (&many, "more than 10 clauses"),
        (&long, "longer than"),
    ];
    for (text, why) in table {
        let error = Query::parse(text, &FIELDS).expect_err(text);
        assert_eq!(error.param_name(), Some("query"), "{text}");
        assert_eq!((error.status().as_u16(), error.code()), (400, Some("search_query_invalid")));
        assert!(error.to_string().contains(why), "{text}: {error}");
    }
}

#[test]
fn times_narrow_what_is_looked_at() {
    let table = [
        ("created>10 AND created<=20", (11, 20)),
        ("created:15", (15, 15)),
        ("created>10 OR created<5", (0, TIMESTAMP_MAX)),
        ("-created>10", (0, TIMESTAMP_MAX)),
        ("amount>10", (0, TIMESTAMP_MAX)),
        ("created<-5", (0, -6)),
    ];
    for (text, (from, to)) in table {
        let query = Query::parse(text, &FIELDS).unwrap();
        assert_eq!(query.created(), Created { from, to }, "{text}");
    }
}
