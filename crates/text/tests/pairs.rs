//! The labelled pairs of `similar/pairs.txt`: the likeness must part them at `SAME_PROBLEM`, and clearly.

use text::similar::{SAME_PROBLEM, likeness};

use crate::corpus;

#[test]
fn pairs_fall_on_their_side_of_the_threshold() {
    let table =
        std::fs::read_to_string(corpus::folder("similar").join("pairs.txt")).expect("pairs are readable");
    let (mut lowest_same, mut highest_other, mut wrong, mut count) = (1.0_f32, 0.0_f32, Vec::new(), 0);
    for line in table.lines().filter(|line| !line.starts_with('#') && !line.trim().is_empty()) {
        let fields: Vec<&str> = line.split(" | ").collect();
        let [label, first, second] = fields[..] else { panic!("three fields, not: {line}") };
        let found = likeness(first, second);
        assert!((found - likeness(second, first)).abs() < 1e-6, "not symmetric: {line}");
        count += 1;
        let is_right = match label {
            "same" => {
                lowest_same = lowest_same.min(found);
                found > SAME_PROBLEM
            }
            "other" => {
                highest_other = highest_other.max(found);
                found < SAME_PROBLEM
            }
            _ => panic!("same or other, not: {line}"),
        };
        if !is_right {
            wrong.push(format!("{found:.2} {line}"));
        }
    }
    eprintln!("{count} pairs; lowest same {lowest_same:.2}, highest other {highest_other:.2}");
    assert!(count >= 30, "only {count} pairs");
    assert!(wrong.is_empty(), "on the wrong side of {SAME_PROBLEM}:\n{}", wrong.join("\n"));
    assert!(lowest_same > 0.5, "one problem reworded looks like two: {lowest_same:.2}");
    assert!(highest_other < 0.3, "another problem looks alike: {highest_other:.2}");
}
