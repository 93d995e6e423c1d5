//! The table of operations, and the router made of it.

use axum::Router;
use axum::extract::{Request, State};
use axum::http::StatusCode;
use axum::middleware::from_fn_with_state;
use axum::routing::{MethodFilter, MethodRouter, options, post};

use crate::api::Api;
use crate::cors;
use crate::gate::{self, Gate};
use crate::handlers::*;
use crate::inbox;
use crate::pipeline::{Operation, Who, run};

/// The routes of the API behind its gate, and the inbox of the processors.
pub fn router(api: Api) -> Router {
    let mut router = Router::new().route("/webhooks/processors/sandbox", post(inbox::receive));
    for operation in OPERATIONS {
        router = router.route(operation.path, answer(operation));
        if operation.who == Who::Browser {
            router = router.route(operation.path, options(|| async { cors::preflight() }));
        }
    }
    // Named, so that the gate stays around it when this router is merged with others.
    let router = router.fallback(|| async { StatusCode::NOT_FOUND });
    let gate = Gate { origin: "".into(), request_log: None };
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

macro_rules! operations {
    ($($method:ident $path:literal $resource:ident $who:ident => $($handler:ident)::+;)*) => {
        /// Every operation of `/v1`.
        pub(crate) static OPERATIONS: &[Operation] = &[$(
            Operation {
                method: stringify!($method),
                path: $path,
                resource: stringify!($resource),
                who: Who::$who,
                handler: |call| Box::pin($($handler)::+(call)),
            },
        )*];
    };
}

operations! {
    POST "/v1/accounts" accounts Platform => accounts::create;
    GET "/v1/accounts" accounts Platform => accounts::list;
    GET "/v1/accounts/{id}" accounts Platform => accounts::retrieve;

    POST "/v1/checkout/sessions" checkout_sessions Platform => checkout_sessions::create;
    GET "/v1/checkout/sessions" checkout_sessions Platform => checkout_sessions::list;
    GET "/v1/checkout/sessions/{id}" checkout_sessions Platform => checkout_sessions::retrieve;
    POST "/v1/checkout/sessions/{id}/expire" checkout_sessions Platform
        => checkout_sessions::expire;
    GET "/v1/checkout/sessions/{id}/line_items" checkout_sessions Platform
        => checkout_sessions::line_items;
    GET "/v1/payment_pages/{id}" checkout_sessions Browser => payment_pages::retrieve;
    POST "/v1/payment_pages/{id}/confirm" checkout_sessions Browser => payment_pages::confirm;

    POST "/v1/payment_intents" payment_intents Platform => payment_intents::create;
    GET "/v1/payment_intents" payment_intents Platform => payment_intents::list;
    GET "/v1/payment_intents/{id}" payment_intents Browser => payment_intents::retrieve;
    POST "/v1/payment_intents/{id}/confirm" payment_intents Browser => payment_actions::confirm;
    POST "/v1/payment_intents/{id}/capture" payment_intents Platform => payment_actions::capture;
    POST "/v1/payment_intents/{id}/cancel" payment_intents Platform => payment_actions::cancel;
    GET "/v1/charges" charges Platform => charges::list;
    GET "/v1/charges/{id}" charges Platform => charges::retrieve;
    POST "/v1/refunds" refunds Platform => refunds::create;
    GET "/v1/refunds" refunds Platform => refunds::list;
    GET "/v1/refunds/{id}" refunds Platform => refunds::retrieve;

    GET "/v1/orders" orders Seller => orders::list;
    GET "/v1/orders/{id}" orders Seller => orders::retrieve;
    POST "/v1/orders/{id}/ship" orders Seller => order_actions::ship;
    POST "/v1/orders/{id}/deliver" orders Seller => order_actions::deliver;
    POST "/v1/orders/{id}/confirm_receipt" orders Platform => order_actions::confirm_receipt;
    POST "/v1/orders/{id}/extend_protection" orders Platform
        => order_actions::extend_protection;
    POST "/v1/orders/{id}/cancel" orders Seller => order_actions::cancel;
    POST "/v1/orders/{id}/claim" orders Platform => order_actions::claim;
    POST "/v1/orders/{id}/rule" orders Platform => order_actions::rule;
    GET "/v1/held_funds" held_funds Seller => held_funds::list;
    GET "/v1/held_funds/{id}" held_funds Seller => held_funds::retrieve;
    POST "/v1/held_funds/{id}/release" held_funds Platform => held_funds::release;
    POST "/v1/held_funds/{id}/refund" held_funds Platform => held_funds::refund;
    POST "/v1/held_funds/{id}/freeze" held_funds Platform => held_funds::freeze;
    GET "/v1/balance" balance Seller => balance::retrieve;

    GET "/v1/events" events Platform => events::list;
    GET "/v1/events/{id}" events Platform => events::retrieve;
    POST "/v1/webhook_endpoints" webhook_endpoints Platform => webhook_endpoints::create;
    GET "/v1/webhook_endpoints" webhook_endpoints Platform => webhook_endpoints::list;
    GET "/v1/webhook_endpoints/{id}" webhook_endpoints Platform => webhook_endpoints::retrieve;
    DELETE "/v1/webhook_endpoints/{id}" webhook_endpoints Platform => webhook_endpoints::delete;
    GET "/v1/test_helpers/test_clocks" test_clocks Platform => test_clocks::list;
    GET "/v1/test_helpers/test_clocks/{id}" test_clocks Platform => test_clocks::retrieve;
    POST "/v1/test_helpers/test_clocks/{id}/advance" test_clocks Platform
        => test_clocks::advance;
}
