//! A set of small numbers as bits, with windows of up to 128 of them.

/// A set of numbers from 0 to its size less one.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct BitSet {
    words: Vec<u64>,
}

impl BitSet {
    /// An empty set that can hold `0..size`.
    pub fn new(size: usize) -> Self {
        // Two words more than needed, so that a window may reach over the end.
        Self { words: vec![0; size / 64 + 3] }
    }

    /// Whether the number is in the set.
    ///
    /// # Panics
    /// If the number is far beyond the size.
    pub fn contains(&self, number: usize) -> bool {
        self.words[number / 64] >> (number % 64) & 1 == 1
    }

    /// Puts a number in.
    ///
    /// # Panics
    /// If the number is far beyond the size.
    pub fn insert(&mut self, number: usize) {
        self.words[number / 64] |= 1 << (number % 64);
    }

    /// Takes a number out.
    ///
    /// # Panics
    /// If the number is far beyond the size.
    pub fn remove(&mut self, number: usize) {
        self.words[number / 64] &= !(1 << (number % 64));
    }

    /// Takes out everything that is not in another set of the same size.
    pub fn keep_only(&mut self, other: &Self) {
        for (word, others) in self.words.iter_mut().zip(&other.words) {
            *word &= others;
        }
    }

    /// Takes out everything that is in another set of the same size.
    pub fn take_out(&mut self, other: &Self) {
        for (word, others) in self.words.iter_mut().zip(&other.words) {
            *word &= !others;
        }
    }

    /// Puts in everything that is in another set of the same size.
    pub fn put_in(&mut self, other: &Self) {
        for (word, others) in self.words.iter_mut().zip(&other.words) {
            *word |= others;
        }
    }

    /// The members among `first..first + len` as bits from the lowest up; `len` is at most 128.
    ///
    /// # Panics
    /// If the window begins beyond the size.
    pub fn window(&self, first: usize, len: u32) -> u128 {
        let (word, shift) = (first / 64, first % 64);
        let low = u128::from(self.words[word]) | u128::from(self.words[word + 1]) << 64;
        let bits = if shift == 0 {
            low
        } else {
            low >> shift | u128::from(self.words[word + 2]) << (128 - shift)
        };
        bits & ones(len)
    }

    /// The members of `range`, ascending.
    pub fn iter(&self, range: std::ops::Range<usize>) -> impl Iterator<Item = usize> {
        let mut next = range.start;
        std::iter::from_fn(move || {
            while next < range.end {
                let rest = self.words[next / 64] >> (next % 64);
                if rest != 0 {
                    let found = next + rest.trailing_zeros() as usize;
                    next = found + 1;
                    return (found < range.end).then_some(found);
                }
                next = (next / 64 + 1) * 64;
            }
            None
        })
    }
}

/// The lowest `len` bits set; `len` is at most 128.
pub fn ones(len: u32) -> u128 {
    if len >= 128 { u128::MAX } else { (1 << len) - 1 }
}

/// The positions of the set bits, ascending.
pub fn positions(mut bits: u128) -> impl Iterator<Item = u32> {
    std::iter::from_fn(move || {
        if bits == 0 {
            return None;
        }
        let position = bits.trailing_zeros();
        bits &= bits - 1;
        Some(position)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn windows_equal_single_look_ups_at_every_offset() {
        let mut set = BitSet::new(300);
        for number in (0..300).filter(|n| n % 3 == 0 || n % 7 == 1) {
            set.insert(number);
        }
        for first in 0..300 {
            for len in [0, 1, 5, 63, 64, 65, 127, 128] {
                let expected = (0..len)
                    .filter(|&i| first + (i as usize) < 300 && set.contains(first + i as usize))
                    .fold(0_u128, |bits, i| bits | 1 << i);
                assert_eq!(set.window(first, len), expected, "{first} {len}");
            }
        }
    }

    #[test]
    fn members_of_a_range_come_in_order() {
        let mut set = BitSet::new(200);
        for number in [0, 63, 64, 65, 130, 199] {
            set.insert(number);
        }
        set.remove(64);
        assert_eq!(set.iter(1..199).collect::<Vec<_>>(), [63, 65, 130]);
        assert_eq!(set.iter(0..200).count(), 5);
        assert_eq!(positions(0b1010_0001).collect::<Vec<_>>(), [0, 5, 7]);
    }
}
