//! Lists of cases: one view, one page, paged by key. Only what the agent may see.

use casework::{Agent, BrandId, CaseId, Nature, Reference, Role, Status};
use jiff::Timestamp;
use uuid::Uuid;

use crate::Store;
use crate::conn::{Row, Value, values};
use crate::error::StoreError;
use crate::rows;

/// A list that agents work by.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum View {
    /// Open cases that the agent is in charge of.
    #[default]
    Mine,
    /// Open cases of the agent's teams.
    Team,
    /// Open cases that nobody is in charge of.
    Unassigned,
    /// Cases that wait for the customer or a third party.
    Waiting,
    /// All open cases that the agent may see.
    All,
    /// Closed cases, the last one closed first.
    Closed,
}

/// Where a page begins: after or before a row, by its sort key.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Seek {
    /// The first page.
    Start,
    /// The page after this key.
    After(i64, Uuid),
    /// The page before this key.
    Before(i64, Uuid),
}

/// Which page of which list, for whom.
#[derive(Debug, Clone)]
pub struct ListQuery<'a> {
    /// For whom.
    pub agent: &'a Agent,
    /// The token of a program, where that is not for all of the agent's brands: only those of its brands are listed.
    pub token: Option<[u8; 32]>,
    /// The list.
    pub view: View,
    /// The page.
    pub seek: Seek,
    /// Rows a page, at most 100.
    pub rows_max: u32,
}

/// The words and dates by which a case is recognised.
#[derive(Debug, Clone)]
pub struct CaseHead {
    /// Its brand.
    pub brand: BrandId,
    /// Its id.
    pub id: CaseId,
    /// What people call it.
    pub reference: Reference,
    /// Where it stands.
    pub status: Status,
    /// Its nature.
    pub nature: Nature,
    /// Its subject.
    pub subject: String,
    /// When it was opened.
    pub opened_at: Timestamp,
    /// When it last changed.
    pub changed_at: Timestamp,
    /// When the desk must next act.
    pub act_by: Option<Timestamp>,
    /// Since when the customer waits for an answer.
    pub unanswered_since: Option<Timestamp>,
    /// How it was closed.
    pub closing: Option<casework::Closing>,
    /// When the customer last wrote.
    pub last_inbound_at: Option<Timestamp>,
    /// Since when our last mail is known not to have arrived.
    pub undelivered_at: Option<Timestamp>,
}

/// One row of a list.
#[derive(Debug, Clone)]
pub struct ListRow {
    /// The case.
    pub case: CaseHead,
    /// The customer's name, if they gave one.
    pub customer: Option<String>,
    /// The address they write from.
    pub address: String,
    /// The beginning of the last message, quoted history included.
    pub excerpt: String,
    /// The agent in charge.
    pub assignee: Option<String>,
    /// The sort key, for paging.
    pub key: i64,
}

/// One page of a list.
#[derive(Debug, Clone, Default)]
pub struct ListPage {
    /// The rows, in order.
    pub rows: Vec<ListRow>,
    /// Whether there is a page before.
    pub has_previous: bool,
    /// Whether there is a page after.
    pub has_next: bool,
}

/// How many cases each view holds; counting stops at 1,001.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct ViewCounts {
    /// Mine.
    pub mine: u32,
    /// My teams'.
    pub team: u32,
    /// Nobody's.
    pub unassigned: u32,
    /// Waiting.
    pub waiting: u32,
    /// All.
    pub all: u32,
}

/// What the agent may see: `$1` administrators see everything, `$2` is the agent.
macro_rules! visible {
    () => {
        "($1 or c.assignee_id = $2 or (c.brand_id, c.team_id) in \
         (select brand_id, team_id from team_members where agent_id = $2))"
    };
}
macro_rules! mine {
    () => {
        "c.assignee_id = $2 and c.status <> 'closed'"
    };
}
macro_rules! team {
    () => {
        "c.status <> 'closed' and (c.brand_id, c.team_id) in \
         (select brand_id, team_id from team_members where agent_id = $2)"
    };
}
macro_rules! unassigned {
    () => {
        "c.assignee_id is null and c.status in ('new', 'open')"
    };
}
macro_rules! waiting {
    () => {
        "c.status in ('waiting_customer', 'waiting_third_party', 'resolved')"
    };
}
macro_rules! all {
    () => {
        "c.status <> 'closed'"
    };
}
macro_rules! closed {
    () => {
        "c.status = 'closed'"
    };
}

/// One page in one direction. `$3` and `$4` are the key to start from, `$5` the number of rows, `$6` a
/// token that is for some brands only.
macro_rules! page_sql {
    ($where:expr, $key:literal, $beyond:literal, $order:literal) => {
        concat!(
            "select c.brand_id, c.id, c.reference, c.status, c.nature, c.closing, c.opened_at, c.changed_at, c.act_by, \
             c.unanswered_since, c.last_inbound_at, c.undelivered_at, ",
            $key,
            " as sort_key, s.text as subject, cu.name as customer, a.name as assignee, substr(t.text, 1, 400) as excerpt, \
             (select i.address from identities i where i.brand_id = c.brand_id and i.customer_id = c.customer_id \
             order by i.created_at, i.id limit 1) as address from (select c.* from cases c where ",
            visible!(),
            " and ",
            $where,
            " and ($6 is null or c.brand_id in (select brand_id from api_token_brands where token_hash = $6)) and (",
            $key,
            ", c.id) ",
            $beyond,
            " ($3, $4) order by ",
            $key,
            $order,
            ", c.id",
            $order,
            " limit $5) c left join contents s on s.brand_id = c.brand_id and s.id = c.subject_id \
             left join customers cu on cu.brand_id = c.brand_id and cu.id = c.customer_id \
             left join agents a on a.id = c.assignee_id \
             left join messages m on m.brand_id = c.brand_id and m.id = c.last_message_id \
             left join contents t on t.brand_id = m.brand_id and t.id = m.text_id order by ",
            $key,
            $order,
            ", c.id",
            $order
        )
    };
}

/// Both directions of one view: onward and back.
macro_rules! both {
    ($where:expr, rising $key:literal) => {
        (page_sql!($where, $key, ">", ""), page_sql!($where, $key, "<", " desc"))
    };
    ($where:expr, falling $key:literal) => {
        (page_sql!($where, $key, "<", " desc"), page_sql!($where, $key, ">", ""))
    };
}

impl View {
    /// The statements of this view: the page onward and the page back.
    fn statements(self) -> (&'static str, &'static str) {
        match self {
            Self::Mine => both!(mine!(), rising "c.act_by"),
            Self::Team => both!(team!(), rising "c.act_by"),
            Self::Unassigned => both!(unassigned!(), rising "c.act_by"),
            Self::Waiting => both!(waiting!(), rising "c.act_by"),
            Self::All => both!(all!(), rising "c.act_by"),
            Self::Closed => both!(closed!(), falling "c.changed_at"),
        }
    }

    /// Whether its keys fall from page to page.
    fn is_falling(self) -> bool {
        self == Self::Closed
    }
}

impl Store {
    /// One page of a list, what is most urgent first.
    pub async fn list(&self, query: &ListQuery<'_>) -> Result<ListPage, StoreError> {
        let (onward, back) = query.view.statements();
        let (sql, key, id) = match query.seek {
            Seek::Start if query.view.is_falling() => (onward, i64::MAX, Uuid::max()),
            Seek::Start => (onward, i64::MIN, Uuid::nil()),
            Seek::After(key, id) => (onward, key, id),
            Seek::Before(key, id) => (back, key, id),
        };
        let rows_max = query.rows_max.clamp(1, 100);
        let mut values = seen_by(query.agent);
        values.extend(values![key, id, rows_max + 1, query.token.map(|hash| hash.to_vec())]);
        let rows = self.reader().await?.rows(sql, values).await?;
        let has_more = rows.len() > rows_max as usize;
        let mut rows: Vec<ListRow> =
            rows.iter().take(rows_max as usize).map(list_row).collect::<Result<_, StoreError>>()?;
        let is_back = matches!(query.seek, Seek::Before(..));
        if is_back {
            rows.reverse();
        }
        let is_start = query.seek == Seek::Start;
        Ok(ListPage {
            rows,
            has_previous: if is_back { has_more } else { !is_start },
            has_next: if is_back { true } else { has_more },
        })
    }

    /// How many cases each view holds, in one query.
    pub async fn view_counts(&self, agent: &Agent) -> Result<ViewCounts, StoreError> {
        macro_rules! count {
            ($where:expr) => {
                concat!(
                    "(select count(*) from (select 1 as one from cases c where ",
                    visible!(),
                    " and ",
                    $where,
                    " limit 1001) x)"
                )
            };
        }
        let sql = concat!(
            "select ",
            count!(mine!()),
            " as mine, ",
            count!(team!()),
            " as team, ",
            count!(unassigned!()),
            " as unassigned, ",
            count!(waiting!()),
            " as waiting, ",
            count!(all!()),
            " as all_open"
        );
        let row = self.reader().await?.row(sql, seen_by(agent)).await?;
        row.map_or(Ok(ViewCounts::default()), |row| {
            Ok(ViewCounts {
                mine: row.count("mine")?,
                team: row.count("team")?,
                unassigned: row.count("unassigned")?,
                waiting: row.count("waiting")?,
                all: row.count("all_open")?,
            })
        })
    }

    /// How many cases were opened in each span between two neighbouring instants; at most 31 spans, in one query.
    pub async fn opened_between(&self, agent: &Agent, edges: &[Timestamp]) -> Result<Vec<u32>, StoreError> {
        let Some(last) = edges.iter().take(SPANS.len() + 1).next_back() else { return Ok(Vec::new()) };
        let spans = edges.len().saturating_sub(1).min(SPANS.len());
        let mut values = seen_by(agent);
        // Spans that are not asked for begin and end at the last edge, and so hold nothing.
        values.extend((0..=SPANS.len()).map(|place| Value::from(*edges.get(place).unwrap_or(last))));
        let row = self.reader().await?.row(OPENED_IN_SPANS, values).await?;
        let Some(row) = row else { return Ok(vec![0; spans]) };
        SPANS.iter().take(spans).map(|name| row.count(name)).collect()
    }
}

/// Counts the cases opened between each parameter and the next: each span is a range of the index of openings, so that every
/// case is counted once and none is looked at for the spans that it is not in.
macro_rules! spans {
    ($($from:literal $to:literal $name:literal),* $(,)?) => {
        const SPANS: [&str; 31] = [$($name),*];
        const OPENED_IN_SPANS: &str = concat!(
            "select ",
            $("(select count(*) from cases c where ", visible!(), " and c.opened_at >= $", $from,
            " and c.opened_at < $", $to, ") as ", $name, ", ",)*
            "1 as one"
        );
    };
}
spans!(
    3 4 "n0", 4 5 "n1", 5 6 "n2", 6 7 "n3", 7 8 "n4", 8 9 "n5", 9 10 "n6",
    10 11 "n7", 11 12 "n8", 12 13 "n9", 13 14 "n10", 14 15 "n11", 15 16 "n12", 16 17 "n13",
    17 18 "n14", 18 19 "n15", 19 20 "n16", 20 21 "n17", 21 22 "n18", 22 23 "n19", 23 24 "n20",
    24 25 "n21", 25 26 "n22", 26 27 "n23", 27 28 "n24", 28 29 "n25", 29 30 "n26", 30 31 "n27",
    31 32 "n28", 32 33 "n29", 33 34 "n30",
);

fn seen_by(agent: &Agent) -> Vec<Value> {
    values![agent.role == Role::Admin, agent.id]
}

fn list_row(row: &Row) -> Result<ListRow, StoreError> {
    Ok(ListRow {
        case: head(row)?,
        customer: row.get("customer")?,
        address: row.get::<Option<String>>("address")?.unwrap_or_default(),
        excerpt: row.get::<Option<String>>("excerpt")?.unwrap_or_default(),
        assignee: row.get("assignee")?,
        key: row.get("sort_key")?,
    })
}

/// A case head from the columns of a list.
pub(crate) fn head(row: &Row) -> Result<CaseHead, StoreError> {
    Ok(CaseHead {
        brand: BrandId(row.get("brand_id")?),
        id: row.id("id")?,
        reference: rows::reference(row)?,
        status: row.word("status", Status::parse)?,
        nature: row.word("nature", Nature::parse)?,
        subject: row.get::<Option<String>>("subject")?.unwrap_or_default(),
        opened_at: row.at("opened_at")?,
        changed_at: row.at("changed_at")?,
        act_by: rows::act_by(row)?,
        unanswered_since: row.at_opt("unanswered_since")?,
        closing: row.word_opt("closing", casework::Closing::parse)?,
        last_inbound_at: row.at_opt("last_inbound_at")?,
        undelivered_at: row.at_opt("undelivered_at")?,
    })
}
