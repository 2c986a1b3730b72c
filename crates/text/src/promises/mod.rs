//! Promises in what an agent writes: who will do what for the customer, and by when.
//!
//! - what a promise is, and finding them: here
//! - cutting a letter into sentences, without what it quotes: `sentences`
//! - the turns of each language, and their traps: `french`, `english`
//! - what is said about time: `when`, read by `readers`
//!
//! Here: words and their meaning. Not here: calendars and due dates (they need a desk), nor what becomes of a promise.
//!
//! A promise is something that the desk says will happen, in the present or the future: *I call you back tomorrow*,
//! *you will be refunded within five working days*, *the department concerned will contact you*. None is what was done,
//! what somebody else does or said, what hangs on a condition, what is denied, asked, hoped or quoted, nor a general
//! rule. Rules are written out rather than learnt, so that an agent can be told why.

mod english;
mod french;
mod readers;
mod sentences;
mod when;

use std::ops::Range;

use regex::Regex;

pub use when::{Day, Unit, When};

use crate::Language;

/// What was promised.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum About {
    /// Money back, or paid.
    Refund,
    /// A call, a letter, news.
    Contact,
    /// Something sent or brought.
    Delivery,
    /// Another one instead, or a repair.
    Exchange,
    /// A contract or an order ended.
    Cancellation,
    /// Anything else.
    Other,
}

impl About {
    /// The word it is known by.
    pub fn word(self) -> &'static str {
        match self {
            Self::Refund => "refund",
            Self::Contact => "contact",
            Self::Delivery => "delivery",
            Self::Exchange => "exchange",
            Self::Cancellation => "cancellation",
            Self::Other => "other",
        }
    }
}

/// One promise.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Promise {
    /// Where its words stand in the text, in bytes.
    pub span: Range<usize>,
    /// What was promised.
    pub about: About,
    /// By when.
    pub when: When,
}

/// A text is read no further than this, in bytes.
const BYTES_MAX: usize = 64 * 1024;
/// At most this many promises are told of one text.
const PROMISES_MAX: usize = 30;

/// The promises in a text written in `language`, in their order. Languages without rules have none.
pub fn find(text: &str, language: Language) -> Vec<Promise> {
    let tongue = match language {
        Language::French => french::tongue(),
        Language::English => english::tongue(),
        Language::Other(_) => return Vec::new(),
    };
    let mut found = Vec::new();
    for sentence in sentences::of(text, BYTES_MAX) {
        found.extend(in_sentence(tongue, &sentence));
        if found.len() >= PROMISES_MAX {
            break;
        }
    }
    found.truncate(PROMISES_MAX);
    found
}

/// How a language says it.
struct Tongue {
    /// A sentence with this in it promises nothing: conditions, hopes, what others said.
    voids: Regex,
    /// What looks like one of these and is none; taken out before the sentence is held against them.
    excused: Regex,
    /// Where one clause ends and the next begins.
    breaks: Regex,
    /// A clause with this in it is denied or long past.
    denials: Regex,
    /// What looks like a denial and is none.
    affirmed: Regex,
    /// Somebody else does it, if one of these is who acts.
    others: Regex,
    acts: Vec<Act>,
    times: Vec<Time>,
    about: Vec<(Regex, About)>,
}

/// A turn that promises.
struct Act {
    turn: Regex,
    /// The turn is a promise only together with a time: "I send it" alone is said while doing it.
    needs_time: bool,
    /// Whoever acts is named in the group `who`, and may be somebody else.
    names_actor: bool,
    /// What it says takes effect by itself: by the end of the next working day.
    is_at_once: bool,
}

/// A turn that says when.
struct Time {
    turn: Regex,
    read: fn(&regex::Captures<'_>) -> Option<When>,
}

fn in_sentence(tongue: &Tongue, sentence: &sentences::Sentence) -> Vec<Promise> {
    let words = sentence.folded.as_str();
    if sentence.is_question || tongue.voids.is_match(&tongue.excused.replace_all(words, " ")) {
        return Vec::new();
    }
    let times = times_in(tongue, words);
    let clauses: Vec<Clause<'_>> = clauses(tongue, words)
        .into_iter()
        .map(|range| Clause { act: act_in(tongue, words, &range), range })
        .collect();
    let mut taken = Vec::new();
    let mut promises = Vec::new();
    for clause in &clauses {
        let Some((act, place)) = &clause.act else { continue };
        let time = nearest_time(&times, clause, &clauses, &taken);
        let when = match time {
            Some((_, when)) => *when,
            None if act.is_at_once => When::Within { count: 1, unit: Unit::BusinessDays },
            None if act.needs_time => continue,
            None => When::Undated,
        };
        let span = match time {
            Some((time, _)) => place.start.min(time.start)..place.end.max(time.end),
            None => place.start..clause.range.end.max(place.end),
        };
        taken.extend(time.map(|(time, _)| time.start));
        let about = about(tongue, &words[clause.range.start..span.end.max(clause.range.end)]);
        promises.push(Promise { span: sentence.origin(span), about, when });
    }
    // "We cancel the order and refund you within a week": the date is that of both, and one promise tells it.
    let last_dated = promises.iter().rposition(|promise| promise.when != When::Undated).unwrap_or(0);
    let told = |(place, promise): &(usize, Promise)| *place >= last_dated || promise.when != When::Undated;
    promises.into_iter().enumerate().filter(told).map(|(_, promise)| promise).collect()
}

/// A part of a sentence, with what it promises.
struct Clause<'a> {
    range: Range<usize>,
    act: Option<(&'a Act, Range<usize>)>,
}

/// The clauses of a sentence.
fn clauses(tongue: &Tongue, words: &str) -> Vec<Range<usize>> {
    let mut clauses = Vec::new();
    let mut start = 0;
    for cut in tongue.breaks.find_iter(words) {
        clauses.push(start..cut.start());
        start = cut.start();
    }
    clauses.push(start..words.len());
    clauses
}

/// The first turn in a clause that promises.
fn act_in<'a>(tongue: &'a Tongue, words: &str, clause: &Range<usize>) -> Option<(&'a Act, Range<usize>)> {
    let part = &words[clause.clone()];
    let denied = tongue.denials.is_match(&tongue.affirmed.replace_all(part, " "));
    if denied {
        return None;
    }
    let mut first: Option<(&Act, Range<usize>)> = None;
    for act in &tongue.acts {
        let Some(found) = act.turn.captures(part) else { continue };
        let is_others =
            act.names_actor && found.name("who").is_some_and(|who| tongue.others.is_match(who.as_str()));
        if is_others {
            continue;
        }
        let whole = found.name("act").or_else(|| found.get(0))?;
        let place = clause.start + whole.start()..clause.start + whole.end();
        if first.as_ref().is_none_or(|(_, earlier)| place.start < earlier.start) {
            first = Some((act, place));
        }
    }
    first
}

/// Every time that a sentence names, longest first where two overlap.
fn times_in(tongue: &Tongue, words: &str) -> Vec<(Range<usize>, When)> {
    let mut times: Vec<(Range<usize>, When)> = Vec::new();
    for time in &tongue.times {
        for found in time.turn.captures_iter(words) {
            let Some(whole) = found.name("time").or_else(|| found.get(0)) else { continue };
            let range = whole.start()..whole.end();
            let is_taken = times.iter().any(|(taken, _)| taken.start < range.end && range.start < taken.end);
            // "Your letter of 2 March" says when something was, not when something will be.
            let is_past = |when: &When| {
                let before =
                    words[..range.start].trim_end().rsplit(|letter: char| !letter.is_alphanumeric()).next();
                matches!(when, When::Day { .. }) && before.is_some_and(|word| OF.contains(&word))
            };
            if let Some(when) = (time.read)(&found).filter(|when| !is_taken && !is_past(when)) {
                times.push((range, when));
            }
        }
    }
    times.sort_by_key(|(range, _)| range.start);
    times
}

/// Before a day, these say that it belongs to something else: *votre courrier du 2 mars*, *the parcel of 2 March*.
const OF: [&str; 9] = ["of", "dated", "since", "du", "de", "des", "depuis", "date", "datee"];

/// The time that goes with what a clause promises: one of its own, else one of a clause that promises nothing; the next
/// one after the act rather than one before it.
fn nearest_time<'a>(
    times: &'a [(Range<usize>, When)],
    clause: &Clause<'_>,
    clauses: &[Clause<'_>],
    taken: &[usize],
) -> Option<&'a (Range<usize>, When)> {
    let act = &clause.act.as_ref()?.1;
    let holds = |range: &Range<usize>, start: usize| range.start <= start && start < range.end;
    let is_open = |start: usize| {
        let of_another = clauses.iter().filter(|other| other.range != clause.range && other.act.is_some());
        of_another.into_iter().all(|other| !holds(&other.range, start))
    };
    let free = times.iter().filter(|(time, _)| is_open(time.start) && !taken.contains(&time.start));
    let (mut after, before): (Vec<_>, Vec<_>) = free.partition(|(time, _)| time.end > act.start);
    after.sort_by_key(|(time, _)| !holds(&clause.range, time.start));
    after.first().or(before.last()).copied()
}

fn about(tongue: &Tongue, words: &str) -> About {
    tongue.about.iter().find(|(turn, _)| turn.is_match(words)).map_or(About::Other, |(_, about)| *about)
}

/// A pattern that holds where one of several does.
fn any_of(texts: &[&str]) -> Regex {
    pattern(&texts.join("|"))
}

/// A pattern over folded text. The patterns are constants of this room, and a test builds them all.
fn pattern(text: &str) -> Regex {
    #[allow(clippy::expect_used, reason = "each pattern is a constant that the tests of this room compile")]
    Regex::new(text).expect("a pattern of this room is well formed")
}
