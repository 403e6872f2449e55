//! Live sockets.

use std::time::Duration;

use futures_util::{SinkExt as _, StreamExt as _};
use reqwest::header::{COOKIE, ORIGIN};
use tiketi_engine::domain::ids::{Fence, Seq};
use tiketi_engine::domain::waiting_room::Notice;
use tiketi_engine::feed::PublicState;
use tiketi_engine::feed::frame::{ClientFrame, ServerFrame};
use tokio::net::TcpStream;
use tokio::time::timeout;
use tokio_tungstenite::tungstenite::client::IntoClientRequest as _;
use tokio_tungstenite::tungstenite::http::HeaderValue;
use tokio_tungstenite::tungstenite::protocol::frame::coding::CloseCode;
use tokio_tungstenite::tungstenite::{self, Message};
use tokio_tungstenite::{WebSocketStream, client_async};

use crate::harness::{Caller, Server};

pub(crate) struct Live {
    socket: WebSocketStream<TcpStream>,
}

impl Live {
    /// Connects, with more headers; the refusal's status if it is refused.
    async fn connect(
        server: &Server,
        event: &str,
        headers: &[(&'static str, &str)],
    ) -> Result<Self, u16> {
        let address = server.url.trim_start_matches("http://");
        let url = format!("ws://{address}/api/v1/events/{event}/live");
        let mut request = url.into_client_request().unwrap();
        for (name, value) in headers {
            request.headers_mut().insert(*name, HeaderValue::from_str(value).unwrap());
        }
        let stream = TcpStream::connect(address).await.unwrap();
        match client_async(request, stream).await {
            Ok((socket, _)) => Ok(Self { socket }),
            Err(tungstenite::Error::Http(response)) => Err(response.status().as_u16()),
            Err(error) => panic!("{error}"),
        }
    }

    pub(crate) async fn resumed(server: &Server, event: &str, epoch: u64, seq: u64) -> Self {
        let mut live = Self::connect(server, event, &[]).await.unwrap();
        live.send(ClientFrame::Resume { epoch: Fence(epoch), seq: Seq(seq) }).await;
        live
    }

    async fn send(&mut self, frame: ClientFrame) {
        self.socket.send(Message::Binary(frame.encode().into())).await.unwrap();
    }

    async fn message(&mut self) -> Option<Message> {
        timeout(Duration::from_mins(1), self.socket.next()).await.expect("in time")?.ok()
    }

    /// The next frame of the protocol.
    async fn frame(&mut self) -> ServerFrame {
        loop {
            if let Message::Binary(bytes) = self.message().await.expect("open") {
                return ServerFrame::decode(&bytes).unwrap();
            }
        }
    }

    /// What the next room frame tells those in line.
    pub(crate) async fn notice(&mut self) -> Option<Notice> {
        loop {
            if let ServerFrame::Room(room) = self.frame().await {
                return room.notice;
            }
        }
    }

    /// The next frame that is not a room's: those come whenever the waiting room has changed.
    async fn frame_but_room(&mut self) -> ServerFrame {
        loop {
            match self.frame().await {
                ServerFrame::Room(_) => {}
                other => return other,
            }
        }
    }

    /// The code with which the server closes.
    async fn close_code(&mut self) -> CloseCode {
        loop {
            if let Message::Close(Some(close)) = self.message().await.expect("a close frame") {
                return close.code;
            }
        }
    }
}

/// Watches an event until the first snapshot, with the cookie of a session.
pub(crate) async fn watch_as(server: &Server, event: &str, cookie: &str) {
    let mut live = Live::connect(server, event, &[(COOKIE.as_str(), cookie)]).await.unwrap();
    live.send(ClientFrame::Resume { epoch: Fence(0), seq: Seq(0) }).await;
    live.frame().await;
}

async fn on_sale(server: &Server) -> (Caller, String) {
    let operator = server.operator().await;
    let event = server.event(&operator, 4, 8, |_| ()).await;
    (operator, event)
}

#[tokio::test]
async fn a_socket_gets_a_snapshot_and_then_what_changes() {
    let server = Server::start();
    let (_operator, event) = on_sale(&server).await;
    let fan = server.fan("fan").await;
    fan.enter(&event).await;
    let mut live = Live::resumed(&server, &event, 0, 0).await;
    let ServerFrame::Hello { epoch, places: 32, version: 1, .. } = live.frame().await else {
        panic!("hello first");
    };
    let ServerFrame::Room(_) = live.frame().await else { panic!("then the room") };
    let ServerFrame::Snapshot { seq, states, .. } = live.frame_but_room().await else {
        panic!("then a snapshot");
    };
    assert!(states.iter().all(|state| *state == PublicState::Free));
    fan.hold_seat(&event, 5).await.ok();
    let delta = live.frame_but_room().await;
    let ServerFrame::Delta { epoch: of, before, after, changed } = delta else { panic!("a delta") };
    assert_eq!((of, before), (epoch, seq), "it follows on the snapshot");
    assert_eq!(changed.len(), 1);
    assert_eq!((changed[0].0.0, changed[0].1), (5, PublicState::Held));

    // Whoever was away gets what was missed, or all of it.
    let mut known = Live::resumed(&server, &event, epoch.0, seq.0).await;
    assert!(matches!(known.frame_but_room().await, ServerFrame::Hello { .. }));
    let ServerFrame::Delta { before: from, .. } = known.frame_but_room().await else {
        panic!("the delta");
    };
    assert_eq!(from, seq);
    let mut current = Live::resumed(&server, &event, epoch.0, after.0).await;
    assert!(matches!(current.frame_but_room().await, ServerFrame::Hello { .. }));
    current.send(ClientFrame::Ping { echo: 7 }).await;
    let ServerFrame::Pong { echo: 7, .. } = current.frame_but_room().await else {
        panic!("nothing was missed");
    };
    let mut strange = Live::resumed(&server, &event, epoch.0 + 5, 1).await;
    assert!(matches!(strange.frame_but_room().await, ServerFrame::Hello { .. }));
    assert!(matches!(strange.frame_but_room().await, ServerFrame::Snapshot { .. }));
    fan.delete(&format!("/api/v1/events/{event}/queue")).await.ok();
    loop {
        if let ServerFrame::Room(room) = live.frame().await
            && room.inside == 0
        {
            break;
        }
    }
}

#[tokio::test]
async fn only_the_fan_is_told_of_what_is_the_fans() {
    let server = Server::start();
    let (operator, event) = on_sale(&server).await;
    let (one, other) = (server.fan("one").await, server.fan("other").await);
    one.enter(&event).await;
    // The session's cookie, as a browser would send it.
    let token = |name: &str| {
        let body = serde_json::json!({
            "email": format!("{name}@example.com"), "password": crate::harness::PASSWORD,
        });
        let caller = Caller::new(&server.url);
        async move {
            let answer = caller.post("/api/v1/session", &body).await;
            let set = answer.headers.get_all("set-cookie").iter();
            let all: Vec<_> = set.map(|value| value.to_str().unwrap().to_owned()).collect();
            let access = all.iter().find(|cookie| cookie.contains("access")).unwrap();
            access.split(';').next().unwrap().to_owned()
        }
    };
    let mut sockets = Vec::new();
    for name in ["one", "other"] {
        let cookie = token(name).await;
        let mut live = Live::connect(&server, &event, &[(COOKIE.as_str(), &cookie)]).await.unwrap();
        live.send(ClientFrame::Resume { epoch: Fence(0), seq: Seq(0) }).await;
        while !matches!(live.frame().await, ServerFrame::Snapshot { .. }) {}
        sockets.push(live);
    }
    one.hold_seat(&event, 3).await.ok();
    other.enter(&event).await;
    for live in &mut sockets {
        // Each sees the one delta, and is told once that something of its own changed.
        let (mut deltas, mut yours) = (0, 0);
        while deltas == 0 || yours == 0 {
            match live.frame().await {
                ServerFrame::Yours { .. } => yours += 1,
                ServerFrame::Delta { .. } => deltas += 1,
                _ => {}
            }
        }
    }
    let [mut of_one, mut of_other] = <[Live; 2]>::try_from(sockets).ok().unwrap();
    // Standing in line and being let in may be told apart: until the other knows of both.
    let overview = operator.get(&format!("/api/v1/operator/events/{event}")).await.ok();
    let entered = overview["seq"].as_u64().unwrap();
    let mut known = 0;
    let resume = ClientFrame::Resume { epoch: Fence(0), seq: Seq(0) };
    of_other.send(resume).await;
    while known < entered {
        if let ServerFrame::Delta { after, .. } | ServerFrame::Snapshot { seq: after, .. } =
            of_other.frame().await
        {
            known = after.0;
        }
    }
    // What a fan is told of a delta follows on it, and comes before the next answer.
    of_other.send(resume).await;
    while !matches!(of_other.frame().await, ServerFrame::Snapshot { .. }) {}
    // What the one does next is told to the one alone.
    one.delete(&format!("/api/v1/events/{event}/queue")).await.ok();
    while !matches!(of_one.frame().await, ServerFrame::Yours { .. }) {}
    of_other.send(ClientFrame::Ping { echo: 1 }).await;
    loop {
        match of_other.frame().await {
            ServerFrame::Pong { .. } => break,
            ServerFrame::Yours { .. } => panic!("somebody else's"),
            _ => {}
        }
    }
}

#[tokio::test]
async fn sockets_of_other_sites_and_of_unknown_events_are_refused_before_the_upgrade() {
    let server = Server::start();
    let (_operator, event) = on_sale(&server).await;
    let connect = |headers: Vec<(&'static str, String)>| {
        let (server, event) = (&server, &event);
        async move {
            let headers: Vec<_> = headers.iter().map(|(n, v)| (*n, v.as_str())).collect();
            Live::connect(server, event, &headers).await.map(drop)
        }
    };
    let own = server.url.clone();
    assert_eq!(connect(vec![(ORIGIN.as_str(), own.clone())]).await, Ok(()));
    for origin in ["https://evil.example", "null", &format!("{own}0"), &own.to_uppercase()] {
        let refused = connect(vec![(ORIGIN.as_str(), (*origin).to_owned())]).await;
        assert_eq!(refused, Err(403), "{origin}");
    }
    let refused = Live::connect(&server, "evt_0000000000001", &[]).await.map(drop);
    assert_eq!(refused, Err(404));
    let plain = Caller::new(&server.url).get(&format!("/api/v1/events/{event}/live")).await;
    assert_eq!((plain.status, plain.code()), (426, "not_a_websocket"));
}

#[tokio::test]
async fn bad_frames_close_the_socket_with_the_code_that_says_why() {
    let server = Server::start();
    let (_operator, event) = on_sale(&server).await;
    let resume = ClientFrame::Resume { epoch: Fence(0), seq: Seq(0) }.encode();
    let cases: [(&str, bool, Message, CloseCode); 9] = [
        ("text first", false, Message::text("hello"), CloseCode::Unsupported),
        (
            "a ping first",
            false,
            Message::binary(ClientFrame::Ping { echo: 1 }.encode()),
            CloseCode::Policy,
        ),
        ("an unknown type", true, Message::binary(vec![0x7f, 1]), CloseCode::Invalid),
        ("a server's frame", true, Message::binary(vec![0x03, 1, 1, 1, 0]), CloseCode::Invalid),
        ("nothing", true, Message::binary(Vec::new()), CloseCode::Invalid),
        ("a number cut off", true, Message::binary(vec![0x81, 0x80]), CloseCode::Invalid),
        (
            "a number too large",
            true,
            Message::binary([vec![0x82], vec![0xff; 10]].concat()),
            CloseCode::Invalid,
        ),
        ("too many bytes", true, Message::binary(vec![0x82; 65]), CloseCode::Size),
        ("text later", true, Message::text("x"), CloseCode::Unsupported),
    ];
    for (what, resumed, message, code) in cases {
        let mut live = Live::connect(&server, &event, &[]).await.unwrap();
        if resumed {
            live.socket.send(Message::binary(resume.clone())).await.unwrap();
        }
        live.socket.send(message).await.unwrap();
        assert_eq!(live.close_code().await, code, "{what}");
    }
    let again = Live::resumed(&server, &event, 0, 0).await.frame().await;
    assert!(matches!(again, ServerFrame::Hello { .. }), "the server lives");
}

#[tokio::test]
async fn a_stopping_server_says_goodbye_and_a_new_one_carries_on() {
    let mut server = Server::start();
    let (_operator, event) = on_sale(&server).await;
    let mut live = Live::resumed(&server, &event, 0, 0).await;
    let ServerFrame::Hello { epoch, .. } = live.frame().await else { panic!("hello") };
    assert!(server.process.terminate().success());
    assert_eq!(live.close_code().await, CloseCode::Away);
    server.restart();
    let mut live = Live::resumed(&server, &event, 0, 0).await;
    let ServerFrame::Hello { epoch: next, .. } = live.frame().await else { panic!("hello") };
    assert!(next > epoch, "another owner");
}

#[tokio::test]
async fn live_sockets_count_as_connections() {
    let mut setup = crate::harness::Setup::default();
    setup.environment.insert("TIKETI_LIMITS__CONNECTIONS_MAX".to_owned(), "6".to_owned());
    let server = Server::with(setup);
    let (_operator, event) = on_sale(&server).await;
    let mut sockets = Vec::new();
    for _ in 0..5 {
        let mut live = Live::resumed(&server, &event, 0, 0).await;
        live.frame().await;
        sockets.push(live);
    }
    // The operator's connection is the sixth: another is closed at once.
    let address = server.url.trim_start_matches("http://");
    let mut one_more = TcpStream::connect(address).await.unwrap();
    let mut nothing = [0];
    let read = tokio::io::AsyncReadExt::read(&mut one_more, &mut nothing);
    let closed = timeout(Duration::from_secs(5), read).await.expect("at once, not after a while");
    assert_eq!(closed.unwrap_or(0), 0);
    sockets.clear();
    let again = crate::harness::eventually("there is room again", async || {
        Caller::new(&server.url).send(reqwest::Method::GET, "/api/v1/time", None, None).await.ok()
    });
    assert_eq!(again.await.status, 200);
}
