//! Evidence: what the platform says against a dispute.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

/// The longest text of one field, in characters: the dialect's own bound.
pub const FIELD_CHARS_MAX: usize = 20_000;
/// The longest all texts together may be, in characters: the dialect's own bound.
pub const CHARS_MAX: usize = 150_000;

macro_rules! fields {
    ($($variant:ident = $name:literal is $kind:ident;)*) => {
        /// The fields of the evidence. The names are those of the wire.
        #[derive(
            Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize,
        )]
        pub enum EvidenceField {
            $(
                #[doc = concat!("`", $name, "`.")]
                #[serde(rename = $name)]
                $variant,
            )*
        }

        impl EvidenceField {
            /// All fields, in the order of the wire.
            pub const ALL: &'static [EvidenceField] = &[$(EvidenceField::$variant,)*];

            /// The word of the wire.
            pub fn name(self) -> &'static str {
                match self { $(EvidenceField::$variant => $name,)* }
            }

            /// What the field holds.
            pub fn kind(self) -> FieldKind {
                match self { $(EvidenceField::$variant => FieldKind::$kind,)* }
            }
        }
    };
}

/// What a field of the evidence holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FieldKind {
    /// A text.
    Text,
    /// The id of a file.
    File,
}

fields! {
    AccessActivityLog = "access_activity_log" is Text;
    BillingAddress = "billing_address" is Text;
    CancellationPolicy = "cancellation_policy" is File;
    CancellationPolicyDisclosure = "cancellation_policy_disclosure" is Text;
    CancellationRebuttal = "cancellation_rebuttal" is Text;
    CustomerCommunication = "customer_communication" is File;
    CustomerEmailAddress = "customer_email_address" is Text;
    CustomerName = "customer_name" is Text;
    CustomerPurchaseIp = "customer_purchase_ip" is Text;
    CustomerSignature = "customer_signature" is File;
    DuplicateChargeDocumentation = "duplicate_charge_documentation" is File;
    DuplicateChargeExplanation = "duplicate_charge_explanation" is Text;
    DuplicateChargeId = "duplicate_charge_id" is Text;
    ProductDescription = "product_description" is Text;
    Receipt = "receipt" is File;
    RefundPolicy = "refund_policy" is File;
    RefundPolicyDisclosure = "refund_policy_disclosure" is Text;
    RefundRefusalExplanation = "refund_refusal_explanation" is Text;
    ServiceDate = "service_date" is Text;
    ServiceDocumentation = "service_documentation" is File;
    ShippingAddress = "shipping_address" is Text;
    ShippingCarrier = "shipping_carrier" is Text;
    ShippingDate = "shipping_date" is Text;
    ShippingDocumentation = "shipping_documentation" is File;
    ShippingTrackingNumber = "shipping_tracking_number" is Text;
    UncategorizedFile = "uncategorized_file" is File;
    UncategorizedText = "uncategorized_text" is Text;
}

/// Texts and ids of files, by field.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Evidence(BTreeMap<EvidenceField, String>);

impl Evidence {
    /// What a field holds.
    pub fn field(&self, field: EvidenceField) -> Option<&str> {
        self.0.get(&field).map(String::as_str)
    }

    /// Whether nothing was given.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// All that was given, in the order of the fields.
    pub fn fields(&self) -> impl Iterator<Item = (EvidenceField, &str)> {
        self.0.iter().map(|(field, text)| (*field, text.as_str()))
    }

    /// How many characters all texts have together.
    pub fn chars(&self) -> usize {
        self.0.values().map(|text| text.chars().count()).sum()
    }

    /// Gives a field a text, or takes it away.
    pub fn set(&mut self, field: EvidenceField, text: Option<String>) {
        match text {
            Some(text) => drop(self.0.insert(field, text)),
            None => drop(self.0.remove(&field)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn characters_are_counted_and_fields_may_be_taken_away() {
        let mut evidence = Evidence::default();
        evidence.set(EvidenceField::CustomerName, Some("سلمى".to_owned()));
        evidence.set(EvidenceField::ServiceDate, Some("2026".to_owned()));
        assert_eq!((evidence.chars(), evidence.is_empty()), (8, false));
        evidence.set(EvidenceField::CustomerName, None);
        evidence.set(EvidenceField::ServiceDate, None);
        assert_eq!(evidence, Evidence::default());
        let names: Vec<&str> = EvidenceField::ALL.iter().map(|field| field.name()).collect();
        assert!(names.is_sorted() && names.len() == 27);
    }
}
