//! One connection, watched: how long it may be silent, half said or idle, and how large and how
//! slow a body may be. hyper has one timer for the head of a request, which also runs between
//! requests; kept short it closes connections that clients want to use again, kept long it lets
//! half a head stay.

use std::fmt;
use std::pin::Pin;
use std::sync::{Arc, Mutex, PoisonError};
use std::task::{Context, Poll, ready};
use std::time::Duration;

use axum::body::Bytes;
use hyper::body::{Body, Frame, SizeHint};
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::sync::Notify;
use tokio::time::{Instant, Sleep, sleep_until};

use crate::server::limits::ServerLimits;

/// What one connection is doing, shared by its stream, its requests and its watch.
#[derive(Debug)]
pub(crate) struct Activity {
    phase: Mutex<(Phase, Instant)>,
    changed: Notify,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Phase {
    /// Nothing has arrived on it yet.
    Silent,
    /// The head of a request is arriving.
    Head,
    /// A request is being answered; its body and its handler have deadlines of their own.
    Busy,
    /// A request has been answered; the answer is on its way or has been taken.
    Idle,
}

impl Activity {
    pub(crate) fn new() -> Arc<Activity> {
        let phase = Mutex::new((Phase::Silent, Instant::now()));
        Arc::new(Activity { phase, changed: Notify::new() })
    }

    /// Whether the peer has sent nothing at all.
    pub(crate) fn is_silent(&self) -> bool {
        self.read().0 == Phase::Silent
    }

    /// A request begins; it ends when the guard goes.
    pub(crate) fn busy(self: &Arc<Activity>) -> BusyGuard {
        self.set(Phase::Busy);
        BusyGuard(Arc::clone(self))
    }

    /// Ends when the connection has done nothing useful for too long.
    pub(crate) async fn overstayed(&self, limits: &ServerLimits) {
        loop {
            let (phase, since) = self.read();
            let allowed = match phase {
                Phase::Silent => Some(limits.first_byte),
                Phase::Head => Some(limits.head),
                Phase::Idle => Some(limits.idle),
                Phase::Busy => None,
            };
            let Some(allowed) = allowed else {
                self.changed.notified().await;
                continue;
            };
            tokio::select! {
                () = sleep_until(since + allowed) => {
                    // The phase may have changed in the same instant.
                    if self.read() == (phase, since) {
                        return;
                    }
                }
                () = self.changed.notified() => {}
            }
        }
    }

    fn bytes_arrived(&self) {
        match self.read().0 {
            Phase::Silent | Phase::Idle => self.set(Phase::Head),
            Phase::Head | Phase::Busy => {}
        }
    }

    fn read(&self) -> (Phase, Instant) {
        // Nothing panics while it holds the lock.
        *self.phase.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn set(&self, phase: Phase) {
        *self.phase.lock().unwrap_or_else(PoisonError::into_inner) = (phase, Instant::now());
        self.changed.notify_one();
    }
}

/// While it lives, a request of the connection is being answered.
pub(crate) struct BusyGuard(Arc<Activity>);

impl Drop for BusyGuard {
    fn drop(&mut self) {
        self.0.set(Phase::Idle);
    }
}

/// A stream that tells its activity when something arrives.
pub(crate) struct Watched<S> {
    stream: S,
    activity: Arc<Activity>,
}

impl<S> Watched<S> {
    pub(crate) fn new(stream: S, activity: Arc<Activity>) -> Watched<S> {
        Watched { stream, activity }
    }
}

impl<S: AsyncRead + Unpin> AsyncRead for Watched<S> {
    fn poll_read(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<std::io::Result<()>> {
        let before = buffer.filled().len();
        ready!(Pin::new(&mut self.stream).poll_read(context, buffer))?;
        if buffer.filled().len() > before {
            self.activity.bytes_arrived();
        }
        Poll::Ready(Ok(()))
    }
}

impl<S: AsyncWrite + Unpin> AsyncWrite for Watched<S> {
    fn poll_write(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<std::io::Result<usize>> {
        Pin::new(&mut self.stream).poll_write(context, bytes)
    }

    fn poll_flush(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<std::io::Result<()>> {
        Pin::new(&mut self.stream).poll_flush(context)
    }

    fn poll_shutdown(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<std::io::Result<()>> {
        Pin::new(&mut self.stream).poll_shutdown(context)
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        slices: &[std::io::IoSlice<'_>],
    ) -> Poll<std::io::Result<usize>> {
        Pin::new(&mut self.stream).poll_write_vectored(context, slices)
    }

    fn is_write_vectored(&self) -> bool {
        self.stream.is_write_vectored()
    }
}

/// The body of a request, at most so many bytes, all of them within a time.
pub(crate) struct BoundedBody<B> {
    body: B,
    left: usize,
    deadline: Pin<Box<Sleep>>,
}

/// Why reading a body ended early.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum BodyRefused {
    TooLarge,
    TooSlow,
}

impl<B> BoundedBody<B> {
    pub(crate) fn new(body: B, bytes_max: usize, time_max: Duration) -> BoundedBody<B> {
        let deadline = Box::pin(sleep_until(Instant::now() + time_max));
        BoundedBody { body, left: bytes_max, deadline }
    }
}

impl<B> Body for BoundedBody<B>
where
    B: Body<Data = Bytes> + Unpin,
    B::Error: std::error::Error + Send + Sync + 'static,
{
    type Data = Bytes;
    type Error = Box<dyn std::error::Error + Send + Sync>;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, Self::Error>>> {
        let Poll::Ready(frame) = Pin::new(&mut self.body).poll_frame(context) else {
            ready!(self.deadline.as_mut().poll(context));
            return Poll::Ready(Some(Err(BodyRefused::TooSlow.into())));
        };
        let Some(frame) = frame.transpose()? else { return Poll::Ready(None) };
        let length = frame.data_ref().map_or(0, Bytes::len);
        match self.left.checked_sub(length) {
            Some(left) => self.left = left,
            None => return Poll::Ready(Some(Err(BodyRefused::TooLarge.into()))),
        }
        Poll::Ready(Some(Ok(frame)))
    }

    fn is_end_stream(&self) -> bool {
        self.body.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.body.size_hint()
    }
}

impl fmt::Display for BodyRefused {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::TooLarge => "the body is too large",
            Self::TooSlow => "the body did not arrive in time",
        })
    }
}

impl std::error::Error for BodyRefused {}
