//! How far characters go that stand for themselves in a string: all but quotes, backslashes and controls.

const ONES: u64 = u64::MAX / 255;
const SIGNS: u64 = ONES << 7;

/// How many bytes: eight at a time, since texts are long.
pub(super) fn length(bytes: &[u8]) -> usize {
    let (words, rest) = bytes.as_chunks();
    for (at, word) in words.iter().enumerate() {
        let special = specials(u64::from_le_bytes(*word));
        if special != 0 {
            return at * 8 + special.trailing_zeros() as usize / 8;
        }
    }
    words.len() * 8 + rest.iter().position(|byte| is_special(*byte)).unwrap_or(rest.len())
}

const fn is_special(byte: u8) -> bool {
    byte < b' ' || byte == b'"' || byte == b'\\'
}

/// The sign of the first special byte, if there is one; signs behind it say nothing. With its bit 1 flipped, a
/// quote comes right behind the controls.
const fn specials(word: u64) -> u64 {
    let low = word ^ (ONES * 2);
    let backslash = word ^ (ONES * b'\\' as u64);
    let below = low.wrapping_sub(ONES * 0x21) & !low;
    let zero = backslash.wrapping_sub(ONES) & !backslash;
    (below | zero) & SIGNS
}

#[cfg(test)]
mod tests {
    use proptest::collection::vec;
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn each_byte_ends_a_run_or_does_not_wherever_it_stands() {
        for byte in 0..=u8::MAX {
            for at in 0..24 {
                let mut bytes = [b'a'; 24];
                bytes[at] = byte;
                assert_eq!(length(&bytes), if is_special(byte) { at } else { 24 }, "{byte} at {at}");
            }
        }
    }

    #[test]
    fn a_run_ends_at_the_first_of_several() {
        assert_eq!(length(b""), 0);
        assert_eq!(length("ä\u{80}\u{ffff}😀~\u{7f}".as_bytes()), 13);
        assert_eq!(length(b"0123456789\"\\"), 10);
        assert_eq!(length(b"01\"34\\67"), 2);
    }

    proptest! {
        #[test]
        fn it_is_what_one_after_the_other_finds(bytes in vec(prop_oneof![any::<u8>(), 0x1e_u8..0x24, 0x5b_u8..0x5e], 0..40)) {
            let first = bytes.iter().position(|byte| is_special(*byte));
            prop_assert_eq!(length(&bytes), first.unwrap_or(bytes.len()));
        }
    }
}
