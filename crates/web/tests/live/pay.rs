//! Purchases without script, from the basket to the receipt.

use std::collections::BTreeMap;
use std::sync::atomic::Ordering;

use holdfast_core::checkout::Adjustable;
use holdfast_core::checkout::questions::{
    ConsentAsked, CustomField, DropdownOption, FieldKind, NameAsked, NamesAsked, Questions, Typed,
};
use holdfast_core::command::{Command, CreateCheckoutSession, CreatePaymentIntent};
use holdfast_core::currency::Currency;
use holdfast_core::key::RowKind;
use holdfast_core::money::Money;
use holdfast_core::payment::attempt::{Attempt, AttemptState};
use holdfast_core::payment::capture_method::CaptureMethod;
use holdfast_core::payment::card::CardToken;
use holdfast_core::payment::intent::PaymentIntent;
use holdfast_core::payment::notes::ReturnTo;
use holdfast_core::secret::Secret;
use holdfast_core::time::Span;

use crate::support::{CARD_ZONE, SANDBOX, Stage, path};

#[tokio::test]
async fn a_purchase_goes_from_the_form_to_the_receipt() {
    let stage = Stage::new().await;
    let session = stage.checkout(|_| {}).await;
    let (buyer, path) = (stage.buyer(), path(&session));

    let form = buyer.get(&path).await;
    assert_eq!((form.status, form.state()), (200, "checkout"));
    form.shows(&["Lamp", "Spoon", "Blue Lamp", "Noura", "$35.00", "Standard", "Express"]);
    form.shows(&[&format!("action=\"{CARD_ZONE}/v1/tokens\"")]);
    form.shows(&[&format!("name=\"return_to\" value=\"{path}/card\"")]);
    form.shows(&["href=\"http://127.0.0.1:4000/basket\""]);

    let express = buyer.submit(&format!("{path}/shipping"), &[("shipping", "1")]).await;
    express.shows(&["$42.00"]).hides(&["$35.00"]);

    // A link to the confirm page, however it came about, charges nothing.
    let confirm = buyer.get(&format!("{path}/card?token=tok_visa")).await;
    assert_eq!((confirm.state(), stage.world.charges()), ("confirm", 0));
    confirm.shows(&["Pay $42.00"]);
    assert_eq!((confirm.field("total"), confirm.field("token")), ("4200", "tok_visa"));

    let form = [("token", "tok_visa"), ("attempt", confirm.field("attempt")), ("total", "4200")];
    let paid = buyer.submit(&format!("{path}/pay"), &form).await;
    assert_eq!((paid.state(), stage.world.charges()), ("paid", 1));
    let back = format!("href=\"http://127.0.0.1:4000/done?s={}\"", path.split('/').nth(2).unwrap());
    paid.shows(&["$42.00", "Visa", "3184", "2 orders", &back]);
    assert_eq!(paid.body.matches("href=\"/o/ord_").count(), 2);

    let again = buyer.get(&path).await;
    assert_eq!(again.state(), "paid");
    again.hides(&["already paid"]);
}

#[tokio::test]
async fn a_declined_card_can_be_followed_by_another() {
    let stage = Stage::new().await;
    let session = stage.checkout(|_| {}).await;
    let (buyer, path) = (stage.buyer(), path(&session));
    let pay = format!("{path}/pay");

    let form = [("token", "tok_poor"), ("attempt", "first"), ("total", "3500")];
    let declined = buyer.submit(&pay, &form).await;
    assert_eq!(declined.state(), "checkout");
    declined.shows(&["not enough money", "You have not been charged."]);
    let next = declined.field("attempt").to_owned();
    assert!(next.starts_with("ch_"), "{next}");

    // The button of the first page, pressed again: that attempt was made, no second one is.
    let pressed = buyer.submit(&pay, &form).await;
    assert_eq!((pressed.state(), stage.world.charges()), ("checkout", 1));

    let used = [("token", "tok_used"), ("attempt", &next), ("total", "3500")];
    let used = buyer.submit(&pay, &used).await;
    used.shows(&["Enter your card once more"]);

    let form = [("token", "tok_visa"), ("attempt", used.field("attempt")), ("total", "3500")];
    assert_eq!(buyer.submit(&pay, &form).await.state(), "paid");
    assert_eq!(stage.world.charges(), 3);
}

#[tokio::test]
async fn a_bank_that_asks_is_visited_and_looked_up() {
    let stage = Stage::new().await;
    let session = stage.checkout(|_| {}).await;
    let (buyer, path) = (stage.buyer(), path(&session));

    let form = [("token", "tok_challenge"), ("attempt", "first"), ("total", "3500")];
    let challenge = buyer.submit(&format!("{path}/pay"), &form).await;
    assert_eq!(challenge.state(), "challenge");
    challenge.shows(&[&format!("href=\"{SANDBOX}/challenge/ch_"), "http-equiv=\"refresh\""]);
    // Opened once more the page leads nowhere by itself, so that nobody is trapped.
    buyer.get(&path).await.shows(&["challenge"]).hides(&["http-equiv=\"refresh\""]);
    let attempts: Vec<Attempt> = stage.rows(RowKind::Attempt).await;
    let return_url = attempts[0].return_url.clone().unwrap();
    assert_eq!(return_url, format!("{}{path}/return", stage.pay_origin));

    // Back without having answered: still at the bank.
    let early = buyer.get(&format!("{path}/return?challenge=done")).await;
    assert_eq!((early.status, early.location()), (303, path.as_str()));
    assert_eq!(buyer.get(&path).await.state(), "challenge");

    stage.world.passed.store(true, Ordering::Relaxed);
    buyer.get(&format!("{path}/return?challenge=done")).await;
    assert_eq!(buyer.get(&path).await.state(), "paid");
    assert_eq!(stage.world.charges(), 1);
}

#[tokio::test]
async fn an_unknown_outcome_waits_and_is_never_told_as_a_failure() {
    let stage = Stage::new().await;
    let session = stage.checkout(|_| {}).await;
    let (buyer, path) = (stage.buyer(), path(&session));
    let pay = format!("{path}/pay");
    let unknown = [("token", "tok_unknown"), ("attempt", "first"), ("total", "3500")];
    let other = [("token", "tok_visa"), ("attempt", "first"), ("total", "3500")];
    let looking = async {
        let waiting = buyer.until(&path, "waiting").await;
        waiting.shows(&["http-equiv=\"refresh\" content=\"2;"]);
        stage.until_unknown().await;
        buyer.get(&path).await.shows(&["do not know its answer yet"]);
        assert_eq!(buyer.get(&format!("{path}/card?token=tok_visa")).await.status, 303);
        // A second post waits for the answer to the first.
        let second = buyer.post(&pay, &other);
        stage.world.passed.store(true, Ordering::Relaxed);
        second.await
    };
    let (first, second) = tokio::join!(buyer.post(&pay, &unknown), looking);
    for answer in [first, second] {
        assert_eq!(buyer.get(answer.location()).await.state(), "paid");
    }
    assert_eq!(stage.world.charges(), 1);
}

#[tokio::test]
async fn two_tabs_and_two_clicks_are_one_charge() {
    let stage = Stage::new().await;
    let session = stage.checkout(|_| {}).await;
    let (one, two, path) = (stage.buyer(), stage.buyer(), path(&session));
    let pay = format!("{path}/pay");
    let form = [("token", "tok_slow"), ("attempt", "first"), ("total", "3500")];
    let other = [("token", "tok_visa"), ("attempt", "first"), ("total", "3500")];
    let (a, b, c) =
        tokio::join!(one.post(&pay, &form), one.post(&pay, &form), two.post(&pay, &other));
    for answer in [a, b, c] {
        assert_eq!(answer.status, 303, "{}", answer.body);
    }
    let pressed = one.submit(&pay, &form).await;
    assert_eq!((pressed.state(), stage.world.charges()), ("paid", 1));
    let third = [("token", "tok_third"), ("attempt", "first"), ("total", "3500")];
    two.submit(&pay, &third).await.shows(&["already paid", "not been charged again"]);
    assert_eq!(stage.world.charges(), 1);
}

#[tokio::test]
async fn a_total_that_changed_is_shown_before_it_is_charged() {
    let stage = Stage::new().await;
    let session = stage.checkout(|_| {}).await;
    let (buyer, path) = (stage.buyer(), path(&session));
    stage.must(Command::ChooseShipping(session.id, 1)).await;
    let form = [("token", "tok_visa"), ("attempt", "first"), ("total", "3500")];
    let changed = buyer.submit(&format!("{path}/pay"), &form).await;
    assert_eq!((changed.state(), stage.world.charges()), ("checkout", 0));
    changed.shows(&["The total has changed", "$42.00", "You have not been charged."]);
    let form = [("token", "tok_visa"), ("attempt", "first"), ("total", "4200")];
    assert_eq!(buyer.submit(&format!("{path}/pay"), &form).await.state(), "paid");
}

#[tokio::test]
async fn what_is_over_says_so() {
    let stage = Stage::new().await;
    let session = stage.checkout(|_| {}).await;
    let buyer = stage.buyer();
    stage.jump(Span::hours(25));
    let closed = buyer.get(&path(&session)).await;
    assert_eq!(closed.state(), "closed");
    closed.shows(&["has expired", "href=\"http://127.0.0.1:4000/basket\""]);
    let pay = stage.pay(&session, "tok_visa", 3_500).await;
    assert_eq!((pay.status, stage.world.charges()), (303, 0));

    let early = stage.checkout(|_| {}).await;
    stage.must(Command::ExpireCheckoutSession(early.id)).await;
    assert_eq!(buyer.get(&path(&early)).await.state(), "closed");
}

#[tokio::test]
async fn products_that_exclude_cards_offer_none() {
    let stage = Stage::new().await;
    let session = stage.checkout(|create| create.lines[0].excludes_card = true).await;
    let form = stage.buyer().get(&path(&session)).await;
    form.shows(&["cannot be paid by card", "Lamp"]).hides(&["card[number]"]);
    let pay = stage.pay(&session, "tok_visa", 3_500).await;
    assert_eq!((pay.status, stage.world.charges()), (303, 0));
}

#[tokio::test]
async fn errors_of_the_card_zone_stand_at_their_fields() {
    let stage = Stage::new().await;
    let session = stage.checkout(|_| {}).await;
    let url = format!("{}/card?errors=number.incorrect_number,cvc.invalid_cvc", path(&session));
    let form = stage.buyer().get(&url).await;
    assert_eq!(form.state(), "checkout");
    form.shows(&["This card number is not right", "Enter the 3 digits", "aria-invalid=\"true\""]);
    let bad = stage.buyer().get(&format!("{}/card?token=4242%20x", path(&session))).await;
    assert!(bad.location().ends_with("?notice=card"), "{}", bad.location());
}

#[tokio::test]
async fn the_buyer_takes_more_or_fewer() {
    let stage = Stage::new().await;
    let one_to_five = Adjustable { minimum: Some(1), maximum: Some(5) };
    let open = |create: &mut CreateCheckoutSession| {
        create.lines[0].adjustable = Some(Adjustable::default());
        create.lines[1].adjustable = Some(one_to_five);
    };
    let session = stage.checkout(open).await;
    let (buyer, path) = (stage.buyer(), path(&session));
    let url = format!("{path}/quantity");
    let [lamp, spoon] = [0, 1].map(|line| session.lines[line].id.to_string());
    let post = async |line: &str, quantity: &str| {
        buyer.submit(&url, &[("line", line), ("quantity", quantity)]).await
    };

    let form = buyer.get(&path).await;
    form.shows(&["Quantity of Lamp", "min=\"0\" max=\"99\" value=\"1\"", "Remove Lamp"]);
    form.shows(&["Quantity of Spoon", "min=\"1\" max=\"5\" value=\"2\""]).hides(&["Remove Spoon"]);
    post(&lamp, "3").await.shows(&["$75.00", "5 items", "3&nbsp;×"]).hides(&["$35.00"]);
    post(&spoon, "6").await.shows(&["could not be changed", "$75.00"]);
    post(&spoon, "").await.shows(&["could not be changed"]);
    post(&spoon, "-1").await.shows(&["could not be changed"]);
    let bad =
        [(&*spoon, "many", "quantity"), (&spoon, "12345678", "quantity"), ("li_1", "2", "line")];
    for (line, quantity, field) in bad {
        let bad = buyer.post(&url, &[("line", line), ("quantity", quantity)]).await;
        assert_eq!(bad.status, 400, "{quantity}");
        bad.shows(&[&format!("“{field}”")]);
    }
    // Not on the page that asks once more: what is confirmed there stands.
    buyer.get(&format!("{path}/card?token=tok_visa")).await.hides(&["/quantity"]);
    // Out of the basket; whoever takes it out in another tab as well is told.
    let left = post(&lamp, "0").await;
    left.shows(&["$15.00", "2 items"]).hides(&["Lamp</bdi>", "Quantity of Lamp"]);
    post(&lamp, "0").await.shows(&["could not be changed"]);

    let form = [("token", "tok_visa"), ("attempt", left.field("attempt")), ("total", "1500")];
    assert_eq!(buyer.submit(&format!("{path}/pay"), &form).await.state(), "paid");
    // The purchase is made: its page says so, and nothing changes any more.
    assert_eq!(post(&spoon, "3").await.state(), "paid");
    let lines = stage.session(session.id).await.lines;
    assert_eq!((lines.len(), lines[0].quantity), (1, 2));
}

#[tokio::test]
async fn a_shipping_that_is_not_offered_is_told() {
    let stage = Stage::new().await;
    let session = stage.checkout(|_| {}).await;
    let url = format!("{}/shipping", path(&session));
    let buyer = stage.buyer();
    buyer.submit(&url, &[("shipping", "7")]).await.shows(&["could not be changed"]);
    buyer.submit(&url, &[]).await.shows(&["Choose the shipping first"]);
    let bad = buyer.post(&url, &[("shipping", "one")]).await;
    assert_eq!(bad.status, 400);
    bad.shows(&["“shipping”"]);
    assert_eq!(stage.session(session.id).await.shipping_choice, Some(0));
}

#[tokio::test]
async fn whoever_tries_many_cards_is_stopped() {
    let stage = Stage::new().await;
    let session = stage.checkout(|_| {}).await;
    let (buyer, path) = (stage.buyer(), path(&session));
    let mut name = "first".to_owned();
    for number in 1..=10 {
        let form = [("token", "tok_poor"), ("attempt", &name), ("total", "3500")];
        let answer = buyer.submit(&format!("{path}/pay"), &form).await;
        assert_eq!(answer.status, if number < 10 { 200 } else { 429 }, "{number}");
        let last: Vec<Attempt> = stage.rows(RowKind::Attempt).await;
        name = last.last().unwrap().id.to_string();
    }
    let form = [("token", "tok_visa"), ("attempt", &name), ("total", "3500")];
    let stopped = buyer.submit(&format!("{path}/pay"), &form).await;
    assert_eq!((stopped.status, stage.world.charges()), (429, 10));
    stopped.shows(&["Too many cards were declined"]);
    stage.jump(Span::seconds(601));
    assert_eq!(buyer.submit(&format!("{path}/pay"), &form).await.state(), "paid");
}

#[tokio::test]
async fn a_buyer_of_a_shop_with_its_own_page_comes_back_to_it() {
    let stage = Stage::new().await;
    let table = [("tok_challenge", true, "succeeded"), ("tok_challenge", false, "pending")];
    for (token, passed, status) in table {
        stage.world.passed.store(false, Ordering::Relaxed);
        let made = stage.must(Command::CreatePaymentIntent(charged_at_once(token))).await;
        let intent = made.made::<PaymentIntent>().unwrap().clone();
        let attempt = made.made::<Attempt>().unwrap().clone();
        let asked = |row: &Attempt| matches!(row.state, AttemptState::Challenged { .. });
        let wait = std::time::Duration::from_secs(5);
        stage.engine.wait_for(stage.platform, &attempt.id, wait, asked).await.unwrap();
        let secret = intent.secret.reveal();
        let path = format!("/p/{}/{secret}/return", intent.id);
        assert_eq!(attempt.return_url.as_deref(), Some(&*format!("https://pay.example{path}")));

        stage.world.passed.store(passed, Ordering::Relaxed);
        let back = stage.buyer().get(&format!("{path}?challenge=done")).await;
        assert_eq!((back.status, back.state()), (200, "back"));
        let target = format!(
            "https://shop.example/back?cart=7&#38;payment_intent={0}\
             &#38;payment_intent_client_secret={0}_secret_{secret}\
             &#38;redirect_status={status}#top",
            intent.id
        );
        back.shows(&[&format!("content=\"0; url={target}\"")]);
        back.shows(&[&format!("href=\"{target}\"")]);
        for path in [format!("/p/{}/{secret}x/return", intent.id), "/p/pi_1/x/return".to_owned()] {
            assert_eq!(stage.buyer().get(&path).await.status, 404, "{path}");
        }
    }
}

/// A payment without a session.
pub(crate) fn charged_at_once(token: &str) -> CreatePaymentIntent {
    CreatePaymentIntent {
        amount: Money::new(1_000, Currency::USD),
        capture_method: CaptureMethod::Automatic,
        token: Some(CardToken::new(token.to_owned())),
        card_use: Default::default(),
        confirm: true,
        return_url: Some(ReturnTo {
            url: "https://shop.example/back?cart=7#top".to_owned(),
            page: "https://pay.example/p".to_owned(),
        }),
        description: None,
        receipt_email: None,
        transfer_group: None,
        metadata: BTreeMap::new(),
        notes: Box::default(),
        secret: Secret::new("s3cr3t".to_owned()),
    }
}

/// A text that has to be there, digits that may be, a size; a name; the terms.
fn questions() -> Questions {
    let field = |key: &str, optional, kind| CustomField {
        key: key.to_owned(),
        label: key.to_uppercase(),
        optional,
        kind,
    };
    let typed = |default: Option<&str>| Typed {
        default: default.map(str::to_owned),
        least: None,
        most: Some(12),
    };
    let size = |value: &str| DropdownOption { label: value.to_owned(), value: value.to_owned() };
    let options = vec![size("small"), size("large")];
    let name = NameAsked { enabled: true, optional: false };
    Questions {
        fields: vec![
            field("engraving", false, FieldKind::Text(typed(None))),
            field("room", true, FieldKind::Numeric(typed(Some("7")))),
            field("size", false, FieldKind::Dropdown { options, default: None }),
        ],
        names: Some(NamesAsked { individual: Some(name), business: None }),
        consent: Some(ConsentAsked {
            terms_required: Some(true),
            promotions: Some(true),
            shows_reuse: None,
        }),
    }
}

#[tokio::test]
async fn what_a_shop_asks_is_answered_before_a_bank_is_asked() {
    let stage = Stage::new().await;
    let session = stage.checkout(|create| create.page.questions = questions()).await;
    let (buyer, path) = (stage.buyer(), path(&session));
    let pay = format!("{path}/pay");
    buyer.get(&path).await.shows(&["ENGRAVING", "name=\"own-2\"", "value=\"7\"", "id=\"terms\""]);

    // What is wrong is said at its field, and what was typed stays.
    let card = [("token", "tok_visa"), ("attempt", "first"), ("total", "3500")];
    let typed = [
        ("individual_name", " "),
        ("own-1", "Far too long for it"),
        ("own-2", "٤٢x"),
        ("own-3", "huge"),
        ("news", "opt_in"),
    ];
    let wrong = buyer.post(&pay, &[card.as_slice(), &typed].concat()).await;
    assert_eq!((wrong.status, wrong.state(), stage.world.charges()), (422, "confirm", 0));
    wrong.shows(&[
        "Something is missing",
        "Fill this in.",
        "Write 12 characters at most.",
        "Write digits only.",
        "id=\"own-3-error\" role=\"alert\">Choose one</p>",
        "Tick the box to go on.",
        "value=\"Far too long for it\"",
        "value=\"opt_in\" checked",
    ]);
    assert_eq!((wrong.field("token"), wrong.field("attempt")), ("tok_visa", "first"));
    let number = [("own-1", "4242 4242 4242 4242")];
    let number = buyer.post(&pay, &[card.as_slice(), &number].concat()).await;
    number.shows(&["looks like a card number"]);
    assert_eq!(stage.session(session.id).await.given.answers, None);

    let typed = [
        ("individual_name", "Mira B."),
        ("own-1", "For Ada"),
        ("own-2", "٤٢"),
        ("own-3", "large"),
        ("terms", "accepted"),
    ];
    let poor = [("token", "tok_poor"), ("attempt", "first"), ("total", "3500")];
    let declined = buyer.submit(&pay, &[poor.as_slice(), &typed].concat()).await;
    declined.shows(&["not enough money", "value=\"For Ada\"", "value=\"accepted\" checked"]);
    let next = declined.field("attempt").to_owned();
    let card = [("token", "tok_visa"), ("attempt", &next), ("total", "3500")];
    let paid = buyer.submit(&pay, &[card.as_slice(), &typed].concat()).await;
    assert_eq!((paid.state(), stage.world.charges()), ("paid", 2));
    let answers = stage.session(session.id).await.answers();
    let fields = [("engraving", "For Ada"), ("room", "42"), ("size", "large")];
    let fields = fields.map(|(key, value)| (key.to_owned(), value.to_owned()));
    assert_eq!(answers.fields, BTreeMap::from(fields));
    assert_eq!(answers.individual_name.as_deref(), Some("Mira B."));
    assert!(answers.accepts_terms && !answers.wants_news);
}

#[tokio::test]
async fn an_address_that_is_none_is_told_and_stays() {
    let stage = Stage::new().await;
    let session = stage
        .checkout(|create| {
            create.customer_email = None;
            create.page.customer_creation = Some("always".to_owned());
            create.page.phone_number = Some(true);
        })
        .await;
    let (buyer, pay) = (stage.buyer(), format!("{}/pay", path(&session)));
    let card = [("token", "tok_visa"), ("attempt", "first"), ("total", "3500")];
    let typed = [("email", "mira@shop"), ("phone", "+351 912 345")];
    let wrong = buyer.post(&pay, &[card.as_slice(), &typed].concat()).await;
    assert_eq!((wrong.status, stage.world.charges()), (422, 0));
    wrong.shows(&["This is not an e-mail address.", "value=\"mira@shop\""]);
    wrong.shows(&["value=\"+351 912 345\""]).hides(&["This is not a phone number."]);
    let typed = [("email", "mira@shop.example"), ("phone", "+351 912 345")];
    let paid = buyer.submit(&pay, &[card.as_slice(), &typed].concat()).await;
    assert_eq!(paid.state(), "paid");
}

#[tokio::test]
async fn where_the_goods_go_and_who_pays_is_said_before_a_bank_is_asked() {
    let stage = Stage::new().await;
    let session = stage
        .checkout(|create| {
            create.page.shipping_countries = ["AE", "US"].map(str::to_owned).to_vec();
            create.page.billing_address_collection = Some("required".to_owned());
        })
        .await;
    let (buyer, path) = (stage.buyer(), path(&session));
    let pay = format!("{path}/pay");
    let form = buyer.get(&path).await;
    form.shows(&["<legend>Shipping address</legend>", "name=\"bill-same\"", " checked form="]);
    form.shows(&["autocomplete=\"shipping address-line1\"", ">United Arab Emirates</option>"]);
    form.shows(&["autocomplete=\"billing country\"", ">Germany</option>"]);
    let shipping = form.body.split("ship-country").nth(1).unwrap().to_owned();
    assert!(!shipping.split("</select>").next().unwrap().contains("Germany"));

    let card = [("token", "tok_visa"), ("attempt", "first"), ("total", "3500")];
    let to = [("ship-name", "Mira \"B\""), ("ship-country", "US"), ("ship-line1", "1 Long Street")];
    let same = [("bill-same", "same"), ("bill-line1", "is not looked at")];
    let typed = [card.as_slice(), &to, &same].concat();
    let wrong = buyer.post(&pay, &typed).await;
    assert_eq!((wrong.status, wrong.state(), stage.world.charges()), (422, "confirm", 0));
    for part in ["city", "state", "postal-code"] {
        let error = format!("id=\"ship-{part}-error\" role=\"alert\">Fill this in.");
        let none = format!("id=\"bill-{part}-error\" role=\"alert\"></p>");
        wrong.shows(&[&error, &none]);
    }
    wrong.shows(&["value=\"Mira &#34;B&#34;\"", "<option value=\"US\" selected>"]);
    assert_eq!(wrong.body.matches(" autofocus").count(), 1);
    assert_eq!(stage.session(session.id).await.given.shipping, None);

    let rest = [("ship-city", "Reno"), ("ship-state", "NV"), ("ship-postal-code", "89501")];
    let billed = [("bill-country", "AE"), ("bill-line1", "Marina 7"), ("bill-state", "Dubai")];
    let poor = [("token", "tok_poor"), ("attempt", "first"), ("total", "3500")];
    let declined = [poor.as_slice(), &to, &rest, &billed].concat();
    let declined = buyer.submit(&pay, &declined).await;
    declined.shows(&["not enough money", "value=\"Reno\"", "value=\"Marina 7\""]);
    declined.hides(&[" checked form=\"pay\""]);
    let next = declined.field("attempt").to_owned();
    let card = [("token", "tok_visa"), ("attempt", &next), ("total", "3500")];
    let paid = [card.as_slice(), &to, &rest, &same].concat();
    assert_eq!(buyer.submit(&pay, &paid).await.state(), "paid");
    let given = stage.session(session.id).await.given;
    let shipping = given.shipping.unwrap();
    assert_eq!(shipping.name, "Mira \"B\"");
    assert_eq!(shipping.address.city.as_deref(), Some("Reno"));
    assert_eq!(given.address, Some(shipping.address));
    let intents: Vec<PaymentIntent> = stage.rows(RowKind::PaymentIntent).await;
    assert_eq!(intents[0].notes.shipping.as_ref().unwrap().name, "Mira \"B\"");
}

#[tokio::test]
async fn an_address_is_bounded_part_by_part() {
    let stage = Stage::new().await;
    let session =
        stage.checkout(|create| create.page.shipping_countries = vec!["DE".to_owned()]).await;
    let (buyer, pay) = (stage.buyer(), format!("{}/pay", path(&session)));
    let card = [("token", "tok_visa"), ("attempt", "first"), ("total", "3500")];
    let long = |chars: usize| "x".repeat(chars);
    let (line, code) = (long(201), long(21));
    let typed =
        [("ship-line1", line.as_str()), ("ship-postal-code", &code), ("ship-country", "FR")];
    let wrong = buyer.post(&pay, &[card.as_slice(), &typed].concat()).await;
    wrong.shows(&["Write 200 characters at most.", "Write 20 characters at most."]);
    wrong.shows(&["id=\"ship-country-error\" role=\"alert\">Choose one", "Fill this in."]);
    let line = long(801);
    let typed = [card.as_slice(), &[("ship-line1", line.as_str())]].concat();
    let refused = buyer.post(&pay, &typed).await;
    assert_eq!((refused.status, stage.world.charges()), (400, 0));
    refused.shows(&["“ship-line1”"]);
}
