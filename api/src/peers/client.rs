//! Asks other nodes.

use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use bytes::Bytes;
use reqwest::header::CONTENT_LENGTH;
use reqwest::{Client, Response, StatusCode};
use serde::Serialize;
use serde::de::DeserializeOwned;
use tiketi_engine::errand::{Call, Missed, Told};
use tiketi_engine::ports::{Clock, Member, PeerError, Peers};
use tracing::Instrument as _;

use super::signature::Purpose;
use super::{
    ASKED_AT, BODY_MAX, LETTERS_PATH, NodeKeys, ORDER_PATH, PATH, REPORT_PATH, SIGNATURE, WITHIN,
};
use crate::ops::{Letters, LettersMissed, LettersQuestion, NodeOrder, NodeQuestion, NodeReport};
use crate::trace::{self, TRACE_PARENT};

/// How long a connection may take.
const CONNECT_WITHIN: Duration = Duration::from_millis(500);

/// Other nodes, over HTTP/2.
pub(crate) struct HttpPeers {
    client: Client,
    keys: NodeKeys,
    clock: Arc<dyn Clock>,
}

impl HttpPeers {
    /// Each node that is called gives signs of life: one that hangs is noticed after half a lease's
    /// time, before what it owns can be had.
    pub(crate) fn new(
        keys: NodeKeys,
        clock: Arc<dyn Clock>,
        lease_ttl: Duration,
    ) -> reqwest::Result<Self> {
        let client = Client::builder()
            .http2_prior_knowledge()
            .http2_adaptive_window(true)
            .http2_keep_alive_interval(lease_ttl / 6)
            .http2_keep_alive_timeout(lease_ttl / 3)
            .connect_timeout(CONNECT_WITHIN)
            .tcp_nodelay(true)
            .no_proxy()
            .build()?;
        Ok(Self { client, keys, clock })
    }
}

#[async_trait]
impl Peers for HttpPeers {
    async fn call(&self, to: &Member, call: &Call, within: Duration) -> Result<Told, PeerError> {
        let span = trace::call(&to.address);
        let parent = trace::parent_of(&span).map(|parent| parent.to_string());
        let sent = call.sent();
        let asked = self.ask(Purpose::Errand, to, &sent, within, parent);
        let answer: Result<Told, Missed> = asked.instrument(span).await?;
        Ok(answer?)
    }
}

impl HttpPeers {
    /// Asks a node how it does.
    ///
    /// # Errors
    /// [`PeerError`].
    pub(crate) async fn report(
        &self,
        of: &Member,
        question: &NodeQuestion,
        within: Duration,
    ) -> Result<NodeReport, PeerError> {
        self.ask(Purpose::Report, of, question, within, None).await
    }

    /// Has a node do something with itself.
    ///
    /// # Errors
    /// [`PeerError`].
    pub(crate) async fn order(
        &self,
        to: &Member,
        order: NodeOrder,
        within: Duration,
    ) -> Result<(), PeerError> {
        // An answer of no bytes could not be told from none.
        let begun: bool = self.ask(Purpose::Order, to, &order, within, None).await?;
        if begun { Ok(()) } else { Err(lost("it does not do it")) }
    }

    /// Has a worker read or replay dead letters.
    ///
    /// # Errors
    /// [`PeerError`].
    pub(crate) async fn letters(
        &self,
        to: &Member,
        question: &LettersQuestion,
        within: Duration,
    ) -> Result<Result<Letters, LettersMissed>, PeerError> {
        self.ask(Purpose::Letters, to, question, within, None).await
    }

    /// Asks as part of the trace that is named, if one is.
    async fn ask<A: DeserializeOwned>(
        &self,
        purpose: Purpose,
        to: &Member,
        question: &(impl Serialize + Sync),
        within: Duration,
        parent: Option<String>,
    ) -> Result<A, PeerError> {
        let body = postcard::to_stdvec(question);
        let body = body.map_err(|error| PeerError::Unreached(error.to_string()))?;
        let (now, within_ms) = (self.clock.now(), u64::try_from(within.as_millis()).unwrap_or(0));
        let signature = self.keys.question(purpose, (now, within_ms), &body);
        let path = match purpose {
            Purpose::Errand => PATH,
            Purpose::Report => REPORT_PATH,
            Purpose::Order => ORDER_PATH,
            Purpose::Letters => LETTERS_PATH,
        };
        let mut request = self
            .client
            .post(format!("http://{}{path}", to.address))
            .header(ASKED_AT, now.as_millis())
            .header(WITHIN, within_ms)
            .header(SIGNATURE, &signature)
            .timeout(within)
            .body(body);
        if let Some(parent) = parent {
            request = request.header(TRACE_PARENT, parent);
        }
        let response = match request.send().await {
            Ok(response) => response,
            Err(error) if error.is_connect() => return Err(PeerError::Unreached(chain(&error))),
            Err(error) => return Err(PeerError::Lost(chain(&error))),
        };
        match response.status() {
            StatusCode::OK => {}
            status @ (StatusCode::FORBIDDEN | StatusCode::SERVICE_UNAVAILABLE) => {
                return Err(PeerError::Unreached(format!("it says {status}")));
            }
            status => return Err(PeerError::Lost(format!("it says {status}"))),
        }
        let signed = response.headers().get(SIGNATURE).and_then(|value| value.to_str().ok());
        let signed = signed.unwrap_or_default().to_owned();
        let answer = read(response).await?;
        if !self.keys.answered(&signed, &signature, &answer) {
            return Err(lost("its answer is not signed with the nodes' key"));
        }
        postcard::from_bytes(&answer).map_err(|_| lost("its answer cannot be read"))
    }
}

async fn read(response: Response) -> Result<Bytes, PeerError> {
    let length = response.headers().get(CONTENT_LENGTH).and_then(|value| value.to_str().ok());
    let length = length.and_then(|text| text.parse::<usize>().ok());
    if length.is_none_or(|length| length > BODY_MAX) {
        return Err(lost("its answer is too long"));
    }
    response.bytes().await.map_err(|error| PeerError::Lost(chain(&error)))
}

/// An error with everything that led to it.
fn chain(error: &dyn std::error::Error) -> String {
    let mut text = error.to_string();
    let mut source = error.source();
    while let Some(inner) = source {
        text = format!("{text}: {inner}");
        source = inner.source();
    }
    text
}

fn lost(why: &str) -> PeerError {
    PeerError::Lost(why.to_owned())
}
