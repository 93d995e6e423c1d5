//! The first page: all goods and who makes them.

use askama::Template;
use axum::http::StatusCode;
use axum::response::Response;

use crate::pages::Page;
use crate::pages::views::ProductView;
use crate::visit::Visit;

#[derive(Template)]
#[template(path = "catalogue.html")]
struct CataloguePage<'a> {
    page: Page,
    products: Vec<ProductView<'a>>,
    sellers: Vec<SellerView<'a>>,
}

struct SellerView<'a> {
    name: &'a str,
    place: &'a str,
    about: &'a str,
}

/// `GET /`
pub(crate) async fn show(visit: Visit) -> Response {
    let page = visit.page();
    let shop = std::sync::Arc::clone(&visit.shop);
    let language = visit.language;
    let products = shop.catalogue.products.iter();
    let sellers = shop.catalogue.sellers.iter().map(|seller| SellerView {
        name: &seller.name,
        place: seller.place.of(language),
        about: seller.about.of(language),
    });
    let template = CataloguePage {
        page,
        products: products.map(|product| ProductView::new(&shop, product, language)).collect(),
        sellers: sellers.collect(),
    };
    visit.show(StatusCode::OK, &template)
}
