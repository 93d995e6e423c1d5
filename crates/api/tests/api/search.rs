//! Searching: what is found, page by page, and what is refused.

use serde_json::{Value, json};

use crate::client::text;
use crate::shop::Shop;

fn ids(list: &Value) -> Vec<String> {
    let data = list["data"].as_array().unwrap();
    data.iter().map(|object| text(object, "id").to_owned()).collect()
}

fn encoded(query: &str) -> String {
    query.bytes().map(|byte| format!("%{byte:02X}")).collect()
}

#[tokio::test]
async fn payments_are_found_by_what_they_hold() {
    let shop = Shop::open();
    let paid = shop.pay("tok_visa", "metadata[order]=7&description=Blue+shoes").await;
    shop.pay("tok_visa", "metadata[order]=8").await;
    let form = "amount=100&currency=eur&metadata[note]=say+%22hi%22";
    let open = shop.client.post("/v1/payment_intents", form).await.ok();
    let table = [
        (r#"status:"succeeded""#, 2),
        (r#"status:'succeeded' AND metadata['order']:'7'"#, 1),
        (r#"status:"succeeded" -metadata["order"]:"7""#, 1),
        (r#"currency:"eur" OR metadata["order"]:"8""#, 2),
        ("amount>100", 2),
        ("amount<=100", 1),
        ("amount>=2500 AND amount<2500", 0),
        (r#"description~"shoe""#, 1),
        (r#"metadata["note"]:"say \"hi\"""#, 1),
        ("metadata[\"order\"]:null", 1),
        ("created>0", 3),
        ("created<1000", 0),
        (r#"customer:"cus_x""#, 0),
    ];
    for (query, count) in table {
        let path = format!("/v1/payment_intents/search?query={}", encoded(query));
        let found = shop.client.get(&path).await.ok();
        assert_eq!(ids(&found).len(), count, "{query}");
        assert_eq!(
            (&found["object"], &found["url"], &found["has_more"], &found["next_page"]),
            (
                &json!("search_result"),
                &json!("/v1/payment_intents/search"),
                &json!(false),
                &Value::Null
            )
        );
    }
    let query = encoded(r#"metadata["order"]:"7""#);
    let path = format!("/v1/payment_intents/search?query={query}&expand[]=data.latest_charge");
    let found = shop.client.get(&path).await.ok();
    assert_eq!(found["data"][0]["id"], paid["id"]);
    assert_eq!(found["data"][0]["latest_charge"]["id"], paid["latest_charge"]);
    let query = encoded(&format!("status:\"succeeded\" AND amount>{}", 99));
    let found = shop.client.get(&format!("/v1/charges/search?query={query}")).await.ok();
    assert_eq!(ids(&found).len(), 2);
    let query = encoded(r#"payment_method_details.card.last4:"3184" AND disputed:"false""#);
    let found = shop.client.get(&format!("/v1/charges/search?query={query}")).await.ok();
    assert_eq!(ids(&found).len(), 2);
    let other = shop.other_platform();
    let found = other.get("/v1/payment_intents/search?query=created%3E0").await.ok();
    assert_eq!(found["data"], json!([]));
    assert_eq!(open["status"], "requires_payment_method");
}

#[tokio::test]
async fn pages_of_a_search_lead_through_all_of_it() {
    let shop = Shop::open();
    let mut made = Vec::new();
    for index in 0..600 {
        let form = format!("amount={}&currency=usd", 100 + index % 3);
        let payment = shop.client.post("/v1/payment_intents", &form).await.ok();
        if index % 3 == 0 {
            made.push(text(&payment, "id").to_owned());
        }
    }
    made.sort_by(|a, b| b.cmp(a));
    let (mut seen, mut pages, mut page) = (Vec::new(), 0, String::new());
    loop {
        let path = format!("/v1/payment_intents/search?query=amount:100&limit=70{page}");
        let found = shop.client.get(&path).await.ok();
        seen.extend(ids(&found));
        pages += 1;
        if found["has_more"] != true {
            assert_eq!(found["next_page"], Value::Null);
            break;
        }
        assert!(found.get("total_count").is_none(), "nobody asked for it");
        page = format!("&page={}", text(&found, "next_page"));
    }
    assert_eq!((seen, pages), (made, 3), "newest first, each once");
}

#[tokio::test]
async fn bad_searches() {
    let shop = Shop::open();
    let table = [
        ("", "400 parameter_missing query"),
        ("query=", "400 parameter_invalid_empty query"),
        ("query=unicorn:'1'", "400 search_query_invalid query"),
        ("query=amount:1+OR+amount:2+AND+amount:3", "400 search_query_invalid query"),
        ("query=amount:1&query=amount:2", "400 parameter_duplicate query"),
        ("query[a]=amount:1", "400 parameter_invalid_string query"),
        ("query=amount:1&limit=101", "400 parameter_invalid_integer limit"),
        ("query=amount:1&page=2", "400 cursor_invalid page"),
        ("query=amount:1&page=after_ch_1", "400 cursor_invalid page"),
        ("query=amount:1&starting_after=pi_1", "400 parameter_unknown starting_after"),
        ("query=amount:1&expand[]=data.unicorn", "400 property_not_expandable expand[0]"),
    ];
    for (form, expected) in table {
        let answer = shop.client.get(&format!("/v1/payment_intents/search?{form}")).await;
        assert_eq!(answer.error(), expected, "{form}");
    }
    let answer = shop.browser().get("/v1/payment_intents/search?query=amount:1").await;
    assert_eq!(answer.error(), "403 secret_key_required -");
}

#[tokio::test]
async fn customers_are_found_by_parts_of_their_names() {
    let shop = Shop::open();
    let form = "email=Salma@Shop.example&name=Salma+Hayat&phone=%2B201001&metadata[shop]=7";
    let salma = shop.client.post("/v1/customers", form).await.ok();
    let other = shop.client.post("/v1/customers", "email=bo@shop.example&name=Bo").await.ok();
    let table = [
        (r#"email:"salma@shop.example""#, 1),
        (r#"email~"shop.exa""#, 2),
        (r#"name~"hay" AND metadata["shop"]:"7""#, 1),
        (r#"-name~"hay""#, 1),
        (r#"phone:null"#, 1),
    ];
    for (query, count) in table {
        let path = format!("/v1/customers/search?query={}", encoded(query));
        let found = shop.client.get(&path).await.ok();
        assert_eq!(ids(&found).len(), count, "{query}");
    }
    shop.client.send("DELETE", &format!("/v1/customers/{}", text(&other, "id")), "").await.ok();
    let path = format!("/v1/customers/search?query={}", encoded(r#"email~"shop""#));
    assert_eq!(ids(&shop.client.get(&path).await.ok()), [text(&salma, "id")]);
}

#[tokio::test]
async fn the_catalogue_is_searched_without_what_was_deleted() {
    let shop = Shop::open();
    let mut products = Vec::new();
    for name in ["Brass+lamp", "Paper+lamp"] {
        products.push(shop.client.post("/v1/products", &format!("name={name}")).await.ok());
    }
    let price = format!(
        "product={}&currency=eur&unit_amount=700&lookup_key=lamp7&metadata[k]=v",
        text(&products[0], "id")
    );
    shop.client.post("/v1/prices", &price).await.ok();
    let off = format!("/v1/products/{}", text(&products[1], "id"));
    let table = [
        ("products", r#"name~"lamp""#.to_owned(), 2),
        ("products", r#"name~"brass" AND active:"true""#.to_owned(), 1),
        ("products", r#"active:"false""#.to_owned(), 0),
        ("prices", r#"currency:"eur" AND lookup_key:"lamp7""#.to_owned(), 1),
        ("prices", format!(r#"product:"{}""#, text(&products[0], "id")), 1),
        ("prices", r#"type:"recurring""#.to_owned(), 0),
        ("prices", r#"metadata["k"]:"v""#.to_owned(), 1),
    ];
    for (resource, query, count) in table {
        let path = format!("/v1/{resource}/search?query={}", encoded(&query));
        assert_eq!(ids(&shop.client.get(&path).await.ok()).len(), count, "{resource} {query}");
    }
    shop.client.post(&off, "active=false").await.ok();
    let all = format!("/v1/products/search?query={}", encoded(r#"name~"lamp""#));
    assert_eq!(ids(&shop.client.get(&all).await.ok()).len(), 2, "switched off is still there");
    shop.client.send("DELETE", &off, "").await.ok();
    assert_eq!(ids(&shop.client.get(&all).await.ok()), [text(&products[0], "id")]);
}

#[tokio::test]
async fn all_that_fit_are_counted_where_it_is_asked_for() {
    let shop = Shop::open();
    for amount in [100, 100, 100, 250] {
        let form = format!("amount={amount}&currency=usd");
        shop.client.post("/v1/payment_intents", &form).await.ok();
    }
    let asked = |query: &str| {
        format!("/v1/payment_intents/search?query={}&expand[]=total_count", encoded(query))
    };
    let table =
        [("amount:100", 3), ("amount>0", 4), ("amount>250", 0), ("amount:100 OR amount:250", 4)];
    for (query, count) in table {
        for limit in [0, 1, 100] {
            let path = format!("{}&limit={limit}", asked(query));
            assert_eq!(shop.client.get(&path).await.ok()["total_count"], count, "{path}");
        }
    }
    let first = shop.client.get(&format!("{}&limit=2", asked("amount:100"))).await.ok();
    let next = format!("{}&page={}", asked("amount:100"), text(&first, "next_page"));
    let next = shop.client.get(&next).await.ok();
    assert_eq!((ids(&next).len(), &next["total_count"]), (1, &json!(3)), "on every page");
    let other = shop.other_platform().get(&asked("amount>0")).await.ok();
    assert_eq!(other["total_count"], 0);
    let deeper = shop.client.get(&format!("{}.x", asked("amount>0"))).await;
    assert_eq!(deeper.error(), "400 property_not_expandable expand[0]");
}
