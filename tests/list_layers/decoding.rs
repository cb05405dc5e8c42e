//! Bodies of successful answers: members that are `null`, absent, unknown or strange.

use tinsmith_lambda::operation::RequestId;
use tinsmith_lambda::types::{Architecture, LayerVersionsListItem, Runtime};

use crate::client::{list, ok};

/// The version of the only layer of a page whose version has these members.
async fn version(members: &str) -> Result<LayerVersionsListItem, String> {
    let json = format!(r#"{{"Layers": [{{"LatestMatchingVersion": {{{members}}}}}]}}"#);
    let page = list(ok(json)).await.map_err(|error| error.to_string())?;
    Ok(page.layers()[0].latest_matching_version().unwrap().clone())
}

#[tokio::test]
async fn the_example_of_the_reference() {
    let json = r#"{"Layers": [{
        "LayerName": "my-layer",
        "LayerArn": "arn:aws:lambda:us-east-2:123456789012:layer:my-layer",
        "LatestMatchingVersion": {
            "LayerVersionArn": "arn:aws:lambda:us-east-2:123456789012:layer:my-layer:2",
            "Version": 2,
            "Description": "My layer",
            "CreatedDate": "2018-11-15T00:37:46.592+0000",
            "CompatibleRuntimes": ["python3.6", "python3.7"]
        }
    }], "NextMarker": null}"#;
    let page = list(ok(json)).await.unwrap();
    assert_eq!(page.next_marker(), None);
    let [layer] = page.layers() else { panic!("{page:?}") };
    assert_eq!(layer.layer_name(), Some("my-layer"));
    assert_eq!(layer.layer_arn(), Some("arn:aws:lambda:us-east-2:123456789012:layer:my-layer"));
    let version = layer.latest_matching_version().unwrap();
    assert_eq!(version.layer_version_arn(), Some("arn:aws:lambda:us-east-2:123456789012:layer:my-layer:2"));
    assert_eq!(version.version(), 2);
    assert_eq!(version.description(), Some("My layer"));
    assert_eq!(version.created_date(), Some("2018-11-15T00:37:46.592+0000"));
    assert_eq!(version.compatible_runtimes(), [Runtime::Python36, Runtime::Python37]);
    assert_eq!((version.compatible_architectures(), version.license_info()), (&[] as &[Architecture], None));
    assert_eq!(page.request_id(), Some("id-1"));
}

/// Points 1 and 2: every member `null`, and every member absent, are the same.
#[tokio::test]
async fn null_and_absent_are_the_same() {
    let nulls = r#""LayerVersionArn": null, "Version": null, "Description": null, "CreatedDate": null,
        "CompatibleArchitectures": null, "CompatibleRuntimes": null, "LicenseInfo": null"#;
    assert_eq!(version(nulls).await.unwrap(), LayerVersionsListItem::default());
    assert_eq!(version("").await.unwrap(), LayerVersionsListItem::default());

    let layer = list(ok(r#"{"Layers": [{"LayerName": null, "LayerArn": null, "LatestMatchingVersion": null}]}"#)).await;
    assert_eq!(layer.unwrap().layers(), [Default::default()]);
    for page in [r#"{"Layers": null, "NextMarker": null}"#, "{}", ""] {
        let page = list(ok(page)).await.unwrap();
        assert_eq!((page.layers.as_deref(), page.next_marker()), (None, None));
    }
    // An empty list is told from an absent one.
    assert!(list(ok(r#"{"Layers": []}"#)).await.unwrap().layers.is_some());
}

/// Point 3: members that the model lacks, at three depths.
#[tokio::test]
async fn unknown_members_are_passed_over() {
    let json = r#"{"New": {"a": [1, {"b": null}]}, "Layers": [{"Content": {"Size": 1.5e3}, "LayerName": "x",
        "LatestMatchingVersion": {"LayerArn": "y", "Version": 3, "Tags": [[], {}]}}]}"#;
    let page = list(ok(json)).await.unwrap();
    assert_eq!(page.layers()[0].layer_name(), Some("x"));
    assert_eq!(page.layers()[0].latest_matching_version().unwrap().version(), 3);
}

/// Points 4 and 16: a value that no model lists, and `null` in a list.
#[tokio::test]
async fn lists_of_enums() {
    let version = version(r#""CompatibleRuntimes": ["python4.2", null, "python3.7"]"#).await.unwrap();
    assert_eq!(version.compatible_runtimes(), [Runtime::from("python4.2"), Runtime::Python37]);
    assert_eq!(version.compatible_runtimes()[0].as_str(), "python4.2");
    assert!(matches!(version.compatible_runtimes()[0], Runtime::Unknown(_)));
}

/// Point 5: what a version may be.
#[tokio::test]
async fn versions() {
    for (json, expected) in [
        ("9007199254740993", 9_007_199_254_740_993),
        ("9223372036854775807", i64::MAX),
        ("1.0", 1),
        ("1e2", 100),
        ("-0", 0),
    ] {
        assert_eq!(version(&format!(r#""Version": {json}"#)).await.unwrap().version(), expected, "{json}");
    }
    for json in [r#""1""#, "1.5", "9223372036854775808", "true", "[1]", "{}"] {
        let error = version(&format!(r#""Version": {json}"#)).await.unwrap_err();
        assert!(error.contains("Layers[0].LatestMatchingVersion.Version"), "{json}: {error}");
        assert!(error.contains("status 200") && error.contains("id-1"), "{json}: {error}");
    }
}

/// Point 6: what a marker may be.
#[tokio::test]
async fn markers() {
    for (json, expected) in [(r#"{"NextMarker": null}"#, None), ("{}", None), (r#"{"NextMarker": ""}"#, Some(""))] {
        assert_eq!(list(ok(json)).await.unwrap().next_marker(), expected, "{json}");
    }
    let error = list(ok(r#"{"NextMarker": {"Marker": "x"}, "Layers": []}"#)).await.unwrap_err();
    assert!(error.to_string().contains("NextMarker"), "{error}");
}

/// Point 17: what JSON may look like.
#[tokio::test]
async fn json_of_every_kind() {
    let name = async |json: &str| {
        let page = list(ok(json.to_owned())).await.map_err(|error| error.to_string())?;
        Ok::<_, String>(page.layers()[0].layer_name().map(str::to_owned))
    };
    for (json, expected) in [
        (r#"{"Layers": [{"LayerName": "first", "LayerName": "last"}]}"#, "last"),
        (r#"{"Layers": [{"LayerName": "gone"}], "Layers": [{"LayerName": "kept"}]}"#, "kept"),
        ("{\"Layers\":[{\"\\u004cayerName\":\"\\u00e9\\ud83d\\ude00\\n\\/\"}]}", "é😀\n/"),
    ] {
        assert_eq!(name(json).await.unwrap().as_deref(), Some(expected), "{json}");
    }
    for json in [
        r#"{"Layers": [{"LayerName": "\ud83d"}]}"#,
        "\u{feff}{\"Layers\": [{}]}",
        r#"{"Layers": [{"LayerName": "cut"#,
        r#"{"Layers": [{}]} trailing"#,
        r#"{"Layers": [{}],}"#,
        "<html></html>",
    ] {
        assert!(name(json).await.is_err(), "{json}");
    }
    for (open, close) in [("[", "]"), (r#"{"a":"#, "}")] {
        let deep = format!(r#"{{"New": {}1{}}}"#, open.repeat(10_000), close.repeat(10_000));
        let error = list(ok(deep)).await.unwrap_err().to_string();
        assert!(error.contains("128"), "{error}");
    }
    let invalid_utf8 = list(ok(b"{\"NextMarker\": \"\xff\"}".to_vec())).await;
    assert!(invalid_utf8.is_err());
}
