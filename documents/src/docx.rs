//! The parts of a `.docx` other than its text: styles, fonts with fallback, settings, page numbers.
//!
//! Written by hand and not through a library: odd and even footers, fonts with `altName`, exact line
//! pitch, floating tables and frames are all needed by GB/T 9704-2012 (docs/decisions/papers-by-hand.md).

use std::io::{Cursor, Write};

use jiff::civil::Date;
use zip::write::SimpleFileOptions;

use crate::PaperError;
use crate::xml::escape;

/// Width of the text area in twentieths of a point: 156 mm (GB/T 9704-2012, 5.2.1).
pub const TEXT_WIDTH: u32 = 8845;
/// Height of one of the 22 lines of a page: 225 mm / 22 in twentieths of a point (5.2.3).
pub const LINE: u32 = 579;
/// Width of one of the 28 characters of a line, in twentieths of a point (5.2.3).
pub const CHARACTER: u32 = 315;

/// Head and foot of the first page in the form for letters (信函格式, GB/T 9704-2012, 10.1).
#[derive(Debug, Clone)]
pub struct LetterHead {
    /// The mark of the office, a paragraph in WordprocessingML.
    pub mark: String,
}

/// What differs from paper to paper.
#[derive(Debug, Clone)]
pub struct Parts<'a> {
    /// Content of `w:body` without the section's properties.
    pub body: &'a str,
    /// Title, for the properties of the file.
    pub title: &'a str,
    /// Office, for the properties of the file.
    pub office: &'a str,
    /// Date of the paper; also the only date in the file.
    pub date: Date,
    /// Present for the letter form.
    pub letter_head: Option<LetterHead>,
}

const W: &str = r#"xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main" xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships""#;
const DECLARATION: &str = r#"<?xml version="1.0" encoding="UTF-8" standalone="yes"?>"#;

/// Packs the parts. The same parts give the same bytes: no clock is asked, files carry no time.
///
/// # Errors
/// Only when the packer fails, which memory alone can make it do.
pub fn pack(parts: &Parts<'_>) -> Result<Vec<u8>, PaperError> {
    let letter = parts.letter_head.as_ref();
    let mut files = vec![
        ("[Content_Types].xml", content_types(letter.is_some())),
        ("_rels/.rels", PACKAGE_RELATIONS.to_owned()),
        ("docProps/core.xml", core_properties(parts)),
        ("docProps/app.xml", APP_PROPERTIES.to_owned()),
        ("word/document.xml", document(parts)),
        ("word/styles.xml", styles()),
        (
            "word/settings.xml",
            format!("<w:settings {W}>{SETTINGS}</w:settings>"),
        ),
        ("word/fontTable.xml", font_table()),
        ("word/footer1.xml", footer("PageOdd", "right")),
        ("word/footer2.xml", footer("PageEven", "left")),
        (
            "word/_rels/document.xml.rels",
            document_relations(letter.is_some()),
        ),
    ];
    if let Some(head) = letter {
        files.push((
            "word/header1.xml",
            format!("<w:hdr {W}>{}</w:hdr>", head.mark),
        ));
        files.push((
            "word/footer3.xml",
            format!("<w:ftr {W}>{LETTER_FOOT}</w:ftr>"),
        ));
    }
    let mut zip = zip::ZipWriter::new(Cursor::new(Vec::new()));
    let options = SimpleFileOptions::default()
        .compression_method(zip::CompressionMethod::Deflated)
        .last_modified_time(zip::DateTime::default());
    for (name, content) in files {
        zip.start_file(name, options)?;
        zip.write_all(DECLARATION.as_bytes())?;
        zip.write_all(content.as_bytes())?;
    }
    Ok(zip.finish()?.into_inner())
}

fn document(parts: &Parts<'_>) -> String {
    let first = if parts.letter_head.is_some() {
        r#"<w:headerReference w:type="first" r:id="rId6"/><w:footerReference w:type="first" r:id="rId7"/>"#
    } else {
        ""
    };
    let title_page = if parts.letter_head.is_some() {
        "<w:titlePg/>"
    } else {
        ""
    };
    // Margins: head 37 mm, left 28 mm, text 156 x 225 mm (GB/T 9704-2012, 5.2.1). The header stands
    // 30 mm from the edge for the letter form (10.1), the page number 7 mm below the text (7.5).
    format!(
        r#"<w:document {W}><w:body>{}<w:sectPr>{first}<w:footerReference w:type="default" r:id="rId4"/><w:footerReference w:type="even" r:id="rId5"/><w:pgSz w:w="11906" w:h="16838"/><w:pgMar w:top="2098" w:right="1474" w:bottom="1984" w:left="1587" w:header="1701" w:footer="1446" w:gutter="0"/><w:cols w:space="425"/>{title_page}<w:docGrid w:type="lines" w:linePitch="{LINE}"/></w:sectPr></w:body></w:document>"#,
        parts.body
    )
}

fn footer(style: &str, align: &str) -> String {
    // One character in from the outer edge (7.5).
    let indent = if align == "right" {
        r#"<w:ind w:right="280"/>"#
    } else {
        r#"<w:ind w:left="280"/>"#
    };
    format!(
        r#"<w:ftr {W}><w:p><w:pPr><w:pStyle w:val="{style}"/>{indent}<w:jc w:val="{align}"/></w:pPr><w:r><w:t xml:space="preserve">— </w:t></w:r><w:r><w:fldChar w:fldCharType="begin"/></w:r><w:r><w:instrText xml:space="preserve"> PAGE </w:instrText></w:r><w:r><w:fldChar w:fldCharType="separate"/></w:r><w:r><w:t>1</w:t></w:r><w:r><w:fldChar w:fldCharType="end"/></w:r><w:r><w:t xml:space="preserve"> —</w:t></w:r></w:p></w:ftr>"#
    )
}

/// The red double line 20 mm from the lower edge, 170 mm long (10.1); the first page has no number.
const LETTER_FOOT: &str = r#"<w:p><w:pPr><w:pStyle w:val="PageOdd"/><w:framePr w:w="9638" w:h="60" w:hRule="exact" w:wrap="around" w:vAnchor="page" w:hAnchor="page" w:xAlign="center" w:y="15640"/><w:pBdr><w:top w:val="thinThickSmallGap" w:sz="24" w:space="0" w:color="FF0000"/></w:pBdr><w:spacing w:line="60" w:lineRule="exact"/></w:pPr></w:p><w:p><w:pPr><w:pStyle w:val="PageOdd"/></w:pPr></w:p>"#;

const PACKAGE_RELATIONS: &str = r#"<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument" Target="word/document.xml"/><Relationship Id="rId2" Type="http://schemas.openxmlformats.org/package/2006/relationships/metadata/core-properties" Target="docProps/core.xml"/><Relationship Id="rId3" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/extended-properties" Target="docProps/app.xml"/></Relationships>"#;

const APP_PROPERTIES: &str = r#"<Properties xmlns="http://schemas.openxmlformats.org/officeDocument/2006/extended-properties"><Application>Anlan</Application></Properties>"#;

const SETTINGS: &str = r#"<w:zoom w:percent="100"/><w:defaultTabStop w:val="420"/><w:evenAndOddHeaders/><w:characterSpacingControl w:val="compressPunctuation"/><w:compat><w:useFELayout/><w:compatSetting w:name="compatibilityMode" w:uri="http://schemas.microsoft.com/office/word" w:val="15"/></w:compat><w:themeFontLang w:val="en-US" w:eastAsia="zh-CN"/>"#;

fn content_types(letter: bool) -> String {
    const WORD: &str = "application/vnd.openxmlformats-officedocument.wordprocessingml";
    let mut out = format!(
        r#"<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Default Extension="xml" ContentType="application/xml"/><Override PartName="/word/document.xml" ContentType="{WORD}.document.main+xml"/><Override PartName="/word/styles.xml" ContentType="{WORD}.styles+xml"/><Override PartName="/word/settings.xml" ContentType="{WORD}.settings+xml"/><Override PartName="/word/fontTable.xml" ContentType="{WORD}.fontTable+xml"/><Override PartName="/word/footer1.xml" ContentType="{WORD}.footer+xml"/><Override PartName="/word/footer2.xml" ContentType="{WORD}.footer+xml"/>"#
    );
    if letter {
        out.push_str(&format!(
            r#"<Override PartName="/word/header1.xml" ContentType="{WORD}.header+xml"/><Override PartName="/word/footer3.xml" ContentType="{WORD}.footer+xml"/>"#
        ));
    }
    out.push_str(r#"<Override PartName="/docProps/core.xml" ContentType="application/vnd.openxmlformats-package.core-properties+xml"/><Override PartName="/docProps/app.xml" ContentType="application/vnd.openxmlformats-officedocument.extended-properties+xml"/></Types>"#);
    out
}

fn document_relations(letter: bool) -> String {
    let mut parts = vec![
        ("rId1", "styles", "styles.xml"),
        ("rId2", "settings", "settings.xml"),
        ("rId3", "fontTable", "fontTable.xml"),
        ("rId4", "footer", "footer1.xml"),
        ("rId5", "footer", "footer2.xml"),
    ];
    if letter {
        parts.push(("rId6", "header", "header1.xml"));
        parts.push(("rId7", "footer", "footer3.xml"));
    }
    let mut out =
        r#"<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">"#
            .to_owned();
    for (id, kind, target) in parts {
        out.push_str(&format!(
            r#"<Relationship Id="{id}" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/{kind}" Target="{target}"/>"#
        ));
    }
    out.push_str("</Relationships>");
    out
}

fn core_properties(parts: &Parts<'_>) -> String {
    let date = parts.date;
    format!(
        r#"<cp:coreProperties xmlns:cp="http://schemas.openxmlformats.org/package/2006/metadata/core-properties" xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:dcterms="http://purl.org/dc/terms/" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"><dc:title>{}</dc:title><dc:creator>{}</dc:creator><dcterms:created xsi:type="dcterms:W3CDTF">{date}T00:00:00Z</dcterms:created><dc:language>zh-CN</dc:language></cp:coreProperties>"#,
        escape(&parts.title.replace('\n', "")),
        escape(parts.office)
    )
}

/// The typefaces an office has bought, each with those to fall back on, best first.
/// `w:family` and `w:panose1` steer programs that know none of the names.
fn font_table() -> String {
    const FONTS: [(&str, &str, &str, &str); 5] = [
        (
            "方正小标宋简体",
            "方正小标宋_GBK,FZXiaoBiaoSong-B05S,小标宋,华文中宋,思源宋体 Heavy,Noto Serif CJK SC Black,宋体,SimSun",
            "roman",
            "02010601030101010101",
        ),
        (
            "仿宋_GB2312",
            "仿宋,FangSong,FangSong_GB2312,华文仿宋,方正仿宋简体,方正仿宋_GBK,Noto Serif CJK SC,宋体",
            "modern",
            "02010609030101010101",
        ),
        (
            "楷体_GB2312",
            "楷体,KaiTi,KaiTi_GB2312,华文楷体,方正楷体简体,方正楷体_GBK,AR PL UKai CN,Noto Serif CJK SC,宋体",
            "modern",
            "02010609030101010101",
        ),
        (
            "黑体",
            "SimHei,方正黑体_GBK,微软雅黑,思源黑体,Noto Sans CJK SC",
            "modern",
            "02010609060101010101",
        ),
        (
            "宋体",
            "SimSun,方正书宋_GBK,思源宋体,Noto Serif CJK SC",
            "roman",
            "02010600030101010101",
        ),
    ];
    let mut out = format!("<w:fonts {W}>");
    for (name, others, family, panose) in FONTS {
        out.push_str(&format!(
            r#"<w:font w:name="{name}"><w:altName w:val="{others}"/><w:panose1 w:val="{panose}"/><w:charset w:val="86"/><w:family w:val="{family}"/><w:pitch w:val="default"/></w:font>"#
        ));
    }
    out.push_str("</w:fonts>");
    out
}

/// The same name for every script and a hint, so that digits and quotation marks in Chinese text keep
/// the look of the typeface instead of a Latin one.
pub fn fonts(name: &str) -> String {
    format!(
        r#"<w:rFonts w:ascii="{name}" w:eastAsia="{name}" w:hAnsi="{name}" w:cs="Times New Roman" w:hint="eastAsia"/>"#
    )
}

/// Song for titles, called 小标宋 in the standard.
pub const TITLE_FONT: &str = "方正小标宋简体";
/// Text.
pub const BODY_FONT: &str = "仿宋_GB2312";
/// Headings of the first level.
pub const HEADING_FONT: &str = "黑体";
/// Headings of the second level.
pub const SUBHEADING_FONT: &str = "楷体_GB2312";
/// Page numbers.
pub const PAGE_FONT: &str = "宋体";

/// Named styles, so that a clerk who edits the paper changes a style and not a hundred paragraphs.
fn styles() -> String {
    let style = |id: &str, name: &str, base: &str, paragraph: &str, run: &str| {
        let base = if base.is_empty() {
            String::new()
        } else {
            format!(r#"<w:basedOn w:val="{base}"/>"#)
        };
        format!(
            r#"<w:style w:type="paragraph" w:styleId="{id}"><w:name w:val="{name}"/>{base}<w:qFormat/><w:pPr>{paragraph}</w:pPr><w:rPr>{run}</w:rPr></w:style>"#
        )
    };
    let indent = format!(
        r#"<w:ind w:firstLineChars="200" w:firstLine="{}"/>"#,
        2 * CHARACTER
    );
    let size = |half_points: u32| {
        format!(r#"<w:sz w:val="{half_points}"/><w:szCs w:val="{half_points}"/>"#)
    };
    let exact = |line: u32| {
        format!(r#"<w:spacing w:before="0" w:after="0" w:line="{line}" w:lineRule="exact"/>"#)
    };
    // 16 pt characters set 15.75 pt apart: 28 to a line of 156 mm.
    let set = r#"<w:spacing w:val="-5"/>"#;
    let mut out = format!(
        r#"<w:styles {W}><w:docDefaults><w:rPrDefault><w:rPr>{}{}<w:lang w:val="en-US" w:eastAsia="zh-CN" w:bidi="ar-SA"/></w:rPr></w:rPrDefault><w:pPrDefault/></w:docDefaults>"#,
        fonts(BODY_FONT),
        size(32)
    );
    out.push_str(&format!(
        r#"<w:style w:type="paragraph" w:default="1" w:styleId="Normal"><w:name w:val="Normal"/><w:qFormat/><w:pPr><w:widowControl w:val="0"/><w:autoSpaceDE w:val="0"/><w:autoSpaceDN w:val="0"/>{}<w:jc w:val="both"/></w:pPr></w:style>"#,
        exact(LINE)
    ));
    out.push_str(r#"<w:style w:type="table" w:default="1" w:styleId="TableNormal"><w:name w:val="Normal Table"/><w:tblPr><w:tblInd w:w="0" w:type="dxa"/><w:tblCellMar><w:top w:w="0" w:type="dxa"/><w:left w:w="108" w:type="dxa"/><w:bottom w:w="0" w:type="dxa"/><w:right w:w="108" w:type="dxa"/></w:tblCellMar></w:tblPr></w:style>"#);
    out.push_str(&style("Body", "公文正文", "Normal", &indent, set));
    out.push_str(&style(
        "Addressee",
        "主送机关",
        "Normal",
        r#"<w:ind w:firstLine="0"/>"#,
        set,
    ));
    out.push_str(&style(
        "Mark",
        "发文机关标志",
        "Normal",
        r#"<w:spacing w:line="1240" w:lineRule="exact"/><w:jc w:val="center"/>"#,
        &format!(r#"{}<w:color w:val="FF0000"/>"#, fonts(TITLE_FONT)),
    ));
    out.push_str(&style(
        "Number",
        "发文字号",
        "Normal",
        r#"<w:jc w:val="center"/>"#,
        set,
    ));
    out.push_str(&style(
        "Title",
        "Title",
        "Normal",
        &format!(r#"<w:keepNext/>{}<w:jc w:val="center"/>"#, exact(700)),
        &format!("{}{}", fonts(TITLE_FONT), size(44)),
    ));
    out.push_str(&style(
        "Heading1",
        "heading 1",
        "Normal",
        &format!(r#"<w:keepNext/>{indent}<w:outlineLvl w:val="0"/>"#),
        &format!("{}{set}", fonts(HEADING_FONT)),
    ));
    out.push_str(&style(
        "Heading2",
        "heading 2",
        "Normal",
        &format!(r#"<w:keepNext/>{indent}<w:outlineLvl w:val="1"/>"#),
        &format!("{}{set}", fonts(SUBHEADING_FONT)),
    ));
    out.push_str(&style("Caption", "caption", "Normal", r#"<w:keepNext/><w:spacing w:before="120" w:after="60" w:line="480" w:lineRule="exact"/><w:jc w:val="center"/>"#, &format!("{}{}", fonts(HEADING_FONT), size(28))));
    out.push_str(&style("Cell", "表格文字", "Normal", r#"<w:snapToGrid w:val="0"/><w:spacing w:before="30" w:after="30" w:line="340" w:lineRule="exact"/><w:jc w:val="left"/>"#, &size(24)));
    out.push_str(&style(
        "CellHead",
        "表格栏目",
        "Cell",
        r#"<w:keepNext/><w:jc w:val="center"/>"#,
        &fonts(HEADING_FONT),
    ));
    out.push_str(&style(
        "Sign",
        "落款",
        "Normal",
        r#"<w:keepLines/><w:jc w:val="right"/>"#,
        set,
    ));
    out.push_str(&style("Imprint", "版记", "Normal", r#"<w:snapToGrid w:val="0"/><w:spacing w:before="0" w:after="0" w:line="540" w:lineRule="exact"/><w:jc w:val="left"/>"#, &size(28)));
    for (id, name) in [("PageOdd", "单页码"), ("PageEven", "双页码")] {
        out.push_str(&style(
            id,
            name,
            "Normal",
            r#"<w:snapToGrid w:val="0"/><w:spacing w:line="280" w:lineRule="exact"/>"#,
            &format!("{}{}", fonts(PAGE_FONT), size(28)),
        ));
    }
    out.push_str("</w:styles>");
    out
}
