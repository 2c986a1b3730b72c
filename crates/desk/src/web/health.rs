//! Whether the desk can work: asked by whoever watches the machine.

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use serde_json::{Value, json};

use crate::desk::Desk;

/// GET `/health`: 200 when the database answers.
pub(super) async fn health(State(desk): State<Desk>) -> (StatusCode, Json<Value>) {
    match desk.store.is_awake().await {
        Ok(()) => (StatusCode::OK, Json(json!({ "status": "ok" }))),
        Err(error) => {
            tracing::warn!(%error, "the database does not answer");
            (StatusCode::SERVICE_UNAVAILABLE, Json(json!({ "status": "the database does not answer" })))
        }
    }
}
