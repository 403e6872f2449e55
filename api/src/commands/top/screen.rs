//! The terminal: draws what was heard last, and hears keys.

use std::future::pending;
use std::io;
use std::thread;
use std::time::Duration;

use ratatui::DefaultTerminal;
use ratatui::crossterm::event::{self, Event, KeyCode, KeyEvent, KeyEventKind};
use tokio::sync::mpsc;
use tokio::time::{Instant, sleep_until};

use super::draw::draw;
use super::keys::{Shown, Then};
use super::question::Question;
use super::session::{Missed, Session};
use super::sheet::Sheet;
use super::source::Watched;

/// Before the server is asked again that did not answer.
const RETRY: Duration = Duration::from_secs(1);

/// Where the next sheet comes from.
enum Source<'a> {
    /// It is watched.
    Watched(Box<Watched<'a>>),
    /// It is not yet, and will be then.
    From(Instant),
    /// This account may not see it.
    Refused,
}

/// Shows pages until somebody quits.
///
/// # Errors
/// If the terminal cannot be used.
pub(super) async fn run(
    session: &Session,
    question: Question,
    watched: Watched<'_>,
) -> anyhow::Result<()> {
    let mut terminal = ratatui::try_init()?;
    let ended = show(&mut terminal, session, watched, Shown::new(question)).await;
    ratatui::try_restore()?;
    ended
}

async fn show(
    terminal: &mut DefaultTerminal,
    session: &Session,
    watched: Watched<'_>,
    mut shown: Shown,
) -> anyhow::Result<()> {
    let (mut keys, mut source) = (hear_keys(), Source::Watched(Box::new(watched)));
    loop {
        terminal.draw(|frame| draw(frame, &shown))?;
        // Each branch may be dropped at an await without losing more than a frame.
        tokio::select! {
            key = keys.recv() => {
                let Some(key) = key else { return Ok(()) };
                let before = shown.question.clone();
                if shown.press(key?) == Then::Quit {
                    return Ok(());
                }
                if shown.question != before {
                    source = Source::From(Instant::now());
                }
            }
            told = next(session, &shown.question, &mut source) => match told {
                Ok(sheet) => shown.hear(sheet),
                Err(missed) => {
                    source = match &missed {
                        Missed::Refused(_) => Source::Refused,
                        Missed::Failed(_) => Source::From(Instant::now() + RETRY),
                    };
                    shown.trouble = Some(format!("{:#}", anyhow::Error::from(missed)));
                }
            },
        }
    }
}

/// The next sheet, of the page that is watched or one that is begun to be.
async fn next<'a>(
    session: &'a Session,
    question: &Question,
    source: &mut Source<'a>,
) -> Result<Sheet, Missed> {
    loop {
        match source {
            Source::Refused => return pending().await,
            Source::Watched(watched) => return watched.next().await,
            Source::From(at) => {
                sleep_until(*at).await;
                let watched = Watched::begin(session, question).await?;
                *source = Source::Watched(Box::new(watched));
            }
        }
    }
}

/// Keys, from a thread that waits for them; it ends with the process.
fn hear_keys() -> mpsc::UnboundedReceiver<io::Result<KeyEvent>> {
    let (heard, keys) = mpsc::unbounded_channel();
    thread::spawn(move || {
        loop {
            let key = match event::read() {
                Ok(Event::Key(key)) if key.kind == KeyEventKind::Press => Ok(key),
                // No key, but a reason to draw anew.
                Ok(Event::Resize(..)) => Ok(KeyCode::Null.into()),
                Ok(_) => continue,
                Err(error) => Err(error),
            };
            if heard.send(key).is_err() {
                return;
            }
        }
    });
    keys
}
