//! Lists: the rows that a plain filter and sort give, whichever way one pages, on both engines, and never more than
//! the agent may see.

use casework::{Agent, Status};
use jiff::Timestamp;
use store::{ListPage, ListQuery, ListRow, Seek, View, ViewCounts};
use uuid::Uuid;

use crate::bulk::{Plan, Planned};
use crate::engines::{Place, both};
use crate::fixture::{Desk, START, minute};

both!(
    every_view_gives_every_row_once_and_in_order,
    pages_know_whether_there_are_more,
    a_row_tells_what_it_is,
    counts_are_those_of_the_lists_and_stop_at_1001,
    an_agent_sees_the_cases_in_their_charge_and_of_their_teams,
    cases_opened_are_counted_by_span,
    changes_are_told_from_an_instant_on,
);

const VIEWS: [View; 6] = [View::Mine, View::Team, View::Unassigned, View::Waiting, View::All, View::Closed];

/// Cases of every kind; many share their key, so that only the id tells them apart.
fn plans(desk: &Desk, count: usize) -> Vec<Plan> {
    (0..count)
        .map(|number| {
            let minutes = i64::try_from(number).unwrap();
            Plan {
                team: if number % 3 == 0 { desk.other_team } else { desk.team },
                assignee: [None, Some(desk.alice.id), Some(desk.bob.id)][number / 3 % 3],
                status: Status::ALL[number / 7 % Status::ALL.len()],
                act_by: (number % 5 != 0).then(|| minute(minutes % 11)),
                opened_at: minute(minutes),
                changed_at: minute(minutes * 7 % 13),
            }
        })
        .collect()
}

fn sees(agent: &Agent, case: &Planned) -> bool {
    let is_of_team = agent.teams.iter().any(|(_, team)| *team == case.plan.team);
    agent.role == casework::Role::Admin || case.plan.assignee == Some(agent.id) || is_of_team
}

fn is_in(view: View, agent: &Agent, case: &Planned) -> bool {
    let plan = &case.plan;
    let is_open = plan.status != Status::Closed;
    sees(agent, case)
        && match view {
            View::Mine => is_open && plan.assignee == Some(agent.id),
            View::Team => is_open && agent.teams.iter().any(|(_, team)| *team == plan.team),
            View::Unassigned => plan.assignee.is_none() && matches!(plan.status, Status::New | Status::Open),
            View::Waiting => {
                use Status::{Resolved, WaitingCustomer, WaitingThirdParty};
                matches!(plan.status, WaitingCustomer | WaitingThirdParty | Resolved)
            }
            View::All => is_open,
            View::Closed => !is_open,
        }
}

/// What the list must hold, by plain filter and sort.
fn expected(view: View, agent: &Agent, made: &[Planned]) -> Vec<Uuid> {
    let mut found: Vec<&Planned> = made.iter().filter(|case| is_in(view, agent, case)).collect();
    if view == View::Closed {
        found.sort_by_key(|case| std::cmp::Reverse((case.plan.changed_at, case.case.id)));
    } else {
        found.sort_by_key(|case| (case.plan.act_by.unwrap_or(Timestamp::MAX), case.case.id));
    }
    found.into_iter().map(|case| case.case.id.0).collect()
}

async fn page(desk: &Desk, agent: &Agent, view: View, seek: Seek, rows_max: u32) -> ListPage {
    desk.store.list(&ListQuery { agent, token: None, view, seek, rows_max }).await.unwrap()
}

fn seek_after(row: &ListRow) -> Seek {
    Seek::After(row.key, row.case.id.0)
}

fn seek_before(row: &ListRow) -> Seek {
    Seek::Before(row.key, row.case.id.0)
}

/// All rows by paging onward, and all rows but those of the last page by paging back from there.
async fn walk(desk: &Desk, agent: &Agent, view: View, rows_max: u32) -> (Vec<Uuid>, Vec<Uuid>) {
    let (mut onward, mut seek) = (Vec::new(), Seek::Start);
    let last = loop {
        let page = page(desk, agent, view, seek, rows_max).await;
        assert_eq!(page.has_previous, seek != Seek::Start);
        onward.extend(page.rows.iter().map(|row| row.case.id.0));
        assert!(onward.len() <= 1000, "the list does not end");
        match page.rows.last() {
            Some(row) if page.has_next => seek = seek_after(row),
            _ => break page,
        }
    };
    let mut back = Vec::new();
    let Some(mut first) = last.rows.first().cloned() else { return (onward, back) };
    loop {
        let page = page(desk, agent, view, seek_before(&first), rows_max).await;
        assert!(page.has_next);
        let ids: Vec<Uuid> = page.rows.iter().map(|row| row.case.id.0).collect();
        back.splice(0..0, ids);
        assert!(back.len() <= 1000, "the list does not begin");
        match page.rows.first() {
            Some(row) if page.has_previous => first = row.clone(),
            _ => return (onward, back),
        }
    }
}

async fn every_view_gives_every_row_once_and_in_order(place: &Place) {
    let desk = Desk::new(place).await;
    let made = desk.make(plans(&desk, 500)).await;
    for agent in [&desk.alice, &desk.bob, &desk.root] {
        for view in VIEWS {
            let wanted = expected(view, agent, &made);
            for rows_max in [7_u32, 100] {
                let (onward, back) = walk(&desk, agent, view, rows_max).await;
                assert_eq!(onward, wanted, "{view:?} for {}", agent.name);
                let last_page = wanted.len() - back.len();
                assert_eq!(back, wanted[..wanted.len() - last_page], "{view:?} for {}, back", agent.name);
                assert!(last_page <= rows_max as usize);
            }
        }
    }
    assert!(expected(View::All, &desk.root, &made).len() > 400);
    assert!(!expected(View::Mine, &desk.alice, &made).is_empty());
}

async fn pages_know_whether_there_are_more(place: &Place) {
    let desk = Desk::new(place).await;
    let empty = page(&desk, &desk.root, View::All, Seek::Start, 10).await;
    assert!(empty.rows.is_empty() && !empty.has_previous && !empty.has_next);
    let plan = Plan { status: Status::New, ..plans(&desk, 1)[0].clone() };
    desk.make(vec![plan; 4]).await;
    let edges = async |seek, rows_max| {
        let page = page(&desk, &desk.root, View::All, seek, rows_max).await;
        (page.rows.len(), page.has_previous, page.has_next)
    };
    let rows = page(&desk, &desk.root, View::All, Seek::Start, 10).await.rows;
    assert_eq!(edges(Seek::Start, 3).await, (3, false, true));
    assert_eq!(edges(Seek::Start, 4).await, (4, false, false));
    assert_eq!(edges(seek_after(&rows[1]), 2).await, (2, true, false));
    assert_eq!(edges(seek_after(&rows[0]), 2).await, (2, true, true));
    assert_eq!(edges(seek_after(&rows[3]), 2).await, (0, true, false));
    assert_eq!(edges(seek_before(&rows[2]), 2).await, (2, false, true));
    assert_eq!(edges(seek_before(&rows[3]), 2).await, (2, true, true));
    assert_eq!(edges(seek_before(&rows[0]), 2).await, (0, false, true));
    // A page of no rows would never end, and one of very many is no page.
    assert_eq!(edges(Seek::Start, 0).await, (1, false, true));
    desk.make_more(vec![plans(&desk, 1)[0].clone(); 200]).await;
    assert_eq!(edges(Seek::Start, u32::MAX).await, (100, false, true));
}

async fn a_row_tells_what_it_is(place: &Place) {
    let desk = Desk::new(place).await;
    let plan = Plan { assignee: Some(desk.bob.id), status: Status::Open, ..plans(&desk, 2)[1].clone() };
    let made = desk.make(vec![plan.clone()]).await;
    let row = page(&desk, &desk.alice, View::All, Seek::Start, 10).await.rows.remove(0);
    let id = made[0].case.id;
    assert_eq!((row.case.brand, row.case.id), (desk.brand, id));
    assert_eq!(row.case.reference, made[0].case.reference);
    assert_eq!((row.case.status, row.case.nature), (Status::Open, casework::Nature::Complaint));
    assert_eq!(row.case.subject, format!("Sujet {id}"));
    assert_eq!(row.excerpt, format!("Texte {id}"));
    assert_eq!((row.case.opened_at, row.case.changed_at), (plan.opened_at, plan.changed_at));
    assert_eq!((row.case.act_by, row.case.unanswered_since), (plan.act_by, Some(plan.opened_at)));
    assert_eq!(row.case.last_inbound_at, Some(plan.opened_at));
    assert_eq!((row.customer.as_deref(), row.address.as_str()), (Some("Zoé"), "zoe@exemple.fr"));
    assert_eq!(row.assignee.as_deref(), Some("Bob"));
    assert_eq!(Some(row.key), plan.act_by.map(Timestamp::as_microsecond));
}

async fn counts_are_those_of_the_lists_and_stop_at_1001(place: &Place) {
    let desk = Desk::new(place).await;
    let made = desk.make(plans(&desk, 300)).await;
    for agent in [&desk.alice, &desk.bob, &desk.root] {
        let count = |view| u32::try_from(expected(view, agent, &made).len()).unwrap();
        let wanted = ViewCounts {
            mine: count(View::Mine),
            team: count(View::Team),
            unassigned: count(View::Unassigned),
            waiting: count(View::Waiting),
            all: count(View::All),
        };
        assert_eq!(desk.store.view_counts(agent).await.unwrap(), wanted);
    }
    let waiting = Plan { status: Status::Resolved, ..plans(&desk, 1)[0].clone() };
    desk.make_more(vec![waiting; 1100]).await;
    let counts = desk.store.view_counts(&desk.root).await.unwrap();
    assert_eq!((counts.mine, counts.waiting, counts.all), (0, 1001, 1001));
}

async fn an_agent_sees_the_cases_in_their_charge_and_of_their_teams(place: &Place) {
    let desk = Desk::new(place).await;
    let plan = Plan { team: desk.team, assignee: None, status: Status::Open, ..plans(&desk, 1)[0].clone() };
    let in_charge = Plan { assignee: Some(desk.bob.id), ..plan.clone() };
    let made = desk.make(vec![plan, in_charge]).await;
    let see = async |agent: &Agent, view| {
        let page = page(&desk, agent, view, Seek::Start, 10).await;
        page.rows.iter().map(|row| row.case.id).collect::<Vec<_>>()
    };
    assert_eq!(see(&desk.bob, View::All).await, [made[1].case.id]);
    assert_eq!(see(&desk.bob, View::Team).await, []);
    assert_eq!(see(&desk.bob, View::Unassigned).await, []);
    assert_eq!(see(&desk.alice, View::All).await.len(), 2);
    let stranger = Agent { id: crate::fixture::nobody(), teams: Vec::new(), ..desk.bob.clone() };
    for view in VIEWS {
        assert_eq!(see(&stranger, view).await, []);
    }
    assert_eq!(desk.store.view_counts(&stranger).await.unwrap(), ViewCounts::default());
    let find = async |agent| desk.store.find_case(&made[0].case.reference, agent).await.unwrap();
    assert!(find(&desk.bob).await.is_none());
    assert_eq!(find(&desk.alice).await.map(|case| case.id), Some(made[0].case.id));
    assert_eq!(desk.store.opened_between(&stranger, &[START, minute(60)]).await.unwrap(), [0]);
}

async fn cases_opened_are_counted_by_span(place: &Place) {
    let desk = Desk::new(place).await;
    desk.make(plans(&desk, 90)).await;
    let count = async |edges: &[Timestamp]| desk.store.opened_between(&desk.root, edges).await.unwrap();
    assert_eq!(count(&[minute(-5), minute(0), minute(1), minute(31), minute(500)]).await, [0, 1, 30, 59]);
    assert!(count(&[]).await.is_empty());
    assert!(count(&[START]).await.is_empty());
    let edges: Vec<Timestamp> = (0..40).map(|number| minute(number * 2)).collect();
    assert_eq!(count(&edges).await, [2; 31]);
    assert_eq!(count(&edges[..32]).await, [2; 31]);
    let asked = desk.store.queries_run();
    count(&edges).await;
    assert_eq!(desk.store.queries_run() - asked, 1);
}

async fn changes_are_told_from_an_instant_on(place: &Place) {
    let desk = Desk::new(place).await;
    let made = desk.make(plans(&desk, 26)).await;
    let changes = desk.store.changes_since(minute(12)).await.unwrap();
    let mut wanted: Vec<_> = made.iter().filter(|case| case.plan.changed_at == minute(12)).collect();
    wanted.sort_by_key(|case| case.case.id);
    assert_eq!(changes.len(), 2);
    for (change, case) in changes.iter().zip(wanted) {
        assert_eq!((change.brand, change.case, change.seq), (desk.brand, case.case.id, case.case.seq));
        assert_eq!((change.team, change.assignee), (case.plan.team, case.plan.assignee));
        assert_eq!(change.changed_at, minute(12));
    }
    let all = desk.store.changes_since(Timestamp::MIN).await.unwrap();
    assert!(all.len() == 26 && all.is_sorted_by_key(|change| change.changed_at));
    assert!(desk.store.changes_since(minute(13)).await.unwrap().is_empty());
}
