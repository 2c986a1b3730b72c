//! Mail accounts: one reader at a time, and how far it has read is kept together with its letters, or not at all.

use casework::InboxId;
use jiff::Timestamp;
use store::{AfterReading, Connection, Grant, Lease, NewAccount, NewLetter, OwnSmtp, StoreError, Upto};
use uuid::Uuid;

use crate::engines::{Place, both, only_postgres, only_sqlite};
use crate::fixture::{Desk, START, minute};

both!(
    an_account_is_kept_as_it_was_set_up,
    an_inbox_has_one_account,
    letters_and_place_are_kept_together,
    a_reader_that_lost_its_account_writes_nothing,
    failures_are_counted_until_it_answers,
    a_grant_is_renewed,
    an_inbox_may_have_a_server_of_its_own,
);
only_sqlite!(one_node_reads_an_account_at_a_time);
only_postgres!(nodes_whose_clocks_differ_read_an_account_one_at_a_time);

fn account(desk: &Desk, inbox: InboxId) -> NewAccount {
    NewAccount {
        id: desk.mint.id(),
        brand: desk.brand,
        inbox,
        connection: Connection {
            host: "imap.lumo.fr".to_owned(),
            port: 993,
            tls: "implicit".to_owned(),
            username: "care@lumo.fr".to_owned(),
            folder: "INBOX".to_owned(),
        },
        after_reading: AfterReading::MoveTo("Traités".to_owned()),
        sealed_password: Some(vec![1, 2, 3]),
        grant: None,
        sealed_client_secret: None,
        takes_history: false,
        smtp: Some(OwnSmtp { host: "smtp.lumo.fr".to_owned(), port: 587, tls: "starttls".to_owned() }),
    }
}

async fn connected(desk: &Desk) -> NewAccount {
    let new = account(desk, desk.inbox);
    desk.store.add_account(new.clone(), START).await.unwrap();
    new
}

async fn lease(desk: &Desk, account: &NewAccount, holder: u128, at: Timestamp) -> Option<Lease> {
    let id = (account.brand, account.id);
    desk.store.lease_account(id, Uuid::from_u128(holder), at).await.unwrap()
}

fn upto(lease: Lease, last_uid: u32) -> Upto {
    Upto { lease, uid_validity: 77, last_uid, history_uid: 3, at: minute(1) }
}

async fn an_account_is_kept_as_it_was_set_up(place: &Place) {
    let desk = Desk::new(place).await;
    let with_password = connected(&desk).await;
    let grant = Grant {
        provider: "microsoft".to_owned(),
        authorize_url: Some("https://login.example/authorize".to_owned()),
        token_url: "https://login.example/token".to_owned(),
        client_id: "desk".to_owned(),
        scope: "imap offline".to_owned(),
    };
    let with_grant = NewAccount {
        sealed_password: None,
        grant: Some(grant),
        sealed_client_secret: Some(vec![9]),
        smtp: None,
        after_reading: AfterReading::Keep,
        ..account(&desk, desk.mint.id())
    };
    desk.store.add_account(with_grant.clone(), START).await.unwrap();
    for new in [with_password, with_grant] {
        let stored = desk.store.account(new.brand, new.id).await.unwrap().unwrap();
        assert_eq!(stored.set_up, new);
        assert_eq!((stored.state.last_uid, stored.state.uid_validity), (0, None));
        let of_inbox = desk.store.account_of_inbox(new.brand, new.inbox).await.unwrap().unwrap();
        assert_eq!(of_inbox, stored);
        assert!(desk.store.remove_account(new.brand, new.id).await.unwrap());
        assert!(!desk.store.remove_account(new.brand, new.id).await.unwrap());
    }
    assert!(desk.store.accounts().await.unwrap().is_empty());
}

async fn an_inbox_has_one_account(place: &Place) {
    let desk = Desk::new(place).await;
    connected(&desk).await;
    let second = desk.store.add_account(account(&desk, desk.inbox), START).await;
    assert!(matches!(second, Err(StoreError::Conflict)), "{second:?}");
}

async fn letters_and_place_are_kept_together(place: &Place) {
    let desk = Desk::new(place).await;
    let new = connected(&desk).await;
    let lease = lease(&desk, &new, 1, START).await.unwrap();
    desk.store.keep_fetched(vec![desk.letter(b"one"), desk.letter(b"two")], upto(lease, 5)).await.unwrap();
    let state = desk.store.account(new.brand, new.id).await.unwrap().unwrap().state;
    assert_eq!((state.uid_validity, state.last_uid, state.history_uid), (Some(77), 5, Some(3)));
    assert_eq!(desk.store.unread_letters().await.unwrap(), 2);
    // A letter that cannot be kept keeps the place where it was.
    let taken = NewLetter { id: desk.mint.id(), ..desk.letter(b"three") };
    desk.store.keep_letters(vec![taken.clone()]).await.unwrap();
    let failed = desk.store.keep_fetched(vec![desk.letter(b"four"), taken], upto(lease, 7)).await;
    assert!(matches!(failed, Err(StoreError::Conflict)), "{failed:?}");
    let state = desk.store.account(new.brand, new.id).await.unwrap().unwrap().state;
    assert_eq!((state.last_uid, desk.store.unread_letters().await.unwrap()), (5, 3));
}

async fn a_reader_that_lost_its_account_writes_nothing(place: &Place) {
    let desk = Desk::new(place).await;
    let new = connected(&desk).await;
    let first = lease(&desk, &new, 1, START).await.unwrap();
    desk.store.release_account(first).await.unwrap();
    let second = lease(&desk, &new, 2, START).await.unwrap();
    assert!(second.fence > first.fence);
    let late = desk.store.keep_fetched(vec![desk.letter(b"one")], upto(first, 5)).await;
    assert!(matches!(late, Err(StoreError::Conflict)), "{late:?}");
    assert_eq!(desk.store.unread_letters().await.unwrap(), 0);
    // Nor does it give back what it has no more.
    desk.store.release_account(first).await.unwrap();
    assert_eq!(lease(&desk, &new, 3, START).await, None);
    desk.store.keep_fetched(vec![desk.letter(b"one")], upto(second, 5)).await.unwrap();
}

async fn one_node_reads_an_account_at_a_time(place: &Place) {
    let desk = Desk::new(place).await;
    let new = connected(&desk).await;
    let first = lease(&desk, &new, 1, minute(0)).await.unwrap();
    assert_eq!(lease(&desk, &new, 2, minute(0)).await, None);
    assert_eq!(
        lease(&desk, &new, 1, minute(0)).await,
        Some(first),
        "its holder renews it under the same fence"
    );
    let second = lease(&desk, &new, 2, minute(2)).await.unwrap();
    assert!(second.fence > first.fence);
    assert_eq!(lease(&desk, &new, 1, minute(2)).await, None);
}

async fn nodes_whose_clocks_differ_read_an_account_one_at_a_time(place: &Place) {
    let desk = Desk::new(place).await;
    let new = connected(&desk).await;
    let first = lease(&desk, &new, 1, minute(0)).await.unwrap();
    assert_eq!(lease(&desk, &new, 2, minute(60)).await, None, "an hour ahead takes nothing away");
    assert_eq!(lease(&desk, &new, 1, minute(-60)).await, Some(first));
    desk.store.release_account(first).await.unwrap();
    assert!(lease(&desk, &new, 2, minute(-60)).await.is_some());
}

async fn failures_are_counted_until_it_answers(place: &Place) {
    let desk = Desk::new(place).await;
    let new = connected(&desk).await;
    let id = (new.brand, new.id);
    let state = async || desk.store.account(new.brand, new.id).await.unwrap().unwrap().state;
    desk.store.account_failed(id, "é".repeat(400), minute(1)).await.unwrap();
    desk.store.account_failed(id, "wrong password".to_owned(), minute(2)).await.unwrap();
    let failed = state().await;
    assert_eq!((failed.failures, failed.failure.as_deref()), (2, Some("wrong password")));
    assert_eq!(failed.failed_at, Some(minute(2)));
    desk.store.account_answered(new.brand, new.id, minute(3)).await.unwrap();
    let well = state().await;
    assert_eq!((well.failures, well.failure, well.failed_at, well.read_at), (0, None, None, Some(minute(3))));
}

async fn a_grant_is_renewed(place: &Place) {
    let desk = Desk::new(place).await;
    let new = connected(&desk).await;
    let id = (new.brand, new.id);
    desk.store.account_failed(id, "the grant has ended".to_owned(), minute(1)).await.unwrap();
    assert!(desk.store.renew_grant(id, vec![4], Some(minute(90))).await.unwrap());
    assert!(desk.store.renew_grant(id, vec![5], None).await.unwrap());
    let stored = desk.store.account(new.brand, new.id).await.unwrap().unwrap();
    assert_eq!(stored.sealed_refresh_token, Some(vec![5]));
    assert_eq!((stored.grant_ends_at, stored.state.failures), (Some(minute(90)), 0));
    assert!(!desk.store.renew_grant((new.brand, desk.mint.id()), vec![4], None).await.unwrap());
}

async fn an_inbox_may_have_a_server_of_its_own(place: &Place) {
    let desk = Desk::new(place).await;
    let case = desk.open_case().await;
    assert_eq!(desk.store.sending_account(desk.brand, case.id).await.unwrap(), None);
    let new = connected(&desk).await;
    let found = desk.store.sending_account(desk.brand, case.id).await.unwrap();
    assert_eq!(found.map(|account| account.set_up), Some(new.clone()));
    let id = (new.brand, new.id);
    assert!(desk.store.set_account_password(id, vec![8]).await.unwrap());
    let stored = desk.store.account(new.brand, new.id).await.unwrap().unwrap();
    assert_eq!(stored.set_up.sealed_password, Some(vec![8]));
    desk.store.remove_account(new.brand, new.id).await.unwrap();
    assert_eq!(desk.store.sending_account(desk.brand, case.id).await.unwrap(), None);
}
