use std::io::Write;
use std::process::{Command, Output, Stdio};

fn colsum(arguments: &[&str], input: &str) -> Output {
    let mut child = Command::new(env!("CARGO_BIN_EXE_colsum"))
        .args(arguments)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    // A program that refuses its arguments does not read.
    let _ = child.stdin.take().unwrap().write_all(input.as_bytes());
    child.wait_with_output().unwrap()
}

fn sum(column: &str, input: &str) -> String {
    String::from_utf8(colsum(&[column], input).stdout).unwrap()
}

#[test]
fn adds_whole_numbers() {
    assert_eq!(sum("2", "a 1\nb 2\n"), "3\n");
}

#[test]
fn leaves_headings_out() {
    assert_eq!(sum("1", "price\n0.25\n1.5\n"), "1.75\n");
}

#[test]
fn refuses_column_zero() {
    assert_eq!(colsum(&["0"], "1\n").status.code(), Some(2));
}
