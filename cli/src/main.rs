//! `tidetable`: the same prediction in a terminal and in a pipeline.

fn main() {}
