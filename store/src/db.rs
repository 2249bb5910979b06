//! One database, two kinds: SQLite embedded, PostgreSQL beside. The rest of the crate writes one SQL for both
//! (`?1` placeholders, BIGINT/TEXT/BLOB columns, JSON as TEXT, upserts by `ON CONFLICT`) and sees plain values.

use postgres::types::{IsNull, ToSql, Type, private::BytesMut, to_sql_checked};
use rusqlite::types::{ToSqlOutput, ValueRef};
use std::collections::HashMap;

/// A value going in or coming out.
#[derive(Debug, Clone, PartialEq)]
pub enum Value {
    /// Nothing.
    Null,
    /// Whole numbers, instants as microseconds, booleans as 0 and 1.
    Int(i64),
    /// Numbers.
    Real(f64),
    /// Text.
    Text(String),
    /// Bytes.
    Blob(Vec<u8>),
}

macro_rules! from {
    ($($t:ty => $how:expr;)*) => {$(impl From<$t> for Value { fn from(x: $t) -> Self { let how: fn($t) -> Value = $how; how(x) } })*};
}
from! {
    i64 => Value::Int;
    u64 => |x| Value::Int(x as i64);
    u32 => |x| Value::Int(i64::from(x));
    bool => |x| Value::Int(i64::from(x));
    f64 => Value::Real;
    &str => |x| Value::Text(x.to_owned());
    String => Value::Text;
    &String => |x| Value::Text(x.clone());
    Vec<u8> => Value::Blob;
    &[u8] => |x| Value::Blob(x.to_vec());
}

impl<T: Into<Value>> From<Option<T>> for Value {
    fn from(x: Option<T>) -> Self {
        x.map_or(Value::Null, Into::into)
    }
}

/// A row.
#[derive(Debug, Clone, PartialEq)]
pub struct Row(pub Vec<Value>);

impl Row {
    /// A whole number; 0 where there is none.
    pub fn int(&self, at: usize) -> i64 {
        match self.0.get(at) {
            Some(Value::Int(x)) => *x,
            Some(Value::Real(x)) => *x as i64,
            _ => 0,
        }
    }
    /// A whole number that may be missing.
    pub fn int_opt(&self, at: usize) -> Option<i64> {
        match self.0.get(at) {
            Some(Value::Int(x)) => Some(*x),
            _ => None,
        }
    }
    /// A number; 0 where there is none.
    pub fn real(&self, at: usize) -> f64 {
        match self.0.get(at) {
            Some(Value::Real(x)) => *x,
            Some(Value::Int(x)) => *x as f64,
            _ => 0.0,
        }
    }
    /// Text; empty where there is none.
    pub fn text(&self, at: usize) -> String {
        match self.0.get(at) {
            Some(Value::Text(x)) => x.clone(),
            _ => String::new(),
        }
    }
    /// Text that may be missing.
    pub fn text_opt(&self, at: usize) -> Option<String> {
        match self.0.get(at) {
            Some(Value::Text(x)) => Some(x.clone()),
            _ => None,
        }
    }
    /// Bytes; empty where there are none.
    pub fn blob(&self, at: usize) -> Vec<u8> {
        match self.0.get(at) {
            Some(Value::Blob(x)) => x.clone(),
            _ => Vec::new(),
        }
    }
}

/// What the database said.
#[derive(Debug, thiserror::Error)]
pub enum DbError {
    /// SQLite.
    #[error("the database refused")]
    Sqlite(#[from] rusqlite::Error),
    /// PostgreSQL.
    #[error("the database refused")]
    Postgres(#[from] postgres::Error),
}

/// A connection.
pub enum Db {
    /// SQLite.
    Sqlite(rusqlite::Connection),
    /// PostgreSQL.
    Postgres(Box<Server>),
}

/// A connection to a server, with the statements it has prepared: without them every question would take another
/// trip to the server first.
pub struct Server {
    client: postgres::Client,
    statements: HashMap<String, postgres::Statement>,
}

/// Most statements kept prepared on one connection.
const STATEMENTS_MAX: usize = 256;

impl Server {
    fn prepared(&mut self, sql: &str) -> Result<postgres::Statement, DbError> {
        if let Some(statement) = self.statements.get(sql) {
            return Ok(statement.clone());
        }
        let statement = self.client.prepare(&dollars(sql))?;
        if self.statements.len() >= STATEMENTS_MAX {
            self.statements.clear();
        }
        self.statements.insert(sql.to_owned(), statement.clone());
        Ok(statement)
    }
}

impl From<postgres::Client> for Db {
    fn from(client: postgres::Client) -> Self {
        Db::Postgres(Box::new(Server {
            client,
            statements: HashMap::new(),
        }))
    }
}

/// PostgreSQL takes no NUL in text, and SQLite's patterns end at one; there is nothing it could mean.
fn without_nul(text: &str) -> String {
    text.replace('\0', "\u{fffd}")
}

impl rusqlite::ToSql for Value {
    fn to_sql(&self) -> rusqlite::Result<ToSqlOutput<'_>> {
        Ok(ToSqlOutput::Borrowed(match self {
            Value::Text(x) if x.contains('\0') => {
                return Ok(ToSqlOutput::Owned(without_nul(x).into()));
            }
            Value::Null => ValueRef::Null,
            Value::Int(x) => ValueRef::Integer(*x),
            Value::Real(x) => ValueRef::Real(*x),
            Value::Text(x) => ValueRef::Text(x.as_bytes()),
            Value::Blob(x) => ValueRef::Blob(x),
        }))
    }
}

impl ToSql for Value {
    fn to_sql(
        &self,
        kind: &Type,
        out: &mut BytesMut,
    ) -> Result<IsNull, Box<dyn std::error::Error + Sync + Send>> {
        match self {
            Value::Null => Ok(IsNull::Yes),
            Value::Int(x) => match *kind {
                Type::INT4 => i32::try_from(*x)?.to_sql(kind, out),
                Type::FLOAT8 => (*x as f64).to_sql(kind, out),
                _ => x.to_sql(kind, out),
            },
            Value::Real(x) => x.to_sql(kind, out),
            Value::Text(x) if x.contains('\0') => without_nul(x).to_sql(kind, out),
            Value::Text(x) => x.to_sql(kind, out),
            Value::Blob(x) => x.to_sql(kind, out),
        }
    }
    fn accepts(_: &Type) -> bool {
        true
    }
    to_sql_checked!();
}

/// `?1` for SQLite is `$1` for PostgreSQL.
fn dollars(sql: &str) -> String {
    sql.replace('?', "$")
}

fn sqlite_row(row: &rusqlite::Row<'_>, columns: usize) -> rusqlite::Result<Row> {
    let mut out = Vec::with_capacity(columns);
    for at in 0..columns {
        out.push(match row.get_ref(at)? {
            ValueRef::Null => Value::Null,
            ValueRef::Integer(x) => Value::Int(x),
            ValueRef::Real(x) => Value::Real(x),
            ValueRef::Text(x) => Value::Text(String::from_utf8_lossy(x).into_owned()),
            ValueRef::Blob(x) => Value::Blob(x.to_vec()),
        });
    }
    Ok(Row(out))
}

fn postgres_row(row: &postgres::Row) -> Result<Row, DbError> {
    let mut out = Vec::with_capacity(row.len());
    for (at, column) in row.columns().iter().enumerate() {
        let value = match *column.type_() {
            Type::INT8 => row.try_get::<_, Option<i64>>(at)?.map(Value::Int),
            Type::INT4 => row
                .try_get::<_, Option<i32>>(at)?
                .map(|x| Value::Int(i64::from(x))),
            Type::BOOL => row
                .try_get::<_, Option<bool>>(at)?
                .map(|x| Value::Int(i64::from(x))),
            Type::FLOAT8 => row.try_get::<_, Option<f64>>(at)?.map(Value::Real),
            Type::FLOAT4 => row
                .try_get::<_, Option<f32>>(at)?
                .map(|x| Value::Real(f64::from(x))),
            Type::BYTEA => row.try_get::<_, Option<Vec<u8>>>(at)?.map(Value::Blob),
            _ => row.try_get::<_, Option<String>>(at)?.map(Value::Text),
        };
        out.push(value.unwrap_or(Value::Null));
    }
    Ok(Row(out))
}

impl Db {
    /// Is this PostgreSQL?
    pub fn is_postgres(&self) -> bool {
        matches!(self, Db::Postgres(_))
    }

    /// Runs one statement; how many rows it touched.
    ///
    /// # Errors
    /// What the database said.
    pub fn run(&mut self, sql: &str, values: &[Value]) -> Result<u64, DbError> {
        match self {
            Db::Sqlite(db) => {
                let mut statement = db.prepare_cached(sql)?;
                Ok(statement.execute(rusqlite::params_from_iter(values))? as u64)
            }
            Db::Postgres(db) => {
                let statement = db.prepared(sql)?;
                let values: Vec<&(dyn ToSql + Sync)> = values.iter().map(|v| v as _).collect();
                Ok(db.client.execute(&statement, &values)?)
            }
        }
    }

    /// All rows of a query.
    ///
    /// # Errors
    /// What the database said.
    pub fn rows(&mut self, sql: &str, values: &[Value]) -> Result<Vec<Row>, DbError> {
        match self {
            Db::Sqlite(db) => {
                let mut statement = db.prepare_cached(sql)?;
                let columns = statement.column_count();
                let mut rows = statement.query(rusqlite::params_from_iter(values))?;
                let mut out = Vec::new();
                while let Some(row) = rows.next()? {
                    out.push(sqlite_row(row, columns)?);
                }
                Ok(out)
            }
            Db::Postgres(db) => {
                let statement = db.prepared(sql)?;
                let values: Vec<&(dyn ToSql + Sync)> = values.iter().map(|v| v as _).collect();
                db.client
                    .query(&statement, &values)?
                    .iter()
                    .map(postgres_row)
                    .collect()
            }
        }
    }

    /// The first row of a query, if any.
    ///
    /// # Errors
    /// What the database said.
    pub fn row(&mut self, sql: &str, values: &[Value]) -> Result<Option<Row>, DbError> {
        Ok(self.rows(sql, values)?.into_iter().next())
    }

    /// Runs a script without parameters.
    ///
    /// # Errors
    /// What the database said.
    pub fn script(&mut self, sql: &str) -> Result<(), DbError> {
        match self {
            Db::Sqlite(db) => Ok(db.execute_batch(sql)?),
            Db::Postgres(db) => Ok(db.client.batch_execute(sql)?),
        }
    }

    /// Runs a short statement that is run again and again, such as a savepoint.
    pub(crate) fn step(&mut self, sql: &str) -> Result<(), DbError> {
        match self {
            Db::Sqlite(db) => {
                db.prepare_cached(sql)?.execute([])?;
                Ok(())
            }
            Db::Postgres(_) => self.script(sql),
        }
    }

    /// Asks several questions of one moment: what is written meanwhile is not seen.
    ///
    /// # Errors
    /// What the closure returns, or what the database said.
    pub fn snapshot<T, E: From<DbError>>(
        &mut self,
        ask: impl FnOnce(&mut Db) -> Result<T, E>,
    ) -> Result<T, E> {
        self.script(if self.is_postgres() {
            "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY"
        } else {
            "BEGIN"
        })?;
        let result = ask(self);
        self.script("ROLLBACK")?;
        result
    }

    /// Has the connection to the server been lost? An embedded database is never lost.
    pub(crate) fn is_lost(&self) -> bool {
        matches!(self, Db::Postgres(db) if db.client.is_closed())
    }

    /// Leaves a transaction that a panic has left open.
    pub(crate) fn tidy(&mut self) {
        let open = match self {
            Db::Sqlite(db) => !db.is_autocommit(),
            Db::Postgres(_) => true,
        };
        if open {
            let _ = self.script("ROLLBACK");
        }
    }
}

/// Text to look for by `LIKE ?n ESCAPE '!'`, anywhere in the column: no character in it is special, and it is short
/// enough for every database.
pub(crate) fn containing(text: &str) -> String {
    let mut out = String::from("%");
    for c in text.chars().take(LIKE_MAX) {
        if matches!(c, '%' | '_' | '!') {
            out.push('!');
        }
        out.push(c);
    }
    out.push('%');
    out
}

/// Longest text looked for by `LIKE`, in characters.
const LIKE_MAX: usize = 200;
