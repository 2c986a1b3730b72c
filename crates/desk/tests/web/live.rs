//! Live changes: told to those who may see the case, by the name of the view alone; over when the desk stops.

use std::time::Duration;

use axum::body::Body;
use axum::http::{Request, header};
use desk::worker::notify::{Told, tell};
use futures::StreamExt;
use tower::ServiceExt;

use super::browser::Browser;
use crate::support::{Engine, Letter, TestDesk};

type Stream = axum::body::BodyDataStream;

async fn follow(desk: &TestDesk, agent: &str) -> Stream {
    let browser = Browser::of(&desk.desk, desk.agent(agent)).await;
    let session = format!("suivi_session={}", browser.cookies["suivi_session"]);
    let request = Request::get("/live").header(header::COOKIE, session).body(Body::empty()).unwrap();
    let response = desk::web::router(desk.desk.clone()).oneshot(request).await.unwrap();
    assert_eq!(response.headers()["content-type"], "text/event-stream");
    response.into_body().into_data_stream()
}

/// The next word of the stream; `None` when there is none for a while, or it has ended.
async fn next(stream: &mut Stream) -> Option<String> {
    let next = tokio::time::timeout(Duration::from_millis(300), stream.next()).await.ok()??;
    Some(String::from_utf8(next.unwrap().to_vec()).unwrap())
}

#[tokio::test]
async fn changes_are_told_to_those_who_may_see_the_case() {
    let desk = TestDesk::open(Engine::Sqlite).await.unwrap();
    let mut told = Told::default();
    let mut camille = follow(&desk, "camille").await;
    let mut idriss = follow(&desk, "idriss").await;
    // The streams are asked once, so that they listen before anything happens.
    assert_eq!((next(&mut camille).await, next(&mut idriss).await), (None, None));
    desk.mail(&Letter::default()).await;
    tell(&desk.desk, &mut told).await.unwrap();
    let reference = desk.only_case().await.reference;
    let mut heard = vec![next(&mut camille).await.unwrap(), next(&mut camille).await.unwrap()];
    heard.sort();
    assert_eq!(
        heard,
        [format!("event: view\ndata: case/{reference}\n\n"), "event: view\ndata: cases\n\n".to_owned()]
    );
    assert_eq!(next(&mut idriss).await, None, "another team hears nothing");
    desk.desk.stopping.cancel();
    assert!(camille.next().await.is_none(), "the stream ends with the desk");
}
