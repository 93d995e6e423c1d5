//! The table of operations, and the router made of it.

use std::collections::BTreeSet;

use axum::Router;
use axum::extract::{Request, State};
use axum::http::{HeaderMap, StatusCode};
use axum::middleware::from_fn_with_state;
use axum::routing::{MethodFilter, MethodRouter, get, options, post};

use crate::api::Api;
use crate::cors;
use crate::gate::{self, Gate};
use crate::handlers::*;
use crate::inbox;
use crate::keyless;
use crate::objects::*;
use crate::pipeline::{Operation, Who, run};
use crate::reference;

/// The routes of the API behind its gate, and the inbox of the processors.
pub fn router(api: Api) -> Router {
    router_at(api, "")
}

/// The same at an origin, `http://127.0.0.1:4001`, where errors lead to the page that explains
/// them.
pub fn router_at(api: Api, origin: &str) -> Router {
    let document = |State(api): State<Api>, headers: HeaderMap| reference::answer(api, headers);
    let mut router = Router::new()
        .route("/links/{token}", get(file_links::open))
        .route("/openapi.json", get(document))
        .route_layer(from_fn_with_state(api.clone(), keyless::counted))
        .route("/webhooks/processors/sandbox", post(inbox::receive));
    for operation in OPERATIONS {
        router = router.route(operation.path, answer(operation));
        if operation.who == Who::Browser {
            router = router.route(operation.path, options(|| async { cors::preflight() }));
        }
    }
    // Named, so that the gate stays around it when this router is merged with others.
    let router = router.fallback(|| async { StatusCode::NOT_FOUND });
    let gate = Gate { origin: origin.into(), request_log: None };
    router.layer(from_fn_with_state(gate, gate::pass)).with_state(api)
}

fn answer(operation: &'static Operation) -> MethodRouter<Api> {
    let method = match operation.method {
        "GET" => MethodFilter::GET,
        "DELETE" => MethodFilter::DELETE,
        _ => MethodFilter::POST,
    };
    axum::routing::on(method, move |State(api): State<Api>, request: Request| {
        run(api, operation, request)
    })
}

/// A row of the table of operations.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Route {
    /// `GET`, `POST` or `DELETE`.
    pub method: &'static str,
    /// The path, with a name in braces where an id stands.
    pub path: &'static str,
    /// The resource that a restricted key needs a permission for.
    pub resource: &'static str,
}

/// Every operation of `/v1`, so that tests and tools meet each one that is added.
pub fn routes() -> impl Iterator<Item = Route> {
    OPERATIONS.iter().map(|operation| {
        let Operation { method, path, resource, .. } = *operation;
        Route { method, path, resource }
    })
}

/// The resources that a restricted key may be allowed: all but the keys themselves.
pub(crate) fn resources() -> BTreeSet<&'static str> {
    let all = OPERATIONS.iter().map(|operation| operation.resource);
    all.filter(|resource| *resource != "api_keys").collect()
}

macro_rules! operations {
    ($(
        $(#[doc = $doc:literal])*
        $method:ident $path:literal $resource:ident $who:ident
            => $noun:ident::$verb:ident $(-> $answer:ty)?;
    )*) => {
        /// Every operation of `/v1`.
        pub(crate) static OPERATIONS: &[Operation] = &[$(
            Operation {
                method: stringify!($method),
                path: $path,
                resource: stringify!($resource),
                who: Who::$who,
                name: concat!(stringify!($noun), "::", stringify!($verb)),
                doc: concat!($($doc, "\n"),*),
                answer: answer_of!($($answer)?),
                handler: |call| Box::pin($noun::$verb(call)),
            },
        )*];
    };
}

/// The schema of what an operation answers, where its row says so.
macro_rules! answer_of {
    () => {
        None
    };
    ($answer:ty) => {
        Some(|generator| generator.subschema_for::<$answer>())
    };
}

// A row: method, path, the resource of restricted keys, who may call it, the handler, and the type
// of the answer, which the reference describes. A comment `///` above a row is its description.

operations! {
    POST "/v1/accounts" accounts Platform => accounts::create -> Account;
    GET "/v1/accounts" accounts Platform => accounts::list -> List<Account>;
    GET "/v1/accounts/{id}" accounts Seller => accounts::retrieve -> Account;
    POST "/v1/accounts/{id}" accounts Seller => accounts::update -> Account;
    DELETE "/v1/accounts/{id}" accounts Platform => account_deletion::delete -> Deleted;
    /// Retrieve the account that the request is made for.
    GET "/v1/account" accounts Seller => accounts::retrieve_own -> Account;
    GET "/v1/accounts/{id}/capabilities" accounts Seller => capabilities::list -> List<Capability>;
    GET "/v1/accounts/{id}/capabilities/{inner}" accounts Seller
        => capabilities::retrieve -> Capability;
    POST "/v1/accounts/{id}/capabilities/{inner}" accounts Platform
        => capabilities::update -> Capability;
    POST "/v1/accounts/{id}/external_accounts" accounts Seller
        => external_accounts::create -> BankAccount;
    GET "/v1/accounts/{id}/external_accounts" accounts Seller
        => external_accounts::list -> List<BankAccount>;
    GET "/v1/accounts/{id}/external_accounts/{inner}" accounts Seller
        => external_accounts::retrieve -> BankAccount;
    POST "/v1/accounts/{id}/external_accounts/{inner}" accounts Seller
        => external_accounts::update -> BankAccount;
    DELETE "/v1/accounts/{id}/external_accounts/{inner}" accounts Seller
        => external_accounts::delete -> Deleted;
    /// Create a login link for an account.
    POST "/v1/accounts/{id}/login_links" accounts Platform
        => account_links::create_login -> LoginLink;
    POST "/v1/account_links" account_links Platform => account_links::create -> AccountLink;
    /// Create a token of a bank account.
    POST "/v1/tokens" tokens Platform => tokens::create -> Token;
    /// Retrieve a token of a bank account or of a card.
    GET "/v1/tokens/{id}" tokens Platform => tokens::retrieve -> Token;
    POST "/v1/payouts" payouts Seller => payouts::create -> Payout;
    GET "/v1/payouts" payouts Seller => payouts::list -> List<Payout>;
    GET "/v1/payouts/{id}" payouts Seller => payouts::retrieve -> Payout;
    POST "/v1/payouts/{id}" payouts Seller => payouts::update -> Payout;
    POST "/v1/payouts/{id}/cancel" payouts Seller => payouts::cancel -> Payout;
    POST "/v1/payouts/{id}/reverse" payouts Seller => payouts::reverse -> Payout;

    POST "/v1/checkout/sessions" checkout_sessions Platform
        => checkout_sessions::create -> CheckoutSession;
    GET "/v1/checkout/sessions" checkout_sessions Platform
        => checkout_sessions::list -> List<CheckoutSession>;
    GET "/v1/checkout/sessions/{id}" checkout_sessions Platform
        => checkout_sessions::retrieve -> CheckoutSession;
    POST "/v1/checkout/sessions/{id}" checkout_sessions Platform
        => checkout_sessions::update -> CheckoutSession;
    POST "/v1/checkout/sessions/{id}/expire" checkout_sessions Platform
        => checkout_sessions::expire -> CheckoutSession;
    /// List the lines of a checkout session.
    GET "/v1/checkout/sessions/{id}/line_items" checkout_sessions Platform
        => checkout_sessions::line_items -> List<LineItem>;
    /// Retrieve the pay page of a checkout session, by the session's id.
    GET "/v1/payment_pages/{id}" checkout_sessions Browser
        => payment_pages::retrieve -> CheckoutSession;
    /// Pay a checkout session.
    POST "/v1/payment_pages/{id}/confirm" checkout_sessions Browser
        => payment_pages::confirm -> CheckoutSession;

    POST "/v1/products" products Platform => products::create -> Product;
    GET "/v1/products" products Platform => products::list -> List<Product>;
    GET "/v1/products/search" products Platform => search::products -> SearchResult<Product>;
    GET "/v1/products/{id}" products Platform => products::retrieve -> OrDeleted<Product>;
    POST "/v1/products/{id}" products Platform => products::update -> Product;
    DELETE "/v1/products/{id}" products Platform => products::delete -> Deleted;
    POST "/v1/prices" prices Platform => prices::create -> Price;
    GET "/v1/prices" prices Platform => prices::list -> List<Price>;
    GET "/v1/prices/search" prices Platform => search::prices -> SearchResult<Price>;
    GET "/v1/prices/{id}" prices Platform => prices::retrieve -> Price;
    POST "/v1/prices/{id}" prices Platform => prices::update -> Price;
    POST "/v1/coupons" coupons Platform => coupons::create -> Coupon;
    GET "/v1/coupons" coupons Platform => coupons::list -> List<Coupon>;
    GET "/v1/coupons/{id}" coupons Platform => coupons::retrieve -> Coupon;
    POST "/v1/coupons/{id}" coupons Platform => coupons::update -> Coupon;
    DELETE "/v1/coupons/{id}" coupons Platform => coupons::delete -> Deleted;
    POST "/v1/promotion_codes" promotion_codes Platform
        => promotion_codes::create -> PromotionCode;
    GET "/v1/promotion_codes" promotion_codes Platform
        => promotion_codes::list -> List<PromotionCode>;
    GET "/v1/promotion_codes/{id}" promotion_codes Platform
        => promotion_codes::retrieve -> PromotionCode;
    POST "/v1/promotion_codes/{id}" promotion_codes Platform
        => promotion_codes::update -> PromotionCode;
    POST "/v1/payment_links" payment_links Platform => payment_links::create -> PaymentLink;
    GET "/v1/payment_links" payment_links Platform => payment_links::list -> List<PaymentLink>;
    GET "/v1/payment_links/{id}" payment_links Platform => payment_links::retrieve -> PaymentLink;
    POST "/v1/payment_links/{id}" payment_links Platform => payment_links::update -> PaymentLink;
    /// List the lines of a payment link.
    GET "/v1/payment_links/{id}/line_items" payment_links Platform
        => payment_links::line_items -> List<LineItem>;

    POST "/v1/payment_intents" payment_intents Platform => payment_intents::create -> PaymentIntent;
    GET "/v1/payment_intents" payment_intents Platform
        => payment_intents::list -> List<PaymentIntent>;
    GET "/v1/payment_intents/search" payment_intents Platform
        => search::payment_intents -> SearchResult<PaymentIntent>;
    GET "/v1/payment_intents/{id}" payment_intents Browser
        => payment_intents::retrieve -> PaymentIntent;
    POST "/v1/payment_intents/{id}" payment_intents Platform
        => payment_intents::update -> PaymentIntent;
    /// Increment the authorization of a payment intent.
    POST "/v1/payment_intents/{id}/increment_authorization" payment_intents Platform
        => payment_actions::increment -> PaymentIntent;
    POST "/v1/payment_intents/{id}/confirm" payment_intents Browser
        => payment_actions::confirm -> PaymentIntent;
    POST "/v1/payment_intents/{id}/capture" payment_intents Platform
        => payment_actions::capture -> PaymentIntent;
    POST "/v1/payment_intents/{id}/cancel" payment_intents Platform
        => payment_actions::cancel -> PaymentIntent;
    POST "/v1/customers" customers Platform => customers::create -> Customer;
    GET "/v1/customers" customers Platform => customers::list -> List<Customer>;
    GET "/v1/customers/search" customers Platform
        => search::customers -> SearchResult<Customer>;
    GET "/v1/customers/{id}" customers Platform => customers::retrieve -> OrDeleted<Customer>;
    POST "/v1/customers/{id}" customers Platform => customers::update -> Customer;
    DELETE "/v1/customers/{id}" customers Platform => customers::delete -> Deleted;
    /// Delete the discount of a customer.
    DELETE "/v1/customers/{id}/discount" customers Platform => discounts::delete -> DeletedDiscount;
    /// List the payment methods of a customer.
    GET "/v1/customers/{id}/payment_methods" customers Platform
        => customers::methods -> List<PaymentMethod>;
    /// Retrieve a payment method of a customer.
    GET "/v1/customers/{id}/payment_methods/{inner}" customers Platform
        => customers::one_method -> PaymentMethod;
    POST "/v1/payment_methods" payment_methods Platform => payment_methods::create -> PaymentMethod;
    GET "/v1/payment_methods" payment_methods Platform
        => payment_methods::list -> List<PaymentMethod>;
    GET "/v1/payment_methods/{id}" payment_methods Platform
        => payment_methods::retrieve -> PaymentMethod;
    POST "/v1/payment_methods/{id}" payment_methods Platform
        => payment_methods::update -> PaymentMethod;
    /// Attach a payment method to a customer.
    POST "/v1/payment_methods/{id}/attach" payment_methods Platform
        => payment_methods::attach -> PaymentMethod;
    /// Detach a payment method from its customer.
    POST "/v1/payment_methods/{id}/detach" payment_methods Platform
        => payment_methods::detach -> PaymentMethod;
    POST "/v1/setup_intents" setup_intents Platform => setup_intents::create -> SetupIntent;
    GET "/v1/setup_intents" setup_intents Platform => setup_intents::list -> List<SetupIntent>;
    GET "/v1/setup_intents/{id}" setup_intents Browser => setup_intents::retrieve -> SetupIntent;
    POST "/v1/setup_intents/{id}" setup_intents Platform => setup_intents::update -> SetupIntent;
    POST "/v1/setup_intents/{id}/confirm" setup_intents Browser
        => setup_intents::confirm -> SetupIntent;
    POST "/v1/setup_intents/{id}/cancel" setup_intents Platform
        => setup_intents::cancel -> SetupIntent;
    /// List setup attempts.
    GET "/v1/setup_attempts" setup_attempts Platform
        => setup_intents::attempts -> List<SetupAttempt>;
    GET "/v1/charges" charges Platform => charges::list -> List<Charge>;
    GET "/v1/charges/search" charges Platform => search::charges -> SearchResult<Charge>;
    GET "/v1/charges/{id}" charges Platform => charges::retrieve -> Charge;
    POST "/v1/charges/{id}" charges Platform => charges::update -> Charge;
    POST "/v1/charges/{id}/capture" charges Platform => charges::capture -> Charge;
    POST "/v1/refunds" refunds Platform => refunds::create -> Refund;
    GET "/v1/refunds" refunds Platform => refunds::list -> List<Refund>;
    GET "/v1/refunds/{id}" refunds Platform => refunds::retrieve -> Refund;
    POST "/v1/refunds/{id}" refunds Platform => refunds::update -> Refund;
    POST "/v1/refunds/{id}/cancel" refunds Platform => refunds::cancel -> Refund;

    /// Retrieve the newest dispute of a charge.
    GET "/v1/charges/{id}/dispute" disputes Platform => disputes::of_charge -> Dispute;
    GET "/v1/disputes" disputes Platform => disputes::list -> List<Dispute>;
    GET "/v1/disputes/{id}" disputes Platform => disputes::retrieve -> Dispute;
    POST "/v1/disputes/{id}" disputes Platform => disputes::update -> Dispute;
    /// Accept a dispute: the cardholder keeps the money.
    POST "/v1/disputes/{id}/close" disputes Platform => disputes::close -> Dispute;
    GET "/v1/radar/early_fraud_warnings" early_fraud_warnings Platform
        => early_fraud_warnings::list -> List<EarlyFraudWarning>;
    GET "/v1/radar/early_fraud_warnings/{id}" early_fraud_warnings Platform
        => early_fraud_warnings::retrieve -> EarlyFraudWarning;

    /// Upload a file.
    POST "/v1/files" files Platform => files::create -> File;
    GET "/v1/files" files Platform => files::list -> List<File>;
    GET "/v1/files/{id}" files Platform => files::retrieve -> File;
    /// Read the content of a file.
    GET "/v1/files/{id}/contents" files Platform => files::contents -> FileContents;
    POST "/v1/file_links" file_links Platform => file_links::create -> FileLink;
    GET "/v1/file_links" file_links Platform => file_links::list -> List<FileLink>;
    GET "/v1/file_links/{id}" file_links Platform => file_links::retrieve -> FileLink;
    POST "/v1/file_links/{id}" file_links Platform => file_links::update -> FileLink;

    /// List the reports that can be made.
    GET "/v1/reporting/report_types" report_types Platform => reports::types -> List<ReportType>;
    /// Retrieve a report that can be made.
    GET "/v1/reporting/report_types/{id}" report_types Platform
        => reports::retrieve_type -> ReportType;
    POST "/v1/reporting/report_runs" report_runs Platform => reports::create -> ReportRun;
    GET "/v1/reporting/report_runs" report_runs Platform => reports::list -> List<ReportRun>;
    GET "/v1/reporting/report_runs/{id}" report_runs Platform => reports::retrieve -> ReportRun;

    GET "/v1/orders" orders Seller => orders::list -> List<Order>;
    GET "/v1/orders/{id}" orders Seller => orders::retrieve -> Order;
    POST "/v1/orders/{id}/ship" orders Seller => order_actions::ship -> Order;
    /// Record the delivery of an order.
    POST "/v1/orders/{id}/deliver" orders Seller => order_actions::deliver -> Order;
    /// Confirm that the buyer has received an order.
    POST "/v1/orders/{id}/confirm_receipt" orders Platform
        => order_actions::confirm_receipt -> Order;
    /// Extend the buyer's protection of an order.
    POST "/v1/orders/{id}/extend_protection" orders Platform
        => order_actions::extend_protection -> Order;
    POST "/v1/orders/{id}/cancel" orders Seller => order_actions::cancel -> Order;
    /// Open a claim about an order.
    POST "/v1/orders/{id}/claim" orders Platform => order_actions::claim -> Order;
    /// Rule on the claim about an order.
    POST "/v1/orders/{id}/rule" orders Platform => order_actions::rule -> Order;
    GET "/v1/held_funds" held_funds Seller => held_funds::list -> List<HeldFunds>;
    GET "/v1/held_funds/{id}" held_funds Seller => held_funds::retrieve -> HeldFunds;
    POST "/v1/held_funds/{id}/release" held_funds Platform => held_funds::release -> HeldFunds;
    POST "/v1/held_funds/{id}/refund" held_funds Platform => held_funds::refund -> HeldFunds;
    POST "/v1/held_funds/{id}/freeze" held_funds Platform => held_funds::freeze -> HeldFunds;
    POST "/v1/transfers" transfers Platform => transfers::create -> Transfer;
    GET "/v1/transfers" transfers Platform => transfers::list -> List<Transfer>;
    GET "/v1/transfers/{id}" transfers Platform => transfers::retrieve -> Transfer;
    POST "/v1/transfers/{id}" transfers Platform => transfers::update -> Transfer;
    /// Move some of a transfer back.
    POST "/v1/transfers/{id}/reversals" transfers Platform
        => transfer_reversals::create -> TransferReversal;
    GET "/v1/transfers/{id}/reversals" transfers Platform
        => transfer_reversals::list -> List<TransferReversal>;
    GET "/v1/transfers/{id}/reversals/{reversal}" transfers Platform
        => transfer_reversals::retrieve -> TransferReversal;
    POST "/v1/transfers/{id}/reversals/{reversal}" transfers Platform
        => transfer_reversals::update -> TransferReversal;
    GET "/v1/application_fees" application_fees Platform
        => application_fees::list -> List<ApplicationFee>;
    GET "/v1/application_fees/{id}" application_fees Platform
        => application_fees::retrieve -> ApplicationFee;
    /// Give some of a fee back to the seller, and answer with the fee.
    POST "/v1/application_fees/{id}/refund" application_fees Platform
        => application_fees::refund -> ApplicationFee;
    /// Give some of a fee back to the seller.
    POST "/v1/application_fees/{id}/refunds" application_fees Platform
        => application_fees::create_refund -> FeeRefund;
    /// List what was given back of a fee.
    GET "/v1/application_fees/{id}/refunds" application_fees Platform
        => application_fees::list_refunds -> List<FeeRefund>;
    /// Retrieve one refund of a fee.
    GET "/v1/application_fees/{id}/refunds/{refund}" application_fees Platform
        => application_fees::retrieve_refund -> FeeRefund;
    /// Update the notes on one refund of a fee.
    POST "/v1/application_fees/{id}/refunds/{refund}" application_fees Platform
        => application_fees::update_refund -> FeeRefund;
    POST "/v1/topups" topups Platform => topups::create -> Topup;
    GET "/v1/topups" topups Platform => topups::list -> List<Topup>;
    GET "/v1/topups/{id}" topups Platform => topups::retrieve -> Topup;
    POST "/v1/topups/{id}" topups Platform => topups::update -> Topup;
    POST "/v1/topups/{id}/cancel" topups Platform => topups::cancel -> Topup;
    GET "/v1/balance_transactions" balance_transactions Seller
        => balance_transactions::list -> List<BalanceTransaction>;
    GET "/v1/balance_transactions/{id}" balance_transactions Seller
        => balance_transactions::retrieve -> BalanceTransaction;
    /// List balance transactions, under their older name.
    GET "/v1/balance/history" balance_transactions Seller
        => balance_transactions::list -> List<BalanceTransaction>;
    /// Retrieve a balance transaction, under its older name.
    GET "/v1/balance/history/{id}" balance_transactions Seller
        => balance_transactions::retrieve -> BalanceTransaction;
    GET "/v1/balance" balance Seller => balance::retrieve -> Balance;
    POST "/v1/api_keys" api_keys Platform => api_keys::create -> ApiKey;
    GET "/v1/api_keys" api_keys Platform => api_keys::list -> List<ApiKey>;
    GET "/v1/api_keys/{id}" api_keys Platform => api_keys::retrieve -> ApiKey;
    POST "/v1/api_keys/{id}" api_keys Platform => api_keys::update -> ApiKey;
    POST "/v1/api_keys/{id}/rotate" api_keys Platform => api_keys::rotate -> ApiKey;
    POST "/v1/api_keys/{id}/revoke" api_keys Platform => api_keys::revoke -> ApiKey;

    GET "/v1/events" events Platform => events::list -> List<Event>;
    GET "/v1/events/{id}" events Platform => events::retrieve -> Event;
    POST "/v1/events/{id}/resend" events Platform => events::resend -> Event;
    POST "/v1/webhook_endpoints" webhook_endpoints Platform
        => webhook_endpoints::create -> WebhookEndpoint;
    GET "/v1/webhook_endpoints" webhook_endpoints Platform
        => webhook_endpoints::list -> List<WebhookEndpoint>;
    GET "/v1/webhook_endpoints/{id}" webhook_endpoints Platform
        => webhook_endpoints::retrieve -> WebhookEndpoint;
    POST "/v1/webhook_endpoints/{id}" webhook_endpoints Platform
        => webhook_endpoints::update -> WebhookEndpoint;
    /// Rotate the secret of a webhook endpoint.
    POST "/v1/webhook_endpoints/{id}/rotate_secret" webhook_endpoints Platform
        => webhook_endpoints::rotate_secret -> WebhookEndpoint;
    /// List the deliveries to a webhook endpoint.
    GET "/v1/webhook_endpoints/{id}/deliveries" webhook_endpoints Platform
        => webhook_endpoints::deliveries -> List<WebhookDelivery>;
    DELETE "/v1/webhook_endpoints/{id}" webhook_endpoints Platform
        => webhook_endpoints::delete -> Deleted;
    GET "/v1/test_helpers/test_clocks" test_clocks Platform => test_clocks::list -> List<TestClock>;
    GET "/v1/test_helpers/test_clocks/{id}" test_clocks Platform
        => test_clocks::retrieve -> TestClock;
    POST "/v1/test_helpers/test_clocks" test_clocks Platform => test_clocks::create -> TestClock;
    DELETE "/v1/test_helpers/test_clocks/{id}" test_clocks Platform
        => test_clocks::delete -> Deleted;
    POST "/v1/test_helpers/test_clocks/{id}/advance" test_clocks Platform
        => test_clocks::advance -> TestClock;
}
