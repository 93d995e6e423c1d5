//! Parts that several pages show.

use crate::api::{ApiError, Form, List, Order, OrderLine};
use crate::catalogue::Product;
use crate::pages::{assets, shown};
use crate::shop::Shop;
use crate::texts::{Language, Texts};

/// A product on a shelf or in the basket.
pub(crate) struct ProductView<'a> {
    pub(crate) slug: &'a str,
    pub(crate) name: &'a str,
    pub(crate) seller: &'a str,
    pub(crate) price: String,
    pub(crate) picture: String,
    pub(crate) picture_text: &'a str,
    pub(crate) cards_excluded: bool,
}

/// One seller's order of a purchase.
pub(crate) struct OrderView {
    pub(crate) seller: String,
    pub(crate) status: String,
    /// What was bought, such as `Azulejo mug × 2`.
    pub(crate) lines: Vec<String>,
    pub(crate) total: String,
    /// The buyer's page of the order.
    pub(crate) page: Option<String>,
}

/// Orders asked for per purchase: one per seller of a basket.
const ORDERS_MAX: &str = "100";

impl<'a> ProductView<'a> {
    pub(crate) fn new(shop: &'a Shop, product: &'a Product, language: Language) -> Self {
        let seller = shop.catalogue.seller(&product.seller);
        ProductView {
            slug: &product.slug,
            name: product.name.of(language),
            seller: seller.map_or("", |seller| &seller.name),
            price: shown(Some(shop.catalogue.price(product))),
            picture: assets::address(&product.picture),
            picture_text: product.picture_text.of(language),
            cards_excluded: product.cards_excluded,
        }
    }
}

/// Asks the API for the orders of a checkout session.
pub(crate) async fn orders_of(
    shop: &Shop,
    session: &str,
    language: Language,
) -> Result<Vec<OrderView>, ApiError> {
    let mut query = Form::default();
    query.set(&["checkout_session"], session).set(&["limit"], ORDERS_MAX);
    let orders: List<Order> = shop.api.get("/v1/orders", &query).await?;
    let sellers = shop.seller_accounts().await?;
    let view = |order: &Order| {
        let slug = sellers.slug(&order.seller);
        let seller = slug.and_then(|slug| shop.catalogue.seller(slug));
        OrderView {
            seller: seller.map_or_else(String::new, |seller| seller.name.clone()),
            status: status_text(Texts::of(language), &order.status).to_owned(),
            lines: order.lines.iter().map(line_text).collect(),
            total: shown(order.total()),
            page: order.page().map(str::to_owned),
        }
    };
    Ok(orders.data.iter().map(view).collect())
}

fn line_text(line: &OrderLine) -> String {
    match line.quantity {
        1 => line.description.clone(),
        quantity => format!("{} × {quantity}", line.description),
    }
}

/// A status that a newer API may bring is told in general words.
fn status_text<'a>(texts: &'a Texts, status: &str) -> &'a str {
    let known = texts.find(&format!("order.status.{status}"));
    known.unwrap_or_else(|| texts.say("order.status.unknown"))
}
