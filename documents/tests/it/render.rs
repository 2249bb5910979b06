//! Papers as LibreOffice prints them, when it is installed.

use std::path::Path;
use std::process::Command;

use anlan_documents::{
    BulletinSection, Column, LetterKind, PaperTable, bulletin_docx, letter_docx, official_docx,
};

use crate::{facts, samples};

fn installed(program: &str, argument: &str) -> bool {
    Command::new(program)
        .arg(argument)
        .output()
        .is_ok_and(|out| out.status.success() || !out.stderr.is_empty())
}

/// Pages of a paper as plain text, or none when the tools are missing.
fn pages(name: &str, bytes: &[u8]) -> Option<Vec<String>> {
    printed(&[(name, bytes.to_vec())])?.pop()
}

/// Pages of papers, in one run of the printer.
fn printed(papers: &[(&str, Vec<u8>)]) -> Option<Vec<Vec<String>>> {
    if !installed("soffice", "--version") || !installed("pdftotext", "-v") {
        println!("skipped: soffice and pdftotext are not both installed");
        return None;
    }
    let kept = std::env::var_os("ANLAN_KEEP_PAPERS");
    let folder = tempfile::tempdir().expect("a folder");
    let at = kept.as_ref().map_or(folder.path(), Path::new);
    let files: Vec<_> = papers
        .iter()
        .map(|(name, bytes)| {
            let file = at.join(format!("{name}.docx"));
            std::fs::write(&file, bytes).expect("to write the paper");
            file
        })
        .collect();
    // A profile of its own, so that two runs do not wait for each other.
    let profile = format!(
        "-env:UserInstallation=file://{}/profile",
        folder.path().display()
    );
    let out = Command::new("soffice")
        .args([&profile, "--headless", "--convert-to", "pdf", "--outdir"])
        .arg(at)
        .args(&files)
        .output()
        .expect("soffice");
    let said = String::from_utf8_lossy(&out.stderr);
    Some(
        files
            .iter()
            .map(|file| {
                let pdf = file.with_extension("pdf");
                assert!(pdf.exists(), "no pdf: {said}");
                let out = Command::new("pdftotext")
                    .args(["-layout", "-enc", "UTF-8"])
                    .arg(&pdf)
                    .arg("-")
                    .output()
                    .expect("pdftotext");
                let text = String::from_utf8(out.stdout).expect("UTF-8");
                text.split('\u{c}')
                    .map(str::to_owned)
                    .filter(|page| !page.trim().is_empty())
                    .collect()
            })
            .collect(),
    )
}

fn bare(text: &str) -> String {
    text.chars().filter(|c| !c.is_whitespace()).collect()
}

#[test]
fn a_bulletin_prints_on_few_pages_with_numbers_and_imprint() {
    let Some(pages) = pages(
        "bulletin",
        &bulletin_docx(&samples::bulletin()).expect("a bulletin"),
    ) else {
        return;
    };
    assert!((4..=6).contains(&pages.len()), "{} pages", pages.len());
    for (number, page) in (1..).zip(&pages) {
        assert!(
            bare(page).contains(&format!("—{number}—")),
            "page {number}: {page}"
        );
    }
    let first = bare(&pages[0]);
    assert!(
        first.contains("晋城市城区安全生产委员会办公室文件")
            && first.contains("城安办发〔2025〕7号"),
        "{first}"
    );
    let last = bare(&pages[pages.len() - 1]);
    assert!(
        last.contains("抄送：市安委会办公室") && last.contains("2025年4月3日印发"),
        "{last}"
    );
    assert!(
        last.find("2025年4月3日").is_some(),
        "the date of the paper stands with the imprint"
    );
}

#[test]
fn letters_print_with_their_signature_beside_text() {
    for (name, kind, most) in [
        ("reminder", LetterKind::Reminder, 2),
        ("circular", LetterKind::Circular, 3),
        ("interview", LetterKind::Interview, 3),
        ("supervision", LetterKind::Supervision, 3),
    ] {
        let Some(pages) = pages(
            name,
            &letter_docx(&samples::letter(kind)).expect("a letter"),
        ) else {
            return;
        };
        assert!(pages.len() <= most, "{name}: {} pages", pages.len());
        let signed = pages
            .iter()
            .map(|p| bare(p))
            .find(|p| p.contains("晋城市城区安全生产委员会办公室2025年4月3日"))
            .unwrap_or_else(|| panic!("{name} is not signed: {pages:?}"));
        assert!(
            signed.contains("特此"),
            "{name}: the seal stands alone: {signed}"
        );
    }
}

#[test]
fn a_long_table_shows_its_heading_on_every_page() {
    let mut bulletin = samples::bulletin();
    let rows: Vec<Vec<String>> = (1..=120)
        .map(|n| {
            vec![
                n.to_string(),
                "东街街道".into(),
                "落实重大隐患自查自改常态化机制".into(),
            ]
        })
        .collect();
    bulletin.summary = vec!["有关情况见下表。".into()];
    bulletin.sections = vec![BulletinSection {
        heading: "清单".into(),
        paragraphs: Vec::new(),
        tables: vec![PaperTable {
            caption: String::new(),
            columns: vec![
                Column::new("序号", 10),
                Column::new("责任单位", 20),
                Column::left("任务内容", 70),
            ],
            rows,
        }],
    }];
    let Some(pages) = pages("long", &bulletin_docx(&bulletin).expect("a bulletin")) else {
        return;
    };
    let with_rows: Vec<&String> = pages.iter().filter(|p| p.contains("东街街道 ")).collect();
    assert!(with_rows.len() >= 4, "{} pages", with_rows.len());
    assert!(
        with_rows
            .iter()
            .all(|p| bare(p).contains("序号责任单位任务内容"))
    );
}

#[test]
fn official_papers_print_on_few_pages_with_their_signature() {
    let all = facts::all();
    let named: Vec<(String, Vec<u8>)> = all
        .iter()
        .map(|(name, head, paper)| {
            let bytes = official_docx(head, paper).expect("a paper");
            (format!("official-{name}"), bytes)
        })
        .collect();
    let papers: Vec<(&str, Vec<u8>)> = named
        .iter()
        .map(|(name, bytes)| (name.as_str(), bytes.clone()))
        .collect();
    let Some(printed) = printed(&papers) else {
        return;
    };
    for ((name, head, _), pages) in all.iter().zip(&printed) {
        assert!(
            (1..=5).contains(&pages.len()),
            "{name}: {} pages",
            pages.len()
        );
        let signed = pages
            .iter()
            .map(|page| bare(page))
            .find(|page| page.contains(&format!("{}2025年3月6日", head.office)))
            .unwrap_or_else(|| panic!("{name} is not signed: {pages:?}"));
        // A seal on a page without text could be put under anything.
        let before = signed.split(&head.office).next().unwrap_or_default();
        assert!(
            before.contains('。') || before.contains("（签名）"),
            "{name}: the seal stands alone: {signed}"
        );
    }
}
