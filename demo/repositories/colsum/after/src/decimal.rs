use std::str::FromStr;

/// A number with a fixed number of decimal places, so that sums are exact.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Decimal {
    /// The number without its point.
    pub units: i64,
    pub places: u32,
}

impl Decimal {
    pub const ZERO: Decimal = Decimal { units: 0, places: 0 };

    /// The exact sum, with the places of the longer one.
    pub fn plus(self, other: Decimal) -> Decimal {
        let places = self.places.max(other.places);
        Decimal { units: self.scaled(places) + other.scaled(places), places }
    }

    fn scaled(self, places: u32) -> i64 {
        self.units * 10_i64.pow(places - self.places)
    }
}

impl FromStr for Decimal {
    type Err = ();

    fn from_str(text: &str) -> Result<Self, ()> {
        let (whole, part) = text.split_once('.').unwrap_or((text, ""));
        if whole.is_empty() || !part.bytes().all(|byte| byte.is_ascii_digit()) {
            return Err(());
        }
        let sign = if whole.starts_with('-') { -1 } else { 1 };
        let whole: i64 = whole.parse().map_err(|_| ())?;
        let places = part.len() as u32;
        let fraction: i64 = if part.is_empty() { 0 } else { part.parse().map_err(|_| ())? };
        Ok(Decimal { units: whole * 10_i64.pow(places) + sign * fraction, places })
    }
}

impl std::fmt::Display for Decimal {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let base = 10_i64.pow(self.places);
        if self.places == 0 {
            return write!(f, "{}", self.units);
        }
        let sign = if self.units < 0 { "-" } else { "" };
        let (whole, part) = (self.units.abs() / base, self.units.abs() % base);
        write!(f, "{sign}{whole}.{part:0width$}", width = self.places as usize)
    }
}
