//! Many cases at once, as plain rows: for lists, which must not care how a case came to be what it is.

use casework::decision::{CaseChange, ContentKind, Pen};
use casework::decision::{NewCustomer, NewIdentity};
use casework::{
    Actor, AgentId, Case, CaseId, Cause, CustomerId, Decision, Message, MessageId, MessageState, Policy,
    Proof, Reference, Status, TeamId, What,
};
use casework::{IdentityKind, Nature};
use jiff::Timestamp;

use crate::fixture::{Desk, START};

/// Cases written by one decision.
const CASES_PER_COMMIT: usize = 100;

/// What a case is to be.
#[derive(Debug, Clone)]
pub struct Plan {
    /// Its team.
    pub team: TeamId,
    /// Who is in charge.
    pub assignee: Option<AgentId>,
    /// Where it stands.
    pub status: Status,
    /// When the desk must act.
    pub act_by: Option<Timestamp>,
    /// When it was opened.
    pub opened_at: Timestamp,
    /// When it last changed.
    pub changed_at: Timestamp,
}

/// A case as planned, with its row's order key.
#[derive(Debug, Clone)]
pub struct Planned {
    /// The plan.
    pub plan: Plan,
    /// The case.
    pub case: Case,
}

impl Desk {
    /// Makes a case of each plan, all of one customer.
    pub async fn make(&self, plans: Vec<Plan>) -> Vec<Planned> {
        let customer = self.customer("zoe@exemple.fr").await;
        self.make_for(customer, plans).await
    }

    /// Makes more cases, of another customer.
    pub async fn make_more(&self, plans: Vec<Plan>) -> Vec<Planned> {
        let customer = self.customer("yann@exemple.fr").await;
        self.make_for(customer, plans).await
    }

    /// Makes a case of each plan, all of this customer.
    pub async fn make_for(&self, customer: CustomerId, plans: Vec<Plan>) -> Vec<Planned> {
        let mut made = Vec::with_capacity(plans.len());
        for some in plans.chunks(CASES_PER_COMMIT) {
            let mut decision = Decision::empty(self.brand, START);
            for plan in some {
                let change = self.planned(&mut decision, customer, plan);
                made.push(Planned { plan: plan.clone(), case: change.after.clone() });
                decision.cases.push(change);
            }
            self.store.commit(decision).await.unwrap();
        }
        made
    }

    /// A new customer with this address.
    pub async fn customer(&self, address: &str) -> CustomerId {
        let mut decision = Decision::empty(self.brand, START);
        let id = self.mint.id();
        decision.new_customer = Some(NewCustomer { id, name: Some("Zoé".to_owned()), language: None });
        decision.new_identities.push(NewIdentity {
            id: self.mint.id(),
            customer: id,
            kind: IdentityKind::Mail,
            address: address.to_owned(),
            is_proved: true,
        });
        self.store.commit(decision).await.unwrap();
        id
    }

    fn planned(&self, decision: &mut Decision, customer: CustomerId, plan: &Plan) -> CaseChange {
        let mut mint = self.mint.clone();
        let id: CaseId = mint.id();
        let opened = What::Opened {
            reference: Reference::draw(&mut mint),
            nature: Nature::Complaint,
            customer,
            inbox: self.inbox,
            team: plan.team,
            subject: decision.content(id, ContentKind::Subject, format!("Sujet {id}"), &mut mint),
            language: "fr".to_owned(),
        };
        let by = (Actor::Customer(customer), Cause::Act);
        let mut pen = Pen::begin(self.brand, id, plan.opened_at, by, opened).unwrap();
        let message: MessageId = mint.id();
        let text = decision.content(id, ContentKind::Text, format!("Texte {id}"), &mut mint);
        decision.messages.push(received(message, id, plan.opened_at, customer, text));
        pen.record(What::MessageReceived {
            message,
            proof: Proof::First,
            automatic: None,
            received_at: None,
        });
        let mut change = pen.put_down(&Policy::default(), &self.calendar);
        change.after.status = plan.status;
        change.after.assignee = plan.assignee;
        change.after.changed_at = plan.changed_at;
        change.act_by = plan.act_by;
        change
    }
}

fn received(
    id: MessageId,
    case: CaseId,
    at: Timestamp,
    customer: CustomerId,
    text: casework::ContentId,
) -> Message {
    Message {
        id,
        case,
        at,
        author: Actor::Customer(customer),
        channel: casework::Channel::Mail,
        state: MessageState::Received,
        purpose: None,
        identity: None,
        text,
        html: None,
        subject: None,
        files: None,
        letter: None,
        mail_id: None,
        answers: Vec::new(),
        automatic: None,
        sender: casework::SenderProof::Unknown,
        written_at: None,
        has_layout: false,
        reason: None,
    }
}
