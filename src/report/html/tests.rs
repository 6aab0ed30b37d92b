use super::*;
use crate::engine::{Cluster, TextRecord};
use crate::finding::{Finding, Location, Severity};

fn written(report: &Report) -> String {
    let mut out = Vec::new();
    write(report, &mut out).expect("written");
    String::from_utf8(out).expect("UTF-8")
}

const HOSTILE: &str = "\"'></title></script><script>alert(1)</script>\u{202e}\u{1b}[31m";

fn hostile() -> Report {
    let text = |path: &str| TextRecord {
        path: path.to_owned(),
        title: Some(HOSTILE.to_owned()),
        url: Some(format!("javascript:{HOSTILE}")),
        license: Some(HOSTILE.to_owned()),
        published_at: Some("2016-01-01".to_owned()),
        retrieved_at: Some(format!("2017-01-01{HOSTILE}")),
        language: Some(HOSTILE.to_owned()),
        recorded: Some(HOSTILE.to_owned()),
        state: "changed",
        ..TextRecord::default()
    };
    let finding = Finding::new("layout/stray-line", Severity::Error, Location::file(HOSTILE), HOSTILE)
        .help(HOSTILE)
        .label(HOSTILE)
        .related(Location::file("b.txt"), HOSTILE);
    let cluster = Cluster {
        id: "0".to_owned(),
        boilerplate: false,
        words: 9,
        similarity: 0.5,
        places: vec![Location::file(HOSTILE), Location::file("b.txt")],
        count: 2,
        changes: vec![HOSTILE.to_owned()],
    };
    Report {
        title: Some(HOSTILE.to_owned()),
        texts: vec![text(HOSTILE), text("b.txt")],
        findings: vec![finding],
        clusters: vec![cluster],
        docs: Some(format!("javascript:{HOSTILE}")),
        ..Report::default()
    }
}

#[test]
fn hostile_text_is_text() {
    let page = written(&hostile());
    assert_eq!(page.matches("<script>").count(), 1);
    assert_eq!(page.matches("</script>").count(), 1);
    assert!(
        !page.contains("href=\"javascript:") && !page.contains(['\u{202e}', '\u{1b}']),
        "{page}"
    );
    assert!(page.contains("class=\"arc\""), "the map is drawn");
}

#[test]
fn the_page_admits_its_own_style_and_script_alone() {
    let page = written(&Report::default());
    let policy = policy(&plain(STYLE), &plain(SCRIPT));
    assert!(page.contains(&policy.replace('\'', "&#39;")), "{policy}");
    let between = |open: &str, close: &str| {
        let rest = page.split_once(open).expect("opened").1;
        rest.split_once(close).expect("closed").0.to_owned()
    };
    assert_eq!(between("<style>", "</style>"), plain(STYLE));
    assert_eq!(between("<script>", "</script>"), plain(SCRIPT));
    assert!(!page.contains(" style=\"") && !page.contains(" onclick="));
}

#[test]
fn nothing_is_dropped_without_a_word() {
    let finding = |number: usize| {
        Finding::new(
            "layout/stray-line",
            Severity::Info,
            Location::file("a.txt"),
            number.to_string(),
        )
    };
    let report = Report {
        texts: vec![TextRecord {
            path: "a.txt".to_owned(),
            ..TextRecord::default()
        }],
        findings: (0..100).map(finding).collect(),
        ..Report::default()
    };
    let page = written(&report);
    assert_eq!(page.matches("<li class=\"f info\"").count(), BOUNDS.each);
    assert!(page.contains("And 40 findings more of this text: 40 × <code>layout/stray-line</code>."));
}
