//! 曝光通报: a page for everybody, with nothing personal on it.
//!
//! There is no field for a person. What a free text may still carry is masked before it is worded: names
//! that the caller withholds, numbers long enough to be a telephone, an identity or an account, number
//! plates, mail addresses. Too much is masked rather than too little; a moderator sees the sheet before it
//! is printed.

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use super::known::{self, TO_VERIFY};
use super::sheet::Wording;
use super::supervise::{Problem, problems};
use super::{Head, Sheet, head_sheet, needed};
use crate::PaperError;
use crate::paper::Form;
use crate::words;

/// 曝光通报.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct Exposure {
    /// The unit that is named. Never a person.
    pub unit: String,
    /// What it is about, such as 重大事故隐患整改不力. Goes into the title.
    pub matter: String,
    /// Kind, such as 典型事故, 违法案例, 隐患场景.
    pub kind: String,
    /// Town or area; no door numbers.
    pub area: String,
    /// When it was found.
    pub found_on: Option<Date>,
    /// What was found.
    pub facts: Vec<String>,
    /// What is not as it should be.
    pub problems: Vec<Problem>,
    /// Rules that were broken.
    pub basis: Vec<String>,
    /// What was done about it.
    pub outcome: Vec<String>,
    /// What others should do; the usual when empty.
    pub advice: Vec<String>,
    /// When it is taken down.
    pub published_until: Option<Date>,
    /// Where to tell of such things, such as 12350.
    pub hotline: String,
    /// Names that must not appear. Kept out of the paper.
    pub withhold: Vec<String>,
}

/// Digits in a run that may be a telephone or more.
const DIGITS_MAX: usize = 6;
/// Digits in a run with blanks or hyphens in between; more than a date has.
const GROUPED_MAX: usize = 10;

/// Characters between two digits of one number, at most; a bound on the work as well.
const GAP_MAX: usize = 3;

/// Replaces what may be personal by ＊ and withheld names by their first character and 某.
pub fn mask(text: &str, withhold: &[String]) -> String {
    let mut text = crate::xml::clean(text);
    // The longest first, so that a name inside another one does not leave its rest.
    let mut names: Vec<&str> = known::several(withhold);
    names.sort_by_key(|name| std::cmp::Reverse(name.len()));
    for name in names {
        let short: String = name.chars().take(1).chain(['某']).collect();
        text = text.replace(name, &short);
    }
    mask_numbers(&mask_plates(&mask_mail(&text)))
}

fn mask_mail(text: &str) -> String {
    let part = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '_' | '-' | '+');
    let chars: Vec<char> = text.chars().collect();
    let mut hidden = vec![false; chars.len()];
    for (at, _) in chars
        .iter()
        .enumerate()
        .filter(|(_, c)| matches!(c, '@' | '＠'))
    {
        let before = chars[..at].iter().rev().take_while(|c| part(**c)).count();
        let after = chars[at + 1..].iter().take_while(|c| part(**c)).count();
        if before > 0 || after > 0 {
            hidden[at - before..=at + after].fill(true);
        }
    }
    cover(&chars, &hidden)
}

/// Number plates: the character of a province, a letter, then four to six letters and digits.
fn mask_plates(text: &str) -> String {
    const PROVINCES: &str = "京津沪渝冀豫云辽黑湘皖鲁新苏浙赣鄂桂甘晋蒙陕吉闽贵粤青藏川宁琼";
    let chars: Vec<char> = text.chars().collect();
    let mut hidden = vec![false; chars.len()];
    for at in 0..chars.len() {
        if !PROVINCES.contains(chars[at])
            || !chars.get(at + 1).is_some_and(char::is_ascii_alphabetic)
        {
            continue;
        }
        let mut end = at + 2;
        if chars
            .get(end)
            .is_some_and(|c| matches!(c, '·' | '-' | ' ' | '・' | '•'))
        {
            end += 1;
        }
        let tail = chars[end..]
            .iter()
            .take(6)
            .take_while(|c| c.is_ascii_alphanumeric())
            .count();
        if tail >= 4 {
            hidden[at + 1..end + tail].fill(true);
        }
    }
    cover(&chars, &hidden)
}

/// Digits of any script, alone or with blanks and hyphens in between.
fn mask_numbers(text: &str) -> String {
    let chars: Vec<char> = text.chars().collect();
    let mut hidden = vec![false; chars.len()];
    let mut at = 0;
    while at < chars.len() {
        if !digit(chars[at]) {
            at += 1;
            continue;
        }
        // A whole run: digits, and between two of them no more than a few blanks or hyphens.
        let (mut end, mut digits, mut longest, mut row) = (at, 0, 0, 0);
        while let Some(c) = chars.get(end) {
            let gaps = chars[end..]
                .iter()
                .take(GAP_MAX + 1)
                .take_while(|c| gap(**c))
                .count();
            if digit(*c) {
                digits += 1;
                row += 1;
                longest = longest.max(row);
                end += 1;
            } else if (1..=GAP_MAX).contains(&gaps)
                && chars.get(end + gaps).is_some_and(|c| digit(*c))
            {
                row = 0;
                end += gaps;
            } else {
                break;
            }
        }
        let amount = chars
            .get(end)
            .is_some_and(|c| matches!(c, '元' | '万' | '吨' | '亿'))
            && digits == longest
            && digits < 11;
        // The last place of an identity number may be an X.
        if digits == 17
            && chars
                .get(end)
                .is_some_and(|c| matches!(c, 'x' | 'X' | 'ｘ' | 'Ｘ'))
        {
            end += 1;
        }
        if !amount && (longest > DIGITS_MAX || digits > GROUPED_MAX) {
            hidden[at..end].fill(true);
        }
        at = end;
    }
    cover(&chars, &hidden)
}

/// Digits of any script, and the characters that read as digits when a number is spelled out.
fn digit(c: char) -> bool {
    c.is_numeric() || "一二三四五六七八九零幺".contains(c)
}

/// What people put between the digits of one number, seen or not.
fn gap(c: char) -> bool {
    c.is_whitespace()
        || "-‐‑–—－_·.,()（）".contains(c)
        || matches!(c, '\u{ad}' | '\u{200b}'..='\u{200d}' | '\u{2060}')
}

/// Hidden characters become one ＊ for each run of them, so that not even the length is told.
fn cover(chars: &[char], hidden: &[bool]) -> String {
    let mut out = String::with_capacity(chars.len());
    let mut before = false;
    for (c, hide) in chars.iter().zip(hidden) {
        if !hide {
            out.push(*c);
        } else if !before {
            out.push('＊');
        }
        before = *hide;
    }
    out
}

/// Words the page.
///
/// # Errors
/// No unit.
pub(super) fn exposure(head: &Head, paper: &Exposure) -> Result<Sheet, PaperError> {
    let m = |text: &str| mask(text, &paper.withhold);
    let all = |texts: &[String]| texts.iter().map(|t| m(t)).collect::<Vec<String>>();
    let unit = m(needed("unit", &paper.unit)?);
    let matter = m(&known::or(&paper.matter, "安全生产违法违规行为"));
    let matter = known::clause(&matter);
    let mut w = Wording::default();
    w.text(format!(
        "为发挥警示教育作用，现对{unit}{matter}有关情况予以公开曝光："
    ));
    w.section("基本情况");
    w.fields([
        ("单位名称", unit.clone()),
        ("类别", known::verified(&m(&paper.kind))),
        ("所在区域", known::verified(&m(&paper.area))),
        ("发现时间", known::day(paper.found_on, TO_VERIFY)),
    ]);
    w.section("主要事实");
    w.items(&all(&paper.facts), &format!("{TO_VERIFY}。"));
    let masked: Vec<Problem> = paper
        .problems
        .iter()
        .map(|p| Problem {
            what: m(&p.what),
            unit: m(&p.unit),
            basis: m(&p.basis),
            due: p.due,
            status: m(&p.status),
        })
        .collect();
    problems(&mut w, "", &masked);
    let laws: Vec<String> = known::several(&all(&paper.basis))
        .into_iter()
        .map(|law| known::law(known::clause(law)))
        .collect();
    if !laws.is_empty() {
        w.text(format!("上述行为违反了{}的规定。", laws.join("、")));
    }
    w.section("处理情况");
    w.items(&all(&paper.outcome), "正在依法处理。");
    w.section("警示提醒");
    w.items(
        &all(&paper.advice),
        "各生产经营单位要引以为戒、举一反三，立即开展自查自改，严格落实安全生产主体责任，坚决防止同类问题发生。",
    );
    if !known::blank(&paper.hotline) {
        // A published number of an office, the one that is not masked.
        w.text(format!(
            "欢迎社会各界监督举报安全生产违法行为和事故隐患，举报电话：{}。",
            known::clause(&paper.hotline)
        ));
    }
    if let Some(day) = paper.published_until {
        w.text(format!("本曝光信息公开至{}。", words::date(day)));
    }
    w.sign();
    let title = format!("关于对{unit}{matter}予以曝光的通报");
    let mut sheet = head_sheet(head, Form::Red, title, w);
    sheet.title = m(&sheet.title);
    Ok(sheet)
}
