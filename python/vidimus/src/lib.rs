//! What the package `vidimus` of Python asks of the library. The shapes that people see are written in Python; here values are
//! converted, the interpreter is let go while the work is done, and Ctrl-C is heeded.

mod check;
mod duplicates;
mod watch;

use pyo3::exceptions::PyException;
use pyo3::prelude::*;
use vidimus::error::Error;

pyo3::create_exception!(
    _vidimus,
    VidimusError,
    PyException,
    "The work could not be done: a manifest that cannot be read, a rule that is none, a file that is not there."
);

/// An error of the library, with its message.
fn raise(error: &Error) -> PyErr {
    VidimusError::new_err(error.to_string())
}

/// The part of the package that is compiled.
#[pymodule]
fn _vidimus(module: &Bound<'_, PyModule>) -> PyResult<()> {
    module.add("VidimusError", module.py().get_type::<VidimusError>())?;
    module.add("__version__", env!("CARGO_PKG_VERSION"))?;
    module.add_class::<check::RawReport>()?;
    module.add_function(wrap_pyfunction!(check::check, module)?)?;
    module.add_function(wrap_pyfunction!(duplicates::duplicates, module)?)
}
