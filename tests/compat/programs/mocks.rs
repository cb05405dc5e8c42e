//! Tests of a program that calls the service: what it would answer is made by hand.

use aws_sdk_lambda::error::{ErrorMetadata, ProvideErrorMetadata, SdkError};
use aws_sdk_lambda::operation::RequestId;
use aws_sdk_lambda::operation::get_function::{GetFunctionError, GetFunctionOutput};
use aws_sdk_lambda::operation::invoke::builders::InvokeOutputBuilder;
use aws_sdk_lambda::operation::invoke::{InvokeError, InvokeOutput};
use aws_sdk_lambda::operation::list_layers::ListLayersOutput;
use aws_sdk_lambda::primitives::Blob;
use aws_sdk_lambda::types::builders::FunctionConfigurationBuilder;
use aws_sdk_lambda::types::error::builders::ResourceNotFoundExceptionBuilder;
use aws_sdk_lambda::types::error::{ResourceNotFoundException, ServiceException, TooManyRequestsException};
use aws_sdk_lambda::types::{
    Architecture, EnvironmentResponse, FunctionCodeLocation, FunctionConfiguration, FunctionUrlConfig,
    InvokeResponseStreamUpdate, Layer, LayerVersionsListItem, LayersListItem, Runtime, State, ThrottleReason,
};

/// What the program needs of the service.
trait Functions {
    async fn state(&self, name: &str) -> Result<Option<State>, SdkError<GetFunctionError, ()>>;
    async fn call(&self, payload: &str) -> Result<InvokeOutput, InvokeError>;
}

struct Mock(Result<GetFunctionOutput, u8>);

impl Functions for Mock {
    async fn state(&self, name: &str) -> Result<Option<State>, SdkError<GetFunctionError, ()>> {
        let output = self.0.as_ref().map_err(|kind| SdkError::service_error(refusal(*kind, name), ()))?;
        Ok(output.configuration().and_then(FunctionConfiguration::state).cloned())
    }

    async fn call(&self, payload: &str) -> Result<InvokeOutput, InvokeError> {
        match payload {
            "" => Err(InvokeError::TooManyRequestsException(
                TooManyRequestsException::builder().reason(ThrottleReason::CallerRateLimitExceeded).build(),
            )),
            payload => Ok(InvokeOutput::builder().status_code(200).payload(Blob::new(payload)).build()),
        }
    }
}

fn refusal(kind: u8, name: &str) -> GetFunctionError {
    let meta = ErrorMetadata::builder().code("Refused").message(name).custom("aws_request_id", "1-2").build();
    match kind {
        0 => GetFunctionError::ResourceNotFoundException(
            ResourceNotFoundException::builder().message(format!("no {name}")).r#type("User").meta(meta).build(),
        ),
        1 => GetFunctionError::ServiceException(ServiceException::builder().build()),
        _ => GetFunctionError::unhandled("something else"),
    }
}

#[tokio::main]
async fn main() {
    let function = FunctionConfiguration::builder().function_name("f").state(State::Active).build();
    let mock = Mock(Ok(GetFunctionOutput::builder().configuration(function).tags("a", "b").build()));
    println!("{:?}", mock.state("f").await.ok());
    for kind in 0..3 {
        let Err(error) = Mock(Err(kind)).state("g").await else { continue };
        println!("{:?} {:?}", error.code(), error.message());
        println!("{:?}", error.into_service_error().is_resource_not_found_exception());
    }
    println!("{:?}", mock.call("{}").await.ok().and_then(|output| output.payload.map(Blob::into_inner)));
    println!("{:?}", mock.call("").await.err().map(|error| error.is_too_many_requests_exception()));
    layers();
    functions();
    errors();
}

fn layers() {
    let version = LayerVersionsListItem::builder()
        .version(3)
        .layer_version_arn("arn:3")
        .compatible_runtimes(Runtime::Python312)
        .compatible_runtimes("byol".into())
        .set_compatible_architectures(Some(vec![Architecture::Arm64]))
        .build();
    let layer = LayersListItem::builder().layer_name("l").latest_matching_version(version).build();
    let output = ListLayersOutput::builder().layers(layer.clone()).layers(layer).set_next_marker(None).build();
    println!("{} {:?} {:?}", output.layers().len(), output.next_marker(), output.request_id());
    let newest = output.layers().first().and_then(LayersListItem::latest_matching_version);
    println!("{:?}", newest.map(|version| (version.version(), version.compatible_runtimes().len())));
    println!("{}", output == output.clone());
}

fn functions() {
    let builder: FunctionConfigurationBuilder = FunctionConfiguration::builder().code_size(12).timeout(3);
    let environment = EnvironmentResponse::builder().variables("K", "V").build();
    let function = builder.environment(environment).layers(Layer::builder().arn("l").build()).build();
    println!("{} {:?} {:?}", function.code_size(), function.timeout(), function.memory_size());
    println!("{:?}", function.environment().and_then(|environment| environment.variables()?.get("K")));
    let code = FunctionCodeLocation::builder().location("https://example.com").build();
    println!("{:?} {:?}", code.location(), code.repository_type());
    let output = InvokeOutputBuilder::default().function_error("Handled").set_executed_version(Some("4".into()));
    let output = output.log_result("TE9H").build();
    println!("{:?} {} {:?}", output.function_error(), output.status_code(), output.executed_version());
    let update = InvokeResponseStreamUpdate::builder().payload(Blob::new("chunk")).build();
    println!("{:?}", update.payload().map(|payload| payload.as_ref().len()));
    println!("{}", FunctionUrlConfig::builder().function_url("https://x").build().is_err());
}

fn errors() {
    let builder: ResourceNotFoundExceptionBuilder = ResourceNotFoundException::builder();
    let error = builder.set_message(Some("gone".to_owned())).set_type(None).build();
    println!("{error} {:?} {:?} {:?}", error.message(), error.r#type(), error.meta().code());
    let mut builder = TooManyRequestsException::builder().retry_after_seconds("3");
    builder.set_meta(Some(ErrorMetadata::builder().code("Slow").build()));
    let error = builder.build();
    println!("{:?} {:?} {}", error.meta().code(), error.retry_after_seconds(), error == error.clone());
}
