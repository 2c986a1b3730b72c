//! What is told by other doors than mail opens a case of its own; what is told to an open one is written down in it.

use casework::act::{self, Act, Call, CustomerAct};
use casework::report::{self, Known, Receipt, Report, Sign, Teller, Whose};
use casework::write::{FILES_MAX, Upload};
use casework::{
    CallResult, Channel, ClockKind, Decision, Direction, FileId, IdentityKind, MessageState, Nature, Policy,
    Refusal, Role, Status,
};
use uuid::Uuid;

use crate::support::{
    ANNE, BRAND, History, INBOX, LEA, OLD, OTHER_TEAM, TEAM, agent, always_open, events_told as told, hours,
    lea, march, mint, situation, words,
};

fn report() -> Report {
    Report {
        channel: Channel::Form,
        subject: String::new(),
        words: words("Mon colis n'est jamais arrivé.\nIl devait venir lundi."),
        nature: Nature::Complaint,
        language: Some("fr".to_owned()),
        received_at: None,
        receipt: Receipt::Sent,
    }
}

fn sign(kind: IdentityKind, address: &str) -> Sign {
    Sign { kind, address: address.to_owned(), known_as: None }
}

fn known(signs: Vec<Sign>) -> Known {
    Known {
        brand: BRAND,
        brand_language: "fr".to_owned(),
        inbox: INBOX,
        host: "marque.example".to_owned(),
        team: TEAM,
        whose: Whose::New(Some("Anne".to_owned())),
        signs,
        open_cases: Vec::new(),
        automatic_sent: (0, 0),
        policy: Policy::default(),
        calendar: always_open(),
    }
}

fn by_mail() -> Vec<Sign> {
    vec![sign(IdentityKind::Phone, "+33612345678"), sign(IdentityKind::Mail, "anne@client.example")]
}

fn opened(report: &Report, teller: &Teller, known: &Known) -> Result<Decision, Refusal> {
    report::open(report, teller, known, ("key", &mut mint()), march("02T12:00"))
}

#[test]
fn a_form_opens_a_case_that_waits_for_a_person() {
    let decision = opened(&report(), &Teller::Customer, &known(by_mail())).unwrap();
    let case = &decision.cases[0].after;
    assert_eq!(told(&decision), "opened, received first, wrote acknowledgement");
    assert_eq!((case.status, case.unanswered_since), (Status::New, Some(march("02T12:00"))));
    assert_eq!(
        decision.contents[0].text, "Mon colis n'est jamais arrivé.",
        "the first words are the subject"
    );
    assert!(decision.new_identities.iter().all(|new| !new.is_proved), "anybody can type an address");
    let message = &decision.messages[0];
    assert_eq!((message.channel, message.state), (Channel::Form, MessageState::Received));
    let mail = decision.new_identities.iter().find(|new| new.kind == IdentityKind::Mail).unwrap();
    assert_eq!(message.identity, Some(mail.id), "answers go to the mail address");
    assert_eq!(decision.thread_keys[0].mail_id, "key", "the same form once more meets this key");
}

#[test]
fn a_receipt_needs_an_address_and_no_flood() {
    let by_phone = known(vec![sign(IdentityKind::Phone, "+33612345678")]);
    assert_eq!(told(&opened(&report(), &Teller::Customer, &by_phone).unwrap()), "opened, received first");
    let flooded = Known { automatic_sent: (5, 5), ..known(by_mail()) };
    let decision = opened(&report(), &Teller::Customer, &flooded).unwrap();
    assert_eq!(told(&decision), "opened, received first, withheld acknowledgement");
    let quiet = Report { receipt: Receipt::None, ..report() };
    assert_eq!(
        told(&opened(&quiet, &Teller::Customer, &known(by_mail())).unwrap()),
        "opened, received first"
    );
}

#[test]
fn nobody_is_taken_in_who_cannot_be_answered_or_says_nothing() {
    let refused = |report: &Report, known: &Known| opened(report, &Teller::Customer, known).unwrap_err();
    assert_eq!(refused(&report(), &known(Vec::new())), Refusal::NoIdentity);
    let silent = Report { words: words("  \n"), ..report() };
    assert_eq!(refused(&silent, &known(by_mail())), Refusal::Empty);
    let upload = |number| Upload {
        id: FileId(Uuid::from_u128(number)),
        name: "photo.jpg".to_owned(),
        media_type: "image/jpeg".to_owned(),
        size_bytes: 10,
    };
    let mut heavy = report();
    heavy.words.files = (0..=FILES_MAX as u128).map(upload).collect();
    assert_eq!(refused(&heavy, &known(by_mail())), Refusal::TooManyFiles);
    heavy.words.files.truncate(2);
    heavy.words.text.clear();
    let decision = opened(&heavy, &Teller::Customer, &known(by_mail())).unwrap();
    let places: Vec<_> = decision.attachments.iter().map(|file| (file.file, file.position)).collect();
    assert_eq!(
        places,
        [(FileId(Uuid::from_u128(0)), 0), (FileId(Uuid::from_u128(1)), 1)],
        "files alone suffice"
    );
}

#[test]
fn a_letter_on_paper_starts_its_clock_on_the_day_it_came() {
    let paper = Report { channel: Channel::Post, received_at: Some(march("01T09:00")), ..report() };
    let decision = opened(&paper, &Teller::Agent(lea()), &known(by_mail())).unwrap();
    let change = &decision.cases[0];
    assert_eq!(change.after.unanswered_since, Some(march("01T09:00")));
    assert_eq!(change.clocks[0].due_at, march("01T09:00") + Policy::default().first_reply);
    assert!(
        decision.new_identities.iter().all(|new| new.is_proved),
        "a conseiller saw the person or the paper"
    );
    for wrong in [march("03T09:00"), march("02T12:00") - hours(24 * 400)] {
        let paper = Report { received_at: Some(wrong), ..paper.clone() };
        let refused = opened(&paper, &Teller::Agent(lea()), &known(by_mail())).unwrap_err();
        assert_eq!(refused, Refusal::NoReceiptDay);
    }
}

#[test]
fn a_conseiller_opens_cases_for_their_own_teams() {
    let stranger = agent(LEA, Role::Lead, &[OTHER_TEAM]);
    let refused = opened(&report(), &Teller::Agent(stranger), &known(by_mail())).unwrap_err();
    assert_eq!(refused, Refusal::NotAllowed);
    let admin = agent(LEA, Role::Admin, &[]);
    assert!(opened(&report(), &Teller::Agent(admin), &known(by_mail())).is_ok());
}

#[test]
fn what_reads_like_an_open_case_is_a_hint_and_never_joins_it() {
    let case = History::opened(OLD, march("02T09:00")).case();
    let alike = Known { open_cases: vec![(case, report().words.text)], ..known(by_mail()) };
    let decision = opened(&report(), &Teller::Customer, &alike).unwrap();
    assert_eq!(told(&decision), "opened, received first, hint alike, wrote acknowledgement");
    assert_ne!(decision.cases[0].after.id, OLD);
}

fn acted(history: &History, act: &Act) -> Result<Decision, Refusal> {
    act::by_agent(&lea(), act, &situation(history.case()), &mut mint(), march("02T12:00"))
}

fn call(direction: Direction, result: CallResult) -> Call {
    Call { direction, result, words: words("Colis retrouvé, livré demain."), call_again_at: None }
}

#[test]
fn only_a_talk_ends_the_waiting() {
    let history = History::opened(OLD, march("02T09:00"));
    let waits_after = |call: Call| {
        let decision = acted(&history, &Act::LogCall(call)).unwrap();
        assert_eq!(decision.messages[0].state, MessageState::Note, "what is noted of a call never leaves");
        decision.cases[0].after.unanswered_since.is_some()
    };
    assert!(!waits_after(call(Direction::Outbound, CallResult::Reached)));
    assert!(!waits_after(call(Direction::Inbound, CallResult::Reached)));
    assert!(waits_after(call(Direction::Outbound, CallResult::Absent)));
    assert!(waits_after(call(Direction::Outbound, CallResult::Voicemail)));
    let silent = Call { words: words(""), ..call(Direction::Outbound, CallResult::Absent) };
    assert!(waits_after(silent));
    let untold = Call { words: words(""), ..call(Direction::Outbound, CallResult::Reached) };
    assert_eq!(acted(&history, &Act::LogCall(untold)), Err(Refusal::Empty), "what was said is written down");
}

#[test]
fn a_call_to_be_made_again_is_a_clock() {
    let history = History::opened(OLD, march("02T09:00"));
    let again = |at| Call { call_again_at: Some(at), ..call(Direction::Outbound, CallResult::Absent) };
    let decision = acted(&history, &Act::LogCall(again(march("02T14:00")))).unwrap();
    let change = &decision.cases[0];
    let clock = change.clocks.iter().find(|clock| clock.kind == ClockKind::CallAgain).unwrap();
    assert_eq!((clock.due_at, change.act_by), (march("02T14:00"), Some(march("02T14:00"))));
    let done = act::by_agent(
        &lea(),
        &Act::LogCall(call(Direction::Outbound, CallResult::Reached)),
        &situation(change.after.clone()),
        &mut mint(),
        march("02T14:00"),
    );
    assert_eq!(done.unwrap().cases[0].after.call_again_at, None, "the call that was made ends it");
    assert_eq!(acted(&history, &Act::LogCall(again(march("02T11:00")))), Err(Refusal::NoCallDate));
}

#[test]
fn a_promise_is_watched_until_it_is_kept() {
    let history = History::opened(OLD, march("02T09:00"));
    let promise = |due_at| Act::Commit { promise: "Remboursement de 49 €".to_owned(), due_at };
    let made = acted(&history, &promise(march("04T12:00"))).unwrap().cases[0].clone();
    assert!(made.clocks.iter().any(|clock| clock.kind == ClockKind::Commitment));
    let [owed] = made.after.commitments[..] else { panic!("one promise") };
    let keep = Act::KeepCommitment(owed.id);
    let kept = act::by_agent(&lea(), &keep, &situation(made.after), &mut mint(), march("03T12:00")).unwrap();
    assert_eq!(kept.cases[0].after.commitments, []);
    assert!(kept.cases[0].clocks.iter().all(|clock| clock.kind != ClockKind::Commitment));
    assert_eq!(acted(&history, &promise(march("02T11:00"))), Err(Refusal::NoDueDate));
}

#[test]
fn more_promises_than_can_be_watched_are_refused() {
    let mut history = History::opened(OLD, march("02T09:00"));
    let mut case = history.case();
    for number in 1..=act::COMMITMENTS_MAX + 1 {
        let due_at = march("02T13:00") + hours(i64::try_from(number).unwrap());
        let act = Act::Commit { promise: "Un geste".to_owned(), due_at };
        let decided = act::by_agent(&lea(), &act, &situation(case.clone()), &mut mint(), march("02T12:00"));
        if number > act::COMMITMENTS_MAX {
            assert_eq!(decided, Err(Refusal::TooManyCommitments));
        } else {
            case = decided.unwrap().cases[0].after.clone();
        }
    }
    history.events.clear();
    assert_eq!(case.commitments.len(), act::COMMITMENTS_MAX);
}

#[test]
fn what_is_written_down_for_a_customer_moves_the_case_like_their_own_letter() {
    let asked = History::opened(OLD, march("02T09:00")).answered(march("02T10:00"));
    let visit =
        |received_at| Act::WriteDown { channel: Channel::Visit, words: words("Toujours rien."), received_at };
    let decision = acted(&asked, &visit(Some(march("02T11:00")))).unwrap();
    let case = &decision.cases[0].after;
    assert_eq!((case.unanswered_since, case.status), (Some(march("02T11:00")), Status::Open));
    assert_eq!(decision.messages[0].author, casework::Actor::Customer(ANNE));
    assert_eq!(acted(&asked, &visit(Some(march("03T11:00")))), Err(Refusal::NoReceiptDay));
}

#[test]
fn revoked_links_raise_the_generation_and_files_alone_may_be_handed_in() {
    let history = History::opened(OLD, march("02T09:00"));
    assert_eq!(acted(&history, &Act::RevokeLinks).unwrap().cases[0].after.link_generation, 1);
    let file = Upload {
        id: FileId(Uuid::from_u128(9)),
        name: "recu.pdf".to_owned(),
        media_type: "application/pdf".to_owned(),
        size_bytes: 12,
    };
    let mut said = words("");
    said.files.push(file);
    let act = CustomerAct::Reopen(Some(said));
    let decision =
        act::by_customer(&act, &situation(history.case()), &mut mint(), march("02T12:00")).unwrap();
    assert_eq!(told(&decision), "received private_link");
    assert_eq!(decision.attachments.len(), 1);
}
