//! Prints what the score of lines sees, for `benches/fit_lines.py`: a line a unit, with the text's path, the first line of
//! the unit, its last, and the rows of the table of weights that hold for it. Paths come on standard input, one a line;
//! `--rows` prints the names of the rows instead.

use std::io::{self, BufRead as _, Write};

use vidimus::source::Source;
use vidimus::text::line_score::{each, groups, recurrence_bin, row};
use vidimus::text::recurrence::recurrence;
use vidimus::text::{Features, Text};

fn main() -> io::Result<()> {
    let mut out = io::BufWriter::new(io::stdout().lock());
    if std::env::args().any(|argument| argument == "--rows") {
        writeln!(out, "every line\t")?;
        return groups()
            .flat_map(|group| group.bins.iter().map(|bin| (group.name, bin)))
            .try_for_each(|(group, bin)| writeln!(out, "{group}\t{bin}"));
    }
    let sources: Vec<Source> = io::stdin()
        .lock()
        .lines()
        .map(|path| path.and_then(|path| Ok(Source::new(path.clone(), std::fs::read(&path)?))))
        .collect::<io::Result<_>>()?;
    let texts: Vec<Text<'_>> = sources.iter().filter_map(Text::new).collect();
    let features: Vec<_> = texts.iter().map(|text| Some(Features::of(text))).collect();
    for ((text, pages), features) in texts.iter().zip(recurrence(&features)).zip(features.iter().flatten()) {
        print(text, features, &pages, &mut out)?;
    }
    out.flush()
}

fn print(text: &Text<'_>, features: &Features, pages: &[usize], out: &mut impl Write) -> io::Result<()> {
    let mut result = Ok(());
    each(text, |unit, bins| {
        let mut rows: Vec<usize> = bins.iter().enumerate().map(|(group, &bin)| row(group, bin)).collect();
        let line = features.candidates.iter().position(|line| line.place == unit.span);
        let pages = line.map_or(1, |line| pages[line]);
        rows.push(row(bins.len(), recurrence_bin(pages)));
        let rows: Vec<String> = rows.iter().map(usize::to_string).collect();
        let written = writeln!(
            out,
            "{}\t{}\t{}\t{}",
            text.source.name(),
            unit.first + 1,
            unit.end,
            rows.join(" ")
        );
        result = std::mem::replace(&mut result, Ok(())).and(written);
    });
    result
}
