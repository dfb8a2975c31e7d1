//! Putting a message together without the machinery of `write!`, which weighs more than all messages.

/// A message under way.
pub(crate) trait Say {
    /// Adds words.
    fn words(&mut self, words: &[&str]) -> &mut Self;

    /// Adds a number.
    fn number(&mut self, number: usize) -> &mut Self;
}

impl Say for String {
    fn words(&mut self, words: &[&str]) -> &mut Self {
        words.iter().for_each(|words| self.push_str(words));
        self
    }

    fn number(&mut self, number: usize) -> &mut Self {
        if number >= 10 {
            self.number(number / 10);
        }
        self.push(char::from(b'0' + (number % 10) as u8));
        self
    }
}

#[cfg(test)]
mod tests {
    use super::Say;

    #[test]
    fn numbers_are_written_whole() {
        for number in [0, 7, 10, 99, 100, 1_048_576, usize::MAX] {
            let mut said = String::new();
            said.words(&["at ", "most "]).number(number);
            assert_eq!(said, format!("at most {number}"));
        }
    }
}
