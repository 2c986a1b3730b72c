//! Is it a mail server's report about a mail of ours? What the report says is read in `report`.

use super::super::report::{Author, Story};
use super::Seen;

/// Local parts that only mail servers write from.
const DAEMONS: [&str; 10] = [
    "mailer-daemon",
    "mailerdaemon",
    "mailer_daemon",
    "mailer.daemon",
    "mail-daemon",
    "maildaemon",
    "mailer-deamon",
    "maildeamon",
    "mail.delivery.system",
    "poostmaster",
];

/// Names that only mail servers have, folded.
const DAEMON_NAMES: [&str; 9] = [
    "mailer-daemon",
    "mailer daemon",
    "maildaemon",
    "mail delivery s",
    "mail deliver s",
    "mail delivery agent",
    "systeme de messagerie",
    "systeme de distribution du courrier",
    "mail-subsystem",
];

/// Local parts of servers, and of people who look after them.
const SERVERS: [&str; 12] = [
    "postmaster",
    "post_master",
    "post-master",
    "sysadmin",
    "system",
    "administrator",
    "mailadmin",
    "mail-admin",
    "mailsystem",
    "bounce",
    "bounces",
    "mmdf",
];

/// What mail servers begin the subjects of their reports with, folded.
const REPORT_SUBJECTS: [&str; 65] = [
    "undeliver",
    "permanent delivery",
    "transient delivery",
    "warning: message still",
    "delivery status",
    "delivery notification",
    "delivery failure",
    "delivery failed",
    "delivery has failed",
    "delivery error",
    "delivery delayed",
    "delivery report",
    "delayed:",
    "delayed mail",
    "failed delivery",
    "failed mail",
    "failure delivery",
    "failure notice",
    "failure notification",
    "returned mail",
    "returned to sender",
    "returned message",
    "mail delivery",
    "mail failure",
    "mail delayed",
    "mail could not be delivered",
    "mail not delivered",
    "mail returned",
    "mail system error",
    "message could not be delivered",
    "message delivery",
    "message not delivered",
    "message undeliverable",
    "message delayed",
    "message status - undeliverable",
    "non-delivery",
    "non delivery",
    "nondeliverable",
    "not delivered",
    "email delivery failure",
    "there was an error sending your mail",
    "warning: could not send",
    "warning: message",
    "warning--could not send",
    "warning. mail delayed",
    "warning: mail delayed",
    "[postmaster]",
    "postfix smtp server: errors",
    "non remis",
    "non-remis",
    "remis :",
    "remis:",
    "remise differee",
    "retarde :",
    "retarde:",
    "message non distribu",
    "message non remis",
    "mail non remis",
    "echec de la remise",
    "echec de remise",
    "echec de l'envoi",
    "notification d'etat de remise",
    "avis de non-remise",
    "avis de non remise",
    "notification de non-remise",
];

/// The same in the other languages of Europe, folded.
const FOREIGN_SUBJECTS: [&str; 26] = [
    "unzustellbar",
    "nicht zugestellt",
    "zustellung verzogert",
    "verzogert:",
    "mailzustellung fehlgeschlagen",
    "nachricht nicht zustellbar",
    "ubermittlung fehlgeschlagen",
    "unzustellbare nachricht",
    "no se puede entregar",
    "no se pudo entregar",
    "no entregado",
    "no entregable",
    "devolucion de correo",
    "correo devuelto",
    "non recapitabile",
    "impossibile recapitare",
    "messaggio non recapitabile",
    "mancata consegna",
    "nao e possivel entregar",
    "nao entregue",
    "nao foi possivel entregar",
    "onbestelbaar",
    "niet-bezorgbaar",
    "kan ikke leveres",
    "det gar inte att leverera",
    "niedostarczon",
];

/// Whether a mail server reports. A postmaster may be a person and anybody may write about a returned mail,
/// so that two signs are asked for where none is certain.
pub(super) fn is_bounce(seen: &Seen<'_>) -> bool {
    let other = matches!(seen.report_type.as_deref(), Some("disposition-notification" | "feedback-report"));
    if seen.is_report() && !other || seen.fields.has("X-Failed-Recipients") {
        return true;
    }
    if seen.has_part(|head| head.media_type == "message/delivery-status") && !is_forwarded(seen) {
        return true;
    }
    let local = seen.local();
    let name = seen.name();
    if DAEMONS.contains(&local) || DAEMON_NAMES.iter().any(|daemon| name.starts_with(daemon)) {
        return true;
    }
    let subject = text::fold::folded(&seen.letter.subject);
    let subject = subject.trim_start_matches(['*', ' ']);
    let mut subjects = REPORT_SUBJECTS.iter().chain(&FOREIGN_SUBJECTS);
    let is_about_delivery = subjects.any(|start| subject.starts_with(start));
    let is_server = SERVERS.contains(&local);
    let is_machine = seen.fields.has_null_sender() || seen.fields.says_automatic();
    // Old servers write `From: MAILER-DAEMON` or `From: <>`, which is no address.
    if is_about_delivery && (is_machine || is_server || seen.letter.from.is_none()) {
        return true;
    }
    if matches!(local, "postmaster" | "post_master") && is_machine {
        return true;
    }
    let author = if is_server { Author::Server } else { Author::Program };
    (is_server || is_machine || seen.is_no_reply()) && Story::of(&seen.letter.text).is_report(author)
}

/// A person who passes a report on, as an attachment, still writes a letter.
fn is_forwarded(seen: &Seen<'_>) -> bool {
    let is_machine = seen.fields.has_null_sender() || seen.fields.says_automatic();
    !is_machine && !SERVERS.contains(&seen.local()) && seen.letter.from.is_some()
}
