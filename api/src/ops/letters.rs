//! Dead letters, whatever node is asked: a worker reaches the stream itself, another asks a worker.

use std::sync::Arc;
use std::time::Duration;

use serde::{Deserialize, Serialize};
use tiketi_engine::domain::ids::{EventId, Seq};
use tiketi_engine::domain::time::Timestamp;
use tiketi_engine::engine::Engine;
use tiketi_engine::ports::{DeadLetter, PeerError, StreamError};

use crate::peers::HttpPeers;
use crate::state::Dead;

/// How long a worker may take to read or to replay letters.
const LETTERS_WITHIN: Duration = Duration::from_secs(8);

/// What is asked of a worker. Nodes send it to each other as it is: variants are only added at the
/// end.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) enum LettersQuestion {
    /// The oldest, at most so many.
    Oldest(u32),
    /// The one at this position.
    At(String),
    /// Publish the one at this position again, and list it no more.
    Replay(String),
}

/// Letters that a worker found; of one that was replayed, what it was.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Letters {
    /// Whether they outlive the process.
    pub(crate) lasting: bool,
    pub(crate) letters: Vec<Letter>,
}

/// A dead letter without what it holds.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Letter {
    pub(crate) position: String,
    pub(crate) event: Option<EventId>,
    pub(crate) seq: Option<Seq>,
    pub(crate) reason: String,
    pub(crate) buried_at: Timestamp,
    /// Of what it holds.
    pub(crate) bytes: u64,
}

/// Why there are no letters.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error, Serialize, Deserialize)]
pub(crate) enum LettersMissed {
    /// No letter is at this position.
    #[error("there is no such dead letter")]
    Unknown,
    /// The stream will not take this one, however often it is sent.
    #[error("{0}")]
    Refused(String),
    /// The stream cannot be read or written now.
    #[error("{0}")]
    Unavailable(String),
    /// No worker was reached. Nothing was replayed.
    #[error("no worker was reached")]
    NoWorker,
    /// A worker did not say what came of it.
    #[error("a worker did not answer")]
    Silent,
}

/// See the module.
pub(crate) struct Letterbox {
    engine: Engine,
    peers: Option<Arc<HttpPeers>>,
    /// None if this node does not reach the stream.
    own: Option<Dead>,
}

impl Letterbox {
    pub(super) fn new(engine: Engine, peers: Option<Arc<HttpPeers>>, own: Option<Dead>) -> Self {
        Self { engine, peers, own }
    }

    /// Asks this node if it reaches the stream, else one that does.
    ///
    /// # Errors
    /// [`LettersMissed`].
    pub(crate) async fn ask(&self, question: &LettersQuestion) -> Result<Letters, LettersMissed> {
        if self.own.is_some() {
            return self.answer(question).await;
        }
        let Some(peers) = &self.peers else { return Err(LettersMissed::NoWorker) };
        let members = self.engine.members();
        for worker in members.iter().filter(|member| member.roles.worker) {
            let error = match peers.letters(worker, question, LETTERS_WITHIN).await {
                Ok(answer) => return answer,
                Err(error) => error,
            };
            tracing::warn!(node = %worker.id, %error, "dead letters not asked for");
            let lost = !matches!(error, PeerError::Unreached(_));
            if lost && matches!(question, LettersQuestion::Replay(_)) {
                return Err(LettersMissed::Silent);
            }
        }
        Err(LettersMissed::NoWorker)
    }

    /// Answers from the stream that this node reaches.
    ///
    /// # Errors
    /// [`LettersMissed`].
    pub(crate) async fn answer(
        &self,
        question: &LettersQuestion,
    ) -> Result<Letters, LettersMissed> {
        let Some(Dead { letters: dead, lasting }) = &self.own else {
            return Err(LettersMissed::NoWorker);
        };
        let found = match question {
            LettersQuestion::Oldest(limit) => {
                dead.list(usize::try_from(*limit).unwrap_or(usize::MAX)).await?
            }
            LettersQuestion::At(position) | LettersQuestion::Replay(position) => {
                let all = dead.list(usize::MAX).await?;
                let letter = all.into_iter().find(|letter| letter.position == *position);
                vec![letter.ok_or(LettersMissed::Unknown)?]
            }
        };
        if matches!(question, LettersQuestion::Replay(_)) {
            dead.replay(&found).await?;
        }
        Ok(Letters { lasting: *lasting, letters: found.iter().map(Letter::from).collect() })
    }
}

impl From<&DeadLetter> for Letter {
    fn from(letter: &DeadLetter) -> Self {
        Self {
            position: letter.position.clone(),
            event: letter.event,
            seq: letter.seq,
            reason: letter.reason.clone(),
            buried_at: letter.buried_at,
            bytes: letter.payload.len() as u64,
        }
    }
}

impl From<StreamError> for LettersMissed {
    fn from(error: StreamError) -> Self {
        match error {
            StreamError::Refused(why) => Self::Refused(why),
            StreamError::Unavailable(_) | StreamError::TakenOver => {
                Self::Unavailable(error.to_string())
            }
        }
    }
}
