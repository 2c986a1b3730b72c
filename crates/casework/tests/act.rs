//! What agents do to a case: what each act writes, what it makes of the case, and what it is refused for.

use casework::act::{self, Act, Reach, Situation};
use casework::decision::Lane;
use casework::wording::{LINE_BYTES_MAX, TEXT_BYTES_MAX};
use casework::write::Words;
use casework::{Agent, Case, Closing, Decision, MessageState, Nature, Refusal, Role, Status};

use crate::support::{
    ANNE_MAIL, History, LEA, MARC, OLD, OTHER_TEAM, TEAM, agent, content, events_told, lea, march, mint,
    reach, situation, told, words,
};

fn opened() -> History {
    History::opened(OLD, march("02T09:00"))
}

fn lapsed() -> Case {
    opened().proposed(march("02T10:00")).closed(march("02T11:00"), Closing::Lapsed).case()
}

fn in_charge(case: Case) -> Case {
    Case { assignee: Some(LEA), ..case }
}

fn decided(agent: &Agent, act: &Act, situation: &Situation) -> Result<Decision, Refusal> {
    act::by_agent(agent, act, situation, &mut mint(), march("02T12:00"))
}

#[track_caller]
fn check(case: Case, act: &Act, expected: &str, status: Status) {
    let decision = decided(&lea(), act, &situation(case)).unwrap();
    assert_eq!(told(&decision), expected, "{act:?}");
    assert_eq!(decision.cases[0].after.status, status, "{act:?}");
}

#[track_caller]
fn check_refused(case: Case, act: &Act, expected: Refusal) {
    assert_eq!(decided(&lea(), act, &situation(case)), Err(expected), "{act:?}");
}

fn reply(waits: bool) -> Act {
    Act::Reply { words: words("Nous le cherchons."), waits }
}

fn wait_for(name: &str, chase_at: &str) -> Act {
    Act::WaitForThirdParty { name: name.to_owned(), chase_at: march(chase_at) }
}

fn nature(reason: &str) -> Act {
    Act::ChangeNature { to: Nature::Request, reason: reason.to_owned() }
}

#[test]
fn each_act_writes_what_it_says() {
    let propose = Act::Propose(words("Remboursement."));
    let assign = |team, agent| Act::Assign { team, agent };
    let table = [
        (reply(false), "wrote answer, assigned; order reply", Status::Open),
        (
            reply(true),
            "wrote answer, status waiting_customer, assigned; order reply",
            Status::WaitingCustomer,
        ),
        (propose, "wrote proposal, proposed, assigned; order reply", Status::Resolved),
        (Act::Note(words("Voir avec Chronopost.")), "noted", Status::New),
        (assign(TEAM, Some(MARC)), "assigned", Status::New),
        (assign(OTHER_TEAM, None), "assigned to nobody", Status::New),
        (assign(TEAM, None), "", Status::New),
        (Act::WaitForCustomer, "status waiting_customer", Status::WaitingCustomer),
        (wait_for("Chronopost", "05T09:00"), "status waiting_third_party", Status::WaitingThirdParty),
        (Act::Resume, "status open", Status::Open),
        (nature("simple question"), "nature request", Status::New),
    ];
    for (act, expected, status) in table {
        check(opened().case(), &act, &format!("old: {expected}"), status);
    }
}

#[test]
fn an_answer_goes_to_the_customer_in_their_thread() {
    let rich =
        Words { text: "Bonjour".to_owned(), html: Some("<p>Bonjour</p>".to_owned()), files: Vec::new() };
    let decision =
        decided(&lea(), &Act::Reply { words: rich, waits: true }, &situation(opened().case())).unwrap();
    let [message] = &decision.messages[..] else { panic!("one message") };
    assert_eq!((message.identity, message.state), (Some(ANNE_MAIL), MessageState::Queued));
    assert_eq!(message.author, casework::Actor::Agent(LEA));
    assert_eq!(message.answers, ["first@client.example"]);
    assert!(message.mail_id.as_deref().unwrap().ends_with("@marque.example"));
    assert_eq!((decision.orders[0].message, decision.orders[0].lane), (message.id, Lane::Reply));
    let texts: Vec<&str> = decision.contents.iter().map(|content| content.text.as_str()).collect();
    assert_eq!(texts, ["Bonjour", "<p>Bonjour</p>"]);
    let case = &decision.cases[0].after;
    assert_eq!((case.last_answer_at, case.unanswered_since), (Some(march("02T12:00")), None));
}

#[test]
fn without_a_last_subject_the_cases_own_is_answered() {
    let mut situation = situation(opened().case());
    let subject_of =
        |situation: &Situation| decided(&lea(), &reply(true), situation).unwrap().messages[0].subject;
    let last = content(77);
    situation.reach = Some(Reach { subject: Some(last), ..reach() });
    assert_eq!(subject_of(&situation), Some(last));
    situation.reach = Some(Reach { subject: None, ..reach() });
    assert_eq!(subject_of(&situation), Some(situation.case.subject));
}

#[test]
fn a_note_never_leaves_and_moves_nothing() {
    let before = opened().case();
    let note = Act::Note(words("Entre nous."));
    let decision = decided(&lea(), &note, &situation(before.clone())).unwrap();
    assert!(decision.orders.is_empty() && decision.thread_keys.is_empty());
    assert_eq!(
        (decision.messages[0].state, decision.messages[0].mail_id.clone()),
        (MessageState::Note, None)
    );
    let after = decision.cases[0].after.clone();
    assert_eq!(Case { seq: before.seq, changed_at: before.changed_at, ..after }, before);
}

#[test]
fn empty_and_endless_words_are_refused() {
    let acts = |words: Words| {
        [Act::Reply { words: words.clone(), waits: false }, Act::Propose(words.clone()), Act::Note(words)]
    };
    let long = |bytes| "é".repeat(bytes / 2);
    let html = |bytes| Words { text: "x".to_owned(), html: Some("h".repeat(bytes)), files: Vec::new() };
    for empty in ["", "   ", "\n\t"] {
        for act in acts(words(empty)) {
            check_refused(opened().case(), &act, Refusal::Empty);
        }
    }
    for act in acts(words(&long(TEXT_BYTES_MAX + 2))).iter().chain(&acts(html(4 * TEXT_BYTES_MAX + 1))) {
        assert_eq!(decided(&lea(), act, &situation(opened().case())), Err(Refusal::TooLong));
    }
    for act in acts(words(&long(TEXT_BYTES_MAX))).iter().chain(&acts(html(4 * TEXT_BYTES_MAX))) {
        assert!(decided(&lea(), act, &situation(opened().case())).is_ok(), "the limit itself is allowed");
    }
}

#[test]
fn what_cannot_be_done_is_refused_by_name() {
    let stranger = Act::Assign { team: TEAM, agent: Some(casework::AgentId(uuid::Uuid::from_u128(0xbad))) };
    let table = [
        (stranger, Refusal::NotInTeam),
        (wait_for("", "05T09:00"), Refusal::NoChaseDate),
        (wait_for(" \u{7} \n", "05T09:00"), Refusal::NoChaseDate),
        (wait_for("Chronopost", "02T12:00"), Refusal::NoChaseDate),
        (wait_for("Chronopost", "01T09:00"), Refusal::NoChaseDate),
        (nature(""), Refusal::NoReason),
        (nature(" \r\n "), Refusal::NoReason),
    ];
    for (act, refusal) in table {
        check_refused(opened().case(), &act, refusal);
    }
    let unreachable = Situation { reach: None, ..situation(opened().case()) };
    for act in [reply(false), Act::Propose(words("x"))] {
        assert_eq!(decided(&lea(), &act, &unreachable), Err(Refusal::NoAddress), "{act:?}");
    }
}

#[test]
fn who_may_not_see_a_case_may_not_work_it() {
    let outsider = agent(MARC, Role::Lead, &[OTHER_TEAM]);
    for act in [reply(false), Act::Note(words("x")), Act::Resume, Act::WaitForCustomer, nature("x")] {
        assert_eq!(
            decided(&outsider, &act, &situation(opened().case())),
            Err(Refusal::NotAllowed),
            "{act:?}"
        );
    }
}

#[test]
fn whoever_answers_first_has_the_case_in_charge() {
    let assignee = |agent: &Agent, case| {
        decided(agent, &reply(false), &situation(case)).unwrap().cases[0].after.assignee
    };
    assert_eq!(assignee(&lea(), opened().case()), Some(LEA));
    assert_eq!(
        assignee(&agent(MARC, Role::Agent, &[TEAM]), in_charge(opened().case())),
        Some(LEA),
        "no stealing"
    );
    assert_eq!(
        assignee(&agent(MARC, Role::Admin, &[]), opened().case()),
        None,
        "an administrator only helps out"
    );
}

#[test]
fn waiting_needs_an_open_case() {
    check_refused(lapsed(), &Act::WaitForCustomer, Refusal::Closed);
    check_refused(lapsed(), &wait_for("Chronopost", "05T09:00"), Refusal::Closed);
}

#[test]
fn writing_to_the_customer_of_a_closed_case_opens_it_whole() {
    let propose = Act::Propose(words("Un bon d'achat."));
    for act in [reply(false), reply(true), propose, Act::Resume] {
        let after = decided(&lea(), &act, &situation(lapsed())).unwrap().cases[0].after.clone();
        assert_ne!(after.status, Status::Closed, "{act:?}");
        assert_eq!((after.closing, after.closed_at), (None, None), "{act:?} leaves no trace of the closing");
    }
}

#[test]
fn a_new_proposal_starts_its_own_reminder() {
    let reminded =
        Case { reminded_at: Some(march("02T11:00")), ..opened().proposed(march("02T10:00")).case() };
    let decision = decided(&lea(), &Act::Propose(words("Mieux.")), &situation(reminded)).unwrap();
    let after = &decision.cases[0].after;
    assert_eq!((after.proposed_at, after.reminded_at), (Some(march("02T12:00")), None));
}

#[test]
fn a_case_that_goes_from_team_to_team_is_counted() {
    let to = |team, case: Case| {
        let act = Act::Assign { team, agent: None };
        decided(&agent(LEA, Role::Admin, &[]), &act, &situation(case)).unwrap().cases[0].after.clone()
    };
    let away = to(OTHER_TEAM, in_charge(opened().case()));
    assert_eq!((away.transfers, away.team, away.assignee), (1, OTHER_TEAM, None));
    assert_eq!(to(OTHER_TEAM, away.clone()).transfers, 1, "staying is no transfer");
    assert_eq!(to(TEAM, away).transfers, 2);
}

#[test]
fn a_name_is_one_line_cut_between_letters() {
    let case = opened().case();
    let kept = |name: &str| {
        let decision = decided(&lea(), &wait_for(name, "05T09:00"), &situation(case.clone())).unwrap();
        assert_eq!(events_told(&decision), "status waiting_third_party");
        decision.contents[0].text.clone()
    };
    assert_eq!(kept("  Chrono\r\npost\u{0} "), "Chronopost");
    assert_eq!(kept(&"é".repeat(LINE_BYTES_MAX)), "é".repeat(LINE_BYTES_MAX / 2));
    let odd = format!("x{}", "é".repeat(LINE_BYTES_MAX));
    assert_eq!(kept(&odd).len(), LINE_BYTES_MAX - 1, "never half a letter");
}

#[test]
fn moving_on_forgets_the_third_party() {
    let waiting = decided(&lea(), &wait_for("Chronopost", "05T09:00"), &situation(opened().case())).unwrap();
    let waiting = waiting.cases[0].after.clone();
    assert!(waiting.third_party.is_some() && waiting.chase_at == Some(march("05T09:00")));
    for act in [Act::Resume, Act::WaitForCustomer, Act::Propose(words("x")), reply(true)] {
        let after = decided(&lea(), &act, &situation(waiting.clone())).unwrap().cases[0].after.clone();
        assert_eq!((after.third_party, after.chase_at), (None, None), "{act:?}");
    }
}

#[test]
fn every_refusal_has_its_own_sentence() {
    let all = [
        Refusal::NotAllowed,
        Refusal::Empty,
        Refusal::TooLong,
        Refusal::NoAddress,
        Refusal::Closed,
        Refusal::NothingProposed,
        Refusal::NoChaseDate,
        Refusal::NotInTeam,
        Refusal::NoReason,
    ];
    let keys: std::collections::BTreeSet<_> = all.iter().map(|refusal| refusal.key()).collect();
    assert_eq!(keys.len(), all.len());
    assert!(keys.iter().all(|key| key.starts_with("refusal-")));
}
