//! What those see who run an on-sale: how each node and each actor does, live.
//!
//! A node says what it does in a [`report`](report::NodeReport), made of numbers that are counted
//! anyway ([`sampler`]); no actor is asked, but the owner of a sale that somebody looks at by itself.
//! Once a second the [`Desk`] asks every node, itself
//! included, once, and the [`Feed`] makes one frame for each page that somebody looks at: its bytes
//! are the same for all who look at it. While nobody looks, nothing is made.

mod desk;
mod feed;
mod letters;
mod moves;
mod report;
mod sampler;

pub(crate) use desk::{Desk, DeskParts, NodeStreams};
pub(crate) use feed::{Feed, Topic};
pub(crate) use letters::{Letter, Letters, LettersMissed, LettersQuestion};
pub(crate) use moves::{Move, Moves};
pub(crate) use report::{
    ActorRow, ActorsPage, ActorsQuery, EventPart, NodeOrder, NodeQuestion, NodeReport, Sales,
    SortBy,
};
