//! The enums of the service. They are open: a value that is not listed here is `Unknown`, and travels unchanged.

use tinsmith_runtime::open_enum;

open_enum! {
    /// An instruction set.
    pub enum Architecture {
        Arm64 = "arm64",
        X8664 = "x86_64",
    }
}

open_enum! {
    /// A language runtime of functions.
    pub enum Runtime {
        Python36 = "python3.6",
        Python37 = "python3.7",
    }
}

open_enum! {
    /// Which limit a throttled request met.
    pub enum ThrottleReason {
        CallerRateLimitExceeded = "CallerRateLimitExceeded",
    }
}
