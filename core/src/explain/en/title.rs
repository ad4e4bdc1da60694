//! Headings of the ledger.

use crate::explain::phrase::Title;
use crate::explain::template::{plain, say};
use crate::hpa::Direction;
use crate::report::Message;

pub(in crate::explain) fn title(title: &Title<'_>) -> Message {
    match *title {
        Title::Scale => say!("Scale"),
        Title::Bounds => say!("Bounds"),
        Title::Metric(name) => say!("Metric: {}", plain(name)),
        Title::FilledIn => say!("Pods without a usable sample"),
        Title::Proposal => say!("Proposal"),
        Title::SeveralMetrics => say!("Several metrics"),
        Title::MetricsFailed => say!("Failed metrics"),
        Title::Stabilization => say!("Stabilization"),
        Title::ScaleUpLimit => say!("Scale-up limit"),
        Title::Policies(Direction::Up) => say!("Scale-up policies"),
        Title::Policies(Direction::Down) => say!("Scale-down policies"),
        Title::Limits => say!("Limits"),
        Title::Written => say!("Written"),
        Title::Triggers => say!("Triggers"),
        Title::Activation => say!("Activation"),
        Title::Cooldown => say!("Cooldown"),
        Title::Demand => say!("Resource demand"),
        Title::Plan => say!("Plan"),
        Title::Launch => say!("Launch"),
        Title::Resize => say!("Resize in place"),
        Title::IdleNodes => say!("Idle nodes"),
        Title::Stop => say!("Stop"),
        Title::Requests => say!("Requests"),
        Title::ColdStart => say!("Cold start"),
        Title::Factor => say!("Factor"),
        Title::Delay => say!("Delay"),
        Title::Gangs => say!("Gangs"),
        Title::GaveUp => say!("Gave up"),
        Title::Pods => say!("Pods"),
        Title::Status => say!("Status"),
        Title::Job => say!("RayJob"),
        Title::Clusters => say!("RayClusters"),
        Title::ServeConfig => say!("Serve config"),
        Title::Capacity => say!("Capacity"),
        Title::Traffic => say!("Traffic"),
    }
}
