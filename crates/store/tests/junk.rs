//! Rules about junk, aliases of inboxes, signatures and keys: what an administrator sets up about mail.

use casework::BrandId;
use casework::intake::JunkRule;
use store::{DkimRow, JunkField, Lookup, StoreError, StoredJunkRule};

use crate::engines::{Place, both};
use crate::fixture::{Desk, START};

both!(
    the_more_particular_rule_goes_first,
    a_pattern_is_taken_literally,
    a_rule_is_replaced_and_forgotten,
    an_alias_is_an_address_of_its_inbox,
    a_brand_signs_as_it_likes,
    a_domain_has_one_key,
);

async fn set(desk: &Desk, verdict: JunkRule, field: JunkField, pattern: &str) -> uuid::Uuid {
    let id = desk.mint.id();
    let rule = StoredJunkRule { id, brand: desk.brand, verdict, field, pattern: pattern.to_owned() };
    desk.store.set_junk_rule(rule, START).await.unwrap();
    id
}

async fn rule(desk: &Desk, address: &str, subject: &str) -> Option<JunkRule> {
    let mut conn = desk.store.reader().await.unwrap();
    Lookup(&mut conn).junk_rule(desk.brand, address, subject).await.unwrap()
}

async fn the_more_particular_rule_goes_first(place: &Place) {
    let desk = Desk::new(place).await;
    set(&desk, JunkRule::Junk, JunkField::Domain, "promo.example").await;
    set(&desk, JunkRule::Accept, JunkField::Address, "anne@promo.example").await;
    set(&desk, JunkRule::Junk, JunkField::Subject, "gagnez").await;
    for (address, subject, expected) in [
        ("luc@promo.example", "", Some(JunkRule::Junk)),
        ("anne@promo.example", "vous gagnez tout", Some(JunkRule::Accept)),
        ("luc@autre.example", "vous gagnez tout", Some(JunkRule::Junk)),
        ("luc@autre.example", "ma ligne", None),
        ("luc@sous.promo.example", "ma ligne", None),
        ("", "", None),
    ] {
        assert_eq!(rule(&desk, address, subject).await, expected, "{address} {subject}");
    }
    let mut conn = desk.store.reader().await.unwrap();
    let elsewhere = Lookup(&mut conn).junk_rule(BrandId(8), "luc@promo.example", "").await.unwrap();
    assert_eq!(elsewhere, None, "another brand has rules of its own");
}

async fn a_pattern_is_taken_literally(place: &Place) {
    let desk = Desk::new(place).await;
    set(&desk, JunkRule::Junk, JunkField::Subject, "100%_sûr\\").await;
    assert_eq!(rule(&desk, "x@y.fr", "offre 100%_sûr\\ !").await, Some(JunkRule::Junk));
    assert_eq!(rule(&desk, "x@y.fr", "100 fois bien sûr\\").await, None);
}

async fn a_rule_is_replaced_and_forgotten(place: &Place) {
    let desk = Desk::new(place).await;
    let id = set(&desk, JunkRule::Junk, JunkField::Address, "luc@promo.example").await;
    set(&desk, JunkRule::Accept, JunkField::Address, "luc@promo.example").await;
    let rules = desk.store.junk_rules(desk.brand).await.unwrap();
    assert_eq!(
        rules.iter().map(|rule| (rule.id, rule.verdict)).collect::<Vec<_>>(),
        [(id, JunkRule::Accept)]
    );
    assert!(!desk.store.remove_junk_rule(BrandId(8), id).await.unwrap());
    assert!(desk.store.remove_junk_rule(desk.brand, id).await.unwrap());
    assert_eq!(rule(&desk, "luc@promo.example", "").await, None);
}

async fn an_alias_is_an_address_of_its_inbox(place: &Place) {
    let desk = Desk::new(place).await;
    let alias = "aide@lumo.fr".to_owned();
    desk.store.add_alias(alias.clone(), desk.brand, desk.inbox).await.unwrap();
    assert_eq!(desk.store.inbox_at(&alias).await.unwrap().map(|inbox| inbox.id), Some(desk.inbox));
    let mut conn = desk.store.reader().await.unwrap();
    assert!(Lookup(&mut conn).is_inbox(&alias).await.unwrap());
    drop(conn);
    let own = desk.store.inboxes().await.unwrap().remove(0).address;
    for taken in [alias.clone(), own] {
        let again = desk.store.add_alias(taken, desk.brand, desk.inbox).await;
        assert!(matches!(again, Err(StoreError::Conflict)), "{again:?}");
    }
    let inbox = store::Inbox {
        address: alias.clone(),
        id: desk.mint.id(),
        ..desk.store.inboxes().await.unwrap().remove(0)
    };
    assert!(matches!(desk.store.add_inbox(inbox).await, Err(StoreError::Conflict)));
    assert_eq!(desk.store.aliases().await.unwrap(), [(alias.clone(), desk.inbox)]);
    assert!(desk.store.remove_alias(alias.clone()).await.unwrap());
    assert!(desk.store.inbox_at(&alias).await.unwrap().is_none());
    assert!(!desk.store.remove_alias(alias).await.unwrap());
}

async fn a_brand_signs_as_it_likes(place: &Place) {
    let desk = Desk::new(place).await;
    let slug = desk.store.brands().await.unwrap().remove(0).slug;
    assert!(desk.store.set_signature(slug, Some("{agent}\nLumo".to_owned())).await.unwrap());
    assert!(!desk.store.set_signature("nobody".to_owned(), None).await.unwrap());
}

async fn a_domain_has_one_key(place: &Place) {
    let desk = Desk::new(place).await;
    let key = |selector: &str| DkimRow {
        domain: "lumo.fr".to_owned(),
        selector: selector.to_owned(),
        sealed_key: selector.as_bytes().to_vec(),
        dns_record: "v=DKIM1".to_owned(),
    };
    desk.store.set_dkim_key(key("one"), START).await.unwrap();
    desk.store.set_dkim_key(key("two"), START).await.unwrap();
    assert_eq!(desk.store.dkim_keys().await.unwrap(), [key("two")]);
    assert!(desk.store.remove_dkim_key("lumo.fr".to_owned()).await.unwrap());
    assert!(!desk.store.remove_dkim_key("lumo.fr".to_owned()).await.unwrap());
}
