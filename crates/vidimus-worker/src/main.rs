//! The program: everything it does is in the library.

use std::io::{self, Write as _};
use std::process::ExitCode;

/// What a stream is made of is allocated and freed batch by batch.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    match vidimus_worker::main(&arguments, io::stdin().lock(), io::stdout().lock()) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            let step = arguments.first().map_or("", String::as_str);
            // Where nobody reads what is wrong, the code still says that something is.
            let _ = writeln!(io::stderr().lock(), "vidimus-worker {step}: {error}");
            ExitCode::from(error.code())
        }
    }
}
