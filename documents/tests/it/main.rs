//! Papers and sheets, made and read back.

mod papers;
mod read;
mod render;
mod samples;
mod sheets;
