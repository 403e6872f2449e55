//! What is on the screen, and what keys do to it.

use ratatui::crossterm::event::{KeyCode, KeyEvent, KeyModifiers};

use super::question::{Entries, Given, Question, Table};
use super::sheet::Sheet;
use super::{actor, settings};
use crate::wire::watch::SortName;

/// The pages, for the last line of every one.
pub(super) const PAGES: &str =
    "1 Overview  2 Nodes  3 Actors  4 Streams  5 Audit log  6 Settings  ? keys";

/// Every key, and what it does.
pub(super) const HELP: [(&str, &str); 15] = [
    ("1–6", "open a page"),
    ("↑ ↓ Home End", "choose a row"),
    ("← →", "show other columns"),
    ("Enter", "open what the row is about: an actor, its sale, a node's actors"),
    ("o", "an actor's sale, a sale's actor"),
    ("l", "the audit log of an actor's or a sale's event"),
    ("Esc", "back"),
    ("PgDn PgUp", "next and previous rows of a long list"),
    ("s", "sort actors by the next column"),
    ("r", "sort the other way around"),
    ("/", "find actors by title or id of the event"),
    ("c", "settings: only what is not the default, or all"),
    ("space f", "freeze, and back to live"),
    ("?", "these keys"),
    ("q Ctrl-C", "quit"),
];

/// What is on the screen.
#[derive(Debug)]
pub(super) struct Shown {
    pub(super) question: Question,
    /// Pages that Esc goes back to, the last one first.
    behind: Vec<Question>,
    pub(super) sheet: Option<Sheet>,
    pub(super) frozen: bool,
    /// Why there is nothing new.
    pub(super) trouble: Option<String>,
    /// Which row.
    pub(super) chosen: usize,
    /// Columns that are left out after the first.
    pub(super) across: usize,
    /// What is being typed to find.
    pub(super) typed: Option<String>,
    pub(super) help: bool,
}

/// Whether to go on after a key.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Then {
    GoOn,
    Quit,
}

impl Shown {
    pub(super) fn new(question: Question) -> Self {
        Self {
            question,
            behind: Vec::new(),
            sheet: None,
            frozen: false,
            trouble: None,
            chosen: 0,
            across: 0,
            typed: None,
            help: false,
        }
    }

    /// Does what a key says.
    pub(super) fn press(&mut self, key: KeyEvent) -> Then {
        let control = key.modifiers.contains(KeyModifiers::CONTROL);
        if control && key.code == KeyCode::Char('c') {
            return Then::Quit;
        }
        if self.typed.is_some() {
            self.write(key.code);
            return Then::GoOn;
        }
        self.help = !self.help && key.code == KeyCode::Char('?');
        match key.code {
            KeyCode::Char('q') => return Then::Quit,
            KeyCode::Char(' ' | 'f') => self.frozen = !self.frozen,
            KeyCode::Up => self.chosen = self.chosen.saturating_sub(1),
            KeyCode::Down => self.choose(self.chosen + 1),
            KeyCode::Home => self.chosen = 0,
            KeyCode::End => self.choose(usize::MAX),
            KeyCode::Left => self.across = self.across.saturating_sub(1),
            KeyCode::Right => self.across = (self.across + 1).min(self.columns()),
            KeyCode::Esc => {
                if let Some(behind) = self.behind.pop() {
                    self.show(behind);
                }
            }
            code => self.turn(code),
        }
        Then::GoOn
    }

    /// Goes to another page, or another part of this one.
    fn turn(&mut self, code: KeyCode) {
        let page = |code| {
            Some(match code {
                '1' => Question::Overview,
                '2' => Question::Nodes,
                '3' => Question::Actors(Table::default()),
                '4' => Question::Streams,
                '5' => Question::AuditLog(Entries::default()),
                '6' => Question::Settings(Given::All),
                _ => return None,
            })
        };
        let sheet = self.sheet.as_ref();
        let row = sheet.and_then(|sheet| sheet.rows().nth(self.chosen));
        match (code, &self.question) {
            (KeyCode::Enter, _) => {
                if let Some(opens) = row.and_then(|row| row.opens.clone()) {
                    self.open(opens);
                }
            }
            (KeyCode::PageDown, _) => {
                if let Some(after) = sheet.and_then(|sheet| sheet.after.clone()) {
                    self.show(after);
                }
            }
            (KeyCode::PageUp, _) => {
                if let Some(before) = sheet.and_then(|sheet| sheet.before.clone()) {
                    self.show(before);
                }
            }
            (KeyCode::Char('o'), Question::Actors(_)) => {
                let opens = row.and_then(|row| row.opens.as_ref());
                if let Some(sale) = opens.and_then(actor::other) {
                    self.open(sale);
                }
            }
            (KeyCode::Char('o'), question) => {
                if let Some(other) = actor::other(question) {
                    self.show(other);
                }
            }
            (KeyCode::Char('l'), Question::Actor(event) | Question::Sale(event)) => {
                let event = Some(event.clone());
                self.open(Question::AuditLog(Entries { event, before: None }));
            }
            (KeyCode::Char('c'), Question::Settings(given)) => self.show(settings::other(*given)),
            (KeyCode::Char('/'), Question::Actors(table)) => self.typed = Some(table.text.clone()),
            (KeyCode::Char('s'), Question::Actors(table)) => {
                let sort = after(table.sort);
                self.show(Question::Actors(Table { sort, offset: 0, ..table.clone() }));
            }
            (KeyCode::Char('r'), Question::Actors(table)) => {
                let descending = !table.descending;
                self.show(Question::Actors(Table { descending, offset: 0, ..table.clone() }));
            }
            (KeyCode::Char(code), _) => {
                if let Some(page) = page(code) {
                    self.behind.clear();
                    self.show(page);
                }
            }
            _ => {}
        }
    }

    /// Takes a key for what is to be found.
    fn write(&mut self, code: KeyCode) {
        let Some(mut typed) = self.typed.take() else { return };
        match (code, &self.question) {
            (KeyCode::Esc, _) => return,
            (KeyCode::Enter, Question::Actors(table)) => {
                let text = typed.trim().to_owned();
                return self.show(Question::Actors(Table { text, offset: 0, ..table.clone() }));
            }
            (KeyCode::Backspace, _) => drop(typed.pop()),
            (KeyCode::Char(typed_too), _) => typed.push(typed_too),
            _ => {}
        }
        self.typed = Some(typed);
    }

    /// Shows a page, and this one again after Esc.
    fn open(&mut self, question: Question) {
        let behind = self.question.clone();
        self.show(question);
        self.behind.push(behind);
    }

    /// Shows a page in place of this one. What comes is live.
    fn show(&mut self, question: Question) {
        let behind = std::mem::take(&mut self.behind);
        *self = Self { behind, ..Self::new(question) };
    }

    fn choose(&mut self, row: usize) {
        let rows = self.sheet.as_ref().map_or(0, |sheet| sheet.rows().count());
        self.chosen = row.min(rows.saturating_sub(1));
    }

    /// Columns that can be left out.
    fn columns(&self) -> usize {
        let parts = self.sheet.iter().flat_map(|sheet| &sheet.parts);
        parts.map(|part| part.widths().len()).max().unwrap_or(0).saturating_sub(2)
    }

    /// Shows what came, unless it is frozen. The row stays chosen that was, wherever it is now.
    pub(super) fn hear(&mut self, sheet: Sheet) {
        self.trouble = None;
        if self.frozen {
            return;
        }
        let was = self.sheet.as_ref().and_then(|sheet| sheet.rows().nth(self.chosen));
        let about = was.and_then(|row| row.opens.clone());
        let same =
            about.and_then(|about| sheet.rows().position(|row| row.opens.as_ref() == Some(&about)));
        self.sheet = Some(sheet);
        self.choose(same.filter(|_| self.chosen > 0).unwrap_or(self.chosen));
    }
}

/// The next by which actors are sorted; after the last the first.
fn after(sort: SortName) -> SortName {
    let mut all = SortName::ALL.into_iter().cycle();
    all.find(|one| *one == sort);
    all.next().unwrap_or(sort)
}

#[cfg(test)]
mod tests {
    use super::super::sheet::{Part, Row};
    use super::*;

    fn actor(event: &str) -> Question {
        Question::Actor(event.to_owned())
    }

    fn sheet(events: &[&str]) -> Sheet {
        let row = |event: &&str| Row::new([(*event).to_owned()]).opening(actor(event));
        let part = Part::new("").table(["Event"], events.iter().map(row), "None.");
        Sheet::new("now".to_owned(), vec![part])
    }

    fn shown(question: Question) -> Shown {
        let mut shown = Shown::new(question);
        shown.hear(sheet(&["a", "b", "c"]));
        shown
    }

    fn press(shown: &mut Shown, keys: impl IntoIterator<Item = KeyCode>) {
        for key in keys {
            assert_eq!(shown.press(key.into()), Then::GoOn, "{key}");
        }
    }

    fn typed(text: &str) -> Vec<KeyCode> {
        text.chars().map(KeyCode::Char).collect()
    }

    #[test]
    fn a_row_opens_its_actor_and_that_its_sale_and_escape_goes_back() {
        let table = Question::Actors(Table::default());
        let mut shown = shown(table.clone());
        press(&mut shown, [KeyCode::Down, KeyCode::Enter]);
        assert_eq!((&shown.question, &shown.sheet), (&actor("b"), &None));
        press(&mut shown, typed("o"));
        assert_eq!(shown.question, Question::Sale("b".to_owned()));
        press(&mut shown, typed("l"));
        let of_it = Entries { event: Some("b".to_owned()), before: None };
        assert_eq!(shown.question, Question::AuditLog(of_it));
        press(&mut shown, [KeyCode::Esc, KeyCode::Esc]);
        assert_eq!(shown.question, table);
        press(&mut shown, [KeyCode::Esc]);
        assert_eq!(shown.question, table, "nothing is behind it");
        shown.hear(sheet(&["a", "b"]));
        press(&mut shown, typed("o"));
        assert_eq!(shown.question, Question::Sale("a".to_owned()));
    }

    #[test]
    fn digits_open_pages_and_q_quits() {
        let mut shown = shown(actor("a"));
        for (digit, name) in (1..).zip(PAGES.split("  ").take(6)) {
            press(&mut shown, typed(&digit.to_string()));
            let opened = shown.question.to_string();
            let opened = opened.split(" · ").next().unwrap();
            assert_eq!(format!("{digit} {opened}"), name);
        }
        assert_eq!(shown.press(KeyCode::Char('q').into()), Then::Quit);
        let control_c = KeyEvent::new(KeyCode::Char('c'), KeyModifiers::CONTROL);
        assert_eq!(shown.press(control_c), Then::Quit);
    }

    #[test]
    fn actors_are_sorted_and_found() {
        let mut shown = shown(Question::Actors(Table { offset: 50, ..Table::default() }));
        press(&mut shown, typed("sr/q 7").into_iter().chain([KeyCode::Backspace, KeyCode::Enter]));
        let table = Table {
            sort: SortName::Depth,
            descending: false,
            text: "q".to_owned(),
            ..Table::default()
        };
        assert_eq!(shown.question, Question::Actors(table.clone()));
        press(&mut shown, typed("/x").into_iter().chain([KeyCode::Esc]));
        assert_eq!((shown.question, shown.typed), (Question::Actors(table), None));
    }

    #[test]
    fn a_long_list_goes_on_as_far_as_it_does() {
        let mut shown = shown(Question::Streams);
        press(&mut shown, [KeyCode::PageDown, KeyCode::PageUp]);
        assert_eq!(shown.question, Question::Streams);
        let after = Some(Question::Actors(Table { offset: 50, ..Table::default() }));
        shown.hear(Sheet { after: after.clone(), ..sheet(&["a"]) });
        press(&mut shown, [KeyCode::PageDown]);
        assert_eq!(Some(shown.question), after);
    }

    #[test]
    fn what_is_frozen_stays_until_another_page_is_opened() {
        let mut shown = shown(Question::Overview);
        press(&mut shown, typed("f"));
        shown.hear(sheet(&["later"]));
        assert_eq!(shown.sheet, Some(sheet(&["a", "b", "c"])));
        press(&mut shown, typed("2"));
        shown.hear(sheet(&["later"]));
        assert_eq!(shown.sheet, Some(sheet(&["later"])));
    }

    #[test]
    fn the_chosen_row_is_followed_and_the_first_stays_first() {
        let mut shown = shown(Question::Actors(Table::default()));
        shown.hear(sheet(&["b", "a"]));
        assert_eq!(shown.chosen, 0);
        press(&mut shown, [KeyCode::End]);
        shown.hear(sheet(&["a", "x", "y"]));
        assert_eq!(shown.chosen, 0, "a was chosen");
        press(&mut shown, [KeyCode::Down, KeyCode::Down, KeyCode::Down]);
        shown.hear(sheet(&["x"]));
        assert_eq!(shown.chosen, 0, "there are no more rows");
    }

    #[test]
    fn settings_are_all_or_only_those_that_somebody_gave() {
        let mut shown = shown(Question::Settings(Given::All));
        press(&mut shown, typed("c"));
        assert_eq!(shown.question, Question::Settings(Given::Changed));
        press(&mut shown, typed("c"));
        assert_eq!(shown.question, Question::Settings(Given::All));
    }
}
