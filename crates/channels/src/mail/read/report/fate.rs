//! Failed, delayed or delivered, where no field says it: by the subject up to its first colon, since what follows is
//! often the subject of the returned mail, then by the first sentences.

use casework::inbound::Fate;

use super::phrases::{DELAYED, DELIVERED, GIVEN_UP, has};
use super::story::Story;

/// Beginnings of subjects, folded.
const SUBJECTS_DELAYED: [&str; 15] = [
    "delay",
    "warning",
    "transient",
    "mail delayed",
    "message delayed",
    "delivery delayed",
    "retarde",
    "message retarde",
    "remise differee",
    "verzogert",
    "zustellung verzogert",
    "retrasado",
    "entrega retrasada",
    "ritardo",
    "consegna ritardata",
];
/// Whole subjects up to the colon: longer ones say the opposite as often ("remise impossible").
const SUBJECTS_DELIVERED: [&str; 9] = [
    "delivered",
    "relayed",
    "remis",
    "zugestellt",
    "entregado",
    "recapitato",
    "successful mail delivery report",
    "successful delivery",
    "message delivered",
];

/// What the report tells.
pub(super) fn told(subject: &str, story: &Story<'_>) -> Fate {
    let subject = text::fold::folded(subject);
    let subject = subject.trim_start_matches(['*', ' ', '[']);
    let (start, rest) = subject.split_once(':').unwrap_or((subject, ""));
    let opening = story.opening();
    let is_given_up = has(&GIVEN_UP, &opening);
    let begins = |words: &[&str]| words.iter().any(|word| start.trim().starts_with(word));
    let notice = start.starts_with("delivery status notification").then_some(rest);
    let notice = notice.map(|rest| [start, rest].concat()).unwrap_or_default();
    let is_late = begins(&SUBJECTS_DELAYED)
        || ["(delay)", "warning", "delayed"].iter().any(|word| notice.contains(word));
    let is_done = SUBJECTS_DELIVERED.contains(&start.trim())
        || notice.contains("(success)")
        || notice.contains("(relay)");
    if (is_late || has(&DELAYED, &opening)) && !is_given_up {
        Fate::Delayed
    } else if is_done || has(&DELIVERED, &opening) && !is_given_up {
        Fate::Delivered
    } else {
        Fate::Failed
    }
}
