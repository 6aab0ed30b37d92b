//! A hash of signs that come one by one, such as the letters of a word: eight are held before they are mixed in.

/// The hash so far.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Signs {
    held: u64,
    count: u32,
    hash: u64,
}

impl Signs {
    /// Adds a sign.
    #[inline]
    pub(super) fn push(&mut self, sign: u32) {
        self.held = self.held.rotate_left(8) ^ u64::from(sign);
        self.count += 1;
        if self.count.is_multiple_of(8) {
            self.hash = mix(self.hash ^ self.held);
            self.held = 0;
        }
    }

    /// The hash of the signs; 0 where there are none.
    #[inline]
    pub(super) fn finish(self) -> u64 {
        match self.count {
            0 => 0,
            _ => mix(self.hash ^ self.held).max(1),
        }
    }
}

/// A multiplication whose halves are folded, as in wyhash: <https://github.com/wangyi-fudan/wyhash>.
#[inline]
pub(super) fn mix(value: u64) -> u64 {
    let product = u128::from(value ^ 0xa076_1d64_78bd_642f) * 0xe703_7ed1_a0b4_28db;
    (product >> 64) as u64 ^ product as u64
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_sign_and_its_place_count() {
        let hash = |word: &str| {
            let mut signs = Signs::default();
            word.chars().for_each(|sign| signs.push(u32::from(sign)));
            signs.finish()
        };
        let words = [
            "",
            "weir",
            "wier",
            "weirs",
            "weirmill",
            "weirmillweirmill",
            "плотина",
            "площина",
        ];
        let mut hashes: Vec<u64> = words.iter().map(|word| hash(word)).collect();
        hashes.sort_unstable();
        hashes.dedup();
        assert_eq!((hashes.len(), hashes[0]), (words.len(), 0));
    }
}
