//! Promotion codes on the pay page: typed, taken away, refused, paid with.

use std::collections::BTreeMap;

use holdfast_core::catalogue::coupon::{Coupon, Duration, Off};
use holdfast_core::catalogue::name::Name;
use holdfast_core::catalogue::promotion_code::{PromotionCode, WORD};
use holdfast_core::command::{Command, Keep};
use holdfast_core::currency::Currency;
use holdfast_core::id::CouponId;
use holdfast_core::key::RowKind;
use holdfast_core::money::{BasisPoints, Money};
use holdfast_core::order::Order;
use holdfast_core::row::Record;

use crate::support::{Stage, path};

/// Keeps a new row.
async fn keep<R: Record>(stage: &Stage, row: R) {
    let keep = Keep { row: row.into_row(), expected: 0, event: None };
    stage.must(Command::Keep(Box::new(keep))).await;
}

async fn coupon(stage: &Stage, points: u16) -> Coupon {
    let coupon = Coupon {
        id: stage.engine.fresh_id::<CouponId>(),
        own_id: None,
        created: stage.engine.now(),
        deleted: false,
        name: Some("Spring sale".to_owned()),
        off: Off::Percent(BasisPoints::new(points).unwrap()),
        duration: Duration::Once,
        applies_to: Vec::new(),
        max_redemptions: None,
        redeem_by: None,
        times_redeemed: 0,
        metadata: BTreeMap::new(),
    };
    keep(stage, coupon.clone()).await;
    coupon
}

/// A code of a coupon, found by its word.
async fn code(stage: &Stage, coupon: &Coupon, word: &str, change: impl FnOnce(&mut PromotionCode)) {
    let mut code = PromotionCode {
        id: stage.engine.fresh_id(),
        created: stage.engine.now(),
        active: true,
        code: word.to_owned(),
        coupon: coupon.called(),
        customer: None,
        expires_at: None,
        max_redemptions: None,
        first_time_only: false,
        minimum: None,
        times_redeemed: 0,
        metadata: BTreeMap::new(),
    };
    change(&mut code);
    let word = PromotionCode::word(&code.code, code.customer);
    let key = Name::key_of(stage.platform, WORD, &word);
    keep(stage, Name { key, created: code.created, target: Some(code.id.to_string()) }).await;
    keep(stage, code).await;
}

#[tokio::test]
async fn a_code_is_typed_taken_away_and_paid_with() {
    let stage = Stage::new().await;
    let spring = coupon(&stage, 1_000).await;
    code(&stage, &spring, "SPRING", |_| {}).await;
    let session = stage.checkout(|create| create.page.allow_codes = Some(true)).await;
    let (buyer, path) = (stage.buyer(), path(&session));
    let (post, pay) = (format!("{path}/code"), format!("{path}/pay"));

    buyer.get(&path).await.shows(&["Promotion code", "maxlength=\"100\"", "$35.00"]);
    // However it is spelled.
    let entered = buyer.submit(&post, &[("code", " spring ")]).await;
    entered.shows(&["Discount", "SPRING", "-$3.00", "$32.00"]).hides(&["id=\"promotion-code\""]);
    let removed = buyer.submit(&post, &[("code", "")]).await;
    removed.shows(&["$35.00", "id=\"promotion-code\""]).hides(&["Discount", "SPRING"]);

    buyer.submit(&post, &[("code", "SPRING")]).await.shows(&["$32.00"]);
    // What was shown before is not charged.
    let early = [("token", "tok_visa"), ("attempt", "first"), ("total", "3500")];
    buyer.submit(&pay, &early).await.shows(&["The total has changed", "$32.00"]);
    assert_eq!(stage.world.charges(), 0);
    let form = [("token", "tok_visa"), ("attempt", "first"), ("total", "3200")];
    let paid = buyer.submit(&pay, &form).await;
    assert_eq!(paid.state(), "paid");
    paid.shows(&["$32.00"]);
    let orders: Vec<Order> = stage.rows(RowKind::Order).await;
    let sums = orders.iter().map(|order| order.discount().unwrap().minor());
    assert_eq!(sums.sum::<i64>(), 300);
    for order in &orders {
        let page = buyer.get(&format!("/o/{}/{}", order.id, order.secret.reveal())).await;
        page.shows(&["Discount"]);
    }
}

#[tokio::test]
async fn codes_that_give_nothing_say_why() {
    let stage = Stage::new().await;
    let (tenth, all) = (coupon(&stage, 1_000).await, coupon(&stage, 10_000).await);
    code(&stage, &tenth, "OVER", |code| code.active = false).await;
    code(&stage, &tenth, "USEDUP", |code| code.max_redemptions = Some(0)).await;
    let least = Some(Money::new(3_001, Currency::USD));
    code(&stage, &tenth, "LARGE", |code| code.minimum = least).await;
    code(&stage, &tenth, "OTHER", |code| code.customer = Some(stage.engine.fresh_id())).await;
    code(&stage, &all, "FREE", |_| {}).await;
    let session = stage.checkout(|create| create.page.allow_codes = Some(true)).await;
    let (buyer, post) = (stage.buyer(), format!("{}/code", path(&session)));
    for (typed, said) in [
        ("NONE", "There is no such promotion code"),
        ("OTHER", "There is no such promotion code"),
        ("OVER", "This promotion code is no longer valid"),
        ("USEDUP", "This promotion code is no longer valid"),
        ("LARGE", "This promotion code is not for what is in the basket"),
    ] {
        let answer = buyer.submit(&post, &[("code", typed)]).await;
        answer.shows(&[said, "You have not been charged.", "$35.00"]);
    }
    // All of the goods may be given away as long as each seller has shipping to be paid for.
    buyer.submit(&post, &[("code", "FREE")]).await.shows(&["$5.00"]);
    let long = "x".repeat(101);
    assert_eq!(buyer.post(&post, &[("code", &long)]).await.status, 400);

    let plain = stage.checkout(|_| {}).await;
    let plain = path(&plain);
    buyer.get(&plain).await.hides(&["Promotion code"]);
    let ignored = buyer.submit(&format!("{plain}/code"), &[("code", "FREE")]).await;
    ignored.shows(&["$35.00"]).hides(&["Discount", "promotion code"]);
}
