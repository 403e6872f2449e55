//! Records in batches, chained by hash: what is appended in one step, and read back as one.
//!
//! A batch's hash covers the hash before it and its body, so that no batch can be altered, left
//! out or put elsewhere without the chain showing it.

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use crate::domain::change::Record;
use crate::domain::ids::{EventId, Fence, Seq};
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
    /// The records: a version byte, then their encoding.
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
        let body = postcard::to_extend(records, vec![VERSION]).expect("records can be encoded");
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
        let records: Vec<Record> =
            postcard::from_bytes(body).map_err(|_| BatchError::Damaged(self.first))?;
        let numbered = records.iter().map(|record| record.seq.0).eq(self.first.0..=self.last.0);
        if numbered { Ok(records) } else { Err(BatchError::Damaged(self.first)) }
    }
}

fn chain(prev_hash: ChainHash, body: &[u8]) -> ChainHash {
    Sha256::new().chain_update(prev_hash).chain_update(body).finalize().into()
}
