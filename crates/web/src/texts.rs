//! The texts of the pages: one Fluent message file per language, compiled in.

use std::sync::LazyLock;

use fluent_bundle::concurrent::FluentBundle;
use fluent_bundle::{FluentArgs, FluentResource, FluentValue};

use crate::language::Language;

/// The texts of one language. Also formats sums and dates: see [`crate::format`].
pub struct Texts {
    language: Language,
    bundle: FluentBundle<FluentResource>,
}

static ENGLISH: LazyLock<Texts> =
    LazyLock::new(|| Texts::read(Language::English, include_str!("../messages/en.ftl")));
static ARABIC: LazyLock<Texts> =
    LazyLock::new(|| Texts::read(Language::Arabic, include_str!("../messages/ar.ftl")));

impl Texts {
    /// The texts of a language, read once.
    pub fn of(language: Language) -> &'static Texts {
        match language {
            Language::English => &ENGLISH,
            Language::Arabic => &ARABIC,
        }
    }

    /// The language that these texts are in.
    pub fn language(&self) -> Language {
        self.language
    }

    /// The text of `key`; the key itself when there is none, which the tests rule out.
    pub fn get(&self, key: &str) -> String {
        self.format(key, None)
    }

    /// The text of `key` with `value` where the text says `{ $name }`.
    pub fn with(&self, key: &str, name: &str, value: impl TextValue) -> String {
        self.with_all(key, &[(name, &value)])
    }

    /// The text of `key` with several values.
    pub fn with_all(&self, key: &str, values: &[(&str, &dyn TextValue)]) -> String {
        let mut args = FluentArgs::with_capacity(values.len());
        for (name, value) in values {
            args.set(*name, value.text_value());
        }
        self.format(key, Some(&args))
    }

    fn format(&self, key: &str, args: Option<&FluentArgs<'_>>) -> String {
        let Some(pattern) = self.bundle.get_message(key).and_then(|message| message.value()) else {
            tracing::error!(key, language = self.language.tag(), "a page names a text that is not");
            return key.to_owned();
        };
        let mut errors = Vec::new();
        let text = self.bundle.format_pattern(pattern, args, &mut errors).into_owned();
        if !errors.is_empty() {
            tracing::error!(key, language = self.language.tag(), "a text misses a value");
        }
        text
    }

    /// Builds the bundle. What is wrong with a message file is found by the tests below; a
    /// message that cannot be read is left out rather than the page.
    fn read(language: Language, source: &str) -> Texts {
        let resource =
            FluentResource::try_new(source.to_owned()).unwrap_or_else(|(resource, _)| {
                tracing::error!(language = language.tag(), "a message file has mistakes");
                resource
            });
        let locales = language.tag().parse().into_iter().collect();
        let mut bundle = FluentBundle::new_concurrent(locales);
        // The marks that isolate a value from the text around it are needed where the two may run
        // in different directions. In left-to-right text they would only get in the way of
        // whoever searches or copies it.
        bundle.set_use_isolating(language.direction() == "rtl");
        bundle.add_resource_overriding(resource);
        Texts { language, bundle }
    }
}

/// A value for a text: words, or a number that may choose a plural. Templates hand out values and
/// references to them alike, so references count too.
pub trait TextValue {
    /// The value as Fluent takes it.
    fn text_value(&self) -> FluentValue<'_>;
}

impl TextValue for str {
    fn text_value(&self) -> FluentValue<'_> {
        FluentValue::from(self)
    }
}

impl TextValue for String {
    fn text_value(&self) -> FluentValue<'_> {
        FluentValue::from(self.as_str())
    }
}

macro_rules! numbers {
    ($($number:ty)*) => { $(
        impl TextValue for $number {
            fn text_value(&self) -> FluentValue<'_> {
                FluentValue::from(*self)
            }
        }
    )* };
}
numbers! { u32 u64 usize i32 i64 }

impl<V: TextValue + ?Sized> TextValue for &V {
    fn text_value(&self) -> FluentValue<'_> {
        (**self).text_value()
    }
}

impl std::fmt::Debug for Texts {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Texts").field("language", &self.language).finish_non_exhaustive()
    }
}

#[cfg(test)]
#[path = "texts_tests.rs"]
mod tests;
