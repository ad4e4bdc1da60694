//! Groups of several hosts: a replica is made and deleted as a whole.
//!
//! First an incomplete replica goes, one a pass. Then those with a pod that ended, all of them, and
//! in the same pass replicas take their place, unless `workersToDelete` names pods: their replicas
//! go, and the pass ends.
//!
//! Upstream: kuberay 1.7 ray-operator/controllers/ray/raycluster_controller.go
//! `reconcileMultiHostWorkerGroup`.

use std::collections::{BTreeMap, BTreeSet};

use super::{Cause, Ends, NewPod, Owner, Pass, Pod, desired_pods};
use crate::ray::observation::{GroupSeen, PodId};

type Replicas<'a> = BTreeMap<u32, Vec<&'a Pod>>;

impl Pass<'_> {
    pub(super) fn multi_host(&mut self, group: usize, seen: &GroupSeen) -> Result<(), Ends> {
        let owner = Owner::Group(group);
        let pods: Vec<&Pod> = self.seen.pods.iter().filter(|it| it.owner == owner).collect();
        let mut replicas = Replicas::new();
        for pod in &pods {
            if let Some(replica) = pod.replica {
                replicas.entry(replica).or_default().push(pod);
            }
        }
        let hosts = seen.num_of_hosts;
        // Upstream takes the first of a map; here it is the one that was made first.
        if let Some(replica) = replicas.values().find(|it| (it.len() as i64) < hosts) {
            let left = replica.len();
            self.delete_replica(replica, owner);
            self.say(Cause::ReplicaIncomplete { group, pods: left, num_of_hosts: hosts });
            return self.fail();
        }
        let ended = self.delete_ended(group, &pods, &replicas);
        self.delete_replicas_named(group, seen, &pods, &replicas)?;
        replicas.retain(|replica, _| !ended.contains(replica));
        self.balance_replicas(group, seen, &replicas)
    }

    fn delete_replica(&mut self, replica: &[&Pod], owner: Owner) {
        for pod in replica {
            self.delete(pod.id, owner);
        }
    }

    /// Replicas with a pod that ended.
    fn delete_ended(
        &mut self,
        group: usize,
        pods: &[&Pod],
        replicas: &Replicas<'_>,
    ) -> BTreeSet<u32> {
        let ended = pods.iter().filter(|it| it.ended).filter_map(|it| it.replica);
        let ended: BTreeSet<u32> = ended.collect();
        let mut count = 0;
        for replica in &ended {
            self.delete_replica(&replicas[replica], Owner::Group(group));
            count += replicas[replica].len();
        }
        if count > 0 {
            self.say(Cause::PodsEnded { group, pods: count });
        }
        ended
    }

    /// Replicas with a pod in `workersToDelete`.
    fn delete_replicas_named(
        &mut self,
        group: usize,
        seen: &GroupSeen,
        pods: &[&Pod],
        replicas: &Replicas<'_>,
    ) -> Result<(), Ends> {
        let replica_of =
            |name: &PodId| pods.iter().find(|it| it.id == *name).and_then(|it| it.replica);
        let named: BTreeSet<u32> = seen.workers_to_delete.iter().filter_map(replica_of).collect();
        if named.is_empty() {
            return Ok(());
        }
        let mut count = 0;
        for replica in &named {
            self.delete_replica(&replicas[replica], Owner::Group(group));
            count += replicas[replica].len();
        }
        self.say(Cause::PodsNamed { group, pods: count });
        self.fail()
    }

    fn balance_replicas(
        &mut self,
        group: usize,
        seen: &GroupSeen,
        replicas: &Replicas<'_>,
    ) -> Result<(), Ends> {
        let (desired, hosts) = (desired_pods(seen), seen.num_of_hosts);
        if desired % hosts != 0 {
            // The product of replicas and hosts no longer fits upstream's 32 bits.
            return self.fail();
        }
        let missing = desired / hosts - replicas.len() as i64;
        if missing > 0 {
            // The number of a replica is that of its first pod.
            let first = |pods: &Vec<&Pod>| pods.first().and_then(|it| it.index);
            let used: BTreeSet<u32> = replicas.values().filter_map(first).collect();
            let owner = Owner::Group(group);
            let free = (0..).filter(|it| !used.contains(it)).take(missing as usize);
            let pods = |index| (0..hosts as u32).map(move |host| NewPod { owner, index, host });
            self.make(free.flat_map(pods));
            self.say(Cause::PodsMade { group, desired, pods: missing * hosts });
        } else if missing < 0 {
            let surplus = (-missing).min(replicas.len() as i64);
            let kept = self.keeps_surplus();
            self.say(Cause::Surplus { group, desired, pods: surplus * hosts, kept });
            if !kept {
                for replica in replicas.values().take(surplus as usize) {
                    self.delete_replica(replica, Owner::Group(group));
                }
            }
        }
        Ok(())
    }
}
