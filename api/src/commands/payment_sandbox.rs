//! `tiketi payment-sandbox`: a stand-in for the payment company, as a process of its own.
//!
//! It speaks the part of the Toss Payments protocol that the server uses, and has the page that a
//! browser is sent to. There the tester chooses what happens: the payment succeeds, is declined, or
//! succeeds while the answer is lost.

use std::collections::BTreeMap;
use std::process::ExitCode;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use axum::extract::{Path, Query, Request, State};
use axum::http::header::AUTHORIZATION;
use axum::http::{HeaderMap, HeaderValue, StatusCode};
use axum::middleware::{Next, from_fn_with_state};
use axum::response::{Html, IntoResponse, Redirect, Response};
use axum::routing::{get, post};
use axum::{Form, Json, Router};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use reqwest::Url;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use tokio::net::TcpListener;

use super::say;
use crate::cli::PaymentSandbox;

/// What the tester chose.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Choice {
    /// The money is taken.
    Succeed,
    /// The card is refused when the server confirms.
    Fail,
    /// The money is taken, but the server does not hear of it in time.
    TimeOut,
}

#[derive(Debug, Clone)]
struct Payment {
    order_id: String,
    amount: i64,
    choice: Choice,
    status: &'static str,
    /// The answer to the first confirmation, for repeats of it.
    confirmed: Option<(StatusCode, Value)>,
}

#[derive(Clone)]
struct Sandbox {
    authorization: String,
    slow: Duration,
    /// By payment key.
    payments: Arc<Mutex<BTreeMap<String, Payment>>>,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Window {
    order_id: String,
    order_name: String,
    amount: i64,
    currency: String,
    success_url: String,
    fail_url: String,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Decision {
    order_id: String,
    amount: i64,
    success_url: String,
    fail_url: String,
    choice: String,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Confirm {
    payment_key: String,
    order_id: String,
    amount: i64,
}

pub(super) async fn run(args: PaymentSandbox) -> anyhow::Result<ExitCode> {
    let basic = STANDARD.encode(format!("{}:", args.secret_key));
    let sandbox = Sandbox {
        authorization: format!("Basic {basic}"),
        slow: Duration::from_millis(args.slow_ms),
        payments: Arc::default(),
    };
    let api = Router::new()
        .route("/v1/payments/confirm", post(confirm))
        .route("/v1/payments/{key}", get(show))
        .route("/v1/payments/{key}/cancel", post(cancel))
        .route("/v1/payments/orders/{order}", get(find))
        .layer(from_fn_with_state(sandbox.clone(), authorized));
    let app = Router::new()
        .route("/window", get(window))
        .route("/window/decide", post(decide))
        .merge(api)
        .with_state(sandbox);
    let listener = TcpListener::bind(args.listen).await?;
    say(format!("http://{}", listener.local_addr()?))?;
    let serve = axum::serve(listener, app);
    if args.with_parent {
        serve.with_graceful_shutdown(parent_gone()).await?;
    } else {
        serve.await?;
    }
    Ok(ExitCode::SUCCESS)
}

/// Whoever started this process holds the other end of its standard input; however that one ends,
/// the pipe is closed then.
async fn parent_gone() {
    drop(tokio::io::copy(&mut tokio::io::stdin(), &mut tokio::io::sink()).await);
}

/// The page that a browser is sent to.
async fn window(Query(window): Query<Window>) -> Html<String> {
    let field = |name: &str, value: &str| {
        format!("<input type=hidden name={name} value=\"{}\">", escape(value))
    };
    let hidden = [
        field("orderId", &window.order_id),
        field("amount", &window.amount.to_string()),
        field("successUrl", &window.success_url),
        field("failUrl", &window.fail_url),
    ];
    let button = |choice: &str, text: &str| {
        format!("<button name=choice value={choice} id={choice}>{text}</button>")
    };
    let buttons = [
        button("succeed", "Pay"),
        button("fail", "Pay with a card that is declined"),
        button("time_out", "Pay, but lose the answer"),
        button("give_up", "Go back without paying"),
    ];
    Html(format!(
        "<!doctype html><html lang=en><meta charset=utf-8>\
         <meta name=viewport content=\"width=device-width\"><title>Payment sandbox</title>\
         <link rel=icon href=\"data:,\"><style>body{{font:1rem/1.5 system-ui;max-width:26rem;margin:3rem auto;padding:0 1rem}}\
         button{{display:block;width:100%;margin:.75rem 0;padding:.75rem;font:inherit}}</style>\
         <main><h1>Payment sandbox</h1><p>No money moves here.</p><p><b>{}</b><br>{} {}</p>\
         <form method=post action=/window/decide>{}{}</form></main>",
        escape(&window.order_name),
        escape(&window.currency),
        window.amount,
        hidden.concat(),
        buttons.concat(),
    ))
}

/// Sends the browser back, as the company does after the fan has agreed.
async fn decide(State(sandbox): State<Sandbox>, Form(decision): Form<Decision>) -> Response {
    let choice = match decision.choice.as_str() {
        "succeed" => Choice::Succeed,
        "fail" => Choice::Fail,
        "time_out" => Choice::TimeOut,
        _ => {
            let code = [("code", "PAY_PROCESS_CANCELED"), ("orderId", &decision.order_id)];
            return back_to(&decision.fail_url, &code);
        }
    };
    let key = format!("tsk_{:032x}", rand::random::<u128>());
    let payment = Payment {
        order_id: decision.order_id.clone(),
        amount: decision.amount,
        choice,
        status: "IN_PROGRESS",
        confirmed: None,
    };
    sandbox.payments().insert(key.clone(), payment);
    let amount = decision.amount.to_string();
    let given =
        [("paymentKey", key.as_str()), ("orderId", &decision.order_id), ("amount", &amount)];
    back_to(&decision.success_url, &given)
}

fn back_to(url: &str, parameters: &[(&str, &str)]) -> Response {
    match Url::parse(url) {
        Ok(mut url) if url.scheme() == "http" || url.scheme() == "https" => {
            url.query_pairs_mut().extend_pairs(parameters);
            Redirect::to(url.as_str()).into_response()
        }
        Ok(_) | Err(_) => (StatusCode::BAD_REQUEST, "no such place to go back to").into_response(),
    }
}

async fn authorized(
    State(sandbox): State<Sandbox>,
    headers: HeaderMap,
    request: Request,
    next: Next,
) -> Response {
    let given = headers.get(AUTHORIZATION).map(HeaderValue::as_bytes);
    if given != Some(sandbox.authorization.as_bytes()) {
        return refusal(StatusCode::UNAUTHORIZED, "UNAUTHORIZED_KEY");
    }
    next.run(request).await
}

/// Takes the money. A repeat gets the first answer; one whose answer is to be lost waits.
async fn confirm(State(sandbox): State<Sandbox>, Json(body): Json<Confirm>) -> Response {
    let (answer, slow) = {
        let mut payments = sandbox.payments();
        let Some(payment) = payments.get_mut(&body.payment_key) else {
            return refusal(StatusCode::NOT_FOUND, "NOT_FOUND_PAYMENT_SESSION");
        };
        if payment.order_id != body.order_id || payment.amount != body.amount {
            return refusal(StatusCode::BAD_REQUEST, "INVALID_REQUEST");
        }
        let slow = payment.choice == Choice::TimeOut && payment.confirmed.is_none();
        let answer = payment.confirmed.clone().unwrap_or_else(|| {
            if payment.choice == Choice::Fail {
                payment.status = "ABORTED";
                (StatusCode::FORBIDDEN, json!({"code": "REJECT_CARD_PAYMENT"}))
            } else {
                payment.status = "DONE";
                (StatusCode::OK, described(&body.payment_key, payment))
            }
        });
        payment.confirmed = Some(answer.clone());
        (answer, slow)
    };
    if slow {
        tokio::time::sleep(sandbox.slow).await;
    }
    (answer.0, Json(answer.1)).into_response()
}

async fn show(State(sandbox): State<Sandbox>, Path(key): Path<String>) -> Response {
    match sandbox.payments().get(&key) {
        Some(payment) => Json(described(&key, payment)).into_response(),
        None => refusal(StatusCode::NOT_FOUND, "NOT_FOUND_PAYMENT"),
    }
}

async fn find(State(sandbox): State<Sandbox>, Path(order): Path<String>) -> Response {
    let payments = sandbox.payments();
    // The attempt whose money was taken, or else the last one.
    let of_order = || payments.iter().filter(|(_, payment)| payment.order_id == order);
    let found =
        of_order().find(|(_, payment)| payment.status == "DONE").or_else(|| of_order().next_back());
    match found {
        Some((key, payment)) => Json(described(key, payment)).into_response(),
        None => refusal(StatusCode::NOT_FOUND, "NOT_FOUND_PAYMENT"),
    }
}

async fn cancel(State(sandbox): State<Sandbox>, Path(key): Path<String>) -> Response {
    let mut payments = sandbox.payments();
    let Some(payment) = payments.get_mut(&key) else {
        return refusal(StatusCode::NOT_FOUND, "NOT_FOUND_PAYMENT");
    };
    match payment.status {
        "DONE" => {
            payment.status = "CANCELED";
            Json(described(&key, payment)).into_response()
        }
        "CANCELED" => refusal(StatusCode::BAD_REQUEST, "ALREADY_CANCELED_PAYMENT"),
        _ => refusal(StatusCode::FORBIDDEN, "NOT_CANCELABLE_PAYMENT"),
    }
}

fn described(key: &str, payment: &Payment) -> Value {
    json!({
        "paymentKey": key,
        "orderId": payment.order_id,
        "status": payment.status,
        "totalAmount": payment.amount,
    })
}

fn refusal(status: StatusCode, code: &str) -> Response {
    (status, Json(json!({"code": code, "message": code}))).into_response()
}

fn escape(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('"', "&quot;")
}

impl Sandbox {
    fn payments(&self) -> MutexGuard<'_, BTreeMap<String, Payment>> {
        self.payments.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
