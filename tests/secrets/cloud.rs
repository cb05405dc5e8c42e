//! A cloud whose services give everyone the same secret.

use std::future::ready;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use tinsmith_runtime::http::{Body, Headers, Request, Response, StatusCode};
use tinsmith_runtime::transport::{BoxFuture, Transport, TransportError};

/// The one secret: secret key, session token, token of a sign-in, whatever. It has signs that are encoded in a URL.
pub(crate) const SECRET: &str = "hush/hush+hush=sweet-Charlotte";
/// What stands in the addresses of proxies.
pub(crate) const PASSWORD: &str = "between-you-and-the-proxy";

/// The services. Clones share what they were asked.
#[derive(Clone, Default)]
pub(crate) struct Cloud(Arc<Mutex<State>>);

#[derive(Default)]
struct State {
    requests: Vec<Request>,
    /// The status of all answers to come, which tell the secret all the same.
    failing: Option<u16>,
}

impl std::fmt::Debug for Cloud {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Cloud")
    }
}

impl Cloud {
    /// Has all sources of credentials fail from now on, with their usual answer cut short.
    pub(crate) fn fail(&self, status: u16) {
        self.lock().failing = Some(status);
    }

    pub(crate) fn requests(&self) -> Vec<Request> {
        self.lock().requests.iter().filter_map(Request::try_clone).collect()
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Transport for Cloud {
    fn send(&self, request: Request) -> BoxFuture<'_, Result<Response, TransportError>> {
        let mut state = self.lock();
        let (mut status, mut body) = answer(&request, state.requests.len());
        state.requests.push(request);
        if let Some(failing) = state.failing {
            status = failing;
            body.truncate(body.len() / 5 * 4);
        }
        let headers: Headers = [("x-amzn-requestid", "id-1"), ("set-cookie", SECRET)].into_iter().collect();
        Box::pin(ready(Ok(Response::new(StatusCode::new(status), headers, Body::whole(body)))))
    }
}

fn answer(request: &Request, earlier: usize) -> (u16, String) {
    let keys = |token: &str| {
        format!(
            r#"{{"Code":"Success","AccessKeyId":"AKCLOUD","SecretAccessKey":"{SECRET}","{token}":"{SECRET}","Expiration":"2199-01-01T00:00:00Z"}}"#
        )
    };
    let body = match request.authority() {
        "169.254.169.254" => match (request.method, request.path.ends_with("security-credentials/")) {
            ("PUT", _) => SECRET.to_owned(),
            (_, true) => "role".to_owned(),
            _ => keys("Token"),
        },
        "169.254.170.2" => keys("Token"),
        host if host.starts_with("portal.sso") => format!(
            r#"{{"roleCredentials":{{"accessKeyId":"AKCLOUD","secretAccessKey":"{SECRET}","sessionToken":"{SECRET}","expiration":7258118400000}}}}"#
        ),
        host if host.starts_with("oidc") => {
            format!(r#"{{"accessToken":"{SECRET}","tokenType":"Bearer","expiresIn":28800,"refreshToken":"{SECRET}"}}"#)
        }
        host if host.starts_with("sts") => {
            let body = String::from_utf8_lossy(request.bytes());
            let action = body.split('&').find_map(|pair| pair.strip_prefix("Action=")).unwrap_or_default();
            format!(
                "<{action}Response><{action}Result><Credentials><AccessKeyId>AKCLOUD</AccessKeyId><SecretAccessKey>\
                 {SECRET}</SecretAccessKey><SessionToken>{SECRET}</SessionToken><Expiration>2199-01-01T00:00:00Z\
                 </Expiration></Credentials><AssumedRoleUser><Arn>arn:aws:sts::123456789012:assumed-role/r/s</Arn>\
                 <AssumedRoleId>i</AssumedRoleId></AssumedRoleUser></{action}Result></{action}Response>"
            )
        }
        // Now and then the service itself fails, so that there is something to be retried and told.
        _ if earlier % 5 == 4 => return (500, r#"{"message": "try again"}"#.to_owned()),
        _ if earlier % 5 == 2 => return (403, refusal(request)),
        _ => r#"{"Layers": [{"LayerName": "one"}]}"#.to_owned(),
    };
    (200, body)
}

/// Refuses a signature as AWS does: with the request that was to be signed.
fn refusal(request: &Request) -> String {
    let signed = request.headers.iter().filter(|(name, _)| *name != "authorization");
    let lines: String = signed.map(|(name, value)| format!("{name}:{value}\\n")).collect();
    format!(
        r#"{{"code":"SignatureDoesNotMatch","message":"The Canonical String should have been '{}\n{}\n\n{lines}'"}}"#,
        request.method, request.path
    )
}
