//! Which part of a request a connection is at, and since when.

use std::io;
use std::pin::Pin;
use std::sync::{Arc, Mutex, PoisonError};
use std::task::{Context, Poll};
use std::time::{Duration, Instant};

use hyper::rt::{Read, ReadBufCursor, Write};

/// Which part of a request a connection is at.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Phase {
    /// Nothing has come yet.
    New,
    /// The first byte of a request has come, not yet all of its headers.
    Headers,
    /// A request is being answered.
    Working,
    /// Between two requests.
    Resting,
}

/// The phase of one connection, shared by all that moves it.
#[derive(Clone, Debug)]
pub(super) struct Phases(Arc<Mutex<(Phase, Instant)>>);

impl Phases {
    /// A new connection.
    pub(super) fn new() -> Phases {
        Phases(Arc::new(Mutex::new((Phase::New, Instant::now()))))
    }

    /// Enters a phase.
    pub(super) fn enter(&self, phase: Phase) {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = (phase, Instant::now());
    }

    /// The phase, and how long it has lasted.
    pub(super) fn now(&self) -> (Phase, Duration) {
        let (phase, since) = *self.0.lock().unwrap_or_else(PoisonError::into_inner);
        (phase, since.elapsed())
    }

    fn byte_came(&self) {
        match self.now().0 {
            Phase::New | Phase::Resting => self.enter(Phase::Headers),
            Phase::Headers | Phase::Working => {}
        }
    }
}

/// A connection that notes when a request begins.
#[derive(Debug)]
pub(super) struct Watched<T> {
    inner: T,
    phases: Phases,
}

impl<T> Watched<T> {
    /// Watches `inner`.
    pub(super) fn new(inner: T, phases: Phases) -> Watched<T> {
        Watched { inner, phases }
    }

    /// What is watched.
    pub(super) fn into_inner(self) -> T {
        self.inner
    }
}

impl<T: Read + Unpin> Read for Watched<T> {
    fn poll_read(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffer: ReadBufCursor<'_>,
    ) -> Poll<io::Result<()>> {
        let read = Pin::new(&mut self.inner).poll_read(context, buffer);
        if let Poll::Ready(Ok(())) = read {
            self.phases.byte_came();
        }
        read
    }
}

impl<T: Write + Unpin> Write for Watched<T> {
    fn poll_write(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.inner).poll_write(context, bytes)
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        slices: &[io::IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.inner).poll_write_vectored(context, slices)
    }

    fn is_write_vectored(&self) -> bool {
        self.inner.is_write_vectored()
    }

    fn poll_flush(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.inner).poll_flush(context)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.inner).poll_shutdown(context)
    }
}
