//! What programs do: open cases and act in them once only, on condition, within what their tokens are good for.

use axum::http::StatusCode;
use casework::BrandId;
use jiff::SignedDuration;
use serde_json::{Value, json as object};
use store::{Brand, NewToken};

use super::api::{json, program, program_with};
use super::browser::{Answer, Browser};
use crate::on_both_engines;
use crate::support::{BRAND, Engine, Letter, TestDesk};

fn late_parcel() -> Value {
    object!({
        "brand": "atelier",
        "text": "Mon colis n'est pas arrivé.\nMa carte : 4111 1111 1111 1111",
        "customer": { "name": "Nadia", "identities": [
            { "kind": "mail", "value": "Nadia@Exemple.fr" }, { "kind": "phone", "value": "06 12 34 56 78" },
        ] },
    })
}

async fn open(program: &mut Browser, key: &str) -> Answer {
    program.json("/api/v1/cases", &late_parcel(), &[("idempotency-key", key)]).await
}

/// The reference of a new case.
async fn opened(program: &mut Browser) -> String {
    let answer = open(program, "first").await;
    assert_eq!(answer.status, StatusCode::CREATED, "{}", answer.body);
    json(&answer)["case"].as_str().unwrap().to_owned()
}

fn code(answer: &Answer) -> (u16, String) {
    assert_eq!(answer.header("content-type"), "application/problem+json", "{}", answer.body);
    (answer.status.as_u16(), json(answer)["code"].as_str().unwrap().to_owned())
}

on_both_engines! {
    async fn a_case_is_opened_once_under_one_key_and_answered_the_same(desk: TestDesk) {
        let mut program = program(&desk, "camille").await;
        let first = open(&mut program, "parcel-1").await;
        assert_eq!(first.status, StatusCode::CREATED, "{}", first.body);
        let case = desk.only_case().await;
        assert_eq!(first.header("location"), format!("/api/v1/cases/{}", case.reference));
        desk.settle().await;
        let again = open(&mut program, "parcel-1").await;
        assert_eq!((again.status, &again.body), (first.status, &first.body));
        assert_eq!(again.header("location"), first.header("location"));
        assert_eq!(desk.cases().await.len(), 1);
        let mut other = late_parcel();
        other["text"] = object!("Autre chose.");
        let refused = program.json("/api/v1/cases", &other, &[("idempotency-key", "parcel-1")]).await;
        assert_eq!(code(&refused), (422, "idempotency-key-reused".to_owned()));
        // The key of one program is nothing to another.
        let mut neighbour = crate::web::api::program(&desk, "sophie").await;
        assert_ne!(open(&mut neighbour, "parcel-1").await.body, first.body);
        assert_eq!(desk.cases().await.len(), 2);
        // It is kept for a day at least, and forgotten in the end.
        desk.pass(SignedDuration::from_hours(25));
        desk::worker::sweep::sweep(&desk.desk).await.unwrap();
        assert_eq!(open(&mut program, "parcel-1").await.body, first.body);
        desk.pass(SignedDuration::from_hours(72));
        desk::worker::sweep::sweep(&desk.desk).await.unwrap();
        assert_ne!(open(&mut program, "parcel-1").await.body, first.body);
        desk.settle().await;
    }

    async fn the_same_report_at_the_same_moment_makes_one_case(desk: TestDesk) {
        let program = program(&desk, "camille").await;
        let header = program.headers[0].1.clone();
        let asks = (0..8).map(|_| {
            let (node, header) = (desk.desk.clone(), header.clone());
            tokio::spawn(async move {
                let mut program = Browser::new(&node);
                program.headers.push(("authorization", header));
                let answer = open(&mut program, "at-once").await;
                (answer.status, answer.body)
            })
        });
        let mut answers = Vec::new();
        for ask in asks.collect::<Vec<_>>() {
            answers.push(ask.await.unwrap());
        }
        assert!(answers.iter().all(|answer| *answer == answers[0] && answer.0 == StatusCode::CREATED), "{answers:?}");
        desk.only_case().await;
        desk.settle().await;
    }

    async fn a_customer_is_found_again_by_any_spelling_of_their_number(desk: TestDesk) {
        let mut program = program(&desk, "camille").await;
        opened(&mut program).await;
        desk.settle().await;
        for known_by in ["nadia@exemple.fr", "NADIA@exemple.FR", "0612345678", "%2B33 6 12 34 56 78", "0033612345678"] {
            let path = format!("/api/v1/customers/atelier?known_by={}", known_by.replace(' ', "%20"));
            let found = json(&program.get(&path).await);
            assert_eq!(found["customers"][0]["name"], "Nadia", "{known_by}");
        }
        let nobody = json(&program.get("/api/v1/customers/atelier?known_by=x@y.example").await);
        assert_eq!(nobody["customers"], object!([]));
        let customer = desk.only_case().await.customer;
        let path = format!("/api/v1/customers/atelier/{customer}");
        let identities = format!("{path}/identities");
        let contract = object!({ "kind": "reference", "value": "ct-2481" });
        for _ in 0..2 {
            let answer = program.json(&identities, &contract, &[]).await;
            assert_eq!(answer.status, StatusCode::CREATED, "{}", answer.body);
        }
        let detail = json(&program.get(&path).await);
        let signs: Vec<_> =
            detail["identities"].as_array().unwrap().iter().map(|sign| sign["value"].as_str().unwrap()).collect();
        assert_eq!(signs, ["nadia@exemple.fr", "+33612345678", "CT-2481"]);
        assert_eq!(detail["cases"].as_array().unwrap().len(), 1);
        desk.mail(&Letter { from: "other@exemple.fr", id: "other@x.fr", ..Letter::default() }).await;
        let taken = object!({ "kind": "mail", "value": "other@exemple.fr" });
        assert_eq!(code(&program.json(&identities, &taken, &[]).await), (422, "identity-taken".to_owned()));
        let odd = object!({ "kind": "mail", "value": "nobody" });
        assert_eq!(code(&program.json(&identities, &odd, &[]).await), (422, "no-identity".to_owned()));
        desk.settle().await;
    }

    async fn every_act_leaves_its_receipt_and_its_event(desk: TestDesk) {
        let mut program = program(&desk, "camille").await;
        let case = opened(&mut program).await;
        desk.settle().await;
        let path = format!("/api/v1/cases/{case}");
        let acts = [
            ("notes", object!({ "text": "À rappeler." }), "note_written"),
            ("replies", object!({ "text": "Nous cherchons." }), "message_written"),
            ("statements", object!({ "text": "Toujours rien.", "channel": "phone" }), "message_received"),
            ("calls", object!({ "direction": "outbound", "result": "voicemail", "text": "Message laissé." }), "called"),
            ("status", object!({ "to": "waiting_third_party", "third_party": "Transporteur",
                "chase_at": "2026-03-10T09:00:00Z" }), "status_changed"),
            ("status", object!({ "to": "open" }), "status_changed"),
            ("nature", object!({ "to": "dispute", "reason": "Conteste le montant" }), "nature_changed"),
            ("commitments", object!({ "promise": "Remboursement", "due_at": "2026-03-09T17:00:00Z" }), "committed"),
            ("links/revocation", object!({}), "links_revoked"),
            ("proposals", object!({ "text": "Nous vous remboursons." }), "solution_proposed"),
            ("confirmation", object!({}), "closed"),
            ("reopening", object!({ "text": "Rien reçu." }), "reopened"),
            ("assignment", object!({ "agent": desk.agent("camille").id.to_string() }), "assigned"),
        ];
        for (act, body, event) in acts {
            let answer = program.json(&format!("{path}/{act}"), &body, &[("idempotency-key", act)]).await;
            // The second change of standing comes under the key of the first: it is another request.
            if act == "status" && body["to"] == "open" {
                assert_eq!(code(&answer), (422, "idempotency-key-reused".to_owned()));
                let answer = program.json(&format!("{path}/{act}"), &body, &[]).await;
                assert_eq!(answer.status, StatusCode::OK, "{}", answer.body);
                continue;
            }
            assert_eq!(answer.status, StatusCode::OK, "{act}: {}", answer.body);
            desk.settle().await;
            let again = program.json(&format!("{path}/{act}"), &body, &[("idempotency-key", act)]).await;
            assert_eq!(again.body, answer.body, "{act}");
            let detail = json(&program.get(&path).await);
            let written = detail["timeline"].as_array().unwrap().iter().filter(|entry| entry["event"] == event).count();
            assert!(written > 0, "{act}: {event} is not in {}", detail["timeline"]);
        }
        let detail = json(&program.get(&path).await);
        let promise = &detail["commitments"][0];
        assert_eq!(promise["promise"], "Remboursement");
        let keeping = format!("{path}/commitments/{}/keeping", promise["id"].as_str().unwrap());
        assert_eq!(program.json(&keeping, &object!({}), &[]).await.status, StatusCode::OK);
        let detail = json(&program.get(&path).await);
        assert_eq!(detail["commitments"], object!([]));
        let texts = detail["messages"].to_string();
        assert!(!texts.contains("rappeler") && !texts.contains("4111 1111"), "notes and card numbers stay: {texts}");
        desk.settle().await;
    }

    async fn an_act_on_condition_is_done_only_while_the_case_stands_there(desk: TestDesk) {
        let mut program = program(&desk, "camille").await;
        let path = format!("/api/v1/cases/{}", opened(&mut program).await);
        desk.settle().await;
        let tag = program.get(&path).await.header("etag").to_owned();
        program.headers.push(("if-none-match", tag.clone()));
        let unchanged = program.get(&path).await;
        assert_eq!((unchanged.status, unchanged.body.as_str()), (StatusCode::NOT_MODIFIED, ""));
        program.headers.pop();
        let note = object!({ "text": "Vu." });
        let notes = format!("{path}/notes");
        let done = program.json(&notes, &note, &[("if-match", &tag)]).await;
        assert_eq!(done.status, StatusCode::OK, "{}", done.body);
        assert_eq!(code(&program.json(&notes, &note, &[("if-match", &tag)]).await), (412, "changed".to_owned()));
        assert_eq!(code(&program.json(&notes, &note, &[("if-match", "\"odd\"")]).await), (412, "changed".to_owned()));
        assert_eq!(code(&program.json(&notes, &note, &[("if-match", "odd")]).await).0, 400);
        let now = format!("\"{}\"", json(&done)["seq"]);
        assert_eq!(program.get(&path).await.header("etag"), now);
        assert_eq!(program.json(&notes, &note, &[("if-match", &now)]).await.status, StatusCode::OK);
        assert_eq!(program.json(&notes, &note, &[("if-match", "*")]).await.status, StatusCode::OK);
    }

    async fn messages_are_read_page_by_page_without_notes(desk: TestDesk) {
        let mut program = program(&desk, "camille").await;
        let path = format!("/api/v1/cases/{}", opened(&mut program).await);
        for number in 0..4 {
            desk.pass(SignedDuration::from_mins(1));
            program.json(&format!("{path}/notes"), &object!({ "text": "Note." }), &[]).await;
            let said = object!({ "text": format!("Message {number}") });
            assert_eq!(program.json(&format!("{path}/statements"), &said, &[]).await.status, StatusCode::OK);
        }
        desk.settle().await;
        let (mut texts, mut page) = (Vec::new(), format!("{path}/messages?limit=2"));
        loop {
            let answer = json(&program.get(&page).await);
            texts.extend(answer["messages"].as_array().unwrap().iter().map(|one| one["text"].clone()));
            let Some(next) = answer["next"].as_str() else { break };
            page = format!("{path}/messages?limit=2&after={next}");
        }
        let said: Vec<_> = texts.iter().filter(|text| text.as_str().unwrap().starts_with("Message")).collect();
        assert_eq!(said, ["Message 0", "Message 1", "Message 2", "Message 3"]);
        assert!(!texts.contains(&object!("Note.")));
    }

    async fn a_token_of_one_brand_or_scope_opens_nothing_else(desk: TestDesk) {
        let mut program = program(&desk, "camille").await;
        let case = opened(&mut program).await;
        desk.settle().await;
        let customer = desk.only_case().await.customer;
        let other = Brand {
            id: BrandId(2),
            slug: "autre".to_owned(),
            name: "Autre".to_owned(),
            language: "fr".to_owned(),
            zone: "Europe/Paris".to_owned(),
        };
        desk.desk.store.add_brand(other).await.unwrap();
        let of_other = |token: NewToken| NewToken { brands: Some(vec![BrandId(2)]), ..token };
        let mut elsewhere = program_with(&desk, "admin", of_other).await;
        let listed = json(&elsewhere.get("/api/v1/cases").await);
        assert_eq!(listed["cases"], object!([]), "other brand's token lists nothing");
        for path in [
            format!("/api/v1/cases/{case}"),
            format!("/api/v1/cases/{case}/messages"),
            format!("/api/v1/customers/atelier/{customer}"),
            "/api/v1/customers/atelier?known_by=nadia@exemple.fr".to_owned(),
        ] {
            assert_eq!(code(&elsewhere.get(&path).await), (404, "not-found".to_owned()), "{path}");
        }
        let note = object!({ "text": "x" });
        for act in ["notes", "replies", "proposals", "confirmation", "reopening"] {
            let answer = elsewhere.json(&format!("/api/v1/cases/{case}/{act}"), &note, &[]).await;
            assert!(matches!(answer.status.as_u16(), 404 | 422), "{act}: {}", answer.body);
        }
        assert_eq!(code(&open(&mut elsewhere, "x").await), (422, "invalid".to_owned()));
        let mut here = program_with(&desk, "admin", |token| NewToken { brands: Some(vec![BRAND]), ..token }).await;
        assert_eq!(json(&here.get("/api/v1/cases").await)["cases"].as_array().unwrap().len(), 1);
        assert_eq!(json(&here.get("/api/v1/brands").await)["brands"].as_array().unwrap().len(), 1);
        let reads = |token: NewToken| NewToken { scopes: "cases:read".to_owned(), ..token };
        let mut reader = program_with(&desk, "camille", reads).await;
        assert_eq!(reader.get("/api/v1/cases").await.status, StatusCode::OK);
        for (path, body) in [
            (format!("/api/v1/cases/{case}/notes"), &note),
            (format!("/api/v1/cases/{case}/confirmation"), &object!({})),
            ("/api/v1/cases".to_owned(), &late_parcel()),
        ] {
            assert_eq!(code(&reader.json(&path, body, &[]).await), (403, "no-scope".to_owned()), "{path}");
        }
        assert_eq!(code(&reader.get("/api/v1/customers/atelier?known_by=x").await), (403, "no-scope".to_owned()));
    }
}

#[tokio::test]
async fn another_teams_agent_reaches_no_case_by_its_url() {
    let desk = TestDesk::open(Engine::Sqlite).await.unwrap();
    let mut own = program(&desk, "camille").await;
    let case = opened(&mut own).await;
    desk.settle().await;
    let mut stranger = program(&desk, "idriss").await;
    assert_eq!(stranger.get(&format!("/api/v1/cases/{case}")).await.status, StatusCode::NOT_FOUND);
    for act in ["notes", "replies", "proposals", "links/revocation", "confirmation"] {
        let body = if act.contains('o') && (act == "notes" || act == "replies" || act == "proposals") {
            object!({ "text": "x" })
        } else {
            object!({})
        };
        let answer = stranger.json(&format!("/api/v1/cases/{case}/{act}"), &body, &[]).await;
        assert_eq!(answer.status, StatusCode::NOT_FOUND, "{act}");
    }
}

#[tokio::test]
async fn a_replayed_token_that_was_revoked_or_has_expired_is_none() {
    let desk = TestDesk::open(Engine::Sqlite).await.unwrap();
    let end = desk.desk.clock.now().checked_add(SignedDuration::from_hours(1)).unwrap();
    let short = |token: NewToken| NewToken { name: "short".to_owned(), expires_at: Some(end), ..token };
    let mut program = program_with(&desk, "camille", short).await;
    assert_eq!(program.get("/api/v1/cases").await.status, StatusCode::OK);
    desk.pass(SignedDuration::from_hours(1));
    assert_eq!(code(&program.get("/api/v1/cases").await), (401, "no-token".to_owned()));
    let mut other =
        program_with(&desk, "camille", |token| NewToken { name: "other".to_owned(), ..token }).await;
    assert_eq!(other.get("/api/v1/cases").await.status, StatusCode::OK);
    assert!(desk.desk.store.revoke_token("other".to_owned(), desk.desk.clock.now()).await.unwrap());
    assert_eq!(code(&other.get("/api/v1/cases").await), (401, "no-token".to_owned()));
}

#[tokio::test]
async fn each_answer_says_what_is_left_and_too_many_have_to_wait() {
    let desk = TestDesk::open(Engine::Sqlite).await.unwrap();
    let two = |token: NewToken| NewToken { per_minute: Some(2), ..token };
    let mut program = program_with(&desk, "camille", two).await;
    let told = |answer: &Answer| {
        ["ratelimit-limit", "ratelimit-remaining", "ratelimit-reset"]
            .map(|name| answer.header(name).to_owned())
    };
    assert_eq!(told(&program.get("/api/v1/cases").await), ["2", "1", "60"]);
    assert_eq!(told(&program.get("/api/v1/cases/zzz").await), ["2", "0", "60"], "also when it refuses");
    let refused = program.get("/api/v1/cases").await;
    assert_eq!(code(&refused), (429, "too-many-requests".to_owned()));
    assert_eq!(refused.header("retry-after"), "60");
    desk.pass(SignedDuration::from_secs(60));
    assert_eq!(program.get("/api/v1/cases").await.status, StatusCode::OK);
}

#[tokio::test]
async fn odd_requests_are_refused_in_words_that_programs_can_read() {
    let desk = TestDesk::open(Engine::Sqlite).await.unwrap();
    let mut program = program(&desk, "camille").await;
    let path = format!("/api/v1/cases/{}", opened(&mut program).await);
    desk.settle().await;
    for (place, body, expect) in [
        ("notes", object!({}), (422, "empty")),
        ("notes", object!({ "text": 7 }), (422, "invalid")),
        ("notes", object!({ "odd": "x" }), (422, "invalid")),
        ("notes", object!([]), (422, "invalid")),
        ("notes", object!({ "text": "x".repeat(300 * 1024) }), (422, "too-long")),
        ("notes", object!({ "text": "x".repeat(1_100_000) }), (413, "too-large")),
        ("status", object!({ "to": "nowhere" }), (422, "invalid")),
        ("status", object!({ "to": "waiting_third_party" }), (422, "no-chase-date")),
        ("commitments", object!({ "promise": "x", "due_at": "hier" }), (422, "invalid")),
        ("commitments", object!({ "promise": "x", "due_at": "2020-01-01T00:00:00Z" }), (422, "no-due-date")),
        ("confirmation", object!({}), (422, "nothing-proposed")),
    ] {
        let answer = program.json(&format!("{path}/{place}"), &body, &[]).await;
        assert_eq!(code(&answer), (expect.0, expect.1.to_owned()), "{place}");
    }
    let form = program.post_bare(&format!("{path}/notes"), &[("text", "x")]).await;
    assert_eq!(code(&form), (415, "unsupported-media-type".to_owned()));
    let wrong = program.send(axum::http::Method::PUT, &path, String::new()).await;
    assert_eq!(code(&wrong), (405, "method-not-allowed".to_owned()));
    for key in ["", " ", &"k".repeat(256)] {
        let answer = program
            .json(&format!("{path}/notes"), &object!({ "text": "x" }), &[("idempotency-key", key)])
            .await;
        assert_eq!(code(&answer), (400, "unreadable".to_owned()), "{key:?}");
    }
    let nobody = object!({ "brand": "atelier", "text": "Bonjour", "customer": {} });
    assert_eq!(code(&program.json("/api/v1/cases", &nobody, &[]).await), (422, "no-identity".to_owned()));
}

#[tokio::test]
async fn the_description_is_there_for_programs_and_for_people() {
    let desk = TestDesk::open(Engine::Sqlite).await.unwrap();
    let mut anybody = Browser::new(&desk.desk);
    let document = json(&anybody.get("/api/openapi.json").await);
    assert!(document["paths"]["/api/v1/cases"]["post"]["requestBody"].is_object());
    let page = anybody.get("/api").await;
    assert_eq!(page.status, StatusCode::OK);
    for word in ["/api/v1/cases/{reference}/commitments", "type-NewCase", "problem-changed", "cases:write"] {
        assert!(page.body.contains(word), "{word}");
    }
}

#[tokio::test]
async fn a_file_is_brought_and_named_once() {
    let desk = TestDesk::open(Engine::Sqlite).await.unwrap();
    desk.mail(&Letter::default()).await;
    let case = desk.only_case().await;
    let mut program = program(&desk, "camille").await;
    let brought =
        program.post_as("/api/v1/files?name=..%2Ffacture.pdf", "application/pdf", b"%PDF-1.7").await;
    assert_eq!(brought.status, StatusCode::CREATED, "{}", brought.body);
    let brought = json(&brought);
    assert_eq!(
        (brought["name"].as_str(), brought["media_type"].as_str()),
        (Some("facture.pdf"), Some("application/pdf"))
    );
    let reply = object!({ "text": "Voici.", "files": [brought["file"]] });
    let path = format!("/api/v1/cases/{}/replies", case.reference);
    let key = [("idempotency-key", "1")];
    let first = program.json(&path, &reply, &key).await;
    assert_eq!(first.status, StatusCode::OK, "{}", first.body);
    assert_eq!(program.json(&path, &reply, &key).await.body, first.body, "the same is answered the same");
    let again = program.json(&path, &reply, &[("idempotency-key", "2")]).await;
    assert_eq!(again.status, StatusCode::CONFLICT, "a file is in one message");
    for files in [object!(["x"]), object!(["0".repeat(32) + ".x"]), object!("x")] {
        let answer = program.json(&path, &object!({ "text": "x", "files": files }), &[]).await;
        assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY, "{files}");
    }
    desk.settle().await;
    let page = json(&program.get(&format!("/api/v1/cases/{}/messages", case.reference)).await);
    let message =
        page["messages"].as_array().unwrap().iter().find(|m| m["files"][0]["name"] == "facture.pdf").unwrap();
    let path =
        format!("/api/v1/cases/{}/messages/{}/files/0", case.reference, message["id"].as_str().unwrap());
    assert_eq!(program.get(&path).await.body, "%PDF-1.7");
}
