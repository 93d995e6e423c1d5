//! The law of balances, seen through the API only: a balance is the sum of its transactions, and
//! all owners' transactions together are what came in and went out.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use crate::api::Api;

const TRANSACTIONS: &str = "/v1/balance_transactions";
/// The page of a client that pages with patience: the last one of a list is hardly ever full.
const SMALL_PAGE: usize = 17;
/// The largest page.
const PAGE: usize = 100;

/// Minor units by currency.
type Sums = BTreeMap<String, i64>;

/// Everything that the platform and its sellers are told of their balances and does not add up.
/// Nothing may move while it is read.
pub(crate) async fn balances_are_their_transactions(api: &Api) -> Vec<String> {
    let mut statements = vec![Statement::of("the platform", api).await];
    let mut moved = paid_out(api).await;
    for seller in api.all("/v1/accounts", PAGE).await {
        let seller = text(&seller, "id");
        let of_seller = api.of_seller(seller);
        statements.push(Statement::of(seller, &of_seller).await);
        moved.extend(paid_out(&of_seller).await);
    }
    moved.extend(moved_by_others(api, &statements).await);
    problems(&statements, &moved)
}

/// What one owner is told.
#[derive(Clone, Debug)]
struct Statement {
    owner: String,
    balance: Value,
    /// What is kept for a seller's orders. The platform's own transactions count that already.
    held: Vec<Value>,
    /// All transactions with their sources, as they came on large pages.
    transactions: Vec<Value>,
    /// Their ids, as they came on small pages.
    paged: Vec<String>,
}

impl Statement {
    async fn of(owner: &str, api: &Api) -> Statement {
        let of_seller = owner.starts_with("acct_");
        let paged = api.all(TRANSACTIONS, SMALL_PAGE).await;
        Statement {
            owner: owner.to_owned(),
            balance: api.object("/v1/balance").await,
            held: if of_seller { api.all("/v1/held_funds", PAGE).await } else { Vec::new() },
            transactions: api.all(&format!("{TRANSACTIONS}?expand[]=data.source"), PAGE).await,
            paged: paged.iter().map(|it| text(it, "id").to_owned()).collect(),
        }
    }
}

impl Statement {
    /// Whether a source is to stay an id: a release of held funds is read with the held funds, and
    /// what is the platform's is not shown to a seller.
    fn keeps_id(&self, source: &Value) -> bool {
        let Some(id) = source.as_str() else { return false };
        let of_platform = self.owner.starts_with("acct_")
            && ["fee_", "fr_", "re_", "tr_", "trr_"].iter().any(|kind| id.starts_with(kind));
        id.starts_with("hfr_") || of_platform
    }
}

/// The object that a transaction is about.
fn source(transaction: &Value) -> &str {
    let source = &transaction["source"];
    source["id"].as_str().or(source.as_str()).unwrap_or_default()
}

/// What charges, refunds, top-ups and disputes say came in or went out, by their ids.
async fn moved_by_others(api: &Api, statements: &[Statement]) -> BTreeMap<String, i64> {
    let all = statements.iter().flat_map(|statement| &statement.transactions);
    let sources: BTreeSet<&str> = all.map(source).collect();
    let mut moved = BTreeMap::new();
    for charge in api.all("/v1/charges", PAGE).await {
        moved.insert(text(&charge, "id").to_owned(), number(&charge, "amount_captured"));
    }
    for refund in api.all("/v1/refunds", PAGE).await {
        let id = text(&refund, "id");
        // What was only held on the card was never anybody's balance. The platform may have no
        // part in what a seller gives back.
        let is_posted = !refund["balance_transaction"].is_null() || sources.contains(id);
        let is_gone = is_posted && refund["status"] != "failed";
        let amount = if is_gone { -number(&refund, "amount") } else { 0 };
        moved.insert(id.to_owned(), amount);
    }
    for topup in api.all("/v1/topups", PAGE).await {
        let amount = if topup["status"] == "succeeded" { number(&topup, "amount") } else { 0 };
        moved.insert(text(&topup, "id").to_owned(), amount);
    }
    for dispute in api.all("/v1/disputes", PAGE).await {
        let left = if dispute["status"] == "won" { 0 } else { -number(&dispute, "amount") };
        moved.insert(text(&dispute, "id").to_owned(), left);
    }
    moved
}

async fn paid_out(api: &Api) -> BTreeMap<String, i64> {
    let payouts = api.all("/v1/payouts", PAGE).await.into_iter().map(|payout| {
        let came_back = matches!(text(&payout, "status"), "failed" | "canceled");
        let amount = if came_back { 0 } else { -number(&payout, "amount") };
        (text(&payout, "id").to_owned(), amount)
    });
    payouts.collect()
}

fn problems(statements: &[Statement], moved: &BTreeMap<String, i64>) -> Vec<String> {
    let mut found = Vec::new();
    for statement in statements {
        let owner = &statement.owner;
        let of_owner = [each_is_sound(statement), is_the_sum(statement), is_paged_once(statement)];
        found.extend(of_owner.into_iter().flatten().map(|it| format!("{owner}: {it}")));
    }
    found.extend(sources_say_so(statements, moved));
    found
}

/// Each transaction for itself: the net is what is left of the amount, and the source is there.
fn each_is_sound(statement: &Statement) -> Vec<String> {
    let mut found = Vec::new();
    for it in &statement.transactions {
        let (id, fee) = (text(it, "id"), number(it, "fee"));
        if number(it, "net") != number(it, "amount") - fee {
            found.push(format!("{id}: {} less {fee} is not {}", it["amount"], it["net"]));
        }
        let details = it["fee_details"].as_array().into_iter().flatten();
        if details.map(|detail| number(detail, "amount")).sum::<i64>() != fee || fee < 0 {
            found.push(format!("{id}: a fee of {fee} is {}", it["fee_details"]));
        }
        let source = &it["source"];
        let expands = source["id"].is_string() && source["object"].is_string();
        if expands && source["currency"] != it["currency"] {
            found.push(format!("{id}: {} of {source}", it["currency"]));
        }
        if !expands && !statement.keeps_id(source) {
            found.push(format!("{id}: its source does not expand: {source}"));
        }
    }
    found
}

/// The balance is the sum of the nets, and for a seller of what is still held for it.
fn is_the_sum(statement: &Statement) -> Vec<String> {
    let (mut told, mut summed) = (Sums::new(), Sums::new());
    for part in ["available", "pending"] {
        for funds in statement.balance[part].as_array().into_iter().flatten() {
            add(&mut told, funds, "amount");
        }
    }
    statement.transactions.iter().for_each(|it| add(&mut summed, it, "net"));
    statement.held.iter().for_each(|it| add(&mut summed, it, "amount_held"));
    told.retain(|_, sum| *sum != 0);
    summed.retain(|_, sum| *sum != 0);
    let differ = told != summed;
    differ
        .then(|| format!("the balance is {told:?}, the transactions sum to {summed:?}"))
        .into_iter()
        .collect()
}

/// However large the pages, each transaction comes once, and in the same order.
fn is_paged_once(statement: &Statement) -> Vec<String> {
    let mut found = Vec::new();
    let whole: Vec<&str> = statement.transactions.iter().map(|it| text(it, "id")).collect();
    let mut seen = BTreeSet::new();
    let twice = whole.iter().filter(|id| !seen.insert(**id));
    found.extend(twice.map(|id| format!("{id} comes twice")));
    if statement.paged != whole {
        let (small, large) = (statement.paged.len(), whole.len());
        found.push(format!("{small} transactions on small pages are not the {large} on large"));
    }
    found
}

/// What all owners' balances changed by, source by source, is what the source itself says came in
/// or went out; what only went from one owner to another is nothing.
fn sources_say_so(statements: &[Statement], moved: &BTreeMap<String, i64>) -> Vec<String> {
    let mut sums: BTreeMap<&str, i64> = moved.keys().map(|id| (id.as_str(), 0)).collect();
    for it in statements.iter().flat_map(|statement| &statement.transactions) {
        // A seller's fee is the platform's part of the same money: the net says what moved.
        *sums.entry(source(it)).or_default() += number(it, "net");
    }
    let said = |id: &str| moved.get(id).copied().unwrap_or(0);
    let differ = sums.into_iter().filter(|(id, sum)| said(id) != *sum);
    differ.map(|(id, sum)| format!("{id} says {}, the balances {sum}", said(id))).collect()
}

fn add(sums: &mut Sums, object: &Value, name: &str) {
    *sums.entry(text(object, "currency").to_owned()).or_default() += number(object, name);
}

#[track_caller]
fn text<'a>(object: &'a Value, name: &str) -> &'a str {
    object[name].as_str().unwrap_or_else(|| panic!("no {name} in {object}"))
}

#[track_caller]
fn number(object: &Value, name: &str) -> i64 {
    object[name].as_i64().unwrap_or_else(|| panic!("no {name} in {object}"))
}

mod tests;
