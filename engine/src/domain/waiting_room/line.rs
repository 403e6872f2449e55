//! The line as an order-statistics structure: exact places at any length.
//!
//! Numbers index a bitmap; a Fenwick tree over blocks of 512 numbers counts who still waits, so
//! that rank, select and removal touch a few cache lines at a million fans (P. M. Fenwick, "A New
//! Data Structure for Cumulative Frequency Tables", 1994).

use serde::{Deserialize, Serialize};

use super::QueueNumber;
use crate::domain::ids::FanId;

const BLOCK_BITS: usize = 512;
const BLOCK_WORDS: usize = BLOCK_BITS / 64;

/// Who waits, in order.
#[derive(Debug, Clone, Default)]
pub struct Line {
    /// The number of the first slot: a multiple of [`BLOCK_BITS`].
    base: u64,
    /// By slot: who joined with that number.
    fans: Vec<FanId>,
    /// By slot: whether that fan still waits.
    waiting: Vec<u64>,
    /// Fenwick tree over the counts of blocks, 1-based.
    tree: Vec<u32>,
    len: u32,
}

impl Line {
    /// How many wait.
    pub fn len(&self) -> u32 {
        self.len
    }

    /// Whether nobody waits.
    pub fn is_empty(&self) -> bool {
        self.len == 0
    }

    /// The number that the next fan to join will get.
    pub fn next_number(&self) -> QueueNumber {
        QueueNumber(self.base + self.fans.len() as u64)
    }

    /// How many wait before this number.
    pub fn ahead_of(&self, number: QueueNumber) -> u32 {
        let slot = self.slot(number);
        let block = slot / BLOCK_BITS;
        let mut count = self.count_before_block(block);
        let words = &self.waiting[block * BLOCK_WORDS..];
        let within = slot % BLOCK_BITS;
        for word in &words[..within / 64] {
            count += word.count_ones();
        }
        count + (words[within / 64] & ((1 << (within % 64)) - 1)).count_ones()
    }

    /// The number and fan with exactly `ahead` others before; `None` if fewer wait.
    pub fn nth(&self, ahead: u32) -> Option<(QueueNumber, FanId)> {
        if ahead >= self.len {
            return None;
        }
        let (block, mut left) = self.block_of_rank(ahead);
        let mut at = block * BLOCK_WORDS;
        loop {
            let ones = self.waiting[at].count_ones();
            if left < ones {
                break;
            }
            left -= ones;
            at += 1;
        }
        let mut word = self.waiting[at];
        for _ in 0..left {
            word &= word - 1;
        }
        let slot = at * 64 + word.trailing_zeros() as usize;
        Some((QueueNumber(self.base + slot as u64), self.fans[slot]))
    }

    /// Those who wait, first come first.
    pub fn iter(&self) -> impl Iterator<Item = (QueueNumber, FanId)> {
        self.waiting.iter().enumerate().flat_map(move |(at, &word)| {
            crate::domain::bitset::positions(u128::from(word)).map(move |bit| {
                let slot = at * 64 + bit as usize;
                (QueueNumber(self.base + slot as u64), self.fans[slot])
            })
        })
    }

    /// Puts a fan at the end.
    ///
    /// # Panics
    /// If the number is not the next one.
    pub fn push(&mut self, fan: FanId, number: QueueNumber) {
        assert_eq!(number, self.next_number(), "numbers are given in order");
        let slot = self.fans.len();
        self.fans.push(fan);
        if slot.is_multiple_of(BLOCK_BITS) {
            self.waiting.resize(self.waiting.len() + BLOCK_WORDS, 0);
            self.grow_tree();
        }
        self.waiting[slot / 64] |= 1 << (slot % 64);
        self.add(slot / BLOCK_BITS, 1);
        self.len += 1;
    }

    /// Takes a fan out of the line.
    ///
    /// # Panics
    /// If nobody waits with this number.
    pub fn remove(&mut self, number: QueueNumber) {
        let slot = self.slot(number);
        let bit = 1 << (slot % 64);
        assert!(self.waiting[slot / 64] & bit != 0, "nobody waits with {number:?}");
        self.waiting[slot / 64] &= !bit;
        self.add(slot / BLOCK_BITS, u32::MAX);
        self.len -= 1;
        self.forget_departed();
    }

    fn slot(&self, number: QueueNumber) -> usize {
        usize::try_from(number.0 - self.base).expect("a line fits in memory")
    }

    /// Drops the leading half once all of it has left, so that memory follows those who wait.
    fn forget_departed(&mut self) {
        let half = self.fans.len() / 2 / BLOCK_BITS;
        if half < 8 || self.count_before_block(half) > 0 {
            return;
        }
        self.base += (half * BLOCK_BITS) as u64;
        self.fans.drain(..half * BLOCK_BITS);
        self.waiting.drain(..half * BLOCK_WORDS);
        self.rebuild_tree();
    }

    fn rebuild_tree(&mut self) {
        self.tree = vec![0; self.waiting.len() / BLOCK_WORDS];
        for (index, block) in self.waiting.chunks(BLOCK_WORDS).enumerate() {
            self.tree[index] = block.iter().map(|word| word.count_ones()).sum();
        }
        for index in 0..self.tree.len() {
            let parent = index | (index + 1);
            if parent < self.tree.len() {
                self.tree[parent] += self.tree[index];
            }
        }
    }

    /// Appends an empty block: its node covers the blocks below it that are complete.
    fn grow_tree(&mut self) {
        let index = self.tree.len();
        let first_covered = index & (index + 1);
        let covered = self.count_before_block(index) - self.count_before_block(first_covered);
        self.tree.push(covered);
    }

    /// Adds to a block's count, modulo 2^32: adding `u32::MAX` takes one away.
    fn add(&mut self, block: usize, count: u32) {
        let mut index = block;
        while index < self.tree.len() {
            self.tree[index] = self.tree[index].wrapping_add(count);
            index |= index + 1;
        }
    }

    fn count_before_block(&self, block: usize) -> u32 {
        let (mut count, mut index) = (0, block);
        while index > 0 {
            count += self.tree[index - 1];
            index &= index - 1;
        }
        count
    }

    /// The block that holds the fan with `ahead` others before, and how many of them in it.
    fn block_of_rank(&self, ahead: u32) -> (usize, u32) {
        let (mut block, mut left) = (0, ahead);
        let mut step = self.tree.len().next_power_of_two();
        while step > 0 {
            let next = block + step;
            if next <= self.tree.len() && self.tree[next - 1] <= left {
                left -= self.tree[next - 1];
                block = next;
            }
            step /= 2;
        }
        (block, left)
    }
}

/// What a snapshot keeps of a line: the tree and the count follow from the rest.
#[derive(Serialize, Deserialize)]
struct Kept {
    base: u64,
    fans: Vec<FanId>,
    waiting: Vec<u64>,
}

impl Serialize for Line {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let (base, fans, waiting) = (self.base, self.fans.clone(), self.waiting.clone());
        Kept { base, fans, waiting }.serialize(serializer)
    }
}

impl<'de> Deserialize<'de> for Line {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let Kept { base, fans, waiting } = Kept::deserialize(deserializer)?;
        let blocks = fans.len().div_ceil(BLOCK_BITS);
        if waiting.len() != blocks * BLOCK_WORDS {
            return Err(serde::de::Error::custom("a line's bitmap does not fit its fans"));
        }
        let len = waiting.iter().map(|word| word.count_ones()).sum();
        let mut line = Self { base, fans, waiting, tree: Vec::new(), len };
        line.rebuild_tree();
        Ok(line)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ranks_equal_a_plain_list_under_joins_and_departures() {
        let mut line = Line::default();
        let mut list: Vec<u64> = Vec::new();
        let mut dice = 1_u64;
        for round in 0..40_000_u64 {
            // Knuth's MMIX generator: any spread of numbers will do.
            dice = dice
                .wrapping_mul(6_364_136_223_846_793_005)
                .wrapping_add(1_442_695_040_888_963_407);
            let roll = dice >> 33;
            let leave = !list.is_empty() && (roll % 5 < 2 || round > 30_000);
            if leave {
                let at = if roll.is_multiple_of(3) { 0 } else { roll as usize % list.len() };
                line.remove(QueueNumber(list.remove(at)));
            } else {
                let number = line.next_number();
                line.push(FanId::new(number.0), number);
                list.push(number.0);
            }
            if !list.is_empty() {
                let at = (dice >> 40) as usize % list.len();
                let (ahead, number) = (u32::try_from(at).unwrap(), QueueNumber(list[at]));
                assert_eq!(line.ahead_of(number), ahead);
                assert_eq!(line.nth(ahead), Some((number, FanId::new(number.0))));
            }
        }
        assert_eq!(line.len() as usize, list.len());
        assert!(line.iter().map(|(number, _)| number.0).eq(list.iter().copied()));
        assert!(line.base > 0, "departed fans are forgotten");
    }

    #[test]
    fn a_line_survives_its_snapshot() {
        let mut line = Line::default();
        for number in 0..2_000 {
            line.push(FanId::new(number + 9), QueueNumber(number));
        }
        for number in (0..2_000).filter(|n| n % 3 == 0) {
            line.remove(QueueNumber(number));
        }
        let bytes = postcard::to_stdvec(&line).unwrap();
        let again: Line = postcard::from_bytes(&bytes).unwrap();
        assert_eq!(again.len(), line.len());
        assert_eq!(again.nth(700), line.nth(700));
        assert_eq!(again.next_number(), line.next_number());
    }
}
