//! The references of a finished answer that are wanted whole: each id becomes its object, and so
//! on within that, as deep as `expand[]` goes.

use std::collections::BTreeMap;
use std::pin::Pin;

use holdfast_core::catalogue::coupon::Coupon;
use holdfast_core::catalogue::payment_link::PaymentLink;
use holdfast_core::catalogue::price::Price;
use holdfast_core::catalogue::product::Product;
use holdfast_core::catalogue::promotion_code::PromotionCode;
use holdfast_core::checkout::CheckoutSession;
use holdfast_core::customer::Customer;
use holdfast_core::dispute::Dispute;
use holdfast_core::fee::{ApplicationFee, FeeRefund};
use holdfast_core::file::File;
use holdfast_core::held::HeldFunds;
use holdfast_core::id::{BalanceTransactionId, EntryId, Id, PaymentMethodId, SellerId};
use holdfast_core::order::Order;
use holdfast_core::payment::attempt::Attempt;
use holdfast_core::payment::intent::PaymentIntent;
use holdfast_core::payment::refund::Refund;
use holdfast_core::payment::setup::{SetupAttempt, SetupIntent};
use holdfast_core::payout::{Payout, PayoutOwner};
use holdfast_core::row::Record;
use holdfast_core::seller::Seller;
use holdfast_core::topup::Topup;
use holdfast_core::transfer::{Transfer, TransferReversal};
use serde::Serialize;
use serde_json::Value;

use crate::error::ApiError;
use crate::expand::shape::Shape;
use crate::fields::stored_id;
use crate::pipeline::Answer;
use crate::pipeline::call::Call;
use crate::pipeline::halt::Halt;
use crate::render::{self, shipping_rate};
use crate::reply::Reply;

use super::*;

/// The answer with what its request wants whole, beyond what the handler has done itself.
pub(crate) async fn filled(call: &Call, reply: Reply) -> Answer {
    let wanted = call.given().wanted();
    let paths = wanted.paths();
    let (Some(shape), false) = (wanted.shape(), paths.is_empty()) else { return Ok(reply) };
    let Ok(mut answer) = serde_json::from_slice::<Value>(reply.body()) else { return Ok(reply) };
    let mut filling = Filling { call, found: BTreeMap::new() };
    for path in &paths {
        let names: Vec<&str> = path.split('.').collect();
        filling.fill(&mut answer, &shape, &names).await?;
    }
    Ok(reply.with_body(&answer))
}

/// One answer that is being filled.
struct Filling<'a> {
    call: &'a Call,
    /// What was looked up before: the objects of a list often name the same one.
    found: BTreeMap<String, Option<Value>>,
}

type Filled<'a> = Pin<Box<dyn Future<Output = Result<(), Halt>> + Send + 'a>>;

impl Filling<'_> {
    fn fill<'a>(
        &'a mut self,
        value: &'a mut Value,
        shape: &'a Shape,
        names: &'a [&'a str],
    ) -> Filled<'a> {
        Box::pin(async move {
            if let Some(items) = value.as_array_mut() {
                for item in items {
                    self.fill(item, shape, names).await?;
                }
                return Ok(());
            }
            let Some((name, rest)) = names.split_first() else { return Ok(()) };
            let owner = value["id"].as_str().unwrap_or_default().to_owned();
            let Some(field) = value.get_mut(*name) else { return Ok(()) };
            let shape = shape.field(name);
            if let Some(id) = field.as_str().filter(|_| shape.is_reference())
                && let Some(whole) = self.whole(&shape, id, &owner).await?
            {
                *field = whole;
            }
            self.fill(field, &shape, rest).await
        })
    }

    /// The object of an id; `None` where the caller is not shown it, so that it stays an id.
    async fn whole(&mut self, shape: &Shape, id: &str, owner: &str) -> Result<Option<Value>, Halt> {
        // Two kinds of objects may have the same id where the platform chooses it.
        let known = format!("{} {id}", shape.types().collect::<Vec<_>>().join(" "));
        if let Some(found) = self.found.get(&known) {
            return Ok(found.clone());
        }
        let mut found = None;
        for name in shape.types() {
            found = match self.call.seller {
                None => self.of_platform(name, id, owner).await?,
                Some(seller) => self.of_seller(seller, name, id).await?,
            };
            if found.is_some() {
                break;
            }
        }
        self.found.insert(known, found.clone());
        Ok(found)
    }

    /// What a seller is shown whole: its own. The rest is the platform's, and stays an id.
    async fn of_seller(
        &self,
        seller: SellerId,
        name: &str,
        id: &str,
    ) -> Result<Option<Value>, Halt> {
        let call = self.call;
        match name {
            "BalanceTransaction" => self.transaction(id).await,
            "Account" if id == seller.to_string() => self.account(id).await,
            "Payout" => match self.row::<Payout>(id).await? {
                Some(row) if row.owner == PayoutOwner::Seller(seller) => {
                    json(&render::payout::object(&row))
                }
                Some(_) | None => Ok(None),
            },
            "Order" => match self.row::<Order>(id).await? {
                Some(row) if row.seller == seller => {
                    json(&orders::shown(call, &row, orders::Expanded::default()).await?)
                }
                Some(_) | None => Ok(None),
            },
            "HeldFunds" => match self.row::<HeldFunds>(id).await? {
                Some(row) if row.seller == seller => json(&render::held_funds::object(&row)),
                Some(_) | None => Ok(None),
            },
            _ => Ok(None),
        }
    }

    async fn of_platform(&self, name: &str, id: &str, owner: &str) -> Result<Option<Value>, Halt> {
        match name {
            "Charge" | "PaymentIntent" | "Refund" | "Dispute" | "SetupIntent" | "SetupAttempt"
            | "PaymentMethod" | "Customer" => self.of_payments(name, id).await,
            "BalanceTransaction" | "Transfer" | "TransferReversal" | "ApplicationFee"
            | "FeeRefund" | "Topup" | "Payout" | "Account" | "BankAccount" => {
                self.of_books(name, id, owner).await
            }
            _ => self.of_shop(name, id).await,
        }
    }

    async fn of_payments(&self, name: &str, id: &str) -> Result<Option<Value>, Halt> {
        let call = self.call;
        Ok(match name {
            "Charge" => match self.row::<Attempt>(id).await? {
                Some(row) => json(&charge_shown::shown(call, &row, Default::default()).await?)?,
                None => None,
            },
            "PaymentIntent" => match self.row::<PaymentIntent>(id).await? {
                Some(row) => json(&payment_shown::shown(call, &row, Default::default()).await?)?,
                None => None,
            },
            "Refund" => written(self.row::<Refund>(id).await?, render::refund::object)?,
            "Dispute" => match self.row::<Dispute>(id).await? {
                Some(row) => {
                    let attempt = call.present::<Attempt>(&row.attempt).await?;
                    let now = call.api.engine().now();
                    json(&render::dispute::object(&row, Some(&attempt), now))?
                }
                None => None,
            },
            "SetupIntent" => {
                written(self.row::<SetupIntent>(id).await?, render::setup_intent::object)?
            }
            "SetupAttempt" => match self.row::<SetupAttempt>(id).await? {
                Some(row) => {
                    let of = call.find::<SetupIntent>(&row.setup).await?;
                    json(&render::setup_intent::attempt(&row, of.as_ref()))?
                }
                None => None,
            },
            "PaymentMethod" => match PaymentMethodId::parse(id) {
                Some(id) => written(cards::method(call, id).await?, |object| object.clone())?,
                None => None,
            },
            _ => written(self.row::<Customer>(id).await?, render::customer::any)?,
        })
    }

    async fn of_books(&self, name: &str, id: &str, owner: &str) -> Result<Option<Value>, Halt> {
        let call = self.call;
        Ok(match name {
            "BalanceTransaction" => self.transaction(id).await?,
            "Transfer" => match self.row::<Transfer>(id).await? {
                Some(row) => json(&transfers::shown(call, &row, Default::default()).await?)?,
                None => None,
            },
            "TransferReversal" => {
                written(self.row::<TransferReversal>(id).await?, render::transfer::reversal)?
            }
            "ApplicationFee" => match self.row::<ApplicationFee>(id).await? {
                Some(row) => json(&application_fees::whole(call, &row).await?)?,
                None => None,
            },
            "FeeRefund" => {
                written(self.row::<FeeRefund>(id).await?, render::application_fee::refund)?
            }
            "Topup" => written(self.row::<Topup>(id).await?, render::topup::object)?,
            "Payout" => written(self.row::<Payout>(id).await?, render::payout::object)?,
            "Account" => self.account(id).await?,
            // A bank account is a part of its owner: it is found by the payout that goes there.
            _ => match self.row::<Payout>(owner).await? {
                Some(row) => json(&payouts::bank_account(call, &row).await?)?,
                None => None,
            },
        })
    }

    async fn of_shop(&self, name: &str, id: &str) -> Result<Option<Value>, Halt> {
        let (call, now) = (self.call, self.call.api.engine().now());
        Ok(match name {
            "Product" => {
                written(catalogue::find::<Product>(call, id).await?, render::product::object)?
            }
            "Coupon" => written(catalogue::find::<Coupon>(call, id).await?, |row| {
                render::coupon::object(row, now)
            })?,
            "Price" => written(self.row::<Price>(id).await?, render::price::object)?,
            "PromotionCode" => written(self.row::<PromotionCode>(id).await?, |row| {
                render::promotion_code::object(row, now)
            })?,
            "PaymentLink" => match self.row::<PaymentLink>(id).await? {
                Some(row) => json(&payment_links::shown(call, &row, Default::default()).await?)?,
                None => None,
            },
            "CheckoutSession" => match self.row::<CheckoutSession>(id).await? {
                Some(row) => {
                    json(&checkout_sessions::shown(call, &row, Default::default()).await?)?
                }
                None => None,
            },
            "ShippingRate" => self.shipping_rate(id).await?,
            "File" => written(self.row::<File>(id).await?, |row| {
                render::file::object(row, Some(call.api.origin()))
            })?,
            "Order" => match self.row::<Order>(id).await? {
                Some(row) => json(&orders::shown(call, &row, Default::default()).await?)?,
                None => None,
            },
            "HeldFunds" => written(self.row::<HeldFunds>(id).await?, render::held_funds::object)?,
            _ => None,
        })
    }

    /// A way to ship is a part of its session or of its link.
    async fn shipping_rate(&self, id: &str) -> Result<Option<Value>, Halt> {
        let Some((session, link, index)) = shipping_rate::owners(id) else { return Ok(None) };
        if let Some(row) = self.call.find::<CheckoutSession>(&session).await? {
            let at = index.checked_sub(row.shipping_before.into());
            let option = at.and_then(|at| row.shipping_options.get(at));
            return written(option, |it| shipping_rate::object(row.id, index, row.created, it));
        }
        let Some(row) = self.call.find::<PaymentLink>(&link).await? else { return Ok(None) };
        let option = row.shipping_options.get(index);
        written(option, |it| shipping_rate::object(row.id, index, row.created, it))
    }

    async fn account(&self, id: &str) -> Result<Option<Value>, Halt> {
        if id == accounts::own(self.call).to_string() {
            return json(&render::account::of_platform(&accounts::of_platform(self.call)));
        }
        written(self.row::<Seller>(id).await?, render::account::object)
    }

    async fn transaction(&self, id: &str) -> Result<Option<Value>, Halt> {
        let Some(id) = BalanceTransactionId::parse(id) else { return Ok(None) };
        let entry = EntryId::from_number(id.number());
        written(balance_transactions::of_entry(self.call, entry).await?, |object| object.clone())
    }

    async fn row<R: Record>(&self, id: &str) -> Result<Option<R>, Halt>
    where
        R::Id: Id,
    {
        match R::Id::parse(&stored_id(id)) {
            Some(id) => self.call.find::<R>(&id).await,
            None => Ok(None),
        }
    }
}

fn written<R, T: Serialize>(
    row: Option<R>,
    write: impl FnOnce(&R) -> T,
) -> Result<Option<Value>, Halt> {
    row.map_or(Ok(None), |row| json(&write(&row)))
}

fn json(object: &impl Serialize) -> Result<Option<Value>, Halt> {
    let value = serde_json::to_value(object).map_err(|error| {
        tracing::error!(%error, "an object could not be written as JSON");
        ApiError::internal()
    })?;
    Ok(Some(value).filter(|value| !value.is_null()))
}
