//! The web app, out of the binary.
//!
//! Files under `assets/` carry a hash in their name and never change; everything else that is not
//! a file is the app's own page, so that its addresses can be opened directly.

use axum::http::header::{ACCEPT_ENCODING, CACHE_CONTROL, CONTENT_ENCODING, CONTENT_TYPE, VARY};
use axum::http::{HeaderMap, Method, Uri};
use axum::response::{Html, IntoResponse, Response};
use rust_embed::{EmbeddedFile, RustEmbed};

use crate::problem::Problem;

#[derive(RustEmbed)]
#[folder = "../web/dist"]
#[allow_missing = true]
struct Dist;

const NOT_BUILT: &str = "<!doctype html><title>tiketi</title>\
    <p>The web app has not been built into this binary: run <code>make web</code> and build again.";

/// Encodings that the build made beside each file, the best first.
const ENCODINGS: [(&str, &str); 2] = [("br", ".br"), ("gzip", ".gz")];

/// Serves a file of the web app, or its page.
pub(super) async fn serve(method: Method, uri: Uri, headers: HeaderMap) -> Response {
    let path = uri.path().trim_start_matches('/');
    let reading = method == Method::GET || method == Method::HEAD;
    if !reading || path.starts_with("api/") {
        return Problem::no_such_page().into_response();
    }
    if let Some(response) = file(path, &headers) {
        return response;
    }
    // What looks like a file and is none is a mistake, not an address of the app.
    if path.rsplit('/').next().is_some_and(|last| last.contains('.')) {
        return Problem::no_such_page().into_response();
    }
    file("index.html", &headers).unwrap_or_else(|| Html(NOT_BUILT).into_response())
}

fn file(path: &str, headers: &HeaderMap) -> Option<Response> {
    let plain = Dist::get(path)?;
    let accepted = headers.get(ACCEPT_ENCODING).and_then(|value| value.to_str().ok());
    let smaller = ENCODINGS.iter().find_map(|(name, suffix)| {
        let wanted = accepted.is_some_and(|accepted| accepted.contains(name));
        let file: Option<EmbeddedFile> = wanted.then(|| Dist::get(&format!("{path}{suffix}")))?;
        Some((*name, file?))
    });
    let forever = path.starts_with("assets/");
    let caching = if forever { "public, max-age=31536000, immutable" } else { "no-cache" };
    let always =
        [(CONTENT_TYPE, type_of(path)), (CACHE_CONTROL, caching), (VARY, "accept-encoding")];
    Some(match smaller {
        Some((name, file)) => {
            (always, [(CONTENT_ENCODING, name)], file.data.into_owned()).into_response()
        }
        None => (always, plain.data.into_owned()).into_response(),
    })
}

fn type_of(path: &str) -> &'static str {
    match path.rsplit('.').next() {
        Some("html") => "text/html; charset=utf-8",
        Some("js") => "text/javascript; charset=utf-8",
        Some("css") => "text/css; charset=utf-8",
        Some("json") => "application/json",
        Some("webmanifest") => "application/manifest+json",
        Some("svg") => "image/svg+xml",
        Some("png") => "image/png",
        Some("ico") => "image/x-icon",
        Some("txt") => "text/plain; charset=utf-8",
        _ => "application/octet-stream",
    }
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::*;

    #[test]
    fn the_app_is_found_where_it_is_built() {
        let built = Path::new(env!("CARGO_MANIFEST_DIR")).join("../web/dist/index.html");
        assert_eq!(Dist::get("index.html").is_some(), built.exists());
    }
}
