//! The shared vectors through the core as it runs in Node: WebAssembly, called with bytes.

#![cfg(target_arch = "wasm32")]
#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test may panic")]

mod vectors;

use serde_json::Value;
use ticketwire::client::{api_code, check_event, check_event_json, check_reply_json, wait_ms};
use ticketwire::event::Policy;
use wasm_bindgen_test::wasm_bindgen_test;

fn said(json: &str) -> Value {
    serde_json::from_str(json).unwrap()
}

fn pairs(findings: &Value) -> Vec<[String; 2]> {
    let text = |finding: &Value, name: &str| finding[name].as_str().unwrap().to_owned();
    let findings = findings.as_array().into_iter().flatten();
    findings.map(|finding| [text(finding, "pointer"), text(finding, "code")]).collect()
}

#[wasm_bindgen_test]
fn every_vector_gives_its_issues_and_warnings() {
    let mut run = 0;
    for vector in vectors::events().iter().filter(|vector| vector.policy == Policy::default()) {
        let outcome = said(&check_event_json(&vector.bytes));
        vector.assert_pairs(pairs(&outcome["issues"]), pairs(&outcome["warnings"]));
        assert_eq!(outcome.get("value").is_some(), vector.is_accepted(), "{}", vector.name);
        run += 1;
    }
    assert!(run > 60, "only {run} vectors have the default policy");
}

#[wasm_bindgen_test]
fn what_json_has_no_word_for_is_of_another_kind() {
    let outcome = said(&check_event(Some(r#"{"platformConversationId":?,"metaData":[?]}"#.to_owned())));
    let expected = [["/platformConversationId", "wrong-type"], ["/metaData/0", "wrong-type"]];
    assert_eq!(pairs(&outcome["issues"]), expected.map(|pair| pair.map(str::to_owned)));
    assert_eq!(said(&check_event(None))["issues"][0]["code"], "body-too-large");
    let bytes = said(&check_event_json(br#"{"platformConversationId":?}"#));
    assert_eq!(bytes["issues"][0]["code"], "not-json", "bytes are JSON alone");
}

#[wasm_bindgen_test]
fn replies_and_decisions_come_out() {
    let reply = said(&check_reply_json(br#"{"platformConversationId":"c","text":"Hello","mood":[1.50]}"#));
    assert_eq!(
        (&reply["value"]["text"], &reply["value"]["extra"]["mood"][0]),
        (&"Hello".into(), &1.5.into())
    );
    assert_eq!(api_code(401), "api-credentials-refused");
    assert_eq!((wait_ms(503, -1.0, 1, 2, 0.0), wait_ms(503, 2_000.0, 1, 2, 0.0)), (500.0, 2_000.0));
    assert_eq!(wait_ms(400, -1.0, 1, 2, 0.0), -1.0);
}
