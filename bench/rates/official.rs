//! What the official deserializer and the official signatures take.

mod measure;

use std::time::SystemTime;

use aws_credential_types::Credentials;
use aws_sdk_lambda::operation::list_layers::{ListLayers, ListLayersOutput};
use aws_sigv4::http_request::{SignableBody, SignableRequest, SigningParams, SigningSettings, sign};
use aws_sigv4::sign::v4;
use aws_smithy_runtime_api::client::orchestrator::HttpResponse;
use aws_smithy_runtime_api::client::runtime_plugin::RuntimePlugin;
use aws_smithy_runtime_api::client::ser_de::{DeserializeResponse, SharedResponseDeserializer};
use aws_smithy_types::body::SdkBody;
use aws_smithy_types::config_bag::ConfigBag;
use measure::{Asked, Error};

fn main() -> Result<(), Error> {
    let asked = Asked::of_arguments()?;
    match asked.measure() {
        "decode" => decode(&asked),
        "sign" => sign_request(&asked),
        other => Err(measure::unknown(other, "the official crates have `decode` and `sign`")),
    }
}

/// Calls the deserializer that the operation gives to the official runtime.
fn decode(asked: &Asked) -> Result<(), Error> {
    let page = asked.page()?;
    let length = page.len();
    let response = HttpResponse::new(200.try_into()?, SdkBody::from(page));
    let mut settings = ConfigBag::base();
    settings.push_shared_layer(ListLayers::new().config().ok_or("the operation has no settings")?);
    let reader = settings.load::<SharedResponseDeserializer>().ok_or("the operation has no deserializer")?;
    asked.run(Some(length), || {
        let output = reader.deserialize_nonstreaming_with_config(&response, &settings);
        let output = output.map_err(|_| "the page cannot be read")?;
        output.downcast::<ListLayersOutput>().map_err(|_| "the page was read as something else".into())
    })
}

/// Signs the request of a page with the settings of the official client, and puts the signature into the request. The key
/// of the day is derived each time: the official client keeps none.
fn sign_request(asked: &Asked) -> Result<(), Error> {
    const URL: &str = "https://lambda.us-east-2.amazonaws.com/2018-10-31/layers";
    let secret = "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY";
    let identity = Credentials::new("AKIDEXAMPLE", secret, None, None, "static").into();
    let params: SigningParams = v4::SigningParams::builder()
        .identity(&identity)
        .region("us-east-2")
        .name("lambda")
        .time(SystemTime::now())
        .settings(SigningSettings::default())
        .build()?
        .into();
    // Made once, as ours is: each signature takes the place of the one before.
    let mut request = http::Request::get(URL).body(())?;
    asked.run(None, || {
        let signable = SignableRequest::new("GET", URL, std::iter::empty(), SignableBody::Bytes(b""))?;
        let (instructions, _) = sign(signable, &params)?.into_parts();
        instructions.apply_to_request_http1x(&mut request);
        Ok(())
    })
}
