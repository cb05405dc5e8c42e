//! All operations by name, from an input to an output as JSON, through the feature `serde`.
//!
//! `cargo xtask interop` asks for each operation of the model, so that one that is missing here is told there.

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

operations! {
    add_layer_version_permission::AddLayerVersionPermission,
    add_permission::AddPermission,
    checkpoint_durable_execution::CheckpointDurableExecution,
    create_alias::CreateAlias,
    create_capacity_provider::CreateCapacityProvider,
    create_code_signing_config::CreateCodeSigningConfig,
    create_event_source_mapping::CreateEventSourceMapping,
    create_function::CreateFunction,
    create_function_url_config::CreateFunctionUrlConfig,
    delete_alias::DeleteAlias,
    delete_capacity_provider::DeleteCapacityProvider,
    delete_code_signing_config::DeleteCodeSigningConfig,
    delete_event_source_mapping::DeleteEventSourceMapping,
    delete_function::DeleteFunction,
    delete_function_code_signing_config::DeleteFunctionCodeSigningConfig,
    delete_function_concurrency::DeleteFunctionConcurrency,
    delete_function_event_invoke_config::DeleteFunctionEventInvokeConfig,
    delete_function_url_config::DeleteFunctionUrlConfig,
    delete_layer_version::DeleteLayerVersion,
    delete_provisioned_concurrency_config::DeleteProvisionedConcurrencyConfig,
    get_account_settings::GetAccountSettings,
    get_alias::GetAlias,
    get_capacity_provider::GetCapacityProvider,
    get_code_signing_config::GetCodeSigningConfig,
    get_durable_execution::GetDurableExecution,
    get_durable_execution_history::GetDurableExecutionHistory,
    get_durable_execution_state::GetDurableExecutionState,
    get_event_source_mapping::GetEventSourceMapping,
    get_function::GetFunction,
    get_function_code_signing_config::GetFunctionCodeSigningConfig,
    get_function_concurrency::GetFunctionConcurrency,
    get_function_configuration::GetFunctionConfiguration,
    get_function_event_invoke_config::GetFunctionEventInvokeConfig,
    get_function_recursion_config::GetFunctionRecursionConfig,
    get_function_scaling_config::GetFunctionScalingConfig,
    get_function_url_config::GetFunctionUrlConfig,
    get_layer_version::GetLayerVersion,
    get_layer_version_by_arn::GetLayerVersionByArn,
    get_layer_version_policy::GetLayerVersionPolicy,
    get_policy::GetPolicy,
    get_provisioned_concurrency_config::GetProvisionedConcurrencyConfig,
    get_runtime_management_config::GetRuntimeManagementConfig,
    invoke::Invoke,
    invoke_async::InvokeAsync,
    invoke_with_response_stream::InvokeWithResponseStream,
    list_aliases::ListAliases,
    list_capacity_providers::ListCapacityProviders,
    list_code_signing_configs::ListCodeSigningConfigs,
    list_durable_executions_by_function::ListDurableExecutionsByFunction,
    list_event_source_mappings::ListEventSourceMappings,
    list_function_event_invoke_configs::ListFunctionEventInvokeConfigs,
    list_function_url_configs::ListFunctionUrlConfigs,
    list_function_versions_by_capacity_provider::ListFunctionVersionsByCapacityProvider,
    list_functions::ListFunctions,
    list_functions_by_code_signing_config::ListFunctionsByCodeSigningConfig,
    list_layer_versions::ListLayerVersions,
    list_layers::ListLayers,
    list_provisioned_concurrency_configs::ListProvisionedConcurrencyConfigs,
    list_tags::ListTags,
    list_versions_by_function::ListVersionsByFunction,
    publish_layer_version::PublishLayerVersion,
    publish_version::PublishVersion,
    put_function_code_signing_config::PutFunctionCodeSigningConfig,
    put_function_concurrency::PutFunctionConcurrency,
    put_function_event_invoke_config::PutFunctionEventInvokeConfig,
    put_function_recursion_config::PutFunctionRecursionConfig,
    put_function_scaling_config::PutFunctionScalingConfig,
    put_provisioned_concurrency_config::PutProvisionedConcurrencyConfig,
    put_runtime_management_config::PutRuntimeManagementConfig,
    remove_layer_version_permission::RemoveLayerVersionPermission,
    remove_permission::RemovePermission,
    send_durable_execution_callback_failure::SendDurableExecutionCallbackFailure,
    send_durable_execution_callback_heartbeat::SendDurableExecutionCallbackHeartbeat,
    send_durable_execution_callback_success::SendDurableExecutionCallbackSuccess,
    stop_durable_execution::StopDurableExecution,
    tag_resource::TagResource,
    untag_resource::UntagResource,
    update_alias::UpdateAlias,
    update_capacity_provider::UpdateCapacityProvider,
    update_code_signing_config::UpdateCodeSigningConfig,
    update_event_source_mapping::UpdateEventSourceMapping,
    update_function_code::UpdateFunctionCode,
    update_function_configuration::UpdateFunctionConfiguration,
    update_function_event_invoke_config::UpdateFunctionEventInvokeConfig,
    update_function_url_config::UpdateFunctionUrlConfig,
}

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
