//! What the crawler is told about routes: what to make first, and what parameters lead to an id.
//! Rows about routes that are not there are passed over.

/// A request that fills a platform. `{name}` stands for the id that a row before has made; the
/// sellers, their orders and the session are there from the start.
#[derive(Clone, Copy)]
pub(crate) struct Made {
    pub(crate) path: &'static str,
    pub(crate) form: &'static str,
    /// The seller in whose name it is asked for, or nothing.
    pub(crate) seller: &'static str,
    /// What the id of what was made is called in later rows.
    pub(crate) name: &'static str,
}

const fn made(path: &'static str, form: &'static str, name: &'static str) -> Made {
    Made { path, form, seller: "", name }
}

const fn by(seller: &'static str, made: Made) -> Made {
    Made { seller, ..made }
}

/// The requests, in their order.
pub(crate) const MADE: &[Made] = &[
    made("/v1/orders/{order0}/confirm_receipt", "", ""),
    made("/v1/orders/{order1}/confirm_receipt", "", ""),
    made("/v1/webhook_endpoints", "url=https://shop.example/&enabled_events[]=*", "we"),
    made("/v1/payment_intents", "amount=900&currency=usd&metadata[m]=MARK", "pi"),
    made(
        "/v1/payment_intents",
        "amount=2500&currency=usd&confirm=true&payment_method=tok_visa&description=MARK",
        "paid",
    ),
    made("/v1/refunds", "payment_intent={paid}&amount=1", "re"),
    made("/v1/api_keys", "kind=secret&name=MARK", "key"),
    made("/v1/customers", "email=mark@shop.example&name=MARK", "cus"),
    made("/v1/payment_methods", "type=card&card[token]=tok_visa", "pm"),
    made("/v1/payment_methods/{pm}/attach", "customer={cus}", ""),
    made("/v1/setup_intents", "customer={cus}&description=MARK", "seti"),
    made("/v1/accounts/{seller0}/external_accounts", "external_account=btok_us", ""),
    made("/v1/accounts/{seller1}/external_accounts", "external_account=btok_us", ""),
    by("seller0", made("/v1/payouts", "amount=100&currency=usd&description=MARK", "")),
    by("seller1", made("/v1/payouts", "amount=100&currency=usd&description=MARK", "")),
    made(
        "/v1/tokens",
        "bank_account[country]=US&bank_account[routing_number]=110000000\
         &bank_account[account_number]=000123456789&bank_account[account_holder_name]=MARK",
        "btok",
    ),
    made("/v1/products", "name=MARK", "prod"),
    made("/v1/prices", "product={prod}&currency=usd&unit_amount=100", "price"),
    made("/v1/coupons", "percent_off=10&duration=once&name=MARK", "coupon"),
    made("/v1/promotion_codes", "coupon={coupon}", "promo"),
    made("/v1/payment_links", "line_items[0][price]={price}&line_items[0][quantity]=1", "plink"),
    made(
        "/v1/transfers",
        "amount=10&currency=usd&destination={seller0}&source_transaction={charge}",
        "tr",
    ),
    made("/v1/transfers/{tr}/reversals", "amount=1", ""),
    made("/v1/topups", "amount=100&currency=usd&description=MARK", "tu"),
    made("/v1/file_links", "file={file}&metadata[m]=MARK", "link"),
    made(
        "/v1/reporting/report_runs",
        "report_type=balance.summary.1&parameters[interval_start]=1700000000\
         &parameters[interval_end]=1700086400",
        "frr",
    ),
];

/// Paths up to an id that no request makes yet. One that can be made is a fault of this list.
///
/// The types of reports are the same for everybody.
pub(crate) const PENDING: &[&str] = &["/v1/application_fees/", "/v1/reporting/report_types/"];

/// Forms that lead as far as the id in the path, by method and path.
pub(crate) const FORMS: &[(&str, &str, &str)] = &[
    ("POST", "/v1/accounts/{id}/external_accounts", "external_account=btok_us"),
    ("POST", "/v1/events/{id}/resend", "webhook_endpoint={we}"),
    ("POST", "/v1/payment_methods/{id}/attach", "customer={cus}"),
    ("POST", "/v1/orders/{id}/claim", "reason=other"),
    ("POST", "/v1/payment_intents/{id}/increment_authorization", "amount=900"),
    ("POST", "/v1/orders/{id}/rule", "outcome=buyer"),
    ("POST", "/v1/payment_pages/{id}/confirm", "payment_method=tok_visa"),
    ("POST", "/v1/test_helpers/test_clocks/{id}/advance", "frozen_time=1900000000"),
];

/// Requests that name an object in a parameter, `{prefix_}` for its id: method, path, form.
pub(crate) const REFERENCES: &[(&str, &str, &str)] = &[
    ("POST", "/v1/refunds", "payment_intent={pi_}"),
    ("POST", "/v1/refunds", "charge={ch_}"),
    ("POST", "/v1/refunds", "order={ord_}"),
    ("POST", "/v1/checkout/sessions", SESSION),
    ("POST", "/v1/events/{id}/resend", "webhook_endpoint={we_}"),
    ("POST", "/v1/payment_intents", "amount=100&currency=usd&customer={cus_}"),
    ("POST", "/v1/payment_intents", "amount=100&currency=usd&confirm=true&payment_method={pm_}"),
    ("POST", "/v1/payment_intents", "amount=100&currency=usd&on_behalf_of={acct_}"),
    ("POST", "/v1/payment_intents", "amount=100&currency=usd&transfer_data[destination]={acct_}"),
    ("POST", "/v1/setup_intents", "customer={cus_}"),
    ("POST", "/v1/setup_intents", "payment_method={pm_}"),
    ("POST", "/v1/payment_methods/{id}/attach", "customer={cus_}"),
    ("POST", "/v1/customers", "payment_method={pm_}"),
    ("POST", "/v1/payouts", "amount=1&currency=usd&destination={ba_}"),
    ("POST", "/v1/accounts", "external_account={btok_}"),
    ("POST", "/v1/transfers", "amount=1&currency=usd&destination={acct_}"),
    ("POST", "/v1/transfers", "amount=1&currency=usd&source_transaction={ch_}"),
    (
        "POST",
        "/v1/account_links",
        "account={acct_}&type=account_onboarding\
        &refresh_url=https://shop.example/&return_url=https://shop.example/",
    ),
    ("POST", "/v1/prices", "currency=usd&unit_amount=1&product={prod_}"),
    ("POST", "/v1/promotion_codes", "promotion[type]=coupon&promotion[coupon]={coupon_}"),
    ("POST", "/v1/file_links", "file={file_}"),
    ("POST", "/v1/disputes/{id}", "evidence[receipt]={file_}"),
];

/// Parameters of lists that name an object, with the prefix of its id.
pub(crate) const LINKS: &[(&str, &str)] = &[
    ("account", "acct_"),
    ("charge", "ch_"),
    ("checkout_session", "cs_test_"),
    ("customer", "cus_"),
    ("destination", "acct_"),
    ("dispute", "dp_"),
    ("event", "evt_"),
    ("order", "ord_"),
    ("payment_intent", "pi_"),
    ("payment_link", "plink_"),
    ("payment_method", "pm_"),
    ("payout", "po_"),
    ("price", "price_"),
    ("product", "prod_"),
    ("seller", "acct_"),
    ("setup_intent", "seti_"),
    ("source", "ch_"),
    ("transfer", "tr_"),
];

const SESSION: &str = "mode=payment&line_items[0][seller]={acct_}&line_items[0][quantity]=1\
    &line_items[0][price_data][currency]=usd&line_items[0][price_data][unit_amount]=100\
    &line_items[0][price_data][product_data][name]=Thing";
