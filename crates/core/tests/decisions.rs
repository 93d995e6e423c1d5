//! The core from outside: tables of its decisions, and the laws that hold for all of them.

mod laws;
mod world;

/// Decision tables, one file for each feature.
mod tables {
    mod cancel;
    mod claim;
    mod clock;
    mod ending;
    mod held;
    mod pay;
    mod refund;
    mod refund_again;
    mod replay;
    mod sale;
    mod session;
    mod ship;
    mod single_capture;
    mod unknown;
    mod webhook;
}
