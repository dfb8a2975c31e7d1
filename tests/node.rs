//! The shared vectors in Node: the same check, over JavaScript values.

#![cfg(target_arch = "wasm32")]
#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test may panic")]

mod vectors;

use js_sys::{Array, JSON, Reflect};
use ticketwire::client::check_event;
use ticketwire::event::Policy;
use wasm_bindgen::prelude::*;
use wasm_bindgen_test::wasm_bindgen_test;

fn get(value: &JsValue, name: &str) -> JsValue {
    Reflect::get(value, &name.into()).unwrap()
}

fn pairs(list: &JsValue) -> Vec<[String; 2]> {
    let text = |finding: &JsValue, name| get(finding, name).as_string().unwrap();
    Array::from(list).iter().map(|finding| [text(&finding, "pointer"), text(&finding, "code")]).collect()
}

#[wasm_bindgen_test]
fn every_vector_that_is_a_value_gives_its_issues_and_warnings() {
    let mut run = 0;
    for vector in vectors::events() {
        if vector.bytes_only || vector.policy != Policy::default() {
            continue;
        }
        let value = JSON::parse(str::from_utf8(&vector.bytes).unwrap()).unwrap();
        let outcome = check_event(value);
        let issues = get(&outcome, "issues");
        let issues = if issues.is_undefined() { Vec::new() } else { pairs(&issues) };
        vector.assert_pairs(issues, pairs(&get(&outcome, "warnings")));
        assert_eq!(get(&outcome, "value").is_undefined(), !vector.is_accepted(), "{}", vector.name);
        run += 1;
    }
    assert!(run > 30, "only {run} vectors are values");
}

#[wasm_bindgen_test]
fn an_accepted_value_comes_back_as_the_api_takes_it() {
    let value =
        JSON::parse(r#"{"platformConversationId":"c","metaData":[{"key":"k","value":"v","sanitize":true}]}"#)
            .unwrap();
    let json = JSON::stringify(&get(&check_event(value), "value")).unwrap();
    let expected = r#"{"platformConversationId":"c","platform":"PUBLIC_API","metaData":[{"key":"k","value":"v","sanitize":true}]}"#;
    assert_eq!(String::from(json), expected);
}

/// Only JavaScript can make these.
#[wasm_bindgen(inline_js = r#"
export const strange = [
    [undefined, [["", "wrong-type"]]],
    [() => 1, [["", "wrong-type"]]],
    [Symbol("s"), [["", "wrong-type"]]],
    [new Set(), [["", "wrong-type"]]],
    [10n ** 30n, [["", "wrong-type"]]],
    [{ platformConversationId: "c", text: () => 1 }, [["/text", "wrong-type"]]],
    [{ platformConversationId: Symbol("s"), platform: 10n ** 30n }, [["/platformConversationId", "wrong-type"], ["/platform", "wrong-type"]]],
    [{ platformConversationId: "c", metaData: [{ key: "a", value: new Set() }, () => 1, { key: "b", value: 1 }] },
        [["/metaData/0/value", "wrong-type"], ["/metaData/1", "wrong-type"], ["/metaData/2/value", "wrong-type"]]],
    [{ platformConversationId: "c", text: "a\ud83d" }, [["/text", "lone-surrogate"]]],
    [{ platformConversationId: "c", text: 1, metaData: [{ key: "\ude00", value: "v" }] }, [["/text", "wrong-type"], ["/metaData/0/key", "lone-surrogate"]]],
    [{ platformConversationId: "c", text: "\ufffd is a character" }, []],
    [{ platformConversationId: "c", colour: () => 1 }, [["/colour", "unknown-member"]]],
];
"#)]
extern "C" {
    #[wasm_bindgen(thread_local_v2, js_name = strange)]
    static STRANGE: Array;
}

#[wasm_bindgen_test]
fn values_that_json_can_not_hold_are_issues_too() {
    STRANGE.with(|cases| {
        assert!(cases.length() > 0);
        for (number, case) in cases.iter().enumerate() {
            let case = Array::from(&case);
            let expected: Vec<[String; 2]> = Array::from(&case.get(1))
                .iter()
                .map(|pair| [0, 1].map(|index| Array::from(&pair).get(index).as_string().unwrap()))
                .collect();
            let outcome = check_event(case.get(0));
            assert!(outcome.is_object(), "case {number}");
            let issues = get(&outcome, "issues");
            let issues = if issues.is_undefined() { Vec::new() } else { pairs(&issues) };
            assert_eq!(issues, expected, "case {number}");
        }
    });
}
