//! 责任倒查报告: for one loop, who knew what and when, what the rule asked of each, what each did.
//!
//! It lists what the ledger holds, each line with the fact it rests on and the facts with their hashes. It
//! does not find who is to blame; that is for people. Where the ledger holds nothing it says so, which is
//! not the same as that nothing was done.

use std::collections::BTreeMap;

use jiff::civil::DateTime;
use serde::{Deserialize, Serialize};

use super::known::{self, TO_VERIFY, UNKNOWN};
use super::sheet::Wording;
use super::{Head, Sheet, head_sheet, needed};
use crate::PaperError;
use crate::paper::{Column, Form};
use crate::words;

/// Somebody came to know of something.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct Knew {
    /// Who: office and post.
    pub who: String,
    /// What.
    pub what: String,
    /// When.
    pub at: Option<DateTime>,
    /// How, such as 系统推送 or 书面送达.
    pub how: String,
    /// Ids of the facts that show it.
    pub facts: Vec<String>,
}

/// Something that was done.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct Did {
    /// What.
    pub what: String,
    /// When.
    pub at: Option<DateTime>,
    /// Ids of the facts that show it.
    pub facts: Vec<String>,
}

/// What a rule asked of somebody, and what he did about it.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct Asked {
    /// Of whom: office and post.
    pub who: String,
    /// The rule: document, article.
    pub rule: String,
    /// What it says.
    pub text: String,
    /// From when the clock ran.
    pub from: Option<DateTime>,
    /// By when.
    pub due: Option<DateTime>,
    /// What was done, in order. The first one is held against the deadline.
    pub did: Vec<Did>,
}

/// A fact of the ledger.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct FactProof {
    /// Its id.
    pub id: String,
    /// Its kind, in words.
    pub kind: String,
    /// When it was recorded.
    pub at: Option<DateTime>,
    /// Its place in the ledger.
    pub position: Option<u64>,
    /// Its hash, in hexadecimal digits.
    pub hash: String,
}

/// The head of the ledger against which the proofs are checked.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct LedgerHead {
    /// Facts in the ledger.
    pub size: u64,
    /// Root hash, in hexadecimal digits.
    pub root: String,
    /// When it was signed.
    pub signed_at: Option<DateTime>,
}

/// 责任倒查报告.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct TraceBack {
    /// Name of what is traced.
    pub name: String,
    /// Number of the loop.
    #[serde(default)]
    pub number: String,
    /// Kind of the loop, such as 重大事故隐患.
    #[serde(default)]
    pub kind: String,
    /// How it stands.
    #[serde(default)]
    pub state: String,
    /// The hour up to which the ledger was read.
    pub as_of: DateTime,
    /// What happened, in short.
    #[serde(default)]
    pub summary: Vec<String>,
    /// Who knew, in order of time.
    #[serde(default)]
    pub knew: Vec<Knew>,
    /// What was asked, and done.
    #[serde(default)]
    pub asked: Vec<Asked>,
    /// Facts that the lines name.
    #[serde(default)]
    pub facts: Vec<FactProof>,
    /// The ledger.
    #[serde(default)]
    pub ledger: LedgerHead,
    /// Gaps that a person has seen, and what is to be looked into.
    #[serde(default)]
    pub gaps: Vec<String>,
}

/// Words the report.
///
/// # Errors
/// No name.
pub(super) fn trace_back(head: &Head, paper: &TraceBack) -> Result<Sheet, PaperError> {
    let name = needed("name", &paper.name)?;
    let name = known::clause(name);
    let proofs = Proofs::new(&paper.facts);
    let mut w = Wording::default();
    w.text(format!(
        "按照责任倒查工作机制，{}依据台账记载，对{name}的知情、规定和履职情况进行了倒查。现将有关情况报告如下：",
        head.short()
    ));
    w.section("基本情况");
    w.fields([
        ("事项名称", name.to_owned()),
        ("事项编号", known::told(&paper.number)),
        ("事项类别", known::told(&paper.kind)),
        ("目前状态", known::verified(&paper.state)),
        ("倒查截至", words::moment(paper.as_of)),
    ]);
    w.items(&paper.summary, "");
    w.section("知情情况");
    knew(&mut w, paper, &proofs);
    w.section("规定要求");
    asked(&mut w, paper);
    w.section("履职情况");
    did(&mut w, paper, &proofs);
    w.section("需要进一步核查的问题");
    w.items(&paper.gaps, "未列出。");
    w.section("证据索引");
    evidence(&mut w, paper);
    w.section("说明");
    w.text("本报告如实列明台账记载的事实和规定要求，供调查核实使用。“台账无记录”仅表示截至倒查时间台账中未见相应记载，不等同于未履职；责任认定由有权机关依规依纪依法作出。");
    w.sign();
    Ok(head_sheet(
        head,
        Form::Plain,
        format!("关于{name}的责任倒查报告"),
        w,
    ))
}

/// Numbers of the facts in the index at the end, so that a line names 证1 and not sixty digits.
struct Proofs<'a>(BTreeMap<&'a str, usize>);

impl<'a> Proofs<'a> {
    fn new(facts: &'a [FactProof]) -> Self {
        let mut out = BTreeMap::new();
        for (index, fact) in facts.iter().enumerate() {
            // The first of two with the same id is the one that is meant.
            out.entry(fact.id.trim()).or_insert(index + 1);
        }
        Self(out)
    }

    /// `证1、证3`; an id that is not in the index is shown itself, for a missing proof must be seen.
    fn of(&self, ids: &[String]) -> String {
        let ids = known::several(ids);
        if ids.is_empty() {
            return "无".to_owned();
        }
        ids.iter()
            .map(|id| {
                self.0
                    .get(id)
                    .map_or_else(|| format!("{id}（未附）"), |n| format!("证{n}"))
            })
            .collect::<Vec<_>>()
            .join("、")
    }
}

fn knew(w: &mut Wording, paper: &TraceBack, proofs: &Proofs<'_>) {
    if paper.knew.is_empty() {
        w.text("台账无记录。");
        return;
    }
    w.table(
        "谁在何时知道什么",
        &[
            Column::left("知情时间", 18),
            Column::left("单位（岗位）", 22),
            Column::left("知道的内容", 32),
            Column::left("知情方式", 12),
            Column::left("证据", 12),
        ],
        paper
            .knew
            .iter()
            .map(|k| {
                vec![
                    known::moment(k.at, TO_VERIFY),
                    known::verified(&k.who),
                    known::verified(&k.what),
                    known::told(&k.how),
                    proofs.of(&k.facts),
                ]
            })
            .collect(),
    );
}

fn asked(w: &mut Wording, paper: &TraceBack) {
    if paper.asked.is_empty() {
        w.text("台账无记录。");
        return;
    }
    w.table(
        "规定对各单位的要求",
        &[
            Column::left("单位（岗位）", 18),
            Column::left("规定", 20),
            Column::left("规定内容", 32),
            Column::left("起算时间", 13),
            Column::left("完成时限", 13),
        ],
        paper
            .asked
            .iter()
            .map(|a| {
                vec![
                    known::verified(&a.who),
                    known::or(&a.rule, UNKNOWN),
                    known::verified(&a.text),
                    known::moment(a.from, UNKNOWN),
                    known::moment(a.due, "未设"),
                ]
            })
            .collect(),
    );
}

fn did(w: &mut Wording, paper: &TraceBack, proofs: &Proofs<'_>) {
    if paper.asked.is_empty() {
        w.text("台账无记录。");
        return;
    }
    let mut rows = Vec::new();
    for (number, a) in (1_u32..).zip(&paper.asked) {
        let line = |what: String, at: String, standing: String, facts: String| {
            vec![
                number.to_string(),
                known::verified(&a.who),
                what,
                at,
                standing,
                facts,
            ]
        };
        if a.did.is_empty() {
            rows.push(line(
                "台账无记录".to_owned(),
                "—".to_owned(),
                known::timeliness(a.due, None, paper.as_of),
                "无".to_owned(),
            ));
        }
        for (index, d) in a.did.iter().enumerate() {
            rows.push(line(
                known::verified(&d.what),
                known::moment(d.at, TO_VERIFY),
                match (index, d.at) {
                    (0, Some(at)) => known::timeliness(a.due, Some(at), paper.as_of),
                    (0, None) => TO_VERIFY.to_owned(),
                    _ => "—".to_owned(),
                },
                proofs.of(&d.facts),
            ));
        }
    }
    w.plain_table(
        "各单位履职情况（要求序号与上表对应）",
        vec![
            Column::new("要求", 6),
            Column::left("单位（岗位）", 20),
            Column::left("所做工作", 30),
            Column::left("时间", 16),
            Column::left("是否按时", 14),
            Column::left("证据", 12),
        ],
        rows,
    );
}

fn evidence(w: &mut Wording, paper: &TraceBack) {
    if paper.facts.is_empty() {
        w.text("未附台账事实。");
    } else {
        w.plain_table(
            "台账事实编号和校验值",
            vec![
                Column::new("证据", 8),
                Column::left("类型", 18),
                Column::left("记录时间", 18),
                Column::new("位置", 9),
                Column::left("事实编号和校验值", 47),
            ],
            evidence_rows(&paper.facts),
        );
    }
    let ledger = &paper.ledger;
    if ledger.size > 0 || !known::blank(&ledger.root) {
        w.fields([
            ("台账条数", ledger.size.to_string()),
            ("签署时间", known::moment(ledger.signed_at, UNKNOWN)),
            ("台账根哈希", known::told(&ledger.root)),
        ]);
        w.text("上述事实可用台账根哈希和包含证明逐条验证；任何改动都会使校验值不符。");
    } else {
        w.text("本报告未附台账根哈希，出具时应当补充。");
    }
}

fn evidence_rows(facts: &[FactProof]) -> Vec<Vec<String>> {
    facts
        .iter()
        .enumerate()
        .map(|(index, f)| {
            vec![
                format!("证{}", index + 1),
                known::told(&f.kind),
                known::moment(f.at, UNKNOWN),
                f.position
                    .map_or_else(|| UNKNOWN.to_owned(), |p| p.to_string()),
                format!("{}\n{}", known::told(&f.id), known::told(&f.hash)),
            ]
        })
        .collect()
}
