//! What is kept of a corpus, and what is remembered of it: copies, the log, fixes, and changes that are interrupted.

#[cfg_attr(target_os = "linux", expect(dead_code, reason = "other tests wait for a process"))]
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
