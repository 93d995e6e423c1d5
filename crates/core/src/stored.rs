//! How rows are written.

/// Whether a field of a stored row says nothing, and so need not be stored.
pub(crate) fn is_default<T: Default + PartialEq>(value: &T) -> bool {
    *value == T::default()
}
