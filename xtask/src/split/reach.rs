//! Which constants only the rest can reach.
//!
//! The linker's module says which function and which constant mentions which constant. What can't be
//! reached from a function of the first half, over any number of constants, may move.
//!
//! Upstream: WebAssembly tool-conventions Linking.md, "Relocation Sections" and "Symbol Table".

use std::{
    collections::{BTreeMap, BTreeSet},
    ops::Range,
};

use anyhow::{Context, Result};
use wasmparser::{
    BinaryReader, CustomSectionReader, DataKind, KnownCustom, Linking, Name, Operator, Parser,
    Payload, RelocationEntry, RelocationType, SymbolInfo,
};

use super::constants;

/// Addresses in the memory.
pub(super) type Addresses = Range<u32>;

/// The addresses of `linked` that only the functions named in `rest` can reach, in ascending order.
pub(super) fn unreached(linked: &[u8], rest: &BTreeSet<String>) -> Result<Vec<Addresses>> {
    let module = Linked::read(linked)?;
    let mut reached = BTreeSet::new();
    let mut open: Vec<usize> = Vec::new();
    for (function, constants) in &module.of_functions {
        // Others have a name that wasm-bindgen changed, as exports have, or stay.
        if module.names.get(function).is_none_or(|name| !rest.contains(*name)) {
            open.extend(constants);
        }
    }
    while let Some(constant) = open.pop() {
        if reached.insert(constant) {
            open.extend(module.of_constants.get(&constant).into_iter().flatten());
        }
    }
    Ok(module.without(&reached))
}

/// What the linker tells of a module.
#[derive(Default)]
struct Linked<'a> {
    /// Function numbers to names.
    names: BTreeMap<u32, &'a str>,
    /// Symbol numbers of constants to their addresses.
    constants: BTreeMap<usize, Addresses>,
    /// Which constants a function mentions.
    of_functions: BTreeMap<u32, Vec<usize>>,
    /// Which constants a constant mentions.
    of_constants: BTreeMap<usize, Vec<usize>>,
}

impl<'a> Linked<'a> {
    fn read(linked: &'a [u8]) -> Result<Self> {
        let mut module = Self::default();
        let mut functions = 0;
        let (mut code, mut data) = (0, 0);
        let mut bodies: Vec<(usize, u32)> = Vec::new();
        let mut segments: Vec<(Range<usize>, u32)> = Vec::new();
        let mut relocations: Vec<CustomSectionReader<'a>> = Vec::new();
        for payload in Parser::new(0).parse_all(linked) {
            match payload? {
                Payload::ImportSection(imports) => {
                    for import in imports.into_imports() {
                        functions += u32::from(matches!(import?.ty, wasmparser::TypeRef::Func(_)));
                    }
                }
                Payload::CodeSectionStart { range, .. } => code = range.start,
                Payload::CodeSectionEntry(body) => {
                    bodies.push((body.range().end, functions));
                    functions += 1;
                }
                Payload::DataSection(section) => {
                    data = section.range().start;
                    for segment in section {
                        let segment = segment?;
                        let end = segment.range.end;
                        let start = end - segment.data.len();
                        segments.push((start..end, address(&segment.kind)?));
                    }
                }
                Payload::CustomSection(section) => match section.name() {
                    "reloc.CODE" | "reloc.DATA" => relocations.push(section),
                    _ => module.read_custom(&section, &segments)?,
                },
                _ => {}
            }
        }
        for section in relocations {
            let of_code = section.name() == "reloc.CODE";
            let reader = BinaryReader::new(section.data(), section.data_offset());
            for entry in wasmparser::RelocSectionReader::new(reader)?.entries() {
                let entry = entry?;
                if of_code {
                    module.note_in_code(&entry, code, &bodies);
                } else {
                    module.note_in_data(&entry, data, &segments);
                }
            }
        }
        Ok(module)
    }

    fn read_custom(
        &mut self,
        section: &CustomSectionReader<'a>,
        segments: &[(Range<usize>, u32)],
    ) -> Result<()> {
        match section.as_known() {
            KnownCustom::Name(names) => {
                for part in names {
                    if let Name::Function(functions) = part? {
                        for naming in functions {
                            let naming = naming?;
                            self.names.insert(naming.index, naming.name);
                        }
                    }
                }
            }
            KnownCustom::Linking(linking) => {
                for part in linking.subsections() {
                    let Linking::SymbolTable(symbols) = part? else { continue };
                    for (number, symbol) in symbols.into_iter().enumerate() {
                        if let SymbolInfo::Data { symbol: Some(it), .. } = symbol? {
                            let (_, base) = segments[it.index as usize];
                            let start = base + it.offset;
                            self.constants.insert(number, start..start + it.size);
                        }
                    }
                }
            }
            _ => {}
        }
        Ok(())
    }

    fn note_in_code(&mut self, entry: &RelocationEntry, code: usize, bodies: &[(usize, u32)]) {
        if !is_address(entry.ty) {
            return;
        }
        let at = code + entry.offset as usize;
        let (_, function) = bodies[bodies.partition_point(|(end, _)| *end <= at)];
        self.of_functions.entry(function).or_default().push(entry.index as usize);
    }

    fn note_in_data(
        &mut self,
        entry: &RelocationEntry,
        data: usize,
        segments: &[(Range<usize>, u32)],
    ) {
        if !is_address(entry.ty) {
            return;
        }
        let at = data + entry.offset as usize;
        let Some((file, base)) = segments.iter().find(|(file, _)| file.contains(&at)) else {
            return;
        };
        let address = base + (at - file.start) as u32;
        let holders: Vec<usize> = self
            .constants
            .iter()
            .filter(|(_, addresses)| addresses.contains(&address))
            .map(|(number, _)| *number)
            .collect();
        for holder in holders {
            self.of_constants.entry(holder).or_default().push(entry.index as usize);
        }
    }

    /// The addresses of all constants but the `reached` ones.
    fn without(&self, reached: &BTreeSet<usize>) -> Vec<Addresses> {
        let (reached, others): (Vec<_>, Vec<_>) =
            self.constants.iter().partition(|(number, _)| reached.contains(number));
        let addresses = |it: Vec<(&usize, &Addresses)>| {
            joined(it.into_iter().map(|(_, addresses)| addresses.clone()).collect())
        };
        // What is reached may be part of a constant that is not.
        let reached = addresses(reached);
        addresses(others).into_iter().flat_map(|it| constants::subtract(it, &reached)).collect()
    }
}

fn is_address(ty: RelocationType) -> bool {
    use RelocationType::{MemoryAddrI32, MemoryAddrLeb, MemoryAddrSleb};
    matches!(ty, MemoryAddrLeb | MemoryAddrSleb | MemoryAddrI32)
}

/// Where an active segment goes.
fn address(kind: &DataKind<'_>) -> Result<u32> {
    let DataKind::Active { offset_expr, .. } = kind else { return Ok(0) };
    match offset_expr.get_operators_reader().read()? {
        Operator::I32Const { value } => Ok(value as u32),
        _ => None.context("a data segment without a fixed address"),
    }
}

/// The same addresses in ascending order, neighbours and what overlaps joined.
fn joined(mut all: Vec<Addresses>) -> Vec<Addresses> {
    all.sort_by_key(|it| it.start);
    let mut joined: Vec<Addresses> = Vec::new();
    for next in all {
        match joined.last_mut() {
            Some(last) if next.start <= last.end => last.end = last.end.max(next.end),
            _ => joined.push(next),
        }
    }
    joined
}
