//! More time (延期): asked by whoever owes it, before the deadline; decided by somebody else. The two moves are the
//! same wherever a unit works against a clock `rectify` whose day stands in the field `deadline`.

use super::field::{Read, Value};
use super::hazard::{NO_REQUEST, NOT_LATER, REQUESTED, TOO_LATE};
use super::spec::{Clock, Move, Party, Word, choice, date, files, long, note, word};
use super::{Loop, Refusal, Running};

const DECISION: &[Word] = &[
    word("approve", "同意", "Approve"),
    word("refuse", "不同意", "Refuse"),
];

fn deadline(it: &Loop) -> Option<&Running> {
    it.clocks
        .iter()
        .rev()
        .find(|clock| clock.code == "rectify" && clock.runs())
}

fn asked(it: &Loop) -> bool {
    it.values.text("extension_state") == "asked"
}

/// 申请延期. The loop says from which states and by whom.
pub const ASK: Move = Move::new("ask-extension", "申请延期", "Ask for more time")
    .ready(|it| if asked(it) { Err(REQUESTED) } else { Ok(()) })
    .check(|it, values, context| {
        let due = deadline(it).ok_or(Refusal::NOT_NOW)?.due;
        if context.now > due {
            return Err(TOO_LATE);
        }
        match values.moment("extend_to") {
            Some(to) if to > due => Ok(()),
            _ => Err(NOT_LATER.at("extend_to")),
        }
    })
    .settle(|_, values, _| {
        values.insert("extension_state".into(), Value::Text("asked".into()));
    })
    .asks(&[
        date("extend_to", "申请延至", "Until").must(),
        long("extend_reason", "延期理由", "Why").must(),
        files("extend_files", "证明材料", "Files"),
    ]);

/// 审批延期, by somebody else.
pub const DECIDE: Move = Move::new("decide-extension", "审批延期", "Decide the extension")
    .apart(&["ask-extension"])
    .ready(|it| if asked(it) { Ok(()) } else { Err(NO_REQUEST) })
    .settle(|it, values, _| {
        let approved = values.text("extension") == "approve";
        let state = if approved { "approved" } else { "refused" };
        values.insert("extension_state".into(), Value::Text(state.into()));
        if approved {
            let to = it.values.text("extend_to").to_owned();
            values.insert("deadline".into(), Value::Text(to));
        }
    })
    .asks(&[
        choice("extension", "审批意见", "Decision", DECISION).must(),
        note(),
    ]);

/// By when a request is decided.
pub const CLOCK: Clock = Clock::new(
    "decide-extension",
    "审批延期",
    "Decide the extension",
    Party::Handler,
)
.starts(&["ask-extension"])
.meets(&["decide-extension"]);

/// The deadline of a draft may be given when it is opened or when it goes out; one of the two must be.
///
/// # Errors
/// There is none.
pub fn deadline_given(it: &Loop, values: &super::Values) -> Result<(), Refusal> {
    if values.has("deadline") || it.values.has("deadline") {
        Ok(())
    } else {
        Err(Refusal::MISSING.at("deadline"))
    }
}

/// Keeps the deadline that was given when it was opened, unless there is a new one.
pub fn keep_deadline(it: &Loop, values: &mut super::Values) {
    if !values.has("deadline")
        && let Some(value) = it.values.get("deadline")
    {
        values.insert("deadline".into(), value.clone());
    }
}

/// How what was done is judged.
pub const RESULT: &[Word] = &[
    word("pass", "通过", "Accepted"),
    word("fail", "退回整改", "Sent back"),
];
