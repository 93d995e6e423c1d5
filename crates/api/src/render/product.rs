//! A product of the catalogue as a `product`.

use holdfast_core::catalogue::product;

use crate::objects::{Expandable, MarketingFeature, PackageDimensions, Product, ProductWord};

use super::LIVEMODE;

/// A product.
pub(crate) fn object(row: &product::Product) -> Product {
    Product {
        id: row.called().to_string(),
        object: ProductWord,
        active: row.active,
        created: row.created.seconds(),
        default_price: row.default_price.map(|price| Expandable::Id(price.to_string())),
        description: row.description.clone(),
        images: row.images.clone(),
        livemode: LIVEMODE,
        marketing_features: row.features.iter().map(|name| feature(name)).collect(),
        metadata: row.metadata.clone(),
        name: row.name.clone(),
        package_dimensions: row.package.map(package),
        shippable: row.shippable,
        statement_descriptor: row.statement_descriptor.clone(),
        tax_code: row.tax_code.clone(),
        tax_details: (),
        kind: if row.is_good { "good" } else { "service" },
        unit_label: row.unit_label.clone(),
        updated: row.updated.seconds(),
        url: row.url.clone(),
    }
}

fn feature(name: &str) -> MarketingFeature {
    MarketingFeature { name: name.to_owned() }
}

fn package(row: product::Package) -> PackageDimensions {
    let product::Package { height, length, weight, width } = row;
    PackageDimensions { height, length, weight, width }
}
