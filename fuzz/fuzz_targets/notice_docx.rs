//! Any bytes: a container as it is, or the body of a document that is put into a stored container, so that
//! the fuzzer need not learn to compress.
#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| {
    if bytes.starts_with(b"PK") {
        anlan_fuzz::check(bytes, "a.docx");
    } else {
        anlan_fuzz::check(&stored("word/document.xml", bytes), "a.docx");
    }
});

/// A zip container with one uncompressed part.
fn stored(name: &str, body: &[u8]) -> Vec<u8> {
    let (n, len, crc) = (name.len() as u16, body.len() as u32, crc32(body));
    let mut fields = Vec::new();
    fields.extend_from_slice(&[10, 0, 0, 0, 0, 0, 0, 0, 0, 0]);
    fields.extend_from_slice(&crc.to_le_bytes());
    fields.extend_from_slice(&len.to_le_bytes());
    fields.extend_from_slice(&len.to_le_bytes());
    fields.extend_from_slice(&n.to_le_bytes());
    fields.extend_from_slice(&[0, 0]);
    let mut out = b"PK\x03\x04".to_vec();
    out.extend_from_slice(&fields);
    out.extend_from_slice(name.as_bytes());
    out.extend_from_slice(body);
    let directory = out.len() as u32;
    out.extend_from_slice(b"PK\x01\x02\x14\0");
    out.extend_from_slice(&fields);
    out.extend_from_slice(&[0; 14]);
    out.extend_from_slice(name.as_bytes());
    let size = out.len() as u32 - directory;
    out.extend_from_slice(b"PK\x05\x06\0\0\0\0\x01\0\x01\0");
    out.extend_from_slice(&size.to_le_bytes());
    out.extend_from_slice(&directory.to_le_bytes());
    out.extend_from_slice(&[0, 0]);
    out
}

fn crc32(bytes: &[u8]) -> u32 {
    !bytes.iter().fold(!0u32, |crc, b| (0..8).fold(crc ^ u32::from(*b), |c, _| if c & 1 == 1 { (c >> 1) ^ 0xedb8_8320 } else { c >> 1 }))
}
