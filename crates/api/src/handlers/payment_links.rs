//! `/v1/payment_links`: pages that sell the same things again and again.

use holdfast_core::catalogue::payment_link::{AfterPaying, LinkLine, PaymentLink};
use holdfast_core::catalogue::price::Price;
use holdfast_core::catalogue::product::Product;
use holdfast_core::checkout::{BlockedCards, PageWishes, PaymentTerms};
use holdfast_core::command::{Command, Keep};
use holdfast_core::currency::Currency;
use holdfast_core::event::EventKind;
use holdfast_core::id::PaymentLinkId;
use holdfast_core::key::RowKind;
use holdfast_core::refusal::Refusal;
use holdfast_core::seller::Seller;
use holdfast_engine::query::{PAGE_MAX, RowsQuery};

use crate::error::ApiError;
use crate::expand::Expand;
use crate::fields;
use crate::list::{List, Page};
use crate::metadata::{self, MetadataChange};
use crate::objects::{self, LineItem};
use crate::paging::{self, Narrowed};
use crate::params::{Change, Params};
use crate::pipeline::Answer;
use crate::pipeline::call::Call;
use crate::pipeline::halt::Halt;
use crate::render::{self, checkout_session, payment_link};
use crate::reply::Reply;

use super::card_terms;
use super::catalogue;
use super::prices;
use super::products;
use super::session_page::SaidPage;
use super::session_terms::{self, LINES_MAX, LineAsked, LineSource, kept_price};
use super::shipping_params;

/// The longest text that a closed page says, in characters; as in the dialect.
const MESSAGE_CHARS_MAX: usize = 500;
const OPTIONS: &str = "payment_method_options";

/// `POST /v1/payment_links`.
pub(crate) async fn create(call: Call) -> Answer {
    let (link, lines, expanded) = call.read(|params| {
        refuse(params)?;
        let lines = params.list("line_items", LINES_MAX, LineAsked::take)?.unwrap_or_default();
        if lines.is_empty() {
            return Err(params.missing("line_items"));
        }
        let link = new_link(&call, params)?;
        session_terms::refuse_going_on(&lines, &link.payment, "")?;
        Ok((link, lines, Expanded::take(params)?))
    })?;
    let id = call.made_once::<PaymentLink>(made(&call, link, &lines)).await?;
    let row = call.present::<PaymentLink>(&id).await?;
    Ok(Reply::ok(&shown(&call, &row, expanded).await?))
}

async fn made(
    call: &Call,
    mut link: PaymentLink,
    lines: &[LineAsked],
) -> Result<PaymentLinkId, Halt> {
    sellers_exist(call, &link).await?;
    let (mut keeps, items) = add_lines(call, &mut link, lines).await?;
    let shipping = least_shipping(&link)?;
    session_terms::goes_on_within(&link.payment, items.saturating_add(shipping), "")?;
    keeps.push(catalogue::new(link, EventKind::PaymentLinkCreated));
    call.make::<PaymentLink>(Command::KeepAll(keeps), RowKind::PaymentLink).await
}

/// `GET /v1/payment_links/{id}`.
pub(crate) async fn retrieve(call: Call) -> Answer {
    let expanded = call.read(Expanded::take)?;
    let row = call.named::<PaymentLink>("payment_link").await?;
    Ok(Reply::ok(&shown(&call, &row, expanded).await?))
}

/// `POST /v1/payment_links/{id}`.
pub(crate) async fn update(call: Call) -> Answer {
    let (edits, expanded) =
        call.read(|params| Ok((Edits::take(params)?, Expanded::take(params)?)))?;
    let event = Some(EventKind::PaymentLinkUpdated);
    let row = call.edit::<PaymentLink>("payment_link", event, |row| edits.apply(row)).await?;
    Ok(Reply::ok(&shown(&call, &row, expanded).await?))
}

/// `GET /v1/payment_links`.
pub(crate) async fn list(call: Call) -> Answer {
    let (page, narrowed, expanded) = call.read(|params| {
        let narrowed =
            catalogue::there(Narrowed::all(RowKind::PaymentLink), params.boolean("active")?);
        let expanded = Expand::take(params, |expand| expand.property("data", Expanded::of))?;
        Ok((Page::take(params)?, narrowed, expanded.unwrap_or_default()))
    })?;
    let mut objects = Vec::new();
    for row in paging::rows::<PaymentLink>(&call, &page, narrowed).await? {
        objects.push(shown(&call, &row, expanded).await?);
    }
    Ok(Reply::ok(&page.list(call.path, objects)))
}

/// `GET /v1/payment_links/{id}/line_items`.
pub(crate) async fn line_items(call: Call) -> Answer {
    let (page, expanded) = call.read(|params| {
        let expanded = Expand::take(params, |expand| expand.property("data", of_line))?;
        Ok((Page::take(params)?, expanded.unwrap_or_default()))
    })?;
    let row = call.named::<PaymentLink>("payment_link").await?;
    let lines = lines(&call, &row, expanded).await?;
    let lines = paging::of_whole(&page, lines, |line| line.id.clone())?;
    Ok(Reply::ok(&page.list(&format!("/v1/payment_links/{}/line_items", row.id), lines)))
}

/// What the dialect has and Holdfast does not do.
fn refuse(params: &Params) -> Result<(), ApiError> {
    let why = "it is of recurring prices; a part of one payment is application_fee_amount";
    fields::unsupported(params, &["application_fee_percent"], why)
}

fn new_link(call: &Call, params: &mut Params) -> Result<PaymentLink, ApiError> {
    fields::card_only(params, "payment_method_types")?;
    params.choice("payment_method_collection", &[("always", ())])?;
    let (payment, payment_metadata) =
        session_terms::payment_terms(params, |_| Ok(PaymentTerms::default()))?;
    let going_on = session_terms::going_on(params)?;
    let blocked = params.map(OPTIONS, card_terms::blocked_by_link)?;
    let payment = PaymentTerms {
        blocked: Box::new(blocked.unwrap_or_default()),
        on_behalf_of: going_on.on_behalf_of,
        transfer: going_on.transfer,
        application_fee: going_on.application_fee,
        ..payment
    };
    let options = shipping_params::take(params)?;
    let currency = fields::optional_currency(params, "currency")?;
    let limit = params.map("restrictions", restrictions)?;
    Ok(PaymentLink {
        id: call.api.engine().fresh_id(),
        created: call.api.engine().now(),
        active: true,
        lines: Vec::new(),
        shipping_options: options.unwrap_or_default(),
        // That of the first line, where none is given.
        currency: currency.unwrap_or(Currency::USD),
        inactive_message: params.text("inactive_message", MESSAGE_CHARS_MAX)?,
        after: after(params)?.unwrap_or(AfterPaying::Page { message: None }),
        payment,
        payment_metadata,
        page: SaidPage::take(params)?.applied(PageWishes::default())?,
        sessions_max: limit,
        metadata: metadata::of_new(params)?,
        secret: call.api.secret(),
    })
}

fn after(params: &mut Params) -> Result<Option<AfterPaying>, ApiError> {
    params.map("after_completion", |after| {
        let is_redirect =
            after.required_choice("type", &[("redirect", true), ("hosted_confirmation", false)])?;
        let redirect = after.map("redirect", |redirect| {
            fields::url(redirect, "url")?.ok_or_else(|| redirect.missing("url"))
        })?;
        let message = after
            .map("hosted_confirmation", |page| page.text("custom_message", MESSAGE_CHARS_MAX))?;
        match (is_redirect, redirect, message) {
            (true, Some(url), None) => Ok(AfterPaying::Redirect { url }),
            (true, None, _) => Err(after.missing("redirect")),
            (false, None, message) => Ok(AfterPaying::Page { message: message.flatten() }),
            (true, Some(_), Some(_)) | (false, Some(_), _) => {
                let (first, second) = ("redirect", "hosted_confirmation");
                Err(ApiError::exclusive(&after.spelled(first), &after.spelled(second)))
            }
        }
    })
}

fn restrictions(params: &mut Params) -> Result<u32, ApiError> {
    let limit = params.map("completed_sessions", |sessions| {
        sessions.required_integer("limit", 1..=i64::from(u32::MAX))
    })?;
    let limit = limit.ok_or_else(|| params.missing("completed_sessions"))?;
    // The range above is that of the type.
    Ok(u32::try_from(limit).unwrap_or(u32::MAX))
}

/// Refuses sellers of the payment who are not there.
async fn sellers_exist(call: &Call, link: &PaymentLink) -> Result<(), Halt> {
    for (param, seller) in session_terms::sellers(&link.payment, "") {
        let missing = || ApiError::not_found("account", &seller.to_string()).with_param(&param);
        call.find::<Seller>(&seller).await?.ok_or_else(missing)?;
    }
    Ok(())
}

/// What the cheapest way to ship costs, in minor units.
///
/// # Refusals
/// A way of another currency than the lines.
fn least_shipping(link: &PaymentLink) -> Result<i64, ApiError> {
    let options = &link.shipping_options;
    let other = options.iter().position(|option| option.amount.currency() != link.currency);
    if let Some(index) = other {
        let rate = format!("shipping_options[{index}][shipping_rate_data]");
        let param = format!("{rate}[fixed_amount][currency]");
        let message = "All amounts of a link must be of one currency.";
        return Err(ApiError::param(Refusal::CurrencyMismatch.code(), &param, message));
    }
    Ok(options.iter().map(|option| option.amount.minor()).min().unwrap_or(0))
}

/// Adds the lines to a link. Gives the rows of prices that were given with them, and what all the
/// lines cost, in minor units.
async fn add_lines(
    call: &Call,
    link: &mut PaymentLink,
    lines: &[LineAsked],
) -> Result<(Vec<Keep>, i64), Halt> {
    let mut keeps = Vec::new();
    let mut items = 0_i64;
    for (index, line) in lines.iter().enumerate() {
        let (seller, quantity, source) = line.parts();
        if let Some(seller) = seller {
            let missing = || {
                let param = format!("line_items[{index}][seller]");
                ApiError::not_found("account", &seller.to_string()).with_param(&param)
            };
            call.find::<Seller>(&seller).await?.ok_or_else(missing)?;
        }
        let price = match source {
            LineSource::Price(id, param) => session_terms::price_of(call, id, &param).await?.0,
            LineSource::Of(product, unit, param) => {
                let product = catalogue::of_param::<Product>(call, product, &param).await?;
                inline(&mut keeps, kept_price(call, unit, product.called()))
            }
            LineSource::Data(name, description, unit) => {
                let mut product = products::named(call, name.to_owned());
                product.description = description.map(str::to_owned);
                let called = product.called();
                keeps.push(catalogue::new(product, EventKind::ProductCreated));
                inline(&mut keeps, kept_price(call, unit, called))
            }
        };
        if index == 0 {
            link.currency = price.unit.currency();
        }
        if price.unit.currency() != link.currency {
            let param = format!("line_items[{index}][price]");
            let message = "All amounts of a link must be of one currency.";
            return Err(ApiError::param(Refusal::CurrencyMismatch.code(), &param, message).into());
        }
        items = items.saturating_add(price.unit.minor().saturating_mul(quantity.into()));
        let id = call.api.engine().fresh_id();
        let (adjustable, metadata) = (line.adjustable(), line.metadata().clone());
        let price = price.id;
        link.lines.push(LinkLine { id, price, quantity, adjustable, seller, metadata });
    }
    let named = link.lines.iter().filter(|line| line.seller.is_some()).count();
    if named != 0 && named != link.lines.len() {
        return Err(Halt::Refused(Refusal::SellersMixed));
    }
    Ok((keeps, items))
}

fn inline(keeps: &mut Vec<Keep>, price: Price) -> Price {
    keeps.push(catalogue::new(price.clone(), EventKind::PriceCreated));
    price
}

/// What a request wants changed.
struct Edits {
    active: Option<bool>,
    after: Option<AfterPaying>,
    inactive_message: Change<String>,
    blocked: Change<BlockedCards>,
    limit: Change<u32>,
    metadata: MetadataChange,
    page: SaidPage,
}

impl Edits {
    fn take(params: &mut Params) -> Result<Edits, ApiError> {
        refuse(params)?;
        let why = "a link sells what it was made for; make another one";
        let names = [
            "line_items",
            "payment_intent_data",
            "payment_method_types",
            "transfer_data",
            "application_fee_amount",
            "on_behalf_of",
            "shipping_options",
        ];
        fields::unsupported(params, &names, why)?;
        Ok(Edits {
            active: params.boolean("active")?,
            after: after(params)?,
            inactive_message: params.text_change("inactive_message", MESSAGE_CHARS_MAX)?,
            blocked: params.map_change(OPTIONS, card_terms::blocked_by_link)?,
            limit: params.map_change("restrictions", restrictions)?,
            metadata: MetadataChange::take(params)?,
            page: SaidPage::take(params)?,
        })
    }

    fn apply(&self, row: &mut PaymentLink) -> Result<(), ApiError> {
        row.active = self.active.unwrap_or(row.active);
        if let Some(after) = &self.after {
            row.after.clone_from(after);
        }
        self.inactive_message.apply_to(&mut row.inactive_message);
        match &self.blocked {
            Change::Keep => {}
            Change::Unset => *row.payment.blocked = BlockedCards::default(),
            Change::Set(blocked) => (*row.payment.blocked).clone_from(blocked),
        }
        self.limit.apply_to(&mut row.sessions_max);
        row.metadata = self.metadata.clone().applied(&row.metadata)?;
        row.page = self.page.applied(row.page.clone())?;
        Ok(())
    }
}

/// What an answer about a link expands.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Expanded {
    lines: Option<prices::Expanded>,
}

impl Expanded {
    fn take(params: &mut Params) -> Result<Expanded, ApiError> {
        Expand::take(params, Expanded::of)
    }

    fn of(expand: &mut Expand) -> Result<Expanded, ApiError> {
        let of_list = |list: &mut Expand| Ok(list.property("data", of_line)?.unwrap_or_default());
        Ok(Expanded { lines: expand.property("line_items", of_list)? })
    }
}

/// What is expanded of a line: its price is always there, the price's product may be.
pub(super) fn of_line(expand: &mut Expand) -> Result<prices::Expanded, ApiError> {
    Ok(expand.property("price", prices::Expanded::of)?.unwrap_or_default())
}

/// A link as the caller may see it.
pub(super) async fn shown(
    call: &Call,
    row: &PaymentLink,
    expanded: Expanded,
) -> Result<objects::PaymentLink, Halt> {
    let paid = if row.sessions_max.is_some() { paid(call, row).await? } else { 0 };
    let mut object = payment_link::object(row, call.api.pay_origin(), paid);
    if let Some(expanded) = expanded.lines {
        let url = format!("/v1/payment_links/{}/line_items", row.id);
        object.line_items = Some(List::whole(url, lines(call, row, expanded).await?));
    }
    Ok(object)
}

/// How many of a link's sessions were paid, as far as a page of the store counts.
async fn paid(call: &Call, row: &PaymentLink) -> Result<u32, Halt> {
    let platform = call.api.platform();
    let query = RowsQuery::newest(platform, RowKind::CheckoutSession, PAGE_MAX);
    let query = query.linked(&row.id).in_state("complete");
    let rows = call.api.engine().read().rows(&query).await?;
    Ok(u32::try_from(rows.len()).unwrap_or(u32::MAX))
}

async fn lines(
    call: &Call,
    row: &PaymentLink,
    expanded: prices::Expanded,
) -> Result<Vec<LineItem>, Halt> {
    let mut items = Vec::new();
    for line in &row.lines {
        let price = call.present::<Price>(&line.price).await?;
        let product = call.present::<Product>(&price.product.id).await?;
        let total = render::minor(price.unit.checked_mul(line.quantity));
        let mut item = checkout_session::bare_line(line.id, render::currency(row.currency), total);
        item.description = Some(product.name);
        item.adjustable_quantity = checkout_session::adjustable(line.adjustable);
        item.metadata = line.metadata.clone();
        item.quantity = Some(line.quantity.into());
        item.seller = line.seller.map(|seller| seller.to_string());
        item.price = Some(prices::shown(call, &price, expanded).await?);
        items.push(item);
    }
    Ok(items)
}
