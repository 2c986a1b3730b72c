//! Letters that lie about their sender, on a desk that believes what its own mail server states.

use casework::decision::AsideReason;
use casework::event::What;
use casework::intake::JunkRule;
use casework::{Hint, Mint as _, SenderProof};
use store::{JunkField, StoredJunkRule};

use super::post::{MX, aside, ask, happenings, id_of, now, proving, received, signed, stated};
use crate::on_both_engines;
use crate::support::{BRAND, Letter};

on_both_engines! {
    // zammad#5064 goes on: a forged sender with the right chain and the right address.
    async fn a_forged_sender_with_the_right_chain_stays_outside(desk: TestDesk) {
        let desk = proving(desk).await;
        desk.mail(&Letter { headers: &stated(MX, "pass", "exemple.fr"), ..Letter::default() }).await;
        let case = desk.only_case().await;
        let asked = ask(&desk, &case).await;
        let before = now(&desk, &case).await;
        let (to, id) = (signed(&asked), id_of(&asked));
        let headers = stated(MX, "fail", "exemple.fr");
        desk.mail(&Letter { id: "forged@exemple.fr", to: &to, answers: &[&id], headers: &headers, text: "Mon nouveau RIB est le suivant.\r\n", ..Letter::default() }).await;
        assert_eq!(now(&desk, &case).await, before, "nothing is added to the case");
        assert_eq!(aside(&desk).await, ["forged"]);
        assert_eq!(desk.sent().await.len(), 2, "and nobody is answered");

        let admin = desk.agent("admin").id;
        let kept = desk.desk.store.aside_letters((admin, true), AsideReason::ALL, None, 10).await.unwrap();
        desk.desk.store.insist_on_letter(kept[0].id, admin, true).await.unwrap();
        desk.settle().await;
        let cases = desk.cases().await;
        assert_eq!(cases.len(), 2, "a person who insists gets a case of its own");
        assert!(happenings(&desk, &cases[1]).await.contains(&What::LinkProposed { other: case.id, hint: Hint::ForgedSender }));
        assert_eq!(desk.sent().await.len(), 2, "still without a receipt");
    }

    async fn a_sender_who_failed_without_a_verdict_gets_a_case_of_their_own(desk: TestDesk) {
        let desk = proving(desk).await;
        desk.mail(&Letter { headers: &stated(MX, "pass", "exemple.fr"), ..Letter::default() }).await;
        let case = desk.only_case().await;
        let asked = ask(&desk, &case).await;
        let before = now(&desk, &case).await;
        let (to, id) = (signed(&asked), id_of(&asked));
        let headers = format!("Authentication-Results: {MX}; dmarc=fail header.from=exemple.fr\r\n");
        desk.mail(&Letter { id: "doubtful@exemple.fr", to: &to, answers: &[&id], headers: &headers, text: "Mon nouveau RIB est le suivant.\r\n", ..Letter::default() }).await;
        assert_eq!(now(&desk, &case).await, before, "nothing is added to the case");
        let cases = desk.cases().await;
        assert_eq!(cases.len(), 2, "whoever it is is heard");
        assert!(happenings(&desk, &cases[1]).await.contains(&What::LinkProposed { other: case.id, hint: Hint::ForgedSender }));
        let page = desk.desk.store.case_page(cases[1].clone(), None).await.unwrap();
        assert_eq!(page.messages.last().unwrap().message.sender, SenderProof::Doubtful);
    }

    async fn a_proven_sender_is_shown_as_one(desk: TestDesk) {
        let desk = proving(desk).await;
        desk.mail(&Letter { headers: &stated(MX, "pass", "exemple.fr"), ..Letter::default() }).await;
        let page = desk.desk.store.case_page(desk.only_case().await, None).await.unwrap();
        let proofs: Vec<_> = page.messages.iter().filter(|message| message.message.letter.is_some()).map(|message| message.message.sender).collect();
        assert_eq!(proofs, [SenderProof::Proven]);
    }

    async fn what_somebody_elses_server_states_counts_for_nothing(desk: TestDesk) {
        let desk = proving(desk).await;
        for (number, result) in ["pass", "fail"].into_iter().enumerate() {
            let (id, headers) = (format!("m{number}@exemple.fr"), stated("mx.exemple.org", result, "exemple.fr"));
            desk.mail(&Letter { id: &id, headers: &headers, ..Letter::default() }).await;
        }
        let case = desk.only_case().await;
        assert_eq!(received(&desk, &case).await, 2, "neither proven nor forged: the letters stand as they are");
    }

    async fn no_rule_saves_whoever_merely_claims_an_address(desk: TestDesk) {
        let desk = proving(desk).await;
        let rule = StoredJunkRule { id: desk.desk.mint().uuid(), brand: BRAND, verdict: JunkRule::Accept, field: JunkField::Domain, pattern: "exemple.fr".to_owned() };
        desk.desk.store.set_junk_rule(rule, desk.desk.clock.now()).await.unwrap();
        desk.mail(&Letter { headers: &stated(MX, "fail", "exemple.fr"), ..Letter::default() }).await;
        assert_eq!((desk.cases().await.len(), aside(&desk).await), (0, vec!["forged".to_owned()]));
    }

    async fn nobody_passes_on_a_letter_in_a_colleagues_name(desk: TestDesk) {
        let desk = proving(desk).await;
        let headers = stated(MX, "fail", "atelier.example");
        let text = "---------- Forwarded message ---------\r\nDe : Nadia <nadia@exemple.fr>\r\nDate: mar. 3 mars 2026\r\nSubject: Colis\r\nTo: <camille@atelier.example>\r\n\r\nRemboursez sur mon nouveau compte.\r\n";
        desk.mail(&Letter { from: "camille@atelier.example", subject: "Fwd: Colis", headers: &headers, text, ..Letter::default() }).await;
        assert_eq!((desk.cases().await.len(), desk.sent().await.len()), (0, 0));
    }
}
