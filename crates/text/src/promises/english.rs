//! How English letters promise, and what only looks like it. Patterns run over folded text, in lower case.

use std::sync::LazyLock;

use regex::Captures;

use super::readers::{date, end_of_month, end_of_week, named_day, part_of_today, weekday};
use super::when::{Day, Unit, When, minute_of, number, number_pattern};
use super::{About, Act, Time, Tongue, any_of, pattern};

/// The language's turns, compiled once.
pub(super) fn tongue() -> &'static Tongue {
    static TONGUE: LazyLock<Tongue> = LazyLock::new(build);
    &TONGUE
}

const ADVERBS: &str = r"(?:(?:also|then|now|personally|of course|certainly|definitely|gladly|be sure to|make sure to|make sure|immediately|automatically|fully|promptly|therefore|still|both|all|always|happily|soon|shortly|in fact|do everything to|not fail to)\s+){0,3}";
/// What the desk does for a customer.
const DO: &str = r"(?:call|ring|phone|e-?mail|write|text|refund|reimburse|re-?send|send|re-?ship|ship|dispatch|re-?deliver|deliver|replace|exchange|repair|fix|credit|pay|transfer|process|cancel|close|get back|come back|be in touch|be in contact|be back|get in touch|keep you|update|contact|reach out|reply|respond|answer|follow up|investigate|look into|look again|arrange|let you know|confirm|resolve|re-?issue|issue|chase|check|review|sort|take care|provide|give you|inform|notify|complete|apply|waive|correct|restore|visit|come|collect|pick up|raise|escalate|have (?:a|an|your|our|the|it|this|someone)|post|reverse|rectify|compensate|install|reconnect|activate|deactivate|reinstate|schedule|book|speak|talk|return|drop|place|put|remove|amend|deal|hand|share|tell you|see to|settle)";
const DOING: &str = r"(?:calling|ringing|phoning|e-?mailing|writing|refunding|sending|re-?sending|shipping|dispatching|delivering|replacing|exchanging|repairing|fixing|crediting|paying|transferring|processing|cancelling|canceling|getting back|coming back|contacting|replying|answering|following up|posting|issuing|visiting|arranging|chasing|reviewing|checking)";
/// What is done to a customer.
const DONE_TO_YOU: &str = r"(?:fully |also |automatically |then )*(?:refunded|contacted|called|credited|reimbursed|informed|notified|updated|compensated|e-?mailed|paid|kept|rung|phoned|reconnected|answered|told|sent|given|issued|visited|charged (?:back|nothing))";
/// What is done to a thing.
const DONE_TO_IT: &str = r"(?:refunded|sent|re-?sent|shipped|re-?shipped|dispatched|delivered|re-?delivered|replaced|exchanged|repaired|fixed|credited|paid|transferred|processed|cancelled|canceled|closed|resolved|issued|re-?issued|reviewed|handled|dealt with|completed|applied|waived|corrected|restored|collected|picked up|posted|reversed|rectified|installed|reconnected|activated|deactivated|reinstated|ready|back|looked into|investigated|answered|settled|made|arranged|released|with you|live|working|available|returned|removed|amended|mailed|e-?mailed|taken care of|treated|booked|scheduled)";
/// What people and things sent by the desk do.
const IT_WILL: &str = r"(?:arrive|reach|leave|ship|appear|show|land|go out|take place|come|follow|start|work|be there|be on (?:its|the) way|go ahead|take effect|end|stop)";

const VOIDS: &[&str] = &[
    r"\b(?:if|unless|provided|providing|subject to|in case|assuming|in the event|on condition|whether)\b",
    r"\b(?:once|when|whenever|as soon as|after|upon|following|on) (?:we|you|i|it|they|your|the|receipt|receiving|it's|we've|you've|return|delivery of)\b[^,;]*\b(?:receiv|receipt|return|arriv|accept|valid|inspect|sign|send|sent|confirm|approv|back with us|paid|provide|complete|get|got|have)",
    r"\b(?:of|from|after|upon|on|following) (?:receipt|receiving|us receiving|the receipt|its receipt|the return|return|the date of receipt|validation|acceptance)\b",
    r"\bshould you\b|\bhad you\b|\bwere you to\b",
    r"\b(?:said|told|promised|assured|claimed|stated|mentioned|advised|informed|announced|wrote|written|explained|pretended)\b(?: (?:me|you|us|him|her|them|that|the customer|clearly|again|already|in|on|by phone|yesterday)\b){0,4}(?: that)? (?:you|we|i|it|they|he|she|your|the|a|my|someone|this|there)\b",
    r"\b(?:you|he|she|they|your \w+|the \w+) (?:say|says|write|writes|think|thinks|believe|believes|claim|claims|mention|mentions|expect|expects|ask|asks|demand|demands|want|wants|hope|hopes)\b",
    r"\b(?:hope|hoping|hopefully|wish|would like|would love|perhaps|maybe|probably|normally|usually|typically|in theory|in principle|i think|i guess|i believe|we believe|we think|presumably|possibly|with luck|all being well|likely|according to (?:you|him|her|them|the|your))\b",
    r"\bso that\b|\bin order (?:to|that)\b|\binstead of\b",
];

const EXCUSED: &[&str] = &[
    r"\beven if\b",
    r"\bas soon as (?:possible|we can|i can|we (?:have|hear|know)|i (?:have|hear|know|get)|we get)\b",
    r"\bas promised\b",
    r"\bas (?:i|we) (?:said|told you|mentioned|promised)\b",
    r"\b(?:feel free|do not hesitate|don't hesitate)[^.]*",
    r"\bif (?:only|need be|possible|necessary)\b",
    r"\bonce (?:again|more)\b",
    r"\bonce and for all\b",
];

fn build() -> Tongue {
    Tongue {
        voids: any_of(VOIDS),
        excused: any_of(EXCUSED),
        breaks: pattern(
            r"[,;:(]\s|\s(?:but|because|however|although|whereas|since) |\s(?:and|then|so) (?:i|we|you|your|a|an|our|the|my|someone|it)\b",
        ),
        denials: pattern(
            r"\b(?:not|never|won't|cannot|can't|unable|no longer|nobody|no one|nothing|none|isn't|aren't|wouldn't|neither|impossible|yesterday|ago|last (?:week|month|year|monday|tuesday|wednesday|thursday|friday|saturday|sunday))\b|\bno (?:refund|reply|call|replacement|technician|delivery|payment|parcel|further|one)\b|\b(?:will|'ll) have (?:been|already|had|seen|noticed)\b|\bmust\b",
        ),
        affirmed: pattern(
            r"\b(?:will not|won't|'ll not|shall not) fail to\b|\bnot only\b|\b(?:do not|don't) (?:worry|hesitate)[^,;.]*|\bno later than\b|\bnot later than\b",
        ),
        others: pattern(
            r"\b(?:courier|carrier|bank|post office|royal mail|dhl|ups|fedex|dpd|hermes|evri|gls|usps|insurer|insurance|ombudsman|mediator|seller|manufacturer|maker|supplier|landlord|solicitor|lawyer|council|court|police|garage|hotel|neighbou?r|husband|wife|son|daughter|doctor|competitor|previous provider|other provider|new provider|paypal|amazon|he|she|they|you|customer|customs|driver's)\b",
        ),
        acts: acts(),
        times: times(),
        about: vec![
            (
                pattern(
                    r"\brefund|\breimburs|\bcredit|\bpay\b|\bpaid\b|\bpayment|\bcompensat|\bmoney\b|\btransfer|\bcheque\b|\bvoucher|\bwaive",
                ),
                About::Refund,
            ),
            (
                pattern(r"\bcancel|\bterminat|\bunsubscri|\bclos(?:e|ed|ing)\b|\bwithdrawal"),
                About::Cancellation,
            ),
            (
                pattern(
                    r"\breplac|\bexchang|\brepair|\bfix|\btechnician|\bengineer|\bvisit|\brestor|\breconnect|\binstall",
                ),
                About::Exchange,
            ),
            (
                pattern(
                    r"\bship|\bparcel|\bsen[dt]|\bre-?sen[dt]|\bdispatch|\bdeliver|\barriv|\border\b|\bpost(?:ed)?\b|\breach you|\bleave our",
                ),
                About::Delivery,
            ),
            (
                pattern(
                    r"\bcall|\bring\b|\bphone|\bcontact|\breply|\brespon|\banswer|\bget back|\bcome back|\btouch|\bupdate|\blet you know|\binform|\bhear\b|\bwrite|\be-?mail|\bnews\b|\bfollow up",
                ),
                About::Contact,
            ),
        ],
    }
}

fn acts() -> Vec<Act> {
    let turn = |text: String, needs_time, names_actor, is_at_once| Act {
        turn: pattern(&text),
        needs_time,
        names_actor,
        is_at_once,
    };
    let subject = r"(?P<who>\b(?:your|the|this|that|a|an|our|its|my|one of|someone|somebody|it|everything|both|these|those|any|all)\b[^,;:.?!]{0,60}?)";
    let will = r"(?:\s?(?:will|'ll|shall)|\s(?:am|are|is) going to|\s?'(?:m|re|s) going to)\s+";
    vec![
        turn(format!(r"\b(?:i|we){will}{ADVERBS}(?:be )?(?:{DO}|{DOING})\b"), false, false, false),
        turn(format!(r"\b(?:i|we)\b[^,;:.?!]{{0,80}}?\band (?P<act>(?:will|shall)\s+{ADVERBS}(?:be )?(?:{DO}|{DOING}))\b"), false, false, false),
        turn(format!(r"\b(?:i|we){will}{ADVERBS}(?:make sure|ensure|see to it)\b"), false, false, false),
        turn(format!(r"\b(?:i|we)(?:\s(?:am|are)|\s?'(?:m|re))\s{ADVERBS}{DOING}\b"), true, false, false),
        turn(r"\b(?:i|we) (?:\w+ )?(?:promise|undertake|commit|guarantee|pledge)(?: you)? (?:to|that)\b".to_owned(), false, false, false),
        turn(r"\blet me (?:\w+ )?(?:call|get back|look into|check|find out|sort)\b".to_owned(), false, false, false),
        turn(format!(r"\byou{will}{ADVERBS}(?:be {DONE_TO_YOU}|receive|get (?:a|an|your|the|our|it|another|news)|have (?:a|an|your|our|the|news|it)\b|hear|see (?:the|your|a) (?:refund|money|credit|payment|amount))\b"), false, false, false),
        turn(format!(r"{subject}{will}{ADVERBS}be (?:\w+ly )?{DONE_TO_IT}\b"), false, true, false),
        turn(format!(r"{subject}{will}{ADVERBS}(?:{IT_WILL}|{DO})\b"), false, true, false),
        turn(format!(r"{subject}\s(?:is|are) (?:now )?(?:due|scheduled|booked|set|planned|arranged)\b"), true, true, false),
        turn(r"\b(?:your|the|this) (?:\w+ ){0,2}?(?:cancellation|termination|withdrawal|unsubscription)(?: request)? is (?:now |hereby |duly )?(?:confirmed|registered|taken into account|recorded|accepted|effective|noted|processed|in place)\b".to_owned(), false, false, true),
        turn(r"^(?:your |a |the )?(?:full )?(?:refund|reply|answer|delivery|callback|call back|replacement|repair)(?: \w+){0,5}?\s(?:within|by|tomorrow|on|before|no later than)\b".to_owned(), true, true, false),
        turn(r"\bexpect (?:a|an|your|our|the|it|to (?:hear|receive))\b".to_owned(), true, false, false),
    ]
}

fn times() -> Vec<Time> {
    let number = number_pattern();
    let day = "monday|tuesday|wednesday|thursday|friday|saturday|sunday";
    let month = "january|february|march|april|may|june|july|august|september|october|november|december|jan|feb|mar|apr|jun|jul|aug|sept|sep|oct|nov|dec";
    let by = r"(?:(?P<before>before )|(?:by|on|no later than|not later than|at the latest on|at the latest by|until|at the latest|from|for) )?(?:the )?";
    let part = r"(?:\s?,?\s?(?:(?P<noon>morning|(?:before |by |at )?(?:noon|midday|lunchtime))|(?P<afternoon>afternoon|(?:by |before )?(?:close of business|cob|end of (?:the )?(?:working|business) day))|(?P<evening>evening|night|end of (?:the )?day)|(?P<until>(?:before|by|at|around|until|between \d{1,2} ?(?:am|pm)? and) (?P<h>\d{1,2})(?:[:.](?P<m>\d\d))? ?(?P<half>a\.?m|p\.?m)?\b)))?(?: at the latest)?";
    let time = |text: String, read: fn(&Captures<'_>) -> Option<When>| Time { turn: pattern(&text), read };
    vec![
        time(format!(r"\b(?P<time>(?:(?:within|in|over|inside|under|no later than|not later than|at most|up to|at the latest)\s+)+(?:a (?:maximum|period|delay) of |a maximum of |less than |the next |the coming |the following |about |around |another )?(?:(?:{number})\s*(?:to|or|-|and)\s*)?(?P<count>{number})\s*(?:more |full )?(?P<sort>working|business|calendar|opening|office|weekday)?\s*(?P<unit>minutes?|mins?|hours?|hrs?|h|days?|weeks?|fortnights?|months?|years?)(?: from now| at the latest| at most)?)\b"), within),
        time(format!(r"\b(?P<time>(?P<count>{number}) (?P<sort>working|business|calendar)?\s*(?P<unit>hours|days?|weeks?|months?) (?:from (?:now|today)|at the latest|maximum|at most))\b"), within),
        time(r"\b(?P<time>(?:within|in) (?:the |a )?(?:next )?(?:(?P<hour>hour)|(?P<fortnight>fortnight)|(?P<week>week)|(?P<month>month)|(?P<daylong>day)))\b".to_owned(), rounded),
        time(format!(r"\b(?P<time>{by}(?:(?:(?P<endofbusiness>close of business|cob|end of business)|(?:the )?end of (?:the )?day|eod|(?P<midday>noon|midday)) (?:on )?)?(?P<day>the day after tomorrow|day after tomorrow|tomorrow|today)\b{part})"), named_day),
        time(format!(r"\b(?P<time>{by}(?:(?:{day}),? )?(?:the )?(?P<date>\d{{1,2}})(?:st|nd|rd|th)?(?: of)? (?P<month>{month})\b\.?,?(?: (?P<year>20\d\d))?{part})"), date),
        time(format!(r"\b(?P<time>{by}(?:(?:{day}),? )?(?P<month>{month})\.? (?:the )?(?P<date>\d{{1,2}})(?:st|nd|rd|th)?\b,?(?: (?P<year>20\d\d))?{part})"), date),
        time(format!(r"\b(?P<time>{by}(?:(?:{day}),? )?(?P<date>\d{{1,2}})/(?P<monthno>\d{{1,2}})(?:/(?P<year>(?:20)?\d\d))?\b{part})"), date),
        time(r"\b(?P<time>(?:by|on|before) the (?P<date>\d{1,2})(?:st|nd|rd|th)\b)".to_owned(), |found| {
            let day = found.name("date")?.as_str().parse().ok().filter(|day| (1..=31).contains(day))?;
            Some(When::on(Day::Date { day, month: None, year: None }))
        }),
        time(format!(r"\b(?P<time>(?:(?P<before>before )|(?:by|on|no later than|until|at the latest on|at the latest by|this|for|from) )*(?:the )?(?:(?:this|coming) )?(?P<next>next )?(?P<weekday>{day})\b{part}(?P<nextweek> (?:of )?next week)?)"), weekday),
        time(r"\b(?P<time>(?:by |before |at |no later than )?(?:the )?end of (?:(?:the|this) )?(?P<next>next )?(?:the )?week)\b".to_owned(), end_of_week),
        time(r"\b(?P<time>(?:by |before )?(?:the )?(?:early|beginning of|start of|early in) (?P<next>next )?week)\b".to_owned(), |found| {
            Some(When::on(Day::EarlyInWeek(u32::from(found.name("next").is_some()))))
        }),
        time(r"\b(?P<time>(?:by |before |at |no later than )?(?:the )?end of (?:(?:the|this) )?(?P<nextmonth>next )?(?:the )?(?:month|(?P<year>year)|(?P<month>january|february|march|april|may|june|july|august|september|october|november|december)))\b".to_owned(), end_of_month),
        time(r"\b(?P<time>(?:by |during |in |before |within |in the course of |later )?(?:(?P<next>next)|this|the coming) week)\b".to_owned(), end_of_week),
        time(r"\b(?P<time>(?:by |during |in |before |within |later )?(?:(?P<nextmonth>next)|this) month)\b".to_owned(), end_of_month),
        time(r"\b(?P<time>(?:by |before |later )?(?:(?P<noon>this morning|noon|midday)|(?P<afternoon>this afternoon|close of business|cob|(?:the )?end of (?:the )?(?:business|working) day)|(?P<evening>this evening|tonight|(?:the )?end of (?:the |to)?(?:day)|eod)))\b".to_owned(), part_of_today),
        time(r"\b(?P<time>(?:by|before|at) (?P<h>\d{1,2})(?:[:.](?P<m>\d\d))? ?(?P<half>a\.?m|p\.?m|o'clock)?(?: today)?)\b".to_owned(), at_hour),
    ]
}

fn within(found: &Captures<'_>) -> Option<When> {
    let count = number(found.name("count")?.as_str())?;
    let sort = found.name("sort").map_or("", |sort| sort.as_str());
    let is_working = matches!(sort, "working" | "business" | "weekday" | "office" | "opening");
    let unit = match found.name("unit")?.as_str() {
        unit if unit.starts_with("min") => Unit::Minutes,
        // "24 working hours" is said of the next working day, not of three days of opening.
        unit if unit.starts_with('h') && is_working && count % 24 == 0 => {
            return Some(When::Within { count: count / 24, unit: Unit::BusinessDays });
        }
        unit if unit.starts_with('h') && is_working => Unit::OpenHours,
        unit if unit.starts_with('h') => Unit::Hours,
        unit if unit.starts_with("day") && is_working => Unit::BusinessDays,
        unit if unit.starts_with("day") => Unit::Days,
        unit if unit.starts_with("week") => Unit::Weeks,
        unit if unit.starts_with("fortnight") => {
            return Some(When::Within { count: count * 2, unit: Unit::Weeks });
        }
        unit if unit.starts_with("month") => Unit::Months,
        _ => Unit::Years,
    };
    Some(When::Within { count, unit })
}

fn rounded(found: &Captures<'_>) -> Option<When> {
    let spans = [
        ("hour", 1, Unit::Hours),
        ("daylong", 1, Unit::Days),
        ("week", 1, Unit::Weeks),
        ("fortnight", 2, Unit::Weeks),
        ("month", 1, Unit::Months),
    ];
    let span = spans.into_iter().find(|(name, _, _)| found.name(name).is_some());
    span.map(|(_, count, unit)| When::Within { count, unit })
}

fn at_hour(found: &Captures<'_>) -> Option<When> {
    // "by 5" is a number of anything; an hour says so.
    found.name("half").or_else(|| found.name("m"))?;
    let half = found.name("half").map(|half| half.as_str()).filter(|half| !half.starts_with('o'));
    let minute = minute_of(found.name("h")?.as_str(), found.name("m").map(|text| text.as_str()), half)?;
    Some(When::Day { day: Day::InDays(0), minute: Some(minute), is_before: false })
}
