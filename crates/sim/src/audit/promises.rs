//! I3: whatever a client was told to be done is there.

use std::collections::{BTreeMap, BTreeSet};

use holdfast_core::id::{EntryId, EventId};

use super::{Evidence, Findings};

pub(super) fn check(evidence: &Evidence, findings: &mut Findings) {
    let entries: BTreeMap<EntryId, _> = evidence.entries.iter().map(|it| (it.id, it)).collect();
    let events: BTreeMap<EventId, _> = evidence.events.iter().map(|it| (it.id, it)).collect();
    findings
        .same(&entries.len(), &evidence.entries.len(), || "I1: two entries of one id".to_owned());

    let told = evidence.town.history.lock();
    let mut seen = BTreeSet::new();
    for promise in &told.acknowledged {
        let number = promise.operation;
        findings.expect(seen.insert(number), || format!("I6: k{number} was carried out twice"));
        for (key, version) in &promise.rows {
            let found = evidence.versions.get(key);
            let is_there = found.is_some_and(|found| found >= version);
            findings
                .expect(is_there, || format!("I3: k{number} wrote {key:?} {version}: {found:?}"));
        }
        for entry in &promise.entries {
            let same = entries.get(&entry.id).is_some_and(|found| *found == entry);
            findings.expect(same, || format!("I3: k{number} posted {}", entry.id));
        }
        for event in &promise.events {
            let same = events.get(&event.id).is_some_and(|found| *found == event);
            findings.expect(same, || format!("I3: k{number} said {}", event.id));
        }
    }
    for (number, subject) in &told.subjects {
        let is_there = subject.as_ref().is_none_or(|key| evidence.versions.contains_key(key));
        findings.expect(is_there, || format!("I3: k{number} was about {subject:?}"));
    }
}
