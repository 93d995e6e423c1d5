//! `/v1/test_helpers/test_clocks`: the sandbox's time, and clocks that move nothing but themselves.

use holdfast_core::clock::{OWN_CLOCK, OwnClock, PLATFORM_CLOCK, TestClock};
use holdfast_core::command::Command;
use holdfast_core::event::EventKind;
use holdfast_core::id::TestClockId;
use holdfast_core::key::RowKind;
use holdfast_core::row::Record as _;
use holdfast_core::time::{Span, Timestamp};

use crate::codes;
use crate::error::ApiError;
use crate::expand::Expand;
use crate::list::Page;
use crate::objects::Deleted;
use crate::paging::{self, Narrowed};
use crate::pipeline::Answer;
use crate::pipeline::call::Call;
use crate::pipeline::halt::Halt;
use crate::render::test_clock;
use crate::reply::Reply;

/// The longest name of a clock, in characters; as in the dialect.
const NAME_CHARS_MAX: usize = 300;

/// `POST /v1/test_helpers/test_clocks`: a clock that moves nothing but itself, and may therefore
/// show any time. The platform's clock, by which payments and payouts run, is there from the start.
pub(crate) async fn create(call: Call) -> Answer {
    let own = call.read(|params| {
        Expand::take(params, |_| Ok(()))?;
        let seconds = params.timestamp("frozen_time")?;
        let seconds = seconds.ok_or_else(|| params.missing("frozen_time"))?;
        let name = params.text("name", NAME_CHARS_MAX)?;
        Ok(OwnClock { time: Timestamp::from_seconds(seconds), name, deleted: false })
    })?;
    let row = TestClock {
        id: call.api.engine().fresh_id(),
        created: call.api.engine().now(),
        ahead: Span::ZERO,
        target: None,
        own: Some(own),
    };
    let id = call.keep_new::<TestClock>(row, Some(EventKind::TestClockCreated)).await?;
    let row = call.present::<TestClock>(&id).await?;
    Ok(Reply::ok(&test_clock::object(&row, call.api.engine().now())))
}

/// `DELETE /v1/test_helpers/test_clocks/{id}`. The platform's own clock stays.
pub(crate) async fn delete(call: Call) -> Answer {
    call.read(|_| Ok(()))?;
    named(&call).await?;
    let edit = |row: &mut TestClock| match &mut row.own {
        Some(own) => {
            own.deleted = true;
            Ok(())
        }
        None => {
            let message = "The platform's own clock cannot be deleted.";
            Err(ApiError::param(codes::RESOURCE_IN_USE, "id", message))
        }
    };
    let event = Some(EventKind::TestClockDeleted);
    let row = call.edit::<TestClock>(OBJECT, event, edit).await?;
    Ok(Reply::ok(&Deleted::new(OBJECT, row.id.to_string())))
}

const OBJECT: &str = "test_helpers.test_clock";

/// The clock that the path names, unless it was deleted.
async fn named(call: &Call) -> Result<TestClock, Halt> {
    let row = call.named::<TestClock>(OBJECT).await?;
    if row.own.as_ref().is_some_and(|own| own.deleted) {
        return Err(ApiError::not_found(OBJECT, &call.path_id).into());
    }
    Ok(row)
}

/// `GET /v1/test_helpers/test_clocks/{id}`.
pub(crate) async fn retrieve(call: Call) -> Answer {
    call.read(|params| Expand::take(params, |_| Ok(())))?;
    let row = named(&call).await?;
    Ok(Reply::ok(&test_clock::object(&row, call.api.engine().now())))
}

/// `GET /v1/test_helpers/test_clocks`.
pub(crate) async fn list(call: Call) -> Answer {
    let page = call.read(Page::take)?;
    let narrowed = Narrowed::all(RowKind::TestClock);
    let narrowed = narrowed.state(Some(PLATFORM_CLOCK)).state(Some(OWN_CLOCK));
    let rows = paging::rows::<TestClock>(&call, &page, narrowed).await?;
    let now = call.api.engine().now();
    let objects = rows.iter().map(|row| test_clock::object(row, now)).collect();
    Ok(Reply::ok(&page.list(call.path, objects)))
}

/// `POST /v1/test_helpers/test_clocks/{id}/advance`. Answers when the clock has set out; it is
/// there when its status is `ready`.
pub(crate) async fn advance(call: Call) -> Answer {
    let id: TestClockId = call.id("test_helpers.test_clock")?;
    let seconds = call.read(|params| {
        params.timestamp("frozen_time")?.ok_or_else(|| params.missing("frozen_time"))
    })?;
    let to = Timestamp::from_seconds(seconds);
    call.act(TestClock::key(&id), Command::AdvanceTestClock(id, to)).await?;
    let row = call.present::<TestClock>(&id).await?;
    Ok(Reply::ok(&test_clock::object(&row, call.api.engine().now())))
}
