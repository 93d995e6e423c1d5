//! The texts of the pages, from one message file per language.

use std::collections::HashMap;
use std::sync::LazyLock;

/// A language of the pages.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) enum Language {
    /// English, left to right.
    English,
    /// Arabic, right to left.
    Arabic,
}

/// The texts of one language.
#[derive(Debug)]
pub(crate) struct Texts {
    texts: HashMap<&'static str, &'static str>,
}

static ENGLISH: LazyLock<Texts> =
    LazyLock::new(|| Texts { texts: read(include_str!("../messages/en.txt")) });
static ARABIC: LazyLock<Texts> =
    LazyLock::new(|| Texts { texts: read(include_str!("../messages/ar.txt")) });

impl Language {
    /// The language that a page is wanted in: what the query says, or else what the browser
    /// prefers, or else English.
    pub(crate) fn wanted(query: Option<&str>, accepted: Option<&str>) -> Language {
        let asked = query.and_then(Language::of_tag);
        asked.or_else(|| accepted.and_then(preferred)).unwrap_or(Language::English)
    }

    /// The tag of BCP 47.
    pub(crate) const fn tag(self) -> &'static str {
        match self {
            Self::English => "en",
            Self::Arabic => "ar",
        }
    }

    /// The direction of writing, as HTML names it.
    pub(crate) const fn direction(self) -> &'static str {
        match self {
            Self::English => "ltr",
            Self::Arabic => "rtl",
        }
    }

    /// The language that the page offers to change to.
    pub(crate) const fn other(self) -> Language {
        match self {
            Self::English => Self::Arabic,
            Self::Arabic => Self::English,
        }
    }

    /// Its texts.
    pub(crate) fn texts(self) -> &'static Texts {
        match self {
            Self::English => &ENGLISH,
            Self::Arabic => &ARABIC,
        }
    }

    /// The language of a tag such as `ar-EG`.
    fn of_tag(tag: &str) -> Option<Language> {
        let primary = tag.split('-').next().unwrap_or("").trim();
        [Self::English, Self::Arabic]
            .into_iter()
            .find(|language| primary.eq_ignore_ascii_case(language.tag()))
    }
}

impl Texts {
    /// The text of a key. A key that is in no file, which a test rules out, is its own text.
    pub(crate) fn say(&self, key: &'static str) -> &'static str {
        self.texts.get(key).copied().unwrap_or(key)
    }

    /// The text of a key with its braces filled in.
    ///
    /// Each value is put between Unicode isolates, so that a Latin name or an amount inside an
    /// Arabic sentence disturbs neither its own order nor the sentence's.
    pub(crate) fn fill(&self, key: &'static str, values: &[(&str, &str)]) -> String {
        let mut text = self.say(key).to_owned();
        for (name, value) in values {
            text = text.replace(&format!("{{{name}}}"), &isolated(value));
        }
        text
    }
}

/// A value with Latin letters, digits or dots runs from left to right; one with letters that run
/// the other way decides for itself.
fn isolated(value: &str) -> String {
    let leftwards =
        |letter: char| matches!(letter, '\u{590}'..='\u{8ff}' | '\u{fb1d}'..='\u{fefc}');
    let begin = if value.chars().any(leftwards) { '\u{2068}' } else { '\u{2066}' };
    format!("{begin}{value}\u{2069}")
}

fn read(file: &'static str) -> HashMap<&'static str, &'static str> {
    let lines = file.lines().filter(|line| !line.starts_with('#'));
    let pairs = lines.filter_map(|line| line.split_once('='));
    pairs.map(|(key, text)| (key.trim(), text.trim())).collect()
}

/// The language of ours with the largest weight in an `Accept-Language` header; the earlier of
/// equals. Weights have at most three decimals and are compared as thousandths.
fn preferred(header: &str) -> Option<Language> {
    let mut best: Option<(u32, Language)> = None;
    // A browser sends a handful; a longer header is somebody's experiment.
    for part in header.split(',').take(20) {
        let (tag, weight) = part.split_once(';').unwrap_or((part, "q=1"));
        let Some(language) = Language::of_tag(tag.trim()) else { continue };
        let weight = thousandths(weight.trim());
        if weight > best.map_or(0, |(best, _)| best) {
            best = Some((weight, language));
        }
    }
    best.map(|(_, language)| language)
}

fn thousandths(weight: &str) -> u32 {
    let Some(number) = weight.strip_prefix("q=") else { return 0 };
    let (whole, decimals) = number.split_once('.').unwrap_or((number, ""));
    let decimals = format!("{decimals:0<3}");
    let whole: u32 = whole.parse().unwrap_or(0);
    let decimals: u32 = decimals.get(..3).and_then(|three| three.parse().ok()).unwrap_or(0);
    whole.min(1) * 1_000 + if whole == 0 { decimals } else { 0 }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;
    use std::path::Path;

    use super::*;

    fn keys(file: &str) -> Vec<&str> {
        let lines = file.lines().filter(|line| !line.starts_with('#') && !line.is_empty());
        lines.map(|line| line.split_once(" = ").unwrap().0).collect()
    }

    fn braces(text: &str) -> BTreeSet<&str> {
        text.split('{').skip(1).map(|rest| rest.split_once('}').unwrap().0).collect()
    }

    #[test]
    fn both_languages_say_the_same_things() {
        let english = keys(include_str!("../messages/en.txt"));
        assert_eq!(english, keys(include_str!("../messages/ar.txt")));
        assert_eq!(english.len(), english.iter().collect::<BTreeSet<_>>().len());
        for key in english {
            let [english, arabic] = [&ENGLISH, &ARABIC].map(|texts| texts.say(key));
            assert!(!english.is_empty() && !arabic.is_empty(), "{key}");
            assert_eq!(braces(english), braces(arabic), "{key}");
        }
    }

    #[test]
    fn every_key_that_a_page_uses_is_there() {
        let root = Path::new(env!("CARGO_MANIFEST_DIR"));
        let mut used = BTreeSet::new();
        for folder in ["templates", "src/pages"] {
            for entry in std::fs::read_dir(root.join(folder)).unwrap() {
                let text = std::fs::read_to_string(entry.unwrap().path()).unwrap();
                for call in ["say(\"", "fill(\"", "text(\""] {
                    let calls = text.split(call).skip(1);
                    used.extend(calls.map(|rest| rest.split_once('"').unwrap().0.to_owned()));
                }
            }
        }
        assert!(used.len() > 50, "{}", used.len());
        for key in used {
            assert!(ENGLISH.texts.contains_key(&*key), "{key}");
        }
    }

    #[test]
    fn the_language_is_asked_for_or_preferred() {
        use Language::{Arabic, English};
        for (query, accepted, expected) in [
            (None, None, English),
            (Some("ar"), Some("en"), Arabic),
            (Some("en"), Some("ar"), English),
            (Some("fr"), Some("ar"), Arabic),
            (None, Some("ar-EG,ar;q=0.9,en;q=0.8"), Arabic),
            (None, Some("en-GB,en;q=0.9,ar;q=0.8"), English),
            (None, Some("fr,ar;q=0.3,en;q=0.7"), English),
            (None, Some("en;q=0.25,ar;q=0.3"), Arabic),
            (None, Some("ar;q=0"), English),
            (None, Some("AR"), Arabic),
            (None, Some("*"), English),
            (None, Some("ar;q=much"), English),
        ] {
            let wanted = Language::wanted(query, accepted);
            assert_eq!(wanted, expected, "{query:?} {accepted:?}");
        }
    }

    #[test]
    fn values_are_isolated_from_the_direction_of_the_sentence() {
        let text = ENGLISH.fill("account.card", &[("brand", "Visa"), ("last4", "4242")]);
        assert_eq!(text, "\u{2066}Visa\u{2069} ending in \u{2066}4242\u{2069}");
        let text = ENGLISH.fill("challenge.lead", &[("issuer", "بنك 2000")]);
        assert_eq!(text, "\u{2068}بنك 2000\u{2069} wants to make sure that it is you.");
        assert_eq!(Language::Arabic.direction(), "rtl");
    }
}
