//! Creates a function and what it needs: structures within an input, made by their builders.

use std::collections::HashMap;

use aws_sdk_lambda::config::BehaviorVersion;
use aws_sdk_lambda::error::BuildError;
use aws_sdk_lambda::operation::create_function::CreateFunctionInput;
use aws_sdk_lambda::operation::create_function::builders::CreateFunctionInputBuilder;
use aws_sdk_lambda::primitives::{Blob, DateTime};
use aws_sdk_lambda::types::builders::{EnvironmentBuilder, VpcConfigBuilder};
use aws_sdk_lambda::types::{
    AliasRoutingConfiguration, AllowedPublishers, Architecture, CodeSigningPolicies, CodeSigningPolicy,
    DeadLetterConfig, DestinationConfig, EndPointType, Environment, EphemeralStorage, EventSourcePosition,
    FileSystemConfig, Filter, FilterCriteria, FunctionCode, ImageConfig, LayerVersionContentInput, LogFormat,
    LoggingConfig, OnFailure, OnSuccess, PackageType, Runtime, SelfManagedEventSource, SnapStart, SnapStartApplyOn,
    SourceAccessConfiguration, SourceAccessType, TracingConfig, TracingMode, VpcConfig,
};
use aws_sdk_lambda::{Client, Error};

#[path = "support/script.rs"]
mod script;

use script::{Script, Step};

const CREATED: &str = r#"{"FunctionName":"worker","State":"Pending","StateReasonCode":"Creating","Runtime":"python3.12",
    "Timeout":60,"MemorySize":512,"VpcConfig":{"SubnetIds":["subnet-1","subnet-2"],"VpcId":"vpc-9"},
    "Environment":{"Variables":{"STAGE":"test"}},"Layers":[{"Arn":"arn:layer:1","CodeSize":7}],
    "EphemeralStorage":{"Size":1024},"SnapStart":{"ApplyOn":"None","OptimizationStatus":"Off"},
    "TracingConfig":{"Mode":"Active"},"DeadLetterConfig":{"TargetArn":"arn:queue"}}"#;
const DONE: &str = "{}";

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error + Send + Sync>> {
    let script = Script::start(&[Step::Answer(201, &[], CREATED), Step::Answer(201, &[], DONE)]);
    let config = aws_config::load_defaults(BehaviorVersion::latest()).await;
    let config = aws_sdk_lambda::config::Builder::from(&config).endpoint_url(script.url()).build();
    let client = Client::from_conf(config);
    create(&client).await?;
    others(&client).await?;
    for (request, target) in script.targets().iter().enumerate() {
        println!("{target} {:#?}", script.members(request));
    }
    builders()
}

async fn create(client: &Client) -> Result<(), Error> {
    let code = FunctionCode::builder().zip_file(Blob::new("a zip file")).build();
    let network = VpcConfig::builder()
        .subnet_ids("subnet-1")
        .subnet_ids(String::from("subnet-2"))
        .set_security_group_ids(Some(vec!["sg-1".to_owned()]))
        .ipv6_allowed_for_dual_stack(false)
        .build();
    let environment =
        Environment::builder().variables("STAGE", "test").variables("LEVEL", String::from("debug")).build();
    let storage = EphemeralStorage::builder().size(1024).build().map_err(Error::from)?;
    let output = client
        .create_function()
        .function_name("worker")
        .runtime(Runtime::Python312)
        .role("arn:aws:iam::123456789012:role/worker")
        .handler("app.handler")
        .code(code)
        .timeout(60)
        .memory_size(512)
        .publish(true)
        .package_type(PackageType::Zip)
        .vpc_config(network)
        .environment(environment)
        .dead_letter_config(DeadLetterConfig::builder().target_arn("arn:queue").build())
        .tracing_config(TracingConfig::builder().mode(TracingMode::Active).build())
        .ephemeral_storage(storage)
        .snap_start(SnapStart::builder().apply_on(SnapStartApplyOn::None).build())
        .logging_config(LoggingConfig::builder().log_format(LogFormat::Json).log_group("/workers").build())
        .architectures(Architecture::Arm64)
        .layers("arn:layer:1")
        .layers("arn:layer:2")
        .tags("team", "a")
        .tags("stage", "test")
        .set_file_system_configs(Some(vec![
            FileSystemConfig::builder().arn("arn:efs").local_mount_path("/mnt/data").build()?,
        ]))
        .send()
        .await?;
    println!("{:?} {:?} {:?}", output.function_name(), output.state(), output.state_reason_code());
    println!("{:?} {:?}", output.timeout(), output.memory_size());
    let network = output.vpc_config();
    println!("{:?} {:?}", network.map(|network| network.subnet_ids()), network.and_then(|network| network.vpc_id()));
    println!("{:?}", network.map(|network| network.security_group_ids().len()));
    println!("{:?}", output.environment().and_then(|environment| environment.variables()));
    println!("{:?}", output.layers().iter().map(|layer| (layer.arn(), layer.code_size())).collect::<Vec<_>>());
    println!("{:?}", output.ephemeral_storage().map(EphemeralStorage::size));
    println!("{:?}", output.snap_start().and_then(|snap| snap.apply_on()));
    println!("{:?}", output.tracing_config().and_then(|tracing| tracing.mode()).map(TracingMode::as_str));
    println!("{:?} {}", output.dead_letter_config().and_then(DeadLetterConfig::target_arn), output.code_size());
    Ok(())
}

/// Structures in other places: lists of them, maps of lists, deeper ones.
async fn others(client: &Client) -> Result<(), Error> {
    let routing = AliasRoutingConfiguration::builder().additional_version_weights("2", 0.25).build();
    client
        .create_alias()
        .function_name("worker")
        .name("live")
        .function_version("1")
        .routing_config(routing)
        .send()
        .await?;

    let destinations = DestinationConfig::builder()
        .on_success(OnSuccess::builder().destination("arn:good").build())
        .on_failure(OnFailure::builder().destination("arn:bad").build())
        .build();
    let filters = FilterCriteria::builder()
        .filters(Filter::builder().pattern("{\"a\":[1]}").build())
        .filters(Filter::builder().build())
        .build();
    let kafka = SelfManagedEventSource::builder()
        .endpoints(EndPointType::KafkaBootstrapServers, vec!["one:9092".to_owned(), "two:9092".to_owned()])
        .build();
    let access = SourceAccessConfiguration::builder().r#type(SourceAccessType::BasicAuth).uri("arn:secret").build();
    client
        .create_event_source_mapping()
        .function_name("worker")
        .destination_config(destinations)
        .filter_criteria(filters)
        .self_managed_event_source(kafka)
        .source_access_configurations(access)
        .starting_position(EventSourcePosition::AtTimestamp)
        .starting_position_timestamp(DateTime::from_secs(1_700_000_000))
        .topics("orders")
        .send()
        .await?;

    let publishers = AllowedPublishers::builder().signing_profile_version_arns("arn:profile").build()?;
    let policies = CodeSigningPolicies::builder().untrusted_artifact_on_deployment(CodeSigningPolicy::Enforce).build();
    let request = client.create_code_signing_config().allowed_publishers(publishers).code_signing_policies(policies);
    request.description("signed").send().await?;

    let content = LayerVersionContentInput::builder().zip_file(Blob::new(vec![0x50, 0x4b, 3, 4])).build();
    let request = client.publish_layer_version().layer_name("base").content(content).license_info("MIT");
    request.compatible_runtimes(Runtime::Python312).compatible_runtimes("custom".into()).send().await?;
    Ok(())
}

/// What builders and what they build are, without a request.
fn builders() -> Result<(), Box<dyn std::error::Error + Send + Sync>> {
    let environment: EnvironmentBuilder = Environment::builder().variables("a", "1").variables("a", "2");
    println!("{} {:?}", environment == environment.clone(), environment.clone().build().variables());
    println!("{:?}", environment.set_variables(None).build().variables().map(HashMap::len));
    let network: VpcConfigBuilder = VpcConfigBuilder::default().set_subnet_ids(Some(Vec::new())).subnet_ids("s");
    println!("{:?} {:?}", network.clone().build().subnet_ids(), network.build().security_group_ids);
    let image = ImageConfig::builder().entry_point("/bin/app").command("run").command("now").working_directory("/app");
    let ImageConfig { command, entry_point, working_directory, .. } = image.build();
    println!("{command:?} {entry_point:?} {working_directory:?}");

    let missing = [
        said(EphemeralStorage::builder().build(), "size"),
        said(FileSystemConfig::builder().local_mount_path("/mnt/a").build(), "arn"),
        said(FileSystemConfig::builder().arn("arn:efs").set_local_mount_path(None).build(), "local_mount_path"),
        said(AllowedPublishers::builder().build(), "signing_profile_version_arns"),
    ];
    println!("{missing:?}");
    let empty = AllowedPublishers::builder().set_signing_profile_version_arns(Some(Vec::new())).build()?;
    println!("{:?} {}", empty.signing_profile_version_arns(), empty == empty.clone());

    let code = FunctionCode::builder().s3_bucket("b").s3_key("k");
    let input: CreateFunctionInput = CreateFunctionInput::builder().code(code.build()).tags("k", "v").build()?;
    println!("{:?} {:?}", input.code().and_then(FunctionCode::s3_bucket), input.tags().and_then(|tags| tags.get("k")));
    println!("{:?} {:?} {:?}", input.layers(), input.file_system_configs().len(), input.publish());
    let builder: CreateFunctionInputBuilder = CreateFunctionInputBuilder::default().set_tags(Some(HashMap::new()));
    println!("{:?} {}", builder.clone().build()?.tags, builder == builder.clone());

    let secret = FunctionCode::builder().zip_file(Blob::new("secret code"));
    println!(
        "{} {}",
        format!("{secret:?}").contains("secret code"),
        format!("{:?}", secret.build()).contains("zip_file")
    );
    Ok(())
}

/// Whether an error of a builder names the field that was not given.
fn said<T>(result: Result<T, BuildError>, field: &str) -> Option<bool> {
    result.err().map(|error| error.to_string().contains(field))
}
