//! What an official notice says, once it has been read: sections, articles, demands and triggers, each
//! tied to the characters it came from. The shape is the contract of `anlan notice compile --json`.
//!
//! This file knows only the shape and what a person may change in it before publishing; the reading
//! itself lives in the crate `anlan-notice`.

use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// A half-open range `[start, end)` in characters (not bytes) of the text as read: after decoding,
/// before any repair.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, ToSchema, PartialOrd, Ord,
)]
pub struct Span(pub u32, pub u32);

/// A notice as the compiler understood it.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize, ToSchema)]
pub struct Compiled {
    /// 标题.
    pub title: String,
    /// 发文字号, such as 城安委〔2025〕3号.
    pub number: Option<String>,
    /// 发文机关, from the 落款 or the red header.
    pub issuer: Option<String>,
    /// 成文日期.
    #[schema(value_type = Option<String>, format = Date)]
    pub date: Option<Date>,
    /// The year the notice is about: that of its title, else of its date.
    pub year: Option<i16>,
    /// 征求意见稿, 送审稿, 讨论稿.
    pub draft: bool,
    /// 主送机关, split and trimmed.
    pub addressees: Vec<String>,
    /// Chapters in reading order.
    pub sections: Vec<Section>,
    /// Articles in reading order.
    pub articles: Vec<Article>,
    /// What the notice demands, in reading order.
    pub duties: Vec<Demand>,
    /// Conditions on events and what must follow.
    pub triggers: Vec<Trigger>,
    /// What was not understood, or looks wrong.
    pub remarks: Vec<Remark>,
}

/// A chapter: 一、狠抓安全意识大提升.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct Section {
    /// Its number as printed.
    pub no: u32,
    /// Its heading without number and mark-up.
    pub title: String,
    /// The heading line.
    pub span: Span,
}

/// A numbered article: （一）强化学习贯彻。
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct Article {
    /// Its number. Where a notice numbers anew in each chapter, `no` counts on through the document so
    /// that it stays unique, and `label` keeps the printed one.
    pub no: u32,
    /// The number as printed, such as （一） or 3.
    pub label: String,
    /// The chapter it stands in.
    pub section: Option<u32>,
    /// Its heading, without the closing full stop.
    pub title: String,
    /// Its words without heading and unit brackets, layout breaks healed.
    pub text: String,
    /// From the number to the end of the closing bracket.
    pub span: Span,
    /// Responsible units as written in the closing brackets (等单位 dropped).
    pub units: Vec<String>,
    /// The closing words: 负责, 分工负责, 指导督促落实, 配合 …
    pub unit_mode: Option<String>,
    /// Units that an earlier rule (以下均需…负责) adds.
    pub inherited_units: Vec<String>,
    /// Units marked as lead (牵头).
    pub lead_units: Vec<String>,
    /// Units marked as supporting (配合).
    #[serde(default)]
    pub support_units: Vec<String>,
}

/// How a demand is measured.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "kebab-case")]
pub enum MeasureKind {
    /// Done once, by a date.
    ByDate,
    /// So many times in each period.
    Times,
    /// So many of something.
    Quota,
    /// A share of all, or every one.
    Coverage,
    /// Whenever something happens.
    OnEvent,
    /// All the time; shown by evidence in each half-year.
    Continuous,
    /// Must not happen.
    Prohibition,
}

/// 频次.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Recurrence {
    /// day, week, ten-days, month, quarter, half-year, year.
    pub every: Every,
    /// 不少于 … 次.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub at_least: Option<u32>,
    /// 不超过 … 次.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub at_most: Option<u32>,
    /// 每月25日前: the day of the month by which it is due each time.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub by_day: Option<u8>,
    /// 每季度末月25日前: which month of the period `by_day` stands in, 1 for the first (首月) and 3 for the
    /// last of a quarter (末月). Nothing where the period is no longer than a month.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub by_month: Option<u8>,
}

/// The period of a recurrence.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Every {
    /// 每日
    Day,
    /// 每周
    Week,
    /// 每旬
    TenDays,
    /// 每月
    Month,
    /// 每季度
    Quarter,
    /// 每半年
    HalfYear,
    /// 每年
    Year,
}

/// A number the notice sets: 10 项具体问题, 95 %.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct Quantity {
    /// 不少于.
    pub at_least: Option<f64>,
    /// 不超过.
    pub at_most: Option<f64>,
    /// 项, 次, 处, 个, 小时, %, …
    pub unit: String,
    /// What is counted, as written.
    pub what: Option<String>,
}

/// 时限: how long after `on_event` a demand must be met. One of the fields is set, in the unit written.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Within {
    /// 30分钟内, 半小时内.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub minutes: Option<u32>,
    /// 2小时内.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub hours: Option<u32>,
    /// 3日内, 两周内.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub days: Option<u32>,
    /// 5个工作日内.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub working_days: Option<u32>,
    /// 3个月内.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub months: Option<u32>,
}

/// Which words a field was read from.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Source {
    /// The field's name in [`Demand`]: `deadline`, `recurrence`, `quantity`, `each`, `on_event`, `within`, `actors`, `action`.
    pub field: String,
    /// Where the words stand.
    pub span: Span,
    /// The words, layout breaks removed.
    pub words: String,
}

/// One thing the notice demands of someone.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct Demand {
    /// Stable within the notice: article and running number, `a06-2`.
    pub id: String,
    /// The article's `no`.
    pub article: u32,
    /// The words themselves, layout breaks removed.
    pub quote: String,
    /// Where they stand.
    pub span: Span,
    /// Who must act: named in the sentence, else the article's units and inherited units.
    pub actors: Vec<String>,
    /// What must be done, short.
    pub action: String,
    /// By when; a month means its last day.
    #[schema(value_type = Option<String>, format = Date)]
    pub deadline: Option<Date>,
    /// How often.
    pub recurrence: Option<Recurrence>,
    /// How much.
    pub quantity: Option<Quantity>,
    /// For each of what: 村（社区）, 企业 …, without 每个.
    pub each: Option<String>,
    /// On what event, as written.
    pub on_event: Option<String>,
    /// How long after the event: 接报后2小时内.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub within: Option<Within>,
    /// 0–1: how sure the grammar is.
    pub confidence: f64,
    /// How it is measured.
    pub measure: MeasureKind,
    /// Which words each field came from.
    #[serde(default)]
    pub sources: Vec<Source>,
}

/// A condition on events and what must follow.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct Trigger {
    /// The article's `no`.
    pub article: u32,
    /// The words themselves.
    pub quote: String,
    /// Where they stand.
    pub span: Span,
    /// Any one of these suffices.
    pub any: Vec<Condition>,
    /// Where the events are counted: town, enterprise, district …
    pub scope: Option<String>,
    /// What must follow, as written.
    pub then: String,
    /// Who must do it, as written.
    pub by: Option<String>,
}

/// One condition of a trigger.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct Condition {
    /// accident, hazard, violation, report, incident, other.
    pub event: String,
    /// 一般, 较大, 重大, 特别重大.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub grade_at_least: Option<String>,
    /// Exactly this grade, where the text names no 及以上.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub grade: Option<String>,
    /// So many of them.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub count: Option<u32>,
    /// Within this many months.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub within_months: Option<u32>,
    /// Within this many days.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub within_days: Option<u32>,
    /// 同类型.
    #[serde(skip_serializing_if = "std::ops::Not::not", default)]
    pub same_kind: bool,
    /// During what: 专项整治 …, as written.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub during: Option<String>,
    /// What happened, as written, where the event is not an accident.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub what: Option<String>,
}

/// Something a person should look at.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct Remark {
    /// Where.
    pub span: Span,
    /// What, in Chinese.
    pub message: String,
}
