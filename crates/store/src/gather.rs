//! One read of what a decision needs to know. Gives facts and the versions they were read at; weighs nothing.

use calendar::Calendar;
use casework::act::{Reach, Situation};
use casework::decision::Once;
use casework::intake::Returned;
use casework::people::{Customer, Identity};
use casework::{
    AgentId, BrandId, Case, CaseId, Channel, CustomerId, IdentityId, IdentityKind, InboxId, MessageState,
    Policy, Reference, TeamId,
};
use jiff::{SignedDuration, Timestamp};

use crate::calendars;
use crate::conn::{Conn, Row, Value, values};
use crate::derived::thread_hash;
use crate::error::StoreError;
use crate::rows::{self, StoredPolicy, case_columns};

/// `Message-ID`s looked up for one letter: its own and the newest it answers. The query below has one place for each.
pub const THREAD_KEYS_MAX: usize = 21;
/// Open cases of a sender that a new letter is compared with.
const OPEN_CASES_MAX: i64 = 20;
/// Signs of one customer that are looked at.
const SIGNS_MAX: i64 = 20;
/// Merges followed from one case to the one that goes on: each is an act of a person.
const MERGES_FOLLOWED_MAX: usize = 8;
/// Members of a team that can be given a case.
const MEMBERS_MAX: i64 = 500;

/// The questions that deciding asks, on a connection that the caller holds: inside a transaction or outside.
pub struct Lookup<'c>(pub &'c mut Conn);

impl Lookup<'_> {
    /// Who has this address.
    pub async fn sender(
        &mut self,
        brand: BrandId,
        address: &str,
    ) -> Result<Option<(Customer, Identity)>, StoreError> {
        let sql = "select c.id as customer_id, c.version, c.name, c.language, i.id as identity_id, i.kind, i.address, \
                   i.undeliverable_at \
                   from identities i join customers c on c.brand_id = i.brand_id and c.id = i.customer_id \
                   where i.brand_id = $1 and i.address = $2";
        self.0.row(sql, values![brand, address]).await?.as_ref().map(rows::customer).transpose()
    }

    /// A customer by id.
    pub async fn customer(
        &mut self,
        brand: BrandId,
        customer: CustomerId,
    ) -> Result<Option<Customer>, StoreError> {
        let sql = "select id, version, name, language from customers where brand_id = $1 and id = $2";
        let row = self.0.row(sql, values![brand, customer]).await?;
        row.map(|row| {
            let (name, language) = (row.get("name")?, row.get("language")?);
            Ok(Customer { id: customer, version: row.get("version")?, name, language })
        })
        .transpose()
    }

    /// The signs that a customer is known by, the first one first.
    pub async fn signs(&mut self, brand: BrandId, customer: CustomerId) -> Result<Vec<Identity>, StoreError> {
        let sql = "select id, kind, address, undeliverable_at from identities \
                   where brand_id = $1 and customer_id = $2 order by created_at, id limit $3";
        let rows = self.0.rows(sql, values![brand, customer, SIGNS_MAX]).await?;
        let sign = |row: &Row| {
            Ok(Identity {
                id: row.id("id")?,
                customer,
                kind: row.word("kind", IdentityKind::parse)?,
                address: row.get("address")?,
                undeliverable_at: row.at_opt("undeliverable_at")?,
            })
        };
        rows.iter().map(sign).collect()
    }

    /// The case in which a letter with this fingerprint is filed.
    pub async fn filed(
        &mut self,
        brand: BrandId,
        fingerprint: [u8; 32],
    ) -> Result<Option<CaseId>, StoreError> {
        let sql = "select case_id from letters where brand_id = $1 and fingerprint = $2 and state = 'filed'";
        self.0.row(sql, values![brand, fingerprint]).await?.map(|row| row.id("case_id")).transpose()
    }

    /// Where each of these `Message-ID`s leads, in the order given; at most [`THREAD_KEYS_MAX`] are asked.
    pub async fn thread(
        &mut self,
        brand: BrandId,
        mail_ids: &[String],
    ) -> Result<Vec<Option<CaseId>>, StoreError> {
        let sql = "select key_hash, case_id from thread_keys where brand_id = $1 and key_hash in ($2, $3, $4, $5, \
                   $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21, $22)";
        let hashes: Vec<Vec<u8>> = mail_ids.iter().take(THREAD_KEYS_MAX).map(|id| thread_hash(id)).collect();
        let mut values = values![brand];
        let padding = std::iter::repeat_n(Vec::new(), THREAD_KEYS_MAX - hashes.len());
        values.extend(hashes.iter().cloned().chain(padding).map(Value::from));
        let found = self.0.rows(sql, values).await?;
        let mut leads = vec![None; hashes.len()];
        for row in &found {
            let hash: Vec<u8> = row.get("key_hash")?;
            for (place, _) in hashes.iter().enumerate().filter(|(_, known)| **known == hash) {
                leads[place] = Some(row.id("case_id")?);
            }
        }
        Ok(leads)
    }

    /// A case by its id.
    pub async fn case(&mut self, brand: BrandId, case: CaseId) -> Result<Option<Case>, StoreError> {
        let sql = concat!("select ", case_columns!(), " from cases c where c.brand_id = $1 and c.id = $2");
        self.0.row(sql, values![brand, case]).await?.as_ref().map(rows::case).transpose()
    }

    /// The case that goes on in place of one that was merged; the case itself otherwise.
    pub async fn home_of(&mut self, case: Case) -> Result<Case, StoreError> {
        let mut case = case;
        for _ in 0..MERGES_FOLLOWED_MAX {
            let Some(next) = case.merged_into else { break };
            let Some(found) = self.case(case.brand, next).await? else { break };
            case = found;
        }
        Ok(case)
    }

    /// A case by the reference people use.
    pub async fn case_by_reference(
        &mut self,
        brand: BrandId,
        reference: &Reference,
    ) -> Result<Option<Case>, StoreError> {
        let sql =
            concat!("select ", case_columns!(), " from cases c where c.brand_id = $1 and c.reference = $2");
        self.0.row(sql, values![brand, reference.as_str()]).await?.as_ref().map(rows::case).transpose()
    }

    /// Whether a customer takes part in a case: it is theirs, or a message of it came from them or went to them.
    /// Only letters with proof ever become messages of a case, so nobody gets in by writing.
    pub async fn takes_part(&mut self, case: &Case, customer: CustomerId) -> Result<bool, StoreError> {
        if case.customer == customer {
            return Ok(true);
        }
        let sql = "select 1 as one from messages m \
                   join identities i on i.brand_id = m.brand_id and i.id = m.identity_id \
                   where m.brand_id = $1 and m.case_id = $2 and i.customer_id = $3 limit 1";
        Ok(self.0.row(sql, values![case.brand, case.id, customer]).await?.is_some())
    }

    /// The mail of ours with this `Message-ID`, if it is in this case.
    pub async fn returned(
        &mut self,
        brand: BrandId,
        case: CaseId,
        mail_id: &str,
    ) -> Result<Option<Returned>, StoreError> {
        let sql = "select m.id, m.state, i.id as identity_id, i.address from messages m \
                   join identities i on i.brand_id = m.brand_id and i.id = m.identity_id \
                   where m.brand_id = $1 and m.case_id = $2 and m.mail_id = $3 and m.purpose is not null \
                   order by m.at, m.id limit 1";
        let row = self.0.row(sql, values![brand, case, mail_id]).await?;
        row.map(|row| returned(&row, true)).transpose()
    }

    /// The last mail of ours in this case, to this address where one went there.
    pub async fn last_sent(
        &mut self,
        brand: BrandId,
        case: CaseId,
        address: &str,
    ) -> Result<Option<Returned>, StoreError> {
        let sql = "select m.id, m.state, i.id as identity_id, i.address from messages m \
                   join identities i on i.brand_id = m.brand_id and i.id = m.identity_id \
                   where m.brand_id = $1 and m.case_id = $2 and m.purpose is not null \
                   order by case when i.address = $3 then 0 else 1 end, m.at desc, m.id desc limit 1";
        let row = self.0.row(sql, values![brand, case, address]).await?;
        row.map(|row| returned(&row, false)).transpose()
    }

    /// The active agent with this address, when they may see something of the brand.
    pub async fn agent_at(&mut self, brand: BrandId, address: &str) -> Result<Option<AgentId>, StoreError> {
        let sql = "select a.id from agents a where a.email = $2 and a.is_active and (a.role = 'admin' or exists \
                   (select 1 from team_members m where m.agent_id = a.id and m.brand_id = $1))";
        self.0.row(sql, values![brand, address]).await?.map(|row| row.id("id")).transpose()
    }

    /// A customer's open cases, newest first, each with the text of its first message.
    pub async fn open_cases(
        &mut self,
        brand: BrandId,
        customer: CustomerId,
    ) -> Result<Vec<(Case, String)>, StoreError> {
        let sql = concat!(
            "select ",
            case_columns!(),
            ", (select t.text from messages m join contents t on t.brand_id = m.brand_id and t.id = m.text_id \
             where m.brand_id = c.brand_id and m.case_id = c.id and m.state = 'received' \
             order by m.at, m.id limit 1) as first_text \
             from cases c where c.brand_id = $1 and c.customer_id = $2 and c.status <> 'closed' \
             order by c.opened_at desc, c.id desc limit $3"
        );
        let rows = self.0.rows(sql, values![brand, customer, OPEN_CASES_MAX]).await?;
        rows.iter()
            .map(|row| Ok((rows::case(row)?, row.get::<Option<String>>("first_text")?.unwrap_or_default())))
            .collect()
    }

    /// How many automatic mails were written to an address in the last hour and in the last day.
    pub async fn automatic_sent(
        &mut self,
        brand: BrandId,
        identity: IdentityId,
        now: Timestamp,
    ) -> Result<(u32, u32), StoreError> {
        let before = |hours| now.checked_sub(SignedDuration::from_hours(hours)).unwrap_or(Timestamp::MIN);
        let sql = "select cast(coalesce(sum(case when at > $3 then 1 else 0 end), 0) as bigint) as hour, \
                   count(*) as day from messages where brand_id = $1 and identity_id = $2 and at > $4 \
                   and purpose in ('acknowledgement', 'reminder', 'link')";
        let row = self.0.row(sql, values![brand, identity, before(1), before(24)]).await?;
        row.map_or(Ok((0, 0)), |row| Ok((row.count("hour")?, row.count("day")?)))
    }

    /// A team's targets and hours.
    pub async fn team_rules(
        &mut self,
        brand: BrandId,
        team: TeamId,
    ) -> Result<(Policy, Calendar), StoreError> {
        let sql = "select policy, calendar from teams where brand_id = $1 and id = $2";
        let row = self.0.row(sql, values![brand, team]).await?.ok_or(StoreError::Corrupt("team"))?;
        let policy: StoredPolicy =
            serde_json::from_str(&row.get::<String>("policy")?).map_err(|_| StoreError::Corrupt("policy"))?;
        Ok((policy.into(), calendars::read(row.get("calendar")?)?))
    }

    /// Whether a brand has this team.
    pub async fn has_team(&mut self, brand: BrandId, team: TeamId) -> Result<bool, StoreError> {
        let sql = "select 1 as one from teams where brand_id = $1 and id = $2";
        Ok(self.0.row(sql, values![brand, team]).await?.is_some())
    }

    /// The agents of a team.
    pub async fn members(&mut self, brand: BrandId, team: TeamId) -> Result<Vec<AgentId>, StoreError> {
        let sql = "select m.agent_id from team_members m join agents a on a.id = m.agent_id \
                   where m.brand_id = $1 and m.team_id = $2 and a.is_active order by m.agent_id limit $3";
        let rows = self.0.rows(sql, values![brand, team, MEMBERS_MAX]).await?;
        rows.iter().map(|row| row.id("agent_id")).collect()
    }

    /// All that an act on a case needs to know. `to_team` is the team an assignment goes to.
    pub async fn situation(&mut self, case: Case, to_team: Option<TeamId>) -> Result<Situation, StoreError> {
        let (brand, team) = (case.brand, to_team.unwrap_or(case.team));
        let (policy, calendar) = self.team_rules(brand, team).await?;
        let team_members = match to_team {
            Some(team) => self.members(brand, team).await?,
            None => Vec::new(),
        };
        let reach = self.reach(&case).await?;
        Ok(Situation { case, reach, team_members, policy, calendar })
    }

    /// How to answer the customer in the thread they wrote in: from the last letter a person wrote,
    /// else to the first address they are known by.
    async fn reach(&mut self, case: &Case) -> Result<Option<Reach>, StoreError> {
        let sql = "select m.identity_id, m.mail_id, m.answers, m.subject_id, x.address as inbox \
                   from messages m join inboxes x on x.brand_id = m.brand_id and x.id = $3 \
                   where m.brand_id = $1 and m.case_id = $2 and m.state = 'received' and m.automatic is null \
                   and m.identity_id is not null and m.letter_id is not null order by m.at desc, m.id desc limit 1";
        let Some(row) = self.0.row(sql, values![case.brand, case.id, case.inbox]).await? else {
            return self.first_address(case).await;
        };
        let older: String = row.get("answers")?;
        let older: Vec<String> = serde_json::from_str(&older).map_err(|_| StoreError::Corrupt("answers"))?;
        let own: Option<String> = row.get("mail_id")?;
        Ok(Some(Reach {
            by: Channel::Mail,
            to: row.id("identity_id")?,
            answers: own.into_iter().chain(older).take(casework::message::REFERENCES_MAX).collect(),
            subject: row.id_opt("subject_id")?,
            host: host_of(&row.get::<String>("inbox")?),
        }))
    }

    async fn first_address(&mut self, case: &Case) -> Result<Option<Reach>, StoreError> {
        // The sign that was given for this case, else the first one the customer is known by; a mail address before others.
        let sql = "select i.id as identity_id, i.kind, x.address as inbox from identities i \
                   join inboxes x on x.brand_id = i.brand_id and x.id = $3 \
                   where i.brand_id = $1 and i.customer_id = $2 \
                   order by case when i.kind = 'mail' then 0 else 1 end, \
                   case when i.id in (select m.identity_id from messages m where m.brand_id = $1 and m.case_id = $4) \
                   then 0 else 1 end, i.created_at, i.id limit 1";
        let row = self.0.row(sql, values![case.brand, case.customer, case.inbox, case.id]).await?;
        row.map(|row| {
            let host = host_of(&row.get::<String>("inbox")?);
            let by = match row.word("kind", IdentityKind::parse)? {
                IdentityKind::Mail => Channel::Mail,
                IdentityKind::Phone | IdentityKind::Reference | IdentityKind::Handle => Channel::Page,
            };
            Ok(Reach { by, to: row.id("identity_id")?, answers: Vec::new(), subject: None, host })
        })
        .transpose()
    }

    /// The team that works an inbox, and the inbox's address.
    pub async fn inbox(
        &mut self,
        brand: BrandId,
        inbox: InboxId,
    ) -> Result<Option<(TeamId, String)>, StoreError> {
        let sql = "select team_id, address from inboxes where brand_id = $1 and id = $2";
        let row = self.0.row(sql, values![brand, inbox]).await?;
        row.map(|row| Ok((row.id("team_id")?, row.get("address")?))).transpose()
    }

    /// Whether an act has been done under this hash.
    pub async fn is_done(&mut self, key: [u8; 32]) -> Result<bool, StoreError> {
        Ok(self.done_before(key).await?.is_some())
    }

    /// What is remembered of an act that has been done under this hash.
    pub async fn done_before(&mut self, key: [u8; 32]) -> Result<Option<Once>, StoreError> {
        let sql = "select asked, receipt from acts_done where key_hash = $1";
        let Some(row) = self.0.row(sql, values![key]).await? else { return Ok(None) };
        let asked: Option<Vec<u8>> = row.get("asked")?;
        let asked = asked.map(<[u8; 32]>::try_from).transpose();
        Ok(Some(Once {
            key,
            asked: asked.map_err(|_| StoreError::Corrupt("act done"))?,
            receipt: row.get("receipt")?,
        }))
    }

    /// The language a brand answers in.
    pub async fn brand_language(&mut self, brand: BrandId) -> Result<Option<String>, StoreError> {
        let sql = "select language from brands where id = $1";
        self.0.row(sql, values![brand]).await?.map(|row| row.get("language")).transpose()
    }

    /// Whether an address is one of our own inboxes or their aliases, of whatever brand.
    pub async fn is_inbox(&mut self, address: &str) -> Result<bool, StoreError> {
        let sql = "select 1 as one from inboxes where address = $1 \
                   union all select 1 as one from inbox_aliases where address = $1";
        Ok(self.0.row(sql, values![address]).await?.is_some())
    }
}

fn host_of(inbox: &str) -> String {
    inbox.rsplit_once('@').map_or(inbox, |(_, host)| host).to_owned()
}

fn returned(row: &Row, is_named: bool) -> Result<Returned, StoreError> {
    Ok(Returned {
        message: row.id("id")?,
        state: row.word("state", MessageState::parse)?,
        identity: row.id("identity_id")?,
        address: row.get("address")?,
        is_named,
    })
}
