//! One of each object: `full` with everything that can be there, else with as little as can be.

use holdfast_api::objects::*;
use serde_json::json;

const NOW: i64 = 1_795_000_000;

fn text(text: &str) -> String {
    text.to_owned()
}

/// A reference that is not expanded.
fn id<T>(id: &str) -> Expandable<T> {
    Expandable::Id(id.to_owned())
}

fn when<T>(full: bool, value: impl FnOnce() -> T) -> Option<T> {
    full.then(value)
}

fn metadata(full: bool) -> Metadata {
    if full { Metadata::from([(text("order_id"), text("7"))]) } else { Metadata::new() }
}

fn address() -> Address {
    Address { city: Some(text("Leipzig")), country: Some(text("DE")), ..Address::default() }
}

fn shipping() -> Shipping {
    Shipping {
        address: address(),
        carrier: Some(text("DHL")),
        name: text("سلمى"),
        phone: None,
        tracking_number: Some(text("1Z999AA1")),
    }
}

fn billing_details(full: bool) -> BillingDetails {
    BillingDetails { address: when(full, address), ..BillingDetails::default() }
}

fn checks() -> CardChecks {
    CardChecks { cvc_check: Some(text("pass")), ..CardChecks::default() }
}

fn options() -> PaymentMethodOptions {
    PaymentMethodOptions {
        card: CardOptions {
            capture_method: Some("manual"),
            installments: (),
            mandate_options: Some(mandate(None)),
            network: Some(text("visa")),
            request_extended_authorization: Some("never"),
            request_incremental_authorization: Some("if_available"),
            request_multicapture: Some("never"),
            request_overcapture: Some("never"),
            request_three_d_secure: Some("automatic"),
            require_cvc_recollection: Some(true),
            setup_credential_usage: Some("recurring"),
            setup_future_usage: Some("none"),
            stored_credential_usage: Some("unscheduled"),
        },
    }
}

pub(crate) fn payment_method(full: bool) -> PaymentMethod {
    PaymentMethod {
        id: text("pm_1"),
        object: PaymentMethodWord,
        allow_redisplay: when(full, || "always"),
        billing_details: billing_details(full),
        card: when(full, || PaymentMethodCard {
            brand: text("visa"),
            checks: Some(checks()),
            country: Some(text("US")),
            display_brand: Some(text("visa")),
            exp_month: 12,
            exp_year: 2030,
            fingerprint: Some(text("abcdefghijklmnop")),
            funding: text("credit"),
            last4: text("3184"),
            networks: Some(CardNetworks { available: vec![text("visa")], preferred: () }),
            three_d_secure_usage: Some(ThreeDSecureUsage { supported: true }),
            nulls: PaymentMethodCardNulls::default(),
        }),
        created: NOW,
        customer: when(full, || id("cus_1")),
        customer_account: (),
        livemode: false,
        metadata: metadata(full),
        sepa_debit: None,
        kind: "card",
    }
}

fn deleted_customer() -> AnyCustomer {
    AnyCustomer::Deleted(Deleted::new("customer", text("cus_1")))
}

pub(crate) fn customer(full: bool) -> Customer {
    let method = when(full, || Expandable::Object(Box::new(payment_method(true))));
    Customer {
        id: text("cus_1"),
        object: CustomerWord,
        address: when(full, address),
        balance: 0,
        business_name: when(full, || text("Lamps GmbH")),
        created: NOW,
        delinquent: false,
        description: when(full, || text("buys lamps")),
        discount: None,
        email: when(full, || text("salma@shop.example")),
        individual_name: when(full, || text("Salma")),
        invoice_settings: InvoiceSettings {
            default_payment_method: method,
            ..InvoiceSettings::default()
        },
        livemode: false,
        metadata: metadata(full),
        name: when(full, || text("سلمى")),
        phone: when(full, || text("+49 341 1234567")),
        preferred_locales: when(full, || vec![text("ar")]).unwrap_or_default(),
        shipping: when(full, || CustomerShipping {
            address: address(),
            name: text("سلمى"),
            phone: None,
        }),
        sources: when(full, || List::whole(text("/v1/customers/cus_1/sources"), Vec::new())),
        tax_exempt: "none",
        tax_ids: when(full, || List::whole(text("/v1/customers/cus_1/tax_ids"), Vec::new())),
        nulls: CustomerNulls::default(),
    }
}

pub(crate) fn setup_intent(full: bool) -> SetupIntent {
    SetupIntent {
        id: text("seti_1"),
        object: SetupIntentWord,
        allowed_payment_method_types: when(full, || vec![text("card")]),
        automatic_payment_methods: when(full, || AutomaticPaymentMethods {
            allow_redirects: "never",
            enabled: true,
        }),
        cancellation_reason: when(full, || "abandoned"),
        client_secret: when(full, || text("seti_1_secret_2")),
        created: NOW,
        customer: when(full, || {
            Expandable::Object(Box::new(AnyCustomer::Live(Box::new(customer(true)))))
        }),
        description: when(full, || text("for the next lamp")),
        excluded_payment_method_types: when(full, || vec![text("klarna")]),
        last_setup_error: when(full, setup_error),
        latest_attempt: when(full, || Expandable::Object(Box::new(setup_attempt(true)))),
        livemode: false,
        metadata: metadata(full),
        next_action: when(full, || NextAction {
            redirect_to_url: RedirectToUrl { return_url: None, url: Some(text("http://a.b/c")) },
            kind: "redirect_to_url",
        }),
        on_behalf_of: when(full, || id("acct_1")),
        payment_method: when(full, || id("pm_1")),
        payment_method_options: when(full, || SetupMethodOptions {
            card: SetupCardOptions {
                mandate_options: Some(mandate(Some(text("usd")))),
                network: Some(text("visa")),
                request_three_d_secure: Some("challenge"),
                setup_credential_usage: Some("recurring"),
            },
        }),
        payment_method_types: vec![text("card")],
        status: "requires_payment_method",
        usage: "off_session",
        nulls: SetupIntentNulls::default(),
    }
}

fn mandate(currency: Option<String>) -> MandateOptions {
    MandateOptions {
        amount: 500,
        amount_type: "maximum",
        currency,
        description: Some(text("lamps")),
        end_date: Some(NOW + 86_400),
        interval: "month",
        interval_count: Some(2),
        reference: text("lamps-1"),
        start_date: NOW,
        supported_types: Some(vec!["india"]),
    }
}

fn amount_details() -> AmountDetails {
    let item = AmountLineItem {
        id: text("uli_1"),
        object: AmountLineItemWord,
        discount_amount: Some(1),
        payment_method_options: (),
        product_code: Some(text("LAMP")),
        product_name: text("Lamp"),
        quantity: 2,
        tax: Some(AmountTax { total_tax_amount: 1 }),
        unit_cost: 5_000,
        unit_of_measure: Some(text("piece")),
    };
    let plain = AmountLineItem {
        discount_amount: None,
        product_code: None,
        tax: None,
        unit_of_measure: None,
        ..item.clone()
    };
    AmountDetails {
        discount_amount: Some(100),
        error: Some(AmountError { code: "amount_details_amount_mismatch", message: "No." }),
        line_items: Some(List::whole(text("/v1/payment_intents/pi_1/x"), vec![item, plain])),
        shipping: Some(AmountShipping {
            amount: Some(500),
            from_postal_code: Some(text("1010")),
            to_postal_code: None,
        }),
        tax: Some(AmountTax { total_tax_amount: 10 }),
    }
}

fn setup_error() -> SetupError {
    SetupError {
        advice_code: Some(text("try_again_later")),
        code: "setup_intent_authentication_failure",
        decline_code: Some(text("insufficient_funds")),
        message: text("Your card was declined."),
        network_decline_code: Some(text("51")),
        payment_method: Some(payment_method(true)),
        kind: "card_error",
    }
}

pub(crate) fn setup_attempt(full: bool) -> SetupAttempt {
    let card = || SetupCardDetails {
        brand: Some(text("visa")),
        checks: Some(checks()),
        country: Some(text("US")),
        exp_month: 12,
        exp_year: 2030,
        fingerprint: Some(text("abcdefghijklmnop")),
        funding: Some(text("credit")),
        last4: Some(text("3184")),
        moto: Some(true),
        network: Some(text("visa")),
        three_d_secure: (),
        wallet: (),
    };
    SetupAttempt {
        id: text("setatt_1"),
        object: SetupAttemptWord,
        created: NOW,
        customer: when(full, || id("cus_1")),
        livemode: false,
        on_behalf_of: when(full, || id("acct_1")),
        payment_method: id("pm_1"),
        payment_method_details: SetupDetails { card: when(full, card), kind: "card" },
        setup_error: when(full, setup_error),
        setup_intent: id("seti_1"),
        status: "failed",
        usage: "off_session",
        nulls: SetupAttemptNulls::default(),
    }
}

fn last_payment_error() -> LastPaymentError {
    LastPaymentError {
        advice_code: Some(text("try_again_later")),
        charge: Some(text("ch_1")),
        code: Some(text("card_declined")),
        decline_code: Some(text("insufficient_funds")),
        doc_url: Some(text("http://127.0.0.1:4001/docs/errors#card_declined")),
        message: text("Your card has insufficient funds."),
        network_decline_code: Some(text("51")),
        payment_method: Some(payment_method(true)),
        kind: "card_error",
    }
}

pub(crate) fn payment_intent(full: bool) -> PaymentIntent {
    PaymentIntent {
        id: text("pi_1"),
        object: PaymentIntentWord,
        allowed_payment_method_types: Some(when(full, || vec![text("card")])),
        amount: 12_000,
        amount_capturable: 0,
        amount_details: when(full, amount_details),
        amount_received: 0,
        application_fee_amount: when(full, || 100),
        automatic_payment_methods: when(full, || AutomaticPaymentMethods {
            allow_redirects: "always",
            enabled: true,
        }),
        canceled_at: when(full, || NOW),
        cancellation_reason: when(full, || text("requested_by_customer")),
        capture_method: "manual",
        charges: None,
        client_secret: when(full, || text("pi_1_secret_2")),
        confirmation_method: "automatic",
        created: NOW,
        currency: text("usd"),
        customer: when(full, || Expandable::Object(Box::new(deleted_customer()))),
        description: when(full, || text("two lamps")),
        excluded_payment_method_types: when(full, || vec![text("card")]),
        last_payment_error: when(full, last_payment_error),
        latest_charge: when(full, || Expandable::Object(Box::new(charge(false)))),
        livemode: false,
        metadata: metadata(full),
        next_action: when(full, || NextAction {
            redirect_to_url: RedirectToUrl {
                return_url: Some(text("https://shop.example/back")),
                url: Some(text("http://127.0.0.1:4002/c/1/challenge")),
            },
            kind: "redirect_to_url",
        }),
        on_behalf_of: when(full, || id("acct_1")),
        payment_details: when(full, || PaymentDetails {
            customer_reference: None,
            order_reference: Some(text("order 7")),
        }),
        payment_method: when(full, || id("pm_1")),
        payment_method_options: when(full, options),
        payment_method_types: vec![text("card")],
        receipt_email: when(full, || text("buyer@example.com")),
        setup_future_usage: when(full, || "off_session"),
        shipping: when(full, shipping),
        statement_descriptor: when(full, || text("BAZAAR")),
        statement_descriptor_suffix: when(full, || text("LAMPS")),
        status: "requires_payment_method",
        transfer_data: when(full, || TransferData {
            amount: Some(500),
            description: Some(text("lamps")),
            destination: id("acct_1"),
            metadata: Some(metadata(true)),
            payment_data: Some(PaymentData {
                description: Some(text("lamps")),
                metadata: Some(metadata(true)),
            }),
        }),
        transfer_group: when(full, || text("group_1")),
        nulls: PaymentIntentNulls::default(),
    }
}

fn card_details(full: bool) -> CardDetails {
    CardDetails {
        amount_authorized: when(full, || 12_000),
        authorization_code: when(full, || text("A1B2C3")),
        brand: Some(text("visa")),
        capture_before: when(full, || NOW + 604_800),
        checks: when(full, checks),
        country: when(full, || text("US")),
        exp_month: 12,
        exp_year: 2030,
        fingerprint: when(full, || text("abcdefghijklmnop")),
        funding: Some(text("credit")),
        incremental_authorization: when(full, || IncrementalAuthorization {
            status: "unavailable",
        }),
        last4: Some(text("3184")),
        electronic_commerce_indicator: when(full, || "01"),
        moto: when(full, || true),
        multicapture: Multicapture { status: "available" },
        network: Some(text("visa")),
        setup_credential_usage: when(full, || "recurring"),
        stored_credential_usage: when(full, || "unscheduled"),
        three_d_secure: when(full, || ThreeDSecure {
            authentication_flow: Some("challenge"),
            electronic_commerce_indicator: Some(text("05")),
            exemption_indicator: (),
            result: Some("authenticated"),
            result_reason: None,
            transaction_id: Some(text("sba_1")),
            version: Some("2.2.0"),
        }),
        nulls: CardDetailsNulls::default(),
    }
}

pub(crate) fn charge(full: bool) -> Charge {
    Charge {
        id: text("ch_1"),
        object: ChargeWord,
        amount: 12_000,
        amount_captured: 12_000,
        amount_refunded: 0,
        application_fee: when(full, || id("fee_1")),
        application_fee_amount: when(full, || 100),
        balance_transaction: when(full, || id("txn_1")),
        billing_details: billing_details(full),
        calculated_statement_descriptor: when(full, || text("BAZAAR* LAMPS")),
        captured: true,
        created: NOW,
        currency: text("usd"),
        customer: when(full, || Expandable::Object(Box::new(deleted_customer()))),
        description: when(full, || text("two lamps")),
        disputed: false,
        failure_code: when(full, || text("card_declined")),
        failure_message: when(full, || text("Your card was declined.")),
        fraud_details: FraudDetails { user_report: when(full, || "safe") },
        livemode: false,
        metadata: metadata(full),
        on_behalf_of: when(full, || id("acct_1")),
        outcome: when(full, || Outcome {
            advice_code: Some(text("do_not_try_again")),
            network_advice_code: Some(text("02")),
            network_decline_code: Some(text("51")),
            network_status: Some(text("approved_by_network")),
            reason: None,
            risk_level: "normal",
            seller_message: Some(text("Payment complete.")),
            kind: "authorized",
        }),
        paid: true,
        payment_intent: when(full, || id("pi_1")),
        payment_method: when(full, || text("pm_1")),
        payment_method_details: when(full, || PaymentMethodDetails {
            card: Some(card_details(full)),
            sepa_debit: None,
            kind: "card",
        }),
        radar_options: when(full, || RadarOptions { session: text("rse_1") }),
        receipt_email: when(full, || text("buyer@example.com")),
        receipt_url: when(full, || text("http://127.0.0.1:4002/r/1")),
        refunded: false,
        refunds: when(full, || List::whole(text("/v1/charges/ch_1/refunds"), vec![refund(true)])),
        shipping: when(full, shipping),
        statement_descriptor: None,
        statement_descriptor_suffix: None,
        status: "succeeded",
        transfer: when(full, || id("tr_1")),
        transfer_data: when(full, || ChargeTransferData {
            amount: None,
            destination: id("acct_1"),
        }),
        transfer_group: when(full, || text("group_1")),
        nulls: ChargeNulls::default(),
    }
}

pub(crate) fn refund(full: bool) -> Refund {
    Refund {
        id: text("re_1"),
        object: RefundWord,
        amount: 500,
        balance_transaction: when(full, || id("txn_2")),
        charge: when(full, || id("ch_1")),
        created: NOW,
        currency: text("usd"),
        destination_details: when(full, || DestinationDetails {
            card: CardDestination { kind: "refund" },
            kind: "card",
        }),
        failure_balance_transaction: when(full, || id("txn_3")),
        failure_reason: when(full, || text("expired_or_canceled_card")),
        metadata: metadata(full),
        payment_intent: when(full, || id("pi_1")),
        payment_method: when(full, || text("pm_1")),
        pending_reason: when(full, || "processing"),
        reason: when(full, || text("requested_by_customer")),
        status: when(full, || "succeeded"),
        nulls: RefundNulls::default(),
    }
}

fn shipping_rate() -> ShippingRate {
    let days = |value| DeliveryBound { unit: "business_day", value };
    ShippingRate {
        id: text("shr_1"),
        object: ShippingRateWord,
        active: false,
        created: NOW,
        delivery_estimate: Some(DeliveryEstimate {
            maximum: Some(days(5)),
            minimum: Some(days(3)),
        }),
        display_name: Some(text("Standard")),
        fixed_amount: FixedAmount { amount: 500, currency: text("usd") },
        livemode: false,
        metadata: metadata(true),
        tax_behavior: Some("inclusive"),
        tax_code: Some(text("txcd_92010001")),
        kind: "fixed_amount",
    }
}

fn line_item() -> LineItem {
    LineItem {
        id: text("li_1"),
        object: LineItemWord,
        adjustable_quantity: Some(AdjustableQuantity {
            enabled: true,
            maximum: Some(5),
            minimum: None,
        }),
        amount_discount: 0,
        amount_subtotal: 2_000,
        amount_tax: 0,
        amount_total: 2_000,
        currency: text("usd"),
        description: Some(text("Lamp")),
        excluded_payment_method_types: vec![text("card")],
        metadata: metadata(true),
        price: Some(Price {
            id: text("price_1"),
            object: PriceWord,
            active: false,
            billing_scheme: "per_unit",
            created: NOW,
            currency: text("usd"),
            livemode: false,
            lookup_key: None,
            metadata: metadata(false),
            nickname: None,
            product: id("prod_1"),
            recurring: None,
            tax_behavior: None,
            kind: "one_time",
            unit_amount: Some(1_000),
            unit_amount_decimal: Some(text("1000")),
            nulls: PriceNulls::default(),
        }),
        quantity: Some(2),
        seller: Some(text("acct_1")),
    }
}

fn session_options() -> SessionPaymentMethodOptions {
    SessionPaymentMethodOptions {
        card: SessionCardOptions {
            capture_method: Some("manual"),
            request_extended_authorization: Some("never"),
            request_incremental_authorization: Some("never"),
            request_multicapture: Some("if_available"),
            request_overcapture: Some("if_available"),
            request_three_d_secure: "automatic",
            restrictions: Some(CardRestrictions {
                brands_blocked: vec!["discover_global_network"],
                funding_types_blocked: vec!["prepaid"],
            }),
            setup_future_usage: Some("off_session"),
        },
    }
}

fn consent_collection() -> ConsentCollection {
    ConsentCollection {
        payment_method_reuse_agreement: Some(ReuseAgreement { position: "auto" }),
        promotions: Some("auto"),
        terms_of_service: Some("required"),
    }
}

fn name_collection() -> NameCollection {
    let asked = NameAsked { enabled: true, optional: false };
    NameCollection { business: Some(asked), individual: Some(asked) }
}

/// The texts of a page; none unless `full`.
pub(crate) fn custom_text(full: bool) -> CustomText {
    let message = || when(full, || CustomMessage { message: text("Thank you.") });
    CustomText {
        after_submit: message(),
        shipping_address: message(),
        submit: message(),
        terms_of_service_acceptance: message(),
    }
}

/// A field of each type, answered; none unless `full`.
pub(crate) fn custom_fields(full: bool) -> Vec<CustomField> {
    if !full {
        return Vec::new();
    }
    let field = |kind| CustomField {
        dropdown: None,
        key: text(kind),
        label: CustomLabel { custom: Some(text("Which?")), kind: "custom" },
        numeric: None,
        optional: false,
        text: None,
        kind,
    };
    let typed = || CustomTyped {
        default_value: Some(text("7")),
        maximum_length: Some(9),
        minimum_length: Some(1),
        value: Some(Some(text("7"))),
    };
    let dropdown = CustomDropdown {
        default_value: None,
        options: vec![CustomOption { label: text("Seven"), value: text("7") }],
        value: Some(Some(text("7"))),
    };
    vec![
        CustomField { text: Some(typed()), ..field("text") },
        CustomField { numeric: Some(typed()), ..field("numeric") },
        CustomField { dropdown: Some(dropdown), ..field("dropdown") },
    ]
}

fn discount() -> Discount {
    Discount {
        id: text("di_1"),
        object: DiscountWord,
        checkout_session: Some(text("cs_test_1")),
        customer: Some(id("cus_1")),
        customer_account: (),
        end: None,
        invoice: (),
        invoice_item: (),
        promotion_code: Some(id("promo_1")),
        source: Promotion { coupon: Some(id("coup_1")), kind: "coupon" },
        start: NOW,
        subscription: (),
        subscription_item: (),
    }
}

fn total_details() -> TotalDetails {
    TotalDetails {
        amount_discount: 100,
        amount_shipping: Some(500),
        amount_tax: 0,
        breakdown: Some(Breakdown {
            discounts: vec![BrokenDown { amount: 100, discount: discount() }],
            taxes: Vec::new(),
        }),
    }
}

fn session_discount() -> SessionDiscount {
    SessionDiscount { coupon: Some(id("coup_1")), promotion_code: Some(id("promo_1")) }
}

pub(crate) fn checkout_session(full: bool) -> CheckoutSession {
    let rate = || Expandable::Object(Box::new(shipping_rate()));
    CheckoutSession {
        id: text("cs_test_1"),
        object: CheckoutSessionWord,
        amount_subtotal: when(full, || 2_000),
        amount_total: when(full, || 2_500),
        after_expiration: when(full, || AfterExpiration { recovery: None }),
        allow_promotion_codes: when(full, || true),
        automatic_tax: AutomaticTax::default(),
        billing_address_collection: when(full, || text("auto")),
        cancel_url: when(full, || text("https://shop.example/basket")),
        client_reference_id: when(full, || text("basket-1")),
        collected_information: when(full, || CollectedInformation {
            shipping_details: Some(ShippingDetails { address: address(), name: text("Ada") }),
            business_name: Some(text("Lamps GmbH")),
            individual_name: Some(text("Ada")),
        }),
        consent: when(full, || Consent {
            promotions: Some("opt_in"),
            terms_of_service: Some("accepted"),
        }),
        consent_collection: when(full, consent_collection),
        created: NOW,
        currency: when(full, || text("usd")),
        custom_fields: custom_fields(full),
        custom_text: custom_text(full),
        customer: when(full, || id("cus_1")),
        customer_creation: when(full, || text("always")),
        customer_details: when(full, CustomerDetails::default),
        customer_email: when(full, || text("buyer@example.com")),
        discounts: when(full, || vec![session_discount()]),
        expires_at: NOW + 86_400,
        line_items: when(full, || List::whole(text("/v1/x"), vec![line_item()])),
        livemode: false,
        locale: when(full, || text("en")),
        metadata: metadata(full),
        mode: "payment",
        name_collection: when(full, name_collection),
        payment_intent: when(full, || id("pi_1")),
        payment_link: when(full, || id("plink_1")),
        payment_method_options: when(full, session_options),
        payment_method_types: vec![text("card")],
        payment_status: "unpaid",
        setup_intent: when(full, || Expandable::Id(text("seti_1"))),
        phone_number_collection: when(full, || Enabled { enabled: true }),
        shipping_address_collection: when(full, || ShippingCountries {
            allowed_countries: vec![text("DE")],
        }),
        shipping_cost: when(full, || ShippingCost {
            amount_subtotal: 500,
            amount_tax: 0,
            amount_total: 500,
            shipping_rate: Some(id("shr_1")),
        }),
        shipping_options: vec![ShippingOption { shipping_amount: 500, shipping_rate: rate() }],
        status: when(full, || "open"),
        submit_type: when(full, || text("pay")),
        success_url: when(full, || text("https://shop.example/done?s={CHECKOUT_SESSION_ID}")),
        total_details: when(full, total_details),
        ui_mode: when(full, || "hosted_page"),
        url: when(full, || text("http://127.0.0.1:4002/c/1")),
        nulls: CheckoutSessionNulls::default(),
    }
}

pub(crate) fn account(full: bool) -> Account {
    Account {
        id: text("acct_1"),
        object: AccountWord,
        business_profile: BusinessProfile {
            name: when(full, || text("Lamps")),
            support_address: when(full, address),
            ..BusinessProfile::default()
        },
        business_type: when(full, || text("company")),
        capabilities: [(text("card_payments"), "active"), (text("transfers"), "active")].into(),
        charges_enabled: true,
        company: when(full, || AccountCompany {
            address: Some(address()),
            name: Some(text("Lamps GmbH")),
            phone: None,
            tax_id_provided: true,
        }),
        controller: Controller::default(),
        country: text("DE"),
        created: NOW,
        default_currency: text("eur"),
        details_submitted: true,
        email: when(full, || text("seller@example.com")),
        external_accounts: List::whole(
            text("/v1/accounts/acct_1/external_accounts"),
            if full { vec![bank_account(true)] } else { Vec::new() },
        ),
        future_requirements: Requirements::default(),
        individual: when(full, || person(full)),
        metadata: metadata(full),
        payouts_enabled: true,
        requirements: Requirements {
            currently_due: if full { vec![text("external_account")] } else { Vec::new() },
            ..Requirements::default()
        },
        settings: account_settings(full),
        tos_acceptance: TosAcceptance {
            date: when(full, || NOW),
            ip: when(full, || text("127.0.0.1")),
            service_agreement: when(full, || text("full")),
            user_agent: None,
        },
        kind: "none",
    }
}

fn person(full: bool) -> Person {
    Person {
        id: text("person_1"),
        object: PersonWord,
        account: text("acct_1"),
        address: when(full, address),
        created: NOW,
        dob: when(full, || Birth { day: Some(1), month: Some(2), year: Some(1990) }),
        email: when(full, || text("salma@shop.example")),
        first_name: when(full, || text("سلمى")),
        id_number_provided: full,
        last_name: when(full, || text("Haddad")),
        metadata: Metadata::new(),
        phone: None,
    }
}

fn account_settings(full: bool) -> AccountSettings {
    AccountSettings {
        branding: Branding::default(),
        card_payments: CardPaymentSettings::default(),
        dashboard: DashboardSettings { display_name: None, timezone: "Etc/UTC" },
        payments: PaymentSettings::default(),
        payouts: PayoutSettings {
            debit_negative_balances: false,
            schedule: PayoutScheduleObject {
                delay_days: 2,
                interval: if full { "weekly" } else { "daily" },
                monthly_anchor: when(full, || 31),
                monthly_payout_days: when(full, || vec![31]),
                weekly_anchor: when(full, || text("friday")),
                weekly_payout_days: when(full, || vec![text("friday")]),
            },
            statement_descriptor: when(full, || text("LAMPS")),
        },
    }
}

pub(crate) fn bank_account(full: bool) -> BankAccount {
    BankAccount {
        id: text("ba_1"),
        object: BankAccountWord,
        account: when(full, || id("acct_1")),
        account_holder_name: when(full, || text("Salma")),
        account_holder_type: when(full, || "individual"),
        account_type: (),
        available_payout_methods: vec!["standard", "instant"],
        bank_name: Some(text("HOLDFAST TEST BANK")),
        country: text("US"),
        currency: text("usd"),
        customer: (),
        default_for_currency: full,
        fingerprint: when(full, || text("0123456789abcdef")),
        future_requirements: (),
        last4: text("6789"),
        metadata: metadata(full),
        requirements: (),
        routing_number: when(full, || text("110000000")),
        status: "new",
    }
}

pub(crate) fn payout(full: bool) -> Payout {
    let destination = Expandable::Object(Box::new(bank_account(full)));
    Payout {
        id: text("po_1"),
        object: PayoutWord,
        amount: 100,
        application_fee: (),
        application_fee_amount: (),
        arrival_date: NOW,
        automatic: false,
        balance_transaction: when(full, || id("txn_1")),
        created: NOW,
        currency: text("usd"),
        description: when(full, || text("November")),
        destination: when(full, || destination),
        failure_balance_transaction: when(full, || id("txn_2")),
        failure_code: when(full, || text("no_account")),
        failure_message: when(full, || text("No such account.")),
        livemode: false,
        metadata: metadata(full),
        method: "instant",
        original_payout: (),
        payout_method: (),
        reconciliation_status: "not_applicable",
        reversed_by: (),
        source_type: "card",
        statement_descriptor: when(full, || text("LAMPS")),
        status: "failed",
        trace_id: when(full, || TraceId { status: "supported", value: Some(text("sbo_1")) }),
        kind: "bank_account",
    }
}

pub(crate) fn account_link() -> AccountLink {
    AccountLink {
        object: AccountLinkWord,
        created: NOW,
        expires_at: NOW + 600,
        url: text("http://127.0.0.1:4003/seller/enter/acl_1/secret"),
    }
}

pub(crate) fn balance() -> Balance {
    Balance {
        object: BalanceWord,
        available: vec![Funds::by_card(100, text("usd"))],
        livemode: false,
        connect_reserved: Some(vec![Funds::by_card(0, text("usd"))]),
        instant_available: vec![Funds::by_card(100, text("usd"))],
        pending: vec![Funds::by_card(-5, text("eur"))],
    }
}

pub(crate) fn event(full: bool) -> Event {
    Event {
        id: text("evt_1"),
        object: EventWord,
        account: when(full, || text("acct_1")),
        api_version: when(full, || text("2026-10-28.endive")),
        created: NOW,
        data: EventData {
            object: json!(order(true)),
            previous_attributes: when(full, || json!({ "status": "shipped" })),
        },
        livemode: false,
        pending_webhooks: 1,
        request: when(full, || EventRequest {
            id: Some(text("req_1")),
            idempotency_key: Some(text("key")),
        }),
        kind: text("order.completed"),
    }
}

pub(crate) fn webhook_endpoint(full: bool) -> WebhookEndpoint {
    WebhookEndpoint {
        id: text("we_1"),
        object: WebhookEndpointWord,
        api_version: when(full, || text("2024-06-20")),
        application: (),
        created: NOW,
        description: when(full, || text("shop")),
        enabled_events: vec![text("*")],
        livemode: false,
        metadata: metadata(full),
        secret: when(full, || text("whsec_1")),
        status: "enabled",
        url: text("https://shop.example/hooks"),
    }
}

pub(crate) fn test_clock(full: bool) -> TestClock {
    TestClock {
        id: text("clock_1"),
        object: TestClockWord,
        created: NOW,
        deletes_after: NOW + 2_592_000,
        frozen_time: NOW,
        livemode: false,
        name: when(full, || text("sandbox")),
        status: if full { "advancing" } else { "ready" },
        status_details: TestClockStatus {
            advancing: when(full, || Advancing { target_frozen_time: NOW + 60 }),
        },
    }
}

pub(crate) fn held_funds() -> HeldFunds {
    HeldFunds {
        id: text("hf_1"),
        object: HeldFundsWord,
        amount: 100,
        amount_held: 60,
        amount_refunded: 10,
        amount_releasable: 60,
        amount_released: 30,
        created: NOW,
        currency: text("usd"),
        frozen: false,
        livemode: false,
        metadata: metadata(false),
        order: id("ord_1"),
        release_after: Some(NOW),
        release_reason: Some("ruling"),
        seller: text("acct_1"),
        status: "holding",
    }
}

pub(crate) fn order(full: bool) -> Order {
    Order {
        id: text("ord_1"),
        object: OrderWord,
        amount_discount: 0,
        amount_refunded: 0,
        amount_shipping: 500,
        amount_subtotal: 2_000,
        amount_tax: 0,
        amount_total: 2_500,
        cancel_request: when(full, || CancelRequest {
            reason: Some(text("wrong colour")),
            requested_at: NOW,
            respond_by: NOW + 172_800,
        }),
        canceled_at: when(full, || NOW),
        cancellation_reason: when(full, || "requested_by_buyer"),
        checkout_session: when(full, || text("cs_test_1")),
        claim: when(full, || Claim {
            description: None,
            opened_at: NOW,
            reason: text("not_received"),
        }),
        completed_at: when(full, || NOW),
        created: NOW,
        currency: text("usd"),
        delivered_at: when(full, || NOW),
        held_funds: when(full, || Expandable::Object(Box::new(held_funds()))),
        lines: vec![OrderLine {
            id: text("li_1"),
            object: OrderLineWord,
            amount_discount: 0,
            amount_subtotal: 2_000,
            amount_total: 2_000,
            currency: text("usd"),
            description: text("Lamp"),
            quantity: 2,
            unit_amount: 1_000,
        }],
        livemode: false,
        metadata: metadata(full),
        payment_intent: when(full, || id("pi_1")),
        protection_ends_at: when(full, || NOW),
        protection_extensions_left: Some(1),
        seller: text("acct_1"),
        ship_by: when(full, || NOW),
        shipments: vec![Shipment {
            object: ShipmentWord,
            carrier: Some(text("DHL")),
            shipped_at: NOW,
            tracking_number: Some(text("1Z999AA1")),
        }],
        shipping: when(full, shipping),
        status: "shipped",
        url: when(full, || text("http://127.0.0.1:4002/o/ord_1?secret=x")),
    }
}
