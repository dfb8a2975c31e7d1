//! Where in an event something is; becomes a JSON pointer only when there is something to say.

use crate::say::Say;

/// A place in an event, cheap to carry while all is well.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Place {
    /// The event itself.
    Event,
    /// A member of the event.
    Member(&'static str),
    /// A variable, by its index in `metaData`.
    Variable(usize),
    /// A member of a variable.
    VariableMember(usize, &'static str),
}

/// Most pointers have no more.
const USUAL_BYTES: usize = 32;

impl Place {
    /// The JSON pointer of this place.
    pub(crate) fn pointer(self) -> String {
        let mut pointer = String::with_capacity(USUAL_BYTES);
        match self {
            Self::Event => &mut pointer,
            Self::Member(name) => pointer.words(&["/", name]),
            Self::Variable(index) => pointer.words(&["/metaData/"]).number(index),
            Self::VariableMember(index, name) => {
                pointer.words(&["/metaData/"]).number(index).words(&["/", name])
            }
        };
        pointer
    }

    /// The place of a known member of the object at this place.
    pub(super) const fn known(self, name: &'static str) -> Self {
        match self {
            Self::Variable(index) => Self::VariableMember(index, name),
            _ => Self::Member(name),
        }
    }

    /// The pointer of a member that is not ours. A name too long to repeat is left out: the
    /// pointer is then that of the object around it.
    pub(crate) fn unknown(self, name: &str) -> String {
        const MAX_NAME_BYTES: usize = 128;
        let mut pointer = self.pointer();
        if name.len() <= MAX_NAME_BYTES {
            pointer.push('/');
            name.chars().for_each(|character| match character {
                '~' => pointer.push_str("~0"),
                '/' => pointer.push_str("~1"),
                _ => pointer.push(character),
            });
        }
        pointer
    }
}

#[cfg(test)]
mod tests {
    use super::Place;

    #[test]
    fn pointers_follow_rfc_6901() {
        assert_eq!(Place::Event.pointer(), "");
        assert_eq!(Place::Variable(3).known("key").pointer(), "/metaData/3/key");
        assert_eq!(Place::Event.unknown("a/b~c"), "/a~1b~0c");
        assert_eq!(Place::Event.unknown(""), "/");
        assert_eq!(Place::Variable(0).unknown(&"x".repeat(129)), "/metaData/0");
    }
}
