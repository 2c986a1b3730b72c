//! One case, one customer: what belongs to them and may be seen, for the same number of queries however long they are.

use casework::act::Act;
use casework::decision::{CaseChange, Pen};
use casework::{Actor, Agent, BrandId, Case, Cause, Decision, Hint, What};
use store::{ListQuery, Seek, View};

use crate::engines::{Place, both};
use crate::fixture::{Desk, START, mail, minute, nobody, opened, words};

both!(
    a_case_costs_the_same_however_long,
    lists_cost_one_query,
    a_customer_page_shows_what_the_agent_may_see,
    other_cases_of_the_customer_are_shown,
    linked_cases_are_shown_as_far_as_they_may_be_seen,
    names_are_those_of_the_brand,
    a_case_is_found_by_its_reference,
    cases_and_timelines_are_given_to_checks,
);

async fn a_case_costs_the_same_however_long(place: &Place) {
    let desk = Desk::new(place).await;
    let case = desk.open_case().await;
    let cost = async |case: Case| {
        let asked = desk.store.queries_run();
        let page = desk.store.case_page(case, Some(&desk.alice)).await.unwrap();
        (page.messages.len(), desk.store.queries_run() - asked)
    };
    let (messages, short) = cost(case.clone()).await;
    assert_eq!(messages, 2);
    for number in 0..48 {
        desk.act(&desk.alice, case.id, Act::Note(words("note")), minute(number)).await.unwrap();
    }
    let case =
        link(&desk, &desk.case(case.id).await, &[desk.open_case().await, desk.open_case().await]).await;
    let (messages, long) = cost(case).await;
    assert_eq!(messages, 50);
    assert_eq!(long, short + 1, "one query for all linked cases");
    assert!(long <= 10, "{long} queries");
}

async fn lists_cost_one_query(place: &Place) {
    let desk = Desk::new(place).await;
    for _ in 0..3 {
        desk.open_case().await;
    }
    let asked = desk.store.queries_run();
    let query =
        ListQuery { agent: &desk.alice, token: None, view: View::All, seek: Seek::Start, rows_max: 50 };
    assert_eq!(desk.store.list(&query).await.unwrap().rows.len(), 3);
    desk.store.view_counts(&desk.alice).await.unwrap();
    assert_eq!(desk.store.queries_run() - asked, 2);
}

/// Records on a case that others may belong with it.
async fn link(desk: &Desk, case: &Case, others: &[Case]) -> Case {
    let mut pen = Pen::on(case.clone(), START, Actor::Desk, Cause::Act);
    for other in others {
        pen.record(What::LinkProposed { other: other.id, hint: Hint::Alike });
    }
    let change: CaseChange = pen.put_down(&casework::Policy::default(), &desk.calendar);
    let after = change.after.clone();
    let mut decision = Decision::empty(desk.brand, START);
    decision.cases.push(change);
    desk.store.commit(decision).await.unwrap();
    after
}

async fn linked_cases_are_shown_as_far_as_they_may_be_seen(place: &Place) {
    let desk = Desk::new(place).await;
    let case = desk.open_case().await;
    let mut others = Vec::new();
    for _ in 0..7 {
        others.push(desk.open_case().await);
    }
    let to_others = Act::Assign { team: desk.other_team, agent: None };
    desk.act(&desk.alice, others[1].id, to_others, START).await.unwrap();
    // Proposed in another order than opened, and some twice.
    let proposed =
        [&others[3], &others[0], &others[1], &others[3], &others[2], &others[4], &others[5], &others[6]];
    let case = link(&desk, &case, &proposed.map(Clone::clone)).await;
    let shown = async |agent: Option<&Agent>| {
        let page = desk.store.case_page(case.clone(), agent).await.unwrap();
        page.linked.into_iter().map(|linked| linked.id).collect::<Vec<_>>()
    };
    let ids = |places: &[usize]| places.iter().map(|place| others[*place].id).collect::<Vec<_>>();
    assert_eq!(shown(Some(&desk.root)).await, ids(&[3, 0, 1, 2, 4]));
    assert_eq!(shown(Some(&desk.alice)).await, ids(&[3, 0, 2, 4]));
    assert_eq!(shown(Some(&desk.bob)).await, ids(&[1]));
    assert_eq!(shown(None).await, []);
}

async fn a_customer_page_shows_what_the_agent_may_see(place: &Place) {
    let desk = Desk::new(place).await;
    let case = desk.open_case().await;
    let page = async |agent| desk.store.customer_page(desk.brand, case.customer, agent).await.unwrap();
    desk.act(&desk.alice, case.id, Act::Note(words("a note is no letter")), START).await.unwrap();
    let seen = page(&desk.alice).await.unwrap();
    assert_eq!((seen.person.id, seen.person.created_at, seen.messages), (case.customer, START, 2));
    assert_eq!(seen.person.name.as_deref(), Some("Luc Martin"));
    assert_eq!(seen.person.identities.len(), 1);
    assert_eq!(seen.cases.iter().map(|case| case.id).collect::<Vec<_>>(), [case.id]);
    assert!(page(&desk.bob).await.is_none());
    assert!(page(&desk.root).await.is_some());
    let nobody = desk.store.customer_page(desk.brand, desk.mint.id(), &desk.root).await.unwrap();
    assert!(nobody.is_none());
    let elsewhere = desk.store.customer_page(BrandId(8), case.customer, &desk.root).await.unwrap();
    assert!(elsewhere.is_none());
}

async fn other_cases_of_the_customer_are_shown(place: &Place) {
    let desk = Desk::new(place).await;
    let mut cases = Vec::new();
    for number in 0..3 {
        let mut letter = mail("luc@exemple.fr", &format!("{number}@exemple.fr"));
        ["ligne coupée", "facture fausse", "colis perdu"][number].clone_into(&mut letter.text);
        letter.body_hash = [u8::try_from(number).unwrap(); 32];
        let decision = desk.receive(letter, minute(i64::try_from(number).unwrap())).await.unwrap();
        cases.push(opened(&decision).after.clone());
    }
    let to_others = Act::Assign { team: desk.other_team, agent: None };
    desk.act(&desk.alice, cases[1].id, to_others, minute(9)).await.unwrap();
    let others = async |agent: Option<&Agent>| {
        let page = desk.store.case_page(cases[0].clone(), agent).await.unwrap();
        page.other_cases.into_iter().map(|case| case.id).collect::<Vec<_>>()
    };
    assert_eq!(others(Some(&desk.root)).await, [cases[2].id, cases[1].id]);
    assert_eq!(others(Some(&desk.alice)).await, [cases[2].id]);
    assert_eq!(others(None).await, []);
}

async fn names_are_those_of_the_brand(place: &Place) {
    let desk = Desk::new(place).await;
    let case = desk.open_case().await;
    let names = desk.store.case_page(case, None).await.unwrap().names;
    assert_eq!(names.agents.len(), 3);
    assert_eq!(names.agents[&desk.bob.id], "Bob");
    let teams = [(desk.other_team, "Facturation".to_owned()), (desk.team, "Service client".to_owned())];
    assert_eq!(names.teams, teams);
    assert_eq!(names.members, [(desk.team, desk.alice.id), (desk.other_team, desk.bob.id)]);
}

async fn a_case_is_found_by_its_reference(place: &Place) {
    let desk = Desk::new(place).await;
    let case = desk.open_case().await;
    let find = async |reference, agent| desk.store.find_case(reference, agent).await.unwrap();
    assert_eq!(find(&case.reference, &desk.alice).await, Some(case.clone()));
    assert_eq!(find(&case.reference, &desk.bob).await, None);
    let stranger = Agent { id: nobody(), teams: Vec::new(), ..desk.alice.clone() };
    assert_eq!(find(&case.reference, &stranger).await, None);
    let unused = casework::Reference::draw(&mut desk.mint.clone());
    assert_eq!(find(&unused, &desk.root).await, None);
}

async fn cases_and_timelines_are_given_to_checks(place: &Place) {
    let desk = Desk::new(place).await;
    let cases = [desk.open_case().await, desk.open_case().await];
    assert_eq!(desk.store.all_cases(10).await.unwrap(), cases);
    assert_eq!(desk.store.all_cases(1).await.unwrap(), cases[..1]);
    assert_eq!(desk.store.case(BrandId(8), cases[0].id).await.unwrap(), None);
    assert_eq!(desk.store.timeline(BrandId(8), cases[0].id).await.unwrap(), []);
    let timeline = desk.store.timeline(desk.brand, cases[0].id).await.unwrap();
    assert!(timeline.iter().map(|event| event.seq).eq(1..=cases[0].seq));
}
