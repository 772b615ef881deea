//! What holds across the modules of the core, on real engines where one is needed.

mod layers;
