//! What every target checks: spans lie inside the text, and the answer is the same twice.

/// Reads bytes under a name and checks what comes out.
pub fn check(bytes: &[u8], name: &str) {
    let Ok(text) = anlan_notice::read(bytes, Some(name)) else { return };
    let c = anlan_notice::compile(&text);
    let n = text.plain.chars().count() as u32;
    for s in c.articles.iter().map(|a| a.span).chain(c.duties.iter().map(|d| d.span)).chain(c.triggers.iter().map(|t| t.span)).chain(c.remarks.iter().map(|r| r.span)).chain(c.sections.iter().map(|s| s.span)) {
        assert!(s.0 <= s.1 && s.1 <= n, "{s:?} of {n}");
    }
}
