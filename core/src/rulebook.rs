//! What changes without recompiling: trades and who regulates them, the escalation ladder, the calendar, the
//! grades of accidents. The files lie in `rulebook/`; each value says where it comes from and whether it is certain.

use crate::calendar::{Calendar, Year, date_of};
use crate::loops::field::end_of;
use crate::org::Group;
use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// A trade (行业领域) and who regulates it (三管三必须).
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct Sector {
    /// Its word in data.
    pub code: String,
    /// Chinese name.
    pub zh: String,
    /// English name.
    pub en: String,
    /// The department that leads, by org id.
    pub lead: String,
    /// Departments that support, by org id.
    #[serde(default)]
    pub support: Vec<String>,
    /// One of the new trades of article 七.
    #[serde(default)]
    pub new_trade: bool,
    /// Words that point to it.
    #[serde(default)]
    pub terms: Vec<String>,
    /// Confirmed in a source.
    #[serde(default)]
    pub certain: bool,
}

/// A rung of the escalation ladder (升级阶梯).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Step {
    /// reminder, circular, interview, supervision.
    pub id: String,
    /// Chinese name.
    pub zh: String,
    /// English name.
    pub en: String,
    /// Working days after the due date; negative is before.
    pub working_days: i32,
    /// The letter that goes with it.
    pub letter: String,
    /// Confirmed in a source.
    #[serde(default)]
    pub certain: bool,
}

/// A grade of production-safety accident (生产安全事故报告和调查处理条例 第三条).
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct Grade {
    /// The grade.
    pub id: String,
    /// Chinese name.
    pub zh: String,
    /// English name.
    pub en: String,
    /// Deaths at least.
    pub deaths_min: u32,
    /// Serious injuries at least.
    pub injuries_min: u32,
    /// Direct economic loss at least, in yuan.
    pub loss_min_yuan: i64,
    /// Which government convenes the investigation.
    #[serde(default)]
    pub investigates: String,
    /// Follow-up reports a day at least.
    #[serde(default)]
    pub follow_up_per_day: u32,
    /// The document.
    #[serde(default)]
    pub source: String,
    /// Confirmed in the document.
    #[serde(default)]
    pub certain: bool,
}

/// Words of a demand that a kind of thing in the registry answers: 避难场所 is counted from shelters.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Counts {
    /// Any of these in the demand.
    pub words: Vec<String>,
    /// The kind of thing.
    pub thing: String,
}

/// A limit of time of a loop's clock.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Limit {
    /// The kind of loop.
    #[serde(rename = "loop")]
    pub kind: String,
    /// The clock.
    pub clock: String,
    /// So many minutes.
    #[serde(default)]
    pub minutes: Option<u32>,
    /// So many hours.
    #[serde(default)]
    pub hours: Option<u32>,
    /// To the end of the day so many days later.
    #[serde(default)]
    pub days: Option<u32>,
    /// To the end of the day so many working days later.
    #[serde(default)]
    pub working_days: Option<u32>,
    /// To the end of the same day so many months later; the month's last day where there is no such day.
    #[serde(default)]
    pub months: Option<u32>,
    /// The rule it comes from.
    pub rule: String,
    /// Confirmed in its source.
    #[serde(default)]
    pub certain: bool,
}

impl Limit {
    /// The moment it runs out, counted from a moment.
    pub fn after(&self, at: Timestamp, calendar: &Calendar) -> Timestamp {
        if let Some(days) = self.working_days {
            let days = i32::try_from(days).unwrap_or(i32::MAX);
            return end_of(calendar.shift(date_of(at), days));
        }
        if let Some(days) = self.days {
            return crate::loops::days_after(at, days.into());
        }
        if let Some(months) = self.months {
            let date = date_of(at);
            let span = jiff::Span::new().try_months(months).unwrap_or_default();
            return end_of(date.checked_add(span).unwrap_or(date));
        }
        let minutes = self.minutes.unwrap_or_default() + self.hours.unwrap_or_default() * 60;
        at.checked_add(SignedDuration::from_mins(minutes.into()))
            .unwrap_or(at)
    }
}

/// A word that forms choose from.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct TableWord {
    /// The table.
    #[serde(default)]
    pub table: String,
    /// Its code.
    pub code: String,
    /// Chinese.
    pub zh: String,
    /// English.
    #[serde(default)]
    pub en: String,
}

/// The whole rulebook.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct Rulebook {
    /// Trades.
    pub sectors: Vec<Sector>,
    /// The ladder, lowest rung first.
    pub ladder: Vec<Step>,
    /// Years of the calendar.
    pub calendar: Vec<Year>,
    /// Grades of accidents, gravest first.
    pub accidents: Vec<Grade>,
    /// What is counted from things.
    pub counts: Vec<Counts>,
    /// Names that mean many.
    pub groups: Vec<Group>,
    /// Limits of loops' clocks.
    #[serde(default)]
    pub limits: Vec<Limit>,
    /// Words that forms choose from.
    #[serde(default)]
    pub words: Vec<TableWord>,
    /// The org that handles what has no other handler.
    #[serde(default)]
    pub office: String,
    /// Campaigns (专项整治) during which the same kind of accident weighs more.
    #[serde(default)]
    #[schema(value_type = Vec<Object>)]
    pub campaigns: Vec<crate::loops::trigger::Campaign>,
    /// What makes a hazard a major one; pages ask for it trade by trade.
    #[serde(skip)]
    pub criteria: crate::criteria::Criteria,
    /// What is paid for reports.
    #[serde(default)]
    pub rewards: crate::loops::report::Rewards,
    /// The negative list of violations.
    #[serde(default)]
    pub violations: Vec<crate::loops::violation::Violation>,
    /// Ladders of what violations demand: the usual one and those of enterprises.
    #[serde(default)]
    pub rungs: Vec<crate::loops::violation::Rung>,
    /// Windows and thresholds of accidents.
    #[serde(default)]
    pub accident_rules: crate::loops::accident::Rules,
}

/// A rulebook file that cannot be used.
#[derive(Debug, thiserror::Error)]
#[error("rulebook file `{file}` cannot be read: {source}")]
pub struct BadRulebook {
    /// The file.
    pub file: &'static str,
    /// What is wrong.
    pub source: Box<dyn std::error::Error + Send + Sync>,
}

#[derive(Deserialize)]
struct Sectors {
    sector: Vec<Sector>,
}
#[derive(Deserialize)]
struct Ladder {
    step: Vec<Step>,
}
#[derive(Deserialize)]
struct Calendars {
    year: Vec<Year>,
}
#[derive(Deserialize)]
struct Grades {
    grade: Vec<Grade>,
}
#[derive(Deserialize)]
struct Loops {
    office: String,
    #[serde(default)]
    campaign: Vec<crate::loops::trigger::Campaign>,
    #[serde(default)]
    limit: Vec<Limit>,
    #[serde(default)]
    word: Vec<TableWord>,
}
#[derive(Deserialize)]
struct AccidentTypes {
    #[serde(default, rename = "type")]
    types: Vec<TableWord>,
}
#[derive(Deserialize)]
struct Violations {
    violation: Vec<crate::loops::violation::Violation>,
    rung: Vec<crate::loops::violation::Rung>,
}
#[derive(Deserialize)]
struct Groups {
    group: Vec<Group>,
}
#[derive(Deserialize)]
struct Counted {
    counts: Vec<Counts>,
}

fn parse<T: for<'a> Deserialize<'a>>(file: &'static str, text: &str) -> Result<T, BadRulebook> {
    toml::from_str(text).map_err(|source| BadRulebook {
        file,
        source: Box::new(source),
    })
}

/// Reads years of the calendar from TOML (`[[year]]`).
///
/// # Errors
/// When the text is not TOML of that shape.
pub fn calendar_years(text: &str) -> Result<Vec<Year>, BadRulebook> {
    Ok(parse::<Calendars>("calendar.toml", text)?.year)
}

impl Rulebook {
    /// Reads the rulebook's files.
    ///
    /// # Errors
    /// The first file that is not of its shape.
    pub fn parse(
        sectors: &str,
        ladder: &str,
        calendar: &str,
        accidents: &str,
        counts: &str,
        groups: &str,
        loops: &str,
    ) -> Result<Self, BadRulebook> {
        let loops = parse::<Loops>("loops.toml", loops)?;
        let types = parse::<AccidentTypes>("accidents.toml", accidents)?.types;
        let types = types.into_iter().map(|word| TableWord {
            table: "accident-types".into(),
            ..word
        });
        let mut ladder = parse::<Ladder>("ladder.toml", ladder)?.step;
        ladder.sort_by_key(|step| step.working_days);
        Ok(Self {
            sectors: parse::<Sectors>("sectors.toml", sectors)?.sector,
            ladder,
            calendar: calendar_years(calendar)?,
            accidents: parse::<Grades>("accidents.toml", accidents)?.grade,
            accident_rules: parse("accidents.toml", accidents)?,
            counts: parse::<Counted>("counts.toml", counts)?.counts,
            groups: parse::<Groups>("groups.toml", groups)?.group,
            limits: loops.limit,
            words: types.chain(loops.word).collect(),
            office: loops.office,
            campaigns: loops.campaign,
            criteria: crate::criteria::Criteria::default(),
            rewards: Default::default(),
            violations: Vec::new(),
            rungs: Vec::new(),
        })
    }

    /// With what is paid for reports, and the negative list of violations with its ladders.
    ///
    /// # Errors
    /// The first file that is not of its shape.
    pub fn with(mut self, rewards: &str, violations: &str) -> Result<Self, BadRulebook> {
        self.rewards = parse("rewards.toml", rewards)?;
        let read = parse::<Violations>("violations.toml", violations)?;
        self.words.retain(|word| word.table != "violations");
        self.words
            .extend(read.violation.iter().map(|entry| TableWord {
                table: "violations".into(),
                code: entry.code.clone(),
                zh: entry.zh.clone(),
                en: entry.en.clone(),
            }));
        self.violations = read.violation;
        self.rungs = read.rung;
        Ok(self)
    }

    /// The rulebook that the program carries.
    ///
    /// # Errors
    /// The first file that is not of its shape (a test keeps this from happening).
    pub fn built_in() -> Result<Self, BadRulebook> {
        Self::parse(
            include_str!("../../rulebook/sectors.toml"),
            include_str!("../../rulebook/ladder.toml"),
            include_str!("../../rulebook/calendar.toml"),
            include_str!("../../rulebook/accidents.toml"),
            include_str!("../../rulebook/counts.toml"),
            include_str!("../../rulebook/groups.toml"),
            include_str!("../../rulebook/loops.toml"),
        )?
        .with(
            include_str!("../../rulebook/rewards.toml"),
            include_str!("../../rulebook/violations.toml"),
        )
        .and_then(|book| {
            let criteria = crate::criteria::Criteria::built_in().map_err(|source| BadRulebook {
                file: "criteria",
                source: Box::new(source),
            })?;
            Ok(Self { criteria, ..book })
        })
    }

    /// The limit of a loop's clock, if there is one.
    pub fn limit(&self, kind: &str, clock: &str) -> Option<&Limit> {
        self.limits
            .iter()
            .find(|limit| limit.kind == kind && limit.clock == clock)
    }

    /// The words of a table that forms choose from.
    pub fn table(&self, table: &str) -> Vec<&TableWord> {
        self.words.iter().filter(|w| w.table == table).collect()
    }

    /// Working days before the due date from which a duty counts as due soon: the first rung before it, else 5.
    pub fn soon(&self) -> i32 {
        self.ladder
            .iter()
            .map(|step| step.working_days)
            .filter(|days| *days < 0)
            .min()
            .map_or(5, |days| -days)
    }

    /// The kind of thing that a demand is counted from, if any.
    pub fn counted_from(&self, words: &str) -> Option<&str> {
        self.counts
            .iter()
            .find(|counts| {
                counts
                    .words
                    .iter()
                    .any(|word| words.contains(word.as_str()))
            })
            .map(|counts| counts.thing.as_str())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_built_in_rulebook_reads() {
        let book = Rulebook::built_in().unwrap();
        assert!(
            book.sectors.iter().any(|s| s.new_trade),
            "article 七 names new trades"
        );
        assert!(
            book.ladder
                .windows(2)
                .all(|w| w[0].working_days <= w[1].working_days)
        );
        let letters: Vec<_> = book.ladder.iter().map(|step| step.id.as_str()).collect();
        assert!(
            ["reminder", "circular", "interview", "supervision"]
                .iter()
                .all(|id| letters.contains(id)),
            "{letters:?}"
        );
        assert_eq!(book.counted_from("每个村建立应急避难场所"), Some("shelter"));
    }
}
