//! `/v1/test_helpers/test_clocks`: the sandbox's time.

use holdfast_core::clock::TestClock;
use holdfast_core::command::Command;
use holdfast_core::id::TestClockId;
use holdfast_core::row::{Record as _, RowKind};
use holdfast_core::time::Timestamp;

use crate::expand::Expand;
use crate::list::Page;
use crate::paging::{self, Narrowed};
use crate::pipeline::Answer;
use crate::pipeline::call::Call;
use crate::render::test_clock;
use crate::reply::Reply;

/// `GET /v1/test_helpers/test_clocks/{id}`.
pub(crate) async fn retrieve(call: Call) -> Answer {
    call.read(|params| Expand::take(params, |_| Ok(())))?;
    let row = call.named::<TestClock>("test_helpers.test_clock").await?;
    Ok(Reply::ok(&test_clock::object(&row, call.api.engine().now())))
}

/// `GET /v1/test_helpers/test_clocks`.
pub(crate) async fn list(call: Call) -> Answer {
    let page = call.read(Page::take)?;
    let narrowed = Narrowed::all(RowKind::TestClock);
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
