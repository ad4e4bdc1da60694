//! From lines to a [`RayStatus`], section by section.

use super::bundle::{dict, times, usage};
use super::{Bundles, Count, Demand, Failure, Group, Node, PendingNode, RayStatus};
use crate::kubectl::lines::{Line, lines};
use crate::source::Span;

/// What the lines now are about.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Section {
    None,
    Active,
    Idle,
    Pending,
    Failures,
    Usage,
    Constraint,
    Demands,
    NodeUsage,
    NodeActivity,
}

/// How the first line begins.
const TITLE: &str = " Autoscaler status: ";

fn is_title(line: &str) -> bool {
    line.starts_with("====") && line.contains(TITLE) && line.ends_with("====")
}

/// The first line of the first status in `span`, if there is one.
pub fn find(text: &str, span: Span) -> Option<Span> {
    if !text[span.start..span.end].contains(TITLE) {
        return None;
    }
    lines(text, span).iter().find(|it| is_title(it.text)).map(Line::span)
}

/// Reads every status in the part `span` of `text`.
///
/// ```
/// # use tidetable_core::{ray_status, source::Span};
/// let text = "======== Autoscaler status: 2026-05-28 20:26:40 ========\n\
///             Node status\n----\nActive:\n 1 headgroup\nPending Demands:\n \
///             {'CPU': 1.0}: 5+ pending tasks/actors\n";
/// let status = &ray_status::read(text, Span::new(0, text.len()))[0];
/// assert_eq!(status.active, [("headgroup".to_owned(), 1)]);
/// assert_eq!(status.demands[0].bundles.count, 5);
/// ```
pub fn read(text: &str, span: Span) -> Vec<RayStatus> {
    let mut found: Vec<RayStatus> = Vec::new();
    let mut section = Section::None;
    for line in lines(text, span) {
        if is_title(line.text) {
            found.push(RayStatus { span: line.span(), ..RayStatus::default() });
            section = Section::None;
            continue;
        }
        let Some(status) = found.last_mut() else { continue };
        section = match heading(line.text, section) {
            Some(next) => next,
            None if node(&line, status) => Section::None,
            None => {
                if entry(&line, section, status).is_none() {
                    status.unreadable.push(line.span());
                }
                section
            }
        };
    }
    found
}

/// The section that a line begins. Releases before 2.50 name some of them otherwise.
fn heading(line: &str, before: Section) -> Option<Section> {
    let is_of_node = matches!(before, Section::NodeUsage | Section::NodeActivity);
    Some(match line {
        "Active:" | "Healthy:" => Section::Active,
        "Idle:" => Section::Idle,
        "Pending:" => Section::Pending,
        "Recent failures:" => Section::Failures,
        "Total Usage:" => Section::Usage,
        "Usage:" if !is_of_node => Section::NodeUsage,
        "Activity:" => Section::NodeActivity,
        "From request_resources:" | "Constraints:" | "Total Constraints:" => Section::Constraint,
        "Pending Demands:" | "Demands:" | "Total Demands:" => Section::Demands,
        "" | "Node status" | "Resources" => Section::None,
        _ if line.starts_with("---") => Section::None,
        _ => return None,
    })
}

/// The lines that begin a node of `-v`.
fn node(line: &Line<'_>, status: &mut RayStatus) -> bool {
    if let Some(name) = line.text.strip_prefix("Node: ") {
        let (name, node_type) = match name.strip_suffix(')').and_then(|it| it.rsplit_once(" (")) {
            Some((name, node_type)) => (name, node_type),
            None => (name, ""),
        };
        let (name, node_type) = (name.to_owned(), node_type.to_owned());
        status.nodes.push(Node { name, node_type, ..Node::default() });
        return true;
    }
    let Some(node) = status.nodes.last_mut() else { return false };
    let idle = line.text.strip_prefix("Idle: ").and_then(|it| it.strip_suffix(" ms"));
    if let Some(idle) = idle.and_then(|it| it.parse().ok()) {
        node.idle_ms = idle;
        return true;
    }
    line.text.starts_with("Id: ")
}

/// One line of a section; none if it can't be read.
fn entry(line: &Line<'_>, section: Section, status: &mut RayStatus) -> Option<()> {
    let text = line.text;
    if text.starts_with("(no") {
        return Some(());
    }
    match section {
        // `-v` prints here how long the look took; a prompt may follow the text.
        Section::None => {}
        Section::Active => status.active.push(count(text)?),
        Section::Idle => status.idle.push(count(text)?),
        Section::Pending => pending(line, status)?,
        Section::Failures => {
            let (node_type, what) = text.split_once(": ")?;
            let (node_type, what) = (node_type.to_owned(), what.to_owned());
            status.failures.push(Failure { node_type, what });
        }
        Section::Usage => status.usage.push(usage(text)?),
        Section::Constraint => {
            let (resources, rest) = dict(text)?;
            let count = rest.strip_prefix(": ")?.strip_suffix(" from request_resources()")?;
            let bundles = Bundles { resources, count: count.parse().ok()? };
            status.constraint.push(Demand { bundles, in_groups: 0, span: line.span_of(count) });
        }
        Section::Demands => demand(line, status)?,
        Section::NodeUsage => status.nodes.last_mut()?.usage.push(usage(text)?),
        Section::NodeActivity => status.nodes.last_mut()?.activity.push(text.to_owned()),
    }
    Some(())
}

/// `2 workers`.
fn count(text: &str) -> Option<Count> {
    let (count, node_type) = text.split_once(' ')?;
    Some((node_type.to_owned(), count.parse().ok()?))
}

/// `workers, 2 launching`, or `name: workers, allocated`.
fn pending(line: &Line<'_>, status: &mut RayStatus) -> Option<()> {
    let (first, state) = line.text.rsplit_once(", ")?;
    if let Some(count) = state.strip_suffix(" launching") {
        status.launching.push((first.to_owned(), count.parse().ok()?));
        return Some(());
    }
    let (name, node_type) = first.split_once(": ")?;
    status.pending.push(PendingNode {
        name: line.spanned(name),
        node_type: node_type.to_owned(),
        state: state.to_owned(),
    });
    Some(())
}

/// `{…}: 5+ pending tasks/actors`, or `{…} * 2, {…} * 1 (PACK): 3+ pending placement groups`.
fn demand(line: &Line<'_>, status: &mut RayStatus) -> Option<()> {
    let (resources, rest) = dict(line.text)?;
    if let Some(rest) = rest.strip_prefix(": ") {
        let (count, rest) = rest.split_once("+ pending tasks/actors")?;
        let in_groups = match rest.strip_prefix(" (") {
            Some(it) => it.strip_suffix("+ using placement groups)")?.parse().ok()?,
            None => 0,
        };
        let bundles = Bundles { resources, count: count.parse().ok()? };
        status.demands.push(Demand { bundles, in_groups, span: line.span_of(count) });
        return Some(());
    }
    let mut bundles = Vec::new();
    let (first, mut rest) = times(line.text)?;
    bundles.push(first);
    while let Some(more) = rest.strip_prefix(", ") {
        let (next, after) = times(more)?;
        bundles.push(next);
        rest = after;
    }
    let (strategy, count) = rest.strip_prefix(" (")?.split_once("): ")?;
    let count = count.strip_suffix("+ pending placement groups")?;
    let (strategy, span) = (strategy.to_owned(), line.span_of(count));
    status.groups.push(Group { strategy, bundles, count: count.parse().ok()?, span });
    Some(())
}
