//! The faults that are answers of their own, in place of the operation's.

use serde_json::{Value, json};

use super::{CodePlace, EventFault, Fault, RetryAfter};
use crate::answer::{self, Answer};
use crate::clock::{self, Seconds};
use crate::event_stream;

/// What a gateway in front of a service sends when it cannot reach it.
const HTML: &str = "<html>\r\n<head><title>{status}</title></head>\r\n<body>\r\n<center><h1>{status}</h1></center>\r\n\
                    </body>\r\n</html>\r\n";

impl Fault {
    /// The answer that stands in place of the operation's, if the fault has one.
    pub(crate) fn replacement(&self, now: Seconds) -> Option<Answer> {
        Some(match self {
            Self::Throttle { code, retry_after } => {
                let throttled =
                    error(429, "TooManyRequestsException", *code, answer::throttling_body("CallerRateLimitExceeded"));
                retry_after.header(now).into_iter().fold(throttled, |answer, (name, value)| answer.with(name, value))
            }
            Self::Error { status, code, place, message } => {
                error(*status, code, *place, json!({"Type": answer::fault_of(*status), "message": message}))
            }
            Self::Html(status) => Answer::new(*status, "text/html", HTML.replace("{status}", &status.to_string())),
            Self::Empty(status) => Answer::empty(*status),
            Self::NotJson => Answer::new(200, "application/json", "The service is resting."),
            Self::Respond { status, headers, body } => {
                Answer { status: *status, headers: headers.clone(), body: body.clone(), events: None }
            }
            _ => return None,
        })
    }

    /// Changes the body of the answer, if that is what the fault does.
    pub(crate) fn spoil(&self, answer: &mut Answer) {
        match self {
            Self::TruncatedJson => answer.body.truncate(answer.body.len() / 2),
            Self::Events { after, fault } => fault.spoil(*after, answer),
            Self::Oversized(bytes) => answer.body.resize(answer.body.len().max(*bytes), b' '),
            _ => {}
        }
    }
}

impl EventFault {
    /// Changes what comes after so many events.
    fn spoil(&self, after: usize, answer: &mut Answer) {
        let Some(events) = &mut answer.events else { return };
        let (start, end) = (events.end(after), events.end(after.saturating_add(1)));
        let told =
            |code: &str, message: &str| json!({ "Type": answer::fault_of(500), "Message": message, "code": code });
        let then = match self {
            Self::Checksum => {
                if let Some(last) = answer.body.get_mut(start..end).and_then(<[u8]>::last_mut) {
                    *last ^= 1;
                }
                return;
            }
            Self::Stall | Self::Reset => return,
            Self::Cut => answer.body.get(start..start + (end - start) / 2).unwrap_or_default().to_vec(),
            Self::End => Vec::new(),
            Self::Exception { code, message } => {
                event_stream::exception(code, told(code, message).to_string().as_bytes())
            }
            Self::Error { code, message } => event_stream::error(code, message),
        };
        answer.body.truncate(start);
        events.ends.truncate(after);
        if !then.is_empty() {
            answer.body.extend(then);
            events.ends.push(answer.body.len());
        }
    }
}

impl RetryAfter {
    fn header(&self, now: Seconds) -> Option<(&'static str, String)> {
        Some(match self {
            Self::Never => return None,
            Self::Seconds(seconds) => ("retry-after", seconds.to_string()),
            Self::Date(ahead) => ("retry-after", clock::http_date(now.saturating_add(*ahead))),
            Self::Text(text) => ("retry-after", text.clone()),
            Self::Milliseconds(millis) => ("x-amz-retry-after", millis.to_string()),
        })
    }
}

fn error(status: u16, code: &str, place: CodePlace, mut body: Value) -> Answer {
    let header = match place {
        CodePlace::Header => Some(code.to_owned()),
        CodePlace::HeaderWithUri => Some(answer::error_type(code)),
        CodePlace::Body(member) => {
            body[member] = code.into();
            None
        }
        CodePlace::BodyWithNamespace => {
            body["__type"] = format!("com.amazonaws.lambda#{code}").into();
            None
        }
        CodePlace::Nowhere => None,
    };
    let answer = Answer::json(status, &body);
    header.into_iter().fold(answer, |answer, value| answer.with("x-amzn-errortype", value))
}
