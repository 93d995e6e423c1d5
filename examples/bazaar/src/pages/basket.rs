//! The basket: what is in it, changing it, and the way to the pay page.

use std::ops::RangeInclusive;
use std::sync::Arc;

use askama::Template;
use axum::body::Bytes;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::Response;

use crate::basket::QUANTITY_MAX;
use crate::config::authority;
use crate::fields::Fields;
use crate::pages::views::ProductView;
use crate::pages::{Page, Trouble, shown};
use crate::shop::Shop;
use crate::visit::Visit;

#[derive(Template)]
#[template(path = "basket.html")]
struct BasketPage<'a> {
    page: Page,
    lines: Vec<LineView<'a>>,
    quantities: RangeInclusive<u8>,
    subtotal: String,
    shipping: Vec<ShippingView<'a>>,
    excludes_cards: bool,
    /// The name of what was just put in.
    added: Option<&'a str>,
    /// Something was put in, but the browser did not keep it.
    cookie_refused: bool,
    cancelled: bool,
    /// What the buyer typed, and whether it can be no address.
    email: &'a str,
    email_refused: bool,
}

struct LineView<'a> {
    product: ProductView<'a>,
    quantity: u8,
    total: String,
}

struct ShippingView<'a> {
    name: &'a str,
    duration: &'a str,
    price: String,
}

/// `GET /basket`
pub(crate) async fn show(visit: Visit) -> Response {
    render(visit, StatusCode::OK, None)
}

/// The basket again, after the checkout found that the e-mail address cannot be one.
pub(crate) fn with_bad_email(visit: Visit, email: &str) -> Response {
    render(visit, StatusCode::UNPROCESSABLE_ENTITY, Some(email))
}

/// `POST /basket/add` with `product` and `quantity` (1 where it is missing).
pub(crate) async fn add(mut visit: Visit, body: Bytes) -> Response {
    let shop = Arc::clone(&visit.shop);
    let fields = Fields::from_body(&body).unwrap_or_default();
    let product = fields.find("product").and_then(|slug| shop.catalogue.product(slug));
    let quantity = match fields.find("quantity") {
        None => Some(1),
        Some(_) => fields.number("quantity").filter(|quantity| *quantity > 0),
    };
    let (Some(product), Some(quantity)) = (product, quantity) else {
        return visit.trouble(&Trouble::BadForm);
    };
    visit.basket.add(&product.slug, quantity, &shop.catalogue);
    visit.keep_basket();
    visit.redirect(&format!("/basket?added={}", product.slug))
}

/// `POST /basket/change` with `product` and `quantity`; none takes it out.
pub(crate) async fn change(visit: Visit, body: Bytes) -> Response {
    let fields = Fields::from_body(&body).unwrap_or_default();
    match (fields.find("product"), fields.number("quantity")) {
        (Some(product), Some(quantity)) => set(visit, product, quantity),
        _ => visit.trouble(&Trouble::BadForm),
    }
}

/// `POST /basket/remove` with `product`.
pub(crate) async fn remove(visit: Visit, body: Bytes) -> Response {
    let fields = Fields::from_body(&body).unwrap_or_default();
    match fields.find("product") {
        Some(product) => set(visit, product, 0),
        None => visit.trouble(&Trouble::BadForm),
    }
}

fn set(mut visit: Visit, product: &str, quantity: u8) -> Response {
    visit.basket.set(product, quantity);
    visit.keep_basket();
    visit.redirect("/basket")
}

fn render(visit: Visit, status: StatusCode, bad_email: Option<&str>) -> Response {
    let shop = Arc::clone(&visit.shop);
    let language = visit.language;
    let added = visit.query.find("added").and_then(|slug| shop.catalogue.product(slug));
    let template = BasketPage {
        page: visit.page(),
        lines: lines(&shop, &visit),
        quantities: 1..=QUANTITY_MAX,
        subtotal: shown(visit.basket.subtotal(&shop.catalogue)),
        shipping: shipping(&shop, &visit),
        excludes_cards: visit.basket.excludes_cards(&shop.catalogue),
        added: added.filter(|_| !visit.basket.is_empty()).map(|added| added.name.of(language)),
        cookie_refused: added.is_some() && visit.basket.is_empty(),
        cancelled: visit.query.find("cancelled").is_some() && !visit.basket.is_empty(),
        email: bad_email.unwrap_or_default(),
        email_refused: bad_email.is_some(),
    };
    let mut response = visit.show(status, &template);
    if let Ok(policy) = HeaderValue::try_from(content_policy(&shop)) {
        response.headers_mut().insert(header::CONTENT_SECURITY_POLICY, policy);
    }
    response
}

fn lines<'a>(shop: &'a Shop, visit: &Visit) -> Vec<LineView<'a>> {
    let lines = visit.basket.lines().iter();
    let view = lines.filter_map(|line| {
        let product = shop.catalogue.product(&line.product)?;
        Some(LineView {
            product: ProductView::new(shop, product, visit.language),
            quantity: line.quantity,
            total: shown(shop.catalogue.price(product).times(line.quantity)),
        })
    });
    view.collect()
}

fn shipping<'a>(shop: &'a Shop, visit: &Visit) -> Vec<ShippingView<'a>> {
    let options = shop.catalogue.shipping.iter();
    let view = options.map(|option| ShippingView {
        name: option.name.of(visit.language),
        duration: option.duration.of(visit.language),
        price: shown(Some(shop.catalogue.shipping_price(option))),
    });
    view.collect()
}

/// The checkout form ends on the pay page, and browsers hold a form's redirects to `form-action`
/// too. Only the API's answer tells where the pay page is; so the policy allows any https address,
/// and while the shop itself is not on https, the other ports of its host and of the API's.
fn content_policy(shop: &Shop) -> String {
    let pay_page = if shop.is_secure() {
        "https:".to_owned()
    } else {
        let hosts = [&shop.config.origin, &shop.config.api_url].map(|origin| host(origin));
        format!("https: http://{}:* http://{}:*", hosts[0], hosts[1])
    };
    format!(
        "default-src 'none'; style-src 'self'; img-src 'self'; form-action 'self' {pay_page}; \
         base-uri 'none'; frame-ancestors 'none'"
    )
}

fn host(origin: &str) -> &str {
    let authority = authority(origin);
    match authority.rsplit_once(':') {
        Some((host, port)) if port.bytes().all(|byte| byte.is_ascii_digit()) => host,
        _ => authority,
    }
}
