//! The shared vectors through the core as it runs in Node: WebAssembly, called with bytes.

#![cfg(target_arch = "wasm32")]
#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test may panic")]

mod vectors;

use serde_json::Value;
use ticketwire::client::{api_code, check_event, check_reply, wait_ms};
use ticketwire::event::Policy;
use wasm_bindgen_test::wasm_bindgen_test;

fn said(json: Option<Vec<u8>>) -> Value {
    json.map_or(Value::Null, |json| serde_json::from_slice(&json).unwrap())
}

/// Pointer and code of each finding, which is three texts.
fn pairs(findings: &Value) -> Vec<[String; 2]> {
    let texts: Vec<_> =
        findings.as_array().into_iter().flatten().map(|text| text.as_str().unwrap()).collect();
    texts.chunks(3).map(|finding| [finding[1].to_owned(), finding[0].to_owned()]).collect()
}

#[wasm_bindgen_test]
fn every_vector_gives_its_issues_and_warnings() {
    let mut run = 0;
    for vector in vectors::events().iter().filter(|vector| vector.policy == Policy::default()) {
        let outcome = said(check_event(&vector.bytes, false));
        vector.assert_pairs(pairs(&outcome["issues"]), pairs(&outcome["warnings"]));
        assert_eq!(outcome.get("issues").is_none(), vector.is_accepted(), "{}", vector.name);
        run += 1;
    }
    assert!(run > 60, "only {run} vectors have the default policy");
}

#[wasm_bindgen_test]
fn what_json_has_no_word_for_is_of_another_kind() {
    let outcome = said(check_event(br#"{"platformConversationId":?,"metaData":[?]}"#, true));
    let expected = [["/platformConversationId", "wrong-type"], ["/metaData/0", "wrong-type"]];
    assert_eq!(pairs(&outcome["issues"]), expected.map(|pair| pair.map(str::to_owned)));
    assert_eq!(said(check_event(b"", true))["issues"][0], "body-too-large");
    assert_eq!(said(check_event(b"", false))["issues"][0], "no-body");
    let bytes = said(check_event(br#"{"platformConversationId":?}"#, false));
    assert_eq!(bytes["issues"][0], "not-json", "bytes are JSON alone");
}

#[wasm_bindgen_test]
fn what_may_go_as_it_is_needs_no_answer() {
    let whole = br#"{"platformConversationId":"c","platform":"PUBLIC_API"}"#;
    assert_eq!(check_event(whole, false), None);
    let filled_in = said(check_event(br#"{"platformConversationId":"c"}"#, false));
    assert_eq!(filled_in["platform"], "PUBLIC_API");
    let unusual = said(check_event(br#"{"platformConversationId":"c","platform":"other"}"#, false));
    assert_eq!((unusual.get("platform"), &unusual["warnings"][0]), (None, &"unusual-platform".into()));
}

#[wasm_bindgen_test]
fn replies_and_decisions_come_out() {
    let reply = said(Some(check_reply(br#"{"platformConversationId":"c","text":"Hello","mood":[1.50]}"#)));
    assert_eq!(
        (&reply["value"]["text"], &reply["value"]["extra"]["mood"][0]),
        (&"Hello".into(), &1.5.into())
    );
    assert_eq!(api_code(401), "api-credentials-refused");
    assert_eq!((wait_ms(503, -1.0, 1, 2, 0.0), wait_ms(503, 2_000.0, 1, 2, 0.0)), (500.0, 2_000.0));
    assert_eq!(wait_ms(400, -1.0, 1, 2, 0.0), -1.0);
}
