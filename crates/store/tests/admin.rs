//! What an administrator sets up reads back, and a name is taken once.

use casework::{BrandId, Policy, Role};
use jiff::SignedDuration;
use store::{Brand, Inbox, Lookup, StoreError, Team};

use crate::engines::{Place, both};
use crate::fixture::{Desk, START, new_agent};

both!(
    brands_read_back,
    teams_read_back_with_their_rules,
    agents_read_back,
    inboxes_read_back,
    an_agent_joins_a_team_once,
    the_database_is_awake,
);

fn assert_taken<T: std::fmt::Debug>(result: &Result<T, StoreError>) {
    assert!(matches!(result, Err(StoreError::Conflict)), "{result:?}");
}

async fn brands_read_back(place: &Place) {
    let desk = Desk::new(place).await;
    let brand = |id, slug: &str| Brand {
        id: BrandId(id),
        slug: slug.to_owned(),
        name: "Étoile".to_owned(),
        language: "en".to_owned(),
        zone: "Europe/Brussels".to_owned(),
    };
    desk.store.add_brand(brand(3, "etoile")).await.unwrap();
    assert_taken(&desk.store.add_brand(brand(3, "other")).await);
    assert_taken(&desk.store.add_brand(brand(4, "etoile")).await);
    let brands = desk.store.brands().await.unwrap();
    assert_eq!(brands.len(), 2);
    assert_eq!((&brands[0], brands[1].id), (&brand(3, "etoile"), desk.brand));
}

async fn teams_read_back_with_their_rules(place: &Place) {
    let desk = Desk::new(place).await;
    let spec = r#"{"zone": "Europe/Paris", "week": {"monday": ["09:00-12:30", "14:00-18:00"]}, "closures": ["2026-08-14"]}"#;
    let policy = Policy { first_reply: SignedDuration::from_mins(90), ..Policy::default() };
    let team = Team {
        brand: desk.brand,
        id: desk.mint.id(),
        name: "Écoute".to_owned(),
        policy: policy.clone(),
        calendar: serde_json::from_str(spec).unwrap(),
    };
    desk.store.add_team(team.clone()).await.unwrap();
    assert_taken(&desk.store.add_team(Team { id: desk.mint.id(), ..team.clone() }).await);
    assert_taken(&desk.store.add_team(Team { name: "Autre".to_owned(), ..team.clone() }).await);
    desk.store.add_team(Team { brand: BrandId(8), ..team.clone() }).await.unwrap();
    let teams = desk.store.teams().await.unwrap();
    assert!(teams.contains(&(desk.brand, team.id, "Écoute".to_owned())));
    assert_eq!(teams.len(), 4);
    let mut conn = desk.store.reader().await.unwrap();
    let rules = Lookup(&mut conn).team_rules(desk.brand, team.id).await.unwrap();
    assert_eq!(rules, (policy, team.calendar));
    let missing = Lookup(&mut conn).team_rules(desk.brand, desk.mint.id()).await;
    assert!(matches!(missing, Err(StoreError::Corrupt("team"))), "{missing:?}");
}

async fn agents_read_back(place: &Place) {
    let desk = Desk::new(place).await;
    let agents = desk.store.agents().await.unwrap();
    let alice = (desk.alice.id, "alice@lumo.fr".to_owned(), "Alice".to_owned(), Role::Agent);
    assert_eq!((&agents[0], agents.len()), (&alice, 3));
    assert_eq!(agents[2].3, Role::Admin);
    let mut again = new_agent(&desk.alice);
    assert_taken(&desk.store.add_agent(again.clone(), START).await);
    again.id = desk.mint.id();
    assert_taken(&desk.store.add_agent(again, START).await);
}

async fn inboxes_read_back(place: &Place) {
    let desk = Desk::new(place).await;
    let inbox = |address: &str| Inbox {
        brand: desk.brand,
        id: desk.mint.id(),
        address: address.to_owned(),
        name: "Aide".to_owned(),
        team: desk.other_team,
    };
    let aide = inbox("aide@lumo.fr");
    desk.store.add_inbox(aide.clone()).await.unwrap();
    assert_taken(&desk.store.add_inbox(inbox("aide@lumo.fr")).await);
    assert_taken(&desk.store.add_inbox(Inbox { brand: BrandId(8), ..inbox("aide@lumo.fr") }).await);
    let inboxes = desk.store.inboxes().await.unwrap();
    assert_eq!((&inboxes[0], inboxes[1].id, inboxes.len()), (&aide, desk.inbox, 2));
    assert_eq!(desk.store.inbox_at("aide@lumo.fr").await.unwrap(), Some(aide));
    assert_eq!(desk.store.inbox_at("autre@lumo.fr").await.unwrap(), None);
}

async fn an_agent_joins_a_team_once(place: &Place) {
    let desk = Desk::new(place).await;
    for _ in 0..2 {
        desk.store.join_team(desk.alice.id, desk.brand, desk.other_team).await.unwrap();
    }
    let mut conn = desk.store.reader().await.unwrap();
    let mut members = Lookup(&mut conn).members(desk.brand, desk.other_team).await.unwrap();
    members.sort();
    assert_eq!(members, [desk.alice.id, desk.bob.id]);
    assert_eq!(Lookup(&mut conn).members(BrandId(8), desk.other_team).await.unwrap(), []);
}

async fn the_database_is_awake(place: &Place) {
    let desk = Desk::new(place).await;
    desk.store.is_awake().await.unwrap();
    desk.store.close().await;
    assert!(desk.store.is_awake().await.unwrap_err().is_passing());
}
