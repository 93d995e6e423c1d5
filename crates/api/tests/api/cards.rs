//! A card number that reaches the API by mistake is refused and is in no row.

use crate::shop::Shop;

const NUMBER: &str = "4242424242424242";

#[tokio::test]
async fn card_numbers_are_refused_everywhere() {
    let shop = Shop::open();
    let seller = shop.seller("Ada").await;
    let rows = shop.store.all_rows();
    let form = "amount=100&currency=usd";
    let intents = "/v1/payment_intents";
    let posts: &[(&str, String)] = &[
        (intents, format!("{form}&card[number]={NUMBER}")),
        (intents, format!("{form}&payment_method={NUMBER}")),
        (intents, format!("{form}&payment_method_data[card][number]={NUMBER}")),
        (intents, format!("{form}&payment_method_data[card][number]=4242%204242%204242%204242")),
        (intents, format!("{form}&payment_method_data[card][cvc]=123")),
        (intents, format!("{form}&description=my%20card%20is%20{NUMBER}")),
        (intents, format!("{form}&description=4242-4242-4242-4242")),
        (intents, format!("{form}&metadata[a]={NUMBER}")),
        (intents, format!("{form}&metadata[{NUMBER}]=a")),
        (intents, format!("{form}&{NUMBER}=a")),
        ("/v1/payment_intents?x=4242424242424242", form.to_owned()),
        ("/v1/payment_intents/4242424242424242/confirm", String::new()),
        ("/v1/payment_methods", format!("type=card&card[number]={NUMBER}")),
        ("/v1/payment_methods", format!("type=card&card[token]={NUMBER}")),
        ("/v1/payment_methods", format!("type=card&billing_details[name]={NUMBER}")),
        ("/v1/payment_methods/4242424242424242/attach", "customer=cus_1".to_owned()),
        ("/v1/payment_methods/pm_1/attach", format!("customer={NUMBER}")),
        ("/v1/customers", format!("source={NUMBER}")),
        ("/v1/customers", "source[object]=card&source[number]=4242%204242%204242%204242".into()),
        ("/v1/customers", format!("phone={NUMBER}")),
        ("/v1/customers", format!("address[line1]=card%20{NUMBER}")),
        ("/v1/setup_intents", format!("payment_method_data[card][number]={NUMBER}")),
        ("/v1/setup_intents", format!("description={NUMBER}")),
        ("/v1/setup_intents/seti_1/confirm", format!("payment_method={NUMBER}")),
        ("/v1/accounts", format!("business_profile[name]={NUMBER}")),
        ("/v1/refunds", format!("payment_intent={NUMBER}")),
        ("/v1/orders/ord_1/claim", format!("reason=other&description={NUMBER}")),
        ("/v1/orders/ord_1/ship", format!("tracking_number={NUMBER}")),
        ("/v1/webhook_endpoints", format!("url=https://a.example/{NUMBER}&enabled_events[]=*")),
        ("/v1/nothing", NUMBER.to_owned()),
    ];
    for (path, form) in posts {
        let answer = shop.client.post(path, form).await;
        let code = answer.json["error"]["code"].as_str().unwrap_or_default();
        assert_eq!((answer.status, code), (400, "card_number_refused"), "{path} {form}");
        assert!(!String::from_utf8_lossy(&answer.bytes).contains(NUMBER), "{path} {form}");
    }
    for name in ["idempotency-key", "stripe-account", "x-note"] {
        let answer = shop.client.with(name, NUMBER).post(intents, form).await;
        assert_eq!(answer.error(), "400 card_number_refused -", "{name}");
    }
    assert_eq!(shop.store.all_rows(), rows);
    assert!(!format!("{:?}", shop.store.all_rows()).contains(NUMBER));
    assert!(!format!("{:?}", shop.store.all_events()).contains(NUMBER));
    assert!(seller.starts_with("acct_"));
}
