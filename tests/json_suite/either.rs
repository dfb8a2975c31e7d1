//! What JSON's grammar leaves to each reader, and what ours make of it.

/// What became of it, or the code of the fault: as an event, inside an event, as a reply, inside a
/// reply.
pub(crate) struct Either {
    pub(crate) name: &'static str,
    pub(crate) bytes: Vec<u8>,
    pub(crate) today: [&'static str; 4],
}

const READ: [&str; 4] = ["read"; 4];

/// An event is followed to `max_nesting`; a reply is kept however deep.
const DEEP: [&str; 4] = ["too-deep", "too-deep", "read", "read"];
/// Without an end it is no JSON, but a reader that recurses might not live to say so.
const BROKEN: [&str; 4] = ["not-json"; 4];

pub(crate) fn either() -> Vec<Either> {
    let case = |name, bytes: &[u8], today| Either { name, bytes: bytes.to_vec(), today };
    let nested = |name, levels: usize, today| Either {
        name,
        bytes: ["[".repeat(levels), "]".repeat(levels)].concat().into_bytes(),
        today,
    };
    vec![
        case("either-byte-order-mark", "\u{feff}{}".as_bytes(), ["not-json", "not-json", "read", "not-json"]),
        case(
            "either-byte-order-mark-only",
            "\u{feff}".as_bytes(),
            ["not-json", "not-json", "no-body", "not-json"],
        ),
        case("either-byte-order-mark-twice", "\u{feff}\u{feff}{}".as_bytes(), ["not-json"; 4]),
        case("either-name-twice", br#"{"a":1,"a":2}"#, READ),
        case("either-name-twice-same-value", br#"{"a":1,"a":1}"#, READ),
        case("either-name-twice-by-escape", br#"{"a":1,"\u0061":2}"#, READ),
        case("either-name-twice-empty", br#"{"":1,"":2}"#, READ),
        case("either-number-too-large", b"[1e309]", READ),
        case("either-number-too-large-negative", b"[-1e309]", READ),
        case("either-number-too-large-exponent", b"[1e99999999999999999999]", READ),
        case("either-number-too-large-integer", &[b"9".repeat(400).as_slice()].concat(), READ),
        case("either-number-too-small", b"[1e-400]", READ),
        case("either-number-too-small-exponent", b"[-1e-99999999999999999999]", READ),
        case("either-number-zero-huge-exponent", b"[0e99999999999999999999]", READ),
        case("either-number-integer-beyond-64-bits", b"[18446744073709551616,-9223372036854775809]", READ),
        case("either-number-integer-of-forty-digits", b"[1234567890123456789012345678901234567890]", READ),
        case("either-number-more-digits-than-doubles", b"[0.12345678901234567890123456789]", READ),
        case("either-surrogate-leading-alone", br#"["\ud83d"]"#, READ),
        case("either-surrogate-trailing-alone", br#"["\ude00"]"#, READ),
        case("either-surrogate-leading-twice", br#"["\ud83d\ud83d"]"#, READ),
        case("either-surrogate-reversed", br#"["\ude00\ud83d"]"#, READ),
        case("either-surrogate-before-letter", br#"["\ud83da"]"#, READ),
        case("either-surrogate-before-newline", br#"["\ud83d\n"]"#, READ),
        case("either-surrogate-before-another-escape", br#"["\ud83d\u0061"]"#, READ),
        case("either-surrogate-upper-case", br#"["\uD83D"]"#, READ),
        case("either-surrogate-in-name", br#"{"\ud83d":1}"#, READ),
        nested("either-nested-32-levels", 32, READ),
        nested("either-nested-33-levels", 33, DEEP),
        nested("either-nested-127-levels", 127, DEEP),
        nested("either-nested-128-levels", 128, DEEP),
        nested("either-nested-10000-levels", 10_000, DEEP),
        Either { name: "either-nested-open", bytes: b"[".repeat(10_000), today: BROKEN },
        Either { name: "either-nested-open-objects", bytes: br#"{"a":"#.repeat(10_000), today: BROKEN },
        Either {
            name: "either-name-very-long",
            bytes: [&b"{\""[..], &b"a".repeat(100_000), b"\":1}"].concat(),
            today: READ,
        },
        Either {
            name: "either-string-very-long",
            bytes: [&b"\""[..], &b"a".repeat(900_000), b"\""].concat(),
            today: READ,
        },
    ]
}
