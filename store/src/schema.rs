//! The tables. Facts, tiles and checkpoints are the truth; sign-in secrets stand beside it; everything else is
//! projected from facts and can be thrown away and made again.

use crate::db::{Db, DbError};

/// Tables that are projections of the facts, in the order they are emptied and compared.
pub const PROJECTIONS: &[(&str, &str)] = &[
    ("streams", "stream"),
    ("orgs", "id"),
    ("org_sectors", "org, sector"),
    ("people", "id"),
    ("things", "id"),
    ("notices", "id"),
    ("duties", "id"),
    ("loops", "id"),
    ("loop_orgs", "loop, org"),
    ("file_uses", "sha256, stream"),
    ("calendar", "year"),
    ("papers", "id"),
    ("search_docs", "kind, id"),
];

/// Each step brings a database of the step before up to date; steps are only ever added.
const STEPS: &[&str] = &[
    r"
CREATE TABLE facts (
  seq BIGINT PRIMARY KEY,
  id TEXT NOT NULL,
  stream TEXT NOT NULL,
  version BIGINT NOT NULL,
  happened BIGINT NOT NULL,
  recorded BIGINT NOT NULL,
  actor TEXT,
  org TEXT,
  articles TEXT NOT NULL,
  things TEXT NOT NULL,
  kind TEXT NOT NULL,
  body TEXT NOT NULL
);
CREATE UNIQUE INDEX facts_stream ON facts (stream, version);
CREATE UNIQUE INDEX facts_id ON facts (id);
CREATE INDEX facts_kind ON facts (kind, seq);
CREATE INDEX facts_org ON facts (org, seq, kind);
CREATE INDEX facts_actor ON facts (actor, seq);
CREATE TABLE tiles (
  level BIGINT NOT NULL,
  n BIGINT NOT NULL,
  hashes BLOB NOT NULL,
  PRIMARY KEY (level, n)
);
CREATE TABLE checkpoints (
  size BIGINT PRIMARY KEY,
  note TEXT NOT NULL,
  sealed BIGINT NOT NULL
);
CREATE TABLE streams (
  stream TEXT PRIMARY KEY,
  version BIGINT NOT NULL
);
CREATE TABLE idempotency (
  actor TEXT NOT NULL,
  key TEXT NOT NULL,
  request TEXT NOT NULL,
  answer TEXT NOT NULL,
  at BIGINT NOT NULL,
  PRIMARY KEY (actor, key)
);
CREATE INDEX idempotency_at ON idempotency (at);
CREATE TABLE orgs (
  id TEXT PRIMARY KEY,
  kind TEXT NOT NULL,
  name TEXT NOT NULL,
  parent TEXT,
  path TEXT NOT NULL,
  version BIGINT NOT NULL,
  state TEXT NOT NULL
);
CREATE INDEX orgs_kind ON orgs (kind, id);
CREATE INDEX orgs_path ON orgs (path);
CREATE INDEX orgs_parent ON orgs (parent);
CREATE TABLE org_sectors (
  org TEXT NOT NULL,
  sector TEXT NOT NULL,
  PRIMARY KEY (org, sector)
);
CREATE INDEX org_sectors_sector ON org_sectors (sector, org);
CREATE TABLE people (
  id TEXT PRIMARY KEY,
  login TEXT NOT NULL,
  name TEXT NOT NULL,
  org TEXT,
  version BIGINT NOT NULL,
  state TEXT NOT NULL
);
CREATE UNIQUE INDEX people_login ON people (login);
CREATE TABLE things (
  id TEXT PRIMARY KEY,
  kind TEXT NOT NULL,
  name TEXT NOT NULL,
  org TEXT NOT NULL,
  added BIGINT NOT NULL,
  version BIGINT NOT NULL,
  state TEXT NOT NULL
);
CREATE INDEX things_kind ON things (kind, org);
CREATE TABLE notices (
  id TEXT PRIMARY KEY,
  state TEXT NOT NULL,
  title TEXT NOT NULL,
  headings TEXT NOT NULL,
  uploaded BIGINT NOT NULL,
  published BIGINT,
  generation BIGINT NOT NULL,
  amended BIGINT NOT NULL,
  version BIGINT NOT NULL,
  file TEXT NOT NULL,
  format TEXT NOT NULL,
  text TEXT NOT NULL,
  draft TEXT NOT NULL
);
CREATE TABLE duties (
  id TEXT PRIMARY KEY,
  notice TEXT NOT NULL,
  article BIGINT NOT NULL,
  demand TEXT NOT NULL,
  org TEXT NOT NULL,
  path TEXT NOT NULL,
  part TEXT NOT NULL,
  period TEXT NOT NULL,
  period_from TEXT NOT NULL,
  due TEXT NOT NULL,
  status TEXT NOT NULL,
  urgency BIGINT NOT NULL,
  waiting BIGINT NOT NULL,
  step TEXT,
  counts TEXT,
  title TEXT NOT NULL,
  version BIGINT NOT NULL,
  state TEXT NOT NULL,
  satisfied TEXT
);
CREATE INDEX duties_due ON duties (due, id);
CREATE INDEX duties_org ON duties (org, status, due);
CREATE INDEX duties_path ON duties (path, status, due);
CREATE INDEX duties_notice ON duties (notice, article, status, due);
CREATE INDEX duties_demand ON duties (notice, demand, period, part);
CREATE INDEX duties_urgency ON duties (urgency, due, id);
CREATE INDEX duties_open ON duties (status, due);
CREATE INDEX duties_counts ON duties (org, counts);
CREATE INDEX duties_waiting ON duties (waiting, due);
CREATE INDEX duties_by_org ON duties (org, due, id);
CREATE INDEX duties_by_article ON duties (article, due, id);
CREATE INDEX duties_step ON duties (step, status, due);
CREATE TABLE file_uses (
  sha256 TEXT NOT NULL,
  stream TEXT NOT NULL,
  org TEXT,
  name TEXT NOT NULL,
  PRIMARY KEY (sha256, stream)
);
CREATE TABLE calendar (
  year BIGINT PRIMARY KEY,
  state TEXT NOT NULL
);
CREATE TABLE papers (
  id TEXT PRIMARY KEY,
  paper TEXT NOT NULL,
  org TEXT,
  made BIGINT NOT NULL,
  state TEXT NOT NULL
);
CREATE TABLE search_docs (
  doc BIGINT NOT NULL,
  kind TEXT NOT NULL,
  id TEXT NOT NULL,
  org TEXT,
  title TEXT NOT NULL,
  detail TEXT NOT NULL,
  PRIMARY KEY (kind, id)
);
CREATE UNIQUE INDEX search_docs_doc ON search_docs (doc);
CREATE TABLE files (
  sha256 TEXT PRIMARY KEY,
  name TEXT NOT NULL,
  size BIGINT NOT NULL,
  media_type TEXT NOT NULL,
  person TEXT,
  at BIGINT NOT NULL
);
CREATE TABLE credentials (
  person TEXT PRIMARY KEY,
  password TEXT NOT NULL,
  one_time BIGINT NOT NULL,
  totp TEXT,
  totp_pending TEXT,
  totp_step BIGINT NOT NULL,
  failures BIGINT NOT NULL,
  locked_until BIGINT NOT NULL,
  last_sign_in BIGINT
);
CREATE TABLE sessions (
  id TEXT PRIMARY KEY,
  person TEXT NOT NULL,
  created BIGINT NOT NULL,
  seen BIGINT NOT NULL,
  expires BIGINT NOT NULL
);
CREATE INDEX sessions_person ON sessions (person);
CREATE TABLE tokens (
  id TEXT PRIMARY KEY,
  secret TEXT NOT NULL,
  person TEXT NOT NULL,
  name TEXT NOT NULL,
  commands TEXT NOT NULL,
  created BIGINT NOT NULL,
  expires BIGINT NOT NULL,
  last_used BIGINT,
  revoked BIGINT NOT NULL
);
CREATE UNIQUE INDEX tokens_secret ON tokens (secret);
",
    r"
CREATE TABLE loops (
  id TEXT PRIMARY KEY,
  kind TEXT NOT NULL,
  number TEXT NOT NULL,
  title TEXT NOT NULL,
  state TEXT NOT NULL,
  urgency BIGINT NOT NULL,
  org TEXT NOT NULL,
  path TEXT NOT NULL,
  town TEXT,
  sector TEXT,
  grade TEXT,
  sort TEXT,
  handler TEXT,
  turn_org TEXT,
  turn_may TEXT,
  due BIGINT NOT NULL,
  wake BIGINT,
  happened BIGINT NOT NULL,
  opened BIGINT NOT NULL,
  closed BIGINT,
  voided BIGINT NOT NULL,
  lon BIGINT,
  lat BIGINT,
  version BIGINT NOT NULL,
  state_json TEXT NOT NULL
);
CREATE UNIQUE INDEX loops_number ON loops (number);
CREATE INDEX loops_due ON loops (urgency, due, id);
CREATE INDEX loops_kind ON loops (kind, urgency, due, id);
CREATE INDEX loops_turn ON loops (turn_org, turn_may, due, id);
CREATE INDEX loops_wake ON loops (wake, id);
CREATE INDEX loops_happened ON loops (kind, town, happened);
CREATE INDEX loops_opened ON loops (opened, id);
CREATE INDEX loops_path ON loops (path, urgency, due);
CREATE INDEX loops_counts ON loops (urgency, kind, state, grade, town, sector, org, path, handler, sort, due, opened, closed, voided, id);
CREATE TABLE loop_orgs (
  loop TEXT NOT NULL,
  org TEXT NOT NULL,
  path TEXT NOT NULL,
  PRIMARY KEY (loop, org)
);
CREATE INDEX loop_orgs_org ON loop_orgs (org, loop);
CREATE INDEX loop_orgs_path ON loop_orgs (path, loop);
CREATE TABLE report_secrets (
  loop TEXT PRIMARY KEY,
  code TEXT NOT NULL,
  pin TEXT NOT NULL,
  sealed TEXT,
  failures BIGINT NOT NULL,
  locked_until BIGINT NOT NULL,
  at BIGINT NOT NULL
);
CREATE UNIQUE INDEX report_secrets_code ON report_secrets (code);
",
];

/// Words for searching: SQLite has FTS5, PostgreSQL a text-search vector. Both hold the same bigrams.
const SEARCH_SQLITE: &str = "CREATE VIRTUAL TABLE IF NOT EXISTS search_words USING fts5(grams, content='', contentless_delete=1, tokenize=\"unicode61 remove_diacritics 0\");";
const SEARCH_POSTGRES: &str = "CREATE TABLE IF NOT EXISTS search_words (doc BIGINT PRIMARY KEY, grams tsvector NOT NULL); CREATE INDEX IF NOT EXISTS search_words_grams ON search_words USING gin (grams);";

/// Brings a database up to date.
///
/// # Errors
/// What the database said.
pub fn migrate(db: &mut Db) -> Result<(), DbError> {
    // Two that start at once must not both create the tables.
    db.script(if db.is_postgres() {
        "BEGIN; SELECT pg_advisory_xact_lock(7230142)"
    } else {
        "BEGIN IMMEDIATE"
    })?;
    db.script("CREATE TABLE IF NOT EXISTS schema_steps (step BIGINT PRIMARY KEY);")?;
    let done = db
        .row("SELECT COALESCE(MAX(step), 0) FROM schema_steps", &[])?
        .map_or(0, |row| row.int(0)) as usize;
    for (at, step) in STEPS.iter().enumerate().skip(done) {
        let step = if db.is_postgres() {
            // Text is ordered by its bytes, as SQLite does: paths, kinds and cursors are compared by that order, and
            // a database made for some language would put `~` and `/` elsewhere.
            step.replace("BLOB", "BYTEA")
                .replace(" TEXT", " TEXT COLLATE \"C\"")
        } else {
            (*step).to_owned()
        };
        db.script(&step)?;
        db.run(
            "INSERT INTO schema_steps (step) VALUES (?1)",
            &[(at as u64 + 1).into()],
        )?;
    }
    db.script(if db.is_postgres() {
        SEARCH_POSTGRES
    } else {
        SEARCH_SQLITE
    })?;
    db.script("COMMIT")
}
