//! Access tokens (JWT, RFC 7519) and refresh tokens (opaque).

use std::time::Duration;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use jsonwebtoken::{Algorithm, DecodingKey, EncodingKey, Header, Validation, decode, encode};
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};
use tiketi_engine::domain::ids::{AccountId, EventId};
use tiketi_engine::domain::time::Timestamp;
use tiketi_engine::ports::Role;

use super::keys::{KeyError, KeyFolder};

/// Who signs, and for whom.
const ISSUER: &str = "tiketi";
const AUDIENCE: &str = "tiketi-api";
/// So that no other kind of token passes for an access token.
const TYPE: &str = "at+jwt";
/// The same for those that let bots into a rehearsal.
const BOTS_AUDIENCE: &str = "tiketi-rehearsal";
const BOTS_TYPE: &str = "bots+jwt";
/// How long bots are let in with one token.
const BOTS_TTL_S: i64 = 2 * 60 * 60;

/// Who somebody is, as an access token says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Identity {
    pub(crate) account: AccountId,
    pub(crate) role: Role,
}

#[derive(Debug, Serialize, Deserialize)]
struct Claims {
    iss: String,
    aud: String,
    sub: String,
    role: String,
    iat: i64,
    nbf: i64,
    exp: i64,
}

/// What lets bots into one rehearsal.
#[derive(Debug, Serialize, Deserialize)]
struct BotClaims {
    iss: String,
    aud: String,
    /// The rehearsal.
    sub: String,
    nbf: i64,
    exp: i64,
}

/// Signs and checks access tokens with HMAC-SHA256.
pub(crate) struct AccessTokens {
    signing: EncodingKey,
    checking: Vec<DecodingKey>,
    ttl: Duration,
}

impl AccessTokens {
    /// With the keys of that name.
    pub(crate) fn load(keys: &KeyFolder, ttl: Duration) -> Result<Self, KeyError> {
        let (current, second) = keys.load("access")?;
        let checking = [Some(current), second].into_iter().flatten();
        let checking = checking.map(|key| DecodingKey::from_secret(&key)).collect();
        Ok(Self { signing: EncodingKey::from_secret(&current), checking, ttl })
    }

    pub(crate) fn ttl(&self) -> Duration {
        self.ttl
    }

    /// A token; `None` if it could not be signed.
    pub(crate) fn issue(&self, identity: Identity, now: Timestamp) -> Option<String> {
        let seconds = now.as_millis() / 1000;
        let claims = Claims {
            iss: ISSUER.to_owned(),
            aud: AUDIENCE.to_owned(),
            sub: identity.account.to_string(),
            role: identity.role.as_str().to_owned(),
            iat: seconds,
            nbf: seconds,
            exp: seconds + i64::try_from(self.ttl.as_secs()).unwrap_or(i64::MAX),
        };
        let header = Header { typ: Some(TYPE.to_owned()), ..Header::new(Algorithm::HS256) };
        encode(&header, &claims, &self.signing).ok()
    }

    /// A token that lets bots into a rehearsal, and until when; `None` if it could not be signed.
    pub(crate) fn issue_to_bots(
        &self,
        rehearsal: EventId,
        now: Timestamp,
    ) -> Option<(String, Timestamp)> {
        let seconds = now.as_millis() / 1000;
        let claims = BotClaims {
            iss: ISSUER.to_owned(),
            aud: BOTS_AUDIENCE.to_owned(),
            sub: rehearsal.to_string(),
            nbf: seconds,
            exp: seconds + BOTS_TTL_S,
        };
        let header = Header { typ: Some(BOTS_TYPE.to_owned()), ..Header::new(Algorithm::HS256) };
        let token = encode(&header, &claims, &self.signing).ok()?;
        Some((token, Timestamp::from_millis(claims.exp * 1000)))
    }

    /// Which rehearsal a token lets bots into; `None` unless one of the keys signed it and its time
    /// is now.
    pub(crate) fn check_bots(&self, token: &str, now: Timestamp) -> Option<EventId> {
        let claims: BotClaims = self.claims(token, BOTS_TYPE, BOTS_AUDIENCE)?;
        if is_timely((claims.nbf, claims.exp), now) { claims.sub.parse().ok() } else { None }
    }

    /// Who a token says somebody is; `None` unless one of the keys signed it and its time is now.
    pub(crate) fn check(&self, token: &str, now: Timestamp) -> Option<Identity> {
        let claims: Claims = self.claims(token, TYPE, AUDIENCE)?;
        let role = Role::ALL.into_iter().find(|r| r.as_str() == claims.role)?;
        let timely = is_timely((claims.nbf, claims.exp), now);
        timely.then_some(Identity { account: claims.sub.parse().ok()?, role })
    }

    /// What a token of a kind says, if one of the keys signed it.
    fn claims<C: DeserializeOwned>(&self, token: &str, kind: &str, audience: &str) -> Option<C> {
        let header = jsonwebtoken::decode_header(token).ok()?;
        if header.typ.as_deref() != Some(kind) || header.alg != Algorithm::HS256 {
            return None;
        }
        let mut validation = Validation::new(Algorithm::HS256);
        validation.set_issuer(&[ISSUER]);
        validation.set_audience(&[audience]);
        validation.set_required_spec_claims(&["exp", "nbf", "iss", "aud", "sub"]);
        // The time is judged apart, by this server's clock.
        validation.validate_exp = false;
        validation.validate_nbf = false;
        let mut keys = self.checking.iter();
        let decoded = keys.find_map(|key| decode::<C>(token, key, &validation).ok())?;
        Some(decoded.claims)
    }
}

fn is_timely((not_before_s, expires_s): (i64, i64), now: Timestamp) -> bool {
    let seconds = now.as_millis() / 1000;
    not_before_s <= seconds + LEEWAY_S && seconds < expires_s
}

/// By how much another node's clock may be ahead, in seconds.
const LEEWAY_S: i64 = 5;

/// A new token of 256 random bits, and the hash under which it is stored.
pub(crate) fn opaque_token() -> (String, [u8; 32]) {
    let token = URL_SAFE_NO_PAD.encode(rand::random::<[u8; 32]>());
    let hash = token_hash(&token);
    (token, hash)
}

/// The hash under which a token is stored.
pub(crate) fn token_hash(token: &str) -> [u8; 32] {
    Sha256::digest(token.as_bytes()).into()
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: Timestamp = Timestamp::from_millis(1_800_000_000_000);

    fn tokens() -> (tempfile::TempDir, AccessTokens) {
        let folder = tempfile::tempdir().unwrap();
        let tokens =
            AccessTokens::load(&KeyFolder::own(folder.path()), Duration::from_mins(10)).unwrap();
        (folder, tokens)
    }

    fn identity() -> Identity {
        Identity { account: AccountId::new(9), role: Role::Operator }
    }

    #[test]
    fn a_token_says_who_somebody_is_until_it_expires() {
        let (_folder, tokens) = tokens();
        let token = tokens.issue(identity(), NOW).unwrap();
        assert_eq!(tokens.check(&token, NOW), Some(identity()));
        let later = |seconds| NOW.after(Duration::from_secs(seconds));
        assert_eq!(tokens.check(&token, later(599)), Some(identity()));
        assert_eq!(tokens.check(&token, later(600)), None);
    }

    #[test]
    fn forged_tokens_are_refused() {
        let (folder, tokens) = tokens();
        let token = tokens.issue(identity(), NOW).unwrap();
        let encoded = |json: &str| URL_SAFE_NO_PAD.encode(json);
        let parts: Vec<&str> = token.split('.').collect();
        let with_header = |json: &str| format!("{}.{}.{}", encoded(json), parts[1], parts[2]);
        let mut forged = vec![
            String::new(),
            "a.b.c".to_owned(),
            format!("{}.{}.", parts[0], parts[1]),
            with_header(r#"{"alg":"none","typ":"at+jwt"}"#),
            with_header(r#"{"alg":"HS256","typ":"JWT"}"#),
            with_header(r#"{"alg":"HS512","typ":"at+jwt"}"#),
            with_header(r#"{"alg":"RS256","typ":"at+jwt"}"#),
        ];
        for at in 0..token.len() {
            let mut altered = token.clone().into_bytes();
            altered[at] = if altered[at] == b'A' { b'B' } else { b'A' };
            forged.push(String::from_utf8(altered).unwrap());
        }
        for token in forged {
            assert_eq!(tokens.check(&token, NOW), None, "{token}");
        }
        let key = std::fs::read(folder.path().join("access.key")).unwrap();
        let signed = |claims: serde_json::Value| {
            let header = Header { typ: Some(TYPE.to_owned()), ..Header::new(Algorithm::HS256) };
            encode(&header, &claims, &EncodingKey::from_secret(&key)).unwrap()
        };
        let claims = |change: &dyn Fn(&mut serde_json::Value)| {
            let mut claims = serde_json::json!({
                "iss": ISSUER, "aud": AUDIENCE, "sub": identity().account.to_string(),
                "role": "operator", "iat": 1_800_000_000, "nbf": 1_800_000_000, "exp": 1_800_000_600,
            });
            change(&mut claims);
            signed(claims)
        };
        assert_eq!(tokens.check(&claims(&|_| ()), NOW), Some(identity()), "the base is sound");
        for field in ["iss", "aud", "sub", "role", "nbf", "exp"] {
            let without = claims(&|c| {
                c.as_object_mut().unwrap().remove(field);
            });
            assert_eq!(tokens.check(&without, NOW), None, "without {field}");
            let other = claims(&|c| c[field] = serde_json::json!("other"));
            assert_eq!(tokens.check(&other, NOW), None, "another {field}");
        }
        let early = claims(&|c| c["nbf"] = serde_json::json!(1_800_000_006));
        assert_eq!(tokens.check(&early, NOW), None, "not yet");
    }

    #[test]
    fn bots_are_let_into_one_rehearsal_for_a_while_and_are_nobody_else() {
        let (_folder, tokens) = tokens();
        let rehearsal = EventId::new(7);
        let (token, until) = tokens.issue_to_bots(rehearsal, NOW).unwrap();
        assert_eq!(until, NOW.after(Duration::from_hours(2)));
        assert_eq!(tokens.check_bots(&token, NOW), Some(rehearsal));
        assert_eq!(tokens.check_bots(&token, until), None, "too late");
        assert_eq!(tokens.check(&token, NOW), None, "no access token");
        let access = tokens.issue(identity(), NOW).unwrap();
        assert_eq!(tokens.check_bots(&access, NOW), None);
        let (_other, others) = self::tokens();
        assert_eq!(others.check_bots(&token, NOW), None, "signed elsewhere");
    }

    #[test]
    fn a_replaced_key_still_checks_what_it_signed() {
        let (folder, tokens) = tokens();
        let token = tokens.issue(identity(), NOW).unwrap();
        let (current, second) =
            (folder.path().join("access.key"), folder.path().join("access.second.key"));
        std::fs::rename(current, second).unwrap();
        let replaced =
            AccessTokens::load(&KeyFolder::own(folder.path()), Duration::from_mins(10)).unwrap();
        assert_eq!(replaced.check(&token, NOW), Some(identity()));
    }
}
