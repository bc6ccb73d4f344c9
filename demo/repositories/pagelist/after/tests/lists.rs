use pagelist::{format, parse};

#[test]
fn reads_pages_and_ranges() {
    assert_eq!(parse("1-3,7"), Ok(vec![1, 2, 3, 7]));
}

#[test]
fn reads_each_page_once_and_in_order() {
    assert_eq!(parse("7, 2 - 4,3"), Ok(vec![2, 3, 4, 7]));
}

#[test]
fn refuses_words() {
    assert_eq!(parse("1,two").unwrap_err().part, "two");
}

#[test]
fn refuses_a_range_that_runs_backwards() {
    assert_eq!(parse("1,5-3").unwrap_err().part, "5-3");
}

#[test]
fn refuses_page_zero() {
    assert_eq!(parse("0-2").unwrap_err().part, "0-2");
}

#[test]
fn writes_ranges() {
    assert_eq!(format(&[1, 2, 3, 7]), "1-3,7");
}
