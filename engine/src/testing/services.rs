//! Real services that tests need, named by the environment.

use std::env;
use std::io::{self, Write as _};

/// The address of a service, such as `host:port` in `TIKETI_TEST_KAFKA`; `None` if the tests that
/// need services are to be skipped, which is said aloud.
///
/// # Panics
/// If it is not named, and nobody said to skip: a test that did not run must not look passed.
pub fn address(variable: &str) -> Option<String> {
    let named = env::var(variable).ok().filter(|value| !value.is_empty());
    if named.is_none() {
        let skip = env::var("TIKETI_TEST_SKIP_SERVICES").is_ok_and(|value| value == "1");
        assert!(skip, "{variable} is not set: start the services: `.ci/services start DIR`");
        // Past the capture of tests, which would keep it to itself.
        drop(writeln!(io::stderr(), "SKIPPED: {variable} is not set; a test did not run"));
    }
    named
}
