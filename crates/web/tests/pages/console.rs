//! The console's pages.

use holdfast_web::console::pages::{
    ConsoleOrderPage, EndpointPage, HomePage, OrdersPage, PaymentPage, PaymentsPage, SellersPage,
    WebhooksPage,
};
use holdfast_web::console::views::Section;
use holdfast_web::language::Language;
use holdfast_web::texts::Texts;

use crate::samples::console::{
    empty_home, endpoint, home, orders, payment, payments, sellers, shell, to_rule, to_ship,
    webhooks,
};
use crate::{hides, shows};

fn english() -> &'static Texts {
    Texts::of(Language::English)
}

#[test]
fn the_overview_shows_the_money_and_what_needs_somebody() {
    let shell = shell(Some("/"), Section::Home);
    let (full, empty) = (home(), empty_home());
    shows(
        &HomePage { t: english(), shell: &shell, v: &full },
        &[
            "<a href=\"/\" aria-current=\"page\">Overview</a>",
            "<strong>1</strong> unknown outcomes",
            "oldest since 20 November 2026, 12:00 UTC",
            "<strong>3</strong> orders to ship",
            "<strong>1</strong> open claims",
            "1 given up · 2 endpoints",
            "$1,234.56",
            "<th scope=\"col\" class=\"sum\">On buyers&#39; cards, not captured</th>",
            "<td class=\"sum\"><bdi>$71.90</bdi></td>",
            "$987,654.32",
            "-$43.21",
            "$11.16",
            "$1,567.89",
            "href=\"http://127.0.0.1:4001/docs\">API reference</a>",
            "href=\"http://127.0.0.1:4001/docs/errors\">Error codes</a>",
            "Time: <time datetime=\"2026-11-20T12:00:00Z\">",
        ],
    );
    let empty = HomePage { t: english(), shell: &shell, v: &empty };
    shows(&empty, &["No money has moved yet.", "No payments.", "No sellers."]);
}

#[test]
fn the_list_of_payments_filters_and_goes_on() {
    let (shell, v) = (shell(Some("/payments"), Section::Payments), payments());
    let page = PaymentsPage { t: english(), shell: &shell, v: &v };
    shows(
        &page,
        &[
            "<option value=\"succeeded\" selected>Captured</option>",
            "<option value=\"requires_capture\">Authorized</option>",
            "href=\"/payments/pi_1Third\"",
            "Being asked</span> <span class=\"badge warn\">Unknown</span>",
            "href=\"?status=succeeded&#38;after=pi_1First\">Older</a>",
        ],
    );
    hides(&page, &["Newer"]);
}

#[test]
fn a_payment_shows_its_attempts_orders_journal_and_events() {
    let (shell, v) = (shell(None, Section::Payments), payment());
    shows(
        &PaymentPage { t: english(), shell: &shell, v: &v },
        &[
            "<dt>On the card, not captured</dt><dd><bdi>$32.87</bdi></dd>",
            "<dt>Captured</dt><dd><bdi>$15.83</bdi></dd>",
            "insufficient_funds",
            "27 November 2026, 12:00 UTC",
            "processor_clearing</td>\n<td class=\"sum\"><bdi>$15.83</bdi></td><td></td>",
            "held:ord_1Spoon</td>\n<td></td><td class=\"sum\"><bdi>$15.83</bdi></td>",
            "payment_intent.amount_capturable_updated",
            "href=\"/orders/ord_1Spoon\"",
        ],
    );
}

#[test]
fn an_order_offers_what_can_be_done_and_nothing_else() {
    let shell = shell(None, Section::Orders);
    let (ship, rule) = (to_ship(), to_rule());
    let page = ConsoleOrderPage { t: english(), shell: &shell, v: &ship };
    shows(
        &page,
        &[
            "role=\"status\">The order is shipped.",
            "action=\"/orders/ord_1Spoon/ship\" method=\"post\"",
            "name=\"carrier\" type=\"text\" maxlength=\"80\"",
            "name=\"tracking_number\" type=\"text\" maxlength=\"80\"",
            "At most 80 characters each.",
            "action=\"/orders/ord_1Spoon/cancel\" method=\"post\"",
            "<dt>Money is</dt><dd>set aside on the card</dd>",
        ],
    );
    hides(&page, &["/deliver\"", "name=\"ruling\""]);
    let page = ConsoleOrderPage { t: english(), shell: &shell, v: &rule };
    shows(
        &page,
        &[
            "action=\"/orders/ord_1Lamp/deliver\" method=\"post\"",
            "action=\"/orders/ord_1Lamp/claim\" method=\"post\"",
            "Who gets the $15.83 that is held?",
            "name=\"ruling\" value=\"split\"",
            "buyer&#39;s part in USD",
            "name=\"to_buyer\" type=\"text\" inputmode=\"decimal\"",
            "Enter more than nothing and less than all that is held.",
            "The capture failed (authorization_expired).",
        ],
    );
    hides(&page, &["/ship\"", "/cancel\""]);
}

#[test]
fn orders_to_ship_have_a_button_in_the_list() {
    let (shell, v) = (shell(Some("/orders"), Section::Orders), orders());
    shows(
        &OrdersPage { t: english(), shell: &shell, v: &v },
        &[
            "href=\"/orders/ord_1Spoon#ship\">Ship<span",
            "href=\"?before=ord_1Spoon\">Newer</a>",
            "href=\"?after=ord_1Cup\">Older</a>",
        ],
    );
}

#[test]
fn sellers_show_a_row_for_each_currency() {
    let (shell, v) = (shell(Some("/sellers"), Section::Sellers), sellers());
    shows(
        &SellersPage { t: english(), shell: &shell, v: &v },
        &["rowspan=\"2\"><bdi>Blue Lamp Studio</bdi>", "acct_1Noura", "nothing yet", "$300.00"],
    );
}

#[test]
fn deliveries_show_what_the_endpoint_answered() {
    let shell = shell(Some("/webhooks"), Section::Webhooks);
    let (list, one) = (webhooks(), endpoint());
    shows(
        &WebhooksPage { t: english(), shell: &shell, v: &list },
        &["href=\"/webhooks/we_1Shop\">http://127.0.0.1:4000/webhooks/holdfast", "Disabled"],
    );
    shows(
        &EndpointPage { t: english(), shell: &shell, v: &one },
        &[
            "<span>500</span> <span class=\"quiet\">after 31 ms</span></li><li>",
            "<span>no answer</span> <span class=\"quiet\">after 10000 ms</span></li></ol>",
            "<span>200</span>",
            "<td>–</td>",
            "action=\"/webhooks/we_1Shop/resend\"",
            "name=\"event\" value=\"evt_3\"",
            "Being retried",
            "Waiting",
        ],
    );
}
