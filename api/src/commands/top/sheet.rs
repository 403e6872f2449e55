//! What is shown, apart from where: parts of sentences, figures and a table, and all of it as text.

use std::fmt;

use ratatui::text::Span;
use serde::Serialize;

use super::question::Question;

/// A page as it is at one moment.
#[derive(Debug, Default, Clone, PartialEq, Eq)]
pub(super) struct Sheet {
    /// When it was so; empty if it is not of one moment.
    pub(super) at: String,
    pub(super) parts: Vec<Part>,
    /// What stands before it in a long list, if something does.
    pub(super) before: Option<Question>,
    /// What stands after it.
    pub(super) after: Option<Question>,
}

/// Something under a heading.
#[derive(Debug, Default, Clone, PartialEq, Eq)]
pub(super) struct Part {
    /// Empty for what the page is about.
    pub(super) title: String,
    /// Sentences.
    pub(super) notes: Vec<String>,
    pub(super) figures: Vec<(&'static str, String)>,
    pub(super) columns: Vec<&'static str>,
    pub(super) rows: Vec<Row>,
}

/// A line of a table.
#[derive(Debug, Default, Clone, PartialEq, Eq)]
pub(super) struct Row {
    pub(super) cells: Vec<String>,
    /// The page of what it is about, if there is one.
    pub(super) opens: Option<Question>,
}

/// As it is on the wire.
pub(super) fn word(value: &impl Serialize) -> String {
    let json = serde_json::to_value(value).unwrap_or_default();
    json.as_str().unwrap_or_default().to_owned()
}

/// How many columns of a terminal a text takes.
pub(super) fn width(text: &str) -> usize {
    Span::raw(text).width()
}

/// What people wrote may hold what a terminal would obey.
fn plain(text: impl Into<String>) -> String {
    text.into().replace(char::is_control, " ")
}

impl Sheet {
    pub(super) fn new(at: String, parts: Vec<Part>) -> Self {
        Self { at, parts, before: None, after: None }
    }

    /// Every row, from the first to the last.
    pub(super) fn rows(&self) -> impl Iterator<Item = &Row> {
        self.parts.iter().flat_map(|part| &part.rows)
    }
}

impl Part {
    pub(super) fn new(title: impl Into<String>) -> Self {
        Self { title: plain(title), ..Self::default() }
    }

    pub(super) fn note(mut self, sentence: impl Into<String>) -> Self {
        self.notes.push(plain(sentence));
        self
    }

    pub(super) fn figures(
        mut self,
        figures: impl IntoIterator<Item = (&'static str, String)>,
    ) -> Self {
        self.figures.extend(figures.into_iter().map(|(name, figure)| (name, plain(figure))));
        self
    }

    /// The sentence is said in place of a table without rows.
    pub(super) fn table(
        self,
        columns: impl Into<Vec<&'static str>>,
        rows: impl IntoIterator<Item = Row>,
        nothing: &str,
    ) -> Self {
        let rows: Vec<Row> = rows.into_iter().collect();
        if rows.is_empty() {
            return self.note(nothing);
        }
        Self { columns: columns.into(), rows, ..self }
    }

    /// How wide each column is.
    pub(super) fn widths(&self) -> Vec<usize> {
        let of = |column: usize| {
            let cells = self.rows.iter().filter_map(|row| row.cells.get(column));
            let cells = cells.map(|cell| width(cell));
            cells.chain(self.columns.get(column).map(|name| width(name))).max().unwrap_or(0)
        };
        let many = self.rows.iter().map(|row| row.cells.len()).chain([self.columns.len()]).max();
        (0..many.unwrap_or(0)).map(of).collect()
    }

    fn write(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if !self.title.is_empty() {
            writeln!(f, "\n{}", self.title)?;
        }
        for note in self.notes.iter().filter(|note| !note.is_empty()) {
            writeln!(f, "{note}")?;
        }
        for (name, figure) in &self.figures {
            writeln!(f, "{name}: {figure}")?;
        }
        let widths = self.widths();
        let line = |cells: Vec<&str>| {
            let padded = cells.iter().zip(&widths).map(|(cell, width)| padded(cell, *width));
            padded.collect::<Vec<_>>().join("  ").trim_end().to_owned()
        };
        if !self.columns.is_empty() {
            writeln!(f, "{}", line(self.columns.clone()))?;
        }
        for row in &self.rows {
            writeln!(f, "{}", line(row.cells.iter().map(String::as_str).collect()))?;
        }
        Ok(())
    }
}

/// A text and as many spaces as make it so wide.
pub(super) fn padded(text: &str, to: usize) -> String {
    format!("{text}{}", " ".repeat(to.saturating_sub(width(text))))
}

impl Row {
    pub(super) fn new(cells: impl IntoIterator<Item = String>) -> Self {
        Self { cells: cells.into_iter().map(plain).collect(), opens: None }
    }

    pub(super) fn opening(self, opens: Question) -> Self {
        Self { opens: Some(opens), ..self }
    }
}

impl fmt::Display for Sheet {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if !self.at.is_empty() {
            writeln!(f, "{}", self.at)?;
        }
        self.parts.iter().try_for_each(|part| part.write(f))
    }
}

#[cfg(test)]
pub(super) mod tests {
    use super::*;

    /// The dashboard's texts in English.
    const DASHBOARD: [&str; 2] = [
        include_str!("../../../../web/src/i18n/en/operator.ts"),
        include_str!("../../../../web/src/i18n/en/acts.ts"),
    ];

    /// Every heading, name and column is a text of the dashboard.
    #[track_caller]
    pub(in super::super) fn said_as_on_the_dashboard(sheet: &Sheet) {
        for part in &sheet.parts {
            let names = part.figures.iter().map(|(name, _)| *name);
            let words = names.chain(part.columns.iter().copied()).chain([&*part.title]);
            for word in words.filter(|word| !word.is_empty()) {
                let quoted = format!("'{word}'");
                assert!(DASHBOARD.iter().any(|texts| texts.contains(&quoted)), "{word}");
            }
        }
    }

    /// Every line is one of the sheet as text.
    #[track_caller]
    pub(in super::super) fn has_lines(sheet: &Sheet, lines: &[&str]) {
        let text = sheet.to_string();
        for line in lines {
            assert!(text.lines().any(|each| each == *line), "{line} is not in\n{text}");
        }
    }

    #[test]
    fn columns_are_as_wide_as_what_is_in_them() {
        let row = |cells: [&str; 2]| Row::new(cells.map(str::to_owned));
        let part = Part::new("").table(["a", "longer"], [row(["밤하늘", "x"]), row(["", "y"])], "");
        let sheet = Sheet::new(String::new(), vec![part]);
        assert_eq!(sheet.to_string(), "a       longer\n밤하늘  x\n        y\n");
    }

    #[test]
    fn what_people_wrote_cannot_tell_a_terminal_anything() {
        let part = Part::new("").note("a\u{1b}[2Jb").figures([("name", "c\nd".to_owned())]).table(
            ["e"],
            [Row::new(["f\u{7}g".to_owned()])],
            "",
        );
        let sheet = Sheet::new(String::new(), vec![part]);
        assert_eq!(sheet.to_string(), "a [2Jb\nname: c d\ne\nf g\n");
    }

    #[test]
    fn a_table_without_rows_is_a_sentence() {
        let part = Part::new("Orders").table(["State"], [], "None.");
        assert_eq!(Sheet::new("now".to_owned(), vec![part]).to_string(), "now\n\nOrders\nNone.\n");
    }
}
