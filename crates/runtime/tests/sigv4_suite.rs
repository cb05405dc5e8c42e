//! The published suite of SigV4: canonical request, string to sign, signature and signed request of every case, in
//! headers and presigned. Cases are the folders found in `conformance/sigv4`.

use std::error::Error;
use std::fs;
use std::path::Path;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use libtest_mimic::{Failed, Trial};
use serde_json::Value;
use tinsmith_runtime::http::Request;
use tinsmith_runtime::sign::{self, Identity, KeyCache, Scope, Settings, Signed};

type Outcome<T> = Result<T, Box<dyn Error>>;

fn main() -> std::process::ExitCode {
    tinsmith_suites::run("conformance/sigv4", trials)
}

/// The trials of all cases, by name.
fn trials(folder: &Path) -> Outcome<Vec<Trial>> {
    let mut folders = fs::read_dir(folder)?.map(|entry| Ok(entry?.path())).collect::<Outcome<Vec<_>>>()?;
    folders.retain(|path| path.is_dir());
    folders.sort();
    if folders.is_empty() {
        return Err("it holds no case".into());
    }
    let mut trials = Vec::new();
    for folder in folders {
        let name = folder.file_name().unwrap_or_default().to_string_lossy().into_owned();
        if !folder.join("context.json").exists() {
            trials.push(trial(format!("{name}::partial"), folder, check_partial));
            continue;
        }
        trials.push(trial(format!("{name}::header"), folder.clone(), |case| check_header(case, false)));
        trials.push(trial(format!("{name}::presigned"), folder.clone(), |case| check_presigned(case, false)));
        // A path without escapes is the same however often it is said to be encoded.
        if fs::read_to_string(folder.join("request.txt")).is_ok_and(|text| !parse(&text).path.contains('%')) {
            trials
                .push(trial(format!("{name}::header_encoded_twice"), folder.clone(), |case| check_header(case, true)));
            trials.push(trial(format!("{name}::presigned_encoded_twice"), folder, |case| check_presigned(case, true)));
        }
    }
    Ok(trials)
}

fn trial(name: String, folder: std::path::PathBuf, check: fn(&Path) -> Outcome<()>) -> Trial {
    Trial::test(name, move || check(&folder).map_err(|error| Failed::from(error.to_string())))
}

fn check_header(folder: &Path, double_encode_path: bool) -> Outcome<()> {
    let context = Context::read(folder, double_encode_path)?;
    let mut request = parse(&read(folder, "request.txt")?);
    let signed = sign::sign(&mut request, &context.identity(), &context.scope(), &context.settings, &KeyCache::new())?;
    compare(folder, "header", &signed, &request)
}

fn check_presigned(folder: &Path, double_encode_path: bool) -> Outcome<()> {
    let context = Context::read(folder, double_encode_path)?;
    let mut request = parse(&read(folder, "request.txt")?);
    let signed = sign::presign(
        &mut request,
        &context.identity(),
        &context.scope(),
        &context.settings,
        context.expires,
        &KeyCache::new(),
    )?;
    compare(folder, "query", &signed, &request)
}

/// Compares what came of a whole case with its files.
fn compare(folder: &Path, kind: &str, signed: &Signed, request: &Request) -> Outcome<()> {
    let expected = |what: &str| read(folder, &format!("{kind}-{what}.txt"));
    same("canonical request", signed.canonical_request(), &expected("canonical-request")?)?;
    same("string to sign", signed.string_to_sign(), &expected("string-to-sign")?)?;
    same("signature", &signed.signature(), &expected("signature")?)?;
    same("signed request", &comparable(request), &comparable(&parse(&expected("signed-request")?)))
}

/// Checks a case without a context, whose paths are encoded twice: scope and time are those of its string to sign;
/// where that is missing too, only the path line of its canonical request fits its request.
fn check_partial(folder: &Path) -> Outcome<()> {
    let mut request = parse(&read(folder, "request.txt")?);
    let canonical = read(folder, "header-canonical-request.txt")?;
    let is_scoped = folder.join("header-string-to-sign.txt").exists();
    let string_to_sign = if is_scoped { read(folder, "header-string-to-sign.txt")? } else { String::new() };
    let mut lines = string_to_sign.lines().skip(1);
    let time = lines.next().unwrap_or("20150830T123600Z");
    let mut parts = lines.next().unwrap_or("20150830/us-east-1/service/aws4_request").split('/').skip(1);
    let scope = Scope {
        region: parts.next().ok_or("a scope without region")?,
        service: parts.next().ok_or("a scope without service")?,
        time: parse_time(time)?,
    };
    // The example key of the AWS documentation, which signs every case of the suite.
    let identity = Identity {
        access_key_id: "AKIDEXAMPLE",
        secret_access_key: "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY",
        session_token: None,
    };
    let signed = sign::sign(&mut request, &identity, &scope, &Settings::STANDARD, &KeyCache::new())?;
    if is_scoped {
        same("canonical request", signed.canonical_request(), &canonical)?;
        same("string to sign", signed.string_to_sign(), &string_to_sign)?;
        let expected = parse(&read(folder, "header-signed-request.txt")?);
        return same("signed request", &comparable(&request), &comparable(&expected));
    }
    same("path line", path_line(signed.canonical_request())?, path_line(&canonical)?)
}

fn path_line(canonical_request: &str) -> Outcome<&str> {
    canonical_request.lines().nth(1).ok_or_else(|| "a canonical request without a path line".into())
}

/// `context.json`: who signs, where, when, and how.
struct Context {
    json: Value,
    time: SystemTime,
    expires: Duration,
    settings: Settings,
}

impl Context {
    fn read(folder: &Path, double_encode_path: bool) -> Outcome<Self> {
        let json: Value = serde_json::from_str(&read(folder, "context.json")?)?;
        let flag = |name: &str, default: bool| json.get(name).and_then(Value::as_bool).unwrap_or(default);
        let settings = Settings {
            double_encode_path,
            normalize_path: flag("normalize", true),
            content_sha256: flag("sign_body", false),
            omit_session_token: flag("omit_session_token", false),
            ..Settings::STANDARD
        };
        let expires = json["expiration_in_seconds"].as_u64().ok_or("no expiration_in_seconds")?;
        let time = parse_time(json["timestamp"].as_str().ok_or("no timestamp")?)?;
        Ok(Self { time, expires: Duration::from_secs(expires), settings, json })
    }

    fn identity(&self) -> Identity<'_> {
        let credentials = &self.json["credentials"];
        Identity {
            access_key_id: credentials["access_key_id"].as_str().unwrap_or_default(),
            secret_access_key: credentials["secret_access_key"].as_str().unwrap_or_default(),
            session_token: credentials["token"].as_str(),
        }
    }

    fn scope(&self) -> Scope<'_> {
        Scope {
            region: self.json["region"].as_str().unwrap_or_default(),
            service: self.json["service"].as_str().unwrap_or_default(),
            time: self.time,
        }
    }
}

/// Reads a raw HTTP request: its target may hold spaces and UTF-8, its last line may lack an end, and a line that
/// starts with white space goes on with the value before it (RFC 9112, section 5.2: as after one space).
fn parse(text: &str) -> Request {
    let (head, body) = text.split_once("\n\n").unwrap_or((text, ""));
    let mut lines = head.lines();
    let (method, target) = lines.next().and_then(|line| line.split_once(' ')).unwrap_or_default();
    let target = target.rsplit_once(" HTTP/").map_or(target, |(target, _)| target);
    let (path, query) = target.split_once('?').unwrap_or((target, ""));
    let mut headers: Vec<(String, String)> = Vec::new();
    for line in lines {
        match headers.last_mut() {
            Some((_, value)) if line.starts_with([' ', '\t']) => {
                value.push(' ');
                value.push_str(line.trim());
            }
            _ => {
                let (name, value) = line.split_once(':').unwrap_or((line, ""));
                headers.push((name.to_owned(), value.trim().to_owned()));
            }
        }
    }
    Request {
        method: String::from(method).leak(),
        path: path.to_owned(),
        query: query.to_owned(),
        headers: headers.into_iter().collect(),
        body: body.as_bytes().to_vec().into(),
        ..Request::default()
    }
}

/// A request as text in which order and spelling that mean the same are the same: pairs of the query sorted, headers
/// sorted by lower-case name, and what must be escaped on the wire escaped.
fn comparable(request: &Request) -> String {
    let mut pairs: Vec<String> = request.query.split('&').map(escape).collect();
    pairs.sort();
    let mut headers: Vec<_> = request.headers.iter().map(|(name, value)| (name.to_ascii_lowercase(), value)).collect();
    headers.sort_by(|a, b| a.0.cmp(&b.0));
    let headers: String = headers.iter().map(|(name, value)| format!("{name}: {value}\n")).collect();
    let body = String::from_utf8_lossy(request.bytes());
    format!("{} {}\n{}\n{headers}\n{body:?}", request.method, escape(&request.path), pairs.join("\n"))
}

fn escape(text: &str) -> String {
    let escaped = |byte: u8| match byte {
        b'!'..=b'~' => char::from(byte).to_string(),
        other => format!("%{other:02X}"),
    };
    text.bytes().map(escaped).collect()
}

/// Reads `2015-08-30T12:36:00Z` or `20150830T123600Z`.
fn parse_time(text: &str) -> Outcome<SystemTime> {
    let digits: String = text.chars().filter(char::is_ascii_digit).collect();
    let number = |range: std::ops::Range<usize>| -> Outcome<u64> {
        Ok(digits.get(range).ok_or_else(|| format!("not a time: {text}"))?.parse()?)
    };
    let (year, month, day) = (number(0..4)?, number(4..6)?, number(6..8)?);
    let is_leap = |year: u64| year.is_multiple_of(4) && (!year.is_multiple_of(100) || year.is_multiple_of(400));
    let years: u64 = (1970..year).map(|year| 365 + u64::from(is_leap(year))).sum();
    let lengths = [31, 28 + u64::from(is_leap(year)), 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];
    let months: u64 = lengths.iter().take(usize::try_from(month)?.saturating_sub(1)).sum();
    let hours = (years + months + day - 1) * 24 + number(8..10)?;
    Ok(UNIX_EPOCH + Duration::from_secs(hours * 3600 + number(10..12)? * 60 + number(12..14)?))
}

fn read(folder: &Path, file: &str) -> Outcome<String> {
    let path = folder.join(file);
    fs::read_to_string(&path).map_err(|error| format!("cannot read {}: {error}", path.display()).into())
}

fn same(what: &str, actual: &str, expected: &str) -> Outcome<()> {
    // Some of the files end in a line feed, and some do not.
    let expected = expected.trim_end_matches('\n');
    if actual == expected { Ok(()) } else { Err(format!("{what}\n--- is\n{actual}\n--- should be\n{expected}").into()) }
}
