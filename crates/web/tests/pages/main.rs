//! Renders every page with sample values in every language and looks for what must stand there.

#![allow(clippy::unwrap_used)]

mod console;
mod every;
mod order;
mod pay;
mod receipt;
#[path = "../samples/mod.rs"]
mod samples;

use askama::Template;

/// Fails unless each of `facts` stands in the page.
#[track_caller]
fn shows(template: &impl Template, facts: &[&str]) {
    let html = template.render().unwrap();
    for fact in facts {
        assert!(html.contains(fact), "the page lacks {fact}:\n{html}");
    }
}

/// Fails when one of `facts` stands in the page.
#[track_caller]
fn hides(template: &impl Template, facts: &[&str]) {
    let html = template.render().unwrap();
    for fact in facts {
        assert!(!html.contains(fact), "the page shows {fact}:\n{html}");
    }
}
