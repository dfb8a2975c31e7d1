//! Seeded randomness: which requests a fault with a chance meets.

/// The largest seed: the largest whole number that every reader of JSON holds.
pub(super) const MAX_SEED: i64 = (1 << 53) - 1;

/// SplitMix64, by Steele, Lea and Flood: the generator that Java's `SplittableRandom` and the
/// seeding of many others use. The same seed gives the same rolls, on every machine.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Dice(u64);

impl Dice {
    pub(super) const fn new(state: u64) -> Self {
        Self(state)
    }

    /// What goes on from here with [`Dice::new`].
    pub(super) const fn state(&self) -> u64 {
        self.0
    }

    /// Whether something happens that is this likely, from 0 for never to 1 for always.
    pub(super) fn hit(&mut self, chance: f64) -> bool {
        self.fraction() < chance
    }

    /// From 0 up to, but without, 1: the 53 bits that a float holds.
    fn fraction(&mut self) -> f64 {
        const STEPS: f64 = (1_u64 << 53) as f64;
        (self.next() >> 11) as f64 / STEPS
    }

    const fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mixed = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_gives_the_published_numbers() {
        // https://prng.di.unimi.it/splitmix64.c, from the seed 1234567.
        let mut dice = Dice::new(1_234_567);
        for expected in [
            6_457_827_717_110_365_317,
            3_203_168_211_198_807_973,
            9_817_491_932_198_370_423,
            4_593_380_528_125_082_431,
            16_408_922_859_458_223_821,
        ] {
            assert_eq!(dice.next(), expected);
        }
    }

    #[test]
    fn it_goes_on_from_its_state() {
        let mut dice = Dice::new(7);
        dice.next();
        let mut later = Dice::new(dice.state());
        assert_eq!(dice.next(), later.next());
    }

    #[test]
    fn it_hits_as_often_as_it_should() {
        for (chance, least, most) in [(1.0, 10_000, 10_000), (0.25, 2_350, 2_650), (0.001, 1, 25)] {
            let mut dice = Dice::new(1);
            let hits = (0..10_000).filter(|_| dice.hit(chance)).count();
            assert!((least..=most).contains(&hits), "{chance}: {hits}");
        }
    }
}
