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
fn writes_ranges() {
    assert_eq!(format(&[1, 2, 3, 7]), "1-3,7");
}
