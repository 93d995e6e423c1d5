//! The languages of the pages, and which of them a visitor gets.

/// A language that the pages are written in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Language {
    /// English, the language of whoever asks for none of ours.
    English,
    /// Arabic, written from right to left.
    Arabic,
}

/// What a visitor may have said about the language, strongest first.
#[derive(Clone, Copy, Debug, Default)]
pub struct Wishes<'a> {
    /// `?lang=` of the address: a click on the language link.
    pub query: Option<&'a str>,
    /// The cookie that remembers such a click.
    pub cookie: Option<&'a str>,
    /// The locale that the shop gave with the checkout session.
    pub session: Option<&'a str>,
    /// The browser's `Accept-Language` header.
    pub accept: Option<&'a str>,
}

/// The cookie that keeps the language a visitor clicked on.
pub const LANGUAGE_COOKIE: &str = "holdfast_lang";

/// How much of `Accept-Language` is read: browsers send a handful of ranges.
const RANGES_MAX: usize = 20;

impl Language {
    /// All languages, in the order of the language links.
    pub const ALL: [Language; 2] = [Language::English, Language::Arabic];

    /// The tag for `lang` attributes, addresses and cookies.
    pub fn tag(self) -> &'static str {
        match self {
            Language::English => "en",
            Language::Arabic => "ar",
        }
    }

    /// The language's own name, which is the same in all languages.
    pub fn name(self) -> &'static str {
        match self {
            Language::English => "English",
            Language::Arabic => "العربية",
        }
    }

    /// The direction for `dir` attributes: `ltr` or `rtl`.
    pub fn direction(self) -> &'static str {
        match self {
            Language::English => "ltr",
            Language::Arabic => "rtl",
        }
    }

    /// The language of a tag such as `ar`, `ar-EG` or `AR_eg`; `None` when it is none of ours.
    pub fn parse(tag: &str) -> Option<Language> {
        let primary = tag.trim().split(['-', '_']).next()?;
        Language::ALL.into_iter().find(|language| primary.eq_ignore_ascii_case(language.tag()))
    }

    /// The first wish that names a language of ours; English when none does.
    pub fn choose(wishes: Wishes<'_>) -> Language {
        [wishes.query, wishes.cookie, wishes.session]
            .into_iter()
            .flatten()
            .find_map(Language::parse)
            .or_else(|| accepted(wishes.accept?))
            .unwrap_or(Language::English)
    }
}

/// The language of ours with the largest weight; the earlier one when two weigh the same.
fn accepted(header: &str) -> Option<Language> {
    let mut best: Option<(u32, Language)> = None;
    for range in header.split(',').take(RANGES_MAX) {
        let mut parts = range.split(';');
        let Some(language) = parts.next().and_then(Language::parse) else { continue };
        let weight = parts.next().map_or(1_000, weight_in_thousandths);
        if weight > best.map_or(0, |(most, _)| most) {
            best = Some((weight, language));
        }
    }
    best.map(|(_, language)| language)
}

/// `q=0.85` as 850. What cannot be read weighs nothing.
fn weight_in_thousandths(parameter: &str) -> u32 {
    let Some(value) = parameter.trim().strip_prefix("q=") else { return 0 };
    let (whole, decimals) = value.split_once('.').unwrap_or((value, ""));
    if decimals.len() > 3 || !decimals.bytes().all(|byte| byte.is_ascii_digit()) {
        return 0;
    }
    match whole {
        "1" => 1_000,
        "0" => format!("{decimals:0<3}").parse().unwrap_or(0),
        _ => 0,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_strongest_wish_that_names_a_language_wins() {
        use Language::{Arabic, English};
        let none = Wishes::default();
        let table = [
            (none, English),
            (Wishes { query: Some("ar"), cookie: Some("en"), ..none }, Arabic),
            (Wishes { query: Some("fr"), cookie: Some("ar"), ..none }, Arabic),
            (Wishes { session: Some("ar-EG"), accept: Some("en"), ..none }, Arabic),
            (Wishes { session: Some("auto"), accept: Some("ar"), ..none }, Arabic),
            (Wishes { session: Some(""), accept: Some("fr, de;q=0.9"), ..none }, English),
        ];
        for (wishes, expected) in table {
            assert_eq!(Language::choose(wishes), expected, "{wishes:?}");
        }
    }

    #[test]
    fn accept_language_is_read_by_weight() {
        use Language::{Arabic, English};
        let table = [
            ("ar", Some(Arabic)),
            ("en-GB,en;q=0.9,ar;q=0.8", Some(English)),
            ("en;q=0.8, ar-SA;q=0.85", Some(Arabic)),
            ("fr, AR_eg;q=0.1", Some(Arabic)),
            ("ar;q=0, en;q=0.001", Some(English)),
            ("ar;q=0", None),
            ("ar;q=NaN", None),
            ("ar;q=0.99999", None),
            ("*", None),
            ("", None),
            (",;,;q=1,", None),
        ];
        for (header, expected) in table {
            assert_eq!(accepted(header), expected, "{header}");
        }
        let late = format!("{}ar", "fr,".repeat(RANGES_MAX));
        assert_eq!(accepted(&late), None, "only the first ranges are read");
    }
}
