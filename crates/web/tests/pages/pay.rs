//! The pay page, state by state.

use askama::Template;
use holdfast_web::language::Language;
use holdfast_web::pay::decline::Decline;
use holdfast_web::pay::pages::{
    ChallengePage, CheckoutPage, ClosedPage, ConfirmPage, PaidPage, WaitingPage,
};
use holdfast_web::pay::views::{
    Checkout, Closed, ClosedReason, Confirm, Method, Notice, Purpose, Summary,
};
use holdfast_web::texts::Texts;

use crate::samples::buyers::{
    amended, asking, challenge, checkout, confirm, declined, long, no_card, paid, shop, summary,
    waiting, with_errors,
};
use crate::samples::{shell, usd};
use crate::{hides, shows};

const PATH: &str = "/c/cs_test_1Basket/k3Qz";

fn english() -> &'static Texts {
    Texts::of(Language::English)
}

fn arabic() -> &'static Texts {
    Texts::of(Language::Arabic)
}

fn checkout_in<'a>(
    t: &'a Texts,
    v: &'a Checkout,
    shell: &'a holdfast_web::page::Shell,
) -> CheckoutPage<'a> {
    CheckoutPage { t, shell, v }
}

#[test]
fn the_checkout_shows_the_whole_sum_and_where_it_comes_from() {
    let (v, shell) = (checkout(), shell(PATH));
    let page = checkout_in(english(), &v, &shell);
    shows(
        &page,
        &[
            "<title>Pay Bazaar</title>",
            "Test mode: no real money moves",
            "3 items",
            "Sold by <bdi>Blue Lamp Studio</bdi>",
            "With a linen shade, plug type C",
            "2&nbsp;×&nbsp;$7.10",
            "<dt>Items</dt><dd><bdi>$43.70</bdi></dd>",
            "<dt>Shipping</dt><dd><bdi>$5.00</bdi></dd>",
            "<dt>Total</dt><dd><bdi>$48.70</bdi></dd>",
            ">Pay $48.70</button>",
            "href=\"http://127.0.0.1:4000/basket\">Back to Bazaar",
        ],
    );
    let html = page.render().unwrap();
    let total = html.find("class=\"grand\"").unwrap();
    assert!(total < html.find("class=\"basket\"").unwrap(), "the total comes before the lines");
    assert!(total < html.find("id=\"card\"").unwrap(), "the total comes before the card");
}

#[test]
fn the_card_form_posts_to_the_card_zone_and_to_nobody_else() {
    let (v, shell) = (checkout(), shell(PATH));
    shows(
        &checkout_in(english(), &v, &shell),
        &[
            "action=\"http://127.0.0.1:4005/v1/tokens\" method=\"post\"",
            "name=\"key\" value=\"pk_test_gallery\"",
            "name=\"return_to\" value=\"/c/cs_test_1Basket/k3Qz/card\"",
            "name=\"card[number]\" type=\"text\" inputmode=\"numeric\" autocomplete=\"cc-number\"",
            "name=\"card[exp]\" type=\"text\" inputmode=\"numeric\" autocomplete=\"cc-exp\"",
            "name=\"card[cvc]\" type=\"text\" inputmode=\"numeric\" autocomplete=\"cc-csc\"",
            "name=\"card[name]\" type=\"text\" autocomplete=\"cc-name\"",
            "data-incorrect_number=\"This card number is not right. Check its digits.\"",
            "aria-label=\"American Express\"",
        ],
    );
    // What pays holds the token, the attempt and the sum that was shown, and nothing of the card.
    let html = checkout_in(english(), &v, &shell).render().unwrap();
    let pay = html.split("<form id=\"pay\"").nth(1).unwrap().split("</form>").next().unwrap();
    assert!(pay.contains("action=\"/c/cs_test_1Basket/k3Qz/pay\" method=\"post\" hidden"));
    assert!(pay.contains("name=\"attempt\" value=\"first\""));
    assert!(pay.contains("name=\"total\" value=\"4870\""));
    assert!(!pay.contains("card["));
}

#[test]
fn shipping_can_be_chosen_without_script() {
    let (v, shell) = (checkout(), shell(PATH));
    shows(
        &checkout_in(english(), &v, &shell),
        &[
            "action=\"/c/cs_test_1Basket/k3Qz/shipping\" method=\"post\"",
            "name=\"shipping\" value=\"0\" checked",
            "<bdi>Express, 1 to 2 days</bdi></span><bdi class=\"sum\">$14.90</bdi>",
            "<span class=\"sum\">Free</span>",
            "Update the total</button>",
        ],
    );
    let nothing = Checkout { shipping: Vec::new(), ..checkout() };
    hides(&checkout_in(english(), &nothing, &shell), &["name=\"shipping\"", "Update the total"]);
}

#[test]
fn an_arabic_page_runs_from_right_to_left_and_its_numbers_do_not() {
    let (v, shell) = (checkout(), shell(PATH));
    shows(
        &checkout_in(arabic(), &v, &shell),
        &[
            "dir=\"rtl\"",
            "<div class=\"box\" dir=\"ltr\">",
            "<bdi>48.70\u{a0}US$</bdi>",
            "ادفع \u{2068}48.70\u{a0}US$\u{2069}</button>",
            "3 منتجات".replace('3', "\u{2068}3\u{2069}").as_str(),
            "href=\"/c/cs_test_1Basket/k3Qz?lang=en\" lang=\"en\"",
        ],
    );
}

#[test]
fn problems_of_the_card_stand_next_to_their_fields() {
    let (v, shell) = (with_errors(), shell(PATH));
    let page = checkout_in(english(), &v, &shell);
    shows(
        &page,
        &[
            "id=\"cc-number-error\" role=\"alert\">This card number is not right.",
            "id=\"cc-exp-error\" role=\"alert\">This date is over.",
            "id=\"cc-csc-error\" role=\"alert\">Enter the 3 digits",
            "aria-describedby=\"cc-brand cc-number-error\" aria-invalid=\"true\" autofocus>",
        ],
    );
    let html = page.render().unwrap();
    assert_eq!(html.matches("aria-invalid=\"true\"").count(), 3);
    assert_eq!(html.matches("autofocus").count(), 1, "the first field with a problem");
    hides(&checkout_in(english(), &checkout(), &shell), &["aria-invalid", "autofocus"]);
}

#[test]
fn each_decline_says_what_to_do_and_that_nothing_was_charged() {
    let shell = shell(PATH);
    let table = [
        (Decline::Funds, "not enough money available"),
        (Decline::Expired, "has expired"),
        (Decline::Code, "security code is not the right one"),
        (Decline::Number, "does not know this card number"),
        (Decline::NotAllowed, "cannot be used for this purchase"),
        (Decline::TooOften, "too often in a short time"),
        (Decline::Later, "could not answer"),
        (Decline::NotAuthenticated, "could not confirm that it is you"),
        (Decline::NoReason, "gave no reason"),
    ];
    assert_eq!(table.len(), Decline::ALL.len());
    for (decline, fact) in table {
        let v = declined(decline);
        let charged = "You have not been charged.";
        shows(&checkout_in(english(), &v, &shell), &[fact, charged, "role=\"alert\""]);
    }
    let next = declined(Decline::Funds);
    shows(&checkout_in(english(), &next, &shell), &["name=\"attempt\" value=\"ch_1First\""]);
}

#[test]
fn other_notices_say_what_happened() {
    let shell = shell(PATH);
    for (notice, fact) in [
        (Notice::TotalChanged, "The total has changed"),
        (Notice::CardEntryOver, "Enter your card once more"),
        (Notice::ShippingNotChosen, "Choose the shipping first"),
        (Notice::ShippingRefused, "The shipping could not be changed"),
    ] {
        let v = Checkout { notice: Some(notice), ..checkout() };
        shows(&checkout_in(english(), &v, &shell), &[fact]);
    }
}

#[test]
fn a_product_that_excludes_cards_is_named() {
    let (v, shell) = (no_card(), shell(PATH));
    let page = checkout_in(english(), &v, &shell);
    shows(&page, &["This basket cannot be paid by card", "Pocket knife"]);
    hides(&page, &["cc-number", "id=\"pay\"", "Pay $48.70"]);
    let Method::Unavailable { products } = no_card().method else { panic!("no card") };
    let two = Method::Unavailable { products: [products.clone(), products].concat() };
    let v = Checkout { method: two, ..no_card() };
    shows(&checkout_in(english(), &v, &shell), &["These products may not be paid by card:"]);
}

#[test]
fn a_long_basket_is_folded_but_its_sum_is_not() {
    let (v, shell) = (long(), shell(PATH));
    shows(
        &checkout_in(english(), &v, &shell),
        &["<details class=\"basket\">", "1188 items", "Pay $146,666,654.64"],
    );
    shows(&checkout_in(english(), &checkout(), &shell), &["<details class=\"basket\" open>"]);
    assert!(Summary { sellers: Vec::new(), ..summary() }.is_short());
}

#[test]
fn a_page_without_script_confirms_by_post_and_holds_no_card() {
    let (v, shell) = (confirm(), shell(PATH));
    let page = ConfirmPage { t: english(), shell: &shell, v: &v };
    shows(
        &page,
        &[
            "Nothing has been charged yet.",
            "Visa",
            "3184",
            "action=\"/c/cs_test_1Basket/k3Qz/pay\" method=\"post\"",
            "name=\"token\" value=\"tok_gallery\"",
            "name=\"total\" value=\"4870\"",
            ">Pay $48.70</button>",
            "href=\"/c/cs_test_1Basket/k3Qz\">Use another card",
        ],
    );
    hides(&page, &["cc-number", "card["]);
    let unknown = Confirm { card: None, ..confirm() };
    hides(&ConfirmPage { t: english(), shell: &shell, v: &unknown }, &["ending in"]);
}

#[test]
fn waiting_is_honest_and_goes_on_without_script() {
    let shell = shell(PATH);
    let (quick, slow) = (waiting(false), waiting(true));
    shows(
        &WaitingPage { t: english(), shell: &shell, v: &quick },
        &[
            "data-state=\"waiting\"",
            "<noscript><meta http-equiv=\"refresh\" content=\"2; url=/c/cs_test_1Basket/k3Qz\">",
            "Checking with your bank",
            "you are not charged twice",
        ],
    );
    let late = WaitingPage { t: english(), shell: &shell, v: &slow };
    shows(&late, &["we do not know its answer yet", "Do not pay a second time"]);
    hides(&late, &["You have not been charged", "declined"]);
}

#[test]
fn the_way_to_the_bank_is_a_link_that_leads_on_by_itself_only_once() {
    let shell = shell(PATH);
    let (link, at_once) = (challenge(false), challenge(true));
    let bank = "href=\"http://127.0.0.1:4004/challenge/sba_1\"";
    let page = ChallengePage { t: english(), shell: &shell, v: &link };
    shows(&page, &["data-state=\"challenge\"", "id=\"bank\"", bank, "20 November 2026, 12:10 UTC"]);
    hides(&page, &["http-equiv=\"refresh\""]);
    shows(
        &ChallengePage { t: english(), shell: &shell, v: &at_once },
        &["<meta http-equiv=\"refresh\" content=\"0; url=http://127.0.0.1:4004/challenge/sba_1\">"],
    );
}

#[test]
fn a_session_that_is_over_says_why_and_leads_back() {
    let shell = shell(PATH);
    for (reason, fact) in [
        (ClosedReason::Expired, "This payment page has expired"),
        (ClosedReason::Canceled, "This purchase was canceled"),
        (ClosedReason::TooManyAttempts, "Too many cards were declined"),
    ] {
        let v = Closed { reason, back_url: shop() };
        let page = ClosedPage { t: english(), shell: &shell, v: &v };
        shows(&page, &[fact, "Nothing was charged.", "Back to Bazaar"]);
        hides(&page, &["cc-number"]);
    }
    let v = Closed { reason: ClosedReason::Expired, back_url: Some("javascript:alert(1)".into()) };
    hides(&ClosedPage { t: english(), shell: &shell, v: &v }, &["Back to Bazaar"]);
}

#[test]
fn the_receipt_leads_to_each_order() {
    let shell = shell(PATH);
    let (first, again) = (paid(false), paid(true));
    let page = PaidPage { t: english(), shell: &shell, v: &first };
    shows(
        &page,
        &[
            "Paid, thank you",
            "$48.70",
            "20 November 2026, 12:00 UTC",
            "pi_1Basket",
            "2 orders",
            "href=\"http://127.0.0.1:4002/o/ord_1Lamp/k3Qz\"",
            "href=\"http://127.0.0.1:4002/o/ord_1Spoon/k3Qz\"",
            "To be shipped by 1 December 2026",
            "Back to Bazaar",
        ],
    );
    hides(&page, &["already paid"]);
    let again = PaidPage { t: english(), shell: &shell, v: &again };
    shows(&again, &["already paid. You have not been charged again."]);
    assert_eq!(
        first.orders.iter().map(|order| order.total.minor()).sum::<i64>(),
        usd(4_870).minor()
    );
}

#[test]
fn a_shop_asks_and_says_what_it_wants_and_nothing_else_gets_through() {
    let (v, shell) = (asking(), shell(PATH));
    let page = checkout_in(english(), &v, &shell);
    shows(
        &page,
        &[
            "<label for=\"own-1\"><bdi>Engraving &#38; &#60;i&#62;more&#60;/i&#62;</bdi></label>",
            "name=\"own-1\" type=\"text\" minlength=\"2\" maxlength=\"12\"",
            "value=\"For &#34;Ada&#34; &#60;3\" required",
            "<bdi>Room</bdi> <span class=\"quiet\">(optional)</span>",
            "<option value=\"l\" selected>Large &#60;b&#62;</option>",
            "id=\"terms\" name=\"terms\" type=\"checkbox\" value=\"accepted\" required",
            "I accept the <a href=\"https://shop.example/terms\" target=\"_blank\" \
             rel=\"noopener noreferrer\">terms &#60;of sale&#62;</a>.",
            "name=\"news\" type=\"checkbox\" value=\"opt_in\" checked",
            "Bazaar keeps your card",
            "Two weeks.<br><a href=\"https://shop.example/ask\"",
            "not [him](ftp://x)",
            "Made &#60;to&#62; order.",
            "We ship from Porto.",
        ],
    );
    // What stands within the card's form is posted by the other one, and never to the card zone.
    let html = page.render().unwrap();
    let card = html.split("<form id=\"card\"").nth(1).unwrap().split("</form>").next().unwrap();
    for name in ["terms", "news"] {
        let input = card.split(&format!("name=\"{name}\"")).nth(1).unwrap();
        assert!(input.split('>').next().unwrap().contains("form=\"pay\""), "{name}");
    }
    hides(&checkout_in(english(), &checkout(), &shell), &["own-1", "terms", "news", "keeps your"]);
}

#[test]
fn answers_that_will_not_do_say_why_and_stay() {
    let (v, shell) = (amended(), shell(PATH));
    let page = ConfirmPage { t: english(), shell: &shell, v: &v };
    shows(
        &page,
        &[
            "Something is missing",
            "Write 12 characters at most.",
            "Write digits only.",
            "id=\"own-3-error\" role=\"alert\">Choose one</p>",
            "Tick the box to go on.",
            "value=\"For &#34;Ada&#34; &#60;3\"",
            "name=\"token\" value=\"tok_gallery\"",
        ],
    );
    let html = page.render().unwrap();
    assert_eq!(html.matches(" autofocus").count(), 1);
    let first = html.split(" autofocus").next().unwrap().rsplit("<input").next().unwrap();
    assert!(first.contains("id=\"own-1\""), "{first}");
    shows(&ConfirmPage { t: arabic(), shell: &shell, v: &v }, &["ضع علامة في المربع للمتابعة."]);
}

#[test]
fn the_shop_names_what_the_button_does() {
    let shell = shell(PATH);
    let table = [
        (Purpose::BuyFromShop, None, ">Pay $48.70</button>"),
        (Purpose::BuyFromShop, Some("auto"), ">Pay $48.70</button>"),
        (Purpose::BuyFromSellers, Some("book"), ">Book for $48.70</button>"),
        (Purpose::BuyFromShop, Some("donate"), ">Donate $48.70</button>"),
        (Purpose::KeepCard, Some("donate"), ">Save the card</button>"),
    ];
    for (purpose, submit_type, fact) in table {
        let v = Checkout { purpose, button: purpose.button(submit_type), ..checkout() };
        shows(&checkout_in(english(), &v, &shell), &[fact]);
    }
}
