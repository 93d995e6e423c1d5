//! The templates of the console.

use super::status::PaymentStatus;
use super::views::{
    COUNTED_MAX, ConsoleOrder, ConsoleShell, Endpoint, Events, Home, Orders, PARCEL_CHARS_MAX,
    Payment, Payments, Sellers, Side, Webhooks,
};
use crate::order::status::OrderStatus;
use crate::page::{Problem, pages};
use crate::trouble::BadField;

pages! { ConsoleShell;
    /// The figures: `GET /`.
    HomePage(Home) = "console/home.html";
    /// The payments: `GET /payments`.
    PaymentsPage(Payments) = "console/payments.html";
    /// One payment: `GET /payments/{id}`.
    PaymentPage(Payment) = "console/payment.html";
    /// The orders: `GET /orders`.
    OrdersPage(Orders) = "console/orders.html";
    /// One order with its actions: `GET /orders/{id}`.
    ConsoleOrderPage(ConsoleOrder) = "console/order.html";
    /// The sellers: `GET /sellers`.
    SellersPage(Sellers) = "console/sellers.html";
    /// The webhook endpoints: `GET /webhooks`.
    WebhooksPage(Webhooks) = "console/webhooks.html";
    /// One endpoint's deliveries: `GET /webhooks/{id}`.
    EndpointPage(Endpoint) = "console/webhook.html";
    /// The log of events: `GET /events`.
    EventsPage(Events) = "console/event_log.html";
    /// A form whose field cannot be taken, in the frame of the console.
    ConsoleBadFieldPage(BadField) = "console/bad_field.html";
    /// A page that cannot be shown, in the frame of the console.
    ConsoleProblemPage(Problem) = "console/problem.html";
}
