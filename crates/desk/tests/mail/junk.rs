//! Junk: by a filter's mark, by a rule of the desk; visible, never lost, and a person can say otherwise.

use casework::Mint as _;
use casework::decision::AsideReason;
use casework::intake::JunkRule;
use store::{JunkField, StoredJunkRule};

use super::post::{aside, ask, received, signed};
use crate::on_both_engines;
use crate::support::{BRAND, Letter, TestDesk};

const MARK: &str = "X-Spam-Flag: YES\r\nX-Spam-Score: 9.1\r\n";

async fn rule(desk: &TestDesk, verdict: JunkRule, field: JunkField, pattern: &str) {
    let rule = StoredJunkRule {
        id: desk.desk.mint().uuid(),
        brand: BRAND,
        verdict,
        field,
        pattern: pattern.to_owned(),
    };
    desk.desk.store.set_junk_rule(rule, desk.desk.clock.now()).await.unwrap();
}

fn offer<'a>(id: &'a str, headers: &'a str) -> Letter<'a> {
    Letter {
        from: "offres@promo.example",
        name: "Promo",
        subject: "Gagnez un séjour",
        id,
        headers,
        text: "Cliquez vite pour votre lot.\r\n",
        ..Letter::default()
    }
}

on_both_engines! {
    async fn what_a_filter_marks_is_kept_on_the_junk_shelf(desk: TestDesk) {
        desk.mail(&offer("a@promo.example", MARK)).await;
        assert_eq!((desk.cases().await.len(), desk.sent().await.len()), (0, 0));
        assert_eq!(aside(&desk).await, ["junk"]);
        let admin = desk.agent("admin").id;
        let kept = desk.desk.store.aside_letters((admin, true), &[AsideReason::Junk], None, 10).await.unwrap();
        assert!(desk.desk.store.insist_on_letter(kept[0].id, admin, true).await.unwrap());
        desk.settle().await;
        assert_eq!(received(&desk, &desk.only_case().await).await, 1, "a person may make a case of it");
    }

    async fn a_rule_of_the_desk_goes_before_the_filter(desk: TestDesk) {
        rule(&desk, JunkRule::Accept, JunkField::Address, "offres@promo.example").await;
        desk.mail(&offer("a@promo.example", MARK)).await;
        assert_eq!(desk.cases().await.len(), 1);
        rule(&desk, JunkRule::Junk, JunkField::Subject, "gagnez un").await;
        desk.mail(&Letter { from: "autre@promo.example", ..offer("b@promo.example", "") }).await;
        assert_eq!(desk.cases().await.len(), 1);
        assert_eq!(aside(&desk).await, ["junk"]);
    }

    async fn a_customers_answer_is_never_junk(desk: TestDesk) {
        desk.mail(&Letter::default()).await;
        let case = desk.only_case().await;
        let to = signed(&ask(&desk, &case).await);
        rule(&desk, JunkRule::Junk, JunkField::Domain, "exemple.fr").await;
        desk.mail(&Letter { id: "b@exemple.fr", to: &to, headers: MARK, text: "12 rue des Lilas.\r\n", ..Letter::default() }).await;
        assert_eq!(received(&desk, &desk.only_case().await).await, 2, "proof goes before any filter");
    }

    async fn a_rule_with_signs_of_a_pattern_means_what_it_says(desk: TestDesk) {
        rule(&desk, JunkRule::Junk, JunkField::Subject, "100 %").await;
        desk.mail(&offer("a@promo.example", "")).await;
        assert_eq!(desk.cases().await.len(), 1, "a percent sign is no wildcard");
        desk.mail(&Letter { from: "autre@promo.example", subject: "Remise 100 % garantie", ..offer("b@promo.example", "") }).await;
        assert_eq!(aside(&desk).await, ["junk"]);
    }
}
