//! Accounts, sessions and links that give a role.

use std::time::Duration;

use crate::domain::ids::AccountId;
use crate::domain::time::Timestamp;
use crate::ports::{Account, Accounts, RefreshToken, Role, Rotation, StoreError};
use crate::testing::sample::OPENS_AT;

/// [`Accounts`].
///
/// # Panics
/// If the adapter does not conform.
pub async fn accounts(accounts: &dyn Accounts, id: AccountId) {
    let account = Account {
        id,
        email: "minji@example.com".to_owned(),
        name: "Kim Minji".to_owned(),
        role: Role::Operator,
        password_hash: "$argon2id$…".to_owned(),
        created_at: OPENS_AT,
    };
    assert_eq!(accounts.has_role(Role::Operator).await, Ok(false));
    accounts.add(&account).await.expect("added");
    assert_eq!(accounts.has_role(Role::Operator).await, Ok(true));
    let same_email = Account { id: AccountId::new(id.number() + 1), ..account.clone() };
    assert_eq!(accounts.add(&same_email).await, Err(StoreError::Exists("email")));
    let same_id = Account { email: "jisoo@example.com".to_owned(), ..account.clone() };
    assert_eq!(accounts.add(&same_id).await, Err(StoreError::Exists("id")));
    assert_eq!(accounts.by_id(id).await, Ok(Some(account.clone())));
    assert_eq!(accounts.by_email("minji@example.com").await, Ok(Some(account.clone())));
    assert_eq!(accounts.by_email("nobody@example.com").await, Ok(None));
    for (role, next) in Role::ALL.into_iter().zip(2..) {
        let email = format!("{}@example.com", role.as_str());
        let of_role =
            Account { id: AccountId::new(id.number() + next), email, role, ..account.clone() };
        accounts.add(&of_role).await.expect("added");
        assert_eq!(accounts.by_id(of_role.id).await, Ok(Some(of_role)));
    }
    roles(accounts, id).await;
    sessions(accounts, id).await;
    setup_links(accounts).await;
}

/// Of five accounts: one operator, and one of each role, the administrator last.
async fn roles(accounts: &dyn Accounts, id: AccountId) {
    let of = |next: u64| AccountId::new(id.number() + next);
    let staff = async || {
        let staff = accounts.staff(9).await.expect("read");
        staff.into_iter().map(|account| (account.id, account.role)).collect::<Vec<_>>()
    };
    let (viewer, operator, administrator) = (of(3), of(4), of(5));
    let all = [
        (administrator, Role::Administrator),
        (id, Role::Operator),
        (operator, Role::Operator),
        (viewer, Role::Viewer),
    ];
    assert_eq!(staff().await, all, "by e-mail address, without fans");
    assert_eq!(accounts.staff(2).await.expect("read").len(), 2);
    assert_eq!(accounts.set_role(administrator, Role::Fan).await, Ok(false), "the only one");
    assert_eq!(accounts.set_role(administrator, Role::Administrator).await, Ok(true));
    assert_eq!(accounts.set_role(of(99), Role::Fan).await, Ok(false), "nobody");
    assert_eq!(accounts.set_role(viewer, Role::Administrator).await, Ok(true));
    let (one, two) = tokio::join!(
        accounts.set_role(administrator, Role::Fan),
        accounts.set_role(viewer, Role::Fan)
    );
    let done = [one.expect("answered"), two.expect("answered")];
    assert!(done == [true, false] || done == [false, true], "one of both stays: {done:?}");
    assert_eq!(staff().await.len(), 3);
}

async fn sessions(accounts: &dyn Accounts, account: AccountId) {
    let expires_at = OPENS_AT.after(Duration::from_hours(1));
    let begin = |hash: u8, session: u8| RefreshToken {
        hash: [hash; 32],
        session: [session; 16],
        account,
        expires_at,
    };
    let rotated = Ok(Rotation::Rotated { account, expires_at });
    let trade = |old: u8, next: u8, now: Timestamp| accounts.rotate([old; 32], [next; 32], now);
    accounts.begin_session(&begin(1, 1)).await.expect("begun");
    accounts.begin_session(&begin(11, 2)).await.expect("begun");
    assert_eq!(trade(99, 98, OPENS_AT).await, Ok(Rotation::Unknown));
    assert_eq!(trade(1, 2, OPENS_AT).await, rotated);
    assert_eq!(trade(2, 3, OPENS_AT).await, rotated);
    assert_eq!(trade(1, 4, OPENS_AT).await, Ok(Rotation::Reused), "traded before");
    assert_eq!(trade(3, 5, OPENS_AT).await, Ok(Rotation::Unknown), "its session is over");
    assert_eq!(trade(11, 12, OPENS_AT).await, rotated, "another session lives on");
    accounts.end_session([12; 32]).await.expect("ended");
    assert_eq!(trade(12, 13, OPENS_AT).await, Ok(Rotation::Unknown));
    accounts.begin_session(&begin(21, 3)).await.expect("begun");
    assert_eq!(trade(21, 22, expires_at).await, Ok(Rotation::Unknown), "its time is over");
}

async fn setup_links(accounts: &dyn Accounts) {
    let expires_at = OPENS_AT.after(Duration::from_mins(30));
    for role in [Role::Viewer, Role::Operator, Role::Administrator] {
        accounts.put_setup_link([1; 32], Role::Viewer, expires_at).await.expect("kept");
        accounts.put_setup_link([2; 32], role, expires_at).await.expect("kept");
        assert_eq!(accounts.use_setup_link([1; 32], OPENS_AT).await, Ok(None), "replaced");
        assert_eq!(accounts.use_setup_link([2; 32], expires_at).await, Ok(None), "too late");
        assert_eq!(accounts.use_setup_link([2; 32], OPENS_AT).await, Ok(Some(role)));
        assert_eq!(accounts.use_setup_link([2; 32], OPENS_AT).await, Ok(None), "once");
    }
}
