//! The core from outside: tables of its decisions, and the laws that hold for all of them.

mod laws;
mod world;

/// Decision tables, one file for each feature.
mod tables {
    mod cancel;
    mod claim;
    mod clock;
    mod direct;
    mod discount;
    mod dispute;
    mod ending;
    mod held;
    mod increment;
    mod pay;
    mod payout;
    mod refund;
    mod refund_again;
    mod replay;
    mod sale;
    mod saved_cards;
    mod session;
    mod setup;
    mod ship;
    mod single_capture;
    mod taken;
    mod transfer;
    mod unknown;
    mod visit;
    mod webhook;
}
