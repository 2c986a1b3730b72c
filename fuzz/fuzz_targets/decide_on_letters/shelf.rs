//! Cases in memory, kept as a store keeps them, and what is known of them when a letter comes in. The gathering follows
//! `desk::door::intake`; who may be in a case is remembered apart from it, so that the one can be held against the other.

use std::collections::{BTreeMap, BTreeSet};

use calendar::Calendar;
use casework::act::{self, Act, Reach, Situation};
use casework::decision::LetterEnd;
use casework::intake::{self, Known, Letter, Match, Returned};
use casework::proof::Secret;
use casework::write::Words;
use casework::{
    Agent, AgentId, Automatic, BrandId, Case, CaseId, Customer, CustomerId, Decision, Event, Identity,
    IdentityId, Inbound, InboxId, Message, MessageState, Mint, Policy, Purpose, Role, TeamId, fold,
};
use jiff::{SignedDuration, Timestamp};
use uuid::Uuid;

/// Our address.
pub const INBOX: &str = "bonjour@marque.example";
/// By which our own mails are known.
pub const MARK: &str = "mark";
/// Ids looked at of one letter, as the store does.
const KEYS_MAX: usize = 21;
const BRAND: BrandId = BrandId(1);
const TEAM: TeamId = TeamId(Uuid::from_u128(7));

/// Ids that count up; their random bits are the count, spread.
struct Counting(u64);

impl Mint for Counting {
    fn uuid(&mut self) -> Uuid {
        self.0 += 1;
        Uuid::from_u64_pair(1 << 63, self.0)
    }

    fn random(&mut self) -> u128 {
        self.0 += 1;
        u128::from(self.0).wrapping_mul(0x9e37_79b9_7f4a_7c15_f39c_c060_5ced_c835)
    }
}

/// A customer with their one address.
struct Person {
    customer: CustomerId,
    identity: IdentityId,
    address: String,
}

/// Everything kept.
pub struct Shelf {
    mint: Counting,
    now: Timestamp,
    secret: Secret,
    people: Vec<Person>,
    cases: Vec<(Case, Vec<Event>, String)>,
    owners: BTreeMap<CaseId, String>,
    messages: Vec<Message>,
    keys: BTreeMap<String, CaseId>,
    filed: BTreeMap<[u8; 32], CaseId>,
    letters: BTreeSet<Uuid>,
}

impl Shelf {
    pub fn new() -> Self {
        Self {
            mint: Counting(0),
            now: Timestamp::constant(1_772_442_000, 0),
            secret: secret(),
            people: Vec::new(),
            cases: Vec::new(),
            owners: BTreeMap::new(),
            messages: Vec::new(),
            keys: BTreeMap::new(),
            filed: BTreeMap::new(),
            letters: BTreeSet::new(),
        }
    }

    pub fn decide(&mut self, letter: &Letter<'_>, known: &Known) -> Decision {
        intake::decide(letter, known, &mut self.mint, self.now)
    }

    /// Whose case it is, as remembered apart.
    pub fn owner(&self, case: CaseId) -> Option<&str> {
        self.owners.get(&case).map(String::as_str)
    }

    pub fn case(&self, id: CaseId) -> Option<&Case> {
        self.cases.iter().map(|(case, ..)| case).find(|case| case.id == id)
    }

    pub fn signed(&self, place: usize) -> Option<String> {
        let (case, ..) = self.cases.get(place % self.cases.len().max(1))?;
        Some(self.secret.reply_address(INBOX, BRAND, case.id))
    }

    pub fn mail_id(&self, place: usize) -> Option<String> {
        let ours: Vec<&String> = self.ours().filter_map(|message| message.mail_id.as_ref()).collect();
        ours.get(place % ours.len().max(1)).map(|id| (*id).clone())
    }

    fn ours(&self) -> impl Iterator<Item = &Message> {
        self.messages.iter().filter(|message| message.purpose.is_some())
    }

    /// Whether a mail server tells of a mail that we wrote, or writes to a signed address.
    pub fn is_report_of_ours(&self, inbound: &Inbound) -> bool {
        let is_ours = |id: &String| self.ours().any(|message| message.mail_id.as_ref() == Some(id));
        let is_signed = |address: &str| self.secret.case_of_address(address, BRAND).is_some();
        inbound.automatic == Some(Automatic::Bounce)
            && (inbound.answers.first().is_some_and(is_ours)
                || inbound.recipients.iter().any(|to| is_signed(&to.address)))
    }

    pub fn assert_folds(&self) {
        for (case, events, _) in &self.cases {
            assert!(
                fold::fold(BRAND, case.id, events).as_ref() == Some(case),
                "the timeline does not fold into the row"
            );
        }
    }

    /// What is known about a letter.
    pub fn known(&self, inbound: &Inbound, recipient: &str, fingerprint: [u8; 32]) -> Known {
        let address = inbound.from.as_ref().map(|from| from.address.clone()).unwrap_or_default();
        let person = self.people.iter().find(|person| person.address == address);
        let by_address = self.secret.case_of_address(recipient, BRAND);
        let returned = self.returned(inbound, by_address);
        let mut ids: Vec<&String> = Vec::new();
        for id in inbound.message_id.iter().chain(&inbound.answers) {
            if ids.len() < KEYS_MAX && !ids.contains(&id) {
                ids.push(id);
            }
        }
        let is_report = inbound.automatic == Some(Automatic::Bounce);
        let counts =
            |id: &&&String| !is_report || returned.is_some() && inbound.answers.first() == Some(**id);
        let chain = ids.iter().filter(counts).filter_map(|id| self.keys.get(*id).copied());
        let mut matches: Vec<Match> = Vec::new();
        for (id, is_by_address) in
            by_address.map(|case| (case, true)).into_iter().chain(chain.map(|case| (case, false)))
        {
            let Some(case) =
                self.case(id).filter(|case| matches.iter().all(|known| known.case.id != case.id))
            else {
                continue;
            };
            let sender_takes_part = person.is_some_and(|person| self.takes_part(case, person));
            matches.push(Match { case: case.clone(), is_by_address, sender_takes_part });
        }
        let open = self.cases.iter().filter(|(case, ..)| case.is_open() && matches.is_empty());
        let theirs = open.filter(|(case, ..)| person.is_some_and(|person| person.customer == case.customer));
        let duplicate_of = self.filed.get(&fingerprint).copied();
        let knows_own = inbound.message_id.as_ref().is_some_and(|id| self.keys.contains_key(id));
        let free_keys = ids.into_iter().filter(|id| !self.keys.contains_key(*id)).cloned().collect();
        Known {
            brand: BRAND,
            brand_language: "fr".to_owned(),
            inbox: InboxId(Uuid::from_u128(3)),
            host: "marque.example".to_owned(),
            team: TEAM,
            sender: person.map(|person| (customer_of(person), identity_of(person))),
            sender_is_ours: address == INBOX,
            junk_rule: None,
            duplicate_of,
            repeats_id: duplicate_of.is_none() && knows_own,
            returned,
            cited: Vec::new(),
            open_cases: theirs.map(|(case, _, words)| (case.clone(), words.clone())).collect(),
            free_keys,
            automatic_sent: (0, 0),
            policy: Policy::default(),
            calendar: calendar(),
            matches,
        }
    }

    fn takes_part(&self, case: &Case, person: &Person) -> bool {
        let is_in = |message: &Message| message.case == case.id && message.identity == Some(person.identity);
        case.customer == person.customer || self.messages.iter().any(is_in)
    }

    fn returned(&self, inbound: &Inbound, by_address: Option<CaseId>) -> Option<Returned> {
        let is_report = inbound.automatic == Some(Automatic::Bounce);
        let message = match inbound.answers.first().filter(|_| is_report) {
            Some(id) => self.ours().find(|message| message.mail_id.as_ref() == Some(id)),
            None if is_report => self.ours().filter(|message| Some(message.case) == by_address).last(),
            None => None,
        }?;
        let identity = message.identity?;
        let address = self.people.iter().find(|person| person.identity == identity)?.address.clone();
        Some(Returned { message: message.id, state: message.state, identity, address, is_named: true })
    }

    /// Keeps what was decided.
    pub fn keep(&mut self, decision: &Decision, inbound: &Inbound) {
        if let Some(new) = &decision.new_customer {
            let (customer, identity) = (new.id, new.identity);
            self.people.push(Person { customer, identity, address: new.address.clone() });
        }
        if let Some(result) = &decision.letter
            && let LetterEnd::Filed(case, _) = &result.end
        {
            assert!(self.letters.insert(result.letter.0), "a letter was filed twice");
            assert!(self.filed.insert(result.fingerprint, *case).is_none(), "a copy was filed");
            let from = inbound.from.as_ref().map(|from| from.address.clone()).unwrap_or_default();
            self.owners.entry(*case).or_insert(from);
        }
        self.write(decision, &inbound.text);
    }

    fn write(&mut self, decision: &Decision, words: &str) {
        for change in &decision.cases {
            match self.cases.iter_mut().find(|(case, ..)| case.id == change.after.id) {
                Some((case, events, _)) => {
                    assert_eq!(change.before, Some(case.seq));
                    *case = change.after.clone();
                    events.extend(change.events.iter().cloned());
                }
                None => {
                    assert!(change.before.is_none());
                    self.cases.push((change.after.clone(), change.events.clone(), words.to_owned()));
                }
            }
        }
        for key in &decision.thread_keys {
            assert!(self.keys.insert(key.mail_id.clone(), key.case).is_none(), "a key leads to two cases");
        }
        for (id, state, _) in &decision.message_states {
            let message = self.messages.iter_mut().find(|message| message.id == *id);
            let Some(message) = message else { panic!("the state of no message") };
            message.state = *state;
        }
        self.messages.extend(decision.messages.iter().cloned());
        // The next mail server takes everything at once.
        self.messages.iter_mut().filter(|message| message.state == MessageState::Queued).for_each(
            |message| {
                message.state = MessageState::Sent;
            },
        );
    }

    pub fn answer(&mut self, case: usize, waits: bool) {
        self.act(case, &Act::Reply { words: words(), waits });
    }

    pub fn propose(&mut self, case: usize) {
        self.act(case, &Act::Propose(words()));
    }

    pub fn wait(&mut self, hours: i64) {
        self.now = self.now.checked_add(SignedDuration::from_hours(hours)).unwrap_or(self.now);
    }

    fn act(&mut self, place: usize, act: &Act) {
        let Some((case, ..)) = self.cases.get(place % self.cases.len().max(1)) else { return };
        let letters =
            self.messages.iter().filter(|message| message.case == case.id && message.letter.is_some());
        let last = letters.filter(|message| message.automatic.is_none()).last();
        let reach = last.and_then(|message| {
            let answers = message.mail_id.iter().chain(&message.answers).cloned().collect();
            Some(Reach {
                to: message.identity?,
                answers,
                subject: message.subject,
                host: "marque.example".to_owned(),
            })
        });
        let situation = Situation {
            case: case.clone(),
            reach,
            team_members: Vec::new(),
            policy: Policy::default(),
            calendar: calendar(),
        };
        let agent = Agent {
            id: AgentId(Uuid::from_u128(9)),
            name: "Léa".to_owned(),
            role: Role::Agent,
            teams: vec![(BRAND, TEAM)],
        };
        if let Ok(decision) = act::by_agent(&agent, act, &situation, &mut self.mint, self.now) {
            let mails =
                decision.messages.iter().filter(|message| message.purpose != Some(Purpose::Acknowledgement));
            assert_eq!(mails.count(), decision.orders.len());
            self.write(&decision, "");
        }
    }
}

fn secret() -> Secret {
    let Ok(secret) = Secret::new(vec![7; 32]) else { panic!("no secret") };
    secret
}

fn words() -> Words {
    Words { text: "Nous regardons.".to_owned(), html: None }
}

fn calendar() -> Calendar {
    let Ok(calendar) = Calendar::always_open("Europe/Paris") else { panic!("no calendar") };
    calendar
}

fn customer_of(person: &Person) -> Customer {
    Customer { id: person.customer, version: 1, name: None, language: None }
}

fn identity_of(person: &Person) -> Identity {
    Identity {
        id: person.identity,
        customer: person.customer,
        address: person.address.clone(),
        undeliverable_at: None,
    }
}
