//! The simulation: what happens when, if all of them run at once.
//!
//! Discrete events in integer milliseconds. [`Model`] is what there is and what will come,
//! [`Timeline`] is what became of it. The policies themselves know nothing of each other; only
//! `engine.rs` names them all.

mod check;
mod engine;
mod event;
mod model;
mod phases;
mod pipeline;
mod ray_looks;
mod scene;
mod timeline;
mod world;

pub use engine::{run, run_in_detail, run_up_to, scene_at};
pub use event::Phase;
pub use model::{
    Action, Cluster, ClusterChange, ContainerSizes, Controller, Edit, Group, GroupChange, Hpa,
    HpaTarget, Model, PodTemplate, Probe, RayJob, RayService, RayServiceVersion, RequestCost,
    Scaling, Service, Start, Workload,
};
#[cfg(test)]
pub(crate) use phases::without_rest;
pub use pipeline::{
    MetricSource, Pipeline, ScaledObject, Series as MetricSeries, TriggerSource, Truth,
};
pub use ray_looks::RayLooks;
pub use scene::{Held, Origin, Scene, SceneCluster, ScenePod, SceneRayNode, SceneWork, Stage};
pub use timeline::{
    ClusterTrack, EditedField, EditedTo, GroupTrack, HpaLook, HpaTrack, KedaLook, Note,
    OperatorPass, PodLife, RayJobLook, RayLook, RayServiceLook, ServeLook, ServiceTrack, Timeline,
    WorkloadTrack,
};
pub use world::{MOST_PODS, Owner, replica_requests, requests_of};
