//! The two cookies of a session.

use std::time::Duration;

use axum::http::header::{COOKIE, SET_COOKIE};
use axum::http::{HeaderMap, HeaderValue};

/// The path under which the refresh token is sent, and nowhere else.
const REFRESH_PATH: &str = "/api/v1/session";

/// Names and attributes; over HTTPS with the prefixes of RFC 6265bis §4.1.3, which keep a cookie
/// from being set by anybody else.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Cookies {
    secure: bool,
}

impl Cookies {
    pub(crate) const fn new(secure: bool) -> Self {
        Self { secure }
    }

    const fn access_name(self) -> &'static str {
        if self.secure { "__Host-tiketi-access" } else { "tiketi-access" }
    }

    const fn refresh_name(self) -> &'static str {
        if self.secure { "__Secure-tiketi-refresh" } else { "tiketi-refresh" }
    }

    /// The access token that a request carries.
    pub(crate) fn access(self, headers: &HeaderMap) -> Option<&str> {
        cookie(headers, self.access_name())
    }

    /// Which bot of a rehearsal a request comes from, and the token that lets it in. No browser is
    /// ever given such a cookie.
    pub(crate) fn bot(headers: &HeaderMap) -> Option<(&str, &str)> {
        cookie(headers, "tiketi-bot")?.split_once('.')
    }

    /// The refresh token that a request carries.
    pub(crate) fn refresh(self, headers: &HeaderMap) -> Option<&str> {
        cookie(headers, self.refresh_name())
    }

    /// Hands a browser its tokens.
    pub(crate) fn set(
        self,
        headers: &mut HeaderMap,
        (access, access_ttl): (&str, Duration),
        (refresh, refresh_ttl): (&str, Duration),
    ) {
        self.put(headers, self.access_name(), access, "/", access_ttl);
        self.put(headers, self.refresh_name(), refresh, REFRESH_PATH, refresh_ttl);
    }

    /// Takes a browser's tokens away.
    pub(crate) fn clear(self, headers: &mut HeaderMap) {
        self.put(headers, self.access_name(), "", "/", Duration::ZERO);
        self.put(headers, self.refresh_name(), "", REFRESH_PATH, Duration::ZERO);
    }

    fn put(self, headers: &mut HeaderMap, name: &str, value: &str, path: &str, ttl: Duration) {
        let secure = if self.secure { "; Secure" } else { "" };
        let max_age = ttl.as_secs();
        let text = format!(
            "{name}={value}; Path={path}; Max-Age={max_age}; HttpOnly; SameSite=Lax{secure}"
        );
        // Tokens are base64url and dots: always a lawful header.
        if let Ok(value) = HeaderValue::from_str(&text) {
            headers.append(SET_COOKIE, value);
        }
    }
}

fn cookie<'a>(headers: &'a HeaderMap, name: &str) -> Option<&'a str> {
    let pairs = headers.get_all(COOKIE).iter().filter_map(|value| value.to_str().ok());
    pairs
        .flat_map(|pairs| pairs.split(';'))
        .filter_map(|pair| pair.trim().split_once('='))
        .find(|(found, _)| *found == name)
        .map(|(_, value)| value)
}
