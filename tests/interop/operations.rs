//! All operations by name, from an input to an output as JSON, through the feature `serde`.

#![allow(deprecated, reason = "what a model deprecates is compared like the rest")]

use std::error::Error;

use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::{Value, json};
use tinsmith_lambda::Client;
use tinsmith_lambda::error::{ProvideErrorMetadata, SdkError};
use tinsmith_lambda::operation;
use tinsmith_runtime::operation::{Operation, OperationInput};

macro_rules! operations {
    ($($module:ident::$operation:ident,)*) => {
        /// Sends an input to the operation of that name; the answer is `{"output": …}`, or `{"error": …}` with the code
        /// and the kind of the error.
        pub(super) async fn call(client: &Client, name: &str, input: Value) -> Result<Value, Box<dyn Error>> {
            match name {
                $(stringify!($operation) => Box::pin(one::<operation::$module::$operation>(client, input)).await,)*
                _ => Err(format!("there is no operation {name}").into()),
            }
        }
    };
}

tinsmith_tests::every_operation!(operations);

async fn one<O>(client: &Client, input: Value) -> Result<Value, Box<dyn Error>>
where
    O: Operation,
    O::Input: OperationInput<Operation = O> + DeserializeOwned,
    O::Output: Serialize,
{
    let input: O::Input = serde_json::from_value(input)?;
    match client.send(input).await {
        Ok(output) => Ok(json!({ "output": serde_json::to_value(&output)? })),
        Err(error) => {
            let said = error.to_string();
            Ok(json!({ "error": said, "code": error.code(), "kind": kind(&error) }))
        }
    }
}

/// The variant of an error of a service; of any other error nothing.
fn kind<E: std::fmt::Debug>(error: &SdkError<E>) -> Option<String> {
    let error = format!("{:?}", error.as_service_error()?);
    error.split(['(', ' ', '{']).next().map(str::to_owned)
}
