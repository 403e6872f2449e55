//! What HTTP requests count: by route, method and class of status.
//!
//! A route is the template that a request matched, never its path. Whatever is not of the interface
//! (the web app's files, the documentation, what does not exist) has one name for all. Each counter
//! is found when it is registered; a request looks up its route and no more.

use std::collections::HashMap;
use std::sync::Arc;
use std::time::Duration;

use axum::http::{Method, StatusCode};
use prometheus::core::Metric as _;
use prometheus::proto::Bucket;
use prometheus::{
    Histogram, HistogramOpts, HistogramVec, IntCounter, IntCounterVec, Opts, Registry,
};
use utoipa::openapi::OpenApi;
use utoipa::openapi::path::PathItem;

/// The route of what is not of the interface, and the method of what a route does not have.
const OTHER: &str = "other";
/// Classes of statuses, from the first digit on.
const CLASSES: [&str; 5] = ["1xx", "2xx", "3xx", "4xx", "5xx"];
/// From what needs no disk to what the time limit ends.
const SECONDS: [f64; 12] =
    [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 10.0];

/// The bounds of [`HttpMetrics::hold_buckets`], in seconds.
pub(crate) const HOLD_SECONDS: [f64; 12] = SECONDS;
/// Where holds are asked for.
const HOLDS: &str = "/api/v1/events/{event}/holds";

/// The metrics of requests, registered once for a process. Clones are the same.
#[derive(Debug, Clone)]
pub(crate) struct HttpMetrics(Arc<Routes>);

#[derive(Debug)]
struct Routes {
    described: HashMap<String, Route>,
    other: Route,
}

#[derive(Debug)]
struct Route {
    /// `tiketi_http_requests_total`: requests that were answered, by the route's methods and others.
    requests: Vec<(Method, ByClass)>,
    other: ByClass,
    /// `tiketi_http_request_seconds`: time from a request to the head of its answer.
    seconds: Histogram,
}

type ByClass = [IntCounter; CLASSES.len()];

impl HttpMetrics {
    /// Registers everything, for the routes that are described.
    ///
    /// # Errors
    /// If a name is registered already.
    pub(crate) fn register(
        registry: &Registry,
        described: &OpenApi,
    ) -> Result<Self, prometheus::Error> {
        let requests = IntCounterVec::new(
            Opts::new(
                "tiketi_http_requests_total",
                "Requests answered, by route (as in the description of the interface, or other), \
                 method of the route (or other) and class of status.",
            ),
            &["route", "method", "status"],
        )?;
        let seconds = HistogramVec::new(
            HistogramOpts::new(
                "tiketi_http_request_seconds",
                "Time from a request to the head of its answer, by route, in seconds.",
            )
            .buckets(SECONDS.to_vec()),
            &["route"],
        )?;
        registry.register(Box::new(requests.clone()))?;
        registry.register(Box::new(seconds.clone()))?;
        let route = |name: &str, methods: Vec<Method>| Route {
            requests: methods
                .into_iter()
                .map(|method| (method.clone(), by_class(&requests, name, method.as_str())))
                .collect(),
            other: by_class(&requests, name, OTHER),
            seconds: seconds.with_label_values(&[name]),
        };
        let of_path =
            |(path, item): (&String, &PathItem)| (path.clone(), route(path, methods(item)));
        let routes = Routes {
            described: described.paths.paths.iter().map(of_path).collect(),
            other: route(OTHER, vec![Method::GET]),
        };
        Ok(Self(Arc::new(routes)))
    }

    /// Requests for a hold, by how long the answer took: up to each of [`HOLD_SECONDS`], then all.
    pub(crate) fn hold_buckets(&self) -> Vec<u64> {
        let Some(route) = self.0.described.get(HOLDS) else { return Vec::new() };
        let counted = route.seconds.metric();
        let counted = counted.get_histogram();
        let bounded = counted.get_bucket().iter().map(Bucket::cumulative_count);
        bounded.chain([counted.get_sample_count()]).collect()
    }

    /// A request was answered. `route` is what it matched, if anything.
    pub(super) fn answered(
        &self,
        route: Option<&str>,
        method: &Method,
        status: StatusCode,
        after: Duration,
    ) {
        let Routes { described, other } = &*self.0;
        let route = route.and_then(|route| described.get(route)).unwrap_or(other);
        let of_method = route.requests.iter().find(|(known, _)| known == method);
        let by_class = of_method.map_or(&route.other, |(_, by_class)| by_class);
        let class = usize::from(status.as_u16() / 100).clamp(1, CLASSES.len()) - 1;
        by_class[class].inc();
        route.seconds.observe(after.as_secs_f64());
    }
}

fn by_class(requests: &IntCounterVec, route: &str, method: &str) -> ByClass {
    CLASSES.map(|class| requests.with_label_values(&[route, method, class]))
}

fn methods(item: &PathItem) -> Vec<Method> {
    let all = [
        (Method::GET, &item.get),
        (Method::POST, &item.post),
        (Method::PUT, &item.put),
        (Method::PATCH, &item.patch),
        (Method::DELETE, &item.delete),
    ];
    all.into_iter().filter(|(_, operation)| operation.is_some()).map(|(method, _)| method).collect()
}
