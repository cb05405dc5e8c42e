//! The types of the operation: made, read, compared, taken apart.

use std::collections::{BTreeSet, HashMap};
use std::str::FromStr;

use aws_sdk_lambda::config::{BehaviorVersion, Credentials, Region};
use aws_sdk_lambda::error::{BuildError, SdkError};
use aws_sdk_lambda::operation::list_layers::builders::ListLayersInputBuilder;
use aws_sdk_lambda::operation::list_layers::{ListLayersError, ListLayersInput, ListLayersOutput};
use aws_sdk_lambda::primitives::{Blob, DateTime};
use aws_sdk_lambda::types::error::TooManyRequestsException;
use aws_sdk_lambda::types::{Architecture, LayerVersionsListItem, LayersListItem, Runtime, ThrottleReason};
use aws_sdk_lambda::{Client, Config};

#[path = "support/script.rs"]
mod script;

use script::{Script, Step};

/// The example of the reference page, with an item that has nothing and a value of each enum that no model lists.
const PAGE: &str = r#"{"NextMarker":"m","Layers":[{"LayerName":"my-layer","LatestMatchingVersion":{"Version":2,
    "LayerVersionArn":"arn:aws:lambda:us-east-2:123456789012:layer:my-layer:2","Description":"My layer",
    "CreatedDate":"2018-11-15T00:37:46.592+0000","CompatibleRuntimes":["python3.6","python3.7","byol"],
    "CompatibleArchitectures":["arm64","mips"],"Unheard":{"of":[1]}}},{}]}"#;
const THROTTLED: &str = r#"{"code":"TooManyRequestsException","message":"slow","Type":"User","Reason":"TooBusy"}"#;

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error + Send + Sync>> {
    enums();
    input()?;
    let script = Script::start(&[Step::Answer(200, &[], PAGE), Step::Answer(429, &[("retry-after", "3")], THROTTLED)]);
    let config = Config::builder()
        .behavior_version(BehaviorVersion::latest())
        .region(Region::new("us-east-2"))
        .credentials_provider(Credentials::new("akid", "secret", None, None, "compat"))
        .retry_config(aws_sdk_lambda::config::retry::RetryConfig::disabled())
        .endpoint_url(script.url());
    let client = Client::from_conf(config.build());
    output(client.list_layers().send().await?);
    if let Err(SdkError::ServiceError(context)) = client.list_layers().send().await {
        if let ListLayersError::TooManyRequestsException(inner) = context.into_err() {
            exception(inner);
        }
    }
    primitives();
    Ok(())
}

fn enums() {
    for text in ["python3.12", "java8.al2", "nodejs4.3-edge", "go1.x", "provided.al2023", "byol", ""] {
        let runtime = Runtime::from(text);
        println!("{text:?} is {} {runtime} {}", name(&runtime), runtime.as_str() == text);
        println!("  known {} same {}", Runtime::try_parse(text).is_ok(), Runtime::from_str(text) == Ok(runtime));
    }
    println!("{} {}", Runtime::values().contains(&"python3.12"), Runtime::values().contains(&"byol"));
    println!("{:?} {:?}", Architecture::values(), ThrottleReason::values());
    println!("{:?}", Runtime::try_parse("byol").map_err(|error| error.to_string()));
    println!("{:?} {:?}", Runtime::Python312, Architecture::X8664);
    println!(
        "{}",
        ["x86_64", "arm64"]
            .map(|text| text.parse::<Architecture>().unwrap_or(Architecture::Arm64).to_string())
            .join(" ")
    );
    let ordered: BTreeSet<Runtime> = ["python3.12", "java21", "zig", "byol"].into_iter().map(Runtime::from).collect();
    println!("{}", ordered.iter().map(AsRef::as_ref).collect::<Vec<&str>>().join(" "));
    let counted: HashMap<Runtime, u8> = HashMap::from([(Runtime::Java21, 1), (Runtime::from("byol"), 2)]);
    println!("{:?} {:?}", counted.get(&Runtime::from("java21")), counted.get(&"byol".into()));
}

fn name(runtime: &Runtime) -> &'static str {
    match runtime {
        Runtime::Python312 | Runtime::Python313 => "a new Python",
        Runtime::Java8al2 => "Java on AL2",
        Runtime::Nodejs43edge => "an old Node",
        other if other.as_str().starts_with("go") => "Go",
        Runtime::Providedal2023 => "provided",
        _ => "something else",
    }
}

fn input() -> Result<(), BuildError> {
    let input: ListLayersInput = ListLayersInput::builder()
        .compatible_runtime(Runtime::Python312)
        .compatible_architecture(Architecture::from("arm64"))
        .marker("m1")
        .max_items(50)
        .build()?;
    println!("{:?} {:?}", input.compatible_runtime(), input.compatible_architecture());
    println!("{:?} {:?} {}", input.marker(), input.max_items(), input.clone() == input);
    let builder = ListLayersInputBuilder::default().set_marker(Some("m2".to_owned())).set_max_items(None);
    println!("{}", builder.clone() == builder);
    let cleared = builder.set_compatible_runtime(None).set_compatible_architecture(None).build()?;
    let ListLayersInput { marker, max_items, compatible_runtime, .. } = cleared;
    println!("{marker:?} {max_items:?} {compatible_runtime:?}");
    Ok(())
}

fn output(output: ListLayersOutput) {
    println!("{} {:?} {}", output.layers().len(), output.next_marker(), output == output.clone());
    let ListLayersOutput { layers, next_marker, .. } = output;
    println!("{next_marker:?} {}", layers.as_ref().map_or(0, Vec::len));
    let layers = layers.unwrap_or_default();
    println!("{:?}", layers.iter().map(|layer| layer.layer_name()).collect::<Vec<_>>());
    for layer in &layers {
        let newest = layer.latest_matching_version().map(LayerVersionsListItem::version);
        println!("{newest:?} {:?} {}", layer.layer_arn(), layers.contains(layer));
    }
    let versions =
        layers.into_iter().filter_map(|LayersListItem { latest_matching_version, .. }| latest_matching_version);
    for version in versions {
        println!("{} {:?} {:?}", version.version, version.description, version.license_info);
        println!("{:?} {:?}", version.created_date.as_deref(), version.layer_version_arn());
        let known =
            version.compatible_runtimes().iter().filter(|runtime| Runtime::values().contains(&runtime.as_str()));
        println!("{:?} of {}", known.collect::<Vec<_>>(), version.compatible_runtimes.as_ref().map_or(0, Vec::len));
        println!("{}", version.compatible_architectures().iter().map(ToString::to_string).collect::<String>());
    }
}

fn exception(throttled: TooManyRequestsException) {
    println!("{:?} {:?}", throttled.message(), throttled.r#type());
    println!("{:?} {:?}", throttled.retry_after_seconds.as_deref(), throttled.reason().map(ThrottleReason::as_str));
    println!("{} {}", throttled == throttled.clone(), throttled);
}

fn primitives() {
    let blob = Blob::new(*b"zip");
    println!("{} {:?}", blob.as_ref().len(), blob.into_inner());
    println!("{} {}", DateTime::from_secs(1_500_000_000).secs(), DateTime::from_secs(1) < DateTime::from_secs(2));
}
