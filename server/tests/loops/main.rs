//! Loops through the whole house: real router, real SQLite, a clock that the test moves. Asked as clients would.

#[allow(dead_code)]
#[path = "../support/mod.rs"]
mod support;

mod accident;
mod district;
mod general;
mod hazard;
mod papers;
mod public;
mod visible;
