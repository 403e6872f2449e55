//! HTTP/1.1 over one connection, with as little work on this side as can be.

use std::io::ErrorKind;
use std::net::SocketAddr;

use anyhow::Context as _;
use tokio::io::{AsyncBufReadExt as _, AsyncReadExt as _, AsyncWriteExt as _, BufReader};
use tokio::net::TcpStream;

/// A connection that is kept, and the body that last came over it.
pub(crate) struct Connection {
    stream: BufReader<TcpStream>,
    /// The server's address, as `Host` says it.
    pub(crate) host: String,
    line: Vec<u8>,
    /// The body of the last answer.
    pub(crate) body: Vec<u8>,
    /// Bytes of the last answer before its body.
    head: usize,
    /// Where the last answer redirects to.
    pub(crate) location: Option<String>,
}

impl Connection {
    /// Connects.
    ///
    /// # Errors
    /// If nobody listens there.
    pub(crate) async fn open(address: SocketAddr) -> anyhow::Result<Self> {
        let stream = TcpStream::connect(address).await?;
        stream.set_nodelay(true)?;
        let stream = BufReader::new(stream);
        Ok(Self {
            stream,
            host: address.to_string(),
            line: Vec::new(),
            body: Vec::new(),
            head: 0,
            location: None,
        })
    }

    /// Whether the other side has not closed it, as far as is known.
    pub(crate) fn is_open(&self) -> bool {
        let read = self.stream.get_ref().try_read(&mut [0]);
        read.is_err_and(|error| error.kind() == ErrorKind::WouldBlock)
    }

    /// The same as text.
    pub(crate) fn text(&self) -> String {
        String::from_utf8_lossy(&self.body).into_owned()
    }

    /// The length of the whole last answer.
    pub(crate) const fn read_bytes(&self) -> usize {
        self.head + self.body.len()
    }

    /// Asks for a path; the status.
    ///
    /// # Errors
    /// If there is no answer.
    pub(crate) async fn get(&mut self, path: &str) -> anyhow::Result<u16> {
        let request = format!("GET {path} HTTP/1.1\r\nHost: {}\r\n\r\n", self.host);
        self.exchange(&request).await
    }

    /// Asks for something as a signed-in fan's browser does, with a key of its own; the status.
    ///
    /// # Errors
    /// If there is no answer.
    pub(crate) async fn ask(
        &mut self,
        method: &str,
        path: &str,
        cookie: &str,
        body: &str,
    ) -> anyhow::Result<u16> {
        let request = format!(
            "{method} {path} HTTP/1.1\r\nHost: {host}\r\nCookie: {cookie}\r\n\
             Idempotency-Key: {key:032x}\r\nContent-Type: application/json\r\n\
             Content-Length: {length}\r\n\r\n{body}",
            host = self.host,
            key = rand::random::<u128>(),
            length = body.len(),
        );
        self.exchange(&request).await
    }

    /// Sends a request and reads the answer to its end; its status.
    ///
    /// # Errors
    /// If there is no answer, or none of a known length.
    pub(crate) async fn exchange(&mut self, request: &str) -> anyhow::Result<u16> {
        self.stream.write_all(request.as_bytes()).await?;
        self.head = 0;
        let status = self.line().await?.split(' ').nth(1).context("no status")?.parse()?;
        let mut length = None;
        self.location = None;
        loop {
            let line = self.line().await?;
            if line.is_empty() {
                break;
            }
            let (name, value) = line.split_once(':').context("a header without a colon")?;
            if name.eq_ignore_ascii_case("content-length") {
                length = Some(value.trim().parse()?);
            } else if name.eq_ignore_ascii_case("location") {
                self.location = Some(value.trim().to_owned());
            }
        }
        // No content has no length either.
        let length = if status == 204 { Some(0) } else { length };
        self.body.resize(length.context("no length")?, 0);
        self.stream.read_exact(&mut self.body).await?;
        Ok(status)
    }

    async fn line(&mut self) -> anyhow::Result<&str> {
        self.line.clear();
        self.head += self.stream.read_until(b'\n', &mut self.line).await?;
        Ok(std::str::from_utf8(&self.line)?.trim_end())
    }
}
