//! The buyer's receipt.

use holdfast_web::pay::views::Line;
use holdfast_web::receipt::pages::ReceiptPage;
use holdfast_web::receipt::views::{
    Account, Bill, BillGroup, Receipt, ReceiptState, Return, ReturnKind,
};
use holdfast_web::texts::Texts;

use super::buyers::{card, line, summary};
use super::{NOW, Sample, days_ago, in_days, sample, shell, usd};

pub const PATH: &str = "/r/ch_1Basket/k3Qz";

pub fn all(t: &Texts) -> Vec<Sample> {
    let page = |path, v: &Receipt| sample(path, &ReceiptPage { t, shell: &shell(PATH), v });
    vec![
        page("/receipt/authorized", &authorized()),
        page("/receipt/partly-paid", &partly_paid()),
        page("/receipt/paid", &paid()),
        page("/receipt/partly-refunded", &partly_refunded()),
        page("/receipt/refunded", &refunded()),
        page("/receipt/released", &released()),
        page("/receipt/plain", &plain()),
        page("/receipt/made-up", &made_up()),
        page("/receipt/long", &long()),
    ]
}

pub fn paid() -> Receipt {
    Receipt {
        number: "ch_02ywwkvI7PQZEYlPnyMKvl".to_owned(),
        reference: "pi_02ywwkvI7PQZEYlPnyMKvk".to_owned(),
        state: ReceiptState::Paid,
        sum: usd(4_870),
        at: days_ago(3),
        card: Some(card()),
        descriptor: "BAZAAR* LAMPS".to_owned(),
        seller: None,
        description: None,
        bill: Some(bill()),
        account: None,
        returns: Vec::new(),
        has_more_returns: false,
    }
}

/// The basket of the pay page, an order for each seller.
fn bill() -> Bill {
    let summary = summary();
    let orders = ["ord_02ywwkvI7PQZEYlPnyMKvm", "ord_02ywwkvI7PQZEYlPnyMKvn"];
    let groups = summary.sellers.into_iter().zip(orders).map(|(group, order)| BillGroup {
        seller: group.seller,
        order: Some(order.to_owned()),
        lines: group.lines,
    });
    Bill {
        groups: groups.collect(),
        parts: vec![("items", usd(4_370)), ("shipping", usd(500))],
        total: usd(4_870),
    }
}

pub fn authorized() -> Receipt {
    let account = Account { moves: vec![("receipt-held", usd(4_870))], net: usd(0) };
    Receipt { state: ReceiptState::Authorized, account: Some(account), ..paid() }
}

pub fn partly_paid() -> Receipt {
    let account = Account {
        moves: vec![("receipt-held", usd(1_583)), ("receipt-charged", usd(3_287))],
        net: usd(3_287),
    };
    let state = ReceiptState::PartlyPaid;
    Receipt { state, sum: usd(3_287), account: Some(account), ..paid() }
}

pub fn partly_refunded() -> Receipt {
    let account = Account {
        moves: vec![("receipt-charged", usd(4_870)), ("receipt-given-back", usd(-1_420))],
        net: usd(3_450),
    };
    Receipt {
        state: ReceiptState::PartlyRefunded,
        account: Some(account),
        returns: vec![
            Return { kind: ReturnKind::Refunded, at: days_ago(1), amount: usd(710) },
            Return { kind: ReturnKind::Refunding, at: NOW, amount: usd(710) },
        ],
        ..paid()
    }
}

pub fn refunded() -> Receipt {
    let account = Account {
        moves: vec![
            ("receipt-let-go", usd(1_583)),
            ("receipt-charged", usd(3_287)),
            ("receipt-given-back", usd(-3_287)),
        ],
        net: usd(0),
    };
    Receipt {
        state: ReceiptState::Refunded,
        sum: usd(3_287),
        account: Some(account),
        returns: vec![
            Return { kind: ReturnKind::Released, at: days_ago(2), amount: usd(1_583) },
            Return { kind: ReturnKind::Refunded, at: days_ago(1), amount: usd(3_287) },
        ],
        ..paid()
    }
}

pub fn released() -> Receipt {
    let account = Account { moves: vec![("receipt-let-go", usd(4_870))], net: usd(0) };
    let kind = ReturnKind::Released;
    Receipt {
        state: ReceiptState::Released,
        account: Some(account),
        returns: vec![Return { kind, at: in_days(7), amount: usd(4_870) }],
        ..paid()
    }
}

/// A payment of which the shop said next to nothing, in the name of a seller.
pub fn plain() -> Receipt {
    Receipt {
        bill: None,
        card: None,
        seller: Some("Blue Lamp Studio".to_owned()),
        description: Some("Repair of a lamp <script>alert(1)</script>".to_owned()),
        ..paid()
    }
}

/// A payment without a session, whose sum the shop has made up itself.
pub fn made_up() -> Receipt {
    let group = BillGroup { seller: None, order: None, lines: vec![line("Brass lamp", 2, 2_000)] };
    let bill = Bill {
        groups: vec![group],
        parts: vec![
            ("items", usd(4_000)),
            ("discount", usd(-400)),
            ("shipping", usd(500)),
            ("tax", usd(770)),
        ],
        total: usd(4_870),
    };
    Receipt { bill: Some(bill), ..paid() }
}

/// What a receipt must bear: names without a space, large sums, many refunds.
pub fn long() -> Receipt {
    let name = "Extraordinarilylongproductnamewithoutanyspaceatalltobreakitinto";
    let lines: Vec<Line> = (1..=12).map(|n| line(&format!("{name}{n}"), 99, 12_345_678)).collect();
    let sum = usd(12 * 99 * 12_345_678);
    let group = BillGroup { seller: Some(name.to_owned()), order: None, lines };
    let refund = Return { kind: ReturnKind::Refunded, at: NOW, amount: usd(1_234_567_890) };
    Receipt {
        bill: Some(Bill { groups: vec![group], parts: vec![("items", sum)], total: sum }),
        sum,
        returns: vec![refund; 30],
        has_more_returns: true,
        ..partly_refunded()
    }
}
