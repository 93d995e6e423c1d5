//! The pay page's session: opened, changed, closed.

use crate::checkout::{
    CheckoutSession, Given, Line, PaymentTerms, SessionSetup, SessionState, Settling,
};
use crate::command::{ConfirmCheckoutSession, CreateCheckoutSession};
use crate::effect::{EffectKind, Timer};
use crate::event::EventKind;
use crate::id::{CheckoutSessionId, SellerId};
use crate::payment::card::CardToken;
use crate::payment::intent::{CancelReason, IntentState, PaymentIntent};
use crate::payment::method::PaymentMethod;
use crate::payment::setup::SetupIntent;
use crate::refusal::Refusal;
use crate::row::Record;
use crate::seller::Seller;
use crate::time::Span;
use crate::view::Stop;

use super::draft::Draft;
use super::{discount, method, setup};

/// How long to wait before closing a page again whose payment is still under way.
const CLOSE_AGAIN: Span = Span::seconds(10 * 60);

/// Opens a session.
///
/// Refuses `NotFound` for a seller that does not exist, `CurrencyMismatch` for an amount of
/// another currency, `AmountTooSmall` for a seller's part that costs nothing, `SellersMixed` when
/// some lines name a seller and some do not, or when the money is to go on to a seller of none,
/// `PartExceedsPayment` when more is to go on, or to be kept, than the buyer pays, and what
/// [`discount::apply`] does.
pub(super) fn create(draft: &mut Draft<'_>, create: &CreateCheckoutSession) -> Result<(), Stop> {
    refuse_unknown(draft, create)?;
    method::customer(draft, create.customer)?;
    let expires_at = create.expires_at.unwrap_or(draft.now.after(draft.rules().session_life));
    let mut session = CheckoutSession {
        id: draft.id(),
        created: draft.now,
        currency: create.currency,
        lines: lines(draft, create),
        shipping_options: create.shipping_options.clone(),
        shipping_before: 0,
        shipping_choice: if create.shipping_options.is_empty() { None } else { Some(0) },
        discount: None,
        customer: create.customer,
        customer_email: create.customer_email.clone(),
        client_reference: create.client_reference.clone(),
        locale: create.locale.clone(),
        success_url: create.success_url.clone(),
        cancel_url: create.cancel_url.clone(),
        metadata: create.metadata.clone(),
        payment_metadata: create.payment_metadata.clone(),
        terms: create.terms.clone(),
        page: create.page.clone(),
        link: create.link,
        setup: None,
        given: Given::default(),
        secret: create.secret.clone(),
        expires_at,
        intent: None,
        state: SessionState::Open,
        settling: Settling::No,
    };
    match &create.setup {
        Some(new) => {
            let intent = setup::of_session(draft, session.id, &new.setup);
            session.setup = Some(SessionSetup { intent, currency: new.currency });
        }
        None => {
            refuse_bad_sums(&session)?;
            if let Some(new) = create.discount {
                discount::apply(draft, &mut session, new)?;
                refuse_bad_sums(&session)?;
            }
        }
    }
    draft.effect_at(expires_at, EffectKind::Timer(Timer::SessionEnd(session.id)));
    draft.put(session);
    Ok(())
}

/// Everybody whom a new session names has to be there.
fn refuse_unknown(draft: &mut Draft<'_>, create: &CreateCheckoutSession) -> Result<(), Stop> {
    let sellers: Vec<_> = create.lines.iter().map(|line| line.seller).collect();
    let setup = create.setup.as_ref().and_then(|new| new.setup.on_behalf_of);
    refuse_sellers(draft, &sellers, &create.terms, setup)
}

/// Everybody whom a session names has to be there. Whoever gets the money of a sale by the terms
/// of its payment is no seller of its lines: their money goes by their orders.
pub(super) fn refuse_sellers(
    draft: &mut Draft<'_>,
    of_lines: &[Option<SellerId>],
    terms: &PaymentTerms,
    setup: Option<SellerId>,
) -> Result<(), Stop> {
    let sellers = || of_lines.iter().copied().flatten();
    let all = || sellers().chain(terms.sellers()).chain(setup);
    draft.need(all().map(|seller| Seller::key(&seller)))?;
    for seller in all() {
        draft.rely_on::<Seller>(&seller)?;
    }
    let named = sellers().count();
    let goes_on = terms.transfer.is_some() || terms.application_fee.is_some();
    if named != 0 && (named != of_lines.len() || goes_on) {
        return Err(Refusal::SellersMixed.into());
    }
    Ok(())
}

fn lines(draft: &mut Draft<'_>, create: &CreateCheckoutSession) -> Vec<Line> {
    let new = create.lines.iter().map(|line| Line {
        id: draft.id(),
        seller: line.seller,
        listed: line.listed.clone(),
        of: line.of.clone(),
        name: line.name.clone(),
        description: line.description.clone(),
        unit: line.unit,
        quantity: line.quantity,
        adjustable: line.adjustable,
        excludes_card: line.excludes_card,
        metadata: line.metadata.clone(),
    });
    new.collect()
}

/// Every way to ship has to give each seller a sum that can be charged: an order of nothing could
/// neither be captured nor be given back. And it has to cover what goes on to a seller. A discount
/// has to be for the basket (`CurrencyMismatch`, `MinimumNotReached`, `DiscountNotApplicable`).
pub(super) fn refuse_bad_sums(session: &CheckoutSession) -> Result<(), Stop> {
    session.refuse_unfit_discount()?;
    let choices = (0_u16..).zip(&session.shipping_options).map(|(choice, _)| Some(choice));
    for shipping_choice in std::iter::once(session.shipping_choice).chain(choices) {
        let session = CheckoutSession { shipping_choice, ..session.clone() };
        let total = session.totals()?.total;
        if !total.is_positive() {
            return Err(Refusal::AmountTooSmall.into());
        }
        if session.terms.parts().any(|minor| minor > total.minor()) {
            return Err(Refusal::PartExceedsPayment.into());
        }
        for part in session.parts()? {
            if !part.total()?.is_positive() {
                return Err(Refusal::AmountTooSmall.into());
            }
        }
    }
    Ok(())
}

/// Refuses `SessionNotOpen` when the session is complete, expired or out of time.
pub(super) fn refuse_closed(draft: &Draft<'_>, session: &CheckoutSession) -> Result<(), Stop> {
    match session.state {
        SessionState::Open if draft.now < session.expires_at => Ok(()),
        SessionState::Open | SessionState::Complete { .. } | SessionState::Expired { .. } => {
            Err(Refusal::SessionNotOpen.into())
        }
    }
}

/// The session's payment, when it waits for a card. Refuses when it is under way or paid.
pub(super) fn unpaid_intent(
    draft: &Draft<'_>,
    session: &CheckoutSession,
) -> Result<Option<PaymentIntent>, Stop> {
    let Some(id) = session.intent else { return Ok(None) };
    let intent: PaymentIntent = draft.get(&id)?;
    match intent.state {
        IntentState::RequiresPaymentMethod { .. } => Ok(Some(intent)),
        IntentState::RequiresConfirmation { .. }
        | IntentState::Processing { .. }
        | IntentState::RequiresAction { .. }
        | IntentState::RequiresCapture { .. }
        | IntentState::Succeeded { .. }
        | IntentState::Canceled { .. } => Err(Refusal::PaymentUnexpectedState.into()),
    }
}

/// Refuses `AnswersMissing` when the buyer has not answered what the shop wants to know.
pub(super) fn refuse_unanswered(session: &CheckoutSession) -> Result<(), Stop> {
    if session.problems(&session.given).is_empty() {
        Ok(())
    } else {
        Err(Refusal::AnswersMissing.into())
    }
}

/// Refuses `CardBlocked` for a card that the shop does not take, and for one that nobody knows
/// anything of where the shop does not take all; `MethodNotReady` for a kept one that the network
/// has not described.
pub(super) fn refuse_blocked(
    draft: &Draft<'_>,
    session: &CheckoutSession,
    confirm: &ConfirmCheckoutSession,
) -> Result<(), Stop> {
    let blocked = &session.terms.blocked;
    if blocked.is_empty() || confirm.token.as_ref().is_some_and(CardToken::is_debit) {
        return Ok(());
    }
    let is_taken = match confirm.card_use.method {
        Some(method) => {
            let method: PaymentMethod = draft.get(&method)?;
            !blocked.covers(&method.card().ok_or(Refusal::MethodNotReady)?.summary)
        }
        None => confirm.seen.as_ref().is_some_and(|card| !blocked.covers(card)),
    };
    if is_taken { Ok(()) } else { Err(Refusal::CardBlocked.into()) }
}

/// Closes a session before its time.
pub(super) fn expire(draft: &mut Draft<'_>, id: CheckoutSessionId) -> Result<(), Stop> {
    let session: CheckoutSession = draft.get(&id)?;
    if session.state != SessionState::Open {
        return Err(Refusal::SessionNotOpen.into());
    }
    let unpaid = unpaid(draft, &session)?;
    close(draft, session, unpaid)
}

/// What a session was opened for and has not brought.
enum Unpaid {
    Payment(Option<Box<PaymentIntent>>),
    Setup(Box<SetupIntent>),
}

/// What is given up with a session. Refuses while a bank is asked, and when it has agreed.
fn unpaid(draft: &Draft<'_>, session: &CheckoutSession) -> Result<Unpaid, Stop> {
    Ok(match session.setup {
        Some(of) => Unpaid::Setup(Box::new(setup::waiting_of(draft, of.intent)?)),
        None => Unpaid::Payment(unpaid_intent(draft, session)?.map(Box::new)),
    })
}

/// The session's time is over. While a bank is being asked, only its answer may end the payment.
pub(super) fn on_end(draft: &mut Draft<'_>, id: CheckoutSessionId) -> Result<(), Stop> {
    let session: CheckoutSession = draft.get(&id)?;
    if session.state != SessionState::Open {
        return Ok(());
    }
    match unpaid(draft, &session) {
        Ok(unpaid) => close(draft, session, unpaid)?,
        Err(Stop::Refused(_)) => {
            let again = draft.now.after(CLOSE_AGAIN);
            draft.effect_at(again, EffectKind::Timer(Timer::SessionEnd(id)));
        }
        Err(need) => return Err(need),
    }
    Ok(())
}

fn close(draft: &mut Draft<'_>, mut session: CheckoutSession, unpaid: Unpaid) -> Result<(), Stop> {
    discount::give_back(draft, &mut session)?;
    session.state = SessionState::Expired { at: draft.now };
    draft.event(EventKind::CheckoutSessionExpired, &session);
    draft.put(session);
    match unpaid {
        Unpaid::Payment(None) => {}
        Unpaid::Payment(Some(mut intent)) => {
            let attempt = intent.attempt();
            let reason = CancelReason::Expired;
            intent.state = IntentState::Canceled { at: draft.now, reason, attempt };
            draft.event(EventKind::PaymentIntentCanceled, &*intent);
            draft.put(*intent);
        }
        Unpaid::Setup(setup) => setup::abandon(draft, *setup),
    }
    Ok(())
}
