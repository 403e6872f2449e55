//! What threads and processes have used, as Linux tells.

use std::fs;
use std::path::Path;
use std::time::Duration;

use anyhow::Context as _;

/// The unit of `/proc/PID/stat`, which is the same on every Linux (proc(5), `USER_HZ`).
pub(crate) const TICK: Duration = Duration::from_millis(10);

/// Time that a process has had on processors, its ended threads and the kernel included.
///
/// # Errors
/// If there is no such process.
pub(crate) fn of_process(pid: u32) -> anyhow::Result<Duration> {
    on_processor(Path::new(&format!("/proc/{pid}/stat")))
}

/// The same of the thread that asks.
///
/// # Errors
/// If the system does not tell.
pub(crate) fn of_this_thread() -> anyhow::Result<Duration> {
    on_processor(Path::new("/proc/thread-self/stat"))
}

/// Resident memory of a process, in KB.
///
/// # Errors
/// If there is no such process.
pub(crate) fn resident_kb(pid: u32) -> anyhow::Result<f64> {
    let status = fs::read_to_string(format!("/proc/{pid}/status"))?;
    let line = status.lines().find(|line| line.starts_with("VmRSS:")).context("no VmRSS")?;
    let kb = line.split_whitespace().nth(1).context("no figure")?;
    Ok(kb.parse()?)
}

/// How many files a process has open.
///
/// # Errors
/// If there is no such process.
pub(crate) fn open_files(pid: u32) -> anyhow::Result<usize> {
    Ok(fs::read_dir(format!("/proc/{pid}/fd"))?.count())
}

/// How many IPv4 sockets at a local port have bytes that the other side has no room for.
///
/// # Errors
/// If the system does not tell.
pub(crate) fn sockets_with_unsent(port: u16) -> anyhow::Result<usize> {
    let at = format!(":{port:04X}");
    let text = fs::read_to_string("/proc/net/tcp")?;
    let unsent = text.lines().skip(1).filter(|line| {
        let mut fields = line.split_whitespace().skip(1);
        let local = fields.next().is_some_and(|local| local.ends_with(&at));
        local && fields.nth(2).is_some_and(|queues| !queues.starts_with("00000000:"))
    });
    Ok(unsent.count())
}

fn on_processor(stat: &Path) -> anyhow::Result<Duration> {
    let text = fs::read_to_string(stat)?;
    // The name before it may hold anything, also parentheses and spaces.
    let (_, fields) = text.rsplit_once(')').context("a stat without a name")?;
    let mut fields = fields.split_whitespace().skip(11);
    let mut next = || anyhow::Ok(fields.next().context("a short stat")?.parse::<u32>()?);
    Ok(TICK * next()? + TICK * next()?)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn work_shows_as_time_of_the_thread_and_of_its_process() {
        let (thread, process) =
            (of_this_thread().unwrap(), of_process(std::process::id()).unwrap());
        let mut sum = 0_u64;
        while of_this_thread().unwrap() < thread + TICK * 3 {
            sum = std::hint::black_box(sum.wrapping_add(1));
        }
        assert!(of_process(std::process::id()).unwrap() > process);
    }
}
