//! The seed and the dice: what chances are decided by.

use worker::{Error, Result};

use super::Store;
use crate::emulator::config::Config;
use crate::emulator::dice::Dice;

const SEED: &str = "seed";
/// Where the dice go on: a number that JavaScript's can't hold, hence text.
const DICE: &str = "dice";

impl Store {
    /// The seed in use.
    pub(in crate::emulator) fn seed(&self) -> Result<i64> {
        self.setting(SEED)?.and_then(|text| text.parse().ok()).ok_or_else(|| damaged(SEED))
    }

    /// Begins anew with this seed.
    pub(in crate::emulator) fn set_seed(&self, seed: i64) -> Result<()> {
        self.set(SEED, &seed.to_string())?;
        self.set(DICE, &seed.to_string())
    }

    /// Begins with the configured seed, or with one that is drawn, unless something has begun.
    pub(super) fn seed_if_new(&self, config: &Config) -> Result<()> {
        if self.setting(SEED)?.is_some() {
            return Ok(());
        }
        let seed = match config.seed {
            Some(seed) => seed,
            None => self.draw()?,
        };
        self.set_seed(seed)
    }

    /// Whether something happens that is this likely. Every call is a roll.
    pub(super) fn hits(&self, chance: f64) -> Result<bool> {
        let state = self.setting(DICE)?.and_then(|text| text.parse().ok());
        let mut dice = Dice::new(state.ok_or_else(|| damaged(DICE))?);
        let hit = dice.hit(chance);
        self.set(DICE, &dice.state().to_string())?;
        Ok(hit)
    }

    /// A number short enough to be typed again.
    fn draw(&self) -> Result<i64> {
        let row = self.find("SELECT abs(random() % 4294967296)", vec![])?;
        row.map_or(Ok(0), |mut row| row.number())
    }
}

fn damaged(name: &str) -> Error {
    Error::RustError(format!("the stored {name} can't be read"))
}
