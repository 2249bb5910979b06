//! Text made fit for XML 1.0.

/// Characters that a paper may carry: those XML 1.0 allows, without the ones that would turn the
/// reading direction (a signed paper must read as it is stored) and without C1 controls.
pub fn allowed(c: char) -> bool {
    match c {
        '\t' | '\n' => true,
        '\u{0}'..='\u{1f}' | '\u{7f}'..='\u{9f}' => false,
        '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{feff}' => false,
        '\u{fffe}' | '\u{ffff}' => false,
        _ => true,
    }
}

/// The text without what XML cannot carry; every kind of line end becomes `\n`.
pub fn clean(text: &str) -> String {
    text.replace("\r\n", "\n")
        .replace(['\r', '\u{b}', '\u{c}', '\u{2028}', '\u{2029}'], "\n")
        .chars()
        .filter(|c| allowed(*c))
        .collect()
}

/// Clean text, escaped for element content and for attribute values.
pub fn escape(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 8);
    for c in clean(text).chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\'' => out.push_str("&apos;"),
            other => out.push(other),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_xml_cannot_carry_is_left_out_and_the_rest_escaped() {
        assert_eq!(
            escape("a\u{0}\u{8}\u{b}<b> & \"c\" 'd' 😀\u{fffe}\u{202e}"),
            "a\n&lt;b&gt; &amp; &quot;c&quot; &apos;d&apos; 😀"
        );
        assert_eq!(clean("一\r\n二\r三\u{feff}"), "一\n二\n三");
    }
}
