//! `/v1/accounts/{id}/capabilities`: what a seller may do.

use holdfast_core::event::EventKind;

use crate::error::ApiError;
use crate::expand::Expand;
use crate::fields;
use crate::objects::List;
use crate::pipeline::Answer;
use crate::pipeline::call::Call;
use crate::render::account;
use crate::reply::Reply;

use super::{account_params, accounts};

/// `GET /v1/accounts/{id}/capabilities`.
pub(crate) async fn list(call: Call) -> Answer {
    call.read(|params| Expand::take(params, |_| Ok(())))?;
    let id = accounts::named(&call)?;
    let row = accounts::find(&call, id).await?;
    let names = account::capabilities(&row).into_keys();
    let objects = names.filter_map(|name| account::capability(&row, &name)).collect();
    let url = format!("/v1/accounts/{id}/capabilities");
    Ok(Reply::ok(&List::whole(url, objects)))
}

/// `GET /v1/accounts/{id}/capabilities/{name}`.
pub(crate) async fn retrieve(call: Call) -> Answer {
    call.read(|params| Expand::take(params, |_| Ok(())))?;
    let row = accounts::find(&call, accounts::named(&call)?).await?;
    let capability = account::capability(&row, &call.inner_id);
    Ok(Reply::ok(&capability.ok_or_else(|| missing(&call))?))
}

/// `POST /v1/accounts/{id}/capabilities/{name}`.
pub(crate) async fn update(call: Call) -> Answer {
    let requested = call.read(|params| {
        Expand::take(params, |_| Ok(()))?;
        if account::FROM_THE_START.contains(&call.inner_id.as_str()) {
            let asked = params.choice("requested", &[("true", true)])?;
            return Ok(asked);
        }
        params.boolean("requested")
    })?;
    if !account_params::is_capability(&call.inner_id) {
        return Err(missing(&call).into());
    }
    let (row, _) = accounts::edit(&call, accounts::named(&call)?, |row| {
        let asked = &mut row.profile.capabilities;
        let is_given = account::FROM_THE_START.contains(&call.inner_id.as_str());
        match requested {
            Some(true) if !is_given => account_params::note(asked, &call.inner_id),
            Some(false) => asked.retain(|name| *name != call.inner_id),
            Some(true) | None => {}
        }
        Ok(vec![EventKind::AccountUpdated])
    })
    .await?;
    let capability = account::capability(&row, &call.inner_id);
    let declined = || {
        fields::invalid(call.given(), "requested", "was declined, so that there is nothing to show")
    };
    Ok(Reply::ok(&capability.ok_or_else(declined)?))
}

fn missing(call: &Call) -> ApiError {
    ApiError::not_found("capability", &call.inner_id)
}
