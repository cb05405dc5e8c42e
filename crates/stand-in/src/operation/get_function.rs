//! `GetFunction` and `GetFunctionConfiguration`: what a function is, and how far it is in coming to be.

use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use serde_json::{Map, Value, json};
use sha2::{Digest, Sha256};

use super::Account;
use super::named::Named;
use crate::answer::Answer;
use crate::layers::ACCOUNT;
use crate::recorded::RecordedRequest;
use crate::scatter::{self, scatter};

/// Answers a request for a function.
pub(super) fn answer(account: Account<'_>, name: &str, request: &RecordedRequest) -> Result<Answer, Answer> {
    let configuration = look(account, name, request)?;
    let bucket = format!("https://awslambda-{0}-tasks.s3.{0}.amazonaws.com", account.region);
    let location = format!("{bucket}/snapshots/{ACCOUNT}/{}", request.path.rsplit('/').next().unwrap_or_default());
    let code = json!({ "RepositoryType": "S3", "Location": location });
    Ok(Answer::json(200, &json!({ "Configuration": configuration, "Code": code })))
}

/// Answers a request for the configuration of a function.
pub(super) fn answer_configuration(
    account: Account<'_>,
    name: &str,
    request: &RecordedRequest,
) -> Result<Answer, Answer> {
    Ok(Answer::json(200, &look(account, name, request)?))
}

/// What the next look at a function finds: the usual members, those that are known of it, those of the look.
fn look(account: Account<'_>, name: &str, request: &RecordedRequest) -> Result<Map<String, Value>, Answer> {
    let named = Named::find(account, name, request)?;
    let look = named.function.look();
    let seen = look.members().ok_or_else(|| named.absent())?.clone();
    let mut members = usual(&named);
    members.extend(named.function.known().clone());
    members.insert("FunctionArn".into(), named.arn.clone().into());
    members.insert("Version".into(), named.version.into());
    members.extend(seen);
    Ok(members)
}

/// A function as it is made when nothing is said.
fn usual(named: &Named<'_>) -> Map<String, Value> {
    let name = named.function.name();
    let digest: [u8; 32] = Sha256::digest(name).into();
    let (high, low) = (scatter::text(name), scatter(scatter::text(name)));
    let members = json!({
        "FunctionName": name,
        "Runtime": "provided.al2023",
        "Role": format!("arn:aws:iam::{ACCOUNT}:role/lambda-role"),
        "Handler": "bootstrap",
        "CodeSize": 1_024,
        "Description": "",
        "Timeout": 3,
        "MemorySize": 128,
        "LastModified": "2024-03-12T16:10:00.942+0000",
        "CodeSha256": BASE64_STANDARD.encode(digest),
        "TracingConfig": { "Mode": "PassThrough" },
        "RevisionId": scatter::uuid(high, low),
        "State": "Active",
        "LastUpdateStatus": "Successful",
        "PackageType": "Zip",
        "Architectures": ["x86_64"],
        "EphemeralStorage": { "Size": 512 },
        "SnapStart": { "ApplyOn": "None", "OptimizationStatus": "Off" },
        "LoggingConfig": { "LogFormat": "Text", "LogGroup": format!("/aws/lambda/{name}") },
    });
    if let Value::Object(members) = members { members } else { Map::new() }
}
