//! Why something may not be done: a code and its words, with the field it is about.

/// A refusal. Every one is a constant, so that none is without words; [`Refusal::ALL`] and each loop's own list are
/// walked by the compliance test.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Refusal {
    /// Its code.
    pub code: &'static str,
    /// Chinese.
    pub zh: &'static str,
    /// English.
    pub en: &'static str,
    /// The field it is about.
    pub field: Option<String>,
}

macro_rules! refusals {
    ($($name:ident = $code:literal, $zh:literal, $en:literal;)*) => {
        impl Refusal {
            $(#[doc = $en] pub const $name: Refusal = Refusal::new($code, $zh, $en);)*
            /// Those that any loop may give.
            pub const ALL: &'static [Refusal] = &[$(Refusal::$name,)*];
        }
    };
}

refusals! {
    NOT_PERMITTED = "not-permitted", "您无权进行此操作", "You may not do this";
    NOT_NOW = "not-now", "当前状态不能进行此操作", "Not in this state";
    OWN_WORK = "own-work", "不能审批本人或本单位办理的事项", "Nobody approves his own work, nor his unit's";
    VOIDED = "voided", "该事项已作废", "This was voided";
    ENDED = "ended", "该事项已办结", "This is closed";
    UNKNOWN_MOVE = "unknown-command", "没有这项操作", "There is no such command";
    UNKNOWN_KIND = "unknown-kind", "没有这类事项", "There is no such kind of loop";
    MISSING = "missing-field", "请填写必填项", "Fill in what is required";
    UNKNOWN_FIELD = "unknown-field", "此操作没有这一项", "There is no such field here";
    BAD_VALUE = "bad-value", "填写内容不符合要求", "This value is not acceptable here";
    TOO_LONG = "too-long", "内容过长或附件过多", "Too long, or too many files";
    NO_SUCH_ORG = "no-such-org", "没有这个单位", "There is no such unit";
    NO_SUCH_FILE = "no-such-file", "附件尚未上传，请重新选择", "The file was not uploaded; choose it again";
    NO_SUCH_LOOP = "no-such-loop", "没有这个事项", "There is no such loop";
    NOT_A_PHOTO = "not-a-photo", "请上传照片", "A picture is wanted";
    FUTURE = "future", "时间不能晚于现在", "This lies in the future";
    PAST = "past", "时限不能早于今天", "A deadline cannot lie in the past";
    ITSELF = "itself", "不能关联自身", "It cannot be linked to itself";
    TOO_MANY = "too-many", "记录过多，请另行登记", "Too many entries; open another";
    NOT_BY_HAND = "not-by-hand", "此类事项由系统生成", "These are opened by the system";
}

impl Refusal {
    /// A refusal with its words.
    pub const fn new(code: &'static str, zh: &'static str, en: &'static str) -> Self {
        Self {
            code,
            zh,
            en,
            field: None,
        }
    }
    /// About this field.
    #[must_use]
    pub fn at(mut self, field: &str) -> Self {
        self.field = Some(field.chars().take(80).collect());
        self
    }
    /// About a field within this table.
    #[must_use]
    pub fn within(mut self, table: &str) -> Self {
        self.field = Some(match self.field {
            Some(field) => format!("{table}.{field}"),
            None => table.to_owned(),
        });
        self
    }
}
