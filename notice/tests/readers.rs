//! Files: what is read, what is refused, and with which words.

mod common;

use std::io::{Cursor, Write as _};

use anlan_notice::{Format, ReadError, compile, read};
use common::{container, docx, docx_with, hex, p, pdf, tc};

fn refused(bytes: &[u8], name: &str) -> ReadError {
    let e = read(bytes, Some(name)).unwrap_err();
    assert!(!e.to_string().is_empty() && !e.detail_en().is_empty());
    e
}

#[test]
fn the_same_words_in_every_encoding() {
    let words = "关于做好2026年防汛工作的通知\n一、健全责任。6月底前公布名单。（区水务局负责）\n";
    let utf16: Vec<u8> = [0xff, 0xfe]
        .into_iter()
        .chain(words.encode_utf16().flat_map(u16::to_le_bytes))
        .collect();
    let (gb, _, _) = encoding_rs::GB18030.encode(words);
    let mut bom = vec![0xef, 0xbb, 0xbf];
    bom.extend_from_slice(words.as_bytes());
    for bytes in [words.as_bytes().to_vec(), utf16, gb.into_owned(), bom] {
        assert_eq!(read(&bytes, Some("a.txt")).unwrap().plain, words);
    }
}

#[test]
fn word_numbers_tables_and_merged_cells_are_read() {
    let numbering = r#"<w:numbering xmlns:w="w"><w:abstractNum w:abstractNumId="7"><w:lvl w:ilvl="0"><w:start w:val="1"/><w:numFmt w:val="chineseCounting"/><w:lvlText w:val="%1、"/></w:lvl><w:lvl w:ilvl="1"><w:start w:val="1"/><w:numFmt w:val="chineseCounting"/><w:lvlText w:val="（%2）"/></w:lvl></w:abstractNum><w:num w:numId="3"><w:abstractNumId w:val="7"/></w:num></w:numbering>"#;
    let item = |level: u8, words: &str| {
        format!(
            r#"<w:p><w:pPr><w:numPr><w:ilvl w:val="{level}"/><w:numId w:val="3"/></w:numPr></w:pPr><w:r><w:rPr><w:b/></w:rPr><w:t>{words}</w:t></w:r><w:r><w:t>各镇要在5月底前完成排查。（区应急局牵头）</w:t></w:r></w:p>"#
        )
    };
    let head = |words: &str| {
        format!(
            r#"<w:p><w:pPr><w:numPr><w:ilvl w:val="0"/><w:numId w:val="3"/></w:numPr></w:pPr><w:r><w:t>{words}</w:t></w:r></w:p>"#
        )
    };
    let table = format!(
        "<w:tbl><w:tr>{}{}{}{}</w:tr><w:tr>{}{}{}{}</w:tr><w:tr>{}{}{}{}</w:tr></w:tbl>",
        tc("序号", ""),
        tc("工作任务", ""),
        tc("责任单位", ""),
        tc("完成时限", ""),
        tc("1", ""),
        tc("开展隐患排查", ""),
        tc("区应急局、区住建局", r#"<w:vMerge w:val="restart"/>"#),
        tc("6月底前", ""),
        tc("2", ""),
        tc("组织应急演练不少于2场", ""),
        tc("", "<w:vMerge/>"),
        tc("长期坚持", "")
    );
    let body = [
        p("关于开展2026年汛前检查的通知"),
        head("排查整治"),
        item(1, "全面排查。"),
        item(1, "逐项整改。"),
        head("任务分工"),
        table,
        "<w:p><w:del><w:r><w:delText>删去的字</w:delText></w:r></w:del></w:p>".into(),
    ]
    .concat();
    let text = read(
        &docx_with(&body, &[("word/numbering.xml", numbering)]),
        Some("通知.docx"),
    )
    .unwrap();
    assert_eq!(text.format, Format::Docx);
    assert!(
        text.plain.contains("一、排查整治\n（一）全面排查。")
            && text.plain.contains("（二）逐项整改。")
            && text.plain.contains("二、任务分工"),
        "{}",
        text.plain
    );
    assert!(!text.plain.contains("删去"));
    insta::assert_snapshot!(common::tell(&compile(&text)));
}

#[test]
fn other_files_are_refused_with_the_next_step() {
    assert_eq!(refused(b"", "a.md").code(), "notice-empty");
    assert_eq!(
        refused(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1 old word", "a.doc").code(),
        "notice-unsupported"
    );
    let sealed: Vec<u8> = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
        .iter()
        .copied()
        .chain("EncryptedPackage".encode_utf16().flat_map(u16::to_le_bytes))
        .collect();
    assert_eq!(refused(&sealed, "a.docx"), ReadError::Encrypted);
    assert_eq!(refused(b"\x89PNG\r\n\x1a\n", "a.png"), ReadError::Picture);
    assert_eq!(
        refused(&container(&[("xl/workbook.xml", "<a/>")]), "a.xlsx").code(),
        "notice-unsupported"
    );
    assert_eq!(
        refused(b"%PDF-1.7\nnothing here", "a.pdf").code(),
        "notice-broken"
    );
    assert_eq!(
        refused(b"PK\x03\x04 cut off", "a.docx").code(),
        "notice-broken"
    );
    assert_eq!(
        refused(&[0xff, 0xff, 0x30, 0xff], "a.txt").code(),
        "notice-encoding"
    );
    assert_eq!(
        refused(&docx("<w:p><w:r><w:t>未闭合"), "a.docx").code(),
        "notice-broken"
    );
}

#[test]
fn bombs_are_refused() {
    let mut zip = zip::ZipWriter::new(Cursor::new(Vec::new()));
    zip.start_file(
        "word/document.xml",
        zip::write::SimpleFileOptions::default(),
    )
    .unwrap();
    let block = vec![b' '; 1 << 20];
    for _ in 0..60 {
        zip.write_all(&block).unwrap();
    }
    let bytes = zip.finish().unwrap().into_inner();
    assert!(bytes.len() < 1 << 20);
    assert_eq!(refused(&bytes, "a.docx").code(), "notice-hostile");

    let deep = docx(&"<w:sdt>".repeat(100_000));
    assert_eq!(refused(&deep, "a.docx").code(), "notice-hostile");

    let brackets = "（".repeat(10 << 20);
    assert_eq!(
        refused(brackets.as_bytes(), "a.md").code(),
        "notice-too-large"
    );

    let mut inner = flate2::write::ZlibEncoder::new(Vec::new(), flate2::Compression::best());
    for _ in 0..64 {
        inner.write_all(&block).unwrap();
    }
    let stream = inner.finish().unwrap();
    let mut pdf = b"%PDF-1.5\n1 0 obj\n<< /Type /ObjStm /Filter /FlateDecode >>\nstream\n".to_vec();
    pdf.extend_from_slice(&stream);
    pdf.extend_from_slice(b"\nendstream\nendobj\n");
    assert_eq!(refused(&pdf, "a.pdf").code(), "notice-hostile");
    assert_eq!(
        refused(
            b"%PDF-1.5\n1 0 obj << /Filter /LZ#57Decode >> stream\n",
            "a.pdf"
        )
        .code(),
        "notice-hostile"
    );
}

#[test]
fn a_long_text_of_marks_is_read_in_linear_time() {
    // A pass that looks back over the whole text for each mark would not end within the runner's limit.
    for unit in [
        "（",
        "）",
        "，对",
        "、",
        "一、",
        "（一）",
        "《“",
        "1",
        "每",
        "|-|\n",
        "<",
        "。（局负责）",
        "对，的，",
        "不少于1项，",
        "每月5日前，",
    ] {
        let words: String = unit.chars().cycle().take(30_000).collect();
        let text = read(words.as_bytes(), Some("a.md")).unwrap();
        let _ = compile(&text);
    }
    let page = "<td>".repeat(20_000) + &"<b>字".repeat(10_000) + &"</td></table>".repeat(1000);
    let _ = compile(&read(page.as_bytes(), Some("a.html")).unwrap());
}

#[test]
fn a_pdf_is_read_line_by_line() {
    let content = format!(
        "BT /F 16 Tf 1 0 0 1 72 700 Tm <{}> Tj 1 0 0 1 72 660 Tm <{}> Tj 0 -20 Td <{}> Tj 1 0 0 1 300 60 Tm <{}> Tj ET /X Do",
        hex("关于做好2026年防汛工作的通知"),
        hex("一、健全责任体系。各镇要在6月底前公布防汛责任"),
        hex("人名单。（区水务局负责）"),
        hex("— 1 —")
    );
    let text = read(&pdf(&content), Some("a.pdf")).unwrap();
    assert_eq!(text.format, Format::Pdf);
    let c = compile(&text);
    assert_eq!(c.title, "关于做好2026年防汛工作的通知");
    assert_eq!(c.articles.len(), 1);
    assert_eq!(c.articles[0].units, ["区水务局"]);
    assert_eq!(c.duties[0].deadline.unwrap().to_string(), "2026-06-30");
}

#[test]
fn a_pdf_without_words_says_so() {
    assert_eq!(refused(&pdf("q Q"), "scan.pdf"), ReadError::NoTextLayer);
}
