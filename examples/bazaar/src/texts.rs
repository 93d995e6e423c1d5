//! The shop's words, in the languages of `messages/`.

use std::collections::BTreeMap;
use std::sync::LazyLock;

/// A language that the shop speaks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Language {
    English,
    Arabic,
}

/// The texts of one language: `key = value` lines, where `{name}` is a place to fill.
pub(crate) struct Texts {
    language: Language,
    entries: BTreeMap<&'static str, &'static str>,
}

static ENGLISH: LazyLock<Texts> =
    LazyLock::new(|| Texts::parse(Language::English, include_str!("../messages/en.txt")));
static ARABIC: LazyLock<Texts> =
    LazyLock::new(|| Texts::parse(Language::Arabic, include_str!("../messages/ar.txt")));

/// Entries of an Accept-Language header that are looked at; browsers send fewer than ten.
const ACCEPTED_LANGUAGES_MAX: usize = 20;

impl Texts {
    pub(crate) fn of(language: Language) -> &'static Texts {
        match language {
            Language::English => &ENGLISH,
            Language::Arabic => &ARABIC,
        }
    }

    pub(crate) fn language(&self) -> Language {
        self.language
    }

    /// The text of `key`. A test makes sure that no key of a page is missing; should one be, the
    /// key itself is shown, because a page with an odd word is better than none.
    pub(crate) fn say<'a>(&'a self, key: &'a str) -> &'a str {
        self.find(key).unwrap_or(key)
    }

    pub(crate) fn find(&self, key: &str) -> Option<&'static str> {
        self.entries.get(key).copied()
    }

    /// The text of `key` with `value` in the place `{name}`.
    pub(crate) fn fill(&self, key: &str, name: &str, value: &str) -> String {
        self.say(key).replace(&format!("{{{name}}}"), value)
    }

    /// The text of `key` for `number` things, in the language's plural form.
    pub(crate) fn count(&self, key: &str, number: &u32) -> String {
        let form = self.language.plural(*number);
        self.fill(&format!("{key}.{form}"), "number", &number.to_string())
    }

    fn parse(language: Language, file: &'static str) -> Texts {
        let lines = file.lines().filter(|line| !line.starts_with('#'));
        let entries = lines.filter_map(|line| line.split_once('='));
        let entries = entries.map(|(key, value)| (key.trim(), value.trim())).collect();
        Texts { language, entries }
    }
}

impl Language {
    pub(crate) fn code(self) -> &'static str {
        match self {
            Language::English => "en",
            Language::Arabic => "ar",
        }
    }

    pub(crate) fn direction(self) -> &'static str {
        match self {
            Language::English => "ltr",
            Language::Arabic => "rtl",
        }
    }

    pub(crate) fn other(self) -> Language {
        match self {
            Language::English => Language::Arabic,
            Language::Arabic => Language::English,
        }
    }

    /// The language of a tag such as `ar`, `ar-EG` or `EN_us`; `None` for one the shop does not
    /// speak.
    pub(crate) fn from_tag(tag: &str) -> Option<Language> {
        let primary = tag.trim().split(['-', '_']).next().unwrap_or_default();
        match primary.to_ascii_lowercase().as_str() {
            "en" => Some(Language::English),
            "ar" => Some(Language::Arabic),
            _ => None,
        }
    }

    /// The reader's best-liked language of the shop, by an Accept-Language header.
    pub(crate) fn from_accept_language(header: &str) -> Option<Language> {
        let entries = header.split(',').take(ACCEPTED_LANGUAGES_MAX);
        let liked = entries.filter_map(|entry| {
            let (tag, quality) = entry.split_once(";q=").unwrap_or((entry, "1"));
            Some((thousandths(quality)?, Language::from_tag(tag)?))
        });
        // Of equally liked ones the first counts, which `max_by_key` would not keep.
        liked.filter(|(quality, _)| *quality > 0).fold(None, better).map(|(_, language)| language)
    }

    /// The plural form of CLDR for a whole number.
    fn plural(self, number: u32) -> &'static str {
        match (self, number, number % 100) {
            (Language::English, 1, _) => "one",
            (Language::English, ..) => "other",
            (Language::Arabic, 0, _) => "zero",
            (Language::Arabic, 1, _) => "one",
            (Language::Arabic, 2, _) => "two",
            (Language::Arabic, _, 3..=10) => "few",
            (Language::Arabic, _, 11..=99) => "many",
            (Language::Arabic, ..) => "other",
        }
    }
}

type Liked = (u32, Language);

fn better(best: Option<Liked>, next: Liked) -> Option<Liked> {
    match best {
        Some(best) if best.0 >= next.0 => Some(best),
        _ => Some(next),
    }
}

/// Reads a quality such as `0.8` as 800; a number with up to three decimals, not above 1.
fn thousandths(quality: &str) -> Option<u32> {
    let (whole, part) = quality.trim().split_once('.').unwrap_or((quality.trim(), ""));
    let whole: u32 = whole.parse().ok()?;
    let part: u32 = match part.len() {
        0..=3 => format!("{part:0<3}").parse().ok()?,
        _ => return None,
    };
    let value = whole.checked_mul(1000)?.checked_add(part)?;
    (value <= 1000).then_some(value)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use std::collections::BTreeSet;

    #[test]
    fn the_reader_chooses_the_language() {
        let table = [
            ("", None),
            ("en-GB,en;q=0.9", Some(Language::English)),
            ("ar-EG,ar;q=0.9,en;q=0.8", Some(Language::Arabic)),
            ("fr,de;q=0.9,ar;q=0.2", Some(Language::Arabic)),
            ("en;q=0.3, ar;q=0.7", Some(Language::Arabic)),
            ("en;q=0.5,ar;q=0.5", Some(Language::English)),
            ("ar;q=0, fr", None),
            ("ar;q=2, en;q=x", None),
            ("fr;q=0.9", None),
        ];
        for (header, language) in table {
            assert_eq!(Language::from_accept_language(header), language, "{header}");
        }
    }

    #[test]
    fn numbers_take_their_plural_form() {
        let table = [
            (Language::English, 0, "other"),
            (Language::English, 1, "one"),
            (Language::English, 11, "other"),
            (Language::Arabic, 0, "zero"),
            (Language::Arabic, 1, "one"),
            (Language::Arabic, 2, "two"),
            (Language::Arabic, 7, "few"),
            (Language::Arabic, 11, "many"),
            (Language::Arabic, 99, "many"),
            (Language::Arabic, 100, "other"),
            (Language::Arabic, 103, "few"),
        ];
        for (language, number, form) in table {
            assert_eq!(language.plural(number), form, "{number}");
        }
    }

    #[test]
    fn both_languages_say_the_same_things() {
        let plain = |texts: &Texts| -> BTreeSet<&str> {
            let forms = [".zero", ".one", ".two", ".few", ".many", ".other"];
            let keys = texts.entries.keys();
            keys.map(|key| forms.iter().find_map(|form| key.strip_suffix(form)).unwrap_or(key))
                .collect()
        };
        assert_eq!(plain(&ENGLISH), plain(&ARABIC));
        for (key, english) in &ENGLISH.entries {
            let Some(arabic) = ARABIC.find(key) else { continue };
            // Arabic names one and two things without a figure.
            if key.ends_with(".one") {
                continue;
            }
            assert_eq!(places(english), places(arabic), "{key}");
        }
    }

    #[test]
    fn every_key_that_a_page_names_exists() {
        let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/templates");
        let mut seen = 0;
        for entry in std::fs::read_dir(folder).unwrap() {
            let template = std::fs::read_to_string(entry.unwrap().path()).unwrap();
            for (call, form) in [(".say(\"", ""), (".fill(\"", ""), (".count(\"", ".other")] {
                for rest in template.split(call).skip(1) {
                    let key = format!("{}{form}", rest.split('"').next().unwrap());
                    assert!(ENGLISH.find(&key).is_some(), "{key} has no text");
                    seen += 1;
                }
            }
        }
        assert!(seen > 50, "only {seen} keys were found: has the way of naming them changed?");
    }

    fn places(text: &str) -> BTreeSet<&str> {
        text.split('{').skip(1).filter_map(|rest| rest.split('}').next()).collect()
    }
}
