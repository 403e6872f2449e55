//! A ticket's code: what its QR shows and a gate can check without a network.
//!
//! `TKT1.` and the base64url (RFC 4648 §5, no padding) of 29 bytes of [`TicketClaim`] followed by
//! their Ed25519 signature (RFC 8032), 64 bytes. A second key may be valid for checking, so that
//! the signing key can be replaced without a ticket becoming void.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use ed25519_dalek::{Signature, Signer, SigningKey, Verifier, VerifyingKey};
use tiketi_engine::domain::ticket::TicketClaim;

use crate::auth::keys::{KeyError, KeyFolder};

const PREFIX: &str = "TKT1.";

/// Signs and checks codes.
pub(crate) struct TicketCodes {
    signing: SigningKey,
    second: Option<VerifyingKey>,
}

impl TicketCodes {
    /// With the keys of that name.
    pub(crate) fn load(keys: &KeyFolder) -> Result<Self, KeyError> {
        let (current, second) = keys.load("ticket")?;
        let second = second.map(|key| SigningKey::from_bytes(&key).verifying_key());
        Ok(Self { signing: SigningKey::from_bytes(&current), second })
    }

    /// The code of a ticket.
    pub(crate) fn sign(&self, claim: &TicketClaim) -> String {
        let mut bytes = claim.encode().to_vec();
        bytes.extend(self.signing.sign(&bytes).to_bytes());
        format!("{PREFIX}{}", URL_SAFE_NO_PAD.encode(bytes))
    }

    /// What a code says; `None` unless one of the keys signed it.
    pub(crate) fn verify(&self, code: &str) -> Option<TicketClaim> {
        let bytes = URL_SAFE_NO_PAD.decode(code.trim().strip_prefix(PREFIX)?).ok()?;
        let (claim, signature) = bytes.split_first_chunk::<{ TicketClaim::LEN }>()?;
        let signature = Signature::from_slice(signature).ok()?;
        let keys = [Some(self.signing.verifying_key()), self.second];
        let signed = keys.iter().flatten().any(|key| key.verify(claim, &signature).is_ok());
        if signed { TicketClaim::decode(claim) } else { None }
    }

    /// The keys that a gate needs, as base64url: the current one first.
    pub(crate) fn public_keys(&self) -> Vec<String> {
        let keys = [Some(self.signing.verifying_key()), self.second];
        keys.iter().flatten().map(|key| URL_SAFE_NO_PAD.encode(key.as_bytes())).collect()
    }
}

#[cfg(test)]
mod tests {
    use tiketi_engine::domain::chart::PlaceIx;
    use tiketi_engine::domain::ids::{EventId, TicketId};
    use tiketi_engine::domain::time::Timestamp;

    use super::*;

    fn claim() -> TicketClaim {
        TicketClaim {
            event: EventId::new(7),
            ticket: TicketId::new(42),
            place: PlaceIx(1_234),
            issued_at: Timestamp::from_millis(1_800_000_000_000),
        }
    }

    #[test]
    fn every_altered_code_is_refused() {
        let folder = tempfile::tempdir().unwrap();
        let codes = TicketCodes::load(&KeyFolder::own(folder.path())).unwrap();
        let code = codes.sign(&claim());
        assert_eq!(codes.verify(&code), Some(claim()));
        for at in PREFIX.len()..code.len() {
            let mut altered = code.clone().into_bytes();
            altered[at] = if altered[at] == b'A' { b'B' } else { b'A' };
            let altered = String::from_utf8(altered).unwrap();
            assert_eq!(codes.verify(&altered), None, "altered at {at}");
        }
        for bad in ["", "TKT1.", "TKT2.AAAA", &code[..code.len() - 1], &format!("{code}A")] {
            assert_eq!(codes.verify(bad), None, "{bad:?}");
        }
    }

    #[test]
    fn a_replaced_key_still_checks_what_it_signed() {
        let folder = tempfile::tempdir().unwrap();
        let code = TicketCodes::load(&KeyFolder::own(folder.path())).unwrap().sign(&claim());
        let (current, second) =
            (folder.path().join("ticket.key"), folder.path().join("ticket.second.key"));
        std::fs::rename(current, &second).unwrap();
        let replaced = TicketCodes::load(&KeyFolder::own(folder.path())).unwrap();
        assert_eq!(replaced.verify(&code), Some(claim()));
        assert_eq!(replaced.public_keys().len(), 2);
        std::fs::remove_file(second).unwrap();
        let without = TicketCodes::load(&KeyFolder::own(folder.path())).unwrap();
        assert_eq!(without.verify(&code), None);
    }
}
