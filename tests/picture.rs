//! The picture in README is what the program prints. `UPDATE_PICTURE=1 cargo test --test picture` draws it anew.

use std::path::Path;
use std::process::Command;

#[test]
fn the_picture_in_readme_is_true() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let picture = root.join("docs/check.svg");
    let mut command = Command::new(insta_cmd::get_cargo_bin("vidimus"));
    let args = [
        "--color",
        "always",
        "check",
        "--select",
        "duplicate,layout/page-furniture,truncation/mid-sentence",
    ];
    let output = command
        .current_dir(root)
        .env_clear()
        .env("COLUMNS", "100")
        .args(args)
        .output()
        .expect("run");
    assert_eq!(output.status.code(), Some(1));
    let printed = String::from_utf8(output.stdout).expect("UTF-8");
    let shown = format!("\u{1b}[1m$ vidimus {}\u{1b}[0m\n{printed}", args[2..].join(" "));
    let drawn = anstyle_svg::Term::new().min_width_px(860).render_svg(&shown);
    if std::env::var_os("UPDATE_PICTURE").is_some() {
        std::fs::write(&picture, &drawn).expect("written");
    }
    let published = std::fs::read_to_string(&picture).expect("read");
    assert!(
        published == drawn,
        "docs/check.svg is not what the program prints; UPDATE_PICTURE=1 draws it anew"
    );
    let readme = std::fs::read_to_string(root.join("README.md")).expect("read");
    assert!(readme.contains("(docs/check.svg)"));
}
