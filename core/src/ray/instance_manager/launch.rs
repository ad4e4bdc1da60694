//! How many queued nodes are asked for at once.
//!
//! Upstream: ray 2.60.0 autoscaler/v2/instance_manager/reconciler.py `_handle_instances_launch`,
//! `_compute_to_launch`; subscribers/cloud_instance_updater.py `_launch_new_instances`.

use super::book::Update;
use super::instance::InstanceStatus;
use super::look::Look;
use crate::order;
use crate::ray::config::AutoscalingConfig;
use crate::ray::provider::RequestId;
use crate::ray::resources::Name;
use crate::ray::step::Launch;
use crate::ray::trace::{Cause, Stuck};

/// The most nodes of one type to ask for now.
///
/// Only nodes that run speed it up, so `Conservative` asks for one node a look until the first is
/// there. What is asked for and not seen yet counts over all types.
///
/// Upstream: ray 2.60.0 autoscaler/v2/instance_manager/reconciler.py `_compute_to_launch`.
fn launch_limit(config: &AutoscalingConfig, running: i64, in_flight: i64) -> i64 {
    let by_speed = ((config.upscaling_speed * running.max(1) as f64).ceil() as i64).max(1);
    config.max_concurrent_launches.saturating_sub(in_flight).min(by_speed).max(0)
}

/// Asks for queued nodes, type by type in the order in which the types were queued.
pub(super) fn launch(look: &mut Look<'_>) -> Result<(), Stuck> {
    let mut queued: Vec<(Name, Vec<usize>)> = Vec::new();
    for index in look.rows_in(InstanceStatus::Queued) {
        let node_type = &look.book.rows[index].node_type;
        match queued.iter_mut().find(|(name, _)| name == node_type) {
            Some((_, rows)) => rows.push(index),
            None => queued.push((node_type.clone(), vec![index])),
        }
    }
    if queued.is_empty() {
        return Ok(());
    }
    let mut in_flight = look.rows_in(InstanceStatus::Requested).len() as i64;
    let new_request = look.next_request;
    look.next_request += 1;
    let mut batch = Vec::new();
    let mut requests: Vec<(RequestId, Vec<(Name, i64)>)> = Vec::new();
    for (node_type, mut rows) in queued {
        let running = look.rows_in(InstanceStatus::RayRunning);
        let running =
            running.iter().filter(|&&it| look.book.rows[it].node_type == node_type).count() as i64;
        let waiting = rows.len() as i64;
        let launched = launch_limit(look.config, running, in_flight).min(waiting);
        look.trace.push(Cause::LaunchRate {
            node_type: node_type.clone(),
            queued: waiting,
            in_flight,
            limit: look.config.max_concurrent_launches,
            running,
            speed: look.config.upscaling_speed,
            launched,
        });
        in_flight += launched;
        order::sort_by(&mut rows, |&a, &b| {
            look.book.rows[a].queued_at.cmp(&look.book.rows[b].queued_at)
        });
        for &row in &rows[..launched as usize] {
            // A row that is queued again keeps its request, which is then not made again.
            let request = look.book.rows[row].launch_request.unwrap_or(new_request);
            batch.push(Update {
                launch_request: Some(request),
                ..Update::to(row, InstanceStatus::Requested)
            });
            add(&mut requests, request, &node_type);
        }
        if launched > 0 {
            look.decision.launches.push(Launch { node_type, count: launched });
        }
    }
    look.apply(&batch)?;
    for (request, shape) in requests {
        if !look.provider.handled.contains(&request) {
            look.resizer.read_again(&mut look.trace);
        }
        look.provider.launch(&shape, request, &mut look.trace);
    }
    Ok(())
}

fn add(requests: &mut Vec<(RequestId, Vec<(Name, i64)>)>, request: RequestId, node_type: &Name) {
    let at = requests.iter().position(|(old, _)| *old == request).unwrap_or_else(|| {
        requests.push((request, Vec::new()));
        requests.len() - 1
    });
    let shape = &mut requests[at].1;
    match shape.iter_mut().find(|(name, _)| name == node_type) {
        Some((_, count)) => *count += 1,
        None => shape.push((node_type.clone(), 1)),
    }
}
