//! The feed: every event once, in one order, and whoever reads on misses nothing, also while others write and place.

use std::collections::{HashMap, HashSet};

use casework::act::Act;
use casework::{Agent, CaseId};
use store::FeedQuery;

use crate::engines::{Place, both};
use crate::fixture::{Desk, mail, minute, opened, words};

both!(
    every_event_is_told_once_and_in_order,
    readers_miss_nothing_while_others_write,
    only_what_may_be_seen_is_told
);

/// Reads the feed from a place on, page by page.
async fn read(desk: &Desk, agent: &Agent, mut after: i64) -> (Vec<(i64, String, u32)>, i64) {
    let mut told = Vec::new();
    loop {
        let query = FeedQuery { agent, token: None, after, events_max: 7 };
        let page = desk.store.feed(&query).await.unwrap();
        told.extend(page.events.iter().map(|one| (one.position, one.reference.to_string(), one.event.seq)));
        assert!(page.upto >= after);
        if page.upto == after {
            return (told, after);
        }
        after = page.upto;
    }
}

async fn place_all(desk: &Desk) {
    while desk.store.place_events().await.unwrap() > 0 {}
}

fn assert_in_order(told: &[(i64, String, u32)]) {
    let mut last: HashMap<&str, u32> = HashMap::new();
    for (_, case, seq) in told {
        let before = last.insert(case, *seq).unwrap_or(0);
        assert_eq!(*seq, before + 1, "{case}");
    }
    assert!(told.windows(2).all(|pair| pair[0].0 < pair[1].0));
}

async fn every_event_is_told_once_and_in_order(place: &Place) {
    let desk = Desk::new(place).await;
    let mut cases: Vec<CaseId> = Vec::new();
    for number in 0..5 {
        let letter = mail(&format!("luc{number}@exemple.fr"), &format!("{number}@exemple.fr"));
        cases.push(opened(&desk.receive(letter, minute(number)).await.unwrap()).after.id);
    }
    assert_eq!(read(&desk, &desk.root, 0).await.0, [], "nothing stands in the feed before it has a place");
    place_all(&desk).await;
    let (first, upto) = read(&desk, &desk.root, 0).await;
    for case in &cases {
        desk.act(&desk.alice, *case, Act::Note(words("note")), minute(9)).await.unwrap();
    }
    place_all(&desk).await;
    let (second, end) = read(&desk, &desk.root, upto).await;
    assert_eq!(second.len(), 5);
    assert_eq!(read(&desk, &desk.root, end).await, (Vec::new(), end));
    let (all, _) = read(&desk, &desk.root, 0).await;
    assert_eq!(all, [first, second].concat());
    assert_in_order(&all);
    assert_eq!(all.last().unwrap().0, i64::try_from(all.len()).unwrap(), "without gaps");
}

async fn readers_miss_nothing_while_others_write(place: &Place) {
    let desk = Desk::new(place).await;
    let writes = (0..40).map(|number| {
        let desk = desk.clone();
        tokio::spawn(async move {
            let letter = mail(&format!("luc{number}@exemple.fr"), &format!("{number}@exemple.fr"));
            let case = opened(&desk.receive(letter, minute(0)).await.unwrap()).after.id;
            desk.act(&desk.alice, case, Act::Note(words("note")), minute(1)).await.unwrap();
        })
    });
    let writes: Vec<_> = writes.collect();
    let placers: Vec<_> = (0..3)
        .map(|_| {
            let desk = desk.clone();
            tokio::spawn(async move {
                for _ in 0..60 {
                    desk.store.place_events().await.unwrap();
                    tokio::task::yield_now().await;
                }
            })
        })
        .collect();
    let (mut followed, mut after) = (Vec::new(), 0);
    for _ in 0..60 {
        let (told, upto) = read(&desk, &desk.root, after).await;
        followed.extend(told);
        after = upto;
    }
    for task in writes.into_iter().chain(placers) {
        task.await.unwrap();
    }
    place_all(&desk).await;
    followed.extend(read(&desk, &desk.root, after).await.0);
    let (all, _) = read(&desk, &desk.root, 0).await;
    assert_eq!(followed, all, "what was followed is all there is");
    assert_in_order(&all);
    let cases: HashSet<&String> = all.iter().map(|(_, case, _)| case).collect();
    assert_eq!(cases.len(), 40);
}

async fn only_what_may_be_seen_is_told(place: &Place) {
    let desk = Desk::new(place).await;
    desk.open_case().await;
    place_all(&desk).await;
    let (alice, upto) = read(&desk, &desk.alice, 0).await;
    assert!(!alice.is_empty());
    assert_eq!(read(&desk, &desk.bob, 0).await, (Vec::new(), upto), "nothing to see, but read to the end");
}
