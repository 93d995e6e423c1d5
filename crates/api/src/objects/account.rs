//! `account`: a seller.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::Serialize;

use super::{
    AccountCompany, AccountSettings, Address, BankAccount, List, Metadata, Null, Person,
    TosAcceptance,
};

object_words! {
    /// `account`
    AccountWord = "account";
}

/// A seller.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
pub struct Account {
    /// `acct_...`
    pub id: String,
    /// `account`
    pub object: AccountWord,
    /// How it shows itself to buyers.
    pub business_profile: BusinessProfile,
    /// `individual`, `company`, `non_profit`, `government_entity`.
    pub business_type: Option<String>,
    /// What it may do, by name: `active`, `inactive` or `pending`.
    pub capabilities: BTreeMap<String, &'static str>,
    /// Whether it may sell.
    pub charges_enabled: bool,
    /// The company behind it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub company: Option<AccountCompany>,
    /// Who runs it.
    pub controller: Controller,
    /// Two letters (ISO 3166-1).
    pub country: String,
    /// When it was made.
    pub created: i64,
    /// Three small letters.
    pub default_currency: String,
    /// Whether it has said all that is asked.
    pub details_submitted: bool,
    /// Where the platform reaches it.
    pub email: Option<String>,
    /// Its bank accounts.
    pub external_accounts: List<BankAccount>,
    /// What will be asked later.
    pub future_requirements: Requirements,
    /// The person behind it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub individual: Option<Person>,
    /// The platform's own names and texts.
    pub metadata: Metadata,
    /// Whether it may be paid out.
    pub payouts_enabled: bool,
    /// What is still asked of it.
    pub requirements: Requirements,
    /// What the platform has set for it.
    pub settings: AccountSettings,
    /// Its word to the terms.
    pub tos_acceptance: TosAcceptance,
    /// `standard`, `express`, `custom` or `none`.
    #[serde(rename = "type")]
    pub kind: &'static str,
}

/// How a seller shows itself to buyers.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, JsonSchema)]
pub struct BusinessProfile {
    /// Merchant category code, four digits (ISO 18245).
    pub mcc: Option<String>,
    /// Not asked for.
    pub minority_owned_business_designation: Null,
    /// Its name.
    pub name: Option<String>,
    /// What it sells.
    pub product_description: Option<String>,
    /// Not asked for.
    pub specified_commercial_transactions_act_url: Null,
    /// Where buyers may write.
    pub support_address: Option<Address>,
    /// Where buyers may write.
    pub support_email: Option<String>,
    /// Where buyers may call.
    pub support_phone: Option<String>,
    /// Where buyers find help.
    pub support_url: Option<String>,
    /// Its own site.
    pub url: Option<String>,
}

/// Who runs a seller's account. Here that is always the platform.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Controller {
    /// Who pays the processor's fees.
    pub fees: ControllerFees,
    is_controller: AlwaysTrue,
    /// Who bears losses.
    pub losses: ControllerLosses,
    requirement_collection: ApplicationWord,
    /// What pages of the processor it sees.
    pub stripe_dashboard: ControllerDashboard,
    #[serde(rename = "type")]
    kind: ApplicationWord,
}

object_words! {
    /// `application`: the platform.
    ApplicationWord = "application";
    /// `none`
    NoneWord = "none";
}

/// `true`
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct AlwaysTrue;

impl Serialize for AlwaysTrue {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_bool(true)
    }
}

impl JsonSchema for AlwaysTrue {
    fn inline_schema() -> bool {
        true
    }

    fn schema_name() -> std::borrow::Cow<'static, str> {
        "AlwaysTrue".into()
    }

    fn json_schema(_: &mut schemars::SchemaGenerator) -> schemars::Schema {
        schemars::json_schema!({ "type": "boolean", "const": true })
    }
}

/// Who pays the processor's fees: the platform.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, JsonSchema)]
pub struct ControllerFees {
    payer: ApplicationWord,
}

/// Who bears losses: the platform.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, JsonSchema)]
pub struct ControllerLosses {
    payments: ApplicationWord,
}

/// What pages of the processor a seller sees: none.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, JsonSchema)]
pub struct ControllerDashboard {
    #[serde(rename = "type")]
    kind: NoneWord,
}

/// What is still asked of a seller. `Default` asks nothing.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Requirements {
    /// Other ways to satisfy it; there are none.
    pub alternatives: Vec<Null>,
    /// When it must have been said.
    pub current_deadline: Option<i64>,
    /// What is asked now, by field.
    pub currently_due: Vec<String>,
    /// Why the account may not do something.
    pub disabled_reason: Option<String>,
    /// What was wrong; nothing.
    pub errors: Vec<Null>,
    /// What will be asked.
    pub eventually_due: Vec<String>,
    /// What should have been said.
    pub past_due: Vec<String>,
    /// What is being looked at.
    pub pending_verification: Vec<String>,
}
