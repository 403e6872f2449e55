//! Where the figures come from: a server that somebody is signed in at, and one socket.

use std::fs;

use anyhow::{Context as _, bail, ensure};
use futures_util::StreamExt as _;
use reqwest::header::{COOKIE, SET_COOKIE};
use reqwest::{Client, StatusCode, Url};
use serde_json::{Value, json};
use tokio::net::TcpStream;
use tokio_tungstenite::tungstenite::client::IntoClientRequest as _;
use tokio_tungstenite::tungstenite::http::HeaderValue;
use tokio_tungstenite::tungstenite::{Error, Message};
use tokio_tungstenite::{WebSocketStream, client_async};

use super::sheet::{Sheet, word};
use crate::cli::{Top, TopPage};
use crate::wire::ops::{ActorsFrame, NodesFrame, OverviewFrame};
use crate::wire::watch::SortName;

/// Rows of a page of actors.
pub(super) const ROWS: u32 = 50;

/// What is asked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Question {
    pub(super) page: TopPage,
    /// Of actors.
    pub(super) sort: SortName,
    pub(super) descending: bool,
    /// Rows before the page.
    pub(super) offset: u32,
}

impl Default for Question {
    fn default() -> Self {
        Self { page: TopPage::Overview, sort: SortName::Rate, descending: true, offset: 0 }
    }
}

impl Question {
    fn query(&self) -> String {
        match self.page {
            TopPage::Overview => "topic=overview".to_owned(),
            TopPage::Nodes => "topic=nodes".to_owned(),
            TopPage::Actors => format!(
                "topic=actors&sort={}&descending={}&offset={}&limit={ROWS}",
                word(&self.sort),
                self.descending,
                self.offset
            ),
        }
    }
}

/// A server, and somebody who may look.
#[derive(Debug, Clone)]
pub(super) struct Source {
    url: Url,
    email: String,
    password: String,
    http: Client,
}

/// One page's socket.
pub(super) struct Watched {
    socket: WebSocketStream<TcpStream>,
    page: TopPage,
}

impl Source {
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
        Ok(Self { url, email, password, http: Client::new() })
    }

    /// Signs in and begins to watch; the socket ends by itself when a session would have to be
    /// looked at again.
    ///
    /// # Errors
    /// If the server cannot be reached, or does not let this account look.
    pub(super) async fn watch(&self, question: &Question) -> anyhow::Result<Watched> {
        let cookies = self.sign_in().await?;
        let mut url = self.url.join("/api/v1/ops/live")?;
        url.set_query(Some(&question.query()));
        let address = url.socket_addrs(|| None)?;
        let stream = TcpStream::connect(&address[..]).await?;
        let mut request = url.as_str().replacen("http", "ws", 1).into_client_request()?;
        request.headers_mut().insert("cookie", HeaderValue::from_str(&cookies)?);
        match client_async(request, stream).await {
            Ok((socket, _)) => Ok(Watched { socket, page: question.page }),
            Err(Error::Http(answer)) if answer.status() == StatusCode::FORBIDDEN => {
                bail!("{} may not look: an administrator can make it a viewer", self.email)
            }
            Err(error) => Err(error).context("the server did not let the socket open"),
        }
    }

    /// The session's cookies.
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

impl Watched {
    /// What is shown next.
    ///
    /// # Errors
    /// If the socket has ended, or what came makes no sense.
    pub(super) async fn next(&mut self) -> anyhow::Result<Sheet> {
        loop {
            match self.socket.next().await.context("the server ended the socket")?? {
                Message::Text(text) => return self.read(&text).context("a frame unknown here"),
                Message::Close(_) => bail!("the server ended the socket"),
                _ => {}
            }
        }
    }

    fn read(&self, text: &str) -> serde_json::Result<Sheet> {
        Ok(match self.page {
            TopPage::Overview => serde_json::from_str::<OverviewFrame>(text)?.into(),
            TopPage::Nodes => serde_json::from_str::<NodesFrame>(text)?.into(),
            TopPage::Actors => serde_json::from_str::<ActorsFrame>(text)?.into(),
        })
    }
}
