//! The state of a review: findings, decisions, and what each key does. Nothing here reads, writes or draws.

use super::line::Line;
use crate::finding::{Edit, Finding};

/// What a person has decided of a finding.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Decision {
    /// Make its fix.
    Fix,
    /// Make this change in place of its fix.
    Edit(Edit),
    /// Let it stand, for this reason.
    Accept(String),
    /// Leave it for another day.
    Skip,
}

/// A finding to decide on.
#[derive(Clone, Debug)]
pub(super) struct Item {
    /// The finding.
    pub(super) finding: Finding,
    /// Why its fix cannot be made, where it cannot, as the end of a sentence that begins with the finding.
    pub(super) no_fix: Option<String>,
    /// Why it cannot be accepted, where it cannot, likewise.
    pub(super) no_acceptance: Option<String>,
    /// The digest that the text, or the manifest, has on record.
    pub(super) digest: String,
}

/// A key, whatever the terminal calls it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Press {
    /// A character.
    Char(char),
    /// Text that was pasted, or a line that was read.
    Text(String),
    /// Enter.
    Enter,
    /// Escape.
    Escape,
    /// The tabulator, which goes on to the next text, or with Shift back to the one before.
    Tab { back: bool },
    /// The key that takes the character before the cursor away.
    Backspace,
    /// The key that takes the character behind it away.
    Delete,
    /// Takes the line away.
    Clear,
    /// One of the keys that move.
    Move(Move),
}

/// Where a key moves to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Move {
    /// A line up.
    Up,
    /// A line down.
    Down,
    /// A screen up.
    PageUp,
    /// A screen down.
    PageDown,
    /// To the beginning.
    Home,
    /// To the end.
    End,
    /// To the left.
    Left,
    /// To the right.
    Right,
}

/// What a key asks of whoever holds the session.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Effect {
    /// Nothing but to draw again.
    None,
    /// A decision was made or taken back: keep all of them.
    Decided,
    /// Let the person change what the fix writes.
    Edit,
    /// Write what was decided.
    Apply,
    /// End, with the decisions kept.
    Quit,
}

/// What the keys are for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Mode {
    /// To decide on a finding, or on all of them where there is none left.
    Decide,
    /// To write the reason why a finding stands.
    Reason(Line),
    /// To write what is to stand in the place of a fix's edits.
    Replacement(Line),
    /// To read what the keys do.
    Help,
}

/// A review.
#[derive(Clone, Debug)]
pub(super) struct Session {
    items: Vec<Item>,
    decisions: Vec<Option<Decision>>,
    /// The finding at hand; as many as there are where all have been seen.
    at: usize,
    undo: Vec<(usize, Option<Decision>)>,
    mode: Mode,
    /// The reason that was given last.
    reason: String,
    /// What to tell of the last key.
    notice: Option<String>,
    scroll: usize,
    /// How far there is to scroll, and how much is seen at once, as of the last drawing.
    reach: usize,
    page: usize,
}

impl Session {
    /// Begins, or goes on at the first finding without a decision.
    pub(super) fn new(items: Vec<Item>, decisions: Vec<Option<Decision>>, reason: String) -> Self {
        let at = decisions.iter().position(Option::is_none).unwrap_or(items.len());
        Self {
            items,
            decisions,
            at,
            undo: Vec::new(),
            mode: Mode::Decide,
            reason,
            notice: None,
            scroll: 0,
            reach: 0,
            page: 1,
        }
    }

    /// The findings.
    pub(super) fn items(&self) -> &[Item] {
        &self.items
    }

    /// The finding at hand; `None` where all have been seen.
    pub(super) fn item(&self) -> Option<&Item> {
        self.items.get(self.at)
    }

    /// The number of the finding at hand, from 0.
    pub(super) fn at(&self) -> usize {
        self.at
    }

    /// What was decided of the finding at hand.
    pub(super) fn decision(&self) -> Option<&Decision> {
        self.decisions.get(self.at)?.as_ref()
    }

    /// What was decided of each finding.
    pub(super) fn decisions(&self) -> impl Iterator<Item = (&Item, Option<&Decision>)> {
        self.items.iter().zip(self.decisions.iter().map(Option::as_ref))
    }

    /// What the keys are for now.
    pub(super) fn mode(&self) -> &Mode {
        &self.mode
    }

    /// The reason that was given last.
    pub(super) fn reason(&self) -> &str {
        &self.reason
    }

    /// What to tell of the last key.
    pub(super) fn notice(&self) -> Option<&str> {
        self.notice.as_deref()
    }

    /// Tells something beside the next screen.
    pub(super) fn say(&mut self, notice: impl Into<String>) {
        self.notice = Some(notice.into());
    }

    /// How many lines are above the screen.
    pub(super) fn scroll(&self) -> usize {
        self.scroll
    }

    /// Takes note of what was drawn: how many lines are seen at once, and how many can be above them.
    pub(super) fn seen(&mut self, page: usize, reach: usize) {
        self.page = page.max(1);
        self.reach = reach;
        self.scroll = self.scroll.min(reach);
    }

    /// How many fixes, acceptances and skips were decided, and how many findings have no decision.
    pub(super) fn counts(&self) -> [usize; 4] {
        let mut counts = [0; 4];
        for decision in &self.decisions {
            counts[match decision {
                Some(Decision::Fix | Decision::Edit(_)) => 0,
                Some(Decision::Accept(_)) => 1,
                Some(Decision::Skip) => 2,
                None => 3,
            }] += 1;
        }
        counts
    }

    /// Whether there is anything to write.
    pub(super) fn has_work(&self) -> bool {
        let [fixes, accepted, ..] = self.counts();
        fixes + accepted > 0
    }

    /// Does what a key asks for.
    pub(super) fn press(&mut self, press: Press) -> Effect {
        self.notice = None;
        match std::mem::replace(&mut self.mode, Mode::Decide) {
            Mode::Decide => self.decide_by(press),
            Mode::Help => Effect::None,
            Mode::Reason(line) => self.write_reason(line, press),
            Mode::Replacement(line) => self.write_replacement(line, press),
        }
    }

    fn decide_by(&mut self, press: Press) -> Effect {
        match press {
            Press::Char(c) => return self.letter(c),
            Press::Enter if self.item().is_some() => return self.fix(),
            Press::Tab { back } => self.go_to_text(back),
            Press::Move(Move::Left) => self.go_to(self.at.saturating_sub(1)),
            Press::Move(Move::Right) => self.go_to(self.at + 1),
            Press::Move(to) => self.scroll_to(to),
            _ => {}
        }
        Effect::None
    }

    fn letter(&mut self, letter: char) -> Effect {
        match letter {
            'f' | 'y' if self.item().is_some() => return self.fix(),
            'a' if self.item().is_some() => self.ask_reason(),
            'e' if self.item().is_some() => return self.edit(),
            's' | ' ' if self.item().is_some() => return self.decide(Decision::Skip),
            'u' => return self.undo(),
            'n' | 'j' => self.go_to(self.at + 1),
            'p' | 'k' => self.go_to(self.at.saturating_sub(1)),
            'N' => self.go_to_text(false),
            'P' => self.go_to_text(true),
            'w' => return self.apply(),
            'q' => return Effect::Quit,
            '?' | 'h' => self.mode = Mode::Help,
            _ => self.say("no such key here; ? lists them"),
        }
        Effect::None
    }

    fn fix(&mut self) -> Effect {
        match self.items[self.at].no_fix.clone() {
            None => self.decide(Decision::Fix),
            Some(why) => {
                self.say(format!("the finding {why}"));
                Effect::None
            }
        }
    }

    fn edit(&mut self) -> Effect {
        match self.items[self.at].no_fix.clone() {
            None => Effect::Edit,
            Some(why) => {
                self.say(format!("the finding {why}"));
                Effect::None
            }
        }
    }

    fn ask_reason(&mut self) {
        match self.items[self.at].no_acceptance.clone() {
            None => self.mode = Mode::Reason(Line::default()),
            Some(why) => self.say(format!("the finding {why}")),
        }
    }

    fn apply(&mut self) -> Effect {
        if self.has_work() {
            return Effect::Apply;
        }
        self.say("there is nothing to write yet: no fix was chosen and nothing accepted");
        Effect::None
    }

    /// Decides on the finding at hand, and goes on to the next without a decision.
    pub(super) fn decide(&mut self, decision: Decision) -> Effect {
        let old = self.decisions[self.at].replace(decision);
        self.undo.push((self.at, old));
        let open = |at: &usize| self.decisions[*at].is_none();
        let next = (self.at + 1..self.items.len()).find(open);
        self.go_to(next.unwrap_or(self.items.len()));
        Effect::Decided
    }

    fn undo(&mut self) -> Effect {
        let Some((at, old)) = self.undo.pop() else {
            self.say("there is nothing to undo");
            return Effect::None;
        };
        self.decisions[at] = old;
        self.go_to(at);
        self.say("taken back");
        Effect::Decided
    }

    fn go_to(&mut self, at: usize) {
        let at = at.min(self.items.len());
        if at != self.at {
            (self.at, self.scroll) = (at, 0);
        }
    }

    /// Goes to the first finding of the next text, or of the one before.
    fn go_to_text(&mut self, back: bool) {
        let path = |at: usize| self.items.get(at).map(|item| item.finding.location.path.as_str());
        let here = path(self.at);
        let at = if back {
            let last = (0..self.at).rev().find(|at| path(*at) != here);
            last.map_or(0, |last| {
                (0..=last)
                    .rev()
                    .take_while(|at| path(*at) == path(last))
                    .last()
                    .unwrap_or(last)
            })
        } else {
            let next = (self.at..self.items.len()).find(|at| path(*at) != here);
            next.unwrap_or(self.items.len())
        };
        self.go_to(at);
    }

    fn scroll_to(&mut self, to: Move) {
        let step = self.page.saturating_sub(1).max(1);
        let at = match to {
            Move::Up => self.scroll.saturating_sub(1),
            Move::Down => self.scroll + 1,
            Move::PageUp => self.scroll.saturating_sub(step),
            Move::PageDown => self.scroll + step,
            Move::Home => 0,
            Move::End => self.reach,
            Move::Left | Move::Right => self.scroll,
        };
        self.scroll = at.min(self.reach);
    }

    fn write_reason(&mut self, mut line: Line, press: Press) -> Effect {
        match press {
            Press::Escape => return Effect::None,
            Press::Enter => {}
            press => {
                line.press(press);
                self.mode = Mode::Reason(line);
                return Effect::None;
            }
        }
        if !line.text().trim().is_empty() {
            line.text().trim().clone_into(&mut self.reason);
        }
        if self.reason.is_empty() {
            self.say("an acceptance needs a reason; Esc leaves it");
            self.mode = Mode::Reason(line);
            return Effect::None;
        }
        self.decide(Decision::Accept(self.reason.clone()))
    }

    /// Lets the person write what is to stand in the place of the fix's edits, on one line.
    pub(super) fn ask_replacement(&mut self, text: &str) {
        self.mode = Mode::Replacement(Line::escaped(text));
    }

    fn write_replacement(&mut self, mut line: Line, press: Press) -> Effect {
        match press {
            Press::Escape => Effect::None,
            Press::Enter => {
                self.mode = Mode::Replacement(line);
                Effect::Edit
            }
            press => {
                line.press(press);
                self.mode = Mode::Replacement(line);
                Effect::None
            }
        }
    }

    /// What the person has written in the place of the fix's edits; then the line is done with.
    pub(super) fn take_replacement(&mut self) -> Option<String> {
        match std::mem::replace(&mut self.mode, Mode::Decide) {
            Mode::Replacement(line) => Some(line.unescaped()),
            mode => {
                self.mode = mode;
                None
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::examples::{item, session};
    use super::*;

    fn keys(session: &mut Session, keys: &str) -> Vec<Effect> {
        let press = |key: char| match key {
            '\n' => Press::Enter,
            '\u{1b}' => Press::Escape,
            key => Press::Char(key),
        };
        keys.chars().map(|key| session.press(press(key))).collect()
    }

    #[test]
    fn each_decision_goes_on_to_the_next_finding() {
        let mut session = session();
        assert_eq!(keys(&mut session, "f"), [Effect::Decided]);
        assert_eq!((session.at(), session.counts()), (1, [1, 0, 0, 3]));
        keys(&mut session, "aa sign\n ");
        assert_eq!((session.at(), session.counts()), (3, [1, 1, 1, 1]));
        keys(&mut session, "s");
        assert!(session.item().is_none());
        assert_eq!(keys(&mut session, "w"), [Effect::Apply]);
    }

    #[test]
    fn the_last_reason_is_the_default() {
        let mut session = session();
        keys(&mut session, "a\n");
        assert!(matches!(session.mode(), Mode::Reason(_)), "a reason is needed");
        keys(&mut session, "old\na\n");
        let reasons: Vec<_> = session.decisions().map(|(_, decision)| decision.cloned()).collect();
        let old = Some(Decision::Accept("old".to_owned()));
        assert_eq!(reasons, [old.clone(), old, None, None]);
    }

    #[test]
    fn undo_takes_back_one_decision_after_the_other() {
        let mut session = session();
        keys(&mut session, "fsu");
        assert_eq!((session.at(), session.counts()), (1, [1, 0, 0, 3]));
        keys(&mut session, "u");
        assert_eq!((session.at(), session.counts()), (0, [0, 0, 0, 4]));
        assert_eq!(keys(&mut session, "u"), [Effect::None]);
        assert_eq!(session.notice(), Some("there is nothing to undo"));
        keys(&mut session, "fpsu");
        assert_eq!(session.decision(), Some(&Decision::Fix), "what it was before");
    }

    #[test]
    fn what_cannot_be_done_says_why() {
        let mut item = item("a.txt", 3);
        item.no_fix = Some("has no fix".to_owned());
        item.no_acceptance = Some("is about the manifest".to_owned());
        let mut session = Session::new(vec![item], vec![None], String::new());
        for (key, said) in [
            ("f", "the finding has no fix"),
            ("e", "the finding has no fix"),
            ("\n", "the finding has no fix"),
            ("a", "the finding is about the manifest"),
            (
                "w",
                "there is nothing to write yet: no fix was chosen and nothing accepted",
            ),
            ("x", "no such key here; ? lists them"),
        ] {
            assert_eq!(keys(&mut session, key), [Effect::None]);
            assert_eq!(session.notice(), Some(said));
        }
        assert_eq!(
            keys(&mut session, "sf?xq"),
            [Effect::Decided, Effect::None, Effect::None, Effect::None, Effect::Quit]
        );
    }

    #[test]
    fn it_goes_from_text_to_text() {
        // Two findings in a.txt, two in b.txt.
        let mut session = session();
        let mut at = |key: &str| {
            keys(&mut session, key);
            session.at()
        };
        assert_eq!(
            ["N", "n", "P", "N", "N", "P", "p", "p", "p"].map(&mut at),
            [2, 3, 0, 2, 4, 2, 1, 0, 0]
        );
    }

    #[test]
    fn it_scrolls_as_far_as_there_is_something() {
        let mut session = session();
        session.seen(5, 7);
        let mut to = |to: Move| {
            session.press(Press::Move(to));
            session.scroll()
        };
        let moves = [
            Move::Down,
            Move::PageDown,
            Move::PageDown,
            Move::Up,
            Move::PageUp,
            Move::Home,
            Move::End,
        ];
        assert_eq!(moves.map(&mut to), [1, 5, 7, 6, 2, 0, 7]);
        session.seen(9, 3);
        assert_eq!(session.scroll(), 3, "a larger screen shows more");
        session.press(Press::Char('n'));
        assert_eq!(session.scroll(), 0);
    }

    #[test]
    fn it_goes_on_where_it_stopped() {
        let four = session().items().to_vec();
        let decisions = vec![Some(Decision::Fix), None, Some(Decision::Skip), None];
        let mut session = Session::new(four, decisions, "old".to_owned());
        assert_eq!((session.at(), session.reason()), (1, "old"));
        keys(&mut session, "f");
        assert_eq!(session.at(), 3, "what is decided is not asked again");
    }

    #[test]
    fn escape_leaves_the_line() {
        let mut session = session();
        keys(&mut session, "afoo\u{1b}");
        assert_eq!(
            (session.at(), session.mode().clone(), session.counts()[3]),
            (0, Mode::Decide, 4)
        );
        session.ask_replacement("a\nb");
        assert_eq!(keys(&mut session, "c\n"), [Effect::None, Effect::Edit]);
        assert_eq!(session.take_replacement().as_deref(), Some("a\nbc"));
        assert_eq!(session.take_replacement(), None);
    }
}
