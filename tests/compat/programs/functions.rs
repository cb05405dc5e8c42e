//! Lists functions with all that is in them, and asks for one: pages, nested structures, maps, errors of other operations.

use std::collections::BTreeMap;

use aws_sdk_lambda::config::BehaviorVersion;
use aws_sdk_lambda::config::retry::RetryConfig;
use aws_sdk_lambda::error::{DisplayErrorContext, ProvideErrorMetadata, SdkError};
use aws_sdk_lambda::operation::get_function::GetFunctionOutput;
use aws_sdk_lambda::operation::list_functions::ListFunctionsError;
use aws_sdk_lambda::operation::list_functions::builders::ListFunctionsFluentBuilder;
use aws_sdk_lambda::operation::list_functions::paginator::ListFunctionsPaginator;
use aws_sdk_lambda::types::{FunctionConfiguration, FunctionVersion, PackageType, Runtime, State};
use aws_sdk_lambda::{Client, Error};

#[path = "support/script.rs"]
mod script;

use script::{Script, Step};

const FIRST: &str = r#"{"NextMarker":"m2","Functions":[
    {"FunctionName":"a","Runtime":"python3.12","Timeout":3,"MemorySize":128,"CodeSize":900,"PackageType":"Zip",
     "State":"Active","Architectures":["arm64"],"LastModified":"2024-01-02T03:04:05.000+0000",
     "Environment":{"Variables":{"B":"2","A":"1"}},"Layers":[{"Arn":"l1","CodeSize":1},{"Arn":"l2"}],
     "VpcConfig":{"SubnetIds":[],"SecurityGroupIds":["sg"],"VpcId":""},"EphemeralStorage":{"Size":512},
     "LoggingConfig":{"LogFormat":"JSON","LogGroup":"/a","ApplicationLogLevel":"INFO"}},
    {"FunctionName":"b","PackageType":"Image","ImageConfigResponse":{"ImageConfig":{"Command":["x"]},
     "Error":{"ErrorCode":"E","Message":"m"}},"FileSystemConfigs":[{"Arn":"fs","LocalMountPath":"/mnt/x"}],
     "Environment":{"Error":{"ErrorCode":"AccessDenied","Message":"kms"}}}]}"#;
const SECOND: &str = r#"{"NextMarker":null,"Functions":[{"FunctionName":"c","Runtime":"brandnew1"}]}"#;
const ONE: &str = r#"{"Configuration":{"FunctionName":"a","Version":"3","State":"Inactive"},
    "Code":{"RepositoryType":"S3","Location":"https://example.com/a.zip"},"Tags":{"team":"x"},
    "Concurrency":{"ReservedConcurrentExecutions":5}}"#;
const CONFLICT: Step = Step::Answer(
    409,
    &[("x-amzn-errortype", "ResourceConflictException"), ("x-amzn-requestid", "91")],
    r#"{"Type":"User","message":"The function is being changed"}"#,
);

#[tokio::main]
async fn main() -> Result<(), Error> {
    let script = Script::start(&[
        Step::Answer(200, &[], FIRST),
        Step::Answer(200, &[], SECOND),
        Step::Answer(200, &[], FIRST),
        Step::Answer(200, &[], SECOND),
        Step::Answer(200, &[], FIRST),
        CONFLICT,
        Step::Answer(200, &[], ONE),
        CONFLICT,
        CONFLICT,
        Step::Answer(204, &[], ""),
        Step::Answer(200, &[], r#"{"Tags":{"team":"x"}}"#),
        Step::Answer(204, &[], ""),
    ]);
    let config = aws_config::defaults(BehaviorVersion::latest()).endpoint_url(script.url());
    let client = Client::new(&config.retry_config(RetryConfig::disabled()).load().await);
    items(client.list_functions().function_version(FunctionVersion::All).master_region("ALL")).await?;
    pages(client.list_functions().into_paginator().page_size(2)).await?;
    broken(&client).await;
    one(client.get_function().function_name("a").qualifier("3").send().await?);
    conflicts(&client).await;
    tags(&client).await?;
    println!("{:#?}", script.targets());
    Ok(())
}

async fn items(request: ListFunctionsFluentBuilder) -> Result<(), SdkError<ListFunctionsError>> {
    let functions: Vec<FunctionConfiguration> =
        request.into_paginator().items().send().collect::<Result<_, _>>().await?;
    for function in &functions {
        function_of(function);
    }
    let runtimes = functions.iter().filter_map(|function| function.runtime.as_ref());
    println!("{:?}", runtimes.map(|runtime| (runtime.as_str(), *runtime == Runtime::Python312)).collect::<Vec<_>>());
    Ok(())
}

fn function_of(function: &FunctionConfiguration) {
    println!("{} {:?} {:?}", function.function_name().unwrap_or_default(), function.timeout(), function.memory_size());
    println!("  {} {:?} {:?}", function.code_size(), function.last_modified(), function.state().map(State::as_str));
    println!("  {:?} {:?}", function.package_type().map(PackageType::as_str), function.architectures());
    if let Some(environment) = function.environment() {
        let variables: Option<BTreeMap<_, _>> = environment.variables().map(|variables| variables.iter().collect());
        println!("  {variables:?} {:?}", environment.error().and_then(|error| error.error_code()));
    }
    let layers: Vec<_> = function.layers().iter().map(|layer| (layer.arn(), layer.code_size())).collect();
    println!("  {layers:?}");
    if let Some(network) = function.vpc_config() {
        println!("  {:?} {:?} {:?}", network.subnet_ids(), network.security_group_ids(), network.vpc_id());
    }
    println!("  {:?}", function.ephemeral_storage().map(|storage| storage.size()));
    println!(
        "  {:?}",
        function.logging_config().map(|logging| (logging.log_format(), logging.application_log_level()))
    );
    for system in function.file_system_configs() {
        println!("  {} {}", system.arn(), system.local_mount_path());
    }
    if let Some(image) = function.image_config_response() {
        println!("  {:?}", image.image_config().map(|config| config.command().join(" ")));
        println!("  {:?}", image.error().map(|error| (error.error_code(), error.message())));
    }
}

async fn pages(paginator: ListFunctionsPaginator) -> Result<(), Error> {
    let mut pages = paginator.send();
    while let Some(page) = pages.next().await {
        let page = page?;
        println!("{:?} {}", page.next_marker(), page.functions().len());
    }
    Ok(())
}

async fn broken(client: &Client) {
    let mut names = client.list_functions().into_paginator().items().send();
    while let Some(name) = names.next().await {
        match name {
            Ok(function) => println!("{:?}", function.function_name),
            Err(error) => println!("{:?} {}", error.code(), error.raw_response().is_some()),
        }
    }
}

fn one(output: GetFunctionOutput) {
    println!("{:?}", output.configuration().and_then(FunctionConfiguration::version));
    println!("{:?}", output.code().map(|code| (code.repository_type(), code.location(), code.image_uri())));
    println!("{:?}", output.tags().and_then(|tags| tags.get("team")));
    println!("{:?}", output.concurrency().and_then(|concurrency| concurrency.reserved_concurrent_executions()));
    let GetFunctionOutput { configuration, tags, .. } = output;
    println!("{:?} {:?}", configuration.and_then(|function| function.state), tags.map(|tags| tags.len()));
}

async fn conflicts(client: &Client) {
    let result = client.update_function_configuration().function_name("a").timeout(30).send().await;
    if let Err(error) = result {
        println!("{}", DisplayErrorContext(&error).to_string().contains("ResourceConflictException"));
        let error = error.into_service_error();
        println!("{} {:?} {:?}", error.is_resource_conflict_exception(), error.meta().code(), error.message());
    }
    match client.delete_function().function_name("a").send().await.map_err(Error::from) {
        Err(Error::ResourceConflictException(inner)) => println!("{:?} {:?}", inner.message(), inner.meta().code()),
        other => println!("{}", other.is_ok()),
    }
    println!("{}", client.delete_function().function_name("a").send().await.is_ok());
}

async fn tags(client: &Client) -> Result<(), Error> {
    let arn = "arn:aws:lambda:us-east-1:123456789012:function:a";
    println!("{:?}", client.list_tags().resource(arn).send().await?.tags);
    let request = client.untag_resource().resource(arn).tag_keys("team").tag_keys("a b");
    let changed = request.customize().mutate_request(|request| {
        request.headers_mut().insert("x-compat", "tags");
    });
    println!("{:?}", changed.send().await.is_ok());
    Ok(())
}
