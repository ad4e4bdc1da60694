//! What the command line prints, by running it.
//!
//! In a ```` ```console ```` block each line `$ tidetable …` is followed by what the program prints
//! on both its streams, in that order, and `$ echo $?` by its exit status. It finds the files that
//! the chapter holds: blocks whose info says `file=web.yaml`. A pipe (`$ kubectl get hpa |
//! tidetable now -`) reads what `input=hpa.txt` of the info names; `| head -12` at the end cuts what
//! standard output has.

use std::{
    cell::RefCell,
    collections::BTreeMap,
    ffi::OsString,
    fs,
    io::{self, Write},
    path::PathBuf,
    rc::Rc,
    sync::atomic::{AtomicUsize, Ordering},
};

use anyhow::{Context, Result, anyhow};
use tidetable::World;

use super::block::Located;
use crate::place;

/// The files of a chapter, by name.
pub(super) type Files = BTreeMap<String, String>;

/// What a block becomes. With it come the files that stand before it.
pub(super) fn block(content: &str, info: &str, files: &Files) -> Result<String, Located> {
    let input = word(info, "input=").map(|name| {
        files.get(name).with_context(|| format!("this chapter has no block with file={name}"))
    });
    let input = input.transpose().map_err(|error| (0, error))?.map_or("", String::as_str);
    let folder = Folder::with(files).map_err(|error| (0, error))?;
    let (mut result, mut status) = (String::new(), 0);
    for (index, line) in content.lines().enumerate() {
        result.push_str(line);
        result.push('\n');
        if line == "$ echo $?" {
            result.push_str(&format!("{status}\n"));
        }
        let Some((before, arguments)) = line.split_once("tidetable ") else { continue };
        if before != "$ " && !(before.starts_with("$ ") && before.ends_with("| ")) {
            continue;
        }
        let is_piped = before.contains('|');
        if is_piped == input.is_empty() {
            let error = anyhow!("a pipe goes with `input=FILE` in the info, and else neither");
            return Err((index, error));
        }
        let (printed, ended) = folder.run(arguments, input).map_err(|error| (index, error))?;
        result.push_str(&printed);
        status = ended;
    }
    Ok(format!("```console\n{}\n```\n", result.trim_end()))
}

/// What stands after `name` in the info of a block.
pub(super) fn word<'a>(info: &'a str, name: &str) -> Option<&'a str> {
    info.split_whitespace().find_map(|it| it.strip_prefix(name))
}

/// The files on disk, for as long as they are needed.
struct Folder(PathBuf);

impl Folder {
    fn with(files: &Files) -> Result<Self> {
        static NEXT: AtomicUsize = AtomicUsize::new(0);
        let number = NEXT.fetch_add(1, Ordering::Relaxed);
        let name = format!("book-files/{}-{number}", std::process::id());
        let folder = Self(place::target().join(name));
        for (name, content) in files {
            let path = folder.0.join(name);
            fs::create_dir_all(path.parent().context("a file has a folder")?)?;
            fs::write(path, content)?;
        }
        Ok(folder)
    }

    /// What it prints, and its exit status.
    fn run(&self, arguments: &str, input: &str) -> Result<(String, u8)> {
        let (arguments, most) = match arguments.split_once(" | head -") {
            Some((arguments, most)) => (arguments, Some(most.parse()?)),
            None => (arguments, None),
        };
        let printed = Printed::default();
        // What is cut is not a terminal's any more: findings come first then.
        let out = if most.is_some() { Printed::default() } else { printed.clone() };
        let outcome = tidetable::run(
            arguments.split_whitespace().map(OsString::from),
            &mut World {
                input: &mut input.as_bytes(),
                out: &mut out.clone(),
                err: &mut printed.clone(),
                colours: [false; 2],
                folder: &self.0,
            },
        );
        let mut told = String::from_utf8(printed.0.take())?;
        if let Some(most) = most {
            let out = String::from_utf8(out.0.take())?;
            told.extend(out.split_inclusive('\n').take(most));
        }
        Ok((told, outcome as u8))
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        // A folder that stays is in nobody's way.
        let _ = fs::remove_dir_all(&self.0);
    }
}

/// Both streams, as a terminal shows them.
#[derive(Clone, Default)]
struct Printed(Rc<RefCell<Vec<u8>>>);

impl Write for Printed {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.borrow_mut().extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_command_is_followed_by_what_it_prints() {
        let files = Files::from([("a.yaml".to_owned(), "a: [1\n".to_owned())]);
        let told = block("$ tidetable check a.yaml\n$ echo $?\n$ ls\n", "console", &files).unwrap();
        assert!(told.starts_with("```console\n$ tidetable check a.yaml\n"), "{told}");
        assert!(
            told.contains("a.yaml:1:") && told.ends_with("\n$ echo $?\n1\n$ ls\n```\n"),
            "{told}"
        );
    }

    #[test]
    fn a_pipe_needs_what_it_reads() {
        let piped = "$ kubectl get hpa | tidetable now -\n";
        assert_eq!(block(piped, "console", &Files::new()).unwrap_err().0, 0);
        assert!(block(piped, "console input=hpa.txt", &Files::new()).is_err());
        let table = "NAME REFERENCE TARGETS MINPODS MAXPODS REPLICAS AGE\n\
                     web Deployment/web cpu: 100%/80% 1 3 2 5d\n";
        let files = Files::from([("hpa.txt".to_owned(), table.to_owned())]);
        // ceil(100 / 80 × 2) = 3
        let told = block(piped, "console input=hpa.txt", &files).unwrap();
        assert!(told.contains("HPA web: 2 → 3 replicas at the next look."), "{told}");
        let cut = block(&piped.replace('\n', " | head -1\n"), "console input=hpa.txt", &files);
        assert!(
            cut.unwrap().ends_with("head -1\nHPA web: 2 → 3 replicas at the next look.\n```\n")
        );
    }
}
