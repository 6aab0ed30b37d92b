//! A hook for tests: a step that stops at a place until it is told to go on, so that a test can end its executor just then.
//! It is in no worker but those that are built with the feature `hold`.

use std::fs::{self, File};
use std::io::Write as _;
use std::path::Path;
use std::thread::sleep;
use std::time::Duration;

/// Names a folder. Where it has a file with the name of a step, the first worker of that step writes its process number into
/// `reached` there, and waits for the file `go`.
#[cfg(feature = "hold")]
const VARIABLE: &str = "VIDIMUS_TEST_HOLD";

/// Between two looks.
const LOOK: Duration = Duration::from_millis(20);

/// Waits, where a test wants it.
#[cfg(feature = "hold")]
pub(crate) fn wait(step: &str) {
    if let Some(folder) = std::env::var_os(VARIABLE) {
        wait_in(Path::new(&folder), step);
    }
}

fn wait_in(folder: &Path, step: &str) {
    if !folder.join(step).exists() {
        return;
    }
    // Of several workers one is held, and when it is started again it is not: the file is there by then.
    let half = folder.join(format!("half-{}", std::process::id()));
    let written = File::create(&half).and_then(|mut file| write!(file, "{}", std::process::id()));
    let first = written.is_ok() && fs::hard_link(&half, folder.join("reached")).is_ok();
    let _ = fs::remove_file(&half);
    while first && !folder.join("go").exists() {
        sleep(LOOK);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_worker_of_the_step_is_held_until_it_may_go() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path();
        wait_in(path, "read");
        assert!(!path.join("reached").exists());
        fs::write(path.join("read"), "").expect("written");
        fs::write(path.join("go"), "").expect("written");
        wait_in(path, "seeds");
        assert!(!path.join("reached").exists());
        wait_in(path, "read");
        let reached = fs::read_to_string(path.join("reached")).expect("reached");
        assert_eq!(reached, std::process::id().to_string());
        fs::remove_file(path.join("go")).expect("removed");
        wait_in(path, "read");
    }
}
