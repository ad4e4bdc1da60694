//! Anything that Ray's autoscalers and Serve may see, and any RayCluster, RayService and RayJob:
//! a decision, and no panic.
//!
//! The bytes are choices, mostly of the generators that also make the questions for upstream.

#![no_main]

use libfuzzer_sys::fuzz_target;
use tidetable_tests::choices::Choices;
use tidetable_tests::ray_any::ask;

fuzz_target!(|bytes: &[u8]| ask(&mut Choices::from_bytes(bytes)));
