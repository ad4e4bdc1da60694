//! The same module, in an order that compresses better.
//!
//! gzip finds what it has seen in the last 32 KB, so functions that look alike should stand together.
//! Beginning with the largest, the next is always the one that shares most with those just written.

use std::{collections::VecDeque, convert::Infallible};

use anyhow::{Context, Result, anyhow};
use wasm_encoder::{
    CodeSection, FunctionSection,
    reencode::{self, Reencode},
};
use wasmparser::{CodeSectionReader, FunctionSectionReader, Parser, Payload, TypeRef};

/// How many bytes back a function still helps: as many as gzip remembers.
const WINDOW: usize = 32 * 1024;

/// Functions are compared by all their runs of so many bytes.
const RUN: usize = 5;

/// Runs that a function is taken to have besides, lest the shortest always come next.
const FEW: usize = 60;

/// Packs `module`.
pub(super) fn pack(module: &[u8]) -> Result<Vec<u8>> {
    let (imported, bodies) = functions(module)?;
    let order = order(&bodies);
    let mut places = vec![0; order.len()];
    for (place, &function) in order.iter().enumerate() {
        places[function] = place as u32;
    }
    let mut packed = wasm_encoder::Module::new();
    Packer { imported, order, places }
        .parse_core_module(&mut packed, Parser::new(0), module)
        .map_err(|error| anyhow!("the module can't be written in another order: {error}"))?;
    Ok(packed.finish())
}

/// How many functions are imported, and the bytes of the others.
fn functions(module: &[u8]) -> Result<(u32, Vec<&[u8]>)> {
    let mut imported = 0;
    let mut bodies = Vec::new();
    for payload in Parser::new(0).parse_all(module) {
        match payload? {
            Payload::ImportSection(imports) => {
                for import in imports.into_imports() {
                    imported += u32::from(matches!(import?.ty, TypeRef::Func(_)));
                }
            }
            Payload::CodeSectionEntry(body) => {
                bodies.push(module.get(body.range()).context("a function beyond the module")?);
            }
            _ => {}
        }
    }
    Ok((imported, bodies))
}

/// The functions in the order in which they are to stand.
fn order(bodies: &[&[u8]]) -> Vec<usize> {
    let mut window = Window::new(bodies);
    let mut left: Vec<usize> = (0..bodies.len()).collect();
    let mut order = Vec::new();
    while let Some(next) = (0..left.len()).max_by_key(|&it| window.likeness(left[it])) {
        let function = left.swap_remove(next);
        window.push(function, bodies[function].len());
        order.push(function);
    }
    order
}

/// The functions written last, and how much the others share with them.
struct Window {
    /// The different runs of each function, by number.
    runs: Vec<Vec<usize>>,
    /// The functions that have a run.
    holders: Vec<Vec<usize>>,
    /// How many functions of the window have a run.
    seen: Vec<u32>,
    /// How many of a function's runs the window has.
    shared: Vec<usize>,
    functions: VecDeque<(usize, usize)>,
    bytes: usize,
}

impl Window {
    fn new(bodies: &[&[u8]]) -> Self {
        let mut all: Vec<(&[u8], usize)> = Vec::new();
        for (function, body) in bodies.iter().enumerate() {
            all.extend(body.windows(RUN).map(|run| (run, function)));
        }
        all.sort_unstable();
        all.dedup();
        let mut runs = vec![Vec::new(); bodies.len()];
        let mut holders = Vec::new();
        for same in all.chunk_by(|a, b| a.0 == b.0).filter(|it| it.len() > 1) {
            for (_, function) in same {
                runs[*function].push(holders.len());
            }
            holders.push(same.iter().map(|(_, function)| *function).collect());
        }
        let (seen, shared) = (vec![0; holders.len()], vec![0; bodies.len()]);
        Self { runs, holders, seen, shared, functions: VecDeque::new(), bytes: 0 }
    }

    /// What share of a function's runs is in the window; of equals the largest function.
    fn likeness(&self, function: usize) -> (usize, usize) {
        let runs = self.runs[function].len();
        (self.shared[function] * 10_000 / (runs + FEW), runs)
    }

    fn push(&mut self, function: usize, bytes: usize) {
        for &run in &self.runs[function] {
            self.seen[run] += 1;
            if self.seen[run] == 1 {
                self.holders[run].iter().for_each(|&it| self.shared[it] += 1);
            }
        }
        self.functions.push_back((function, bytes));
        self.bytes += bytes;
        while self.bytes > WINDOW
            && let Some((gone, bytes)) = self.functions.pop_front()
        {
            self.bytes -= bytes;
            for &run in &self.runs[gone] {
                self.seen[run] -= 1;
                if self.seen[run] == 0 {
                    self.holders[run].iter().for_each(|&it| self.shared[it] -= 1);
                }
            }
        }
    }
}

struct Packer {
    imported: u32,
    /// The functions in their new order.
    order: Vec<usize>,
    /// The new place of each function.
    places: Vec<u32>,
}

impl Reencode for Packer {
    type Error = Infallible;

    fn function_index(&mut self, function: u32) -> Result<u32, reencode::Error> {
        let own = function.checked_sub(self.imported);
        Ok(own.map_or(function, |it| self.imported + self.places[it as usize]))
    }

    fn parse_function_section(
        &mut self,
        functions: &mut FunctionSection,
        section: FunctionSectionReader<'_>,
    ) -> Result<(), reencode::Error> {
        let types = section.into_iter().collect::<Result<Vec<u32>, _>>()?;
        for &function in &self.order {
            functions.function(types[function]);
        }
        Ok(())
    }

    fn parse_code_section(
        &mut self,
        code: &mut CodeSection,
        section: CodeSectionReader<'_>,
    ) -> Result<(), reencode::Error> {
        let bodies = section.into_iter().collect::<Result<Vec<_>, _>>()?;
        for function in self.order.clone() {
            self.parse_function_body(code, bodies[function].clone())?;
        }
        Ok(())
    }
}
