//! One product.

use std::ops::RangeInclusive;
use std::sync::Arc;

use askama::Template;
use axum::extract::Path;
use axum::http::StatusCode;
use axum::response::Response;

use crate::basket::QUANTITY_MAX;
use crate::pages::views::ProductView;
use crate::pages::{Page, Trouble};
use crate::visit::Visit;

#[derive(Template)]
#[template(path = "product.html")]
struct ProductPage<'a> {
    page: Page,
    product: ProductView<'a>,
    description: &'a str,
    place: &'a str,
    about: &'a str,
    quantities: RangeInclusive<u8>,
    /// Other goods of the same seller.
    others: Vec<ProductView<'a>>,
}

/// Goods shown below, so that they fill one row on a wide screen.
const OTHERS_MAX: usize = 4;

/// `GET /products/{slug}`
pub(crate) async fn show(visit: Visit, Path(slug): Path<String>) -> Response {
    let shop = Arc::clone(&visit.shop);
    let language = visit.language;
    let Some(product) = shop.catalogue.product(&slug) else {
        return visit.trouble(&Trouble::NotFound);
    };
    let Some(seller) = shop.catalogue.seller(&product.seller) else {
        return visit.trouble(&Trouble::NotFound);
    };
    let all = shop.catalogue.products.iter();
    let others = all.filter(|other| other.seller == product.seller && other.slug != slug);
    let template = ProductPage {
        page: visit.page(),
        product: ProductView::new(&shop, product, language),
        description: product.description.of(language),
        place: seller.place.of(language),
        about: seller.about.of(language),
        quantities: 1..=QUANTITY_MAX,
        others: others
            .take(OTHERS_MAX)
            .map(|other| ProductView::new(&shop, other, language))
            .collect(),
    };
    visit.show(StatusCode::OK, &template)
}
