//! The program: everything it does is in the library.

use std::process::ExitCode;

/// Values are made on one thread and dropped on another here, and the allocator of glibc locks for each of them.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> ExitCode {
    vidimus::cli::main()
}
