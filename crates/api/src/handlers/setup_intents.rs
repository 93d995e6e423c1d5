//! `/v1/setup_intents`: saving a card without a payment.

use holdfast_core::command::{Command, ConfirmSetup, CreateSetup, Keep, SavingCommand};
use holdfast_core::id::{CustomerId, PaymentMethodId, SellerId, SetupIntentId};
use holdfast_core::key::RowKind;
use holdfast_core::payment::method::PaymentMethod;
use holdfast_core::payment::setup::{FailedSetup, SetupAttempt, SetupIntent, SetupState};
use holdfast_core::refusal::Refusal;
use holdfast_core::row::Record as _;
use holdfast_core::seller::Seller;

use crate::error::ApiError;
use crate::expand::Expand;
use crate::fields;
use crate::list::{Created, Page};
use crate::objects::{self, Expandable};
use crate::paging::{self, Narrowed};
use crate::params::Params;
use crate::pipeline::Answer;
use crate::pipeline::call::Call;
use crate::pipeline::halt::Halt;
use crate::refusals;
use crate::render::setup_intent;
use crate::reply::Reply;

use super::cards;
use super::payment_shown::client_secret;
use super::setup_params::{self, Confirm, Edit};

/// `POST /v1/setup_intents`.
pub(crate) async fn create(call: Call) -> Answer {
    let (create, expanded) = call
        .read(|params| Ok((setup_params::create(&call.api, params)?, Expanded::take(params)?)))?;
    let id = call.made_once::<SetupIntent>(made(&call, create)).await?;
    tried(&call, &call.present::<SetupIntent>(&id).await?, expanded).await
}

async fn made(call: &Call, create: CreateSetup) -> Result<SetupIntentId, Halt> {
    cards::must_exist(call, create.customer, create.card.method).await?;
    seller_must_exist(call, create.on_behalf_of).await?;
    let command = Command::Saving(SavingCommand::CreateSetup(Box::new(create)));
    call.make::<SetupIntent>(command, RowKind::SetupIntent).await
}

/// `GET /v1/setup_intents/{id}`.
pub(crate) async fn retrieve(call: Call) -> Answer {
    let (secret, expanded) = call
        .read(|params| Ok((client_secret(&call, params)?, Expanded::for_caller(&call, params)?)))?;
    let row = call.named::<SetupIntent>("setup_intent").await?;
    let_in(&call, &row, secret.as_deref())?;
    Ok(Reply::ok(&shown(&call, &row, expanded).await?))
}

/// `POST /v1/setup_intents/{id}`.
pub(crate) async fn update(call: Call) -> Answer {
    let read = |params: &mut Params| Ok((Edit::take(params)?, Expanded::take(params)?));
    let (edit, expanded) = call.read(read)?;
    cards::must_exist(&call, edit.customer, edit.method).await?;
    let method = match edit.method {
        Some(id) => Some(call.present::<PaymentMethod>(&id).await?),
        None => None,
    };
    let row = call
        .edit::<SetupIntent>("setup_intent", None, |row| {
            if row.session.is_some() && (edit.customer.is_some() || edit.method.is_some()) {
                // Its buyer says on the page whose card it is.
                let error = refusals::refused(Refusal::SetupUnexpectedState);
                return Err(with_setup(&call, error, row));
            }
            call.read(read)?.0.apply(row)?;
            match &method {
                Some(method) => wait_with(&call, row, method),
                None => Ok(()),
            }
        })
        .await?;
    Ok(Reply::ok(&shown(&call, &row, expanded).await?))
}

/// Lets a setup wait with another card, where it still waits for one.
fn wait_with(call: &Call, row: &mut SetupIntent, method: &PaymentMethod) -> Result<(), ApiError> {
    if method.customer.is_some() && method.customer != row.customer {
        return Err(refusals::refused(Refusal::MethodOfAnotherCustomer));
    }
    match row.state {
        SetupState::RequiresPaymentMethod { .. } | SetupState::RequiresConfirmation => {}
        SetupState::Processing
        | SetupState::RequiresAction { .. }
        | SetupState::Succeeded
        | SetupState::Canceled { .. } => {
            let error = refusals::refused(Refusal::SetupUnexpectedState);
            return Err(with_setup(call, error, row));
        }
    }
    row.method = Some(method.id);
    row.state = SetupState::RequiresConfirmation;
    Ok(())
}

/// `POST /v1/setup_intents/{id}/confirm`.
pub(crate) async fn confirm(call: Call) -> Answer {
    let setup: SetupIntentId = call.id("setup_intent")?;
    let (confirm, secret, expanded) = call.read(|params| {
        let confirm = Confirm::take(params, call.is_browser())?;
        let secret = client_secret(&call, params)?;
        Ok((confirm, secret, Expanded::for_caller(&call, params)?))
    })?;
    if secret.is_some() {
        let row = call.named::<SetupIntent>("setup_intent").await?;
        let_in(&call, &row, secret.as_deref())?;
    }
    cards::must_exist(&call, None, confirm.card.method).await?;
    let command = |keep: Keep, _: &SetupIntent| {
        let Confirm { card, return_url, .. } = confirm.clone();
        let confirm = ConfirmSetup { setup, card, return_url, edit: Some(keep) };
        Command::Saving(SavingCommand::ConfirmSetup(Box::new(confirm)))
    };
    let edit = |row: &mut SetupIntent| {
        confirm.apply(row);
        Ok(())
    };
    match call.edit_as("setup_intent", setup, command, edit).await {
        Ok(row) => tried(&call, &row, expanded).await,
        Err(halt) => Err(of_setup(&call, setup, halt).await),
    }
}

/// `POST /v1/setup_intents/{id}/cancel`.
pub(crate) async fn cancel(call: Call) -> Answer {
    let id: SetupIntentId = call.id("setup_intent")?;
    let (reason, expanded) =
        call.read(|params| Ok((setup_params::cancel_reason(params)?, Expanded::take(params)?)))?;
    moved(&call, id, SavingCommand::CancelSetup(id, reason)).await?;
    let row = call.present::<SetupIntent>(&id).await?;
    Ok(Reply::ok(&shown(&call, &row, expanded).await?))
}

/// `GET /v1/setup_intents`.
pub(crate) async fn list(call: Call) -> Answer {
    let (page, customer, method, created, expanded) = call.read(|params| {
        params.boolean("attach_to_self")?;
        let customer: Option<CustomerId> = fields::id(params, "customer", "customer")?;
        let method: Option<PaymentMethodId> =
            fields::id(params, "payment_method", "payment_method")?;
        let created = Created::take(params)?;
        let expanded = Expand::take(params, |expand| expand.property("data", Expanded::of))?;
        Ok((Page::take(params)?, customer, method, created, expanded.unwrap_or_default()))
    })?;
    let narrowed = Narrowed::linked(RowKind::SetupIntent, customer.as_ref());
    let narrowed = narrowed.link(method.as_ref()).created(created);
    let mut objects = Vec::new();
    for row in paging::rows::<SetupIntent>(&call, &page, narrowed).await? {
        objects.push(shown(&call, &row, expanded).await?);
    }
    Ok(Reply::ok(&page.list(call.path, objects)))
}

/// `GET /v1/setup_attempts`.
pub(crate) async fn attempts(call: Call) -> Answer {
    let (page, id, created, expanded) = call.read(|params| {
        let id: Option<SetupIntentId> = fields::id(params, "setup_intent", "setup_intent")?;
        let id = id.ok_or_else(|| params.missing("setup_intent"))?;
        let created = Created::take(params)?;
        let of = |expand: &mut Expand| {
            let method = expand.property("payment_method", |_| Ok(()))?.is_some();
            Ok((method, expand.property("setup_intent", |_| Ok(()))?.is_some()))
        };
        let expanded = Expand::take(params, |expand| expand.property("data", of))?;
        Ok((Page::take(params)?, id, created, expanded.unwrap_or_default()))
    })?;
    let setup = call.find::<SetupIntent>(&id).await?;
    let missing = || ApiError::unknown_reference("setup_intent", &id.to_string(), "setup_intent");
    let setup = setup.ok_or_else(missing)?;
    let narrowed = Narrowed::linked(RowKind::SetupAttempt, Some(&id)).created(created);
    let mut objects = Vec::new();
    for row in paging::rows::<SetupAttempt>(&call, &page, narrowed).await? {
        let mut object = setup_intent::attempt(&row, Some(&setup));
        if expanded.0
            && let Some(method) = cards::expanded_method(&call, Some(row.method)).await?
        {
            object.payment_method = method;
        }
        if expanded.1 {
            object.setup_intent = Expandable::Object(Box::new(setup_intent::object(&setup)));
        }
        objects.push(object);
    }
    Ok(Reply::ok(&page.list(call.path, objects)))
}

/// What an answer about a setup expands.
#[derive(Clone, Copy, Debug, Default)]
struct Expanded {
    attempt: bool,
    method: bool,
    customer: bool,
}

impl Expanded {
    fn take(params: &mut Params) -> Result<Expanded, ApiError> {
        Expand::take(params, Expanded::of)
    }

    fn of(expand: &mut Expand) -> Result<Expanded, ApiError> {
        // Never filled here.
        for name in ["mandate", "single_use_mandate"] {
            expand.property(name, |_| Ok(()))?;
        }
        Ok(Expanded {
            attempt: expand.property("latest_attempt", |_| Ok(()))?.is_some(),
            method: expand.property("payment_method", |_| Ok(()))?.is_some(),
            customer: expand.property("customer", |_| Ok(()))?.is_some(),
        })
    }

    /// What the caller may expand: a browser nothing that the platform has written.
    fn for_caller(call: &Call, params: &mut Params) -> Result<Expanded, ApiError> {
        if call.is_browser() {
            let method =
                |expand: &mut Expand| Ok(expand.property("payment_method", |_| Ok(()))?.is_some());
            let method = Expand::take(params, method)?;
            return Ok(Expanded { method, ..Expanded::default() });
        }
        Expanded::take(params)
    }
}

/// A setup as the caller may see it.
async fn shown(
    call: &Call,
    row: &SetupIntent,
    expanded: Expanded,
) -> Result<objects::SetupIntent, Halt> {
    let mut object = visible(call, row);
    if let (true, Some(id)) = (expanded.attempt, row.latest) {
        let attempt = call.present::<SetupAttempt>(&id).await?;
        let attempt = setup_intent::attempt(&attempt, Some(row));
        object.latest_attempt = Some(Expandable::Object(Box::new(attempt)));
    }
    if expanded.method {
        object.payment_method = cards::expanded_method(call, row.method).await?;
    }
    if expanded.customer {
        object.customer = cards::expanded_customer(call, row.customer).await?;
    }
    Ok(object)
}

fn visible(call: &Call, row: &SetupIntent) -> objects::SetupIntent {
    if call.is_browser() { setup_intent::for_browser(row) } else { setup_intent::object(row) }
}

/// The answer about a setup whose card may just have been tried: the setup, or why the card was
/// declined.
async fn tried(call: &Call, row: &SetupIntent, expanded: Expanded) -> Answer {
    if let Some(failed) = setup_intent::last_failed(row) {
        return Err(declined(call, row, failed).into());
    }
    Ok(Reply::ok(&shown(call, row, expanded).await?))
}

/// Why a card was declined, with its setup.
pub(super) fn declined(call: &Call, row: &SetupIntent, failed: &FailedSetup) -> ApiError {
    let method = serde_json::to_value(setup_intent::tried_method(failed)).unwrap_or_default();
    let error = ApiError::card(setup_intent::decline(&failed.decline));
    with_setup(call, error, row).with_payment_method(method)
}

fn with_setup(call: &Call, error: ApiError, row: &SetupIntent) -> ApiError {
    error.with_setup_intent(serde_json::to_value(visible(call, row)).unwrap_or_default())
}

/// Carries out a command about a setup. One that the setup's state does not allow is answered with
/// the setup, so that a client learns that it came too late.
async fn moved(call: &Call, id: SetupIntentId, command: SavingCommand) -> Result<(), Halt> {
    let done = call.act(SetupIntent::key(&id), Command::Saving(command)).await;
    match done {
        Ok(_) => Ok(()),
        Err(halt) => Err(of_setup(call, id, halt).await),
    }
}

/// Adds the setup to the refusal that its state is the reason of.
async fn of_setup(call: &Call, id: SetupIntentId, halt: Halt) -> Halt {
    match halt {
        Halt::Refused(refusal @ Refusal::SetupUnexpectedState) => {
            match call.present::<SetupIntent>(&id).await {
                Ok(row) => with_setup(call, refusals::refused(refusal), &row).into(),
                Err(halt) => halt,
            }
        }
        Halt::Refused(_) | Halt::Error(_) | Halt::Replay(_) => halt,
    }
}

/// Refuses a secret that is not the setup's, as if there were no such setup.
fn let_in(call: &Call, row: &SetupIntent, client_secret: Option<&str>) -> Result<(), ApiError> {
    let Some(given) = client_secret else { return Ok(()) };
    let guess = given.strip_prefix(&format!("{}_secret_", row.id));
    if guess.is_some_and(|guess| row.secret.matches(guess)) {
        return Ok(());
    }
    Err(ApiError::not_found("setup_intent", &call.path_id))
}

/// Refuses a seller that does not exist.
async fn seller_must_exist(call: &Call, seller: Option<SellerId>) -> Result<(), Halt> {
    let Some(id) = seller else { return Ok(()) };
    let missing = || ApiError::unknown_reference("account", &id.to_string(), "on_behalf_of");
    call.find::<Seller>(&id).await?.map(drop).ok_or_else(|| missing().into())
}
