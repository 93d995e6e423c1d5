//! Metadata: a client's own names and texts on an object, with the dialect's limits.

use std::collections::BTreeMap;

use crate::codes;
use crate::error::ApiError;
use crate::params::{Pairs, Params};

/// The metadata of an object.
pub type Metadata = BTreeMap<String, String>;

/// The most names on one object.
pub const KEYS_MAX: usize = 50;
/// The longest name, in characters.
pub const KEY_CHARS_MAX: usize = 40;
/// The longest text, in characters.
pub const VALUE_CHARS_MAX: usize = 500;

/// What a request wants changed: `metadata[k]=v` sets, `metadata[k]=` removes, `metadata=` clears.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct MetadataChange {
    clear: bool,
    given: BTreeMap<String, Option<String>>,
}

impl MetadataChange {
    /// Takes `metadata` out of `params`.
    ///
    /// # Refusals
    /// A name above 40 or a text above 500 characters, or nesting; the count is checked when it
    /// is applied, because what the object has already counts.
    pub fn take(params: &mut Params) -> Result<MetadataChange, ApiError> {
        let mut change = MetadataChange::default();
        match params.pairs("metadata")? {
            None => {}
            Some(Pairs::Cleared) => change.clear = true,
            Some(Pairs::Given(pairs)) => {
                for (key, scalar) in pairs {
                    if key.chars().nth(KEY_CHARS_MAX).is_some() {
                        let must = format!("must have a key of at most {KEY_CHARS_MAX} characters");
                        return Err(scalar.refused(codes::PARAMETER_TOO_LONG, &must));
                    }
                    if scalar.value.chars().nth(VALUE_CHARS_MAX).is_some() {
                        let must = format!("must be at most {VALUE_CHARS_MAX} characters");
                        return Err(scalar.refused(codes::PARAMETER_TOO_LONG, &must));
                    }
                    change.given.insert(key, Some(scalar.value).filter(|value| !value.is_empty()));
                }
            }
        }
        Ok(change)
    }

    /// Whether nothing is to change.
    pub fn is_empty(&self) -> bool {
        !self.clear && self.given.is_empty()
    }

    /// The metadata after the change.
    ///
    /// # Refusals
    /// More than 50 names in the end.
    pub fn applied(self, present: &Metadata) -> Result<Metadata, ApiError> {
        let mut metadata = if self.clear { Metadata::new() } else { present.clone() };
        for (key, value) in self.given {
            match value {
                Some(value) => metadata.insert(key, value),
                None => metadata.remove(&key),
            };
        }
        if metadata.len() > KEYS_MAX {
            let message = format!("Metadata may hold at most {KEYS_MAX} keys.");
            return Err(ApiError::param(codes::PARAMETERS_TOO_MANY, "metadata", message));
        }
        Ok(metadata)
    }
}

/// The metadata of an object that is being made.
pub fn of_new(params: &mut Params) -> Result<Metadata, ApiError> {
    MetadataChange::take(params)?.applied(&Metadata::new())
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Applies a form to `a=1 b=2` and shows what is left, or the code and the parameter.
    fn check(body: &str) -> String {
        let mut params = Params::decode(None, body.as_bytes()).unwrap();
        let present = Metadata::from([("a".into(), "1".into()), ("b".into(), "2".into())]);
        let result = MetadataChange::take(&mut params).and_then(|change| change.applied(&present));
        match result {
            Ok(metadata) => {
                let pairs = metadata.iter().map(|(key, value)| format!("{key}={value}"));
                pairs.collect::<Vec<_>>().join(" ")
            }
            Err(error) => {
                format!("{} {}", error.code().unwrap(), error.param_name().unwrap())
            }
        }
    }

    #[test]
    fn changes_of_metadata() {
        let key = |chars| "é".repeat(chars);
        let long_key = format!("metadata[{}]=x", key(41));
        let longest_key = format!("metadata[{}]=x", key(40));
        let long_value = format!("metadata[c]={}", "é".repeat(501));
        let many: String = (0..49).map(|index| format!("metadata[k{index}]=1&")).collect();
        let table: &[(&str, &str)] = &[
            ("", "a=1 b=2"),
            ("metadata[c]=3", "a=1 b=2 c=3"),
            ("metadata[a]=9", "a=9 b=2"),
            ("metadata[a]=", "b=2"),
            ("metadata[z]=", "a=1 b=2"),
            ("metadata=", ""),
            ("metadata[0]=x", "0=x a=1 b=2"),
            ("metadata[order%20no.]=7", "a=1 b=2 order no.=7"),
            (&longest_key, &format!("a=1 b=2 {}=x", key(40))),
            (&long_key, &format!("parameter_too_long metadata[{}]", key(41))),
            (&long_value, "parameter_too_long metadata[c]"),
            (&many, "parameters_too_many metadata"),
            ("metadata[a][b]=1", "parameter_invalid_string metadata[a]"),
            ("metadata[]=1", "parameter_invalid_object metadata"),
            ("metadata=x", "parameter_invalid_object metadata"),
        ];
        for (body, expected) in table {
            assert_eq!(check(body), *expected, "{body}");
        }
    }

    #[test]
    fn fifty_names_fit() {
        let body: String = (0..50).map(|index| format!("metadata[k{index}]=v&")).collect();
        let mut params = Params::decode(None, body.as_bytes()).unwrap();
        assert_eq!(of_new(&mut params).unwrap().len(), 50);
    }
}
