//! Who may do what: the whole matrix at a glance. A change here is a change of policy, and is read as one.

use casework::access::{Wish, allow};
use casework::{Agent, AgentId, BrandId, Case, Refusal, Role, TeamId};

use crate::support::{BRAND, History, LEA, MARC, OLD, OTHER_TEAM, TEAM, march};

/// How somebody stands to the case: a name for it, their teams, who is in charge.
type Standing = (&'static str, Vec<(BrandId, TeamId)>, Option<AgentId>);

fn standings() -> [Standing; 5] {
    [
        ("of its team", vec![(BRAND, TEAM)], None),
        ("in charge", vec![(BRAND, OTHER_TEAM)], Some(LEA)),
        ("of another team", vec![(BRAND, OTHER_TEAM)], Some(MARC)),
        ("of its team's namesake in another brand", vec![(BrandId(2), TEAM)], None),
        ("of no team", vec![], None),
    ]
}

fn line(role: Role, name: &str, agent: &Agent, case: &Case) -> String {
    let wishes = [
        ("see", Wish::SeeCase(case)),
        ("work", Wish::WorkCase(case)),
        ("outbox", Wish::MindOutbox),
        ("letters", Wish::MindLetters),
    ];
    let allowed: Vec<&str> =
        wishes.iter().filter(|(_, wish)| allow(agent, *wish).is_ok()).map(|(name, _)| *name).collect();
    format!(
        "{} {name}: {}",
        role.as_str(),
        if allowed.is_empty() { "nothing".to_owned() } else { allowed.join(", ") }
    )
}

#[test]
fn the_matrix() {
    let mut lines = Vec::new();
    for role in [Role::Agent, Role::Lead, Role::Admin] {
        for (name, teams, assignee) in standings() {
            let agent = Agent { id: LEA, name: "Léa".to_owned(), role, teams };
            let case = Case { assignee, ..History::opened(OLD, march("02T09:00")).case() };
            lines.push(line(role, name, &agent, &case));
        }
    }
    insta::assert_snapshot!(lines.join("\n"), @r"
    agent of its team: see, work
    agent in charge: see, work
    agent of another team: nothing
    agent of its team's namesake in another brand: nothing
    agent of no team: nothing
    lead of its team: see, work, outbox, letters
    lead in charge: see, work, outbox, letters
    lead of another team: outbox, letters
    lead of its team's namesake in another brand: outbox, letters
    lead of no team: outbox, letters
    admin of its team: see, work, outbox, letters
    admin in charge: see, work, outbox, letters
    admin of another team: see, work, outbox, letters
    admin of its team's namesake in another brand: see, work, outbox, letters
    admin of no team: see, work, outbox, letters
    ");
}

#[test]
fn a_refused_wish_says_so() {
    let agent = Agent { id: LEA, name: "Léa".to_owned(), role: Role::Agent, teams: vec![] };
    assert_eq!(allow(&agent, Wish::MindOutbox), Err(Refusal::NotAllowed));
}

#[test]
fn roles_read_back_and_rise() {
    for role in [Role::Agent, Role::Lead, Role::Admin] {
        assert_eq!(Role::parse(role.as_str()), Some(role));
    }
    assert_eq!(Role::parse("root"), None);
    assert!(Role::Agent < Role::Lead && Role::Lead < Role::Admin);
}
