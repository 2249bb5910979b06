//! Papers and sheets, made and read back.

mod facts;
mod official;
mod papers;
mod read;
mod render;
mod samples;
mod sheets;
