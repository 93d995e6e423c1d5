//! The movable clock.

use crate::clock::TestClock;
use crate::command::ClockStep;
use crate::effect::{EffectKind, Timer};
use crate::event::EventKind;
use crate::id::TestClockId;
use crate::refusal::Refusal;
use crate::time::{Span, Timestamp};
use crate::view::Stop;

use super::draft::Draft;

/// Makes the platform's clock.
pub(super) fn create(draft: &mut Draft<'_>) -> Result<(), Stop> {
    let clock = TestClock {
        id: draft.id(),
        created: draft.now,
        ahead: Span::ZERO,
        target: None,
        own: None,
    };
    draft.put(clock);
    Ok(())
}

/// Sends the clock to a moment. Refuses `ClockAdvancing` while it moves and
/// `ClockMovesForwardOnly` for a moment that has passed.
pub(super) fn advance(draft: &mut Draft<'_>, id: TestClockId, to: Timestamp) -> Result<(), Stop> {
    let mut clock: TestClock = draft.get(&id)?;
    if clock.own.as_ref().is_some_and(|own| own.deleted) {
        return Err(Refusal::NotFound.into());
    }
    if clock.target.is_some() {
        return Err(Refusal::ClockAdvancing.into());
    }
    let shown = clock.own.as_ref().map_or(draft.now, |own| own.time);
    if to <= shown {
        return Err(Refusal::ClockMovesForwardOnly.into());
    }
    clock.target = Some(to);
    draft.event(EventKind::TestClockAdvancing, &clock);
    if clock.own.is_some() {
        draft.effect_now(EffectKind::Timer(Timer::ClockArrives(id)));
    }
    draft.put(clock);
    Ok(())
}

/// A clock of the platform's making is where it was sent to: nothing is due on its way.
pub(super) fn arrive(draft: &mut Draft<'_>, id: TestClockId) -> Result<(), Stop> {
    let mut clock: TestClock = draft.get(&id)?;
    if let (Some(own), Some(target)) = (&mut clock.own, clock.target) {
        own.time = target;
        clock.target = None;
        draft.event(EventKind::TestClockReady, &clock);
        draft.put(clock);
    }
    Ok(())
}

/// One step of the move. The processor of the sandbox is told, so that its cards age as well.
pub(super) fn step(
    draft: &mut Draft<'_>,
    id: TestClockId,
    ahead: Span,
    step: ClockStep,
) -> Result<(), Stop> {
    let mut clock: TestClock = draft.get(&id)?;
    if ahead < clock.ahead {
        return Err(Refusal::ClockMovesForwardOnly.into());
    }
    clock.ahead = ahead;
    if step == ClockStep::Arrived {
        clock.target = None;
        draft.event(EventKind::TestClockReady, &clock);
    }
    draft.effect_now(EffectKind::MoveClock { ahead });
    draft.put(clock);
    Ok(())
}
