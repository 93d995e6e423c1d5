//! One value and what it is read as.

use std::ops::RangeInclusive;

use crate::codes;
use crate::error::ApiError;
use crate::form::{Entry, Shape};

/// What was given where the names are the client's own.
pub(crate) enum Pairs {
    /// An empty value: all of them go.
    Cleared,
    /// Names and values.
    Given(Vec<(String, Scalar)>),
}

/// One value with its full name.
pub(crate) struct Scalar {
    pub(crate) name: String,
    pub(crate) value: String,
}

impl Scalar {
    pub(super) fn of(entry: Entry) -> Result<Scalar, ApiError> {
        let name = entry.spelled;
        match entry.shape {
            Shape::Scalar(value) => Ok(Scalar { name, value }),
            Shape::Branch(_) => {
                let message = format!("Invalid string: {name} must be one value.");
                Err(ApiError::param(codes::PARAMETER_INVALID_STRING, &name, message))
            }
        }
    }

    pub(super) fn text(self, chars_max: usize) -> Result<String, ApiError> {
        if self.value.is_empty() {
            return Err(self.refused(codes::PARAMETER_INVALID_EMPTY, "must not be empty"));
        }
        if self.value.chars().nth(chars_max).is_some() {
            let must = format!("must be at most {chars_max} characters");
            return Err(self.refused(codes::PARAMETER_TOO_LONG, &must));
        }
        Ok(self.value)
    }

    pub(super) fn integer(&self, range: &RangeInclusive<i64>) -> Result<i64, ApiError> {
        let digits = self.value.strip_prefix('-').unwrap_or(&self.value);
        // `parse` would also take a plus, and a leading zero that another program reads as octal.
        let plain = digits.bytes().all(|byte| byte.is_ascii_digit())
            && (digits == "0" || !digits.starts_with('0'));
        let number = self.value.parse().ok().filter(|number| plain && range.contains(number));
        number.ok_or_else(|| {
            let (least, most) = (range.start(), range.end());
            let must = format!("must be a whole number from {least} to {most}");
            self.refused(codes::PARAMETER_INVALID_INTEGER, &must)
        })
    }

    pub(super) fn boolean(&self) -> Result<bool, ApiError> {
        match self.value.as_str() {
            "true" => Ok(true),
            "false" => Ok(false),
            _ => Err(self.refused(codes::PARAMETER_INVALID_BOOLEAN, "must be true or false")),
        }
    }

    pub(crate) fn choice<T: Copy>(&self, table: &[(&str, T)]) -> Result<T, ApiError> {
        let row = table.iter().find(|(word, _)| *word == self.value);
        row.map(|(_, meaning)| *meaning).ok_or_else(|| {
            let words: Vec<&str> = table.iter().map(|(word, _)| *word).collect();
            let must = format!("must be one of {}", words.join(", "));
            self.refused(codes::PARAMETER_INVALID_VALUE, &must)
        })
    }

    pub(crate) fn refused(&self, code: &'static str, must: &str) -> ApiError {
        ApiError::param(code, &self.name, format!("Invalid {}: it {must}.", self.name))
    }
}
