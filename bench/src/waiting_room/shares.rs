//! Who is served by which process, and from where.

use std::net::Ipv4Addr;
use std::ops::Range;

/// Fans of one node, and of the generator that talks to it: below the 18,000 connections that a
/// node takes, and the 20,000 files that many systems let a process have.
const FANS_PER_PROCESS: u64 = 15_000;
/// Sockets from one source address: a small part of the 28,232 ports that Linux hands out by
/// itself, so that those of earlier runs, which rest for a minute, are not needed.
const FANS_PER_ADDRESS: usize = 4_000;

/// Fans `0..fans` in equal parts, as few as can be.
pub(super) fn shares(fans: u64) -> Vec<Range<u64>> {
    let processes = fans.div_ceil(FANS_PER_PROCESS);
    let up_to = |process: u64| fans * process / processes;
    (0..processes).map(|process| up_to(process)..up_to(process + 1)).collect()
}

/// Where a fan of a generator comes from: all of 127.0.0.0/8 is this machine.
pub(super) fn source(generator: u8, fan: usize) -> Ipv4Addr {
    let address = u8::try_from(fan / FANS_PER_ADDRESS).unwrap_or(u8::MAX);
    Ipv4Addr::new(127, 1, generator, address.saturating_add(1))
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::*;

    #[test]
    fn every_fan_has_one_process_and_no_process_has_too_many() {
        for (fans, processes) in [(1, 1), (15_000, 1), (15_001, 2), (100_000, 7), (250_000, 17)] {
            let shares = shares(fans);
            assert_eq!(shares.len(), processes, "{fans} fans");
            assert!(shares.iter().cloned().flatten().eq(0..fans), "{fans} fans");
            let sizes = shares.iter().map(|share| share.end - share.start);
            let (least, most) = (sizes.clone().min().unwrap(), sizes.max().unwrap());
            assert!(most <= FANS_PER_PROCESS && most - least <= 1, "{least} to {most}");
        }
    }

    #[test]
    fn no_address_is_shared_by_generators_or_by_too_many_fans() {
        let mut used = BTreeMap::<Ipv4Addr, (u8, usize)>::new();
        for generator in 0..7 {
            for fan in 0..15_000 {
                let (owner, count) = used.entry(source(generator, fan)).or_insert((generator, 0));
                *count += 1;
                assert!(*owner == generator && *count <= FANS_PER_ADDRESS);
            }
        }
        assert!(used.keys().all(Ipv4Addr::is_loopback));
        assert_eq!(used.len(), 7 * 4);
    }
}
