//! Where the pages of sellers are.

/// The questions of onboarding.
pub(super) const ONBOARDING: &str = "/seller/onboarding";
/// That they were answered.
pub(super) const DONE: &str = "/seller/done";
/// The seller's money.
pub(super) const HOME: &str = "/seller/home";
