//! The cut itself: some functions of a module stay, the others move to a second one.
//!
//! Both halves share one memory, its tables and globals; the second imports them from the first. A
//! function that moved has a slot in the table of functions, empty until the second half is there.
//! Where it stood, the first half keeps a stub, which has the second half loaded if the slot is
//! empty and then calls what is in it.

use std::collections::{BTreeMap, BTreeSet};

use anyhow::{Context, Result, bail};
use walrus::{
    ConstExpr, ElementItems, ElementKind, ExportItem, Function, FunctionBuilder, FunctionId,
    FunctionKind, GlobalId, GlobalKind, ImportedFunction, MemoryId, Module, ModuleConfig, RefType,
    TableId, TypeId, ValType, ir::Value,
};

use super::{
    IMPORTS, constants,
    reach::{self, Addresses},
};

/// Functions of up to this many instructions stay: a stub is no shorter.
const STUB_SIZE: u64 = 6;

/// What the second half calls the first.
const FIRST: &str = "first";

pub(super) struct Halves {
    pub(super) first: Vec<u8>,
    pub(super) rest: Vec<u8>,
}

/// Cuts `whole`. Of its own functions those at the places `ran` stay.
pub(super) fn cut(whole: &[u8], ran: &BTreeSet<usize>, linked: &[u8]) -> Result<Halves> {
    let mut config = ModuleConfig::new();
    config.generate_name_section(false).generate_producers_section(false);
    let (mut first, mut rest) = (config.parse(whole)?, config.parse(whole)?);
    let plan = Plan::of(&first, ran, linked)?;
    clear_customs(&mut first);
    clear_customs(&mut rest);
    let shared = make_rest(&mut rest, &plan)?;
    make_first(&mut first, &plan, &shared)?;
    Ok(Halves { first: first.emit_wasm(), rest: rest.emit_wasm() })
}

/// What moves, and where its slots are. Things are named by their place in the whole module, which
/// is the same in both halves until either changes.
struct Plan {
    /// The functions that move, in ascending order.
    moved: Vec<usize>,
    /// The addresses whose bytes move, in ascending order.
    moved_bytes: Vec<Addresses>,
    /// The table of functions.
    table: usize,
    /// The slot of the first function that moves; the others follow.
    slot: u64,
}

impl Plan {
    fn of(module: &Module, ran: &BTreeSet<usize>, linked: &[u8]) -> Result<Self> {
        let imported = module.funcs.iter().count() - module.funcs.iter_local().count();
        let moves = |place: usize, kind: &FunctionKind| match kind {
            FunctionKind::Local(own) => {
                !ran.contains(&(place - imported)) && own.size() > STUB_SIZE
            }
            FunctionKind::Import(_) | FunctionKind::Uninitialized(_) => false,
        };
        let functions = module.funcs.iter().enumerate();
        let (moved, kept): (Vec<_>, Vec<_>) =
            functions.partition(|(place, it)| moves(*place, &it.kind));
        let names = |all: &[(usize, &Function)]| -> BTreeSet<String> {
            all.iter().filter_map(|(_, it)| it.name.clone()).collect()
        };
        let only_moved = &names(&moved) - &names(&kept);
        let mut moved_bytes = reach::unreached(linked, &only_moved)?;
        moved_bytes.retain(|it| it.len() >= constants::SIZE_MIN);
        let moved = moved.into_iter().map(|(place, _)| place).collect();
        let mut tables = module.tables.iter().enumerate();
        let (table, slot) = tables
            .find(|(_, it)| it.element_ty == RefType::FUNCREF)
            .map(|(place, it)| (place, it.initial))
            .context("the module has no table of functions")?;
        Ok(Self { moved, moved_bytes, table, slot })
    }

    /// How long the table has to be.
    fn slots(&self) -> u64 {
        self.slot + self.moved.len() as u64
    }
}

/// Something that both halves know.
#[derive(Clone, Copy)]
enum Shared {
    Function(usize),
    Table(usize),
    Memory(usize),
    Global(usize),
}

/// The ids of everything in a module, by place.
struct Ids {
    functions: Vec<FunctionId>,
    tables: Vec<TableId>,
    memories: Vec<MemoryId>,
    globals: Vec<GlobalId>,
}

impl Ids {
    fn of(module: &Module) -> Self {
        Self {
            functions: module.funcs.iter().map(walrus::Function::id).collect(),
            tables: module.tables.iter().map(walrus::Table::id).collect(),
            memories: module.memories.iter().map(walrus::Memory::id).collect(),
            globals: module.globals.iter().map(walrus::Global::id).collect(),
        }
    }

    fn item(&self, shared: Shared) -> ExportItem {
        match shared {
            Shared::Function(place) => self.functions[place].into(),
            Shared::Table(place) => self.tables[place].into(),
            Shared::Memory(place) => self.memories[place].into(),
            Shared::Global(place) => self.globals[place].into(),
        }
    }
}

/// Leaves of `rest` what moved. Returns what it needs of the first half; it imports each under its
/// number.
fn make_rest(rest: &mut Module, plan: &Plan) -> Result<Vec<Shared>> {
    let ids = Ids::of(rest);
    let moved: BTreeSet<_> = plan.moved.iter().map(|&place| ids.functions[place]).collect();
    let slots = slots(rest, plan, &ids, &moved)?;
    clear(rest);
    constants::keep_inside(rest, &plan.moved_bytes)?;
    let table = ids.tables[plan.table];
    for (slot, functions) in slots {
        let offset = ConstExpr::Value(Value::I32(slot as i32));
        let kind = ElementKind::Active { table, offset };
        let element = rest.elements.add(kind, ElementItems::Functions(functions));
        rest.tables.get_mut(table).elem_segments.insert(element);
    }
    let importable = import_everything(rest, &ids, &moved);
    rest.tables.get_mut(table).initial = plan.slots();
    walrus::passes::gc::run(rest);
    let mut shared = Vec::new();
    for import in rest.imports.iter_mut() {
        let number: usize = import.name.parse()?;
        import.name = shared.len().to_string();
        shared.push(importable[number]);
    }
    Ok(shared)
}

/// What stands in the table where: what moved has its own slots, beside those that it had already,
/// as methods have.
fn slots(
    rest: &Module,
    plan: &Plan,
    ids: &Ids,
    moved: &BTreeSet<FunctionId>,
) -> Result<Vec<(u64, Vec<FunctionId>)>> {
    let mut slots = BTreeMap::new();
    for element in rest.elements.iter() {
        let ElementKind::Active { offset, .. } = &element.kind else { continue };
        let (ConstExpr::Value(Value::I32(offset)), ElementItems::Functions(functions)) =
            (offset, &element.items)
        else {
            bail!("an element segment of a kind that can't be split");
        };
        let all = (*offset as u64..).zip(functions.iter().copied());
        slots.extend(all.filter(|(_, it)| moved.contains(it)));
    }
    slots.extend((plan.slot..).zip(plan.moved.iter().map(|&place| ids.functions[place])));
    let mut runs: Vec<(u64, Vec<FunctionId>)> = Vec::new();
    for (slot, function) in slots {
        match runs.last_mut() {
            Some((start, run)) if *start + run.len() as u64 == slot => run.push(function),
            _ => runs.push((slot, vec![function])),
        }
    }
    Ok(runs)
}

/// Takes out all that only a first half has: exports, elements, a start.
fn clear(rest: &mut Module) {
    rest.start = None;
    let exports: Vec<_> = rest.exports.iter().map(walrus::Export::id).collect();
    for it in exports {
        rest.exports.delete(it);
    }
    let elements: Vec<_> = rest.elements.iter().map(walrus::Element::id).collect();
    for it in elements {
        rest.elements.delete(it);
    }
    rest.tables.iter_mut().for_each(|it| it.elem_segments.clear());
}

/// Takes out what only tools read.
fn clear_customs(module: &mut Module) {
    let customs: Vec<_> = module.customs.iter().map(|(id, _)| id).collect();
    for it in customs {
        module.customs.delete(it);
    }
}

/// Makes all that did not move an import, named by its number in the returned list.
fn import_everything(rest: &mut Module, ids: &Ids, moved: &BTreeSet<FunctionId>) -> Vec<Shared> {
    let old: Vec<_> = rest.imports.iter().map(walrus::Import::id).collect();
    for it in old {
        rest.imports.delete(it);
    }
    let mut importable = Vec::new();
    let mut name = |shared| {
        importable.push(shared);
        (importable.len() - 1).to_string()
    };
    for (place, &id) in ids.tables.iter().enumerate() {
        let import = rest.imports.add(FIRST, &name(Shared::Table(place)), id);
        let table = rest.tables.get_mut(id);
        (table.import, table.maximum, table.init) = (Some(import), None, None);
    }
    for (place, &id) in ids.memories.iter().enumerate() {
        let import = rest.imports.add(FIRST, &name(Shared::Memory(place)), id);
        let memory = rest.memories.get_mut(id);
        (memory.import, memory.maximum) = (Some(import), None);
    }
    for (place, &id) in ids.globals.iter().enumerate() {
        let import = rest.imports.add(FIRST, &name(Shared::Global(place)), id);
        rest.globals.get_mut(id).kind = GlobalKind::Import(import);
    }
    for (place, &id) in ids.functions.iter().enumerate().filter(|(_, id)| !moved.contains(id)) {
        let import = rest.imports.add(FIRST, &name(Shared::Function(place)), id);
        let function = rest.funcs.get_mut(id);
        let ty = function.ty();
        function.kind = FunctionKind::Import(ImportedFunction { import, ty });
    }
    importable
}

/// Leaves a stub where a function moved, and exports what the rest imports.
fn make_first(first: &mut Module, plan: &Plan, shared: &[Shared]) -> Result<()> {
    let ids = Ids::of(first);
    let table = ids.tables[plan.table];
    first.tables.get_mut(table).initial = plan.slots();
    first.tables.get_mut(table).maximum = None;
    let nothing = first.types.add(&[], &[]);
    let (load, _) = first.add_import_func(IMPORTS, "load", nothing);
    let mut callers = BTreeMap::new();
    for (slot, &place) in (plan.slot..).zip(&plan.moved) {
        let id = ids.functions[place];
        let ty = first.funcs.get(id).ty();
        let caller = *callers.entry(ty).or_insert_with(|| caller(first, ty, table, load));
        let (params, results) = signature(first, ty);
        let arguments: Vec<_> = params.iter().map(|&it| first.locals.add(it)).collect();
        let mut stub = FunctionBuilder::new(&mut first.types, &params, &results);
        let mut body = stub.func_body();
        for &argument in &arguments {
            body.local_get(argument);
        }
        body.i32_const(slot as i32).call(caller);
        first.funcs.get_mut(id).kind = FunctionKind::Local(stub.local_func(arguments));
    }
    for (number, &it) in shared.iter().enumerate() {
        first.exports.add(&number.to_string(), ids.item(it));
    }
    constants::keep_outside(first, &plan.moved_bytes)?;
    walrus::passes::gc::run(first);
    Ok(())
}

/// Calls what is in a slot, its last argument; has the rest loaded first if nothing is.
fn caller(first: &mut Module, ty: TypeId, table: TableId, load: FunctionId) -> FunctionId {
    let (mut params, results) = signature(first, ty);
    let mut arguments: Vec<_> = params.iter().map(|&it| first.locals.add(it)).collect();
    let slot = first.locals.add(ValType::I32);
    params.push(ValType::I32);
    let mut caller = FunctionBuilder::new(&mut first.types, &params, &results);
    let mut body = caller.func_body();
    body.local_get(slot).table_get(table).ref_is_null();
    body.if_else(
        None,
        |then| {
            then.call(load);
        },
        |_| {},
    );
    for &argument in &arguments {
        body.local_get(argument);
    }
    body.local_get(slot).call_indirect(ty, table);
    arguments.push(slot);
    caller.finish(arguments, &mut first.funcs)
}

fn signature(module: &Module, ty: TypeId) -> (Vec<ValType>, Vec<ValType>) {
    (module.types.params(ty).to_vec(), module.types.results(ty).to_vec())
}
