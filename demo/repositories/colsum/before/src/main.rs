mod decimal;

use decimal::Decimal;
use std::io::{stdin, BufRead};
use std::process::exit;

fn main() {
    let column: usize = match std::env::args().nth(1).map(|given| given.parse()) {
        Some(Ok(column)) if column > 0 => column,
        _ => {
            eprintln!("usage: colsum COLUMN");
            exit(2);
        }
    };
    let lines = stdin().lock().lines().map_while(Result::ok);
    let numbers = lines.filter_map(|line| line.split_whitespace().nth(column - 1).and_then(|field| field.parse().ok()));
    println!("{}", numbers.fold(Decimal::ZERO, Decimal::plus));
}
