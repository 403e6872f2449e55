//! Signatures between nodes.

use std::time::Duration;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use hmac::{Hmac, KeyInit as _, Mac as _};
use sha2::Sha256;
use tiketi_engine::domain::time::Timestamp;

use crate::auth::keys::{Key, KeyError, KeyFolder};

/// By how much the time of a question may differ from the time here.
const FRESH: Duration = Duration::from_secs(30);

/// What a question is for: one is not good for the other.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Purpose {
    Errand,
    Report,
    Order,
    Letters,
}

/// The key that signs, and a second one that is accepted. Clones are the same.
#[derive(Clone)]
pub(crate) struct NodeKeys {
    current: Key,
    second: Option<Key>,
}

impl NodeKeys {
    pub(crate) fn load(keys: &KeyFolder) -> Result<Self, KeyError> {
        let (current, second) = keys.load("node")?;
        Ok(Self { current, second })
    }

    /// Signs a question.
    pub(super) fn question(
        &self,
        purpose: Purpose,
        (at, within_ms): (Timestamp, u64),
        body: &[u8],
    ) -> String {
        sign(&self.current, &question(purpose, at, within_ms), body)
    }

    /// Whether one of the keys signed a question, just now.
    pub(super) fn asked(
        &self,
        purpose: Purpose,
        signature: &str,
        (at, within_ms): (Timestamp, u64),
        body: &[u8],
        now: Timestamp,
    ) -> bool {
        let fresh = now.since(at) <= FRESH && at.since(now) <= FRESH;
        fresh && self.is_signed(signature, &question(purpose, at, within_ms), body)
    }

    /// Signs the answer to a question.
    pub(super) fn answer(&self, question: &str, body: &[u8]) -> String {
        sign(&self.current, question.as_bytes(), body)
    }

    /// Whether one of the keys signed the answer to a question.
    pub(super) fn answered(&self, signature: &str, question: &str, body: &[u8]) -> bool {
        self.is_signed(signature, question.as_bytes(), body)
    }

    fn is_signed(&self, signature: &str, head: &[u8], body: &[u8]) -> bool {
        let Ok(signature) = URL_SAFE_NO_PAD.decode(signature) else { return false };
        let keys = [Some(&self.current), self.second.as_ref()];
        // The comparison takes the same time wherever the difference is.
        keys.into_iter().flatten().any(|key| mac(key, head, body).verify_slice(&signature).is_ok())
    }
}

fn question(purpose: Purpose, at: Timestamp, within_ms: u64) -> Vec<u8> {
    let tag: &[u8] = match purpose {
        Purpose::Errand => &[],
        Purpose::Report => b"report",
        Purpose::Order => b"order",
        Purpose::Letters => b"letters",
    };
    [&at.as_millis().to_be_bytes(), &within_ms.to_be_bytes(), tag].concat()
}

fn sign(key: &Key, head: &[u8], body: &[u8]) -> String {
    URL_SAFE_NO_PAD.encode(mac(key, head, body).finalize().into_bytes())
}

fn mac(key: &Key, head: &[u8], body: &[u8]) -> Hmac<Sha256> {
    let mut mac = Hmac::<Sha256>::new_from_slice(key).expect("a key of any length will do");
    // With its length, so that nothing can move from the head into the body.
    mac.update(&head.len().to_be_bytes());
    mac.update(head);
    mac.update(body);
    mac
}

#[cfg(test)]
mod tests {
    use super::*;

    const ERRAND: Purpose = Purpose::Errand;
    const NOW: Timestamp = Timestamp::from_millis(1_800_000_000_000);

    fn keys(current: u8, second: Option<u8>) -> NodeKeys {
        NodeKeys { current: [current; 32], second: second.map(|byte| [byte; 32]) }
    }

    #[test]
    fn a_question_is_believed_as_it_was_asked_and_only_for_a_while() {
        let ours = keys(1, None);
        let signed = ours.question(ERRAND, (NOW, 500), b"body");
        let later = |seconds| NOW.after(Duration::from_secs(seconds));
        assert!(ours.asked(ERRAND, &signed, (NOW, 500), b"body", later(30)));
        assert!(!ours.asked(ERRAND, &signed, (NOW, 500), b"body", later(31)), "too late");
        assert!(!ours.asked(ERRAND, &signed, (later(31), 500), b"body", NOW), "another time");
        assert!(!ours.asked(ERRAND, &signed, (NOW, 501), b"body", NOW), "another deadline");
        assert!(!ours.asked(ERRAND, &signed, (NOW, 500), b"bodY", NOW), "another body");
        assert!(!keys(2, None).asked(ERRAND, &signed, (NOW, 500), b"body", NOW), "another key");
        for other in [Purpose::Report, Purpose::Order, Purpose::Letters] {
            let asked = ours.asked(other, &signed, (NOW, 500), b"body", NOW);
            assert!(!asked, "for something else");
        }
        for altered in ["", "AAAA", &signed[1..], &format!("{signed}A")] {
            assert!(!ours.asked(ERRAND, altered, (NOW, 500), b"body", NOW), "{altered:?}");
        }
    }

    #[test]
    fn an_answer_belongs_to_its_question() {
        let ours = keys(1, None);
        let question = |body| ours.question(ERRAND, (NOW, 1), body);
        let (one, two) = (question(b"a"), question(b"b"));
        let answer = ours.answer(&one, b"yes");
        assert!(ours.answered(&answer, &one, b"yes"));
        assert!(!ours.answered(&answer, &two, b"yes"));
        assert!(!ours.answered(&answer, &one, b"no"));
    }

    #[test]
    fn a_key_is_replaced_without_refusing_anything() {
        // Old alone, then new accepted everywhere, then new signing, then old gone.
        let steps = [keys(1, None), keys(1, Some(2)), keys(2, Some(1)), keys(2, None)];
        for pair in steps.windows(2) {
            for (from, to) in [(&pair[0], &pair[1]), (&pair[1], &pair[0])] {
                let question = from.question(ERRAND, (NOW, 1), b"body");
                assert!(to.asked(ERRAND, &question, (NOW, 1), b"body", NOW));
                assert!(from.answered(&to.answer(&question, b"yes"), &question, b"yes"));
            }
        }
    }
}
