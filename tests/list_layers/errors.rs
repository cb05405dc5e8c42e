//! Answers that are errors: typed where the model lists them, and kept whole where it does not.

use tinsmith_lambda::error::{DisplayErrorContext, ProvideErrorMetadata, SdkError};
use tinsmith_lambda::operation::RequestId;
use tinsmith_lambda::operation::list_layers::ListLayersError;
use tinsmith_lambda::types::ThrottleReason;
use tinsmith_runtime::test_util::Reply;
use tinsmith_runtime::transport::TransportErrorKind;

use crate::client::{list, ok, scripted, scripted_with};

fn error(status: u16, json: &str) -> Reply {
    Reply::new(status).header("x-amzn-RequestId", "id-2").body(json.to_owned())
}

/// The three modelled errors, with every member.
#[tokio::test]
async fn modelled_errors_keep_their_members() {
    let reply = error(429, r#"{"Type": "User", "message": "Rate exceeded", "Reason": "CallerRateLimitExceeded"}"#)
        .header("x-amzn-errortype", "TooManyRequestsException")
        .header("Retry-After", "3");
    let refused = list(reply).await.unwrap_err();
    assert_eq!(
        refused.to_string(),
        "ListLayers failed: TooManyRequestsException: Rate exceeded (status 429, request id id-2, 1 attempt)"
    );
    match refused.into_service_error() {
        ListLayersError::TooManyRequestsException(throttled) => {
            assert_eq!(throttled.retry_after_seconds(), Some("3"));
            assert_eq!(throttled.r#type(), Some("User"));
            assert_eq!(throttled.message(), Some("Rate exceeded"));
            assert_eq!(throttled.reason(), Some(&ThrottleReason::CallerRateLimitExceeded));
            assert_eq!(throttled.request_id(), Some("id-2"));
        }
        other => panic!("{other:?}"),
    }
    let reply = error(400, r#"{"Type": "User", "message": "no"}"#);
    let refused = list(reply.header("x-amzn-errortype", "InvalidParameterValueException")).await.unwrap_err();
    assert!(refused.as_service_error().unwrap().is_invalid_parameter_value_exception());
    // The model spells it `message` here, and services do not always.
    let reply = error(400, r#"{"Message": "no"}"#).header("x-amzn-errortype", "InvalidParameterValueException");
    match list(reply).await.unwrap_err().into_service_error() {
        ListLayersError::InvalidParameterValueException(refused) => assert_eq!(refused.message(), Some("no")),
        other => panic!("{other:?}"),
    }
    let reply = error(500, r#"{"Type": "Service", "Message": "oh"}"#).header("x-amzn-errortype", "ServiceException");
    match list(reply).await.unwrap_err().into_service_error() {
        ListLayersError::ServiceException(failed) => assert_eq!(failed.message(), Some("oh")),
        other => panic!("{other:?}"),
    }
}

/// Point 11: the spellings of an error code, and of a message.
#[tokio::test]
async fn codes_are_found_wherever_they_are() {
    let code = "InvalidParameterValueException";
    let spelt = [
        error(400, "{}").header("x-amzn-errortype", format!("{code}:http://internal.amazon.com/coral/x/")),
        error(400, &format!(r#"{{"code": "{code}"}}"#)),
        error(400, &format!(r#"{{"__type": "com.amazonaws.lambda#{code}"}}"#)),
        error(400, &format!(r#"{{"Code": "{code}:x"}}"#)),
    ];
    for reply in spelt {
        let refused = list(reply.clone()).await.unwrap_err();
        assert_eq!(refused.code(), Some(code), "{reply:?}");
        assert!(refused.as_service_error().unwrap().is_invalid_parameter_value_exception(), "{reply:?}");
    }
    for member in ["message", "Message", "errorMessage"] {
        let refused = list(error(400, &format!(r#"{{"code": "X", "{member}": "because"}}"#))).await.unwrap_err();
        assert_eq!(refused.message(), Some("because"), "{member}");
    }
}

/// Point 10: errors that the model does not list.
#[tokio::test]
async fn unmodelled_errors_keep_code_and_message() {
    for code in ["ValidationException", "AccessDeniedException", "ExpiredTokenException"] {
        let reply = error(400, r#"{"message": "what is wrong"}"#).header("x-amzn-errortype", code);
        let refused = list(reply).await.unwrap_err();
        assert_eq!((refused.code(), refused.message()), (Some(code), Some("what is wrong")));
        let told = format!("ListLayers failed: {code}: what is wrong (status 400, request id id-2, 1 attempt)");
        assert_eq!(refused.to_string(), told);
        assert_eq!(DisplayErrorContext(&refused).to_string(), told);
        assert!(matches!(refused.into_service_error(), ListLayersError::Unhandled(_)));
    }
}

/// Point 12: answers that say little, or that are no answers.
#[tokio::test]
async fn what_is_no_error_document_keeps_status_and_beginning() {
    let html = "<html>\n<head><title>503 Service Temporarily Unavailable</title></head></html>";
    let refused = list(error(503, html)).await.unwrap_err();
    let raw = refused.raw_response().unwrap();
    assert_eq!((raw.status().as_u16(), raw.bytes()), (503, html.as_bytes()));
    assert_eq!(refused.request_id(), Some("id-2"));
    assert!(refused.to_string().contains("<title>503 Service Temporarily Unavailable</title>"), "{refused}");

    let refused = list(error(500, "")).await.unwrap_err();
    assert_eq!((refused.code(), refused.message()), (None, None));
    assert!(refused.to_string().contains("status 500, request id id-2"), "{refused}");

    let long = list(error(500, &"x".repeat(1 << 20))).await.unwrap_err();
    assert!(long.to_string().len() < 700, "{}", long.to_string().len());
    assert_eq!(long.raw_response().unwrap().bytes().len(), 64 << 10);

    // A typed error whose body cannot be read keeps its type.
    let reply = error(429, "<html>").header("x-amzn-errortype", "TooManyRequestsException");
    assert!(list(reply).await.unwrap_err().as_service_error().unwrap().is_too_many_requests_exception());
}

/// An error whose body breaks off is told by what came; where that does not say what it is, it may be worth a retry.
#[tokio::test]
async fn errors_that_break_off() {
    let named = error(400, "{\"mess").breaks().header("x-amzn-errortype", "InvalidParameterValueException");
    let refused = list(named).await.unwrap_err();
    assert!(refused.as_service_error().unwrap().is_invalid_parameter_value_exception(), "{refused}");
    assert_eq!(refused.raw_response().unwrap().bytes(), b"{\"mess");

    let unnamed = error(400, "{\"mess").breaks();
    let refused = list(unnamed.clone()).await.unwrap_err();
    assert_eq!(
        refused.to_string(),
        "ListLayers failed: the connection broke: the script breaks the body off (status 400, request id id-2, 1 attempt)"
    );
    assert_eq!(scripted([unnamed, ok("{}")]).client.list_layers().await.unwrap().layers(), []);
}

/// What a service says comes to terminals and logs: one line, and nothing that a terminal obeys.
#[tokio::test]
async fn messages_are_shown_on_one_line() {
    let reply = error(400, r#"{"message": "a\nb\u001b[2Jc\u202ed"}"#).header("x-amzn-errortype", "Bad\u{7}Code");
    let refused = list(reply).await.unwrap_err();
    let told = r"Bad\u{7}Code: a b\u{1b}[2Jc\u{202e}d";
    assert_eq!(refused.to_string(), format!("ListLayers failed: {told} (status 400, request id id-2, 1 attempt)"));
    assert_eq!(refused.message(), Some("a\nb\u{1b}[2Jc\u{202e}d"));
    assert_eq!(refused.into_service_error().to_string(), told);
}

/// Point 12, the rest: a success that is none.
#[tokio::test]
async fn successes_that_are_none() {
    let reply = ok("{}").header("x-amzn-errortype", "ServiceException");
    assert!(list(reply).await.unwrap_err().as_service_error().unwrap().is_service_exception());

    let cut = list(ok(r#"{"Layers": [{"LayerName": "a"#)).await.unwrap_err();
    assert!(matches!(cut, SdkError::ResponseError(_)), "{cut:?}");
    assert!(cut.to_string().contains("status 200"), "{cut}");

    let broken = list(ok(r#"{"Layers": ["#).breaks()).await.unwrap_err();
    assert!(matches!(broken, SdkError::ResponseError(_)), "{broken:?}");
    assert!(broken.to_string().contains("the connection broke") && broken.to_string().contains("id-1"), "{broken}");

    let redirect = list(Reply::new(301).header("location", "https://elsewhere.example")).await.unwrap_err();
    assert_eq!(redirect.raw_response().unwrap().status().as_u16(), 301);
}

/// No answer at all says what happened, and how often it was tried.
#[tokio::test]
async fn failures_of_the_transport() {
    let failing = [TransportErrorKind::Connect, TransportErrorKind::Io, TransportErrorKind::ConnectTimeout];
    let client = scripted(failing.map(Reply::Failure)).client;
    let error = client.list_layers().await.unwrap_err();
    assert_eq!(error.to_string(), "ListLayers failed: connecting took too long: as the script has it (3 attempts)");
    let client = scripted([Reply::Failure(TransportErrorKind::User)]).client;
    let error = client.list_layers().await.unwrap_err();
    assert!(error.to_string().ends_with("(1 attempt)"), "{error}");
}

/// Whatever a call fails with says how often it was tried, and, where an answer came, its status and id.
#[tokio::test]
async fn every_error_tells_what_is_known_of_the_call() {
    use tinsmith_lambda::config::timeout::TimeoutConfig;
    use tinsmith_runtime::error::BoxError;
    let known = |error: &SdkError<ListLayersError>| {
        let status = error.raw_response().map(|raw| raw.status().as_u16());
        (error.attempts(), status, error.request_id().map(str::to_owned))
    };
    let id = || Some("id-2".to_owned());
    let held = scripted([]);
    let refused = held.client.list_layers().customize().map_request(|_| Err::<_, BoxError>("no".into())).send().await;
    let failed = refused.unwrap_err();
    assert!(matches!(failed, SdkError::ConstructionFailure(_)));
    assert_eq!(known(&failed), (0, None, None));

    let failed = scripted([]).client.list_layers().send().await.unwrap_err();
    assert!(matches!(failed, SdkError::DispatchFailure(_)));
    assert_eq!(known(&failed), (3, None, None));

    let timeouts = TimeoutConfig::builder().operation_attempt_timeout(std::time::Duration::from_secs(1)).build();
    let silent = || scripted_with(vec![Reply::Silence; 3], |config| config.timeout_config(timeouts.clone()));
    let failed = silent().client.list_layers().send().await.unwrap_err();
    assert!(matches!(failed, SdkError::TimeoutError(_)));
    assert_eq!(known(&failed), (3, None, None));

    let failed = list(error(200, "{")).await.unwrap_err();
    assert!(matches!(failed, SdkError::ResponseError(_)));
    assert_eq!(known(&failed), (1, Some(200), id()));

    let failed = scripted([error(500, "{}"), error(400, "{}")]).client.list_layers().send().await.unwrap_err();
    assert!(matches!(failed, SdkError::ServiceError(_)));
    assert_eq!(known(&failed), (2, Some(400), id()));
}

/// A body over the limit is an error, which another attempt does not mend.
#[tokio::test]
async fn a_body_is_read_as_far_as_the_limit() {
    let json = r#"{"Layers": []}"#;
    let long = scripted_with([ok(json)], |config| config.body_limit(json.len() - 1));
    assert_eq!(
        long.client.list_layers().send().await.unwrap_err().to_string(),
        "ListLayers failed: the body of the response is longer than 13 bytes, the most that is read (status 200, request \
         id id-1, 1 attempt)"
    );
    let fits = scripted_with([ok(json)], |config| config.body_limit(json.len()));
    assert!(fits.client.list_layers().send().await.unwrap().layers().is_empty());
}
