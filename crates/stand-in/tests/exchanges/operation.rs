//! ListLayers as LISTLAYERS describes the live service: filters, pages, nulls, errors.

use serde_json::json;
use tinsmith_stand_in::{Layers, StandIn};

use crate::client::{PATH, Signer, list, send};

async fn reference() -> StandIn {
    StandIn::builder().start().await.unwrap()
}

#[tokio::test]
async fn the_example_of_the_reference() {
    let stand_in = reference().await;
    let reply = list(&stand_in, "CompatibleRuntime=python3.7").await;
    assert_eq!((reply.status(), reply.header("content-type")), (200, Some("application/json")));
    let expected = json!({"NextMarker": null, "Layers": [{
        "LayerName": "my-layer",
        "LayerArn": "arn:aws:lambda:us-east-2:123456789012:layer:my-layer",
        "LatestMatchingVersion": {
            "LayerVersionArn": "arn:aws:lambda:us-east-2:123456789012:layer:my-layer:2",
            "Version": 2,
            "Description": "My layer",
            "CreatedDate": "2018-11-15T00:37:46.592+0000",
            "CompatibleRuntimes": ["python3.6", "python3.7"],
            "LicenseInfo": null,
            "CompatibleArchitectures": null,
        },
    }]});
    // Equal as JSON, with every null written out.
    assert_eq!(reply.json(), expected);
}

#[tokio::test]
async fn filters() {
    let stand_in = reference().await;
    let cases: &[(&str, &[&str])] = &[
        ("", &["build-tools", "my-layer", "node-metrics", "shared-fonts"]),
        ("CompatibleArchitecture=arm64", &["build-tools", "node-metrics"]),
        ("CompatibleArchitecture=arm64&CompatibleRuntime=nodejs22.x", &["node-metrics"]),
        ("CompatibleArchitecture=x86_64&CompatibleRuntime=provided.al2", &[]),
        // The service knows these; no model, or no older one, does.
        ("CompatibleRuntime=byol", &[]),
        ("CompatibleRuntime=nodejs26.x", &[]),
        ("CompatibleRuntime=python3.15", &[]),
        ("MaxItems=2", &["build-tools", "my-layer"]),
        ("MaxItems=50", &["build-tools", "my-layer", "node-metrics", "shared-fonts"]),
    ];
    for (query, names) in cases {
        let reply = list(&stand_in, query).await;
        assert_eq!((reply.status(), reply.names()), (200, names.iter().map(ToString::to_string).collect()), "{query}");
        assert_eq!(reply.json()["NextMarker"].is_string(), *query == "MaxItems=2", "{query}");
        assert!(reply.json().as_object().unwrap().contains_key("NextMarker"), "{query}");
    }
}

#[tokio::test]
async fn pages_are_whole_and_in_order() {
    let stand_in = StandIn::builder().layers(Layers::generate(120)).start().await.unwrap();
    let cases = [("", vec![50, 50, 20]), ("&MaxItems=30", vec![30; 4]), ("&MaxItems=1", vec![1; 120])];
    for (query, sizes) in cases {
        let (mut names, mut pages, mut marker) = (Vec::new(), Vec::new(), String::new());
        loop {
            let reply = list(&stand_in, format!("{marker}{query}").trim_start_matches('&')).await;
            pages.push(reply.names().len());
            names.extend(reply.names());
            let Some(next) = reply.json()["NextMarker"].as_str().map(str::to_owned) else { break };
            assert!("+/=&".chars().all(|c| next.contains(c)), "{next} needs no encoding");
            marker = format!("Marker={}", encode(&next));
        }
        assert_eq!(pages, sizes, "{query}");
        assert_eq!(names.len(), 120, "{query}");
        assert!(names.is_sorted_by(|a, b| a < b), "{query}");
    }
}

#[tokio::test]
async fn what_is_refused() {
    let stand_in = reference().await;
    let good = list(&stand_in, "MaxItems=1").await.json()["NextMarker"].as_str().unwrap().to_owned();
    let unescaped_plus = format!("Marker={}", encode(&good).replace("%2B", "%20"));
    let value = |of: &str, member: &str| {
        format!("1 validation error detected: Value '{of}' at '{member}' failed to satisfy constraint: ")
    };
    let runtime = value("x", "compatibleRuntime") + "Member must satisfy enum value set: [";
    let architecture = value("arm", "compatibleArchitecture") + "Member must satisfy enum value set: [x86_64, arm64]";
    let too_few = value("0", "maxItems") + "Member must have value greater than or equal to 1";
    let too_many = value("51", "maxItems") + "Member must have value less than or equal to 50";
    let empty = value("", "compatibleRuntime");
    let two = "2 validation errors detected: Value 'x' at 'compatibleRuntime' failed";
    let cases = [
        ("CompatibleRuntime=x", "ValidationException", runtime.as_str()),
        ("CompatibleRuntime=", "ValidationException", &empty),
        ("CompatibleArchitecture=arm", "ValidationException", &architecture),
        ("MaxItems=0", "ValidationException", &too_few),
        ("MaxItems=51", "ValidationException", &too_many),
        ("CompatibleRuntime=x&MaxItems=-1", "ValidationException", two),
        ("MaxItems=ten", "SerializationException", "Value 'ten' at 'maxItems' can not be converted to an Integer"),
        ("MaxItems=99999999999", "SerializationException", "Value '99999999999' at 'maxItems'"),
        ("Marker=m2", "InvalidParameterValueException", "Invalid marker"),
        ("Marker=", "InvalidParameterValueException", "Invalid marker"),
        (&unescaped_plus, "InvalidParameterValueException", "Invalid marker"),
    ];
    for (query, code, message) in cases {
        let reply = list(&stand_in, query).await;
        assert_eq!((reply.status(), reply.code()), (400, code), "{query}");
        assert!(reply.header("x-amzn-errortype").unwrap().contains(":http://internal.amazon.com/coral/"), "{query}");
        assert!(reply.message().starts_with(message), "{query}: {}", reply.message());
    }
    assert_eq!(list(&stand_in, "Marker=m2").await.json()["Type"], "User");
    for runtime in ["nodejs26.x", "python3.15", "byol"] {
        assert!(list(&stand_in, "CompatibleRuntime=x").await.message().contains(runtime), "{runtime}");
    }
}

#[tokio::test]
async fn other_paths_and_methods() {
    let stand_in = reference().await;
    for path in ["/", "/2015-03-31/layers", "/2018-10-31/layers/my-layer"] {
        let reply = send(stand_in.address(), &Signer::default().get(stand_in.address(), path, "")).await;
        assert_eq!((reply.status(), reply.header("content-type")), (403, Some("application/xml")), "{path}");
        assert!(reply.body().starts_with(b"<AccessDeniedException>"), "{path}");
    }
    let stand_in = StandIn::builder().check_signatures(false).start().await.unwrap();
    for (method, status) in [("GET", 200), ("POST", 403), ("DELETE", 403)] {
        let reply =
            send(stand_in.address(), &format!("{method} {PATH} HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n"))
                .await;
        assert_eq!(reply.status(), status, "{method}");
    }
}

fn encode(text: &str) -> String {
    text.replace('%', "%25").replace('+', "%2B").replace('/', "%2F").replace('=', "%3D").replace('&', "%26")
}
