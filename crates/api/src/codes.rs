//! The codes of errors that the API itself answers, each with the sentence of the error page.
//!
//! Codes of the domain come from the core's refusals; where the Stripe dialect has a code for the
//! same thing, it is the same word, because clients branch on it.

macro_rules! codes {
    ($($name:ident = $code:literal, $meaning:literal;)*) => {
        $(
            #[doc = $meaning]
            pub const $name: &str = $code;
        )*

        /// Every code of this module with its meaning, for the error page and the reference.
        pub const ALL: &[(&str, &str)] = &[$(($code, $meaning)),*];
    };
}

codes! {
    ACCOUNT_INVALID = "account_invalid",
        "The key has no access to the account in `Stripe-Account`, or there is no such account.";
    ACCOUNT_NOT_APPLICABLE = "account_not_applicable",
        "The operation is the platform's own and cannot be called in a seller's name.";
    ACCOUNT_NOT_EMPTY = "account_not_empty",
        "The account has a balance, or something open that may bring it money, and stays.";
    ACCOUNT_NUMBER_INVALID = "account_number_invalid",
        "The bank account's number is not one of the published test numbers.";
    AMOUNT_DETAILS_ABOVE_AMOUNT = "amount_details_tax_shipping_discount_greater_than_amount",
        "Tax, shipping and discount in `amount_details` are larger than the amount.";
    AMOUNT_DETAILS_AMOUNT_MISMATCH = "amount_details_amount_mismatch",
        "The parts in `amount_details` do not add up to the amount.";
    API_KEY_EXPIRED = "api_key_expired", "The key was rolled or revoked; use the current one.";
    API_KEY_INACTIVE = "api_key_inactive", "The key is revoked or expired; make another one.";
    API_KEY_IN_URL = "api_key_in_url",
        "The address of the request holds an API key, which addresses must never do.";
    API_KEY_ROTATIONS_EXHAUSTED = "api_key_rotations_exhausted",
        "Several replaced keys still count; let them end, or rotate without an overlap.";
    BANK_ACCOUNTS_EXHAUSTED = "bank_accounts_exhausted",
        "The account has as many bank accounts as it may have.";
    BANK_ACCOUNT_IN_USE = "bank_account_in_use",
        "The bank account is the default of the account's own currency and cannot be deleted.";
    CARD_NUMBER_REFUSED = "card_number_refused",
        "The request held a card number or a security code. Cards go to the card zone only.";
    CHARGE_ALREADY_CAPTURED = "charge_already_captured",
        "All that was to be taken of the charge is taken.";
    CONTENT_TYPE_INVALID = "content_type_invalid", "The body is not a form.";
    COUNTRY_UNSUPPORTED = "country_unsupported",
        "There are no bank accounts to pay out to in this country.";
    CURSOR_INVALID = "cursor_invalid", "There is no such object to start the page at.";
    IDEMPOTENCY_KEY_IN_USE = "idempotency_key_in_use",
        "The first request with this idempotency key is still being worked on; repeat it later.";
    IDEMPOTENCY_KEY_INVALID = "idempotency_key_invalid",
        "An idempotency key has 1 to 255 visible ASCII characters.";
    IDEMPOTENCY_KEY_REUSED = "idempotency_key_reused",
        "The idempotency key was used before with another path or other parameters.";
    INTERNAL = "internal_error", "Something failed on the server's side.";
    INVALID_CHARACTERS = "invalid_characters",
        "The text is not UTF-8, is badly percent-encoded, or holds a character that is refused.";
    LINK_EXPIRED = "link_expired", "The address of the file has expired.";
    LIVEMODE_MISMATCH = "livemode_mismatch", "A test key met a live object, or the reverse.";
    LOCK_TIMEOUT = "lock_timeout", "The object is in use by other requests; repeat this one.";
    NOTICE_REFUSED = "notice_refused", "The signature of a processor's notice does not fit it.";
    PARAMETERS_EXCLUSIVE = "parameters_exclusive", "Only one of these parameters may be given.";
    PARAMETERS_TOO_MANY = "parameters_too_many", "The request has more parameters than are read.";
    PARAMETER_CONFLICT = "parameter_conflict",
        "The parameter was given both as a value and as a container of values.";
    PARAMETER_DUPLICATE = "parameter_duplicate", "The parameter was given more than once.";
    PARAMETER_INVALID_ARRAY = "parameter_invalid_array",
        "The parameter must be an array whose indexes count from 0 without a gap.";
    PARAMETER_INVALID_BOOLEAN = "parameter_invalid_boolean",
        "The parameter must be `true` or `false`.";
    PARAMETER_INVALID_EMPTY = "parameter_invalid_empty",
        "An empty value unsets a parameter, and this one cannot be unset.";
    PARAMETER_INVALID_INTEGER = "parameter_invalid_integer",
        "The parameter must be a whole number within its range.";
    PARAMETER_INVALID_OBJECT = "parameter_invalid_object",
        "The parameter must be an object: `name[key]=value`.";
    PARAMETER_INVALID_STRING = "parameter_invalid_string",
        "The parameter must be one text, not an object or an array.";
    PARAMETER_INVALID_TIMESTAMP = "parameter_invalid_timestamp",
        "The parameter must be a time in whole seconds since 1970.";
    PARAMETER_INVALID_VALUE = "parameter_invalid_value",
        "The parameter must be one of the values that the message lists.";
    PARAMETER_MALFORMED = "parameter_malformed", "The brackets of the parameter do not match.";
    PARAMETER_MISSING = "parameter_missing", "A required parameter was not given.";
    PARAMETER_TOO_DEEP = "parameter_too_deep", "The parameter is nested deeper than is read.";
    PARAMETER_TOO_LONG = "parameter_too_long",
        "The name or the value of the parameter is too long.";
    PARAMETER_UNKNOWN = "parameter_unknown", "The operation has no such parameter.";
    PARAMETER_UNSUPPORTED = "parameter_unsupported",
        "The dialect has this parameter, and Holdfast does not do what it asks for.";
    PAYOUT_NOT_REVERSIBLE = "payout_not_reversible",
        "Payouts are not reversed; one that has not left may be canceled.";
    PERMISSION_MISSING = "permission_missing", "The restricted key may not do this.";
    PROPERTY_NOT_EXPANDABLE = "property_not_expandable",
        "The object has no such property to expand.";
    RATE_LIMIT = "rate_limit", "Too many requests with this key; wait a moment and repeat.";
    REQUEST_TOO_LARGE = "request_too_large", "The body of the request is larger than is read.";
    REQUEST_TOO_SLOW = "request_too_slow", "The body of the request did not arrive in time.";
    RESOURCE_ALREADY_EXISTS = "resource_already_exists",
        "There is one with this id, or this name, already.";
    RESOURCE_IN_USE = "resource_in_use", "Other objects need this one, so that it stays.";
    RESOURCE_MISSING = "resource_missing", "There is no such object, or not for this key.";
    ROUTING_NUMBER_INVALID = "routing_number_invalid",
        "The bank's number is not the one of the country's test accounts.";
    SEARCH_QUERY_INVALID = "search_query_invalid", "The query of a search cannot be understood.";
    SECRET_KEY_REQUIRED = "secret_key_required", "A publishable key may not do this.";
    SERVICE_UNAVAILABLE = "service_unavailable",
        "The server cannot take the request now; repeat it with the same idempotency key.";
    STATUS_TRANSITION_INVALID = "status_transition_invalid",
        "The object cannot come into that status from the one it has.";
    VERSION_INVALID = "version_invalid", "The `Stripe-Version` header is not a dated version.";
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_are_unique_and_in_snake_case() {
        let mut seen = std::collections::BTreeSet::new();
        for (code, meaning) in ALL {
            assert!(seen.insert(code), "{code} twice");
            assert!(code.bytes().all(|byte| byte.is_ascii_lowercase() || byte == b'_'), "{code}");
            assert!(meaning.ends_with('.'), "{code}: a sentence");
        }
    }
}
