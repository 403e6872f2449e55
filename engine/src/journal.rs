//! Records in batches, chained by hash: what is appended in one step, and read back as one.
//!
//! A batch's hash covers the hash before it and its body, so that no batch can be altered, left
//! out or put elsewhere without the chain showing it.

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use crate::domain::change::Record;
use crate::domain::ids::{DeedNumber, EventId, Fence, Seq};
use crate::domain::rows::Rows;

/// SHA-256 over the hash before and the body. The first batch follows on 32 zero bytes.
pub type ChainHash = [u8; 32];

/// The layout of a body; others are refused.
const VERSION: u8 = 1;

/// A batch as it is stored.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Batch {
    /// Whose.
    pub event: EventId,
    /// The owner that wrote it.
    pub fence: Fence,
    /// Its first record.
    pub first: Seq,
    /// Its last record.
    pub last: Seq,
    /// The hash of the batch before.
    pub prev_hash: ChainHash,
    /// Its own.
    pub hash: ChainHash,
    /// The records: a version byte, then their encoding, then which deeds they came of, if any did.
    /// Releases that know of no deeds read no further than the records.
    pub body: Vec<u8>,
}

/// A batch on its way to the journal, with the rows that it writes through.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Append {
    /// The batch.
    pub batch: Batch,
    /// The rows.
    pub rows: Rows,
}

/// Why a stored batch cannot be read.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum BatchError {
    /// Written by a release with another layout.
    #[error("batch {0} has another version")]
    Version(Seq),
    /// The body does not decode, or not to the records that it claims.
    #[error("batch {0} is damaged")]
    Damaged(Seq),
    /// It does not follow on the batch before.
    #[error("batch {0} does not follow on the batch before")]
    BrokenChain(Seq),
}

impl Batch {
    /// Packs records.
    ///
    /// # Panics
    /// If there is none.
    pub fn seal(event: EventId, fence: Fence, prev_hash: ChainHash, records: &[Record]) -> Self {
        let (Some(first), Some(last)) = (records.first(), records.last()) else {
            panic!("a batch has records");
        };
        let mut body = postcard::to_extend(records, vec![VERSION]).expect("records can be encoded");
        let deeds: Vec<(Seq, DeedNumber)> = records.iter().filter_map(deed_of).collect();
        if !deeds.is_empty() {
            body = postcard::to_extend(&deeds, body).expect("deeds can be encoded");
        }
        Self {
            event,
            fence,
            first: first.seq,
            last: last.seq,
            prev_hash,
            hash: chain(prev_hash, &body),
            body,
        }
    }

    /// Unpacks the records, if the batch is whole and follows on `(seq, hash)`.
    ///
    /// # Errors
    /// The [`BatchError`].
    pub fn open(&self, after: Seq, prev_hash: ChainHash) -> Result<Vec<Record>, BatchError> {
        let in_chain = self.first == after.next()
            && self.prev_hash == prev_hash
            && self.hash == chain(prev_hash, &self.body);
        if !in_chain {
            return Err(BatchError::BrokenChain(self.first));
        }
        let Some((&VERSION, body)) = self.body.split_first() else {
            return Err(BatchError::Version(self.first));
        };
        let damaged = |_| BatchError::Damaged(self.first);
        let (mut records, rest): (Vec<Record>, _) =
            postcard::take_from_bytes(body).map_err(damaged)?;
        let numbered = records.iter().map(|record| record.seq.0).eq(self.first.0..=self.last.0);
        if !numbered {
            return Err(BatchError::Damaged(self.first));
        }
        if !rest.is_empty() {
            let deeds: Vec<(Seq, DeedNumber)> = postcard::from_bytes(rest).map_err(damaged)?;
            for (seq, deed) in deeds {
                let record = records.iter_mut().find(|record| record.seq == seq);
                let record = record.ok_or(BatchError::Damaged(self.first))?;
                record.by = record.by.as_deed(deed);
            }
        }
        Ok(records)
    }
}

fn deed_of(record: &Record) -> Option<(Seq, DeedNumber)> {
    Some((record.seq, record.by.deed()?))
}

fn chain(prev_hash: ChainHash, body: &[u8]) -> ChainHash {
    Sha256::new().chain_update(prev_hash).chain_update(body).finalize().into()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::change::Change;
    use crate::domain::command::Origin;
    use crate::domain::ids::AccountId;
    use crate::domain::terms::SaleStatus;
    use crate::domain::time::Timestamp;

    const EVENT: EventId = EventId::new(7);
    /// Of records 5 and 6, as releases wrote and read it that knew of no deeds.
    const BODY: &str = "01020580c0e285e3680209020106\
                        82c0e285e36800040c";

    fn records(by: Origin) -> [Record; 2] {
        let at = Timestamp::from_millis(1_800_000_000_000);
        let paused = Change::StatusChanged { status: SaleStatus::Paused };
        let left = Change::Left { fan: AccountId::new(12) };
        [
            Record { seq: Seq(5), at, by, change: paused },
            Record {
                seq: Seq(6),
                at: Timestamp::from_millis(1_800_000_000_001),
                by: Origin::Clock,
                change: left,
            },
        ]
    }

    fn hex(bytes: &[u8]) -> String {
        bytes.iter().fold(String::new(), |text, byte| text + &format!("{byte:02x}"))
    }

    #[test]
    fn the_deed_of_a_record_is_read_back_and_is_in_the_chain() {
        let deed = records(Origin::Operator(AccountId::new(9), Some(DeedNumber(300))));
        let batch = Batch::seal(EVENT, Fence(1), [3; 32], &deed);
        assert_eq!(batch.open(Seq(4), [3; 32]).as_deref(), Ok(&deed[..]));
        assert!(hex(&batch.body).starts_with(BODY), "what older releases read stands first");
        let mut altered = batch.clone();
        *altered.body.last_mut().unwrap() ^= 1;
        assert_eq!(altered.open(Seq(4), [3; 32]), Err(BatchError::BrokenChain(Seq(5))));
    }

    #[test]
    fn records_of_no_deed_are_encoded_as_they_always_were() {
        let plain = records(Origin::Operator(AccountId::new(9), None));
        let batch = Batch::seal(EVENT, Fence(1), [3; 32], &plain);
        assert_eq!(hex(&batch.body), BODY);
        assert_eq!(batch.open(Seq(4), [3; 32]).as_deref(), Ok(&plain[..]));
    }

    #[test]
    fn a_deed_of_a_record_that_is_elsewhere_is_damage() {
        let mut batch = Batch::seal(
            EVENT,
            Fence(1),
            [3; 32],
            &records(Origin::Operator(AccountId::new(9), None)),
        );
        batch.body = postcard::to_extend(&[(Seq(7), DeedNumber(1))][..], batch.body).unwrap();
        batch.hash = chain([3; 32], &batch.body);
        assert_eq!(batch.open(Seq(4), [3; 32]), Err(BatchError::Damaged(Seq(5))));
    }
}
