//! Money: an amount in a currency's smallest unit. There is no floating point near it.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

/// A currency of ISO 4217 that tiketi can charge in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum Currency {
    /// South Korean won; has no smaller unit.
    Krw,
    /// Japanese yen; has no smaller unit.
    Jpy,
    /// United States dollar, in cents.
    Usd,
    /// Euro, in cents.
    Eur,
    /// Pound sterling, in pence.
    Gbp,
    /// Kuwaiti dinar, in thousandths.
    Kwd,
}

impl Currency {
    /// Every currency, in no particular order.
    pub const ALL: [Self; 6] = [Self::Krw, Self::Jpy, Self::Usd, Self::Eur, Self::Gbp, Self::Kwd];

    /// The three letters of ISO 4217.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Krw => "KRW",
            Self::Jpy => "JPY",
            Self::Usd => "USD",
            Self::Eur => "EUR",
            Self::Gbp => "GBP",
            Self::Kwd => "KWD",
        }
    }

    /// Decimal digits of the smallest unit: 0, 2 or 3.
    pub const fn decimals(self) -> u32 {
        match self {
            Self::Krw | Self::Jpy => 0,
            Self::Usd | Self::Eur | Self::Gbp => 2,
            Self::Kwd => 3,
        }
    }
}

impl FromStr for Currency {
    type Err = UnknownCurrency;

    fn from_str(code: &str) -> Result<Self, UnknownCurrency> {
        Self::ALL.into_iter().find(|currency| currency.code() == code).ok_or(UnknownCurrency)
    }
}

/// The code is not one of [`Currency::ALL`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("unknown currency")]
pub struct UnknownCurrency;

/// An amount of one currency, in its smallest unit: never negative, at most [`Money::MAX_MINOR`].
#[derive(Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Money {
    minor: i64,
    currency: Currency,
}

impl Money {
    /// The largest amount: stays an exact integer in JSON readers (2^53 − 1).
    pub const MAX_MINOR: i64 = (1 << 53) - 1;

    /// Nothing, in a currency.
    pub const fn zero(currency: Currency) -> Self {
        Self { minor: 0, currency }
    }

    /// An amount in the smallest unit; `None` if negative or above [`Self::MAX_MINOR`].
    pub fn from_minor(minor: i64, currency: Currency) -> Option<Self> {
        (0..=Self::MAX_MINOR).contains(&minor).then_some(Self { minor, currency })
    }

    /// The amount in the smallest unit.
    pub const fn minor(self) -> i64 {
        self.minor
    }

    /// The currency.
    pub const fn currency(self) -> Currency {
        self.currency
    }

    /// The sum; `None` if the currencies differ or the sum is too large.
    pub fn plus(self, other: Self) -> Option<Self> {
        if self.currency != other.currency {
            return None;
        }
        Self::from_minor(self.minor.checked_add(other.minor)?, self.currency)
    }
}

impl fmt::Debug for Money {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl fmt::Display for Money {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let unit = 10_i64.pow(self.currency.decimals());
        write!(f, "{} {}", self.currency.code(), self.minor / unit)?;
        if unit > 1 {
            let width = self.currency.decimals() as usize;
            write!(f, ".{:0width$}", self.minor % unit)?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn money(minor: i64, currency: Currency) -> Money {
        Money::from_minor(minor, currency).unwrap()
    }

    #[test]
    fn amounts_are_written_with_the_decimals_of_their_currency() {
        assert_eq!(money(154_000, Currency::Krw).to_string(), "KRW 154000");
        assert_eq!(money(1_905, Currency::Usd).to_string(), "USD 19.05");
        assert_eq!(money(1_005, Currency::Kwd).to_string(), "KWD 1.005");
    }

    #[test]
    fn sums_refuse_other_currencies_and_overflow() {
        let won = money(Money::MAX_MINOR, Currency::Krw);
        assert_eq!(won.plus(money(1, Currency::Krw)), None);
        assert_eq!(won.plus(Money::zero(Currency::Jpy)), None);
        assert_eq!(Money::from_minor(-1, Currency::Krw), None);
        assert_eq!(won.plus(Money::zero(Currency::Krw)), Some(won));
    }

    #[test]
    fn codes_read_back() {
        for currency in Currency::ALL {
            assert_eq!(currency.code().parse::<Currency>(), Ok(currency));
        }
        assert_eq!("krw".parse::<Currency>(), Err(UnknownCurrency));
    }
}
