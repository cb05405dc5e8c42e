//! The operations of Lambda, with what reads and writes their inputs and outputs.

use serde_json::Value;
use tinsmith_lambda::operation;
use tinsmith_runtime::operation::Operation;

use crate::again;

macro_rules! operations {
    ($($module:ident::$name:ident,)*) => {
        /// By their names: what takes an input, and what takes an output, through `Deserialize` and `Serialize`.
        pub(crate) const OPERATIONS: &[(&str, [fn(&Value) -> Value; 2])] = &[$((
            stringify!($name),
            [
                again::<<operation::$module::$name as Operation>::Input>,
                again::<<operation::$module::$name as Operation>::Output>,
            ],
        ),)*];
    };
}

tinsmith_tests::every_operation!(operations);
