//! How far a word is from another: bytes missing, extra, other, and neighbours swapped, each counts one.
//!
//! The optimal string alignment distance. Our own, because a library's for all kinds of text would take half
//! a kilobyte of the npm package.

/// Words are no longer, in bytes; what is behind that is not compared.
pub(super) const MAX_BYTES: usize = 64;

/// For what is not in the table.
const FAR: u8 = 2 * MAX_BYTES as u8;

type Row = [u8; MAX_BYTES + 1];

pub(super) fn distance(one: &[u8], other: &[u8]) -> usize {
    let mut row_before = [FAR; MAX_BYTES + 1];
    let mut last_row = std::array::from_fn(|column| column as u8);
    for (i, a) in one.iter().enumerate() {
        let mut row = [i as u8 + 1; MAX_BYTES + 1];
        for (j, b) in other.iter().enumerate() {
            let missing_or_extra = at(&last_row, j + 1).min(at(&row, j)) + 1;
            let same_or_other = at(&last_row, j) + u8::from(a != b);
            let swapped =
                if follows(one, i, b) && follows(other, j, a) { before(&row_before, j) + 1 } else { FAR };
            if let Some(place) = row.get_mut(j + 1) {
                *place = missing_or_extra.min(same_or_other).min(swapped);
            }
        }
        row_before = std::mem::replace(&mut last_row, row);
    }
    at(&last_row, other.len()).into()
}

/// Whether what stands at this place comes right after that byte.
fn follows(word: &[u8], place: usize, byte: &u8) -> bool {
    place.checked_sub(1).and_then(|before| word.get(before)) == Some(byte)
}

fn before(row: &Row, column: usize) -> u8 {
    column.checked_sub(1).map_or(FAR, |before| at(row, before))
}

fn at(row: &Row, column: usize) -> u8 {
    row.get(column).copied().unwrap_or(FAR)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn each_slip_counts_one() {
        for (one, other, expected) in [
            ("", "", 0),
            ("", "text", 4),
            ("text", "", 4),
            ("text", "text", 0),
            ("txt", "text", 1),
            ("texxt", "text", 1),
            ("tixt", "text", 1),
            ("tetx", "text", 1),
            ("ca", "abc", 3),
        ] {
            assert_eq!(distance(one.as_bytes(), other.as_bytes()), expected, "{one} {other}");
        }
    }

    proptest! {
        #[test]
        fn it_is_what_a_library_says(one in "[a-c]{0,8}", other in "[a-c]{0,8}") {
            let expected = strsim::osa_distance(&one, &other);
            prop_assert_eq!(distance(one.as_bytes(), other.as_bytes()), expected);
        }
    }
}
