//! What the tests share: a compact telling of a compiled notice, and small files made in memory.
#![allow(dead_code, missing_docs, reason = "each test file uses its part")]

use std::fmt::Write as _;
use std::io::{Cursor, Write as _};

use anlan_core::notice::{Compiled, Demand, Every, Trigger};

/// One line for a demand: `by 2025-06-30 | 每村 >=1处 | who | quote`.
pub fn demand(d: &Demand) -> String {
    let mut out = String::new();
    let kind = serde_json::to_value(d.measure).unwrap();
    let _ = write!(out, "{} {}", d.id, kind.as_str().unwrap());
    if let Some(x) = d.deadline {
        let _ = write!(out, " by {x}");
    }
    if let Some(r) = &d.recurrence {
        let _ = write!(out, " every {}", every(r.every));
        match (r.at_least, r.at_most) {
            (Some(a), Some(b)) => {
                let _ = write!(out, " {a}-{b}");
            }
            (Some(a), None) => {
                let _ = write!(out, " >={a}");
            }
            (None, Some(b)) => {
                let _ = write!(out, " <={b}");
            }
            _ => {}
        }
        if let Some(day) = r.by_day {
            let _ = write!(out, " day {day}");
        }
        if let Some(month) = r.by_month {
            let _ = write!(out, " of month {month}");
        }
    }
    if let Some(e) = &d.each {
        let _ = write!(out, " each {e}");
    }
    if let Some(q) = &d.quantity {
        match (q.at_least, q.at_most) {
            (Some(a), Some(b)) => {
                let _ = write!(out, " {a}-{b}{}", q.unit);
            }
            (Some(a), None) => {
                let _ = write!(out, " >={a}{}", q.unit);
            }
            (None, Some(b)) => {
                let _ = write!(out, " <={b}{}", q.unit);
            }
            _ => {}
        }
        if let Some(w) = &q.what {
            let _ = write!(out, "({w})");
        }
    }
    if let Some(e) = &d.on_event {
        let _ = write!(out, " on [{e}]");
    }
    if let Some(w) = &d.within {
        for (n, unit) in [
            (w.minutes, "minutes"),
            (w.hours, "hours"),
            (w.days, "days"),
            (w.working_days, "working days"),
            (w.months, "months"),
        ] {
            if let Some(n) = n {
                let _ = write!(out, " within {n} {unit}");
            }
        }
    }
    let _ = write!(out, " | {} | {}", d.actors.join("、"), d.action);
    out
}

fn every(e: Every) -> String {
    serde_json::to_value(e)
        .unwrap()
        .as_str()
        .unwrap()
        .to_string()
}

pub fn trigger(t: &Trigger) -> String {
    let any: Vec<String> = t
        .any
        .iter()
        .map(|c| {
            let mut w = c.event.clone();
            if let Some(g) = &c.grade_at_least {
                let _ = write!(w, " {g}+");
            }
            if let Some(g) = &c.grade {
                let _ = write!(w, " {g}");
            }
            if let Some(n) = c.count {
                let _ = write!(w, " x{n}");
            }
            if let Some(n) = c.within_months {
                let _ = write!(w, " in {n} months");
            }
            if let Some(n) = c.within_days {
                let _ = write!(w, " in {n} days");
            }
            if c.same_kind {
                w.push_str(" same");
            }
            if let Some(d) = &c.during {
                let _ = write!(w, " during {d}");
            }
            if let Some(d) = &c.what {
                let _ = write!(w, " \"{d}\"");
            }
            w
        })
        .collect();
    format!(
        "when {} at {} then {} by {}",
        any.join(" or "),
        t.scope.as_deref().unwrap_or("-"),
        t.then,
        t.by.as_deref().unwrap_or("-")
    )
}

/// The interesting fields of a whole notice.
pub fn tell(c: &Compiled) -> String {
    let mut out = String::new();
    let _ = writeln!(out, "{}", c.title);
    let _ = writeln!(
        out,
        "number {} issuer {} date {} year {} draft {} to {}",
        c.number.as_deref().unwrap_or("-"),
        c.issuer.as_deref().unwrap_or("-"),
        c.date.map_or("-".into(), |d| d.to_string()),
        c.year.map_or("-".into(), |y| y.to_string()),
        c.draft,
        c.addressees.join("、")
    );
    for s in &c.sections {
        let _ = writeln!(out, "section {} {}", s.no, s.title);
    }
    for a in &c.articles {
        let _ = writeln!(
            out,
            "\n{} {} [{}] {} <{}{}{}{}{}>",
            a.no,
            a.label,
            a.section.map_or("-".into(), |s| s.to_string()),
            a.title,
            a.units.join("、"),
            a.unit_mode
                .as_ref()
                .map_or(String::new(), |m| format!(" {m}")),
            if a.lead_units.is_empty() {
                String::new()
            } else {
                format!(" lead {}", a.lead_units.join("、"))
            },
            if a.support_units.is_empty() {
                String::new()
            } else {
                format!(" support {}", a.support_units.join("、"))
            },
            if a.inherited_units.is_empty() {
                String::new()
            } else {
                format!(" + {}", a.inherited_units.join("、"))
            },
        );
        for d in c.duties.iter().filter(|d| d.article == a.no) {
            let _ = writeln!(out, "  {}", demand(d));
        }
        for t in c.triggers.iter().filter(|t| t.article == a.no) {
            let _ = writeln!(out, "  {}", trigger(t));
        }
    }
    for r in &c.remarks {
        let _ = writeln!(out, "? {}", r.message);
    }
    out
}

/// A zip container of named parts.
pub fn container(parts: &[(&str, &str)]) -> Vec<u8> {
    let mut zip = zip::ZipWriter::new(Cursor::new(Vec::new()));
    let options = zip::write::SimpleFileOptions::default();
    for (name, words) in parts {
        zip.start_file(*name, options).unwrap();
        zip.write_all(words.as_bytes()).unwrap();
    }
    zip.finish().unwrap().into_inner()
}

/// A .docx whose body is the given WordprocessingML.
pub fn docx(body: &str) -> Vec<u8> {
    docx_with(body, &[])
}

pub fn docx_with(body: &str, more: &[(&str, &str)]) -> Vec<u8> {
    let document = format!(
        r#"<?xml version="1.0" encoding="UTF-8" standalone="yes"?><w:document xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"><w:body>{body}</w:body></w:document>"#
    );
    let mut parts = vec![
        ("[Content_Types].xml", "<Types/>"),
        ("word/document.xml", document.as_str()),
    ];
    parts.extend_from_slice(more);
    container(&parts)
}

/// A paragraph of WordprocessingML.
pub fn p(words: &str) -> String {
    format!("<w:p><w:r><w:t>{words}</w:t></w:r></w:p>")
}

/// A table cell; `props` goes into `w:tcPr`.
pub fn tc(words: &str, props: &str) -> String {
    format!("<w:tc><w:tcPr>{props}</w:tcPr>{}</w:tc>", p(words))
}

/// A PDF with one page and one font that has a table of characters.
pub fn pdf(content: &str) -> Vec<u8> {
    pdf_pages(&[content.to_string()])
}

/// The same with a page for each content.
pub fn pdf_pages(pages: &[String]) -> Vec<u8> {
    let map = "1 begincodespacerange <0000> <ffff> endcodespacerange 1 beginbfrange <0000> <ffff> <0000> endbfrange";
    let kids: String = (0..pages.len())
        .map(|k| format!("{} 0 R ", 6 + 2 * k))
        .collect();
    let mut objects = vec![
        "<< /Type /Catalog /Pages 2 0 R >>".to_string(),
        format!("<< /Type /Pages /Kids [{kids}] /Count {} >>", pages.len()),
        "<< /Type /Font /Subtype /Type0 /Encoding /Identity-H /ToUnicode 4 0 R >>".to_string(),
        format!("<< /Length {} >>\nstream\n{map}\nendstream", map.len()),
        // A form that draws itself: a reader that follows it blindly never comes back.
        "<< /Type /XObject /Subtype /Form /Resources << /XObject << /X 5 0 R >> >> /Length 11 >>\nstream\n/X Do /X Do\nendstream".to_string(),
    ];
    for (k, content) in pages.iter().enumerate() {
        objects.push(format!("<< /Type /Page /Parent 2 0 R /Contents {} 0 R /Resources << /Font << /F 3 0 R >> /XObject << /X 5 0 R >> >> >>", 7 + 2 * k));
        objects.push(format!(
            "<< /Length {} >>\nstream\n{content}\nendstream",
            content.len()
        ));
    }
    let mut out = b"%PDF-1.4\n".to_vec();
    let mut places = Vec::new();
    for (k, o) in objects.iter().enumerate() {
        places.push(out.len());
        out.extend_from_slice(format!("{} 0 obj\n{o}\nendobj\n", k + 1).as_bytes());
    }
    let start = out.len();
    out.extend_from_slice(
        format!("xref\n0 {}\n0000000000 65535 f \n", objects.len() + 1).as_bytes(),
    );
    for at in places {
        out.extend_from_slice(format!("{at:010} 00000 n \n").as_bytes());
    }
    out.extend_from_slice(
        format!(
            "trailer << /Size {} /Root 1 0 R >>\nstartxref\n{start}\n%%EOF\n",
            objects.len() + 1
        )
        .as_bytes(),
    );
    out
}

/// Words as a PDF string of two bytes each.
pub fn hex(words: &str) -> String {
    words.encode_utf16().map(|u| format!("{u:04x}")).collect()
}

/// Words at a place on a page, in 10 point type.
pub fn at(x: u32, y: u32, words: &str) -> String {
    format!("BT /F 10 Tf 1 0 0 1 {x} {y} Tm <{}> Tj ET\n", hex(words))
}
