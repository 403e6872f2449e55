//! Who somebody is: passwords, access tokens, sessions in cookies.

pub(crate) mod cookies;
pub(crate) mod extract;
pub(crate) mod keys;
pub(crate) mod passwords;
pub(crate) mod tokens;

pub(crate) use extract::{Administrator, Bot, MaybeSignedIn, Operator, SignedIn, Viewer};
