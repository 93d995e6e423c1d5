//! What is committed works on every machine: no text names a folder of one machine, or the host
//! that a package came from.

use super::Finding;
use super::source::line_of;
use super::tree::Tree;

const RULE: &str = "machine-paths";

// Each is written in two parts, so that this file keeps its own rule.
const FOLDERS: &[&str] = &[
    concat!("/", "root/"),
    concat!("/", "work/"),
    concat!("/", "workspace/"),
    concat!("/", "home/"),
    concat!("/", "Users/"),
];
const FOLDER_INSTEAD: &str = "name it from the root of the repository, or ask for it at run time";

const HOSTS: &[&str] = &[
    concat!("index.", "crates.io"),
    concat!("static.", "crates.io"),
    concat!("registry.", "npmjs.org"),
    concat!("files.", "pythonhosted.org"),
    concat!("pypi.org/", "simple"),
    concat!("deb.", "debian.org"),
    concat!("arti", "factory"),
];
const HOST_INSTEAD: &str = "name the package; where it comes from is the machine's to say";

pub(super) fn check(tree: &Tree) -> Vec<Finding> {
    tree.texts.iter().flat_map(|(path, text)| problems(path, text)).collect()
}

fn problems(path: &str, text: &str) -> Vec<Finding> {
    let folders = FOLDERS.iter().flat_map(|folder| {
        let found = text.match_indices(folder).filter(|(place, _)| begins_a_path(text, *place));
        found.map(|(place, _)| (place, *folder, FOLDER_INSTEAD))
    });
    let hosts = HOSTS
        .iter()
        .flat_map(|host| text.match_indices(host).map(|(place, _)| (place, *host, HOST_INSTEAD)));
    folders
        .chain(hosts)
        .map(|(place, what, instead)| Finding {
            path: path.to_owned(),
            line: line_of(text, place),
            rule: RULE,
            message: format!("`{what}`: {instead}"),
        })
        .collect()
}

/// Whether the slash begins an absolute path, and is not one between two parts of a path.
fn begins_a_path(text: &str, place: usize) -> bool {
    let before = text[..place].chars().next_back();
    !before.is_some_and(|it| it.is_alphanumeric() || matches!(it, '_' | '-' | '.' | '}' | '~'))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_and_hosts() {
        let (root, host) = (FOLDERS[0], HOSTS[0]);
        for (text, expected) in [
            (format!("see {root}x"), "1"),
            (format!("\n\"{root}.cargo\""), "2"),
            (format!("file://{root}x"), "1"),
            (format!("a{root}b"), ""),
            (format!("../..{root}b"), ""),
            (format!("https://{host}/x"), "1"),
            ("/srv/x /v1/orders /usr/bin".to_owned(), ""),
        ] {
            let found = problems("a.md", &text);
            let lines: Vec<_> = found.iter().map(|it| it.line.to_string()).collect();
            assert_eq!(lines.join(" "), expected, "{text}");
        }
    }
}
