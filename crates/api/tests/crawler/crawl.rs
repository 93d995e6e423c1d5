//! Calling every route with ids of others, and comparing with what nobody's id is answered.

use std::collections::BTreeSet;
use std::sync::Mutex;

use axum::http::HeaderMap;
use holdfast_api::{Route, routes};

use crate::client::{Answer, Client};
use crate::known::{LINKS, PENDING, REFERENCES};
use crate::population::{
    Caller, Population, filled_with, is_id, listed, nobodys, prefix_of, split,
};

/// One crawl, of an attacker with `own` objects over `theirs`.
pub(crate) struct Crawl<'a> {
    theirs: &'a Population,
    own: &'a Population,
    faults: Mutex<BTreeSet<String>>,
    asked: Mutex<usize>,
}

/// What every object of a population has in its notes.
const MARK: &str = "MARK";

impl<'a> Crawl<'a> {
    pub(crate) fn new(theirs: &'a Population, own: &'a Population) -> Crawl<'a> {
        Crawl { theirs, own, faults: Mutex::default(), asked: Mutex::default() }
    }

    /// Every route with an id in its path, with an id of every kind.
    pub(crate) async fn paths(&self, caller: &Caller) {
        for route in routes() {
            let Some((before, after)) = split(route.path) else { continue };
            let right = self.theirs.id_at(before);
            let is_pending = PENDING.contains(&before);
            if right.is_none() && self.theirs.seller.is_empty() && !is_pending {
                self.fault(format!("{} {}: no id is known for it", route.method, route.path));
            }
            if right.is_some() && is_pending {
                self.fault(format!("{before}: take it off the list of what cannot be made"));
            }
            let mut ids = self.theirs.one_of_each();
            ids.truncate(if caller.may_any { usize::MAX } else { 1 });
            ids.retain(|id| right.is_none_or(|right| prefix_of(id) != prefix_of(right)));
            ids.extend(right);
            for id in ids {
                let leads = right == Some(id) && caller.may_all;
                for rest in self.rests(&route, before, after, id) {
                    let path = |id: &str| format!("{before}{id}{rest}");
                    self.compare(caller, &route, (&path(id), &path(&nobodys(id))), (id, leads))
                        .await;
                }
            }
            self.inner(caller, &route, before, after).await;
        }
    }

    /// What may stand behind the first id: as it is, or with the owner's id in a second brace.
    fn rests(&self, route: &Route, before: &str, after: &str, id: &str) -> Vec<String> {
        let Some((between, behind)) = split(after) else { return vec![after.to_owned()] };
        let inner = self.theirs.id_at(&format!("{}{between}", &route.path[..before.len() + 4]));
        let inner = inner.cloned().unwrap_or_else(|| nobodys(id));
        vec![format!("{between}{inner}{behind}")]
    }

    /// The own id in the first brace, and another's in the second.
    async fn inner(&self, caller: &Caller, route: &Route, before: &str, after: &str) {
        let Some((between, behind)) = split(after) else { return };
        let Some(own) = self.own.id_at(before) else { return };
        for id in self.theirs.one_of_each().into_iter().filter(|_| caller.may_any) {
            let path = |id: &str| format!("{before}{own}{between}{id}{behind}");
            self.compare(caller, route, (&path(id), &path(&nobodys(id))), (id, false)).await;
        }
    }

    /// Ids in parameters: cursors and links of lists, and those of forms.
    pub(crate) async fn references(&self, caller: &Caller) {
        let lists = |route: &Route| route.method == "GET" && !route.path.contains('{');
        for route in routes().filter(lists).filter(|_| caller.may_any) {
            for (name, prefix) in LINKS {
                let Some(id) = self.theirs.with_prefix(prefix) else { continue };
                self.query(caller, &route, name, id).await;
            }
            for id in self.theirs.one_of_each() {
                for name in ["starting_after", "ending_before"] {
                    self.query(caller, &route, name, id).await;
                }
            }
        }
        for (method, path, form) in REFERENCES {
            let Some(route) = routes().find(|route| (route.method, route.path) == (*method, *path))
            else {
                continue;
            };
            let prefix = form.split_once('{').and_then(|(_, rest)| rest.split_once('}'));
            let prefix = prefix.map(|(prefix, _)| prefix).unwrap_or_default();
            let Some(id) = self.theirs.with_prefix(prefix) else { continue };
            let own = split(path).and_then(|(before, _)| self.own.id_at(before));
            let path = path.replace("{id}", own.map_or("", String::as_str));
            let form = |id: &str| form.replace(&format!("{{{prefix}}}"), id);
            let foreign = caller.client.sent(method, &path, &form(id)).await;
            let missing = caller.client.sent(method, &path, &form(&nobodys(id))).await;
            self.judge(caller, &route, id, [&foreign, &missing]);
            if caller.may_all && ![400, 404].contains(&foreign.status) {
                let what = format!("{method} {path} {}: {}", form(id), foreign.status);
                self.fault(format!("a reference was taken: {what}"));
            }
        }
    }

    async fn query(&self, caller: &Caller, route: &Route, name: &str, id: &str) {
        let path = |id: &str| format!("{}?{name}={id}", route.path);
        self.compare(caller, route, (&path(id), &path(&nobodys(id))), (id, false)).await;
    }

    /// No list shows an object of the other's.
    pub(crate) async fn lists(&self, client: &Client) {
        for route in routes().filter(|route| route.method == "GET" && !route.path.contains('{')) {
            let answer = client.get(&format!("{}?limit=100", route.path)).await;
            for id in listed(&answer.json) {
                if self.theirs.ids.contains(&id) {
                    self.fault(format!("{} lists {id}", route.path));
                }
            }
        }
    }

    /// The other's sellers are nobody's in `Stripe-Account`, on every route.
    pub(crate) async fn accounts(&self, client: &Client) {
        let Some(seller) = self.theirs.with_prefix("acct_") else { return };
        for route in routes() {
            let path = filled_with(route.path, &nobodys(seller));
            let named = |id: &str| client.with("stripe-account", id);
            let foreign = named(seller).sent(route.method, &path, "").await;
            let missing = named(&nobodys(seller)).sent(route.method, &path, "").await;
            let name = "another's account".to_owned();
            let client = client.clone();
            let caller = Caller { name, client, may_all: false, may_any: true };
            self.judge(&caller, &route, seller, [&foreign, &missing]);
            if foreign.status != 403 {
                self.fault(format!("{} {} took another's account", route.method, route.path));
            }
        }
    }

    /// Asks with the other's id and with nobody's. Where the caller may do everything and the id
    /// is of the right kind, the answer must be that there is no such object.
    async fn compare(
        &self,
        caller: &Caller,
        route: &Route,
        (theirs, nobodys): (&str, &str),
        (id, leads): (&str, bool),
    ) {
        let form = self.own.form(route);
        let foreign = caller.client.sent(route.method, theirs, &form).await;
        let missing = caller.client.sent(route.method, nobodys, &form).await;
        self.judge(caller, route, id, [&foreign, &missing]);
        if leads && foreign.status != 404 {
            let told = foreign.error();
            let what = "the request does not lead to the id: tell the crawler a form in FORMS";
            self.fault(format!("{} {}: {told}: {what}", route.method, route.path));
        }
        if caller.name == "publishable" {
            let secret = format!("client_secret={id}_secret_x");
            let form = if route.method == "GET" { "" } else { secret.as_str() };
            let asked = |path: &str| match route.method {
                "GET" if !path.contains('?') => format!("{path}?{secret}"),
                _ => path.to_owned(),
            };
            let foreign = caller.client.sent(route.method, &asked(theirs), form).await;
            let missing = caller.client.sent(route.method, &asked(nobodys), form).await;
            self.judge(caller, route, id, [&foreign, &missing]);
        }
    }

    fn judge(&self, caller: &Caller, route: &Route, id: &str, answers: [&Answer; 2]) {
        let [foreign, missing] = answers;
        *self.asked.lock().unwrap() += 1;
        let none = nobodys(id);
        let what = format!("{} {} by {} with {id}", route.method, route.path, caller.name);
        let told = String::from_utf8_lossy(&foreign.bytes).replace(id, &none);
        let expected = String::from_utf8_lossy(&missing.bytes);
        if told != expected || foreign.status != missing.status {
            self.fault(format!("{what}: {told}\n  and nobody's: {expected}"));
        }
        if names(&foreign.headers) != names(&missing.headers) {
            self.fault(format!("{what}: other headers"));
        }
        if foreign.status >= 500 {
            self.fault(format!("{what}: {}", foreign.status));
        }
        let others = self.theirs.ids.iter().filter(|other| *other != id && is_id(other));
        if let Some(other) = others.into_iter().find(|other| told.contains(other.as_str())) {
            self.fault(format!("{what} told {other}"));
        }
        if foreign.status != 200 && told.contains(MARK) {
            self.fault(format!("{what} told a note"));
        }
    }

    fn fault(&self, what: String) {
        self.faults.lock().unwrap().insert(what);
    }

    /// Ends the crawl.
    pub(crate) fn check(&self) {
        let faults = self.faults.lock().unwrap();
        let shown: Vec<&String> = faults.iter().take(20).collect();
        assert!(faults.is_empty(), "{} faults, the first: {shown:#?}", faults.len());
        let asked = *self.asked.lock().unwrap();
        assert!(asked > 1_000, "only {asked} questions were asked");
    }
}

/// The headers of an answer, but for the name of the request.
fn names(headers: &HeaderMap) -> HeaderMap {
    let mut headers = headers.clone();
    headers.remove("request-id");
    headers
}
