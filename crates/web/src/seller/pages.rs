//! The templates of a seller's pages.

use super::views::{COUNTRIES, Done, LinkOver, Onboarding, SellerHome};
use crate::page::{Shell, pages};

pages! { Shell;
    /// A link that lets nobody in any more.
    LinkOverPage(LinkOver) = "seller/over.html";
    /// The questions: `GET /seller/onboarding`.
    OnboardingPage(Onboarding) = "seller/onboarding.html";
    /// All is said: `GET /seller/done`.
    OnboardedPage(Done) = "seller/done.html";
    /// The seller's money: `GET /seller/home`.
    SellerHomePage(SellerHome) = "seller/home.html";
}
