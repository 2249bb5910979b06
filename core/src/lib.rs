//! Thing, Fact, Loop, Duty: the words everything else is made of. Pure: no clock, no file, no socket, no chance
//! but what is handed in.
//!
//! Read in this order: what an org is and who may do what; what a notice says; what duties come of it; what is
//! recorded.

pub mod authority;
pub mod calendar;
pub mod criteria;
pub mod draft;
pub mod duty;
pub mod expand;
pub mod fact;
pub mod id;
pub mod loops;
pub mod notice;
pub mod org;
pub mod person;
pub mod rulebook;
pub mod thing;
