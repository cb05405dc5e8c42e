//! AWS's SigV4 suite, judged: each of its signed requests passes, and none passes once a digit of it is changed.

#![allow(clippy::unwrap_used, reason = "a suite in another form than expected fails, and says where")]

use std::fs;
use std::path::Path;
use std::time::SystemTime;

use libtest_mimic::{Failed, Trial};
use serde_json::Value;
use tinsmith_stand_in::signature::Verifier;
use tinsmith_stand_in::{RecordedRequest, SECRET_ACCESS_KEY};

fn main() -> std::process::ExitCode {
    tinsmith_suites::run("conformance/sigv4", trials)
}

/// A trial for each signed request that the suite holds: up to two a case.
fn trials(suite: &Path) -> std::io::Result<Vec<Trial>> {
    let folders = fs::read_dir(suite)?.map(|entry| entry.unwrap().path()).filter(|path| path.is_dir());
    let mut trials = Vec::new();
    for folder in folders {
        for form in ["header", "query"] {
            // Where nothing is signed, there is nothing to judge.
            let signed = fs::read_to_string(folder.join(format!("{form}-signed-request.txt"))).unwrap_or_default();
            if signed.contains("Signature=") {
                let name = format!("{}::{form}", folder.file_name().unwrap().to_string_lossy());
                let folder = folder.clone();
                trials.push(Trial::test(name, move || check(&folder, form, &parse(&signed))));
            }
        }
    }
    trials.sort_by(|a, b| a.name().cmp(b.name()));
    assert!(!trials.is_empty(), "{} holds no signed requests", suite.display());
    Ok(trials)
}

/// A whole case passes, and its tampered twin is refused with the suite's intermediate forms in the message. A case
/// without a string to sign is partial: the suite vouches for its path alone.
fn check(folder: &Path, form: &str, request: &RecordedRequest) -> Result<(), Failed> {
    let file = |part: &str| fs::read_to_string(folder.join(format!("{form}-{part}.txt")));
    let verifier = verifier(folder, request);
    let signed_at = seconds(request);
    let refusal = |request: &RecordedRequest, now| match verifier.check(request, now) {
        Ok(()) => Err(Failed::from("a request passes that should not")),
        Err(refusal) => Ok(refusal),
    };
    let expect = |says: &str, expected: &str| match says.contains(expected) {
        true => Ok(()),
        false => Err(Failed::from(format!("expected\n{expected}\nin\n{says}"))),
    };
    let canonical = file("canonical-request")?;
    let tampered = refusal(&with_another_signature(request), signed_at)?;
    let Ok(string_to_sign) = file("string-to-sign") else {
        let path = canonical.lines().nth(1).unwrap_or_default();
        return expect(tampered.message(), &format!("\n{path}\n"));
    };
    verifier.check(request, signed_at)?;
    expect(tampered.message(), canonical.trim_end())?;
    expect(tampered.message(), string_to_sign.trim_end())?;
    expect(refusal(request, signed_at + 3_601)?.message(), "Signature expired: ")
}

/// Knows what the case was signed with. Cases without a `context.json` say it in their credential scope, all but the
/// secret, which is the documentation's.
fn verifier(folder: &Path, request: &RecordedRequest) -> Verifier {
    let context = fs::read(folder.join("context.json"));
    let context = context.map_or(Value::Null, |json| serde_json::from_slice(&json).unwrap());
    let text = |pointer: &str| context.pointer(pointer).and_then(Value::as_str);
    let scope = scope(request);
    Verifier::new(text("/region").unwrap_or(&scope[2]), text("/service").unwrap_or(&scope[3]))
        .normalize_path(context["normalize"].as_bool().unwrap_or(true))
        .account(
            text("/credentials/access_key_id").unwrap_or(&scope[0]),
            text("/credentials/secret_access_key").unwrap_or(SECRET_ACCESS_KEY),
            text("/credentials/token").or(request.header("x-amz-security-token")),
        )
}

/// The parts of the credential: key, date, region, service, `aws4_request`.
fn scope(request: &RecordedRequest) -> Vec<String> {
    let in_header = || {
        let (_, rest) = request.header("authorization")?.split_once("Credential=")?;
        rest.split(',').next().map(str::to_owned)
    };
    let credential = request.query_value("X-Amz-Credential").or_else(in_header).unwrap();
    credential.split('/').map(str::to_owned).collect()
}

/// When the request was signed, in seconds since the epoch.
fn seconds(request: &RecordedRequest) -> i64 {
    let in_header = || request.header("x-amz-date").map(str::to_owned);
    let date = request.query_value("X-Amz-Date").or_else(in_header).unwrap();
    let number = |from, to| date[from..to].parse::<i64>().unwrap();
    let leap = |year: i64| i64::from(year % 4 == 0 && (year % 100 != 0 || year % 400 == 0));
    let (year, month) = (number(0, 4), number(4, 6) as usize);
    let years: i64 = (1970..year).map(|year| 365 + leap(year)).sum();
    let months: i64 = [31, 28 + leap(year), 31, 30, 31, 30, 31, 31, 30, 31, 30][..month - 1].iter().sum();
    let days = years + months + number(6, 8) - 1;
    days * 86_400 + number(9, 11) * 3_600 + number(11, 13) * 60 + number(13, 15)
}

fn with_another_signature(request: &RecordedRequest) -> RecordedRequest {
    let mut tampered = request.clone();
    let texts = tampered.headers.iter_mut().map(|(_, value)| value).chain([&mut tampered.query]);
    for text in texts {
        if let Some(digit) = text.find("Signature=").map(|at| at + "Signature=".len()) {
            let other = if text[digit..].starts_with('0') { "1" } else { "0" };
            text.replace_range(digit..=digit, other);
        }
    }
    tampered
}

/// Reads raw HTTP as the suite has it: spaces and UTF-8 in targets, folded headers, no carriage returns.
fn parse(raw: &str) -> RecordedRequest {
    let (head, body) = raw.split_once("\n\n").unwrap_or((raw.trim_end(), ""));
    let mut lines = head.lines();
    let (method, rest) = lines.next().unwrap().split_once(' ').unwrap();
    let target = rest.rsplit_once(" HTTP/").map_or(rest, |(target, _)| target);
    let (path, query) = target.split_once('?').unwrap_or((target, ""));
    let mut headers: Vec<(String, String)> = Vec::new();
    for line in lines {
        match (line.starts_with([' ', '\t']), line.split_once(':'), headers.last_mut()) {
            (true, _, Some((_, value))) => value.push_str(line),
            (_, Some((name, value)), _) => headers.push((name.to_ascii_lowercase(), value.trim().to_owned())),
            _ => panic!("no header: {line}"),
        }
    }
    let body = if method == "POST" { body.as_bytes().to_vec() } else { Vec::new() };
    let (method, path, query) = (method.to_owned(), path.to_owned(), query.to_owned());
    RecordedRequest { method, path, query, headers, body, at: SystemTime::UNIX_EPOCH, connection: 1 }
}
