//! Draws what is shown, on as much of a terminal as there is.

use ratatui::Frame;
use ratatui::layout::{Constraint, Layout};
use ratatui::style::{Style, Stylize as _};
use ratatui::text::{Line, Span};
use ratatui::widgets::{Paragraph, Wrap};

use super::keys::{HELP, PAGES, Shown};
use super::sheet::{Part, Row, Sheet, padded, width};

/// Between two columns.
const SPACING: usize = 2;
/// Between two figures.
const FIGURES_APART: usize = 3;
/// A column with less room than that is left out.
const CUT_MIN: usize = 6;

pub(super) fn draw(frame: &mut Frame<'_>, shown: &Shown) {
    let trouble = shown.trouble.as_deref().unwrap_or_default();
    let across = usize::from(frame.area().width).max(1);
    let said = u16::try_from(wrapped(trouble, across).len()).unwrap_or(u16::MAX);
    let [title, above, below, pages] = Layout::vertical([
        Constraint::Length(1),
        Constraint::Length(said),
        Constraint::Min(0),
        Constraint::Length(1),
    ])
    .areas(frame.area());
    frame.render_widget(title_of(shown), title);
    frame.render_widget(Paragraph::new(trouble.bold()).wrap(Wrap { trim: true }), above);
    let (lines, chosen) = match &shown.sheet {
        _ if shown.help => (help(), 0),
        Some(sheet) => body(sheet, shown, across),
        None => (Vec::new(), 0),
    };
    let height = usize::from(below.height);
    let first = first_line(lines.len(), chosen, height, at_end(shown));
    let seen: Vec<Line<'_>> = lines.into_iter().skip(first).take(height).collect();
    frame.render_widget(Paragraph::new(seen), below);
    frame.render_widget(Line::from(PAGES).dim(), pages);
}

/// What is shown, in a line.
fn title_of(shown: &Shown) -> Line<'_> {
    let at = shown.sheet.as_ref().map_or("", |sheet| &*sheet.at);
    let mut spans = vec![Span::from(format!("tiketi · {}  {at}", shown.question)).bold()];
    if shown.sheet.is_none() && shown.trouble.is_none() {
        spans.push(Span::from("Connecting"));
    }
    if shown.frozen {
        spans.push(Span::from(" Frozen ").reversed());
    }
    if let Some(typed) = &shown.typed {
        spans.push(Span::from(format!(" Find: {typed}▏")).reversed());
    }
    Line::from(spans)
}

/// Whether the last row is chosen.
fn at_end(shown: &Shown) -> bool {
    let rows = shown.sheet.as_ref().map_or(0, |sheet| sheet.rows().count());
    shown.chosen > 0 && shown.chosen + 1 == rows
}

/// The first line that is seen: from the top as long as the chosen one is there, and to the end with
/// the last row.
fn first_line(lines: usize, chosen: usize, height: usize, at_end: bool) -> usize {
    if at_end {
        return lines.saturating_sub(height).min(chosen);
    }
    (chosen + 1).saturating_sub(height)
}

fn help() -> Vec<Line<'static>> {
    let room = HELP.iter().map(|(keys, _)| width(keys)).max().unwrap_or(0) + SPACING;
    let line = |(keys, what): &(&str, &'static str)| {
        Line::from(vec![Span::from(padded(keys, room)).bold(), Span::from(*what)])
    };
    HELP.iter().map(line).collect()
}

/// All of a sheet, and which line has the chosen row.
fn body<'a>(sheet: &'a Sheet, shown: &Shown, room: usize) -> (Vec<Line<'a>>, usize) {
    let (mut lines, mut row, mut chosen) = (Vec::new(), 0, 0);
    for part in &sheet.parts {
        if !part.title.is_empty() {
            if !lines.is_empty() {
                lines.push(Line::default());
            }
            lines.push(Line::from(&*part.title).bold());
        }
        for note in &part.notes {
            lines.extend(wrapped(note, room).into_iter().map(Line::from));
        }
        lines.extend(figures(part, room));
        // Without a head nobody would see that a column is left out.
        let across = if part.columns.is_empty() { 0 } else { shown.across };
        let columns = fitting(&part.widths(), room, across);
        if !part.columns.is_empty() {
            let cells = part.columns.iter().copied();
            lines.push(line(cells, &columns).style(Style::new().underlined()));
        }
        for Row { cells, .. } in &part.rows {
            let mut drawn = line(cells.iter().map(String::as_str), &columns);
            if row == shown.chosen {
                (chosen, drawn) = (lines.len(), drawn.reversed());
            }
            lines.push(drawn);
            row += 1;
        }
    }
    (lines, chosen)
}

/// As many figures on a line as fit, none of them broken unless it is longer than a line.
fn figures(part: &Part, room: usize) -> Vec<Line<'_>> {
    let (mut lines, mut taken) = (Vec::<Line<'_>>::new(), 0);
    for (name, figure) in &part.figures {
        let needed = width(name) + 1 + width(figure);
        let apart = if taken == 0 { 0 } else { FIGURES_APART };
        let spans = [Span::from(format!("{name} ")), Span::from(&**figure).bold()];
        match lines.last_mut() {
            Some(line) if taken + apart + needed <= room => {
                line.push_span(Span::from(" ".repeat(apart)));
                line.extend(spans);
                taken += apart + needed;
            }
            _ => {
                lines.push(Line::from_iter(spans));
                taken = needed;
            }
        }
    }
    lines
}

/// Which columns there is room for, and how wide each is: the first, then from `across` on those that
/// fit, the last of them cut if it must be.
fn fitting(widths: &[usize], room: usize, across: usize) -> Vec<(usize, usize)> {
    let across = across.min(widths.len().saturating_sub(2));
    let (mut columns, mut left) = (Vec::new(), room);
    for (column, width) in widths.iter().copied().enumerate() {
        if column > 0 && column <= across {
            continue;
        }
        let apart = if columns.is_empty() { 0 } else { SPACING };
        let Some(here) = left.checked_sub(apart) else { break };
        if width > here {
            if here >= CUT_MIN {
                columns.push((column, here));
            }
            break;
        }
        columns.push((column, width));
        left = here - width;
    }
    columns
}

fn line<'a>(cells: impl Iterator<Item = &'a str>, columns: &[(usize, usize)]) -> Line<'static> {
    let cells: Vec<&str> = cells.collect();
    let cell = |(column, width): &(usize, usize)| {
        padded(&cut(cells.get(*column).copied().unwrap_or_default(), *width), *width)
    };
    Line::from(columns.iter().map(cell).collect::<Vec<_>>().join(&" ".repeat(SPACING)))
}

/// As much of a text as there is room for.
fn cut(text: &str, room: usize) -> String {
    if width(text) <= room {
        return text.to_owned();
    }
    let mut kept = String::new();
    for char in text.chars() {
        kept.push(char);
        if width(&kept) >= room {
            kept.pop();
            break;
        }
    }
    kept + "…"
}

/// A sentence in lines, broken between words.
fn wrapped(text: &str, room: usize) -> Vec<String> {
    let mut lines = Vec::<String>::new();
    for word in text.split_whitespace() {
        match lines.last_mut() {
            Some(line) if width(line) + 1 + width(word) <= room => {
                line.push(' ');
                line.push_str(word);
            }
            _ => lines.push(word.to_owned()),
        }
    }
    lines
}

#[cfg(test)]
mod tests {
    use ratatui::Terminal;
    use ratatui::backend::TestBackend;
    use ratatui::crossterm::event::KeyCode;

    use super::super::question::{Question, Table};
    use super::*;

    fn shown(part: Part) -> Shown {
        let mut shown = Shown::new(Question::Actors(Table::default()));
        shown.hear(Sheet::new("2026-11-28T15:00:00Z".to_owned(), vec![part]));
        shown
    }

    fn row(cells: &[&str]) -> Row {
        Row::new(cells.iter().map(|cell| (*cell).to_owned()))
    }

    fn drawn_on(shown: &Shown, width: u16, height: u16) -> String {
        let mut terminal = Terminal::new(TestBackend::new(width, height)).unwrap();
        terminal.draw(|frame| draw(frame, shown)).unwrap();
        terminal.backend().to_string()
    }

    fn drawn(shown: &Shown) -> String {
        drawn_on(shown, 80, 24)
    }

    #[test]
    fn a_page_has_its_name_its_figures_its_table_and_its_keys() {
        let part = Part::new("Sockets")
            .note("A node does not answer.")
            .figures([("Sold", "12".to_owned())])
            .table(["Commands/s", "Event"], [row(&["3.5", "밤"])], "");
        let text = drawn(&shown(part));
        let parts = [
            "Actors · Commands/s ↓",
            "15:00:00",
            "Sockets",
            "A node does not answer.",
            "Sold 12",
            "Event",
            "3.5",
            "밤",
            "6 Settings  ? keys",
        ];
        for part in parts {
            assert!(text.contains(part), "{part} is not in\n{text}");
        }
    }

    #[test]
    fn figures_are_not_broken_and_long_sentences_are() {
        let figures = (0..12).map(|_| ("Messages to go", "12345".to_owned()));
        let part = Part::new("").note("word ".repeat(30)).figures(figures);
        let text = drawn(&shown(part));
        assert_eq!(text.matches("Messages to go 12345").count(), 12, "{text}");
        assert_eq!(text.matches("word").count(), 30, "{text}");
    }

    #[test]
    fn columns_that_do_not_fit_are_cut_or_come_with_the_arrow() {
        let (x, y) = ("x".repeat(40), "y".repeat(60));
        let part = Part::new("").table(["first", "second", "third"], [row(&[&x, &y, "3rd"])], "");
        let mut shown = shown(part);
        let text = drawn(&shown);
        assert!(text.contains(&x) && text.contains("yyy…") && !text.contains("third"), "{text}");
        shown.press(KeyCode::Right.into());
        let text = drawn(&shown);
        assert!(text.contains(&x) && text.contains("3rd") && !text.contains("second"), "{text}");
        let once = text;
        shown.press(KeyCode::Right.into());
        assert_eq!(drawn(&shown), once, "there is no more");
    }

    #[test]
    fn wide_letters_take_two_columns() {
        assert_eq!(cut("밤하늘", 6), "밤하늘");
        assert_eq!(cut("밤하늘", 5), "밤하…");
        assert_eq!(cut("밤하늘", 4), "밤…");
        assert_eq!(fitting(&[3, 10], 9, 0), [(0, 3)], "too little room is none");
    }

    #[test]
    fn the_chosen_row_is_seen_and_the_last_one_with_what_follows() {
        let rows = (0..40).map(|number| row(&[&format!("row {number}.")]));
        let mut shown = shown(Part::new("").table(["Event"], rows, ""));
        let last = Part::new("Orders").note("None.");
        if let Some(sheet) = &mut shown.sheet {
            sheet.parts.push(last);
        }
        assert!(drawn(&shown).contains("row 0.") && !drawn(&shown).contains("row 30."));
        for _ in 0..30 {
            shown.press(KeyCode::Down.into());
        }
        assert!(drawn(&shown).contains("row 30.") && !drawn(&shown).contains("row 31."));
        shown.press(KeyCode::End.into());
        assert!(drawn(&shown).contains("row 39.") && drawn(&shown).contains("None."));
    }

    #[test]
    fn frozen_trouble_and_what_is_typed_are_said() {
        let mut shown = shown(Part::new(""));
        shown.trouble = Some(
            "op@example.com may not look: an administrator can make it a viewer, \
            and this is a long sentence"
                .to_owned(),
        );
        shown.press(KeyCode::Char(' ').into());
        shown.press(KeyCode::Char('/').into());
        shown.press(KeyCode::Char('n').into());
        let text = drawn(&shown);
        assert!(text.contains("Frozen") && text.contains("Find: n"), "{text}");
        assert!(text.contains("may not look") && text.contains("long sentence"), "{text}");
    }

    #[test]
    fn every_key_is_told_of_and_a_tiny_terminal_does_no_harm() {
        let mut shown = shown(Part::new("").table(["a", "b"], [row(&["1", "2"])], ""));
        shown.press(KeyCode::Char('?').into());
        let text = drawn(&shown);
        for (keys, what) in HELP {
            assert!(text.contains(keys) && text.contains(what), "{keys} is not in\n{text}");
        }
        for (width, height) in [(1, 1), (5, 2), (20, 4)] {
            drawn_on(&shown, width, height);
        }
        shown.press(KeyCode::Char('?').into());
        assert!(!drawn(&shown).contains("quit"));
        drawn_on(&shown, 3, 5);
    }
}
