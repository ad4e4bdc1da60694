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
    FunctionKind, GlobalId, GlobalKind, Import, ImportKind, ImportedFunction, MemoryId, Module,
    ModuleConfig, RefType, TableId, TypeId, ValType, ir::Value,
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
    let needed = make_rest(&mut rest, &plan)?;
    make_first(&mut first, &plan, &needed)?;
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

    /// The slot after those of what moves.
    fn slots(&self) -> u64 {
        self.slot + self.moved.len() as u64
    }

    /// What both halves have beside functions, and what it is called. `web/js/rest.ts` looks up the
    /// table of functions.
    fn shared(&self, ids: &Ids) -> Vec<(String, ExportItem)> {
        let tables = ids.tables.iter().enumerate().map(|(place, &id)| {
            let is_functions = place == self.table;
            let name = if is_functions { "functions".to_owned() } else { format!("table{place}") };
            (name, id.into())
        });
        let memories = ids.memories.iter().enumerate();
        let memories = memories.map(|(place, &id)| (format!("memory{place}"), id.into()));
        let globals = ids.globals.iter().enumerate();
        let globals = globals.map(|(place, &id)| (format!("global{place}"), id.into()));
        tables.chain(memories).chain(globals).collect()
    }
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
}

/// Leaves of `rest` what moved. Returns the functions that it needs of the first half. They stand in
/// this order behind all other slots; it imports each under the number of its slot.
fn make_rest(rest: &mut Module, plan: &Plan) -> Result<Vec<usize>> {
    let ids = Ids::of(rest);
    let moved: BTreeSet<_> = plan.moved.iter().map(|&place| ids.functions[place]).collect();
    let slots = slots(rest, plan, &ids, &moved)?;
    clear(rest);
    constants::keep_inside(rest, &plan.moved_bytes)?;
    let table = ids.tables[plan.table];
    for (slot, functions) in slots {
        fill_slots(rest, table, slot, functions);
    }
    import_everything(rest, plan, &ids, &moved);
    rest.tables.get_mut(table).initial = plan.slots();
    walrus::passes::gc::run(rest);
    let mut needed = Vec::new();
    let functions = rest.imports.iter_mut().filter(|it| matches!(it.kind, ImportKind::Function(_)));
    for (slot, import) in (plan.slots()..).zip(functions) {
        needed.push(import.name.parse()?);
        import.name = slot.to_string();
    }
    Ok(needed)
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

/// Puts `functions` into a table from `slot` on.
fn fill_slots(module: &mut Module, table: TableId, slot: u64, functions: Vec<FunctionId>) {
    let offset = ConstExpr::Value(Value::I32(slot as i32));
    let kind = ElementKind::Active { table, offset };
    let element = module.elements.add(kind, ElementItems::Functions(functions));
    module.tables.get_mut(table).elem_segments.insert(element);
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

/// Makes all that did not move an import; a function is named by its place.
fn import_everything(rest: &mut Module, plan: &Plan, ids: &Ids, moved: &BTreeSet<FunctionId>) {
    let old: Vec<_> = rest.imports.iter().map(Import::id).collect();
    for it in old {
        rest.imports.delete(it);
    }
    for (name, item) in plan.shared(ids) {
        match item {
            ExportItem::Table(id) => {
                let import = rest.imports.add(FIRST, &name, id);
                let table = rest.tables.get_mut(id);
                (table.import, table.maximum, table.init) = (Some(import), None, None);
            }
            ExportItem::Memory(id) => {
                let import = rest.imports.add(FIRST, &name, id);
                let memory = rest.memories.get_mut(id);
                (memory.import, memory.maximum) = (Some(import), None);
            }
            ExportItem::Global(id) => {
                let import = rest.imports.add(FIRST, &name, id);
                rest.globals.get_mut(id).kind = GlobalKind::Import(import);
            }
            ExportItem::Function(_) | ExportItem::Tag(_) => {}
        }
    }
    for (place, &id) in ids.functions.iter().enumerate().filter(|(_, id)| !moved.contains(id)) {
        let import = rest.imports.add(FIRST, &place.to_string(), id);
        let function = rest.funcs.get_mut(id);
        let ty = function.ty();
        function.kind = FunctionKind::Import(ImportedFunction { import, ty });
    }
}

/// Leaves a stub where a function moved, and gives out what the rest imports: the functions `needed`
/// by their slots, which takes less than exports, the others as exports.
fn make_first(first: &mut Module, plan: &Plan, needed: &[usize]) -> Result<()> {
    let ids = Ids::of(first);
    let table = ids.tables[plan.table];
    let slots = first.tables.get_mut(table);
    (slots.initial, slots.maximum) = (plan.slots() + needed.len() as u64, None);
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
    let needed = needed.iter().map(|&place| ids.functions[place]).collect();
    fill_slots(first, table, plan.slots(), needed);
    for (name, item) in plan.shared(&ids) {
        first.exports.add(&name, item);
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
