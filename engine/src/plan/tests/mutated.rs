//! Plans broken at random: whatever a file holds, reading it ends in a chart or in faults.

use serde_json::{Value, json};

use super::{pretix_plan, read, read_value, real, seatsio_plan};
use crate::domain::chart::{Chart, Fault};

/// `SplitMix64`: small, seeded, and the same everywhere.
struct Random(u64);

impl Random {
    fn below(&mut self, bound: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^= mixed >> 31;
        usize::try_from(mixed % bound as u64).unwrap()
    }
}

/// The pointers of all values within one.
fn pointers(value: &Value, prefix: &str, found: &mut Vec<String>) {
    let members: Vec<(String, &Value)> = match value {
        Value::Object(members) => members.iter().map(|(k, v)| (k.clone(), v)).collect(),
        Value::Array(items) => {
            let items = items.iter().enumerate();
            items.map(|(index, item)| (index.to_string(), item)).collect()
        }
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => Vec::new(),
    };
    for (member, value) in members {
        let pointer = format!("{prefix}/{member}");
        pointers(value, &pointer, found);
        found.push(pointer);
    }
}

fn mutate(plan: &mut Value, random: &mut Random) {
    let mut found = Vec::new();
    pointers(plan, "", &mut found);
    if found.is_empty() {
        return;
    }
    let pointer = &found[random.below(found.len())];
    let (parent, member) = pointer.rsplit_once('/').unwrap();
    if random.below(3) == 0 {
        match plan.pointer_mut(parent).unwrap() {
            Value::Object(members) => drop(members.remove(member)),
            Value::Array(items) => drop(items.remove(member.parse().unwrap())),
            Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
        }
        return;
    }
    let other = &found[random.below(found.len())];
    let replacements = [
        json!(null),
        json!(true),
        json!(-1),
        json!(0),
        json!(1e300),
        json!(u64::MAX),
        json!(0.1),
        json!(""),
        json!("?"),
        json!("\u{0}"),
        json!("é".repeat(100)),
        json!([]),
        json!([null, {}, []]),
        json!({}),
        plan.pointer(other).unwrap().clone(),
    ];
    let replacement = replacements[random.below(replacements.len())].clone();
    *plan.pointer_mut(pointer).unwrap() = replacement;
}

fn check(result: &Result<Chart, Vec<Fault>>, seed: u64) {
    match result {
        Ok(chart) => assert!(chart.capacity() > 0, "seed {seed}"),
        Err(faults) => {
            assert!(!faults.is_empty(), "seed {seed}");
            assert!(faults.iter().all(|f| f.path.starts_with('$')), "seed {seed}: {faults:?}");
        }
    }
}

#[test]
fn plans_with_mutated_members_are_read_or_refused() {
    let mut read_count = 0;
    let mut refused_count = 0;
    for seed in 0..6_000 {
        let mut random = Random(seed);
        let mut plan = [seatsio_plan(), pretix_plan()][random.below(2)].clone();
        for _ in 0..=random.below(4) {
            mutate(&mut plan, &mut random);
        }
        let result = read_value(&plan);
        check(&result, seed);
        if result.is_ok() {
            read_count += 1;
        } else {
            refused_count += 1;
        }
    }
    assert!(read_count > 500, "only {read_count} plans were read");
    assert!(refused_count > 500, "only {refused_count} plans were refused");
}

#[test]
fn real_plans_with_mutated_members_are_read_or_refused() {
    for file in ["small-theatre", "sections", "tables"] {
        let Some(bytes) = real::bytes(&format!("seatsio-{file}.json")) else {
            return;
        };
        let plan: Value = serde_json::from_slice(&bytes).unwrap();
        for seed in 0..150 {
            let mut random = Random(seed);
            let mut plan = plan.clone();
            for _ in 0..=random.below(10) {
                mutate(&mut plan, &mut random);
            }
            check(&read_value(&plan), seed);
        }
    }
}

#[test]
fn files_with_mutated_bytes_are_read_or_refused() {
    let plan = serde_json::to_vec(&seatsio_plan()).unwrap();
    for seed in 0..2_000 {
        let mut random = Random(seed);
        let mut bytes = plan.clone();
        for _ in 0..=random.below(3) {
            let index = random.below(bytes.len());
            bytes[index] = u8::try_from(random.below(256)).unwrap();
        }
        bytes.truncate(bytes.len() - random.below(2) * random.below(bytes.len()));
        check(&read(&bytes), seed);
    }
}
