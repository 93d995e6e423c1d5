//! The questions to a seller: who it is, and where its money goes.

use std::sync::Arc;

use axum::body::Body;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Redirect, Response};
use holdfast_core::bank::{BankBehaviour, test_numbers};
use holdfast_core::command::{Command, EditSeller};
use holdfast_core::event::EventKind;
use holdfast_core::link::LinkPurpose;
use holdfast_core::refusal::Refusal;
use holdfast_core::row::Record;
use holdfast_core::seller::Seller;
use holdfast_engine::{Submission, SubmitError};

use super::form::{self, Answers, Made};
use super::pages::{OnboardedPage, OnboardingPage};
use super::paths;
use super::session::{self, Session, session, shell};
use super::views::{COUNTRIES, Done, Given, Onboarding, Problems, TestAccount};
use crate::console::surface::Console;
use crate::fields::{Field, Fields};
use crate::page::{Problem, page};
use crate::surface::Surface;
use crate::trouble::Trouble;
use crate::visit::Visit;

const PURPOSES: [LinkPurpose; 2] = [LinkPurpose::Onboarding, LinkPurpose::Update];
const FORM_TOKEN: Field = Field::new("form_token", 64);
/// How often the answers are written again because somebody else wrote the seller in between.
const TRIES_MAX: usize = 8;

/// `GET /seller/onboarding`.
pub(crate) async fn show(
    State(console): State<Arc<Console>>,
    visit: Visit,
    headers: HeaderMap,
) -> Response {
    let shown = async {
        let session = session(&console, &headers, &PURPOSES).await?;
        let given = known(&session.seller);
        Ok(form_page(&console, &visit, &session, (given, Problems::default())))
    };
    let result = shown.await;
    console.answer(&visit, result)
}

/// `POST /seller/onboarding`.
pub(crate) async fn save(
    State(console): State<Arc<Console>>,
    visit: Visit,
    headers: HeaderMap,
    body: Body,
) -> Response {
    let saved = async {
        let session = session(&console, &headers, &PURPOSES).await?;
        let asked =
            [FORM_TOKEN, form::NAME, form::COUNTRY, form::EMAIL, form::ROUTING, form::NUMBER];
        let fields = Fields::read(body, &asked).await?;
        if !console.form_key.admits(fields.text(&FORM_TOKEN)) {
            return Err(Problem::Foreign.into());
        }
        let given = form::given(&fields);
        let answers = match form::read(&given, session.seller.may_be_paid_out()) {
            Ok(answers) => answers,
            Err(problems) => return Ok(form_page(&console, &visit, &session, (given, problems))),
        };
        write(&console, &session.seller, &answers).await?;
        Ok(Redirect::to(paths::DONE).into_response())
    };
    let result = saved.await;
    console.answer(&visit, result)
}

/// `GET /seller/done`: ends the visit, and leads back to where the seller came from.
pub(crate) async fn done(
    State(console): State<Arc<Console>>,
    visit: Visit,
    headers: HeaderMap,
) -> Response {
    let shown = async {
        let session = session(&console, &headers, &PURPOSES).await?;
        let v = &Done { return_url: session.link.return_url.clone() };
        session::end(&console, session).await?;
        let (t, shell) = (visit.texts(), &shell(&console, None));
        Ok(page(StatusCode::OK, &OnboardedPage { t, shell, v }))
    };
    let result = shown.await;
    console.answer(&visit, result)
}

fn form_page(
    console: &Console,
    visit: &Visit,
    session: &Session,
    (given, problems): (Given, Problems),
) -> Response {
    let banks = &session.seller.bank_accounts;
    let paid = banks.iter().find(|bank| bank.refused.is_none());
    let last4 = paid.map(|bank| bank.last4.clone());
    let status =
        if problems.is_empty() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
    let v = &Onboarding {
        path: paths::ONBOARDING.to_owned(),
        form_token: console.form_key.token().to_owned(),
        given,
        problems,
        last4,
        numbers: if console.is_test() { offered() } else { Vec::new() },
    };
    let (t, shell) = (visit.texts(), &shell(console, Some(paths::ONBOARDING)));
    page(status, &OnboardingPage { t, shell, v })
}

/// One test account of each country that pays.
fn offered() -> Vec<TestAccount> {
    let paying = test_numbers().filter(|number| number.behaviour == BankBehaviour::Pays);
    let mut offered: Vec<TestAccount> = paying
        .filter_map(|number| {
            let (_, country) = COUNTRIES.iter().find(|(code, _)| *code == number.country)?;
            let (routing, number) = (number.routing_number, number.number);
            Some(TestAccount { country, routing, number })
        })
        .collect();
    offered.sort_by_key(|account| account.country);
    offered
}

fn known(seller: &Seller) -> Given {
    Given {
        name: seller.name.clone().unwrap_or_default(),
        country: seller.country.clone(),
        email: seller.email.clone().unwrap_or_default(),
        ..Given::default()
    }
}

/// Writes the answers, again on what is there then if somebody else was quicker.
async fn write(console: &Console, seller: &Seller, answers: &Answers) -> Result<(), Trouble> {
    let (engine, platform) = (&console.parts.engine, console.parts.platform);
    let made = Made { id: engine.fresh_id(), at: engine.now() };
    for _ in 0..TRIES_MAX {
        let found = engine.load(platform, &[Seller::key(&seller.id)]).await?;
        let stored = found.into_iter().next().flatten().filter(|it| !it.row.is_gone());
        let stored = stored.ok_or(Problem::NotFound)?;
        let mut row = Seller::of_row(&stored.row).cloned().ok_or(Problem::NotFound)?;
        let bank = answers.bank.as_ref().map(|number| form::account(number, answers, made));
        let mut events = vec![EventKind::AccountUpdated];
        if bank.is_some() {
            events.insert(0, EventKind::AccountExternalAccountCreated);
        }
        form::apply(answers, &mut row, bank);
        row.profile.onboarded_at = Some(engine.now());
        let edit = EditSeller { seller: row, expected: stored.version, token: None, events };
        let command = Command::EditSeller(Box::new(edit));
        match engine.submit(Submission::new(platform, command)).await {
            Ok(_) => return Ok(()),
            Err(SubmitError::Refused(Refusal::Changed)) => {}
            Err(error) => return Err(Trouble::of_submit(&error)),
        }
    }
    Err(Problem::Busy.into())
}
