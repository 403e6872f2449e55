//! Password hashing with Argon2id, kept from starving everything else.

use argon2::{Argon2, PasswordHasher as _, PasswordVerifier as _};
use tokio::sync::Semaphore;
use tokio::task::spawn_blocking;

/// Hashes that may wait for their turn; one more is refused.
const WAITING_MAX: usize = 32;

/// Why there is no hash.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub(crate) enum PasswordError {
    /// Too many wait already.
    #[error("too many sign-ins at once")]
    Busy,
    /// It could not be computed.
    #[error("the password could not be hashed")]
    Failed,
}

/// One hash at a time: each takes tens of milliseconds and 19 MiB (OWASP's minimum for Argon2id:
/// m = 19456 KiB, t = 2, p = 1, which are the library's defaults).
#[derive(Debug)]
pub(crate) struct Passwords {
    turn: Semaphore,
    waiting: Semaphore,
    /// A hash that no password has, for accounts that do not exist: they cost the same.
    nobody: String,
}

impl Passwords {
    pub(crate) fn new() -> Result<Self, PasswordError> {
        let nobody = hash_now(&rand::random::<[u8; 32]>())?;
        Ok(Self { turn: Semaphore::new(1), waiting: Semaphore::new(WAITING_MAX), nobody })
    }

    /// A hash in PHC string format.
    pub(crate) async fn hash(&self, password: String) -> Result<String, PasswordError> {
        self.in_turn(move || hash_now(password.as_bytes())).await?
    }

    /// Whether a password has a hash; `None` stands for an account that does not exist.
    pub(crate) async fn verify(
        &self,
        password: String,
        hash: Option<String>,
    ) -> Result<bool, PasswordError> {
        let known = hash.is_some();
        let hash = hash.unwrap_or_else(|| self.nobody.clone());
        let fits =
            move || Argon2::default().verify_password(password.as_bytes(), hash.as_str()).is_ok();
        Ok(self.in_turn(fits).await? && known)
    }

    async fn in_turn<T: Send + 'static>(
        &self,
        work: impl FnOnce() -> T + Send + 'static,
    ) -> Result<T, PasswordError> {
        let _place = self.waiting.try_acquire().map_err(|_| PasswordError::Busy)?;
        let _turn = self.turn.acquire().await.map_err(|_| PasswordError::Failed)?;
        spawn_blocking(work).await.map_err(|_| PasswordError::Failed)
    }
}

fn hash_now(password: &[u8]) -> Result<String, PasswordError> {
    let hash = Argon2::default().hash_password(password);
    hash.map(|hash| hash.to_string()).map_err(|_| PasswordError::Failed)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn only_the_right_password_fits_and_nobody_has_one() {
        let passwords = Passwords::new().unwrap();
        let hash = passwords.hash("correct horse".to_owned()).await.unwrap();
        assert!(hash.starts_with("$argon2id$v=19$m=19456,t=2,p=1$"), "{hash}");
        let verify = |password: &str, hash| passwords.verify(password.to_owned(), hash);
        assert_eq!(verify("correct horse", Some(hash.clone())).await, Ok(true));
        assert_eq!(verify("battery staple", Some(hash)).await, Ok(false));
        assert_eq!(verify("correct horse", None).await, Ok(false));
    }

    #[tokio::test]
    async fn beyond_the_bound_sign_ins_are_refused() {
        let passwords = Passwords::new().unwrap();
        let all = passwords.waiting.try_acquire_many(32).unwrap();
        assert_eq!(passwords.hash("x".to_owned()).await, Err(PasswordError::Busy));
        drop(all);
        assert!(passwords.hash("x".to_owned()).await.is_ok());
    }
}
