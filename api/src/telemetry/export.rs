//! Exporting spans: OTLP over HTTP, as protobuf, in batches, to a collector beside the node.
//!
//! A batch that the collector does not take is lost, and counted; nobody waits for it. The same goes
//! for spans beyond what may wait.

use std::time::Duration;

use async_trait::async_trait;
use bytes::Bytes;
use opentelemetry::KeyValue;
use opentelemetry::trace::TracerProvider as _;
use opentelemetry_http::{HttpClient, HttpError, Request, Response};
use opentelemetry_otlp::{WithExportConfig as _, WithHttpConfig as _};
use opentelemetry_sdk::Resource;
use opentelemetry_sdk::error::OTelSdkResult;
use opentelemetry_sdk::trace::{
    BatchConfigBuilder, BatchSpanProcessor, Sampler, SdkTracer, SdkTracerProvider, Span, SpanData,
    SpanExporter, SpanProcessor,
};
use prometheus::{IntCounter, Registry};
use tiketi_engine::ports::NodeId;
use tokio::runtime::Handle;
use tracing_opentelemetry::OpenTelemetryLayer;
use tracing_subscriber::registry::LookupSpan;

/// How long the collector may take to answer.
const ANSWER_WITHIN: Duration = Duration::from_secs(5);
/// How long spans wait for others, at most.
const EXPORT_EVERY: Duration = Duration::from_secs(1);
/// Spans that may wait; one more is lost.
const WAITING_MAX: usize = 8_192;
/// Spans of one request to the collector.
const BATCH_MAX: usize = 1_024;
/// How long the last spans may take.
const STOP_WITHIN: Duration = Duration::from_secs(5);

/// What is counted of spans.
#[derive(Debug, Clone)]
pub(crate) struct SpanMetrics {
    /// `tiketi_spans_total`: spans that have ended.
    ended: IntCounter,
    /// `tiketi_spans_exported_total`: spans that the collector has taken.
    exported: IntCounter,
}

impl SpanMetrics {
    /// Registers everything.
    ///
    /// # Errors
    /// If a name is registered already.
    pub(crate) fn register(registry: &Registry) -> Result<Self, prometheus::Error> {
        let ended = IntCounter::new("tiketi_spans_total", "Spans of traces that have ended.")?;
        let exported = IntCounter::new(
            "tiketi_spans_exported_total",
            "Spans that the collector has taken; the others are lost, but for those of the last \
             second or two.",
        )?;
        registry.register(Box::new(ended.clone()))?;
        registry.register(Box::new(exported.clone()))?;
        Ok(Self { ended, exported })
    }
}

/// What exports spans until it is stopped.
pub(super) struct Exporter(SdkTracerProvider);

impl Exporter {
    /// Begins to export to a collector; needs the runtime that the node runs on.
    pub(super) fn start(
        endpoint: &str,
        node: NodeId,
        metrics: &SpanMetrics,
    ) -> Result<Self, Box<dyn std::error::Error>> {
        let http = reqwest::Client::builder().no_proxy().timeout(ANSWER_WITHIN).build()?;
        let exporter = opentelemetry_otlp::SpanExporter::builder()
            .with_http()
            .with_http_client(Collector { http, runtime: Handle::current() })
            .with_endpoint(format!("{}/v1/traces", endpoint.trim_end_matches('/')))
            .with_timeout(ANSWER_WITHIN)
            .build()?;
        let batches = BatchConfigBuilder::default()
            .with_max_queue_size(WAITING_MAX)
            .with_max_export_batch_size(BATCH_MAX)
            .with_scheduled_delay(EXPORT_EVERY)
            .build();
        let exporter = Counted { exporter, exported: metrics.exported.clone() };
        let waiting = BatchSpanProcessor::builder(exporter).with_batch_config(batches).build();
        let resource = Resource::builder_empty().with_service_name("tiketi").with_attributes([
            KeyValue::new("service.version", env!("CARGO_PKG_VERSION")),
            KeyValue::new("service.instance.id", node.to_string()),
        ]);
        let provider = SdkTracerProvider::builder()
            // Whatever is not to be sampled has no span.
            .with_sampler(Sampler::AlwaysOn)
            .with_span_processor(Counting { waiting, ended: metrics.ended.clone() })
            .with_resource(resource.build());
        Ok(Self(provider.build()))
    }

    /// What makes spans of traces of the spans that it is given.
    pub(super) fn layer<S>(&self) -> OpenTelemetryLayer<S, SdkTracer>
    where
        S: tracing::Subscriber + for<'a> LookupSpan<'a>,
    {
        // Parents are said, never taken from the thread; the rest would be the same in all spans.
        tracing_opentelemetry::layer()
            .with_tracer(self.0.tracer("tiketi"))
            .with_context_activation(false)
            .with_tracked_inactivity(false)
            .with_location(false)
            .with_threads(false)
            .with_target(false)
    }

    /// Exports what is left, and ends.
    pub(super) async fn stop(self) {
        let provider = self.0;
        let ended =
            tokio::task::spawn_blocking(move || provider.shutdown_with_timeout(STOP_WITHIN)).await;
        if !matches!(ended, Ok(Ok(()))) {
            tracing::warn!("the last spans were not exported");
        }
    }
}

/// Counts the spans that end.
#[derive(Debug)]
struct Counting {
    waiting: BatchSpanProcessor,
    ended: IntCounter,
}

impl SpanProcessor for Counting {
    fn on_start(&self, span: &mut Span, context: &opentelemetry::Context) {
        self.waiting.on_start(span, context);
    }

    fn on_end(&self, span: SpanData) {
        self.ended.inc();
        self.waiting.on_end(span);
    }

    fn force_flush(&self) -> OTelSdkResult {
        self.waiting.force_flush()
    }

    fn shutdown_with_timeout(&self, timeout: Duration) -> OTelSdkResult {
        self.waiting.shutdown_with_timeout(timeout)
    }

    fn set_resource(&mut self, resource: &Resource) {
        self.waiting.set_resource(resource);
    }
}

/// Counts the spans that were taken.
#[derive(Debug)]
struct Counted {
    exporter: opentelemetry_otlp::SpanExporter,
    exported: IntCounter,
}

impl SpanExporter for Counted {
    async fn export(&self, batch: Vec<SpanData>) -> OTelSdkResult {
        let spans = u64::try_from(batch.len()).unwrap_or(u64::MAX);
        let taken = self.exporter.export(batch).await;
        if taken.is_ok() {
            self.exported.inc_by(spans);
        }
        taken
    }

    fn shutdown_with_timeout(&self, timeout: Duration) -> OTelSdkResult {
        self.exporter.shutdown_with_timeout(timeout)
    }

    fn set_resource(&mut self, resource: &Resource) {
        self.exporter.set_resource(resource);
    }
}

/// The collector, asked from a thread that has no runtime.
#[derive(Debug)]
struct Collector {
    http: reqwest::Client,
    runtime: Handle,
}

#[async_trait]
impl HttpClient for Collector {
    async fn send_bytes(&self, request: Request<Bytes>) -> Result<Response<Bytes>, HttpError> {
        let (http, request) = (self.http.clone(), request.try_into()?);
        let asking = self.runtime.spawn(async move {
            let answer = http.execute(request).await?;
            let (status, body) = (answer.status(), answer.bytes().await?);
            Ok::<_, reqwest::Error>((status, body))
        });
        let (status, body) = asking.await??;
        let mut response = Response::new(body);
        *response.status_mut() = status;
        Ok(response)
    }
}
