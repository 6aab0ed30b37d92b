//! Work without the interpreter, which is asked now and then whether somebody wants it to stop.

use std::panic;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::mpsc::{Receiver, RecvTimeoutError, channel};
use std::thread;
use std::time::Duration;

use pyo3::prelude::*;
use vidimus::error::{Error, Result};

use crate::raise;

/// How long the work goes on before Python is asked for signals.
const PATIENCE: Duration = Duration::from_millis(50);
/// SIGINT: the only signal that Python hands on as an exception.
const INTERRUPT: usize = 2;

/// Does some work on a thread of its own, with the interpreter free for others. The work is handed a flag that is set once it shall stop.
pub(crate) fn watched<T: Send>(py: Python<'_>, work: impl FnOnce(&AtomicUsize) -> Result<T> + Send) -> PyResult<T> {
    let flag = AtomicUsize::new(0);
    let (done, waiting) = channel::<()>();
    thread::scope(|scope| {
        let flag = &flag;
        let running = scope.spawn(move || {
            let _done = done; // Dropped at the end, whatever the end is.
            work(flag)
        });
        let interrupted = wait(py, waiting, flag);
        let ended = py.detach(|| running.join());
        let ended = ended.unwrap_or_else(|panicked| panic::resume_unwind(panicked));
        match (interrupted, ended) {
            (Some(signal), Err(Error::Interrupted(_))) => Err(signal),
            (_, ended) => ended.map_err(|error| raise(&error)),
        }
    })
}

/// Waits for the end of the work; gives the exception that a signal has raised meanwhile.
fn wait(py: Python<'_>, waiting: Receiver<()>, flag: &AtomicUsize) -> Option<PyErr> {
    let mut raised = None;
    let waiting = std::sync::Mutex::new(waiting);
    loop {
        let ended = py.detach(|| {
            let waiting = waiting.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
            waiting.recv_timeout(PATIENCE) != Err(RecvTimeoutError::Timeout)
        });
        if ended {
            return raised;
        }
        if let Err(signal) = py.check_signals() {
            flag.store(INTERRUPT, Ordering::Relaxed);
            raised.get_or_insert(signal);
        }
    }
}
