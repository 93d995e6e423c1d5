//! A seller's visit: let in by a link once, asked its questions, shown its own money only.

use holdfast_core::command::{Command, Keep};
use holdfast_core::id::SellerId;
use holdfast_core::key::RowKind;
use holdfast_core::link::{AccountLink, LinkPurpose};
use holdfast_core::order::Order;
use holdfast_core::row::Record;
use holdfast_core::secret::Secret;
use holdfast_core::seller::Seller;
use holdfast_core::time::Span;

use crate::support::{Answer, Browser, Stage};

const SHOP: &str = "https://shop.example";

impl Stage {
    /// A link for a seller; the path that it leads to.
    async fn link(&self, seller: SellerId, purpose: LinkPurpose) -> String {
        let now = self.engine.now();
        let asks = purpose != LinkPurpose::Login;
        let row = AccountLink {
            id: self.engine.fresh_id(),
            created: now,
            seller,
            purpose,
            refresh_url: asks.then(|| format!("{SHOP}/again")),
            return_url: asks.then(|| format!("{SHOP}/done")),
            secret: Secret::new("s3cret".to_owned()),
            expires_at: now.after(Span::seconds(600)),
            visit: None,
        };
        let path = format!("/seller/enter/{}/s3cret", row.id);
        let keep = Keep { row: row.into_row(), expected: 0, event: None };
        self.must(Command::Keep(Box::new(keep))).await;
        path
    }

    async fn kept(&self, seller: SellerId) -> Seller {
        self.engine.find::<Seller>(self.platform, &seller).await.unwrap().unwrap()
    }
}

/// Fills the form in and sends it.
async fn send(seller: &Browser, fields: &[(&str, &str)]) -> Answer {
    let token = seller.get("/seller/onboarding").await.field("form_token").to_owned();
    let form = [&[("form_token", token.as_str())], fields].concat();
    seller.post("/seller/onboarding", &form).await
}

const GOOD: [(&str, &str); 5] = [
    ("name", "Salma's Lamps"),
    ("country", "US"),
    ("email", "salma@shop.example"),
    ("routing", "110-000-000"),
    ("number", "000123456789"),
];

#[tokio::test]
async fn a_seller_answers_the_questions_and_is_led_back() {
    let stage = Stage::new().await;
    let id = stage.seller("Blue Lamp").await;
    let link = stage.link(id, LinkPurpose::Onboarding).await;
    let seller = stage.operator();
    let entered = seller.get(&link).await;
    assert_eq!((entered.status, entered.location()), (303, "/seller/onboarding"));
    let cookie = entered.header("set-cookie").unwrap();
    for part in ["HttpOnly", "SameSite=Lax", "Path=/seller;", "Max-Age=3600"] {
        assert!(cookie.contains(part), "{cookie}");
    }
    seller.get("/seller/onboarding").await.shows(&["value=\"Blue Lamp\"", "000123456789"]);
    let sent = send(&seller, &GOOD).await;
    assert_eq!((sent.status, sent.location()), (303, "/seller/done"));
    let done = seller.get("/seller/done").await;
    done.shows(&["You are ready to sell", "content=\"0;url=https://shop.example/done\""]);
    let kept = stage.kept(id).await;
    assert!(kept.has_submitted() && kept.may_be_paid_out());
    assert_eq!(kept.name.as_deref(), Some("Salma's Lamps"));
    assert_eq!(kept.bank_accounts[0].last4, "6789");
    // The visit is over with it.
    assert_eq!(seller.get("/seller/onboarding").await.status, 404);
    assert_eq!(seller.get("/seller/done").await.status, 404);
}

#[tokio::test]
async fn each_mistake_is_named_and_what_was_typed_stays() {
    let stage = Stage::new().await;
    let id = stage.seller("Blue Lamp").await;
    let seller = stage.operator();
    seller.get(&stage.link(id, LinkPurpose::Onboarding).await).await;
    for (name, value, message) in [
        ("name", " ", "Enter your name"),
        ("country", "XX", "Choose a country"),
        ("email", "nobody", "Enter an e-mail address"),
        ("routing", "", "Enter the number of the bank"),
        ("routing", "021000021", "not the test bank"),
        ("number", "", "Enter the number of your account"),
        ("number", "000987654321", "not a test account"),
    ] {
        let form = GOOD.map(|(field, good)| (field, if field == name { value } else { good }));
        let answer = send(&seller, &form).await;
        assert_eq!(answer.status, 422, "{name}={value}");
        answer.shows(&[message, "aria-invalid=\"true\"", "autofocus"]);
    }
    let before = stage.kept(id).await;
    assert_eq!((before.profile.onboarded_at, before.bank_accounts.len()), (None, 0));
    assert_eq!(seller.post("/seller/onboarding", &GOOD).await.status, 403, "no token");
    let long = "x".repeat(500);
    assert_eq!(send(&seller, &[("name", &long)]).await.status, 400);
}

#[tokio::test]
async fn a_link_lets_one_browser_in_once_and_for_some_minutes() {
    let stage = Stage::new().await;
    let id = stage.seller("Blue Lamp").await;
    let link = stage.link(id, LinkPurpose::Onboarding).await;
    let first = stage.operator();
    first.get(&link).await;
    let second = stage.operator();
    let again = second.get(&link).await;
    assert_eq!((again.status, again.location()), (303, "https://shop.example/again"));
    assert_eq!(second.get("/seller/onboarding").await.status, 404);
    assert_eq!(first.get("/seller/onboarding").await.status, 200);

    let unknown = second.get("/seller/enter/acl_0000000000000000000000/s3cret").await;
    for wrong in [&link[..link.len() - 1], &format!("{link}x"), "/seller/enter/x/y"] {
        let answer = second.get(wrong).await;
        assert_eq!((answer.status, &answer.body), (404, &unknown.body), "{wrong}");
    }
    let late = stage.link(id, LinkPurpose::Onboarding).await;
    let login = stage.link(id, LinkPurpose::Login).await;
    stage.jump(Span::seconds(601));
    assert_eq!(second.get(&late).await.location(), "https://shop.example/again");
    let over = second.get(&login).await;
    assert_eq!(over.status, 410);
    over.shows(&["This link no longer works"]);
    // Whoever was let in may stay for an hour.
    assert_eq!(first.get("/seller/onboarding").await.status, 200);
    stage.jump(Span::hours(1));
    assert_eq!(first.get("/seller/onboarding").await.status, 404);
}

#[tokio::test]
async fn a_seller_sees_its_own_money_and_nothing_else() {
    let stage = Stage::new().await;
    let (_, orders) = stage.paid().await;
    let (own, other): (&Order, &Order) = (&orders[0], &orders[1]);
    let seller = stage.operator();
    assert_eq!(seller.get("/seller/home").await.status, 404, "nobody was let in");
    let entered = seller.get(&stage.link(own.seller, LinkPurpose::Login).await).await;
    assert_eq!(entered.location(), "/seller/home");
    let home = seller.get("/seller/home").await;
    home.shows(&[&own.id.to_string(), "Blue Lamp", "No payouts yet", "no bank account"]);
    home.hides(&[&other.id.to_string(), "Noura", "<form"]);
    // A login does not open the questions, nor the other way round.
    assert_eq!(seller.get("/seller/onboarding").await.status, 404);
    let asked = stage.operator();
    asked.get(&stage.link(own.seller, LinkPurpose::Update).await).await;
    assert_eq!(asked.get("/seller/home").await.status, 404);
    seller.get("/seller/home?lang=ar").await.shows(&["dir=\"rtl\"", "أموالك"]);
    let sellers: Vec<Seller> = stage.rows(RowKind::Seller).await;
    assert_eq!(sellers.len(), 2);
}
