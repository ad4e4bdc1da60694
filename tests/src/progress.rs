//! Which questions were answered alike, so that a run that was interrupted, or made in parts, goes
//! on where it ended.
//!
//! A file in `target` for each seed holds the parts that are done. What was asked of another
//! program, ours or upstream's, does not count: the file starts with a number made of both.

use std::collections::BTreeMap;
use std::fs::{self, File};
use std::io::{self, Write};
use std::path::{Path, PathBuf};

/// Questions of a part. Parts start at multiples of it.
const PART: u64 = 100;

/// Questions that are asked one after the other.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Part {
    /// The number of the first.
    pub first: u64,
    /// How many.
    pub count: u64,
}

/// The parts that are done.
pub struct Progress {
    file: File,
    /// By number of the part: how many decisions its questions held, when the run began.
    done: BTreeMap<u64, u64>,
    /// Decisions of this run, with what is not asked again.
    decisions: u64,
}

impl Progress {
    /// What is done under this name by this program, with these files of upstream's.
    ///
    /// # Errors
    /// If a file can't be read or written.
    pub fn of(name: &str, sources: &[PathBuf]) -> io::Result<Self> {
        let own = std::env::current_exe()?;
        let mut mark = FNV_START;
        for path in std::iter::once(&own).chain(sources) {
            mark = fnv(mark, &fs::read(path)?);
        }
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../target/oracle/progress");
        fs::create_dir_all(&folder)?;
        Self::at(&folder.join(name.replace(' ', "-")), mark)
    }

    fn at(path: &Path, mark: u64) -> io::Result<Self> {
        let mark = format!("{mark:016x}");
        let text = fs::read_to_string(path).unwrap_or_default();
        let mut lines = text.lines();
        let is_ours = lines.next() == Some(&mark);
        let done: BTreeMap<u64, u64> = lines.filter(|_| is_ours).filter_map(read).collect();
        let lines: String = done.iter().map(|(part, it)| line(*part, *it)).collect();
        let fresh = path.with_extension("new");
        fs::write(&fresh, format!("{mark}\n{lines}"))?;
        fs::rename(fresh, path)?;
        let file = File::options().append(true).open(path)?;
        Ok(Self { file, done, decisions: 0 })
    }

    /// The parts of these questions that are still to be asked; the decisions in the others count.
    pub fn left(&mut self, first: u64, count: u64) -> Vec<Part> {
        let (mut left, mut at, end) = (Vec::new(), first, first.saturating_add(count));
        while at < end {
            let next = end.min((at / PART + 1).saturating_mul(PART));
            let part = Part { first: at, count: next - at };
            match self.done.get(&(at / PART)) {
                Some(decisions) if part.count == PART => self.decisions += decisions,
                _ => left.push(part),
            }
            at = next;
        }
        left
    }

    /// Writes down that a part had no difference.
    ///
    /// # Errors
    /// If the file can't be written.
    pub fn add(&mut self, part: Part, decisions: u64) -> io::Result<()> {
        self.decisions += decisions;
        if part.count == PART {
            self.file.write_all(line(part.first / PART, decisions).as_bytes())?;
        }
        Ok(())
    }

    /// The decisions in all questions that were asked, now or before.
    pub fn decisions(&self) -> u64 {
        self.decisions
    }
}

/// One part; the end shows that the line was not cut short.
fn line(part: u64, decisions: u64) -> String {
    format!("{part} {decisions};\n")
}

fn read(line: &str) -> Option<(u64, u64)> {
    let (part, decisions) = line.strip_suffix(';')?.split_once(' ')?;
    Some((part.parse().ok()?, decisions.parse().ok()?))
}

const FNV_START: u64 = 0xCBF2_9CE4_8422_2325;

/// Upstream: FNV-1a, Fowler, Noll and Vo 1991.
fn fnv(start: u64, bytes: &[u8]) -> u64 {
    bytes.iter().fold(start, |it, byte| (it ^ u64::from(*byte)).wrapping_mul(0x0100_0000_01B3))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn part(first: u64, count: u64) -> Part {
        Part { first, count }
    }

    #[test]
    fn a_run_goes_on_where_it_ended() {
        let path = std::env::temp_dir().join(format!("tidetable-progress-{}", std::process::id()));
        let mut run = Progress::at(&path, 7).unwrap();
        assert_eq!(run.left(0, 250), [part(0, 100), part(100, 100), part(200, 50)]);
        run.add(part(100, 100), 3).unwrap();
        run.add(part(200, 50), 5).unwrap();
        assert_eq!(run.decisions(), 8);
        // As if the program had ended while it wrote.
        fs::write(&path, fs::read_to_string(&path).unwrap() + "2 4").unwrap();

        let mut run = Progress::at(&path, 7).unwrap();
        assert_eq!(run.left(50, 250), [part(50, 50), part(200, 100)]);
        run.add(part(200, 100), 4).unwrap();
        assert_eq!(run.decisions(), 7);
        let mut run = Progress::at(&path, 7).unwrap();
        assert_eq!(run.left(100, 200), []);
        assert_eq!(run.decisions(), 7);

        // Another program starts anew.
        let mut run = Progress::at(&path, 8).unwrap();
        assert_eq!(run.left(100, 200).len(), 2);
        fs::remove_file(path).unwrap();
    }

    #[test]
    fn the_mark_is_that_of_fnv() {
        // From the authors' test vectors: "foobar".
        assert_eq!(fnv(FNV_START, b"foobar"), 0x8594_4171_F739_67E8);
    }
}
