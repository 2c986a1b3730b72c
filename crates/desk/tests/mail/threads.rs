//! Which case an answer belongs to: by proof, whatever the mail program does to its subject and its references; and
//! never by a number that anybody can write.

use casework::act::{Act, CustomerAct};
use casework::event::What;
use casework::{ClockKind, Hint, Proof, Status};
use desk::door::act;
use jiff::SignedDuration;

use super::post::{
    ask, do_act, eve, happenings, id_of, is_ours_to_move, now, other_problem, received, signed, words,
};
use crate::on_both_engines;
use crate::support::{BRAND, Letter};

on_both_engines! {
    // chatwoot#10028, #3868, #10791, #10750: every answer from Outlook began a conversation of its own.
    async fn an_answer_from_outlook_without_references_joins_by_its_address(desk: TestDesk) {
        desk.mail(&Letter::default()).await;
        let case = desk.only_case().await;
        let to = signed(&ask(&desk, &case).await);
        desk.mail(&Letter { id: "b@outlook.example", to: &to, subject: "RE: Colis en retard", text: "12 rue des Lilas, Lyon.\r\n", ..Letter::default() }).await;
        let case = desk.only_case().await;
        assert!(is_ours_to_move(&case));
        assert!(happenings(&desk, &case).await.iter().any(|what| matches!(what, What::MessageReceived { proof: Proof::SignedAddress, .. })));
    }

    // The same threads, with programs that keep `In-Reply-To` alone and answer to the plain address.
    async fn an_answer_that_keeps_only_in_reply_to_joins(desk: TestDesk) {
        desk.mail(&Letter::default()).await;
        let case = desk.only_case().await;
        let headers = format!("In-Reply-To: <{}>\r\n", id_of(&ask(&desk, &case).await));
        desk.mail(&Letter { id: "b@exemple.fr", headers: &headers, subject: "Re: Colis", text: "12 rue des Lilas, Lyon.\r\n", ..Letter::default() }).await;
        assert_eq!(received(&desk, &desk.only_case().await).await, 2);
    }

    async fn an_answer_under_another_subject_or_without_re_stays_in_its_case(desk: TestDesk) {
        desk.mail(&Letter::default()).await;
        let case = desk.only_case().await;
        let asked = id_of(&ask(&desk, &case).await);
        for (id, subject) in [("b@exemple.fr", "Mon adresse"), ("c@exemple.fr", "Colis en retard"), ("d@exemple.fr", "")] {
            desk.mail(&Letter { id, subject, answers: &[&asked], text: "12 rue des Lilas, Lyon.\r\n", ..Letter::default() }).await;
        }
        assert_eq!(received(&desk, &desk.only_case().await).await, 4);
    }

    // zammad#5064: whoever put a ticket number into a subject landed in that customer's ticket.
    async fn a_strangers_case_number_opens_a_case_of_their_own(desk: TestDesk) {
        desk.mail(&Letter::default()).await;
        let case = desk.only_case().await;
        desk.pass(SignedDuration::from_mins(1));
        let subject = format!("Re: [{}] Colis en retard", case.reference);
        desk.mail(&Letter { subject: &subject, ..eve("x@exemple.org") }).await;
        let cases = desk.cases().await;
        assert_eq!((cases.len(), cases[0].seq), (2, case.seq), "nothing was added to the first case");
        let hints = happenings(&desk, &cases[1]).await;
        assert!(hints.contains(&What::LinkProposed { other: case.id, hint: Hint::Reference }), "a person is told");
        let (to, receipt) = desk.sent().await.pop().unwrap();
        assert_eq!(to, "eve@exemple.org");
        assert!(!receipt.text.contains("MG-2481"), "and Eve learns nothing of it");
    }

    // zammad#5098: numbers of a desk from before are four digits; anybody can guess them.
    async fn an_old_number_of_four_digits_is_no_proof(desk: TestDesk) {
        desk.mail(&Letter::default()).await;
        let case = desk.only_case().await;
        desk.pass(SignedDuration::from_mins(1));
        desk.mail(&Letter { subject: "Re: [Ticket#2481] Colis en retard", ..eve("x@exemple.org") }).await;
        desk.mail(&Letter { subject: "Re: [Ticket#2481] Facture", ..other_problem("y@exemple.fr") }).await;
        let cases = desk.cases().await;
        assert_eq!((cases.len(), cases[0].seq), (3, case.seq));
        for other in &cases[1..] {
            assert!(!happenings(&desk, other).await.iter().any(|what| matches!(what, What::LinkProposed { .. })));
        }
    }

    // freescout#2120: letters under different subjects were joined.
    async fn two_problems_under_one_subject_and_one_under_two(desk: TestDesk) {
        desk.mail(&Letter::default()).await;
        desk.pass(SignedDuration::from_mins(1));
        desk.mail(&Letter { subject: "Colis en retard", ..other_problem("b@exemple.fr") }).await;
        assert_eq!(desk.cases().await.len(), 2, "a subject joins nothing");
        desk.mail(&Letter { id: "c@exemple.fr", subject: "Toujours rien", ..Letter::default() }).await;
        let cases = desk.cases().await;
        assert_eq!(cases.len(), 2, "and the same words about the same order are the same problem");
        assert_eq!(received(&desk, &cases[0]).await, 2);
    }

    // frappe/helpdesk#3465: an old thread is used for a new matter. zammad#5341: the new one did not know the old one.
    async fn an_answer_to_a_case_closed_for_long_opens_one_that_knows_it(desk: TestDesk) {
        desk.mail(&Letter::default()).await;
        let case = desk.only_case().await;
        desk.pass(SignedDuration::from_mins(1));
        do_act(&desk, "camille", &case, Act::Propose(words("Un nouveau colis part ce soir."))).await;
        let to = signed(&desk.sent().await.pop().unwrap().1);
        act::by_customer(&desk.desk, (BRAND, case.id), CustomerAct::Confirm, None).await.unwrap();
        desk.pass(SignedDuration::from_hours(2));
        desk.mail(&Letter { to: &to, ..other_problem("b@exemple.fr") }).await;
        let case = desk.only_case().await;
        assert_eq!(case.status, Status::Open, "shortly after, it is the same case again");
        do_act(&desk, "camille", &case, Act::Propose(words("Nous l'échangeons."))).await;
        act::by_customer(&desk.desk, (BRAND, case.id), CustomerAct::Confirm, None).await.unwrap();
        let closed = now(&desk, &case).await;
        desk.pass(SignedDuration::from_hours(24 * 120));
        desk.mail(&Letter { id: "c@exemple.fr", to: &to, text: "Cette fois, c'est le grille-pain qui fume.\r\n", ..Letter::default() }).await;
        let cases = desk.cases().await;
        assert_eq!((cases.len(), &cases[0]), (2, &closed), "the old one stays as it was");
        assert!(happenings(&desk, &cases[1]).await.contains(&What::LinkProposed { other: case.id, hint: Hint::LongClosed }));
    }

    // zammad#4965, #5287: "WG:", "TR:" were taken for answers, or answers for forwards.
    async fn what_a_customer_passes_on_is_their_own_letter(desk: TestDesk) {
        let inside = "Regardez ce que dit le transporteur.\r\n\r\n-----Message d'origine-----\r\nDe : suivi@transport.example\r\nEnvoyé : lundi 2 mars 2026 09:12\r\nÀ : nadia@exemple.fr\r\nObjet : Votre livraison\r\n\r\nColis égaré au dépôt.\r\n";
        desk.mail(&Letter { subject: "TR: Votre livraison", text: inside, ..Letter::default() }).await;
        let case = desk.only_case().await;
        let (to, _) = desk.sent().await.pop().unwrap();
        assert_eq!(to, "nadia@exemple.fr", "the carrier is nobody's customer");
        let asked = ask(&desk, &case).await;
        let (to, id) = (signed(&asked), id_of(&asked));
        desk.mail(&Letter { id: "b@exemple.fr", to: &to, answers: &[&id], subject: "WG: Re: Votre livraison", text: inside, ..Letter::default() }).await;
        assert_eq!(received(&desk, &desk.only_case().await).await, 2, "with the chain it is an answer, whatever its prefix");
    }

    // zammad#1322, #5332: "we miss customer answers" written on the web: no clock, no reopening.
    async fn words_on_the_private_page_count_like_a_mail(desk: TestDesk) {
        desk.mail(&Letter::default()).await;
        let case = desk.only_case().await;
        ask(&desk, &case).await;
        desk.pass(SignedDuration::from_hours(1));
        let said = || CustomerAct::Reopen(Some(words("12 rue des Lilas, Lyon.")));
        act::by_customer(&desk.desk, (BRAND, case.id), said(), None).await.unwrap();
        let case = desk.only_case().await;
        assert!(is_ours_to_move(&case));
        assert_eq!(case.unanswered_since, Some(desk.desk.clock.now()), "and the wait begins now");
        do_act(&desk, "camille", &case, Act::Propose(words("Un nouveau colis part ce soir."))).await;
        act::by_customer(&desk.desk, (BRAND, case.id), CustomerAct::Confirm, None).await.unwrap();
        act::by_customer(&desk.desk, (BRAND, case.id), said(), None).await.unwrap();
        assert!(is_ours_to_move(&desk.only_case().await), "a closed case opens again");
        desk.pass(SignedDuration::from_hours(100));
        desk.settle().await;
        let rang = happenings(&desk, &case).await.iter().any(|what| matches!(what, What::ClockRang { kind: ClockKind::NextReply, .. }));
        assert!(rang, "and its clock runs");
    }
}
