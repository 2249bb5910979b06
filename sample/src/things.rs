//! What there is in the registry: shelters, teams, stores, projects, hazard sources, experts. Some were there from
//! the beginning, some come in the course of the year.

use crate::SampleError;
use crate::district::Who;
use crate::papers::{Dates, at};
use anlan_core::calendar::date_of;
use anlan_core::id::{BadId, ThingId};
use anlan_core::org::{Org, OrgKind};
use anlan_core::thing::{self, Thing};
use jiff::civil::Date;
use jiff::{Timestamp, ToSpan};
use rand::Rng;
use rand::seq::IndexedRandom;
use rand_chacha::ChaCha8Rng;
use serde_json::{Value, json};

/// A thing, and when it was entered or changed.
pub struct Registered {
    /// When.
    pub at: Timestamp,
    /// The thing.
    pub thing: Thing,
    /// Known already: this is a change.
    pub change: bool,
}

/// Share of villages that have a shelter in the end, in percent; the rest is what article 十八 is about.
const SHELTERS_SHARE: u32 = 86;
/// Of these, those that stood before the notice.
const SHELTERS_BEFORE: u32 = 60;

struct Registry<'a> {
    rng: &'a mut ChaCha8Rng,
    out: Vec<Registered>,
    begin: Date,
    now: Timestamp,
}

impl Registry<'_> {
    fn add(
        &mut self,
        word: &str,
        kind: &str,
        name: String,
        org: &Org,
        day: Date,
        fields: Value,
    ) -> Result<(), BadId> {
        self.put(word, kind, name, org, day, fields, false)
    }

    #[expect(clippy::too_many_arguments, reason = "a thing has that many sides")]
    fn put(
        &mut self,
        word: &str,
        kind: &str,
        name: String,
        org: &Org,
        day: Date,
        fields: Value,
        change: bool,
    ) -> Result<(), BadId> {
        let entered = at(day, 9, 30) + i64::from(self.rng.random_range(0..21_600)).seconds();
        if entered > self.now {
            return Ok(());
        }
        // Typed as an import would type them.
        let cells = fields.as_object().cloned().unwrap_or_default();
        let fields = thing::kind(kind)
            .and_then(|kind| kind.check(&cells).ok())
            .unwrap_or(cells);
        self.out.push(Registered {
            at: entered,
            thing: Thing {
                id: ThingId::try_from(format!("thing_{word}"))?,
                kind: kind.to_owned(),
                name,
                org: org.id.clone(),
                place: org.place,
                fields,
                sample: true,
            },
            change,
        });
        Ok(())
    }

    /// A day of the year, this many days after the beginning.
    fn day(&mut self, days: std::ops::Range<i32>) -> Date {
        let days = self.rng.random_range(days);
        self.begin.checked_add(days.days()).unwrap_or(self.begin)
    }
}

/// All things entered up to `now`, in order of time.
///
/// # Errors
/// When an id is none: never with the data that the crate carries.
pub fn make(
    who: &Who,
    dates: &Dates,
    now: Timestamp,
    rng: &mut ChaCha8Rng,
) -> Result<Vec<Registered>, SampleError> {
    let mut registry = Registry {
        rng,
        out: Vec::new(),
        begin: date_of(dates.founded),
        now,
    };
    let tree = &who.tree;
    for village in tree.of_kind(OrgKind::Village) {
        let (chance, before) = (
            registry.rng.random_range(0..100),
            registry.rng.random_range(0..100),
        );
        let day = if before < SHELTERS_BEFORE {
            registry.day(1..9)
        } else {
            registry.day(30..355)
        };
        let class = *["紧急", "紧急", "短期", "长期"]
            .choose(registry.rng)
            .unwrap_or(&"紧急");
        let capacity = registry.rng.random_range(4..60) * 50;
        if chance >= SHELTERS_SHARE {
            continue;
        }
        registry.add(
            &format!("shelter-{}", village.code.as_deref().unwrap_or_default()),
            "shelter",
            format!("{}应急避难场所", village.short),
            village,
            day,
            json!({"class": class, "capacity": capacity.to_string(), "area": (capacity * 2).to_string(),
                   "built": day.to_string()}),
        )?;
    }
    for town in tree.of_kind(OrgKind::Town) {
        let stem = town.id.as_str().trim_start_matches("town-").to_owned();
        let (team, store) = (registry.day(60..260), registry.day(2..120));
        let people = registry.rng.random_range(18..36);
        registry.add(
            &format!("team-{stem}"),
            "team",
            format!("{}综合应急救援队", town.short),
            town,
            team,
            json!({"class": "镇街综合", "people": people.to_string(), "skills": "防汛抢险、森林防灭火、人员转移"}),
        )?;
        let area = registry.rng.random_range(6..40) * 10;
        registry.add(
            &format!("store-{stem}"),
            "store",
            format!("{}应急物资储备点", town.short),
            town,
            store,
            json!({"class": "实物储备", "area": area.to_string()}),
        )?;
    }
    let department = |id: &str| tree.iter().find(|org| org.id.as_str() == id);
    for (word, kind, name, org, fields) in [
        (
            "team-xiaofang",
            "team",
            "区综合性消防救援队",
            "dept-xiaofang",
            json!({"class": "综合性消防", "people": "64", "skills": "灭火救援、破拆、危化处置"}),
        ),
        (
            "team-senfang",
            "team",
            "区森林防灭火专业队",
            "dept-ziran",
            json!({"class": "森林防灭火", "people": "40", "skills": "森林草原火灾扑救"}),
        ),
        (
            "team-fangxun",
            "team",
            "区防汛抢险突击队",
            "dept-shuiwu",
            json!({"class": "社会力量", "people": "32", "skills": "排涝、堤防抢险"}),
        ),
        (
            "store-qu",
            "store",
            "区应急物资储备库",
            "dept-fagai",
            json!({"class": "实物储备", "area": "1200"}),
        ),
        (
            "store-xieyi",
            "store",
            "区应急物资协议储备点",
            "dept-yingji",
            json!({"class": "协议储备"}),
        ),
    ] {
        if let Some(org) = department(org) {
            let day = registry.day(1..9);
            registry.add(word, kind, name.to_owned(), org, day, fields)?;
        }
    }
    for (at, (class, org, name, budget)) in [
        (
            "矿山水害瓦斯治理",
            "dept-yingji",
            "煤矿区域性隐蔽致灾因素普查工程",
            860,
        ),
        (
            "消防设施改造",
            "dept-xiaofang",
            "老旧场所消防设施改造工程（一期）",
            420,
        ),
        (
            "消防设施改造",
            "dept-zhujian",
            "高层住宅消防设施改造工程",
            650,
        ),
        (
            "公路安全防护",
            "dept-jiaotong",
            "农村公路安全防护提升工程",
            380,
        ),
        ("公路安全防护", "dept-jiaotong", "急弯陡坡路段整治工程", 210),
        ("水库除险加固", "dept-shuiwu", "小型水库除险加固工程", 540),
        ("电梯更新", "dept-shichang", "老旧电梯更新改造工程", 300),
        ("消防通道", "dept-xiaofang", "消防车通道打通工程", 90),
        ("其他", "dept-yingji", "地震烈度速报与预警终端布设工程", 120),
    ]
    .into_iter()
    .enumerate()
    {
        let Some(org) = department(org) else { continue };
        let mut day = registry.day(20..50);
        let (start, finish) = (registry.day(80..120), registry.day(240..310));
        for (step, gate) in ["立项", "开工", "完工", "验收"].into_iter().enumerate() {
            registry.put(
                &format!("project-{}", at + 1),
                "project",
                format!("示例·{name}"),
                org,
                day,
                json!({"class": class, "budget": budget.to_string(), "start": start.to_string(),
                       "finish": finish.to_string(), "gate": gate}),
                step > 0,
            )?;
            let pause = registry.rng.random_range(45..110);
            day = day.checked_add(pause.days()).unwrap_or(day);
        }
    }
    let sources: Vec<&Org> = tree
        .of_kind(OrgKind::Enterprise)
        .into_iter()
        .filter(|org| org.sectors.iter().any(|s| s == "hazchem" || s == "coal"))
        .take(12)
        .collect();
    for (at, org) in sources.into_iter().enumerate() {
        let (substance, amount) = if org.sectors.iter().any(|s| s == "coal") {
            ("瓦斯抽采系统", 5)
        } else {
            *[
                ("液氨", 60),
                ("甲醇", 800),
                ("液化石油气", 120),
                ("液氯", 40),
            ]
            .choose(registry.rng)
            .unwrap_or(&("甲醇", 800))
        };
        let level = *["一级", "二级", "三级", "四级", "四级"]
            .choose(registry.rng)
            .unwrap_or(&"四级");
        let day = registry.day(1..20);
        registry.add(
            &format!("hazard-{}", at + 1),
            "hazard-source",
            format!("{}{substance}单元", org.short),
            org,
            day,
            json!({"level": level, "substance": substance, "amount": amount.to_string()}),
        )?;
    }
    if let Some(org) = department("dept-yingji") {
        let trades = [
            "矿山安全",
            "危险化学品",
            "建筑施工",
            "消防",
            "防汛抗旱",
            "地质灾害",
            "燃气",
            "特种设备",
            "道路交通",
        ];
        for at in 0..36 {
            let trade = trades[at % trades.len()];
            let grade = if at % 3 == 0 {
                "正高级工程师"
            } else {
                "高级工程师"
            };
            let day = registry.day(40..190);
            registry.add(
                &format!("expert-{}", at + 1),
                "expert",
                // A number, not a name: nobody is meant.
                format!("示例·{trade}专家{}号", at / trades.len() + 1),
                org,
                day,
                json!({"trade": trade, "grade": grade}),
            )?;
        }
    }
    let mut out = registry.out;
    out.sort_by(|a, b| (a.at, &a.thing.id).cmp(&(b.at, &b.thing.id)));
    Ok(out)
}
