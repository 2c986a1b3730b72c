//! Search: the same documents in the same order on both engines, all that there are, and only what may be seen.

use casework::Inbound;
use casework::act::Act;
use store::{HitKind, SearchPage, SearchQuery};
use text::search::{Query, Way, analysed};

use crate::engines::{Place, both};
use crate::fixture::{Desk, mail, minute, opened, words};

both!(
    what_stands_in_messages_notes_and_customers_is_found,
    only_what_the_agent_may_see_is_found,
    every_document_is_found_and_no_other,
    pages_follow_one_another,
    long_and_odd_documents_are_found,
    the_index_can_be_filled_again,
);

async fn search(desk: &Desk, agent: &casework::Agent, typed: &str) -> SearchPage {
    let query = Query::read(typed).unwrap();
    let asked = SearchQuery { agent, token: None, query: &query, after: None, hits_max: 100 };
    desk.store.search(&asked).await.unwrap()
}

/// The texts of what alice finds, in order; customers by their addresses.
async fn found(desk: &Desk, typed: &str) -> Vec<String> {
    let page = search(desk, &desk.alice, typed).await;
    assert_eq!(page.count as usize, page.hits.len(), "{typed}");
    let shown = |hit: store::Hit| match hit.kind {
        HitKind::Customer(_) => hit.address,
        HitKind::Message(..) => hit.text,
    };
    page.hits.into_iter().map(shown).collect()
}

fn letter(number: u32, text: &str) -> Inbound {
    Inbound {
        text: text.to_owned(),
        ..mail(&format!("luc{number}@exemple.fr"), &format!("{number}@exemple.fr"))
    }
}

async fn what_stands_in_messages_notes_and_customers_is_found(place: &Place) {
    let desk = Desk::new(place).await;
    let first = "Mes colis sont arrivés cassés. Commande CMD-2024-77, tél. 06 12 34 56 78.";
    let second = "The parcels never arrived, I want a refund.";
    let case = desk.receive(letter(1, first), minute(0)).await.unwrap();
    desk.receive(letter(2, second), minute(1)).await.unwrap();
    let case = opened(&case).after.id;
    desk.act(&desk.alice, case, Act::Note(words("Vu avec l’entrepôt : remboursement prévu")), minute(2))
        .await
        .unwrap();
    for typed in [
        "colis cassé",
        "CASSEE colis",
        "\"arrivés cassés\"",
        "cmd202477",
        "CMD-2024-77",
        "+33612345678",
        "06.12.34.56.78",
        "casses -parcels",
        "luc1 colis",
        "colis \"commande cmd 2024\"",
    ] {
        assert_eq!(found(&desk, typed).await, [first], "{typed}");
    }
    for typed in ["parcel", "refunds arrived", "\"never arrived\" -colis"] {
        assert_eq!(found(&desk, typed).await, [second], "{typed}");
    }
    assert_eq!(found(&desk, "entrepot rembourser").await, ["Vu avec l’entrepôt : remboursement prévu"]);
    assert_eq!(found(&desk, "luc1@exemple.fr").await, [first, "luc1@exemple.fr"]);
    // Its own subject is "Ligne coupée", that of both.
    assert_eq!(found(&desk, "lignes coupees").await, [second, first], "not what the desk wrote by itself");
    for typed in ["\"cassés arrivés\"", "colis -cassé", "absent"] {
        assert!(found(&desk, typed).await.is_empty(), "{typed}");
    }
    let reference = desk.case(case).await.reference.to_string();
    assert!(found(&desk, &reference).await.contains(&first.to_owned()));
}

async fn only_what_the_agent_may_see_is_found(place: &Place) {
    let desk = Desk::new(place).await;
    desk.receive(letter(1, "Un colis perdu"), minute(0)).await.unwrap();
    for (agent, count) in [(&desk.alice, 1), (&desk.bob, 0), (&desk.root, 1)] {
        let page = search(&desk, agent, "colis").await;
        assert_eq!((page.hits.len(), page.count), (count, u32::try_from(count).unwrap()), "{}", agent.name);
        assert_eq!(search(&desk, agent, "luc1 -colis").await.hits.len(), count, "{}", agent.name);
    }
}

/// Texts of few words in all orders, and what a plain reading of their tokens says of each query.
async fn every_document_is_found_and_no_other(place: &Place) {
    let desk = Desk::new(place).await;
    let vocabulary =
        ["colis", "perdus", "facture", "remboursée", "delivery", "late", "12-34", "été", "chien"];
    let mut dice = 12_345_u64;
    let mut roll = |sides: usize| {
        dice = dice.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        usize::try_from(dice >> 33).unwrap() % sides
    };
    let mut texts = Vec::new();
    for number in 0..60 {
        let text: Vec<&str> = (0..3 + roll(6)).map(|_| vocabulary[roll(vocabulary.len())]).collect();
        let text = format!("{} n{number}", text.join(" "));
        desk.receive(letter(number, &text), minute(i64::from(number))).await.unwrap();
        texts.push(text);
    }
    for _ in 0..80 {
        let mut typed = String::new();
        for nth in 0..=roll(3) {
            let sign = if nth > 0 && roll(4) == 0 { "-" } else { "" };
            let word = vocabulary[roll(vocabulary.len())];
            let term = if roll(3) == 0 {
                format!("{sign}\"{word} {}\" ", vocabulary[roll(vocabulary.len())])
            } else {
                format!("{sign}{word} ")
            };
            typed.push_str(&term);
        }
        let query = Query::read(&typed).unwrap();
        let expected: Vec<String> =
            texts.iter().rev().filter(|text| matches(&query, text)).cloned().collect();
        assert_eq!(found(&desk, &typed).await, expected, "{typed}");
    }
}

fn matches(query: &Query, text: &str) -> bool {
    let tokens = &analysed(&[text]).passages[0];
    let stands = |Way(way): &Way| {
        tokens.run.windows(way.len()).any(|place| place == way.as_slice())
            || (way.len() == 1 && tokens.apart.contains(&way[0]))
    };
    query.terms.iter().all(|term| term.ways.iter().any(stands) != term.is_excluded)
}

async fn pages_follow_one_another(place: &Place) {
    let desk = Desk::new(place).await;
    for number in 0..7 {
        // Three in each instant.
        desk.receive(letter(number, "Encore un colis"), minute(i64::from(number / 3))).await.unwrap();
    }
    let query = Query::read("colis").unwrap();
    let mut asked = SearchQuery { agent: &desk.alice, token: None, query: &query, after: None, hits_max: 2 };
    let mut keys = Vec::new();
    loop {
        let page = desk.store.search(&asked).await.unwrap();
        assert_eq!(page.count, if asked.after.is_none() { 7 } else { page.count });
        keys.extend(page.hits.iter().map(|hit| (hit.key, hit.address.clone())));
        match page.next {
            Some(next) => asked.after = Some(next),
            None => break,
        }
    }
    assert_eq!(keys.len(), 7);
    assert!(keys.windows(2).all(|pair| pair[0].0 > pair[1].0), "{keys:?}");
}

async fn long_and_odd_documents_are_found(place: &Place) {
    let desk = Desk::new(place).await;
    let long: String = (0..30_000).map(|number| format!("mot{number} ")).collect::<Vec<_>>().concat();
    let hostile = [
        "'; drop table cases; -- \\ \" colis1".to_owned(),
        format!("{} colis2", "'\\\"\u{0}".repeat(500)),
        format!("{} colis3", "\u{10ffff}é".repeat(5_000)),
        format!("{} colis4", "x".repeat(100_000)),
        format!("{} colis5", "a ".repeat(40_000)),
        format!("{long} colis6"),
        format!(
            "{} colis7",
            (0..20_000).map(|number| format!("{number}{} ", "é".repeat(60))).collect::<Vec<_>>().concat()
        ),
        "返品したい colis8 заказ".to_owned(),
    ];
    for (number, text) in (1..).zip(&hostile) {
        desk.receive(letter(number, text), minute(i64::from(number))).await.unwrap();
    }
    for number in 1..=8 {
        assert_eq!(found(&desk, &format!("colis{number}")).await.len(), 1, "{number}");
    }
    for typed in
        ["mot5 colis6", "\"mot15000 mot15001\" mot1", "\"mot9995 mot9996 mot9997 mot9998 mot9999 mot10000\""]
    {
        assert_eq!(found(&desk, typed).await.len(), 1, "{typed}");
    }
    for typed in ["返品", "ЗАКАЗ"] {
        assert_eq!(found(&desk, typed).await.len(), 1, "{typed}");
    }
}

async fn the_index_can_be_filled_again(place: &Place) {
    let desk = Desk::new(place).await;
    for number in 0..230 {
        desk.receive(letter(number, "Encore un colis"), minute(i64::from(number))).await.unwrap();
    }
    for _ in 0..2 {
        let mut filled = 0;
        while let Some(more) = desk.store.fill_search().await.unwrap() {
            filled += more;
        }
        // 230 letters, and their writers.
        assert_eq!(filled, 460);
        assert_eq!(search(&desk, &desk.alice, "colis").await.count, 230);
        desk.store.refill_search().await.unwrap();
    }
}
