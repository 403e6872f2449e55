//! A server that somebody is signed in at: asked once, or watched over a socket.

use std::fs;

use anyhow::{Context as _, anyhow, bail, ensure};
use futures_util::StreamExt as _;
use reqwest::header::{COOKIE, SET_COOKIE};
use reqwest::{Client, Response, StatusCode, Url};
use serde::de::DeserializeOwned;
use serde_json::{Value, json};
use tokio::net::TcpStream;
use tokio::sync::Mutex;
use tokio_tungstenite::tungstenite::client::IntoClientRequest as _;
use tokio_tungstenite::tungstenite::http::HeaderValue;
use tokio_tungstenite::tungstenite::{Error, Message};
use tokio_tungstenite::{WebSocketStream, client_async};

use crate::cli::Top;

/// Why there is nothing to show.
#[derive(Debug, thiserror::Error)]
pub(super) enum Missed {
    /// This account may not see it, however often it asks.
    #[error("{0}")]
    Refused(String),
    /// It may be there later.
    #[error(transparent)]
    Failed(#[from] anyhow::Error),
}

/// Who may look.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Least {
    Viewer,
    Operator,
}

/// A server, and somebody who may look.
#[derive(Debug)]
pub(super) struct Session {
    url: Url,
    email: String,
    password: String,
    http: Client,
    /// Of whoever is signed in.
    cookies: Mutex<Option<String>>,
}

/// A page's socket.
pub(super) struct Frames(WebSocketStream<TcpStream>);

impl Session {
    /// # Errors
    /// If the address or the password is not given as it must be.
    pub(super) fn new(args: &Top) -> anyhow::Result<Self> {
        ensure!(
            args.url.scheme() == "http" && args.url.host_str().is_some(),
            "{} must be http://HOST:PORT: look at the operators' own listener, which no edge is in front of",
            args.url
        );
        let password = match (&args.password_file, &args.password) {
            (Some(file), _) => fs::read_to_string(file)
                .with_context(|| format!("cannot read {}", file.display()))?
                .trim_end_matches('\n')
                .to_owned(),
            (None, Some(password)) => password.clone(),
            (None, None) => bail!("give the password: --password-file, or TIKETI_PASSWORD"),
        };
        let (url, email) = (args.url.clone(), args.email.clone());
        Ok(Self { url, email, password, http: Client::new(), cookies: Mutex::new(None) })
    }

    /// Signs in, unless somebody is.
    ///
    /// # Errors
    /// If the server cannot be reached, or knows no such account.
    pub(super) async fn begin(&self) -> Result<(), Missed> {
        self.cookies().await?;
        Ok(())
    }

    /// What a path has, for those who are at least that.
    ///
    /// # Errors
    /// [`Missed::Refused`] if this account is less; [`Missed::Failed`] for whatever else.
    pub(super) async fn get<T: DeserializeOwned>(
        &self,
        path: &str,
        pairs: &[(&str, String)],
        least: Least,
    ) -> Result<T, Missed> {
        let mut answer = self.ask(path, pairs).await?;
        if answer.status() == StatusCode::UNAUTHORIZED {
            // The session was over.
            *self.cookies.lock().await = None;
            answer = self.ask(path, pairs).await?;
        }
        let status = answer.status();
        if status == StatusCode::FORBIDDEN {
            return Err(self.refused(least));
        }
        if !status.is_success() {
            let problem: Value = answer.json().await.unwrap_or_default();
            let detail = problem["detail"].as_str().unwrap_or_default();
            return Err(anyhow!("the server says {status}: {detail}").into());
        }
        Ok(answer.json().await.context("an answer unknown here")?)
    }

    async fn ask(&self, path: &str, pairs: &[(&str, String)]) -> anyhow::Result<Response> {
        let url = self.url_of(path, pairs)?;
        let asked = self.http.get(url).header(COOKIE, self.cookies().await?).send().await;
        asked.with_context(|| format!("{} does not answer", self.url))
    }

    fn url_of(&self, path: &str, pairs: &[(&str, String)]) -> anyhow::Result<Url> {
        let mut url = self.url.join(path)?;
        if !pairs.is_empty() {
            url.query_pairs_mut().extend_pairs(pairs);
        }
        Ok(url)
    }

    /// Begins to watch; the socket ends by itself when a session would have to be looked at again.
    ///
    /// # Errors
    /// [`Missed::Refused`] if this account may not; [`Missed::Failed`] for whatever else.
    pub(super) async fn watch(&self, pairs: &[(&str, String)]) -> Result<Frames, Missed> {
        let mut opened = self.open(pairs).await?;
        if matches!(&opened, Err(Error::Http(answer)) if answer.status() == StatusCode::UNAUTHORIZED)
        {
            *self.cookies.lock().await = None;
            opened = self.open(pairs).await?;
        }
        match opened {
            Ok(frames) => Ok(frames),
            Err(Error::Http(answer)) if answer.status() == StatusCode::FORBIDDEN => {
                Err(self.refused(Least::Viewer))
            }
            Err(error) => {
                Err(anyhow!(error).context("the server did not let the socket open").into())
            }
        }
    }

    async fn open(&self, pairs: &[(&str, String)]) -> anyhow::Result<Result<Frames, Error>> {
        let url = self.url_of("/api/v1/ops/live", pairs)?;
        let address = url.socket_addrs(|| None)?;
        let cookies = self.cookies().await?;
        let stream = TcpStream::connect(&address[..]).await;
        let stream = stream.with_context(|| format!("{} does not answer", self.url))?;
        let mut request = url.as_str().replacen("http", "ws", 1).into_client_request()?;
        request.headers_mut().insert("cookie", HeaderValue::from_str(&cookies)?);
        Ok(client_async(request, stream).await.map(|(socket, _)| Frames(socket)))
    }

    fn refused(&self, least: Least) -> Missed {
        let role = match least {
            Least::Viewer => "a viewer",
            Least::Operator => "an operator",
        };
        let email = &self.email;
        Missed::Refused(format!("{email} may not look: an administrator can make it {role}"))
    }

    /// The session's cookies.
    async fn cookies(&self) -> anyhow::Result<String> {
        let mut cookies = self.cookies.lock().await;
        match &*cookies {
            Some(cookies) => Ok(cookies.clone()),
            None => Ok(cookies.insert(self.sign_in().await?).clone()),
        }
    }

    async fn sign_in(&self) -> anyhow::Result<String> {
        let body = json!({"email": self.email, "password": self.password});
        let asked = self.http.post(self.url.join("/api/v1/session")?).json(&body).send().await;
        let answer = asked.with_context(|| format!("{} does not answer", self.url))?;
        if answer.status() == StatusCode::UNAUTHORIZED {
            bail!("no account has this e-mail address and password");
        }
        if !answer.status().is_success() {
            let status = answer.status();
            let problem: Value = answer.json().await.unwrap_or_default();
            bail!("cannot sign in: {status} {}", problem["detail"].as_str().unwrap_or_default());
        }
        let set = answer.headers().get_all(SET_COOKIE).iter();
        let pairs = set.filter_map(|cookie| cookie.to_str().ok()?.split(';').next());
        let cookies = pairs.collect::<Vec<_>>().join("; ");
        ensure!(!cookies.is_empty(), "the server set no {COOKIE}");
        Ok(cookies)
    }
}

impl Frames {
    /// The next frame.
    ///
    /// # Errors
    /// If the socket has ended, or what came makes no sense.
    pub(super) async fn next<T: DeserializeOwned>(&mut self) -> Result<T, Missed> {
        loop {
            let told = self.0.next().await.context("the server ended the socket")?;
            match told.context("the socket broke")? {
                Message::Text(text) => {
                    return Ok(serde_json::from_str(&text).context("a frame unknown here")?);
                }
                Message::Close(_) => return Err(anyhow!("the server ended the socket").into()),
                _ => {}
            }
        }
    }
}
