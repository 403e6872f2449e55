//! Reading a row, whichever database it is of, and what can be wrong with it.

use sqlx::error::ErrorKind;
use sqlx::{ColumnIndex, Decode, Row, Type};
use tiketi_engine::domain::ids::{Id, Seq};
use tiketi_engine::domain::time::Timestamp;
use tiketi_engine::ports::{JournalError, StoreError};

use crate::codec::{self, BadColumn};

/// What the database said, as the ports say it.
#[derive(Debug, thiserror::Error)]
pub(crate) enum Fault {
    #[error(transparent)]
    Sql(#[from] sqlx::Error),
    #[error(transparent)]
    Column(#[from] BadColumn),
}

impl From<Fault> for StoreError {
    fn from(fault: Fault) -> Self {
        match fault {
            Fault::Sql(error) if is_unreadable(&error) => Self::Corrupt(error.to_string()),
            Fault::Sql(error) => Self::Unavailable(error.to_string()),
            Fault::Column(column) => Self::Corrupt(column.to_string()),
        }
    }
}

impl From<Fault> for JournalError {
    fn from(fault: Fault) -> Self {
        match fault {
            // The last wall stood: trying again would run into it again.
            Fault::Sql(error) if is_unreadable(&error) || breaks_a_rule(&error) => {
                Self::Corrupt(error.to_string())
            }
            Fault::Sql(error) => Self::Unavailable(error.to_string()),
            Fault::Column(column) => Self::Corrupt(column.to_string()),
        }
    }
}

/// A column is not there, or of another type.
fn is_unreadable(error: &sqlx::Error) -> bool {
    matches!(error, sqlx::Error::ColumnNotFound(_) | sqlx::Error::ColumnDecode { .. })
}

/// The database refused a write that goes against one of its constraints.
fn breaks_a_rule(error: &sqlx::Error) -> bool {
    let refused = |error: &dyn sqlx::error::DatabaseError| error.kind() != ErrorKind::Other;
    error.as_database_error().is_some_and(refused)
}

/// The database refused a write because something else refers to what it names, or that is not there.
pub(crate) fn breaks_a_reference(error: &sqlx::Error) -> bool {
    let refused = |error: &dyn sqlx::error::DatabaseError| error.is_foreign_key_violation();
    error.as_database_error().is_some_and(refused)
}

/// A row: numbers are signed 64-bit in every column.
pub(crate) trait Columns {
    fn integer(&self, column: &'static str) -> Result<i64, Fault>;
    fn integer_or_null(&self, column: &'static str) -> Result<Option<i64>, Fault>;
    fn text(&self, column: &'static str) -> Result<&str, Fault>;
    fn bytes(&self, column: &'static str) -> Result<&[u8], Fault>;

    fn id<K>(&self, column: &'static str) -> Result<Id<K>, Fault> {
        Ok(Id::new(self.integer(column)?.cast_unsigned()))
    }

    fn id_or_null<K>(&self, column: &'static str) -> Result<Option<Id<K>>, Fault> {
        Ok(self.integer_or_null(column)?.map(|number| Id::new(number.cast_unsigned())))
    }

    fn seq(&self, column: &'static str) -> Result<Seq, Fault> {
        Ok(Seq(self.integer(column)?.cast_unsigned()))
    }

    fn time(&self, column: &'static str) -> Result<Timestamp, Fault> {
        Ok(Timestamp::from_millis(self.integer(column)?))
    }

    fn count<T: TryFrom<i64>>(&self, column: &'static str) -> Result<T, Fault> {
        Ok(codec::unsigned(column, self.integer(column)?)?)
    }

    fn digest(&self, column: &'static str) -> Result<[u8; 32], Fault> {
        Ok(codec::digest(column, self.bytes(column)?)?)
    }
}

impl<R: Row> Columns for R
where
    for<'a> &'a str: ColumnIndex<R> + Decode<'a, R::Database> + Type<R::Database>,
    for<'a> &'a [u8]: Decode<'a, R::Database> + Type<R::Database>,
    for<'a> i64: Decode<'a, R::Database> + Type<R::Database>,
{
    fn integer(&self, column: &'static str) -> Result<i64, Fault> {
        Ok(self.try_get(column)?)
    }

    fn integer_or_null(&self, column: &'static str) -> Result<Option<i64>, Fault> {
        Ok(self.try_get(column)?)
    }

    fn text(&self, column: &'static str) -> Result<&str, Fault> {
        Ok(self.try_get(column)?)
    }

    fn bytes(&self, column: &'static str) -> Result<&[u8], Fault> {
        Ok(self.try_get(column)?)
    }
}
