//! A client of the Toss Payments API, version 1: confirm, look up, cancel.
//!
//! Authentication is HTTP basic with the secret key as user and no password. `orderId` is the id of
//! one attempt to pay. Repeats of confirm and cancel carry an `Idempotency-Key`, so that they are
//! done once however often they are sent.

use std::time::Duration;

use reqwest::{Client, Method, RequestBuilder, Response, StatusCode, Url};
use serde::Deserialize;
use serde_json::json;
use tracing::Instrument as _;

use crate::config::{PaymentConfig, Secret};
use crate::trace;

/// What the provider says of an attempt.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Answer {
    /// The money was taken.
    Done {
        /// The provider's name for the payment.
        payment_key: String,
        /// How much.
        amount_minor: i64,
    },
    /// It was not, and will not be.
    Refused {
        /// Why.
        code: String,
    },
    /// Not decided yet.
    Open,
    /// The provider has not heard of it.
    Missing,
}

/// The provider did not say anything that settles the matter.
#[derive(Debug, thiserror::Error)]
pub(super) enum TossError {
    /// It cannot be reached, or did not answer in time.
    #[error("no answer: {0}")]
    Silent(reqwest::Error),
    /// It answered something that is not in its protocol, or that it has a fault.
    #[error("answered {status}: {code}")]
    Odd {
        /// The HTTP status.
        status: StatusCode,
        /// The code in it, if any.
        code: String,
    },
}

impl From<reqwest::Error> for TossError {
    /// Without the URL: it may name the payment as the provider does, which is nothing for a log.
    fn from(error: reqwest::Error) -> Self {
        Self::Silent(error.without_url())
    }
}

/// The client could not be made.
#[derive(Debug, thiserror::Error)]
#[error("payments: {0}")]
pub(crate) struct SetUpError(String);

/// A client with one account's keys.
pub(crate) struct TossClient {
    http: Client,
    api: Url,
    window: Url,
    client_key: String,
    secret_key: Secret,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct PaymentBody {
    payment_key: String,
    status: String,
    total_amount: i64,
}

#[derive(Default, Deserialize)]
struct ErrorBody {
    #[serde(default)]
    code: String,
}

impl TossClient {
    pub(crate) fn new(config: &PaymentConfig) -> Result<Self, SetUpError> {
        let url = |name: &str, text: &str| {
            Url::parse(text).map_err(|error| SetUpError(format!("{name} is no URL: {error}")))
        };
        let http = Client::builder()
            .timeout(Duration::from_millis(config.timeout_ms))
            .build()
            .map_err(|error| SetUpError(error.to_string()))?;
        Ok(Self {
            http,
            api: url("api_url", &config.api_url)?,
            window: url("window_url", &config.window_url)?,
            client_key: config.client_key.clone(),
            secret_key: config.secret_key.clone(),
        })
    }

    /// Whether the keys are for trying: the provider takes no money with those.
    pub(super) fn is_sandbox(&self) -> bool {
        self.secret_key.expose().starts_with("test_")
    }

    /// The page that a browser is sent to.
    pub(super) fn window_url(&self, parameters: &[(&str, &str)]) -> String {
        let mut url = self.window.clone();
        url.query_pairs_mut().append_pair("clientKey", &self.client_key).extend_pairs(parameters);
        url.into()
    }

    /// Takes the money that the fan has agreed to.
    pub(super) async fn confirm(
        &self,
        order_id: &str,
        payment_key: &str,
        amount_minor: i64,
    ) -> Result<Answer, TossError> {
        let body = json!({"paymentKey": payment_key, "orderId": order_id, "amount": amount_minor});
        let request = self
            .request(Method::POST, "v1/payments/confirm")
            .header("Idempotency-Key", format!("confirm-{order_id}"))
            .json(&body);
        let response = send("confirm", request).await?;
        let status = response.status();
        if status.is_success() {
            return read_payment(response).await;
        }
        let code = code_of(response).await;
        match status {
            // It was confirmed before: ask what came of it.
            _ if code == "ALREADY_PROCESSED_PAYMENT" => self.look_up(order_id).await,
            // A lapsed session, a refusing card: the money stays where it is.
            StatusCode::BAD_REQUEST | StatusCode::FORBIDDEN | StatusCode::NOT_FOUND => {
                Ok(Answer::Refused { code })
            }
            status => Err(TossError::Odd { status, code }),
        }
    }

    /// What became of an attempt.
    pub(super) async fn look_up(&self, order_id: &str) -> Result<Answer, TossError> {
        let path = format!("v1/payments/orders/{order_id}");
        let response = send("look_up", self.request(Method::GET, &path)).await?;
        let status = response.status();
        if status.is_success() {
            return read_payment(response).await;
        }
        let code = code_of(response).await;
        if status == StatusCode::NOT_FOUND {
            Ok(Answer::Missing)
        } else {
            Err(TossError::Odd { status, code })
        }
    }

    /// Gives the money of a payment back, all of it.
    pub(super) async fn cancel(&self, order_id: &str, payment_key: &str) -> Result<(), TossError> {
        let path = format!("v1/payments/{payment_key}/cancel");
        let request = self
            .request(Method::POST, &path)
            .header("Idempotency-Key", format!("cancel-{order_id}"))
            .json(&json!({"cancelReason": "returned"}));
        let response = send("cancel", request).await?;
        let status = response.status();
        if status.is_success() {
            return Ok(());
        }
        let code = code_of(response).await;
        if code == "ALREADY_CANCELED_PAYMENT" {
            Ok(())
        } else {
            Err(TossError::Odd { status, code })
        }
    }

    fn request(&self, method: Method, path: &str) -> RequestBuilder {
        let mut url = self.api.clone();
        url.set_path(path);
        self.http.request(method, url).basic_auth(self.secret_key.expose(), Some(""))
    }
}

async fn send(step: &'static str, request: RequestBuilder) -> Result<Response, reqwest::Error> {
    request.send().instrument(trace::payment(step)).await
}

async fn read_payment(response: Response) -> Result<Answer, TossError> {
    let payment: PaymentBody = response.json().await?;
    Ok(match payment.status.as_str() {
        "DONE" => {
            Answer::Done { payment_key: payment.payment_key, amount_minor: payment.total_amount }
        }
        "READY" | "IN_PROGRESS" | "WAITING_FOR_DEPOSIT" => Answer::Open,
        _ => Answer::Refused { code: payment.status },
    })
}

async fn code_of(response: Response) -> String {
    response.json::<ErrorBody>().await.unwrap_or_default().code
}
