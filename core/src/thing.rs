//! Things in the registry: one struct a kind. Its schema gives the form in the browser, the columns of the Excel
//! template, the check of an import and the API; the words stand beside it.

use crate::id::{OrgId, ThingId};
use crate::org::Place;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use utoipa::ToSchema;

/// A thing, as a fact records it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Thing {
    /// Its id.
    pub id: ThingId,
    /// What it is: one of [`KINDS`].
    pub kind: String,
    /// Its name.
    pub name: String,
    /// Whose it is.
    pub org: OrgId,
    /// Where it is.
    pub place: Option<Place>,
    /// The fields of its kind.
    pub fields: Map<String, Value>,
    /// Invented for the sample district.
    #[serde(default)]
    pub sample: bool,
}

/// What a field holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "kebab-case")]
pub enum FieldType {
    /// Words.
    Text,
    /// A number.
    Number,
    /// A whole number.
    Integer,
    /// A date.
    Date,
    /// One of a list.
    Choice,
}

/// A field of a kind of thing.
#[derive(Debug, Clone, Copy, Serialize, ToSchema)]
pub struct Field {
    /// Its word in data.
    pub name: &'static str,
    /// Chinese heading.
    pub zh: &'static str,
    /// English heading.
    pub en: &'static str,
    /// What it holds.
    pub holds: FieldType,
    /// Must be there.
    pub required: bool,
    /// What may be chosen.
    pub choices: &'static [&'static str],
    /// Its unit.
    pub unit: &'static str,
}

/// A kind of thing.
#[derive(Debug, Clone, Copy, Serialize, ToSchema)]
pub struct Kind {
    /// Its word in data.
    pub kind: &'static str,
    /// Chinese name.
    pub zh: &'static str,
    /// English name.
    pub en: &'static str,
    /// Its own fields; name, org and place every thing has.
    pub fields: &'static [Field],
}

const fn field(
    name: &'static str,
    zh: &'static str,
    en: &'static str,
    holds: FieldType,
    required: bool,
    unit: &'static str,
) -> Field {
    Field {
        name,
        zh,
        en,
        holds,
        required,
        choices: &[],
        unit,
    }
}

const fn choice(
    name: &'static str,
    zh: &'static str,
    en: &'static str,
    required: bool,
    choices: &'static [&'static str],
) -> Field {
    Field {
        name,
        zh,
        en,
        holds: FieldType::Choice,
        required,
        choices,
        unit: "",
    }
}

use FieldType::{Date as D, Integer as I, Number as N, Text as T};

/// Every kind of thing that can be registered.
pub const KINDS: &[Kind] = &[
    Kind {
        kind: "shelter",
        zh: "应急避难场所",
        en: "Shelter",
        fields: &[
            choice("class", "类别", "Class", true, &["紧急", "短期", "长期"]),
            field("capacity", "容纳人数", "Capacity", I, true, "人"),
            field("area", "有效面积", "Area", N, false, "m²"),
            field("built", "建成日期", "Built", D, false, ""),
            field("contact", "联系电话", "Telephone", T, false, ""),
        ],
    },
    Kind {
        kind: "team",
        zh: "应急救援队伍",
        en: "Rescue team",
        fields: &[
            choice(
                "class",
                "类别",
                "Class",
                true,
                &[
                    "综合性消防",
                    "森林防灭火",
                    "企业专职",
                    "镇街综合",
                    "社会力量",
                ],
            ),
            field("people", "人数", "People", I, true, "人"),
            field("skills", "专长", "Skills", T, false, ""),
            field("contact", "值守电话", "Telephone", T, false, ""),
        ],
    },
    Kind {
        kind: "store",
        zh: "应急物资储备点",
        en: "Supply store",
        fields: &[
            choice(
                "class",
                "储备方式",
                "Kind of reserve",
                true,
                &["实物储备", "协议储备"],
            ),
            field("area", "库房面积", "Area", N, false, "m²"),
            field("contact", "联系电话", "Telephone", T, false, ""),
        ],
    },
    Kind {
        kind: "project",
        zh: "安全治理工程",
        en: "Safety project",
        fields: &[
            choice(
                "class",
                "类别",
                "Class",
                true,
                &[
                    "矿山水害瓦斯治理",
                    "消防设施改造",
                    "公路安全防护",
                    "水库除险加固",
                    "电梯更新",
                    "消防通道",
                    "其他",
                ],
            ),
            field("budget", "投资", "Budget", N, true, "万元"),
            field("start", "开工日期", "Start", D, true, ""),
            field("finish", "计划完工日期", "Planned finish", D, true, ""),
            choice(
                "gate",
                "进展",
                "Gate",
                true,
                &["立项", "开工", "完工", "验收"],
            ),
        ],
    },
    Kind {
        kind: "hazard-source",
        zh: "重大危险源",
        en: "Major hazard source",
        fields: &[
            choice(
                "level",
                "等级",
                "Level",
                true,
                &["一级", "二级", "三级", "四级"],
            ),
            field("substance", "主要介质", "Substance", T, true, ""),
            field("amount", "最大存量", "Largest amount", N, false, "t"),
        ],
    },
    Kind {
        kind: "expert",
        zh: "应急专家",
        en: "Expert",
        fields: &[
            field("trade", "专业", "Trade", T, true, ""),
            field("grade", "职称", "Grade", T, false, ""),
        ],
    },
];

/// What is registered in the same way but is an org: it owes duties of its own.
pub const ORGS: &[Kind] = &[
    Kind {
        kind: "enterprise",
        zh: "企业",
        en: "Enterprise",
        fields: &[
            field("sectors", "行业领域", "Trades", T, true, ""),
            field("code", "统一社会信用代码", "Credit code", T, false, ""),
        ],
    },
    Kind {
        kind: "org",
        zh: "单位",
        en: "Org",
        fields: &[
            choice(
                "class",
                "类型",
                "Class",
                true,
                &[
                    "委员会",
                    "专项指挥部",
                    "区直部门",
                    "镇（街道）",
                    "村（社区）",
                    "网格",
                ],
            ),
            field("short", "简称", "Short name", T, false, ""),
            field("aliases", "别称", "Other names", T, false, ""),
            field("code", "行政区划代码", "Division code", T, false, ""),
        ],
    },
];

/// The kind of org with this word.
pub fn org_kind(word: &str) -> Option<&'static Kind> {
    ORGS.iter().find(|kind| kind.kind == word)
}

/// The kind with this word.
pub fn kind(word: &str) -> Option<&'static Kind> {
    KINDS.iter().find(|kind| kind.kind == word)
}

/// A cell that cannot be used.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BadField {
    /// The field's Chinese heading.
    pub column: String,
    /// What is wrong and what to do, in Chinese.
    pub message: String,
}

/// Longest text in a cell, in characters.
pub const CELL_MAX: usize = 500;

impl Kind {
    /// Checks and types the cells of one row, given as field name → text.
    ///
    /// # Errors
    /// Every cell that cannot be used.
    pub fn check(&self, cells: &Map<String, Value>) -> Result<Map<String, Value>, Vec<BadField>> {
        let mut out = Map::new();
        let mut bad = Vec::new();
        for field in self.fields {
            let text = match cells.get(field.name) {
                None | Some(Value::Null) => String::new(),
                Some(Value::String(text)) => text.trim().to_owned(),
                Some(other) => other.to_string(),
            };
            let mut wrong = |message: String| {
                bad.push(BadField {
                    column: field.zh.to_owned(),
                    message,
                })
            };
            if text.is_empty() {
                if field.required {
                    wrong("必填".to_owned());
                }
                continue;
            }
            if text.chars().count() > CELL_MAX {
                wrong(format!("超过 {CELL_MAX} 字"));
                continue;
            }
            let value = match field.holds {
                FieldType::Text => Some(Value::String(text.clone())),
                FieldType::Choice if field.choices.contains(&text.as_str()) => {
                    Some(Value::String(text.clone()))
                }
                FieldType::Choice => {
                    wrong(format!(
                        "“{text}”不在可选项内：{}",
                        field.choices.join("、")
                    ));
                    continue;
                }
                FieldType::Integer => text
                    .parse::<f64>()
                    .ok()
                    .filter(|n| n.fract() == 0.0 && (0.0..1e12).contains(n))
                    .map(|n| Value::from(n as u64)),
                FieldType::Number => text
                    .parse::<f64>()
                    .ok()
                    .filter(|n| (0.0..1e12).contains(n))
                    .map(Value::from),
                FieldType::Date => text
                    .get(..10.min(text.len()))
                    .and_then(|day| {
                        day.replace(['/', '.'], "-")
                            .parse::<jiff::civil::Date>()
                            .ok()
                    })
                    .map(|day| Value::String(day.to_string())),
            };
            match value {
                Some(value) => drop(out.insert(field.name.to_owned(), value)),
                None => wrong(match field.holds {
                    FieldType::Date => format!("“{text}”不是日期，应写作 2026-03-05"),
                    FieldType::Integer => format!("“{text}”不是整数"),
                    _ => format!("“{text}”不是有效数字"),
                }),
            }
        }
        if bad.is_empty() { Ok(out) } else { Err(bad) }
    }

    /// The JSON Schema of the kind's fields.
    pub fn schema(&self) -> Value {
        let mut properties = Map::new();
        for field in self.fields {
            let mut property = Map::new();
            property.insert("title".into(), field.zh.into());
            property.insert("x-en".into(), field.en.into());
            property.insert(
                "type".into(),
                match field.holds {
                    FieldType::Number => "number",
                    FieldType::Integer => "integer",
                    _ => "string",
                }
                .into(),
            );
            if field.holds == FieldType::Date {
                property.insert("format".into(), "date".into());
            }
            if !field.choices.is_empty() {
                property.insert(
                    "enum".into(),
                    field.choices.iter().map(|c| Value::from(*c)).collect(),
                );
            }
            if !field.unit.is_empty() {
                property.insert("x-unit".into(), field.unit.into());
            }
            properties.insert(field.name.into(), property.into());
        }
        serde_json::json!({
            "$schema": "https://json-schema.org/draft/2020-12/schema",
            "type": "object",
            "title": self.zh,
            "x-en": self.en,
            "properties": properties,
            "required": self.fields.iter().filter(|f| f.required).map(|f| f.name).collect::<Vec<_>>(),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_row_is_checked_cell_by_cell() {
        let shelter = kind("shelter").unwrap();
        let row = |v: Value| v.as_object().unwrap().clone();
        let good = shelter
            .check(&row(
                serde_json::json!({"class": "紧急", "capacity": "1200", "built": "2026/03/05"}),
            ))
            .unwrap();
        assert_eq!(
            Value::from(good),
            serde_json::json!({"class": "紧急", "capacity": 1200, "built": "2026-03-05"})
        );
        let bad = shelter
            .check(&row(
                serde_json::json!({"class": "临时", "capacity": "很多"}),
            ))
            .unwrap_err();
        let columns: Vec<_> = bad.iter().map(|b| b.column.as_str()).collect();
        assert_eq!(columns, ["类别", "容纳人数"]);
        assert_eq!(shelter.check(&Map::new()).unwrap_err().len(), 2);
    }

    #[test]
    fn every_kind_has_words_and_a_schema() {
        for kind in KINDS {
            assert!(!kind.zh.is_empty() && !kind.en.is_empty());
            assert_eq!(
                kind.schema()["properties"].as_object().unwrap().len(),
                kind.fields.len()
            );
        }
    }
}
