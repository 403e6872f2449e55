//! A sale driven by hand, so that adapters are tried with what an actor would write.

use std::sync::Arc;
use std::time::Duration;

use crate::domain::change::Record;
use crate::domain::chart::Chart;
use crate::domain::command::{
    BestAvailable, Command, Origin, PaymentOutcome, Reply, Request, Selection,
};
use crate::domain::ids::{EventId, FanId, Fence, PaymentId};
use crate::domain::order::Order;
use crate::domain::pricing::TicketTypeIx;
use crate::domain::rows::Rows;
use crate::domain::sale::Sale;
use crate::journal::{Append, Batch, ChainHash};
use crate::ports::{Journal, JournalError};
use crate::testing::sample::{self, OPENS_AT};

/// A sale with its journal, as its actor would drive it, but one request at a time.
#[derive(Debug)]
pub struct Owner {
    /// The state.
    pub sale: Sale,
    /// Its fence.
    pub fence: Fence,
    /// The hash of its last batch.
    pub hash: ChainHash,
}

impl Owner {
    /// Opens a sale of a small room and takes it over.
    ///
    /// # Errors
    /// Whatever the journal says.
    ///
    /// # Panics
    /// Never: the room and its terms are sound.
    pub async fn open(journal: &dyn Journal, event: EventId) -> Result<Self, JournalError> {
        let chart = Arc::new(sample::chart(4, 8, 20));
        let terms = sample::terms(&chart);
        let record = Sale::opening(OPENS_AT, &chart, terms).expect("the terms are sound");
        let sale = Sale::open(event, chart, &record);
        let records = [record];
        let batch = Batch::seal(event, Fence(0), ChainHash::default(), &records);
        let hash = batch.hash;
        journal.create(&Append { rows: Rows::of(&sale, &records), batch }).await?;
        let taken = journal.take_over(event).await?;
        assert_eq!((taken.seq, taken.hash), (sale.seq(), hash), "nothing else is in it");
        Ok(Self { sale, fence: taken.fence, hash })
    }

    /// The chart of the room.
    pub fn chart(&self) -> &Arc<Chart> {
        self.sale.chart()
    }

    /// Executes a request a second after the last.
    ///
    /// # Panics
    /// If the sale rejects it.
    pub fn decide(&mut self, by: Origin, command: Command) -> (Vec<Record>, Reply) {
        let now = self.sale.at().after(Duration::from_secs(1));
        let request = Request { by, key: None, command };
        let executed = self.sale.execute(now, &request).expect("a lawful request");
        (executed.records, executed.reply)
    }

    /// Packs records that have been decided.
    pub fn seal(&mut self, records: &[Record]) -> Append {
        let batch = Batch::seal(self.sale.event(), self.fence, self.hash, records);
        self.hash = batch.hash;
        Append { rows: Rows::of(&self.sale, records), batch }
    }

    /// Executes and appends.
    ///
    /// # Errors
    /// Whatever the journal says.
    pub async fn run(
        &mut self,
        journal: &dyn Journal,
        by: Origin,
        command: Command,
    ) -> Result<Reply, JournalError> {
        let (records, reply) = self.decide(by, command);
        let append = self.seal(&records);
        journal.append(&append).await?;
        Ok(reply)
    }

    /// Lets a fan in, holds places, and orders them.
    ///
    /// # Errors
    /// Whatever the journal says.
    ///
    /// # Panics
    /// If the sale rejects it.
    pub async fn order(
        &mut self,
        journal: &dyn Journal,
        fan: FanId,
        quantity: u32,
    ) -> Result<Order, JournalError> {
        let by = Origin::Fan(fan);
        self.run(journal, by, Command::Join).await?;
        self.run(journal, by, Command::Claim).await?;
        let party = BestAvailable {
            quantity,
            accessible: 0,
            categories: Vec::new(),
            section: None,
            ticket_type: TicketTypeIx(0),
        };
        let command = Command::PlaceHold(Selection::BestAvailable(party));
        let Reply::Hold(hold) = self.run(journal, by, command).await? else {
            panic!("a hold was asked for");
        };
        let Reply::Order(order) = self.run(journal, by, Command::PlaceOrder(hold.id)).await? else {
            panic!("an order was asked for");
        };
        Ok(*order)
    }

    /// Begins to pay an order.
    ///
    /// # Errors
    /// Whatever the journal says.
    ///
    /// # Panics
    /// If the sale rejects it.
    pub async fn start_payment(
        &mut self,
        journal: &dyn Journal,
        order: &Order,
    ) -> Result<PaymentId, JournalError> {
        let by = Origin::Fan(order.fan);
        let reply = self.run(journal, by, Command::StartPayment(order.id)).await?;
        let Reply::Order(order) = reply else { panic!("an order was asked for") };
        Ok(order.payments.last().expect("a payment was started").id)
    }

    /// Settles a payment as captured.
    ///
    /// # Errors
    /// Whatever the journal says.
    pub async fn capture(
        &mut self,
        journal: &dyn Journal,
        order: &Order,
        payment: PaymentId,
    ) -> Result<(), JournalError> {
        let outcome = PaymentOutcome::Captured {
            reference: format!("ref-{}", payment.number()),
            amount_minor: order.total_minor,
        };
        let command = Command::SettlePayment { order: order.id, payment, outcome };
        self.run(journal, Origin::Provider, command).await.map(drop)
    }
}
