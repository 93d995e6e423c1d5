//! A platform with objects of every kind, and the ids that it is known by.

use std::collections::{BTreeMap, BTreeSet};

use holdfast_api::{Route, routes};
use serde_json::Value;

use crate::client::{Client, text};
use crate::known::{FORMS, MADE, Made};
use crate::shop::Shop;

/// What one platform, or one of its sellers, has.
pub(crate) struct Population {
    /// Calls for the platform, or in the name of the seller.
    pub(crate) client: Client,
    /// The seller, where it is one's.
    pub(crate) seller: String,
    /// The ids of all objects, sellers and their orders included.
    pub(crate) ids: BTreeSet<String>,
    /// The id that stands in each path that has a `GET`, by the path up to its brace.
    pub(crate) of_path: BTreeMap<String, Vec<String>>,
    /// The names of [`MADE`].
    pub(crate) names: BTreeMap<&'static str, String>,
    sellers: [String; 2],
}

/// Who calls, and how it is shown where something is wrong.
#[derive(Clone)]
pub(crate) struct Caller {
    pub(crate) name: String,
    pub(crate) client: Client,
    /// Whether it has a right to all that its platform has.
    pub(crate) may_all: bool,
    /// Whether it has a right to anything: else the id is never looked at, and one is enough.
    pub(crate) may_any: bool,
}

impl Caller {
    pub(crate) fn of_seller(&self, seller: &str) -> Caller {
        let client = self.client.with("stripe-account", seller);
        let name = format!("{} for a seller", self.name);
        Caller { name, client, may_all: false, may_any: self.may_any }
    }
}

impl Population {
    /// Fills a platform and collects what it has.
    pub(crate) async fn of(shop: &Shop) -> Population {
        shop.make_clock().await;
        let bought = shop.purchase().await;
        for order in &bought.orders {
            shop.client.post(&format!("/v1/orders/{order}/ship"), "").await.ok();
        }
        let mut names = BTreeMap::new();
        names.insert("session", text(&bought.session, "id").to_owned());
        for (at, name) in [(0, "seller0"), (1, "seller1")] {
            names.insert(name, bought.sellers[at].clone());
        }
        for (at, name) in [(0, "order0"), (1, "order1")] {
            names.insert(name, bought.orders[at].clone());
        }
        names.insert("file", upload(shop).await);
        for card in ["createDispute", "createIssuerFraudRecord"] {
            complain(shop, card).await;
        }
        let mut made: BTreeMap<String, Vec<String>> = BTreeMap::new();
        for Made { path, form, seller, name } in MADE {
            if !routes().any(|route| route.method == "POST" && route.path == pattern(path)) {
                continue;
            }
            let seller = names.get(seller).cloned().unwrap_or_default();
            let client = match seller.as_str() {
                "" => shop.client.clone(),
                seller => shop.client.with("stripe-account", seller),
            };
            let answer = client.post(&filled(path, &names), &filled(form, &names)).await;
            assert_eq!(answer.status, 200, "POST {path} {form}: {:#}", answer.json);
            let id = text(&answer.json, "id").to_owned();
            if !path.contains('{') && seller.is_empty() {
                made.entry(format!("{path}/")).or_default().push(id.clone());
            }
            if let Some(charge) = answer.json["latest_charge"].as_str() {
                names.insert("charge", charge.to_owned());
            }
            if !name.is_empty() {
                names.insert(*name, id);
            }
        }
        // Deliveries are known from their first try on.
        tokio::time::sleep(std::time::Duration::from_millis(100)).await;
        let client = shop.client.clone();
        let mut it = Population {
            client,
            seller: String::new(),
            ids: made.values().flatten().filter(|id| is_id(id)).cloned().collect(),
            of_path: made,
            names,
            sellers: bought.sellers,
        };
        it.collect().await;
        // What only its sellers see is the platform's to keep as well.
        for seller in it.sellers.clone() {
            let seller = it.seller(&seller).await;
            it.ids.extend(seller.ids);
            for (path, ids) in seller.of_path {
                it.of_path.entry(path).or_default().extend(ids);
            }
        }
        it
    }

    /// The two sellers, each as the one and as the other.
    pub(crate) async fn sellers_both_ways(&self) -> Vec<(Population, Population)> {
        let mut both = Vec::new();
        let [first, second] = &self.sellers;
        for (own, theirs) in [(first, second), (second, first)] {
            let (mut own, mut theirs) = (self.seller(own).await, self.seller(theirs).await);
            // What both are shown, a payment of both of them, is no secret of either.
            let shared: BTreeSet<String> = own.ids.intersection(&theirs.ids).cloned().collect();
            theirs.ids.retain(|id| !shared.contains(id));
            own.ids.retain(|id| !shared.contains(id));
            theirs.of_path.values_mut().for_each(|ids| ids.retain(|id| !shared.contains(id)));
            both.push((own, theirs));
        }
        both
    }

    async fn seller(&self, seller: &str) -> Population {
        let mut it = Population {
            client: self.client.with("stripe-account", seller),
            seller: seller.to_owned(),
            ids: BTreeSet::from([seller.to_owned()]),
            of_path: BTreeMap::new(),
            names: self.names.clone(),
            sellers: self.sellers.clone(),
        };
        it.collect().await;
        it
    }

    /// The keys of the platform, of every kind.
    pub(crate) async fn callers(&self) -> Vec<Caller> {
        let resources: BTreeSet<&str> = routes().map(|route| route.resource).collect();
        let all = resources.iter().filter(|name| **name != "api_keys");
        let all: String = all.map(|name| format!("&permissions[{name}]=write")).collect();
        let table = [
            ("secret", "kind=secret".to_owned()),
            ("restricted to all", format!("kind=restricted{all}")),
            ("restricted to nothing", "kind=restricted".to_owned()),
            ("publishable", "kind=publishable".to_owned()),
        ];
        let mut callers = Vec::new();
        for (name, form) in table {
            let key = self.client.post("/v1/api_keys", &form).await.ok();
            let bearer = format!("Bearer {}", text(&key, "secret"));
            let client = self.client.with("authorization", &bearer);
            let (may_all, may_any) = (name == "secret", name != "restricted to nothing");
            let caller = Caller { name: name.to_owned(), client, may_all, may_any };
            if self.seller.is_empty() && name != "publishable" {
                callers.push(caller.of_seller(&self.sellers[0]));
            }
            callers.push(caller);
        }
        let client = self.client.with("authorization", "");
        let name = "nobody".to_owned();
        callers.push(Caller { name, client, may_all: false, may_any: false });
        callers
    }

    /// Lists everything that can be listed, and what is under it.
    async fn collect(&mut self) {
        let lists: Vec<Route> = routes().filter(is_list).collect();
        for route in &lists {
            self.list(route.path, route.path).await;
        }
        let known: Vec<(String, Vec<String>)> =
            self.of_path.iter().map(|(path, ids)| (path.clone(), ids.clone())).collect();
        for route in routes().filter(|route| route.method == "GET") {
            let Some((before, after)) = split(route.path) else { continue };
            if after.is_empty() || after.contains('{') {
                continue;
            }
            let found = known.iter().find(|(path, _)| path == before);
            for id in found.map(|(_, ids)| ids.as_slice()).unwrap_or_default() {
                self.list(&format!("{before}{id}{after}"), route.path).await;
            }
        }
        self.pages_of_payment();
    }

    async fn list(&mut self, path: &str, pattern: &str) {
        let answer = self.client.get(&format!("{path}?limit=100")).await;
        let Some(data) = answer.json["data"].as_array() else { return };
        let ids = data.iter().filter_map(|object| object["id"].as_str()).map(str::to_owned);
        let ids: Vec<String> = ids.collect();
        self.ids.extend(ids.iter().filter(|id| is_id(id)).cloned());
        self.of_path.entry(format!("{pattern}/")).or_default().extend(ids);
    }

    /// The pay page of a session has the session's id.
    fn pages_of_payment(&mut self) {
        let sessions = self.of_path.get("/v1/checkout/sessions/").cloned().unwrap_or_default();
        self.of_path.insert("/v1/payment_pages/".to_owned(), sessions);
    }

    /// An id of the platform for the place behind `before`.
    pub(crate) fn id_at(&self, before: &str) -> Option<&String> {
        self.of_path.get(before).and_then(|ids| ids.first())
    }

    /// An id with a prefix.
    pub(crate) fn with_prefix(&self, prefix: &str) -> Option<&String> {
        self.ids.iter().find(|id| prefix_of(id) == prefix)
    }

    /// One id of each kind.
    pub(crate) fn one_of_each(&self) -> Vec<&String> {
        let mut kinds = BTreeMap::new();
        for id in &self.ids {
            kinds.entry(prefix_of(id)).or_insert(id);
        }
        kinds.into_values().collect()
    }

    /// The form that leads to the id in a route's path.
    pub(crate) fn form(&self, route: &Route) -> String {
        let known =
            FORMS.iter().find(|(method, path, _)| *method == route.method && *path == route.path);
        known.map(|(_, _, form)| filled(form, &self.names)).unwrap_or_default()
    }
}

/// Uploads a file, which no plain form does.
async fn upload(shop: &Shop) -> String {
    let client = shop.client.with("content-type", "multipart/form-data; boundary=xYz");
    let form = "--xYz\r\nContent-Disposition: form-data; name=\"purpose\"\r\n\r\n\
        dispute_evidence\r\n--xYz\r\nContent-Disposition: form-data; name=\"file\"; \
        filename=\"MARK.pdf\"\r\n\r\n%PDF-1.7 MARK\r\n--xYz--\r\n";
    text(&client.post("/v1/files", form).await.ok(), "id").to_owned()
}

/// Pays with a card whose holder complains, and waits until that is known.
async fn complain(shop: &Shop, card: &str) {
    let paid = shop.pay(&format!("tok_{card}"), "").await;
    shop.notify(&format!("disputes/{}", text(&paid, "latest_charge"))).await.ok();
    let list = match card {
        "createDispute" => "/v1/disputes",
        _ => "/v1/radar/early_fraud_warnings",
    };
    for _ in 0..400 {
        let found = shop.client.get(list).await.ok();
        if found["data"].as_array().is_some_and(|data| !data.is_empty()) {
            return;
        }
        tokio::time::sleep(std::time::Duration::from_millis(5)).await;
    }
    panic!("nobody complains of {card}");
}

/// Whether a route lists without an id.
fn is_list(route: &Route) -> bool {
    route.method == "GET" && !route.path.contains('{') && !route.path.ends_with("/search")
}

/// A path before and behind its first brace.
pub(crate) fn split(path: &str) -> Option<(&str, &str)> {
    let (before, rest) = path.split_once('{')?;
    let (_, after) = rest.split_once('}')?;
    Some((before, after))
}

/// The path of a route, of one with names: `{id}`, then `{inner}`.
fn pattern(path: &str) -> String {
    let Some((before, after)) = split(path) else { return path.to_owned() };
    match split(after) {
        Some((between, behind)) => format!("{before}{{id}}{between}{{inner}}{behind}"),
        None => format!("{before}{{id}}{after}"),
    }
}

fn filled(form: &str, names: &BTreeMap<&'static str, String>) -> String {
    names.iter().fold(form.to_owned(), |form, (name, id)| form.replace(&format!("{{{name}}}"), id))
}

/// A path with one id in all its places.
pub(crate) fn filled_with(path: &str, id: &str) -> String {
    match split(path) {
        Some((before, after)) => filled_with(&format!("{before}{id}{after}"), id),
        None => path.to_owned(),
    }
}

/// Whether a text is an id: a prefix and 22 letters and digits.
pub(crate) fn is_id(text: &str) -> bool {
    let digits = text.rsplit_once('_').map(|(_, digits)| digits);
    digits.is_some_and(|digits| {
        digits.len() == 22 && digits.bytes().all(|byte| byte.is_ascii_alphanumeric())
    })
}

/// The prefix of an id with its underscore.
pub(crate) fn prefix_of(id: &str) -> &str {
    id.rfind('_').map_or(id, |at| &id[..=at])
}

/// The id of an object that nobody has, of the same kind.
pub(crate) fn nobodys(id: &str) -> String {
    if is_id(id) { format!("{}0000000000000000000000", prefix_of(id)) } else { format!("{id}0") }
}

/// The ids of the objects of a list.
pub(crate) fn listed(list: &Value) -> Vec<String> {
    let data = list["data"].as_array();
    let ids = data.into_iter().flatten().filter_map(|object| object["id"].as_str());
    ids.map(str::to_owned).collect()
}
