//! Page lists such as `1-3,7`.

mod parse;

pub use parse::{parse, ParseError};

/// Writes rising page numbers as a list: `[1, 2, 3, 7]` becomes `1-3,7`.
pub fn format(pages: &[u32]) -> String {
    let mut parts: Vec<(u32, u32)> = Vec::new();
    for &page in pages {
        match parts.last_mut() {
            Some((_, last)) if *last + 1 == page => *last = page,
            _ => parts.push((page, page)),
        }
    }
    let written: Vec<String> = parts
        .iter()
        .map(|(first, last)| if first == last { first.to_string() } else { format!("{first}-{last}") })
        .collect();
    written.join(",")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_list_of_nothing_is_empty() {
        assert_eq!(format(&[]), "");
    }
}
