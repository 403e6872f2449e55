//! Whether a server is fit to keep what must not be lost.

use sqlx::postgres::PgConnection;
use tiketi_engine::planted::Bug;

use super::error::Unfit;
use crate::columns::{Columns, Fault};

/// The oldest server that is tried with every change is newer; nothing here needs more than this.
const OLDEST: i64 = 140_000;

/// What a server is like, as it is set up, before a session changes anything.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Server {
    fsync: String,
    full_page_writes: String,
    synchronous_commit: String,
    in_recovery: bool,
    encoding: String,
    version_number: i64,
    version: String,
}

impl Server {
    pub(super) async fn of(connection: &mut PgConnection) -> Result<Self, Fault> {
        let row = sqlx::query(
            "SELECT current_setting('fsync') AS fsync,
                    current_setting('full_page_writes') AS full_page_writes,
                    current_setting('synchronous_commit') AS synchronous_commit,
                    pg_is_in_recovery()::int::bigint AS in_recovery,
                    current_setting('server_encoding') AS encoding,
                    current_setting('server_version_num')::bigint AS version_number,
                    current_setting('server_version') AS version",
        )
        .fetch_one(connection)
        .await?;
        Ok(Self {
            fsync: row.text("fsync")?.to_owned(),
            full_page_writes: row.text("full_page_writes")?.to_owned(),
            synchronous_commit: row.text("synchronous_commit")?.to_owned(),
            in_recovery: row.integer("in_recovery")? != 0,
            encoding: row.text("encoding")?.to_owned(),
            version_number: row.integer("version_number")?,
            version: row.text("version")?.to_owned(),
        })
    }

    /// The first thing found that could lose or garble what is written.
    pub(super) fn judge(self) -> Result<(), Unfit> {
        if self.version_number < OLDEST {
            return Err(Unfit::Version { version: self.version });
        }
        if self.in_recovery {
            return Err(Unfit::Replica);
        }
        for (setting, value) in [
            ("fsync", &self.fsync),
            ("full_page_writes", &self.full_page_writes),
            ("synchronous_commit", &self.synchronous_commit),
        ] {
            if value == "off" && !Bug::ServerUnsynced.is_planted() {
                return Err(Unfit::Lossy { setting });
            }
        }
        if self.encoding != "UTF8" {
            return Err(Unfit::Encoding { encoding: self.encoding });
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sound() -> Server {
        Server {
            fsync: "on".to_owned(),
            full_page_writes: "on".to_owned(),
            synchronous_commit: "on".to_owned(),
            in_recovery: false,
            encoding: "UTF8".to_owned(),
            version_number: 150_018,
            version: "15.18".to_owned(),
        }
    }

    #[test]
    fn a_sound_server_is_taken() {
        assert_eq!(sound().judge(), Ok(()));
        let stricter = Server { synchronous_commit: "remote_apply".to_owned(), ..sound() };
        assert_eq!(stricter.judge(), Ok(()));
    }

    #[test]
    fn a_server_that_could_lose_or_garble_something_is_refused() {
        let off = || "off".to_owned();
        let lossy = |setting| Err(Unfit::Lossy { setting });
        assert_eq!(Server { fsync: off(), ..sound() }.judge(), lossy("fsync"));
        let torn = Server { full_page_writes: off(), ..sound() };
        assert_eq!(torn.judge(), lossy("full_page_writes"));
        let hasty = Server { synchronous_commit: off(), ..sound() };
        assert_eq!(hasty.judge(), lossy("synchronous_commit"));
        assert_eq!(Server { in_recovery: true, ..sound() }.judge(), Err(Unfit::Replica));
        let latin = Server { encoding: "LATIN1".to_owned(), ..sound() };
        assert_eq!(latin.judge(), Err(Unfit::Encoding { encoding: "LATIN1".to_owned() }));
        let version = || "9.6.24".to_owned();
        let old = Server { version_number: 90_624, version: version(), ..sound() };
        assert_eq!(old.judge(), Err(Unfit::Version { version: version() }));
    }
}
