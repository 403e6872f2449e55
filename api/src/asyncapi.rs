//! The description of the record stream (AsyncAPI 3.0), generated from its messages.

use serde_json::{Map, Value, json};
use utoipa::OpenApi as _;

use crate::wire::records::RecordMessage;

/// Where schemas are in the description.
const SCHEMAS: &str = "#/components/schemas/";

#[derive(utoipa::OpenApi)]
#[openapi(components(schemas(RecordMessage)))]
struct Schemas;

/// The whole description.
///
/// # Panics
/// If a message's schema is not built as the derives build them; a test keeps that from happening.
pub(crate) fn description() -> Value {
    let derived = serde_json::to_value(Schemas::openapi()).expect("a description is JSON");
    let mut schemas = object(&derived["components"]["schemas"]);
    let (kinds, head) = (schemas.remove("ChangeView"), schemas.remove("RecordMessage"));
    let head = head.expect("it was asked for")["allOf"][1].clone();
    schemas.insert("RecordHead".to_owned(), head);
    let kinds = kinds.expect("a message has a kind")["oneOf"].clone();
    let mut messages: Map<String, Value> =
        kinds.as_array().expect("of several").iter().map(message).collect();
    let on_records: Map<String, Value> = messages.keys().map(reference).collect();
    messages.insert("dead_letter".to_owned(), dead_letter());
    json!({
        "asyncapi": "3.0.0",
        "info": {
            "title": "tiketi records",
            "version": env!("CARGO_PKG_VERSION"),
            "description": "What happens in the sales of events, record by record, for whoever \
                wants to know. Messages of one event have its id as key: they are in one \
                partition, in order. Each comes at least once; one that comes again has the same \
                bytes and the same `seq`. Numbers grow by event and may skip. Ignore kinds and \
                fields that you do not know; leave messages of another `version` alone. Rehearsals \
                are not in it: what is here is sold.",
        },
        "defaultContentType": "application/json",
        "channels": {
            "records": {
                "address": "{prefix}.records",
                "description": "Every record that concerns others.",
                "parameters": prefix(),
                "messages": on_records,
            },
            "dead": {
                "address": "{prefix}.records.dead",
                "description": "What a consumer of tiketi's own could not read, until it is \
                    replayed. Compacted by position; an empty message takes a letter away.",
                "parameters": prefix(),
                "messages": { "dead_letter": { "$ref": "#/components/messages/dead_letter" } },
            },
        },
        "operations": {
            "publish": { "action": "send", "channel": { "$ref": "#/channels/records" } },
            "bury": { "action": "send", "channel": { "$ref": "#/channels/dead" } },
        },
        "components": { "messages": messages, "schemas": schemas },
    })
}

fn object(value: &Value) -> Map<String, Value> {
    value.as_object().cloned().expect("it is an object")
}

/// One kind of message, from its part of the derived schema.
fn message(kind: &Value) -> (String, Value) {
    let name = kind["properties"]["kind"]["enum"][0].as_str().expect("a kind has a name");
    let message = json!({
        "name": name,
        "summary": kind["description"],
        "headers": {
            "type": "object",
            "properties": {
                "seq": { "type": "string", "description": "As in the payload." },
                "traceparent": {
                    "type": "string",
                    "description": "The span that published it (W3C Trace Context), if it is traced.",
                },
            },
        },
        "payload": { "allOf": [{ "$ref": format!("{SCHEMAS}RecordHead") }, kind] },
        "bindings": { "kafka": {
            "key": { "type": "string", "description": "The event's id." },
            "bindingVersion": "0.5.0",
        } },
    });
    (name.to_owned(), message)
}

fn reference(name: &String) -> (String, Value) {
    (name.clone(), json!({ "$ref": format!("#/components/messages/{name}") }))
}

fn dead_letter() -> Value {
    let text = |description: &str| json!({ "type": "string", "description": description });
    json!({
        "name": "dead_letter",
        "summary": "A message that could not be read.",
        "headers": {
            "type": "object",
            "properties": {
                "reason": text("Why."),
                "event": text("The event it was sent for; absent if it did not say."),
                "seq": text("Which record it said it is; absent if it did not say."),
            },
            "required": ["reason"],
        },
        "payload": { "description": "What was received, whatever it was." },
        "bindings": { "kafka": {
            "key": text("The consumer, and the message's partition and offset."),
            "bindingVersion": "0.5.0",
        } },
    })
}

fn prefix() -> Value {
    json!({ "prefix": {
        "default": "tiketi",
        "description": "What the installation's topics begin with.",
    } })
}
