//! Who is let in, who is not, and in which words.

use tinsmith_stand_in::StandIn;

use crate::client::{PATH, Signer, send};

const INVALID: &str = "InvalidSignatureException";
const UNKNOWN: &str = "UnrecognizedClientException";

/// Sends a request and compares the answer: no code is 200, any code is 403.
async fn check(stand_in: &StandIn, request: &str, code: &str, message: &str) {
    let reply = send(stand_in.address(), request).await;
    assert_eq!((reply.status(), reply.code()), (if code.is_empty() { 200 } else { 403 }, code), "{request}");
    if !code.is_empty() {
        assert!(reply.message().contains(message), "{request}\n{}", reply.message());
    }
}

#[tokio::test]
async fn headers() {
    let stand_in = StandIn::builder().start().await.unwrap();
    let signer = Signer::default();
    let cases = [
        (signer, "", ""),
        (Signer { key: "AKIDOTHER", ..signer }, UNKNOWN, "The security token included in the request is invalid."),
        (Signer { token: Some("t"), ..signer }, UNKNOWN, "The security token included in the request is invalid."),
        (Signer { secret: "wrong", ..signer }, INVALID, "The request signature we calculated does not match"),
        (Signer { region: "us-east-1", ..signer }, INVALID, "Credential should be scoped to a valid region."),
        (Signer { service: "s3", ..signer }, INVALID, "Credential should be scoped to correct service: 'lambda'."),
        (Signer { offset: -240, ..signer }, "", ""),
        (Signer { offset: 240, ..signer }, "", ""),
        (Signer { offset: -360, ..signer }, INVALID, "Signature expired: "),
        (Signer { offset: -360, ..signer }, INVALID, " - 5 min.)"),
        (Signer { offset: 360, ..signer }, INVALID, "Signature not yet current: "),
    ];
    for (signer, code, message) in cases {
        check(&stand_in, &signer.get(stand_in.address(), PATH, ""), code, message).await;
    }
}

#[tokio::test]
async fn headers_that_lack_something() {
    let stand_in = StandIn::builder().start().await.unwrap();
    let good = Signer::default().get(stand_in.address(), PATH, "MaxItems=1");
    let with = |from: &str, to: &str| {
        assert!(good.contains(from), "{from} in {good}");
        good.replace(from, to)
    };
    let missing = "MissingAuthenticationTokenException";
    let incomplete = "IncompleteSignatureException";
    let cases = [
        (good.clone(), "", ""),
        (with("authorization", "x-nothing"), missing, "Missing Authentication Token"),
        (with("AWS4-HMAC-SHA256", "Bearer"), missing, "Missing Authentication Token"),
        (with("Signature=", "Sig="), incomplete, "Authorization header requires 'Signature' parameter."),
        (with("x-amz-date:", "x-date:"), incomplete, "'X-Amz-Date' or a 'Date' header"),
        (with("/aws4_request", ""), incomplete, "Credential must have exactly 5 slash-delimited elements"),
        (with("SignedHeaders=host;", "SignedHeaders="), INVALID, "'Host' or ':authority' must be a 'SignedHeader'"),
        (with("host;x-amz-date", "host"), INVALID, "'X-Amz-Date' must be a 'SignedHeader'"),
        (with("MaxItems=1", "MaxItems=2"), INVALID, "should have been\n'GET\n/2018-10-31/layers\nMaxItems=2\nhost:"),
        (with("GET", "POST"), INVALID, "should have been\n'POST\n"),
        (with(", Signature=", ", Signature=0"), INVALID, "The String-to-Sign should have been\n'AWS4-HMAC-SHA256\n"),
    ];
    for (request, code, message) in cases {
        check(&stand_in, &request, code, message).await;
    }
}

#[tokio::test]
async fn presigned_requests() {
    let stand_in = StandIn::builder().start().await.unwrap();
    let signer = Signer::default();
    let hour_ago = Signer { offset: -3_600, ..signer };
    let cases = [
        (signer.presigned(stand_in.address(), 60), "", ""),
        (hour_ago.presigned(stand_in.address(), 7_200), "", ""),
        (hour_ago.presigned(stand_in.address(), 1_800), INVALID, " - 30 min.)"),
        (signer.presigned(stand_in.address(), 604_801), "IncompleteSignatureException", "from 0 to 604800"),
        (Signer { secret: "wrong", ..signer }.presigned(stand_in.address(), 60), INVALID, "does not match"),
        (
            signer.presigned(stand_in.address(), 60).replace("X-Amz-Expires=60", "X-Amz-Expires=61"),
            INVALID,
            "does not match",
        ),
        (
            signer.presigned(stand_in.address(), 60).replace("X-Amz-Date", "X-Date"),
            "IncompleteSignatureException",
            "'X-Amz-Date'",
        ),
    ];
    for (request, code, message) in cases {
        check(&stand_in, &request, code, message).await;
    }
}

#[tokio::test]
async fn other_accounts_regions_and_clocks() {
    let stand_in = StandIn::builder()
        .region("eu-west-1")
        .credentials("AKIDA", "a")
        .session_credentials("ASIAB", "b", "token/b")
        .clock_offset(3_600)
        .start()
        .await
        .unwrap();
    let signer = Signer { key: "AKIDA", secret: "a", region: "eu-west-1", offset: 3_600, ..Signer::default() };
    let session = Signer { key: "ASIAB", secret: "b", token: Some("token/b"), ..signer };
    let cases = [
        (signer, "", ""),
        (session, "", ""),
        (Signer { token: None, ..session }, UNKNOWN, "security token"),
        (Signer { token: Some("token/c"), ..session }, UNKNOWN, "security token"),
        (Signer { offset: 0, ..signer }, INVALID, "Signature expired: "),
        // The default credentials went when others were named.
        (Signer { region: "eu-west-1", offset: 3_600, ..Signer::default() }, UNKNOWN, "security token"),
    ];
    for (signer, code, message) in cases {
        check(&stand_in, &signer.get(stand_in.address(), PATH, ""), code, message).await;
    }
    let shown =
        format!("{:?} {stand_in:?}", StandIn::builder().session_credentials("ASIAB", "top-secret", "top-secret"));
    assert!(shown.contains("ASIAB") && !shown.contains("top-secret") && !shown.contains("token/b"), "{shown}");
}
