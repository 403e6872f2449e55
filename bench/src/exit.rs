//! With which code a command ends whose work did not come to what it should.

use anyhow::Error;

use crate::audit::Found;
use crate::compare::Differs;
use crate::load::open::FellBehind;
use crate::scenario::{Broken, Interrupted};
use crate::signals::Ended;

/// The code; none if something went wrong that has no code of its own.
pub fn code(error: &Error) -> Option<u8> {
    Some(match () {
        // What was measured is not what was asked for.
        () if error.is::<FellBehind>() => 3,
        () if error.is::<Found>() => 4,
        () if error.is::<Differs>() => 5,
        () if error.is::<Broken>() => 6,
        () if error.is::<Interrupted>() => 7,
        // 128 and the number of SIGINT, as shells have it.
        () if error.is::<Ended>() => 130,
        () => return None,
    })
}
