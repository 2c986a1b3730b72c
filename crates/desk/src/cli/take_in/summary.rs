//! What became of the letters, in figures that add up. No files and no network here.

use std::fmt;

use casework::Automatic;
use serde::Serialize;

use super::desk_line::{End, TakenIn};

/// Failures listed one by one; beyond it only their number is told.
const LISTED_MAX: usize = 1000;

/// What became of the letters. Each letter counts once in `read` and once in exactly one of the others, the first of these
/// that holds for it: `failed`, `duplicates`, `junk`, `quarantined`, `cases`, `bounces`, `auto_replies`, `appended`. So
/// `messages = cases + appended`, and `read = messages + auto_replies + bounces + junk + quarantined + duplicates + failed`.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub(super) struct Summary {
    /// Letters found, whatever became of them.
    pub read: u64,
    /// Letters of people that are a message of a case now: `cases` and `appended` together.
    pub messages: u64,
    /// New cases: letters that opened one, also those of a machine that writes on somebody's behalf.
    pub cases: u64,
    /// Letters of people that joined a case that was there.
    pub appended: u64,
    /// Letters of machines other than delivery reports, in a case that was there or kept aside: automatic answers, lists,
    /// read receipts, invitations, our own mails.
    pub auto_replies: u64,
    /// Delivery reports, in a case or kept aside.
    pub bounces: u64,
    /// Kept aside as junk, or because the domain of its sender disowns it.
    pub junk: u64,
    /// Kept aside because it names no sender or cannot be read.
    pub quarantined: u64,
    /// The same letter was at the desk before, in a case or kept aside.
    pub duplicates: u64,
    /// Not taken in, or kept and not decided on in time.
    pub failed: u64,
    /// The failures, at most a thousand.
    pub failures: Vec<Failure>,
}

/// A letter that was not taken in.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub(super) struct Failure {
    /// File and, in an mbox, number.
    pub place: String,
    /// Why.
    pub why: String,
}

impl Summary {
    /// Counts a letter that the desk has decided on.
    pub fn count(&mut self, taken: &TakenIn) {
        self.read += 1;
        *self.place_of(taken, taken.end == End::Filed) += 1;
        self.messages = self.cases + self.appended;
    }

    fn place_of(&mut self, taken: &TakenIn, is_filed: bool) -> &mut u64 {
        match (taken.end, taken.reason.as_deref(), taken.automatic) {
            (End::Duplicate, _, _) => &mut self.duplicates,
            (End::Aside, Some("junk" | "forged"), _) => &mut self.junk,
            (End::Aside, Some("no_sender" | "unreadable"), _) => &mut self.quarantined,
            _ if is_filed && taken.is_new => &mut self.cases,
            (_, _, Some(Automatic::Bounce)) => &mut self.bounces,
            (_, _, Some(_)) => &mut self.auto_replies,
            (End::Filed, _, None) => &mut self.appended,
            // A reason that this program does not know yet: a person looks at it.
            (End::Aside | End::Waiting, _, None) => &mut self.quarantined,
        }
    }

    /// Counts a letter that was not taken in.
    pub fn fail(&mut self, place: String, why: String) {
        self.read += 1;
        self.failed += 1;
        if self.failures.len() < LISTED_MAX {
            self.failures.push(Failure { place, why });
        }
    }

    /// Both together.
    pub fn and(mut self, other: Self) -> Self {
        for (own, others) in self.figures_mut().into_iter().zip(other.figures()) {
            *own += others.1;
        }
        self.failures.extend(other.failures);
        self.failures.truncate(LISTED_MAX);
        self
    }

    fn figures(&self) -> [(&'static str, u64); 10] {
        [
            ("letters read", self.read),
            ("messages of cases", self.messages),
            ("new cases", self.cases),
            ("answers in cases", self.appended),
            ("automatic mails", self.auto_replies),
            ("delivery reports", self.bounces),
            ("junk", self.junk),
            ("in quarantine", self.quarantined),
            ("here before", self.duplicates),
            ("failed", self.failed),
        ]
    }

    fn figures_mut(&mut self) -> [&mut u64; 10] {
        [
            &mut self.read,
            &mut self.messages,
            &mut self.cases,
            &mut self.appended,
            &mut self.auto_replies,
            &mut self.bounces,
            &mut self.junk,
            &mut self.quarantined,
            &mut self.duplicates,
            &mut self.failed,
        ]
    }
}

impl fmt::Display for Summary {
    /// A table, then the failures with their places.
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let lines = self.figures().map(|(name, figure)| format!("{name:<18}{figure:>9}"));
        formatter.write_str(&lines.join("\n"))?;
        for failure in &self.failures {
            write!(formatter, "\n{}: {}", failure.place, failure.why)?;
        }
        let unlisted = self.failed.saturating_sub(self.failures.len() as u64);
        if unlisted > 0 {
            write!(formatter, "\nand {unlisted} more")?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_letter_is_counted_in_one_place() {
        let filed = |is_new, automatic| (End::Filed, None, is_new, automatic);
        let aside = |reason, automatic| (End::Aside, Some(reason), false, automatic);
        for (name, ends) in [
            ("new cases", vec![filed(true, None), filed(true, Some(Automatic::Generated))]),
            ("answers in cases", vec![filed(false, None)]),
            (
                "automatic mails",
                vec![
                    filed(false, Some(Automatic::Reply)),
                    aside("automatic_reply", Some(Automatic::Reply)),
                    aside("list", Some(Automatic::List)),
                    aside("own_loop", Some(Automatic::OwnLoop)),
                ],
            ),
            (
                "delivery reports",
                vec![filed(false, Some(Automatic::Bounce)), aside("bounce", Some(Automatic::Bounce))],
            ),
            ("junk", vec![aside("junk", None), aside("forged", Some(Automatic::Generated))]),
            (
                "in quarantine",
                vec![aside("no_sender", None), aside("unreadable", None), aside("new_reason", None)],
            ),
            ("here before", vec![(End::Duplicate, None, false, Some(Automatic::Bounce))]),
        ] {
            for (end, reason, is_new, automatic) in ends {
                let taken = TakenIn {
                    letter: "1".to_owned(),
                    end,
                    reason: reason.map(str::to_owned),
                    is_new,
                    automatic,
                };
                let mut summary = Summary::default();
                summary.count(&taken);
                let counted = summary.figures().into_iter().skip(2).filter(|(_, figure)| *figure > 0);
                assert_eq!(counted.collect::<Vec<_>>(), [(name, 1)], "{taken:?}");
                assert_eq!((summary.read, summary.messages), (1, summary.cases + summary.appended));
            }
        }
    }

    #[test]
    fn sums_and_failures_are_told() {
        let mut one = Summary::default();
        one.fail("a.mbox, letter 3".to_owned(), "larger than 64 MiB".to_owned());
        let many = (0..1500).fold(Summary::default(), |mut sum, number| {
            sum.fail(format!("{number}.eml"), "empty".to_owned());
            sum
        });
        let sum = one.and(many);
        assert_eq!((sum.read, sum.failed, sum.failures.len()), (1501, 1501, 1000));
        let told = sum.to_string();
        assert!(
            told.contains("\nfailed                 1501\na.mbox, letter 3: larger than 64 MiB\n"),
            "{told}"
        );
        assert!(told.ends_with("and 501 more"), "{told}");
    }
}
