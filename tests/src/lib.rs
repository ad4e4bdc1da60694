//! Conformance cases, workloads and the checks that hold the house to its drawing.
