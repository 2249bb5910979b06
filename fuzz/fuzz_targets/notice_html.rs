//! Any bytes, read as a file named a.html.
#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| anlan_fuzz::check(bytes, "a.html"));
