//! What holds for every page, whatever it shows.

use std::collections::BTreeSet;

use holdfast_web::language::Language;

use crate::samples;

/// What a page may weigh before it is compressed: the bar is as much after.
const HTML_BYTES_MAX: usize = 30_000;

fn for_each_page(check: impl Fn(&str, &str)) {
    for language in Language::ALL {
        for sample in samples::all(language) {
            check(&format!("{} {}", sample.path, language.tag()), &sample.html);
        }
    }
}

/// The values of an attribute, wherever it stands.
fn values<'h>(html: &'h str, attribute: &str) -> Vec<&'h str> {
    let start = format!(" {attribute}=\"");
    html.split(&start).skip(1).filter_map(|rest| rest.split('"').next()).collect()
}

#[test]
fn each_is_small_and_names_its_language_and_direction() {
    for language in Language::ALL {
        let start = format!("<html lang=\"{}\" dir=\"{}\">", language.tag(), language.direction());
        for sample in samples::all(language) {
            assert!(sample.html.contains(&start), "{}", sample.path);
            assert!(sample.html.len() < HTML_BYTES_MAX, "{}: {}", sample.path, sample.html.len());
        }
    }
}

#[test]
fn each_has_one_heading_one_main_part_and_a_title() {
    for_each_page(|page, html| {
        for part in ["<h1", "<main ", "<title>", "class=\"skip\""] {
            assert_eq!(html.matches(part).count(), 1, "{page}: {part}");
        }
        assert!(!html.contains("<title></title>"), "{page}");
    });
}

#[test]
fn ids_stand_once_and_what_refers_to_one_finds_it() {
    for_each_page(|page, html| {
        let ids = values(html, "id");
        let known: BTreeSet<&str> = ids.iter().copied().collect();
        assert_eq!(ids.len(), known.len(), "{page}: an id stands twice in {ids:?}");
        for attribute in ["for", "aria-describedby", "aria-labelledby"] {
            for id in values(html, attribute).into_iter().flat_map(str::split_whitespace) {
                assert!(known.contains(id), "{page}: {attribute} names {id}");
            }
        }
        for link in values(html, "href").into_iter().filter_map(|href| href.strip_prefix('#')) {
            assert!(known.contains(link), "{page}: a link leads to #{link}");
        }
    });
}

#[test]
fn each_field_that_is_seen_has_a_label() {
    for_each_page(|page, html| {
        let labelled: BTreeSet<&str> = values(html, "for").into_iter().collect();
        for tag in ["<input ", "<select ", "<textarea "] {
            for field in html.split(tag).skip(1).filter_map(|rest| rest.split('>').next()) {
                let id = field.split("id=\"").nth(1).and_then(|rest| rest.split('"').next());
                let inside = field.contains("type=\"radio\"") || field.contains("type=\"hidden\"");
                let named = id.is_some_and(|id| labelled.contains(id));
                assert!(inside || named, "{page}: no label for {field}");
            }
        }
    });
}

#[test]
fn nothing_is_written_that_the_content_policy_forbids() {
    for_each_page(|page, html| {
        for forbidden in [" style=", " onclick=", " onload=", "javascript:", "<style", "<iframe"] {
            assert!(!html.contains(forbidden), "{page}: {forbidden}");
        }
        for script in html.split("<script").skip(1) {
            assert!(script.starts_with(" type=\"module\" src=\"/assets/"), "{page}: {script}");
        }
        for address in values(html, "src").into_iter().chain(values(html, "action")) {
            let own = address.starts_with('/') || address == "http://127.0.0.1:4005/v1/tokens";
            assert!(own, "{page}: {address}");
        }
    });
}

#[test]
fn what_sellers_and_buyers_write_stays_text() {
    let mut written = 0;
    for_each_page(|page, html| {
        assert!(!html.contains("<script>alert"), "{page}");
        assert!(!html.contains("<b>"), "{page}");
    });
    for sample in samples::all(Language::English) {
        written += sample.html.matches("&#60;script&#62;alert(1)").count();
        written += sample.html.matches("&#60;b&#62;&#34;Opinel&#34;").count();
    }
    assert_eq!(written, 4, "the samples try to write markup in four places");
}

#[test]
fn the_console_marks_each_form_and_takes_no_script() {
    for_each_page(|page, html| {
        if !page.starts_with("/console") {
            return;
        }
        let posts = html.matches("method=\"post\"").count();
        let tokens = html.matches("name=\"form_token\" value=\"f0rm\"").count();
        assert_eq!(posts, tokens, "{page}");
        assert!(!html.contains("<script"), "{page}");
    });
}

#[test]
fn no_text_is_missing() {
    for_each_page(|page, html| {
        let text: String = html
            .split('<')
            .filter_map(|part| part.split_once('>'))
            .fold(String::new(), |text, (_, rest)| text + rest + "\n");
        for line in text.lines().map(str::trim).filter(|line| line.contains('-')) {
            // A text that is missing shows as its key: lower-case words with hyphens.
            let is_key = line.split('-').count() > 1
                && line.chars().all(|c| c.is_ascii_lowercase() || c == '-' || c == '/');
            assert!(!is_key || line.starts_with('/'), "{page} shows {line}");
        }
    });
}
