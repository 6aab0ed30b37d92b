//! What is kept of a corpus, and what is remembered of it: copies, the log, fixes, and changes that are interrupted.

#[expect(dead_code, reason = "what other tests use of it")]
mod support;

mod custody {
    mod fixes;
    #[cfg(target_os = "linux")]
    mod interrupted;
    mod log;
    mod report;
    mod store;
    mod walk;
}
