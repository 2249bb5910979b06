//! Reads a `.docx` back, as strictly as its schema does for what we use.

use std::collections::BTreeMap;
use std::io::Read;

use quick_xml::Reader;
use quick_xml::escape::unescape;
use quick_xml::events::Event;

/// The parts of a pack by name.
pub fn parts(bytes: &[u8]) -> BTreeMap<String, String> {
    let mut zip = zip::ZipArchive::new(std::io::Cursor::new(bytes)).expect("a zip");
    (0..zip.len())
        .map(|i| {
            let mut file = zip.by_index(i).expect("an entry");
            let mut text = String::new();
            file.read_to_string(&mut text).expect("UTF-8");
            (file.name().expect("a name").into_owned(), text)
        })
        .collect()
}

/// Paragraphs and tables of a document, in order.
#[derive(Debug, Default, PartialEq)]
pub struct Document {
    pub paragraphs: Vec<Paragraph>,
    /// Tables as rows of cells.
    pub tables: Vec<Vec<Vec<String>>>,
    /// Rows marked as a heading to be repeated.
    pub repeated_rows: usize,
    /// Attributes of each empty or opening element, by element name: the last one wins.
    pub attributes: BTreeMap<String, BTreeMap<String, String>>,
}

#[derive(Debug, Default, PartialEq, Clone)]
pub struct Paragraph {
    pub style: String,
    pub text: String,
    pub in_table: bool,
}

impl Document {
    pub fn style(&self, style: &str) -> Vec<&str> {
        self.paragraphs
            .iter()
            .filter(|p| p.style == style && !p.text.is_empty())
            .map(|p| p.text.as_str())
            .collect()
    }

    pub fn text(&self) -> String {
        self.paragraphs
            .iter()
            .map(|p| p.text.as_str())
            .collect::<Vec<_>>()
            .join("\n")
    }
}

pub fn document(bytes: &[u8]) -> Document {
    read(&parts(bytes)["word/document.xml"])
}

/// Order that the schema demands of the children of `w:pPr`, for those we use.
const PARAGRAPH_ORDER: [&str; 14] = [
    "w:pStyle",
    "w:keepNext",
    "w:keepLines",
    "w:pageBreakBefore",
    "w:framePr",
    "w:widowControl",
    "w:pBdr",
    "w:tabs",
    "w:autoSpaceDE",
    "w:autoSpaceDN",
    "w:snapToGrid",
    "w:spacing",
    "w:ind",
    "w:jc",
];

pub fn read(xml: &str) -> Document {
    let mut reader = Reader::from_str(xml);
    reader.config_mut().check_end_names = true;
    let mut out = Document::default();
    let mut stack: Vec<String> = Vec::new();
    let mut last_property = 0;
    loop {
        let event = reader.read_event().expect("well-formed");
        let (name, opens) = match &event {
            Event::Start(e) => (e.name().as_ref().to_owned(), true),
            Event::Empty(e) => (e.name().as_ref().to_owned(), false),
            _ => (String::new(), false),
        };
        match &event {
            Event::Start(e) | Event::Empty(e) => {
                let attributes: BTreeMap<String, String> = e
                    .attributes()
                    .map(|a| {
                        let a = a.expect("an attribute");
                        (a.key.as_ref().to_owned(), a.value.to_string())
                    })
                    .collect();
                if stack.last().is_some_and(|parent| parent == "w:pPr") {
                    let place = PARAGRAPH_ORDER
                        .iter()
                        .position(|p| *p == name)
                        .unwrap_or_else(|| panic!("unexpected {name} in w:pPr"));
                    assert!(place >= last_property, "{name} stands too late in w:pPr");
                    last_property = place + 1;
                }
                match name.as_str() {
                    "w:pPr" => last_property = 0,
                    "w:p" => out.paragraphs.push(Paragraph {
                        in_table: stack.iter().any(|s| s == "w:tc"),
                        ..Paragraph::default()
                    }),
                    "w:pStyle" => {
                        out.paragraphs.last_mut().expect("a paragraph").style =
                            attributes["w:val"].clone()
                    }
                    "w:tbl" => out.tables.push(Vec::new()),
                    "w:tr" => out.tables.last_mut().expect("a table").push(Vec::new()),
                    "w:tc" => out
                        .tables
                        .last_mut()
                        .and_then(|t| t.last_mut())
                        .expect("a row")
                        .push(String::new()),
                    "w:tblHeader" => out.repeated_rows += 1,
                    "w:br" => out
                        .paragraphs
                        .last_mut()
                        .expect("a paragraph")
                        .text
                        .push('\n'),
                    "w:tab" if !stack.iter().any(|s| s == "w:tabs") => out
                        .paragraphs
                        .last_mut()
                        .expect("a paragraph")
                        .text
                        .push('\t'),
                    _ => {}
                }
                out.attributes.insert(name.clone(), attributes);
                if opens {
                    stack.push(name);
                }
            }
            Event::End(_) => {
                stack.pop();
            }
            Event::Text(text) if stack.last().is_some_and(|s| s == "w:t") => {
                let raw = text.to_string();
                push(&mut out, &unescape(&raw).expect("known entities"), &stack);
            }
            Event::GeneralRef(entity) if stack.last().is_some_and(|s| s == "w:t") => {
                let raw = format!("&{};", entity.as_ref() as &str);
                push(&mut out, &unescape(&raw).expect("known entities"), &stack);
            }
            Event::Eof => break,
            _ => {}
        }
    }
    assert!(stack.is_empty(), "left open: {stack:?}");
    out
}

fn push(out: &mut Document, text: &str, stack: &[String]) {
    out.paragraphs
        .last_mut()
        .expect("a paragraph")
        .text
        .push_str(text);
    if stack.iter().any(|s| s == "w:tc") {
        out.tables
            .last_mut()
            .and_then(|t| t.last_mut())
            .and_then(|r| r.last_mut())
            .expect("a cell")
            .push_str(text);
    }
}
