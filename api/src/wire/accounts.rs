//! Accounts and sessions.

use std::fmt;

use serde::{Deserialize, Serialize};
use tiketi_engine::ports::{Account, Role};
use utoipa::ToSchema;

use crate::problem::Problem;

/// A new account.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct RegisterBody {
    /// An e-mail address.
    pub email: String,
    /// What to call its owner: 1 to 80 characters.
    pub name: String,
    /// At least 10 characters, at most 200.
    pub password: String,
}

/// An e-mail address and a password.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct SignInBody {
    /// The e-mail address.
    pub email: String,
    /// The password.
    pub password: String,
}

/// Who is to have the role that a link gives.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct SetupBody {
    /// The token of the link.
    pub token: String,
    /// An e-mail address.
    pub email: String,
    /// What to call its owner: 1 to 80 characters.
    pub name: String,
    /// At least 10 characters, at most 200.
    pub password: String,
}

/// Who is signed in.
#[derive(Debug, Serialize, ToSchema)]
pub struct SessionView {
    /// The account's id.
    pub id: String,
    /// Its e-mail address.
    pub email: String,
    /// What to call its owner.
    pub name: String,
    /// What its owner may do.
    pub role: RoleView,
}

/// What an account may do.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum RoleView {
    /// Buy.
    Fan,
    /// See how sales and nodes do.
    Viewer,
    /// Run sales.
    Operator,
    /// Say who may do what.
    Administrator,
}

impl From<Role> for RoleView {
    fn from(role: Role) -> Self {
        match role {
            Role::Fan => Self::Fan,
            Role::Viewer => Self::Viewer,
            Role::Operator => Self::Operator,
            Role::Administrator => Self::Administrator,
        }
    }
}

impl From<RoleView> for Role {
    fn from(role: RoleView) -> Self {
        match role {
            RoleView::Fan => Self::Fan,
            RoleView::Viewer => Self::Viewer,
            RoleView::Operator => Self::Operator,
            RoleView::Administrator => Self::Administrator,
        }
    }
}

/// Whom a link is for.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct SetupLinkBody {
    /// What the account that is made with it may do.
    pub role: StaffRole,
}

/// What an account may do that is made with a link.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, ToSchema, clap::ValueEnum)]
#[serde(rename_all = "snake_case")]
pub enum StaffRole {
    /// See how sales and nodes do.
    Viewer,
    /// Run sales.
    Operator,
    /// Say who may do what.
    Administrator,
}

impl From<StaffRole> for Role {
    fn from(role: StaffRole) -> Self {
        match role {
            StaffRole::Viewer => Self::Viewer,
            StaffRole::Operator => Self::Operator,
            StaffRole::Administrator => Self::Administrator,
        }
    }
}

/// A link that makes one account, once, within half an hour. It replaces the one before.
#[derive(Serialize, ToSchema)]
pub struct SetupLinkView {
    /// Where to open it.
    pub url: String,
}

impl From<&Account> for SessionView {
    fn from(account: &Account) -> Self {
        Self {
            id: account.id.to_string(),
            email: account.email.clone(),
            name: account.name.clone(),
            role: account.role.into(),
        }
    }
}

/// What a new account needs, checked.
pub(crate) struct NewAccount {
    /// In lower case.
    pub(crate) email: String,
    pub(crate) name: String,
    pub(crate) password: String,
}

impl NewAccount {
    pub(crate) fn check(email: &str, name: &str, password: String) -> Result<Self, Problem> {
        let email = normal_email(email)
            .ok_or_else(|| Problem::invalid("email", "not an e-mail address"))?;
        let name = name.trim();
        let printable = !name.chars().any(char::is_control);
        if !(1..=80).contains(&name.chars().count()) || !printable {
            return Err(Problem::invalid("name", "1 to 80 characters"));
        }
        if !(10..=200).contains(&password.chars().count()) {
            return Err(Problem::invalid("password", "10 to 200 characters"));
        }
        if COMMON.contains(&password.to_lowercase().as_str()) || password.contains(&email) {
            return Err(Problem::invalid("password", "too easy to guess"));
        }
        Ok(Self { email, name: name.to_owned(), password })
    }
}

/// Passwords of at least ten characters that are tried first.
const COMMON: [&str; 12] = [
    "1234567890",
    "0123456789",
    "0987654321",
    "qwertyuiop",
    "password12",
    "password123",
    "password1234",
    "1q2w3e4r5t",
    "1234567891",
    "iloveyou123",
    "aaaaaaaaaa",
    "tiketi1234",
];

/// An address in the form under which it is stored; `None` if it is none.
pub(crate) fn normal_email(text: &str) -> Option<String> {
    let text = text.trim().to_lowercase();
    let (user, domain) = text.split_once('@')?;
    let lawful = |part: &str| {
        !part.is_empty() && !part.chars().any(|c| c.is_whitespace() || c.is_control() || c == '@')
    };
    let dotted = domain.contains('.') && !domain.starts_with('.') && !domain.ends_with('.');
    (lawful(user) && lawful(domain) && dotted && text.len() <= 254).then_some(text)
}

impl fmt::Debug for RegisterBody {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("RegisterBody")
    }
}

impl fmt::Debug for SignInBody {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("SignInBody")
    }
}

impl fmt::Debug for SetupBody {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("SetupBody")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_are_stored_in_one_form() {
        assert_eq!(normal_email(" Kim@Example.COM ").as_deref(), Some("kim@example.com"));
        for bad in ["", "kim", "kim@", "@example.com", "kim@example", "k im@example.com", "a@b@c.d"]
        {
            assert_eq!(normal_email(bad), None, "{bad}");
        }
    }
}
