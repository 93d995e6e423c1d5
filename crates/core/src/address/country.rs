//! The countries that goods can go to, and what an address has to say in each of them.

/// The countries of ISO 3166-1 and a few places beside them that mail goes to, as the dialect
/// lists them (2026-10-28). `ZZ` stands for a place that has no code.
const KNOWN: &str = "AC AD AE AF AG AI AL AM AO AQ AR AT AU AW AX AZ BA BB BD BE BF BG BH BI BJ \
    BL BM BN BO BQ BR BS BT BV BW BY BZ CA CD CF CG CH CI CK CL CM CN CO CR CV CW CY CZ DE DJ DK \
    DM DO DZ EC EE EG EH ER ES ET FI FJ FK FO FR GA GB GD GE GF GG GH GI GL GM GN GP GQ GR GS GT \
    GU GW GY HK HN HR HT HU ID IE IL IM IN IO IQ IS IT JE JM JO JP KE KG KH KI KM KN KR KW KY KZ \
    LA LB LC LI LK LR LS LT LU LV LY MA MC MD ME MF MG MK ML MM MN MO MQ MR MS MT MU MV MW MX MY \
    MZ NA NC NE NG NI NL NO NP NR NU NZ OM PA PE PF PG PH PK PL PM PN PR PS PT PY QA RE RO RS RU \
    RW SA SB SC SD SE SG SH SI SJ SK SL SM SN SO SR SS ST SV SX SZ TA TC TD TF TG TH TJ TK TL TM \
    TN TO TR TT TV TW TZ UA UG US UY UZ VA VC VE VG VN VU WF WS XK YE YT ZA ZM ZW ZZ";

/// The countries that goods can go to, by their two letters.
pub fn known() -> impl Iterator<Item = &'static str> {
    KNOWN.split(' ')
}

/// What an address has to say beside its street and its country.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Needs {
    /// City, district or town.
    pub city: bool,
    /// State, county or province.
    pub state: bool,
    /// ZIP or postal code.
    pub postal_code: bool,
}

impl Needs {
    const CITY: Needs = Needs { city: true, state: false, postal_code: false };

    /// What an address of a country has to say; a city where nothing else is known of it.
    pub fn of(country: &str) -> Needs {
        let known = NEEDS.iter().find(|(countries, _)| countries.split(' ').any(|c| c == country));
        known.map_or(Needs::CITY, |(_, needs)| *needs)
    }
}

/// What mail cannot do without, as a copy of libaddressinput's data had it when it was looked up
/// (2026-11). A code that is merely usual is not asked for: who has none could not buy.
const NEEDS: [(&str, Needs); 7] = [
    (
        "AU BR CA CN ES GU IN IT KR MX MY PH PR TH TW US",
        Needs { city: true, state: true, postal_code: true },
    ),
    (
        "AT AX BE CH CZ DE DK EE FI FO FR GB GF GG GL GP GR HR HU IM JE LI LT LU LV MQ NC NL NO \
         NZ PF PL PM PT RE RO RU SA SE SJ SK TR UA WF YT ZA",
        Needs { city: true, state: false, postal_code: true },
    ),
    ("CR HN IQ JM PE SO VE", Needs { city: true, state: true, postal_code: false }),
    ("JP", Needs { city: false, state: true, postal_code: true }),
    ("AE CO HK MM", Needs { city: false, state: true, postal_code: false }),
    ("SG", Needs { city: false, state: false, postal_code: true }),
    ("AG DM GD GI KN LC MO TT ZZ", Needs { city: false, state: false, postal_code: false }),
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_says_what_mail_needs() {
        let table = [
            ("US", (true, true, true)),
            ("DE", (true, false, true)),
            ("AE", (false, true, false)),
            ("SG", (false, false, true)),
            ("KE", (true, false, false)),
            ("TT", (false, false, false)),
        ];
        for (country, expected) in table {
            let Needs { city, state, postal_code } = Needs::of(country);
            assert_eq!((city, state, postal_code), expected, "{country}");
        }
    }

    #[test]
    fn each_country_stands_once_and_is_known() {
        let all: Vec<&str> = known().collect();
        assert!(all.is_sorted() && all.iter().all(|code| code.len() == 2), "{all:?}");
        let mut named: Vec<&str> = NEEDS.iter().flat_map(|(codes, _)| codes.split(' ')).collect();
        named.sort_unstable();
        assert!(named.windows(2).all(|pair| pair[0] != pair[1]), "{named:?}");
        assert!(named.iter().all(|code| all.contains(code)), "{named:?}");
    }
}
