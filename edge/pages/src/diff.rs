//! What two texts say differently, line by line.

/// A line of a difference.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct DiffLine {
    /// `' '` both have it, `'-'` the first alone, `'+'` the second alone, `'…'` lines both have are left out.
    pub(crate) mark: char,
    /// What it says.
    pub(crate) text: String,
}

/// So many comparisons are made at most; then what differs stands as one piece.
const MOST: usize = 4_000_000;

/// How many lines that both have are shown around one that differs.
const AROUND: usize = 2;

/// The lines that differ, with a few around them; nothing where none does.
pub(crate) fn diff(before: &str, after: &str) -> Vec<DiffLine> {
    let (a, b): (Vec<&str>, Vec<&str>) = (before.lines().collect(), after.lines().collect());
    let head = a.iter().zip(&b).take_while(|(a, b)| a == b).count();
    let (short_a, short_b) = (a.get(head..).unwrap_or_default(), b.get(head..).unwrap_or_default());
    let tail = short_a.iter().rev().zip(short_b.iter().rev()).take_while(|(a, b)| a == b).count();
    let middle =
        |all: &[&'_ str]| -> Vec<String> { all.iter().take(all.len() - tail).map(|line| (*line).to_owned()).collect() };
    let same = |lines: &[&str]| -> Vec<DiffLine> {
        lines.iter().map(|line| DiffLine { mark: ' ', text: (*line).to_owned() }).collect()
    };
    let mut all = same(a.get(..head).unwrap_or_default());
    all.extend(between(&middle(short_a), &middle(short_b)));
    all.extend(same(a.get(a.len() - tail..).unwrap_or_default()));
    shortened(all)
}

fn between(a: &[String], b: &[String]) -> Vec<DiffLine> {
    let line = |mark: char, text: &String| DiffLine { mark, text: text.clone() };
    if a.len().saturating_mul(b.len()) > MOST {
        return a.iter().map(|text| line('-', text)).chain(b.iter().map(|text| line('+', text))).collect();
    }
    // How many lines are in common from here on, row by row from the end.
    let width = b.len() + 1;
    let mut common = vec![0_u32; (a.len() + 1) * width];
    let at = |i: usize, j: usize| i * width + j;
    for (i, left) in a.iter().enumerate().rev() {
        for (j, right) in b.iter().enumerate().rev() {
            let get = |i, j| common.get(at(i, j)).copied().unwrap_or_default();
            let best = if left == right { get(i + 1, j + 1) + 1 } else { get(i + 1, j).max(get(i, j + 1)) };
            if let Some(slot) = common.get_mut(at(i, j)) {
                *slot = best;
            }
        }
    }
    let get = |i, j| common.get(at(i, j)).copied().unwrap_or_default();
    let (mut i, mut j, mut out) = (0, 0, Vec::new());
    loop {
        match (a.get(i), b.get(j)) {
            (Some(left), Some(right)) if left == right => {
                out.push(line(' ', left));
                (i, j) = (i + 1, j + 1);
            }
            (Some(left), right) if right.is_none() || get(i + 1, j) >= get(i, j + 1) => {
                out.push(line('-', left));
                i += 1;
            }
            (_, Some(right)) => {
                out.push(line('+', right));
                j += 1;
            }
            _ => return out,
        }
    }
}

fn shortened(all: Vec<DiffLine>) -> Vec<DiffLine> {
    let differs: Vec<usize> = all.iter().enumerate().filter(|(_, line)| line.mark != ' ').map(|(at, _)| at).collect();
    let near = |at: usize| {
        let next = differs.partition_point(|differing| *differing + AROUND < at);
        differs.get(next).is_some_and(|differing| *differing <= at + AROUND)
    };
    let mut out: Vec<DiffLine> = Vec::new();
    for (at, line) in all.into_iter().enumerate() {
        if near(at) {
            out.push(line);
        } else if !differs.is_empty() && out.last().is_none_or(|last| last.mark != '…') {
            out.push(DiffLine { mark: '…', text: String::new() });
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::diff;

    fn shown(before: &str, after: &str) -> String {
        diff(before, after).iter().map(|line| format!("{}{}\n", line.mark, line.text)).collect()
    }

    #[test]
    fn lines_that_differ_stand_with_their_neighbours() {
        assert_eq!(shown("a\nb\n", "a\nb\n"), "");
        assert_eq!(shown("1\n2\n3\n4\n5\n6\n7\n", "1\n2\n3\nx\n5\n6\n7\n"), "…\n 2\n 3\n-4\n+x\n 5\n 6\n…\n");
        assert_eq!(shown("", "a\n"), "+a\n");
        assert_eq!(shown("a\nb\nc\n", "c\n"), "-a\n-b\n c\n");
        assert_eq!(shown("a\nx\nb\n", "y\na\nb\nz\n"), "+y\n a\n-x\n b\n+z\n");
    }
}
