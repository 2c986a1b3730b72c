//! Who is signed in, who is locked out, and who a token acts for.

use casework::Role;
use futures::future::join_all;
use store::NewToken;

use crate::engines::{Place, both};
use crate::fixture::{Desk, minute};

both!(
    a_session_lasts_until_it_ends_or_expires,
    a_new_password_ends_every_session,
    credentials_are_those_of_the_address,
    a_token_acts_until_it_is_revoked,
    a_token_says_for_what_and_for_whom_and_until_when,
    five_failures_lock_a_name_for_fifteen_minutes,
    failures_are_forgotten_after_fifteen_quiet_minutes,
    failures_at_once_are_all_counted,
    success_forgets_failures,
);

const NAME: [u8; 32] = [1; 32];

async fn a_session_lasts_until_it_ends_or_expires(place: &Place) {
    let desk = Desk::new(place).await;
    let begin = async |token: u8, at| {
        let expires_at = minute(at + 60);
        desk.store.begin_session([token; 32], desk.alice.id, minute(at), expires_at).await
    };
    begin(1, 0).await.unwrap();
    let who = async |token: u8, at| desk.store.session([token; 32], minute(at)).await.unwrap();
    assert_eq!(who(1, 59).await, Some(desk.alice.clone()));
    assert_eq!(who(1, 60).await, None);
    assert_eq!(who(2, 0).await, None);
    begin(2, 61).await.unwrap();
    assert_eq!(who(1, 0).await, None, "what has expired is swept away");
    assert_eq!(who(2, 61).await, Some(desk.alice.clone()));
    assert!(begin(2, 61).await.is_err(), "a token is never given out twice");
    desk.store.end_session([2; 32]).await.unwrap();
    assert_eq!(who(2, 61).await, None);
    desk.store.end_session([2; 32]).await.unwrap();
}

async fn a_new_password_ends_every_session(place: &Place) {
    let desk = Desk::new(place).await;
    for (token, agent) in [(1, &desk.alice), (2, &desk.alice), (3, &desk.bob)] {
        desk.store.begin_session([token; 32], agent.id, minute(0), minute(60)).await.unwrap();
    }
    assert!(desk.store.set_password("alice@lumo.fr".to_owned(), "new".to_owned()).await.unwrap());
    let who = async |token: u8| desk.store.session([token; 32], minute(1)).await.unwrap();
    assert_eq!((who(1).await, who(2).await, who(3).await), (None, None, Some(desk.bob.clone())));
    let credentials = desk.store.credentials("alice@lumo.fr").await.unwrap().unwrap();
    assert_eq!(credentials.password_hash, "new");
    assert!(!desk.store.set_password("nobody@lumo.fr".to_owned(), "new".to_owned()).await.unwrap());
}

async fn credentials_are_those_of_the_address(place: &Place) {
    let desk = Desk::new(place).await;
    let credentials = desk.store.credentials("bob@lumo.fr").await.unwrap().unwrap();
    assert_eq!((credentials.agent, credentials.password_hash.as_str()), (desk.bob.id, "secret"));
    assert!(desk.store.credentials("nobody@lumo.fr").await.unwrap().is_none());
}

async fn a_token_acts_until_it_is_revoked(place: &Place) {
    let desk = Desk::new(place).await;
    let add =
        async |token: u8, name: &str| desk.store.add_token(new_token(&desk, token, name), minute(0)).await;
    add(1, "shop").await.unwrap();
    add(2, "erp").await.unwrap();
    assert!(add(3, "shop").await.is_err(), "a name is taken once");
    let who = async |token: u8| {
        let held = desk.store.token([token; 32], minute(1)).await.unwrap();
        held.map(|held| held.agent)
    };
    assert_eq!(who(1).await, Some(desk.root.clone()));
    assert_eq!(who(1).await.unwrap().role, Role::Admin);
    let revoke = async |name: &str| desk.store.revoke_token(name.to_owned(), minute(1)).await.unwrap();
    assert!(revoke("shop").await);
    assert!(!revoke("shop").await && !revoke("other").await);
    assert_eq!((who(1).await, who(2).await, who(3).await), (None, Some(desk.root.clone()), None));
}

fn new_token(desk: &Desk, token: u8, name: &str) -> NewToken {
    NewToken {
        hash: [token; 32],
        name: name.to_owned(),
        agent: desk.root.id,
        scopes: "all".to_owned(),
        brands: None,
        expires_at: None,
        per_minute: None,
    }
}

async fn a_token_says_for_what_and_for_whom_and_until_when(place: &Place) {
    let desk = Desk::new(place).await;
    let limited = NewToken {
        scopes: "cases:read".to_owned(),
        brands: Some(vec![desk.brand]),
        expires_at: Some(minute(10)),
        per_minute: Some(60),
        ..new_token(&desk, 1, "portal")
    };
    desk.store.add_token(limited, minute(0)).await.unwrap();
    desk.store.add_token(new_token(&desk, 2, "erp"), minute(0)).await.unwrap();
    let held = desk.store.token([1; 32], minute(9)).await.unwrap().unwrap();
    assert_eq!(
        (held.scopes.as_str(), held.brands, held.per_minute),
        ("cases:read", Some(vec![desk.brand]), Some(60))
    );
    assert!(desk.store.token([1; 32], minute(10)).await.unwrap().is_none(), "it has expired");
    let held = desk.store.token([2; 32], minute(10)).await.unwrap().unwrap();
    assert_eq!((held.brands, held.per_minute), (None, None));
    let names = async |at| -> Vec<String> {
        desk.store.tokens(minute(at)).await.unwrap().into_iter().map(|token| token.name).collect()
    };
    assert_eq!(
        (names(9).await, names(10).await),
        (vec!["erp".to_owned(), "portal".to_owned()], vec!["erp".to_owned()])
    );
}

async fn fail(desk: &Desk, at: i64) {
    desk.store.count_failure(NAME, minute(at)).await.unwrap();
}

/// Until which minute the name is locked, asked at a minute.
async fn locked(desk: &Desk, at: i64) -> Option<i64> {
    let until = desk.store.locked_until(NAME, minute(at)).await.unwrap();
    until.map(|until| until.duration_since(minute(0)).as_mins())
}

async fn five_failures_lock_a_name_for_fifteen_minutes(place: &Place) {
    let desk = Desk::new(place).await;
    for at in 0..4 {
        fail(&desk, at).await;
        assert_eq!(locked(&desk, at).await, None);
    }
    fail(&desk, 4).await;
    assert_eq!((locked(&desk, 4).await, locked(&desk, 18).await), (Some(19), Some(19)));
    assert_eq!(desk.store.locked_until([2; 32], minute(4)).await.unwrap(), None);
    assert_eq!(locked(&desk, 19).await, None);
    // The lock has ended, and with it the count: one more failure does not lock again.
    fail(&desk, 19).await;
    assert_eq!(locked(&desk, 19).await, None);
}

async fn failures_are_forgotten_after_fifteen_quiet_minutes(place: &Place) {
    let desk = Desk::new(place).await;
    // Patience does not help: fourteen minutes are not quiet enough, however long it takes in all.
    for at in [0, 14, 28, 42] {
        fail(&desk, at).await;
    }
    assert_eq!(locked(&desk, 42).await, None);
    fail(&desk, 57).await;
    assert_eq!(locked(&desk, 57).await, None, "fifteen quiet minutes");
    for at in [60, 61, 62] {
        fail(&desk, at).await;
    }
    assert_eq!(locked(&desk, 62).await, None);
    fail(&desk, 76).await;
    assert_eq!(locked(&desk, 76).await, Some(91));
}

async fn failures_at_once_are_all_counted(place: &Place) {
    let desk = Desk::new(place).await;
    let failures = (0..5).map(|_| fail(&desk, 0));
    join_all(failures).await;
    assert_eq!(locked(&desk, 0).await, Some(15));
}

async fn success_forgets_failures(place: &Place) {
    let desk = Desk::new(place).await;
    for at in 0..4 {
        fail(&desk, at).await;
    }
    desk.store.forget_failures(NAME).await.unwrap();
    for at in 4..8 {
        fail(&desk, at).await;
    }
    assert_eq!(locked(&desk, 8).await, None);
    fail(&desk, 8).await;
    desk.store.forget_failures(NAME).await.unwrap();
    assert_eq!(locked(&desk, 8).await, None);
}
