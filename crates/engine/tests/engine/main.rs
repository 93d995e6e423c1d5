//! The engine over every store, with an outside world that does as it is told.

#![allow(clippy::unwrap_used)]

/// Runs each scenario once for each store, in real time.
macro_rules! on_every_store {
    ($($scenario:ident)*) => {
        mod memory {
            $(
                #[tokio::test]
                async fn $scenario() {
                    super::$scenario($crate::support::memory()).await;
                }
            )*
        }

        mod embedded {
            $(
                #[tokio::test]
                async fn $scenario() {
                    let folder = tempfile::tempdir().unwrap();
                    super::$scenario($crate::support::embedded(folder.path())).await;
                }
            )*
        }
    };
}

mod clock;
mod effects;
mod groups;
mod idempotency;
mod left;
mod limits;
mod retention;
mod submit;
mod support;
mod waiting;
mod webhooks;
