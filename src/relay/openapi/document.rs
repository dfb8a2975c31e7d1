//! The document, and whether the file is it.

use std::collections::BTreeSet;

use serde_json::{Value, json};

use super::DOCUMENT;
use super::components::components;
use super::operations::operations;

fn document() -> Value {
    let mut paths = json!({});
    for operation in operations() {
        let (path, method) = (operation.path, operation.method.to_ascii_lowercase());
        paths[path][method] = operation.document();
    }
    json!({
        "openapi": "3.1.1",
        "jsonSchemaDialect": "https://json-schema.org/draft/2020-12/schema",
        "info": {
            "title": "ticketwire relay",
            "version": env!("CARGO_PKG_VERSION"),
            "summary": "Takes ticket events, delivers them to a ticket automation agent, and brings its replies back.",
            "license": { "name": "MIT OR Apache-2.0", "identifier": "MIT OR Apache-2.0" },
        },
        "servers": [{ "url": "/" }],
        "paths": paths,
        "components": components(),
    })
}

#[test]
fn the_file_is_what_the_relay_is() {
    let file = concat!(env!("CARGO_MANIFEST_DIR"), "/src/relay/openapi/openapi.json");
    let current = serde_json::to_string(&document()).unwrap();
    if std::env::var_os("UPDATE").is_some() {
        std::fs::write(file, current).unwrap();
        return;
    }
    assert!(
        DOCUMENT == current,
        "openapi.json is of an older relay; make it anew: UPDATE=1 cargo test --features relay openapi"
    );
}

#[test]
fn every_operation_is_routed() {
    for operation in operations() {
        assert!(operation.route().is_some(), "{} {}", operation.method, operation.path);
    }
}

#[test]
fn every_link_leads_somewhere() {
    let document = document();
    let mut links = BTreeSet::new();
    collect(&document, &mut links);
    assert!(links.len() > 30);
    for link in links {
        assert!(document.pointer(link.trim_start_matches('#')).is_some(), "{link}");
    }
}

fn collect(value: &Value, links: &mut BTreeSet<String>) {
    match value {
        Value::Object(members) => {
            links.extend(members.get("$ref").and_then(Value::as_str).map(str::to_owned));
            members.values().for_each(|member| collect(member, links));
        }
        Value::Array(items) => items.iter().for_each(|item| collect(item, links)),
        _ => {}
    }
}
