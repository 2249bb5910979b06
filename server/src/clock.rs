//! The one place that asks the machine for time and chance. Everything else is handed both.

use jiff::Timestamp;
use rand::RngCore as _;
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

/// Time and chance.
pub trait Clock: Send + Sync + 'static {
    /// What the wall says.
    fn now(&self) -> Timestamp;
    /// 128 bits that nobody can guess.
    fn chance(&self) -> u128;
}

/// The machine's clock and generator.
pub struct Machine;

impl Clock for Machine {
    #[expect(
        clippy::disallowed_methods,
        reason = "the one place that asks the machine for the time"
    )]
    fn now(&self) -> Timestamp {
        Timestamp::now()
    }

    #[expect(
        clippy::disallowed_methods,
        reason = "the one place that asks the machine for chance"
    )]
    fn chance(&self) -> u128 {
        let mut bytes = [0u8; 16];
        rand::rng().fill_bytes(&mut bytes);
        u128::from_be_bytes(bytes)
    }
}

/// A clock that stands still until it is moved: for tests.
pub struct Still(AtomicI64);

impl Still {
    /// Stands at an instant.
    pub fn at(at: Timestamp) -> Arc<Self> {
        Arc::new(Self(AtomicI64::new(at.as_microsecond())))
    }

    /// Moves to an instant.
    pub fn set(&self, at: Timestamp) {
        self.0.store(at.as_microsecond(), Ordering::SeqCst);
    }
}

impl Clock for Still {
    fn now(&self) -> Timestamp {
        Timestamp::from_microsecond(self.0.load(Ordering::SeqCst)).unwrap_or(Timestamp::UNIX_EPOCH)
    }

    fn chance(&self) -> u128 {
        Machine.chance()
    }
}

/// Measures what has passed, for logs and answers that tell how long something took.
pub struct Stopwatch(std::time::Instant);

impl Stopwatch {
    /// Starts.
    #[expect(
        clippy::disallowed_methods,
        reason = "what has passed is measured here"
    )]
    pub fn start() -> Self {
        Self(std::time::Instant::now())
    }

    /// Seconds since the start.
    pub fn seconds(&self) -> f64 {
        self.0.elapsed().as_secs_f64()
    }
}
