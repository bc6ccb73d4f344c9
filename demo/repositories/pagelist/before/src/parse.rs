use std::collections::BTreeSet;
use std::fmt;

/// A part of a page list that is neither a page nor a range of pages.
#[derive(Debug, PartialEq, Eq)]
pub struct ParseError {
    pub part: String,
}

impl fmt::Display for ParseError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "not a page or a range of pages: {:?}", self.part)
    }
}

impl std::error::Error for ParseError {}

/// Reads a list: the pages in rising order, each once. Blanks around numbers are allowed.
pub fn parse(list: &str) -> Result<Vec<u32>, ParseError> {
    let mut pages = BTreeSet::new();
    for part in list.split(',') {
        let refused = || ParseError { part: part.to_string() };
        let (first, last) = part.split_once('-').unwrap_or((part, part));
        let first: u32 = first.trim().parse().map_err(|_| refused())?;
        let last: u32 = last.trim().parse().map_err(|_| refused())?;
        pages.extend(first..=last);
    }
    Ok(pages.into_iter().collect())
}
