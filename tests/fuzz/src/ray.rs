//! Anything that Ray's autoscalers and Serve may see, and any RayCluster, RayService and RayJob:
//! a decision, and no panic.
//!
//! The first byte says what is asked. The others are choices of the generators that also make the
//! questions for upstream, or the text.

#![no_main]

use libfuzzer_sys::fuzz_target;
use tidetable_core::report::Language;
use tidetable_core::{predict, ray::Trace, right_now};
use tidetable_tests::choices::Choices;
use tidetable_tests::ray_oracle::KINDS;
use tidetable_tests::{ray_serve, ray_v1_scheduler};

fuzz_target!(|bytes: &[u8]| {
    let Some((asked, bytes)) = bytes.split_first() else { return };
    todo!();
});
