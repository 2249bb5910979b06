//! Laws that hold for every text: spans lie inside it, words are those of their span, nothing panics, and
//! the same bytes give the same answer.

use anlan_core::notice::{Compiled, Span};
use anlan_notice::{Format, Text, compile};
use proptest::prelude::*;

/// Scraps of official prose in any order, with broken lines and marks among them.
fn prose() -> impl Strategy<Value = String> {
    let scraps = [
        "一、",
        "（一）",
        "1.",
        "（1）",
        "①",
        "第一条",
        "一是",
        "关于做好2025年工作的通知",
        "\n",
        "\n\n",
        "　　",
        "**",
        "## ",
        "- 3 -",
        "| 序号 | 任务 | 责任单位 |\n|---|---|---|\n| 1 | 排查 | 区局 |\n",
        "各镇（街道）",
        "区应急局",
        "要",
        "制定方案",
        "开展检查",
        "每半年至少",
        "1-2项",
        "2025年6月底前",
        "12月31日前",
        "每月5日前",
        "“十四五”期间",
        "达到95%以上",
        "百分之九十五",
        "全覆盖",
        "对发生较大事故的，",
        "3个月内发生2起以上",
        "约谈",
        "严禁",
        "不得",
        "，",
        "。",
        "；",
        "：",
        "、",
        "（",
        "）",
        "[",
        "]",
        "《",
        "》",
        "“",
        "”",
        "负责",
        "牵头",
        "配合",
        "责任单位：",
        "完成时限：",
        "等单位",
        "以下均需各镇负责",
        "附件1",
        "2025年3月5日",
        "0",
        "９",
        "廿",
        "万",
        "%",
        "a",
        "\u{feff}",
        "\u{200b}",
        "😀",
        "的",
        "人",
        "隐患",
        "事故后",
        "15个工作日内",
    ];
    prop::collection::vec(prop::sample::select(scraps.to_vec()), 0..160).prop_map(|v| v.concat())
}

fn inside(c: &Compiled, n: u32) {
    let ok = |s: Span| assert!(s.0 <= s.1 && s.1 <= n, "{s:?} of {n}");
    c.sections.iter().for_each(|s| ok(s.span));
    c.articles.iter().for_each(|a| ok(a.span));
    c.triggers.iter().for_each(|t| ok(t.span));
    c.remarks.iter().for_each(|r| ok(r.span));
    for d in &c.duties {
        ok(d.span);
        d.sources.iter().for_each(|s| ok(s.span));
        assert!((0.0..=1.0).contains(&d.confidence));
    }
}

fn quotes_are_their_spans(c: &Compiled, text: &Text) {
    let chars: Vec<char> = text.plain.chars().collect();
    for (quote, span) in c
        .duties
        .iter()
        .map(|d| (&d.quote, d.span))
        .chain(c.triggers.iter().map(|t| (&t.quote, t.span)))
    {
        // Only breaks, blanks, marks and page numbers may be missing, nothing may be added but one blank
        // where a break parted two Latin words.
        let mut words = chars[span.0 as usize..span.1 as usize].iter();
        for q in quote.chars().filter(|q| *q != ' ') {
            assert!(words.any(|w| *w == q), "{quote} is not in its span");
        }
    }
}

proptest! {
    #[test]
    fn any_prose(words in prose(), plain in any::<bool>()) {
        let text = Text::from_words(&words, if plain { Format::Plain } else { Format::Markdown });
        let c = compile(&text);
        inside(&c, text.plain.chars().count() as u32);
        quotes_are_their_spans(&c, &text);
        let mut nos: Vec<u32> = c.articles.iter().map(|a| a.no).collect();
        nos.sort_unstable();
        nos.dedup();
        prop_assert_eq!(nos.len(), c.articles.len(), "article numbers are unique");
        prop_assert_eq!(compile(&text), c);
    }

    #[test]
    fn any_characters(words in "\\PC{0,400}") {
        let text = Text::from_words(&words, Format::Markdown);
        inside(&compile(&text), text.plain.chars().count() as u32);
    }

    #[test]
    fn any_bytes(bytes in prop::collection::vec(any::<u8>(), 0..2000)) {
        if let Ok(text) = anlan_notice::read(&bytes, None) {
            inside(&compile(&text), text.plain.chars().count() as u32);
        }
    }

    #[test]
    fn any_page(scraps in prop::collection::vec(prop::sample::select(vec!["<table>", "</table>", "<tr>", "<td rowspan=3>", "<td colspan=2>", "</td>", "<p>", "</p>", "<b>", "</b>", "<a>", "</a>", "责任单位", "任务", "6月底前", "<br>", "<li>", "<ol>", "<!--", "-->", "<script>", "</script>", "&nbsp;", "&#x4e00;", "<h2>", "<pre>", "\n"]), 0..120)) {
        let text = anlan_notice::read(format!("<html>{}x", scraps.concat()).as_bytes(), Some("a.html"));
        if let Ok(text) = text {
            inside(&compile(&text), text.plain.chars().count() as u32);
        }
    }
}
