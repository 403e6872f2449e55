//! Round trips, dead connections and a network that swallows everything.

use std::io::{Read, Write};
use std::net::{Shutdown, TcpListener, TcpStream};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use tiketi_engine::domain::command::{Command, Origin};
use tiketi_engine::domain::ids::{EventId, FanId, Seq};
use tiketi_engine::ports::{Accounts, Journal, JournalError, NodeId, Role};
use tiketi_engine::testing::conformance::Owner;
use tiketi_persistence::postgres::{self, Postgres, PostgresConfig};

use crate::harness::Database;

/// Between a node and the server: counts how often the node spoke and was answered.
#[derive(Default)]
struct Network {
    turns: AtomicUsize,
    node_spoke: AtomicBool,
    swallows: AtomicBool,
}

impl Network {
    /// A node whose every byte passes through.
    async fn around(database: &Database) -> (Arc<Self>, Postgres) {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let to = listener.local_addr().unwrap().port();
        let url = database.url();
        let at = url.rsplit_once('@').unwrap().1;
        let server = at.split_once('/').unwrap().0.to_owned();
        let config = PostgresConfig::new(url.replace(&server, &format!("127.0.0.1:{to}")));
        let network = Arc::new(Self::default());
        let shared = Arc::clone(&network);
        std::thread::spawn(move || {
            for node in listener.incoming() {
                let Ok(node) = node else { return };
                let Ok(server) = TcpStream::connect(&server) else { return };
                let (to, from) = (server.try_clone().unwrap(), node.try_clone().unwrap());
                let network = Arc::clone(&shared);
                std::thread::spawn(move || network.pass(from, to, true));
                let network = Arc::clone(&shared);
                std::thread::spawn(move || network.pass(server, node, false));
            }
        });
        let node = postgres::open(&config, NodeId(3)).await.unwrap();
        (network, node)
    }

    fn pass(&self, mut from: TcpStream, mut to: TcpStream, by_node: bool) {
        let mut buffer = vec![0; 65_536];
        while let Ok(read @ 1..) = from.read(&mut buffer) {
            let turned = self.node_spoke.swap(by_node, Ordering::SeqCst) != by_node;
            self.turns.fetch_add(usize::from(turned && by_node), Ordering::SeqCst);
            if !self.swallows.load(Ordering::SeqCst) && to.write_all(&buffer[..read]).is_err() {
                break;
            }
        }
        // The other side may be closed already.
        drop(to.shutdown(Shutdown::Both));
    }

    fn turns(&self) -> usize {
        self.turns.load(Ordering::SeqCst)
    }
}

#[tokio::test]
async fn an_append_is_one_round_trip() {
    let Some(database) = Database::migrated().await else { return };
    let (network, node) = Network::around(&database).await;
    let mut owner = Owner::open(&node, EventId::new(1)).await.unwrap();
    let by = |fan| Origin::Fan(FanId::new(fan));
    owner.run(&node, by(1), Command::Join).await.unwrap();
    let before = network.turns();
    for fan in 2..=6 {
        owner.run(&node, by(fan), Command::Join).await.unwrap();
    }
    assert_eq!(network.turns() - before, 5, "one for each");
    let before = network.turns();
    node.take_over(EventId::new(1)).await.unwrap();
    assert_eq!(network.turns() - before, 1);
}

#[tokio::test]
async fn a_network_that_swallows_everything_holds_nobody_up_for_ever() {
    let Some(database) = Database::migrated().await else { return };
    let (network, node) = Network::around(&database).await;
    let event = EventId::new(1);
    let mut owner = Owner::open(&node, event).await.unwrap();
    owner.run(&node, Origin::Fan(FanId::new(1)), Command::Join).await.unwrap();

    network.swallows.store(true, Ordering::SeqCst);
    let started = Instant::now();
    let (records, _) = owner.decide(Origin::Fan(FanId::new(2)), Command::Join);
    let mut append = owner.seal(&records);
    let appended = node.append(&append).await;
    assert!(matches!(appended, Err(JournalError::Unavailable(_))), "{appended:?}");
    assert!(started.elapsed() < Duration::from_secs(7), "{:?}", started.elapsed());

    network.swallows.store(false, Ordering::SeqCst);
    let taken = node.take_over(event).await.unwrap();
    assert_eq!(taken.hash, append.batch.prev_hash, "it never arrived");
    append.batch.fence = taken.fence;
    assert_eq!(node.append(&append).await, Ok(()));
}

#[tokio::test]
async fn connections_that_died_are_replaced() {
    let Some(database) = Database::migrated().await else { return };
    let node = database.node().await;
    let event = EventId::new(1);
    let mut owner = Owner::open(&node, event).await.unwrap();
    owner.run(&node, Origin::Fan(FanId::new(1)), Command::Join).await.unwrap();
    // Several connections of each pool, idle.
    let read = || node.batches(event, Seq(0), 9);
    let (one, other, third) = tokio::join!(read(), read(), read());
    assert!(one.is_ok() && other.is_ok() && third.is_ok());
    let look = || node.has_role(Role::Operator);
    let (one, other, third) = tokio::join!(look(), look(), look());
    assert!(one.is_ok() && other.is_ok() && third.is_ok());
    tokio::time::sleep(Duration::from_millis(50)).await;
    database
        .run(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity
             WHERE datname = current_database() AND pid <> pg_backend_pid()",
        )
        .await;

    assert_eq!(read().await.unwrap().len(), 2, "a read is tried on another connection");
    assert_eq!(
        node.put_setup_link([1; 32], Role::Viewer, owner.sale.at()).await,
        Ok(()),
        "a write finds one"
    );
    let (records, _) = owner.decide(Origin::Fan(FanId::new(2)), Command::Join);
    let mut append = owner.seal(&records);
    let appended = node.append(&append).await;
    assert!(matches!(appended, Err(JournalError::Unavailable(_))), "in doubt: {appended:?}");
    append.batch.fence = node.take_over(event).await.unwrap().fence;
    assert_eq!(node.append(&append).await, Ok(()));
}
