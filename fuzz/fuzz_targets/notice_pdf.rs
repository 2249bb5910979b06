//! Any bytes behind a PDF's first line, and as they are.
#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| {
    if bytes.starts_with(b"%PDF-") {
        anlan_fuzz::check(bytes, "a.pdf");
    } else {
        let mut whole = b"%PDF-1.7\n".to_vec();
        whole.extend_from_slice(bytes);
        anlan_fuzz::check(&whole, "a.pdf");
    }
});
