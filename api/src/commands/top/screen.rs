//! The terminal: draws what was heard last, and hears keys.

use std::io;
use std::thread;
use std::time::Duration;

use ratatui::crossterm::event::{self, Event, KeyCode, KeyEventKind};
use ratatui::layout::{Constraint, Layout};
use ratatui::style::{Style, Stylize as _};
use ratatui::text::{Line, Span};
use ratatui::widgets::{Paragraph, Row, Table, Wrap};
use ratatui::{DefaultTerminal, Frame};
use tokio::sync::mpsc;
use tokio::time::sleep;

use super::sheet::{Sheet, word};
use super::source::{Question, ROWS, Source, Watched};
use crate::cli::TopPage;
use crate::wire::watch::SortName;

/// Before the server is asked again that did not answer.
const RETRY: Duration = Duration::from_secs(1);
/// Between two columns.
const SPACING: u16 = 2;
const KEYS: &str =
    "1 overview  2 nodes  3 actors  s sort by  r reverse  PgDn PgUp page  space freeze  q quit";

/// What is on the screen.
struct Shown {
    question: Question,
    sheet: Sheet,
    frozen: bool,
    /// Why there is nothing new.
    trouble: Option<String>,
}

/// Shows pages until somebody quits.
///
/// # Errors
/// If the terminal cannot be used, or nothing could be shown even once.
pub(super) async fn run(source: Source, page: TopPage) -> anyhow::Result<()> {
    let question = Question { page, ..Question::default() };
    // What is wrong with the address or the account is said before the screen is taken.
    let watched = source.watch(&question).await?;
    let shown = Shown { question, sheet: Sheet::default(), frozen: false, trouble: None };
    let mut terminal = ratatui::try_init()?;
    let ended = show(&mut terminal, &source, watched, shown).await;
    ratatui::try_restore()?;
    ended
}

async fn show(
    terminal: &mut DefaultTerminal,
    source: &Source,
    watched: Watched,
    mut shown: Shown,
) -> anyhow::Result<()> {
    let (mut keys, mut watched) = (hear_keys(), Some(watched));
    loop {
        terminal.draw(|frame| draw(frame, &shown))?;
        // Each branch may be dropped at an await without losing more than a frame.
        tokio::select! {
            key = keys.recv() => {
                let Some(key) = key else { return Ok(()) };
                let before = shown.question.clone();
                if !shown.press(key?) {
                    return Ok(());
                }
                if shown.question != before {
                    watched = None;
                }
            }
            told = next(source, &shown.question, &mut watched) => match told {
                Ok(sheet) => shown.hear(sheet),
                Err(error) => {
                    watched = None;
                    shown.trouble = Some(format!("{error:#}"));
                    sleep(RETRY).await;
                }
            },
        }
    }
}

/// The next sheet, over the socket that there is or a new one.
async fn next(
    source: &Source,
    question: &Question,
    watched: &mut Option<Watched>,
) -> anyhow::Result<Sheet> {
    let socket = match watched {
        Some(socket) => socket,
        None => watched.insert(source.watch(question).await?),
    };
    socket.next().await
}

/// Keys, from a thread that waits for them; it ends with the process.
fn hear_keys() -> mpsc::UnboundedReceiver<io::Result<KeyCode>> {
    let (heard, keys) = mpsc::unbounded_channel();
    thread::spawn(move || {
        loop {
            let key = match event::read() {
                Ok(Event::Key(key)) if key.kind == KeyEventKind::Press => Ok(key.code),
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

/// The next by which actors are sorted; after the last the first.
fn after(sort: SortName) -> SortName {
    let mut all = SortName::ALL.into_iter().cycle();
    all.find(|one| *one == sort);
    all.next().unwrap_or(sort)
}

impl Shown {
    /// Does what a key says; false if that is to quit.
    fn press(&mut self, key: KeyCode) -> bool {
        let question = &mut self.question;
        match key {
            KeyCode::Char('q') | KeyCode::Esc => return false,
            KeyCode::Char('1') => question.page = TopPage::Overview,
            KeyCode::Char('2') => question.page = TopPage::Nodes,
            KeyCode::Char('3') => question.page = TopPage::Actors,
            KeyCode::Char('s') => question.sort = after(question.sort),
            KeyCode::Char('r') => question.descending = !question.descending,
            KeyCode::PageDown => question.offset += ROWS,
            KeyCode::PageUp => question.offset = question.offset.saturating_sub(ROWS),
            KeyCode::Char(' ') => self.frozen = !self.frozen,
            _ => {}
        }
        true
    }

    fn hear(&mut self, sheet: Sheet) {
        self.trouble = None;
        if !self.frozen {
            self.sheet = sheet;
        }
    }

    /// What is shown, in a line.
    fn title(&self) -> Line<'_> {
        let page = match self.question.page {
            TopPage::Overview => "overview".to_owned(),
            TopPage::Nodes => "nodes".to_owned(),
            TopPage::Actors => {
                let way = if self.question.descending { "↓" } else { "↑" };
                format!("actors by {} {way}", word(&self.question.sort))
            }
        };
        let mut spans = vec![Span::from(format!("tiketi {page}  {}", self.sheet.at)).bold()];
        if self.frozen {
            spans.push(Span::from("  frozen").reversed());
        }
        if let Some(trouble) = &self.trouble {
            spans.push(Span::from(format!("  {trouble}")).red());
        }
        Line::from(spans)
    }
}

fn draw(frame: &mut Frame<'_>, shown: &Shown) {
    let sheet = &shown.sheet;
    let figures: Vec<Span<'_>> = sheet
        .figures
        .iter()
        .flat_map(|(name, figure)| {
            [Span::from(format!("{name} ")), Span::from(format!("{figure}   ")).bold()]
        })
        .collect();
    let [title, above, below, keys] = Layout::vertical([
        Constraint::Length(1),
        Constraint::Length(3),
        Constraint::Min(0),
        Constraint::Length(1),
    ])
    .areas(frame.area());
    frame.render_widget(shown.title(), title);
    frame.render_widget(Paragraph::new(Line::from(figures)).wrap(Wrap { trim: true }), above);
    if !sheet.rows.is_empty() {
        frame.render_widget(table(sheet, below.width), below);
    }
    frame.render_widget(Line::from(KEYS).dim(), keys);
}

/// As many of the first columns as a terminal has room for, each as wide as it must be.
fn table(sheet: &Sheet, room: u16) -> Table<'_> {
    let mut widths = sheet.widths();
    let mut taken = 0;
    let fits = widths.iter().take_while(|width| {
        taken += **width + usize::from(SPACING);
        taken <= usize::from(room) + usize::from(SPACING)
    });
    let many = fits.count();
    widths.truncate(many);
    let lengths = widths.into_iter().map(|width| u16::try_from(width).unwrap_or(u16::MAX));
    let rows = sheet.rows.iter().map(|row| Row::new(row.iter().take(many).map(String::as_str)));
    let header = Row::new(sheet.columns.iter().take(many).copied());
    Table::new(rows, lengths.map(Constraint::Length))
        .header(header.style(Style::new().underlined()))
        .column_spacing(SPACING)
}

#[cfg(test)]
mod tests {
    use ratatui::Terminal;
    use ratatui::backend::TestBackend;

    use super::*;

    fn shown() -> Shown {
        let sheet = Sheet {
            at: "2026-11-28T15:00:00Z".to_owned(),
            figures: vec![("sold", "12".to_owned())],
            columns: vec!["rate", "title"],
            rows: vec![vec!["3.5".to_owned(), "밤".to_owned()]],
        };
        let question = Question { page: TopPage::Actors, ..Question::default() };
        Shown { question, sheet, frozen: false, trouble: None }
    }

    fn drawn(shown: &Shown) -> String {
        let mut terminal = Terminal::new(TestBackend::new(100, 10)).unwrap();
        terminal.draw(|frame| draw(frame, shown)).unwrap();
        terminal.backend().to_string()
    }

    #[test]
    fn a_page_has_its_figures_its_table_and_its_keys() {
        let text = drawn(&shown());
        for part in ["actors by rate ↓", "15:00:00", "sold 12", "rate", "3.5", "밤", "q quit"] {
            assert!(text.contains(part), "{part} is not in\n{text}");
        }
    }

    #[test]
    fn columns_that_do_not_fit_are_not_there_and_the_others_are_whole() {
        let mut shown = shown();
        shown.sheet.columns = vec!["first", "second", "third"];
        shown.sheet.rows = vec![vec!["x".repeat(60), "y".repeat(38), "cut".to_owned()]];
        let text = drawn(&shown);
        assert!(text.contains(&"x".repeat(60)) && text.contains(&"y".repeat(38)), "{text}");
        assert!(!text.contains("third") && !text.contains("cut"), "{text}");
    }

    #[test]
    fn keys_change_what_is_asked_for_and_q_quits() {
        let mut shown = shown();
        for key in ['s', 'r', ' '] {
            assert!(shown.press(KeyCode::Char(key)));
        }
        assert!(shown.press(KeyCode::PageDown) && shown.press(KeyCode::Char('z')));
        let asked = Question {
            page: TopPage::Actors,
            sort: SortName::Depth,
            descending: false,
            offset: ROWS,
        };
        assert_eq!(shown.question, asked);
        assert!(drawn(&shown).contains("actors by depth ↑"));
        assert!(!shown.press(KeyCode::Char('q')));
    }

    #[test]
    fn what_is_frozen_stays_and_trouble_is_said() {
        let mut shown = shown();
        shown.press(KeyCode::Char(' '));
        shown.hear(Sheet { at: "later".to_owned(), ..Sheet::default() });
        shown.trouble = Some("the server ended the socket".to_owned());
        let text = drawn(&shown);
        assert!(
            text.contains("frozen")
                && text.contains("sold 12")
                && text.contains("ended the socket")
        );
        shown.press(KeyCode::Char(' '));
        shown.hear(Sheet { at: "later".to_owned(), ..Sheet::default() });
        assert!(drawn(&shown).contains("later") && shown.trouble.is_none());
    }
}
