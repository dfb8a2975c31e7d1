//! `traceparent`: which trace a request belongs to
//! ([W3C Trace Context](https://www.w3.org/TR/trace-context/)).

use std::fmt;

/// The flags that have a meaning: `sampled`, and `random` of the standard's second level.
const KNOWN_FLAGS: u8 = 0b11;

/// The value of the header `traceparent`, of version `00`.
///
/// ```
/// use ticketwire::trace_parent::TraceParent;
///
/// let caller = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";
/// let parent = TraceParent::parse(caller).ok_or("not a traceparent")?;
/// assert_eq!(parent.trace_id(), "0af7651916cd43dd8448eb211c80319c");
/// assert_eq!(parent.to_string(), caller);
/// assert_eq!(parent.child(255).to_string(), "00-0af7651916cd43dd8448eb211c80319c-00000000000000ff-01");
/// # Ok::<(), &str>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct TraceParent {
    trace_id: u128,
    parent_id: u64,
    flags: u8,
}

impl TraceParent {
    /// Reads one, strictly, as
    /// [section 3.2.2](https://www.w3.org/TR/trace-context/#traceparent-header-field-values) has it:
    /// lower-case hexadecimal, no id of zeros alone, nothing behind it. `None` is not an error: a
    /// trace that can't be read is not carried on. Of later versions nothing is read, though the
    /// standard would let us try: our choice, since what we send on is of version `00`.
    pub fn parse(header: &str) -> Option<Self> {
        let mut fields = header.split('-');
        let version = fields.next()?;
        let (trace_id, parent_id, flags) = (fields.next()?, fields.next()?, fields.next()?);
        if version != "00" || fields.next().is_some() {
            return None;
        }
        let trace_id = hex(trace_id, 32).filter(|id| *id != 0)?;
        let parent_id = hex(parent_id, 16).filter(|id| *id != 0)?;
        let flags = hex(flags, 2)?;
        Some(Self { trace_id, parent_id: u64::try_from(parent_id).ok()?, flags: u8::try_from(flags).ok()? })
    }

    /// What a request that this one gives rise to carries: the same trace, the flags that have a
    /// meaning (of the others the standard says that they are not passed on), and a parent id
    /// of its own, from `dice`. No id is zero, so a throw of 0 counts as 1.
    #[must_use]
    pub fn child(self, dice: u64) -> Self {
        Self { parent_id: dice.max(1), flags: self.flags & KNOWN_FLAGS, ..self }
    }

    /// The trace's id: 32 lower-case hexadecimal digits.
    pub fn trace_id(&self) -> String {
        format!("{:032x}", self.trace_id)
    }
}

/// As the header has it.
impl fmt::Display for TraceParent {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "00-{:032x}-{:016x}-{:02x}", self.trace_id, self.parent_id, self.flags)
    }
}

/// So many lower-case digits, and no more.
fn hex(text: &str, digits: usize) -> Option<u128> {
    let is_hex = |byte: u8| byte.is_ascii_digit() || (b'a'..=b'f').contains(&byte);
    (text.len() == digits && text.bytes().all(is_hex)).then(|| u128::from_str_radix(text, 16).ok())?
}

#[cfg(test)]
mod tests {
    use super::*;

    const TRACE: &str = "0af7651916cd43dd8448eb211c80319c";
    const PARENT: &str = "b7ad6b7169203331";

    #[test]
    fn what_the_standard_allows_is_read() {
        for header in [
            format!("00-{TRACE}-{PARENT}-00"),
            format!("00-{TRACE}-{PARENT}-01"),
            format!("00-{TRACE}-{PARENT}-ff"),
            format!("00-{}1-{}1-01", "0".repeat(31), "0".repeat(15)),
            format!("00-{}-{}-01", "f".repeat(32), "f".repeat(16)),
        ] {
            assert_eq!(TraceParent::parse(&header).map(|parent| parent.to_string()), Some(header));
        }
    }

    #[test]
    fn what_it_does_not_is_nothing() {
        for header in [
            String::new(),
            "-".repeat(3),
            format!("01-{TRACE}-{PARENT}-01"),
            format!("ff-{TRACE}-{PARENT}-01"),
            format!("0-{TRACE}-{PARENT}-01"),
            format!("00-{TRACE}-{PARENT}"),
            format!("00-{TRACE}-{PARENT}-"),
            format!("00-{TRACE}-{PARENT}-1"),
            format!("00-{TRACE}-{PARENT}-001"),
            format!("00-{TRACE}-{PARENT}-01-"),
            format!("00-{TRACE}-{PARENT}-01-more"),
            format!("00-{TRACE}-{PARENT}-+1"),
            format!("00-{}-{PARENT}-01", TRACE.to_uppercase()),
            format!("00-{TRACE}-{}-01", PARENT.to_uppercase()),
            format!("00-{}-{PARENT}-01", "0".repeat(32)),
            format!("00-{TRACE}-{}-01", "0".repeat(16)),
            format!("00-{}-{PARENT}-01", "0".repeat(31)),
            format!("00-{TRACE}0-{PARENT}-01"),
            format!("00-{TRACE}-{PARENT}0-01"),
            format!("00-+{}-{PARENT}-01", "1".repeat(31)),
            format!("00_{TRACE}_{PARENT}_01"),
            format!(" 00-{TRACE}-{PARENT}-01"),
            format!("00-{TRACE}-{PARENT}-01 "),
            format!("00-{}é-{PARENT}-01", "1".repeat(30)),
        ] {
            assert_eq!(TraceParent::parse(&header), None, "{header}");
        }
    }

    #[test]
    fn a_child_has_the_trace_and_the_flags_and_a_parent_that_is_one() {
        let parent = TraceParent::parse(&format!("00-{TRACE}-{PARENT}-03")).unwrap();
        assert_eq!(parent.child(0).to_string(), format!("00-{TRACE}-0000000000000001-03"));
        assert_eq!(parent.child(u64::MAX).to_string(), format!("00-{TRACE}-{}-03", "f".repeat(16)));
    }

    #[cfg(not(target_arch = "wasm32"))]
    mod properties {
        use proptest::prelude::*;

        use super::super::TraceParent;

        proptest! {
            #[test]
            fn what_is_written_is_read_again(trace_id in 1_u128.., parent_id in 1_u64.., flags: u8, dice: u64) {
                let parent = TraceParent { trace_id, parent_id, flags };
                prop_assert_eq!(TraceParent::parse(&parent.to_string()), Some(parent));
                let child = parent.child(dice);
                prop_assert_eq!(TraceParent::parse(&child.to_string()), Some(child));
                prop_assert_eq!(child.trace_id(), parent.trace_id());
            }

            #[test]
            fn what_is_read_is_written_the_same(header in "0[01]-[0-9a-fA-F]{31,33}-[0-9a-f]{15,17}-[0-9a-f]{1,3}") {
                let read = TraceParent::parse(&header).map(|parent| parent.to_string());
                prop_assert!(read.is_none_or(|written| written == header));
            }

            #[test]
            fn no_text_is_too_odd(header in any::<String>()) {
                prop_assert_eq!(TraceParent::parse(&header), None);
            }
        }
    }
}
