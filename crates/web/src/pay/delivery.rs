//! How long a parcel is on its way, in words: "3 to 5 business days".

use holdfast_core::checkout::{DeliveryBound, DeliveryEstimate, DeliveryUnit};

use crate::texts::Texts;

impl Texts {
    /// An estimate in words; `None` where neither end is known.
    pub fn delivery(&self, estimate: &DeliveryEstimate) -> Option<String> {
        let DeliveryEstimate { minimum, maximum } = *estimate;
        Some(match (minimum, maximum) {
            (None, None) => return None,
            (Some(least), None) => self.with("delivery-from", "least", self.bound(least)),
            (None, Some(most)) => self.with("delivery-within", "most", self.bound(most)),
            (Some(least), Some(most)) if least == most => {
                self.with("delivery-exactly", "most", self.bound(most))
            }
            (Some(least), Some(most)) => {
                // The unit is said once where it is the same one.
                let first = if least.unit == most.unit {
                    least.value.to_string()
                } else {
                    self.bound(least)
                };
                let last = self.bound(most);
                self.with_all("delivery-between", &[("least", &first), ("most", &last)])
            }
        })
    }

    fn bound(&self, bound: DeliveryBound) -> String {
        let key = match bound.unit {
            DeliveryUnit::Hour => "hours",
            DeliveryUnit::Day => "days",
            DeliveryUnit::BusinessDay => "business-days",
            DeliveryUnit::Week => "weeks",
            DeliveryUnit::Month => "months",
        };
        self.with(key, "count", u64::from(bound.value))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::language::Language;

    #[test]
    fn estimates_are_said_in_every_language() {
        use DeliveryUnit::{BusinessDay, Day, Hour, Month, Week};
        let at = |unit, value| Some(DeliveryBound { unit, value });
        let table = [
            (None, None, None, None),
            (
                at(BusinessDay, 3),
                at(BusinessDay, 5),
                Some("3 to 5 business days"),
                Some("من 3 إلى 5 أيام عمل"),
            ),
            (at(Hour, 12), at(Day, 1), Some("12 hours to 1 day"), Some("من 12 ساعة إلى يوم واحد")),
            (at(Day, 2), at(Day, 2), Some("About 2 days"), Some("خلال يومين تقريبًا")),
            (at(Week, 3), None, Some("3 weeks or more"), Some("3 أسابيع أو أكثر")),
            (None, at(Month, 11), Some("Up to 11 months"), Some("خلال 11 شهرًا على الأكثر")),
        ];
        for (minimum, maximum, english, arabic) in table {
            let estimate = DeliveryEstimate { minimum, maximum };
            let said = |language| {
                let text = Texts::of(language).delivery(&estimate)?;
                // Marks of direction are not what is told apart here.
                Some(text.replace(['\u{2068}', '\u{2069}'], ""))
            };
            assert_eq!(said(Language::English).as_deref(), english);
            assert_eq!(said(Language::Arabic).as_deref(), arabic);
        }
    }
}
