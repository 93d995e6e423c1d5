//! A seller's own pages.

use holdfast_web::order::status::OrderStatus;
use holdfast_web::seller::pages::{LinkOverPage, OnboardedPage, OnboardingPage, SellerHomePage};
use holdfast_web::seller::views::{
    Done, FormProblem, Given, LinkOver, Onboarding, OwnBalance, OwnBank, OwnOrder, OwnPayout,
    PayoutStatus, Problems, SellerHome, TestAccount,
};
use holdfast_web::texts::Texts;

use super::{NOW, Sample, in_days, sample, shell, usd};

pub fn all(t: &Texts) -> Vec<Sample> {
    let form = |path, v: &Onboarding| sample(path, &OnboardingPage { t, shell: &shell(path), v });
    let plain = shell("/seller/home");
    let done = Done { return_url: Some("https://shop.example/done".to_owned()) };
    vec![
        form("/seller/onboarding", &onboarding()),
        form("/seller/mistakes", &mistakes()),
        sample("/seller/done", &OnboardedPage { t, shell: &plain, v: &done }),
        sample("/seller/over", &LinkOverPage { t, shell: &plain, v: &LinkOver }),
        sample("/seller/home", &SellerHomePage { t, shell: &plain, v: &home() }),
        sample("/seller/nothing", &SellerHomePage { t, shell: &plain, v: &nothing() }),
    ]
}

pub fn onboarding() -> Onboarding {
    Onboarding {
        path: "/seller/onboarding".to_owned(),
        form_token: "f0rm".to_owned(),
        given: Given { country: "US".to_owned(), ..Given::default() },
        problems: Problems::default(),
        last4: None,
        numbers: vec![
            TestAccount {
                country: "country-us",
                routing: Some("110000000"),
                number: "000123456789".to_owned(),
            },
            TestAccount {
                country: "country-de",
                routing: None,
                number: "DE89370400440532013000".to_owned(),
            },
        ],
    }
}

pub fn mistakes() -> Onboarding {
    Onboarding {
        given: Given {
            name: "مصباح".to_owned(),
            country: "DE".to_owned(),
            email: "nobody".to_owned(),
            routing: "1".to_owned(),
            number: "42".to_owned(),
        },
        problems: Problems {
            name: None,
            country: None,
            email: Some(FormProblem::EmailWrong),
            routing: Some(FormProblem::RoutingUnknown),
            number: Some(FormProblem::NumberUnknown),
        },
        last4: Some("6789".to_owned()),
        ..onboarding()
    }
}

pub fn home() -> SellerHome {
    let order =
        |id: &str, status| OwnOrder { id: id.to_owned(), status, total: usd(4_300), created: NOW };
    let payout = |id: &str, status| OwnPayout {
        id: id.to_owned(),
        amount: usd(2_500),
        status,
        arrives_at: in_days(4),
    };
    SellerHome {
        name: "Blue Lamp Studio".to_owned(),
        balances: vec![OwnBalance { held: usd(1_583), available: usd(30_000), paying: usd(2_500) }],
        orders: vec![
            order("ord_1Lamp", OrderStatus::AwaitingShipment),
            order("ord_1Rug", OrderStatus::Completed),
        ],
        payouts: PayoutStatus::ALL.map(|status| payout("po_1Lamp", status)).into(),
        banks: [("6789", false), ("1113", true)]
            .map(|(last4, is_stopped)| OwnBank { last4: last4.to_owned(), is_stopped })
            .into(),
    }
}

pub fn nothing() -> SellerHome {
    let nothing = OwnBalance { held: usd(0), available: usd(0), paying: usd(0) };
    SellerHome {
        balances: vec![nothing],
        orders: Vec::new(),
        payouts: Vec::new(),
        banks: Vec::new(),
        ..home()
    }
}
