//! Of a secret that was dropped, nothing is left in the memory of the process. Linux shows a process its own memory as a file.

#![cfg(target_os = "linux")]
#![allow(clippy::unwrap_used, reason = "a test says what went wrong by panicking")]

use std::fs::File;
use std::io::{self, Read, Seek, SeekFrom};
use std::path::Path;
use std::sync::Arc;
use std::time::{Duration, UNIX_EPOCH};

use tinsmith_runtime::config::{Choice, Sources};
use tinsmith_runtime::credentials::profile::ProfileCredentials;
use tinsmith_runtime::credentials::{Credentials, Doors, ProvideCredentials};
use tinsmith_runtime::environment::{Environment, Files};
use tinsmith_runtime::http::Request;
use tinsmith_runtime::sign::{self, Identity, KeyCache, Scope, Settings};
use tinsmith_runtime::token::Token;

/// Longer than a secret access key, as session tokens are: memory of this size is not soon given to somebody else.
const LENGTH: usize = 200;
/// Memory that was given back begins with what the allocator writes there: only what is behind is looked for.
const SEEN: usize = 20;

#[test]
fn nothing_is_left_of_what_was_dropped() {
    let mut memory = Memory::new();

    // What is not overwritten is found, where the allocator leaves it as it is.
    let plain = secret(0);
    assert!(memory.holds(0), "a text that is there is not found");
    drop(plain);
    assert!(memory.holds(0) || cfg!(not(target_env = "gnu")), "a text that was dropped is not found");

    let credentials = Credentials::new("AKID", secret(1), Some(secret(2)), None, "test");
    let clone = credentials.clone();
    drop(credentials);
    assert!(memory.holds(1) && memory.holds(2), "credentials are wiped while a clone is in use");
    drop(clone);
    assert!(!memory.holds(1), "a secret key is left of credentials");
    assert!(!memory.holds(2), "a token is left of credentials");

    drop(Credentials::builder().secret_access_key(secret(3)).session_token(secret(4)));
    assert!(!memory.holds(3) && !memory.holds(4), "something is left of a builder");

    let token = Token::new(secret(5), None);
    assert!(memory.holds(5));
    drop(token);
    assert!(!memory.holds(5), "something is left of a token");

    let keys = KeyCache::new();
    signed(&keys, 6);
    assert!(memory.holds(6), "the cache of keys knows no secret");
    drop(keys);
    assert!(!memory.holds(6), "a secret key is left of a signature");

    let printed = printed(7, 8);
    assert_eq!(printed.secret_access_key().len(), LENGTH);
    assert!(memory.holds(7) && memory.holds(8));
    drop(printed);
    assert!(!memory.holds(7) && !memory.holds(8), "something is left of what a program printed");
}

/// Credentials of a program that prints them. The line of it does not hold them, it reckons as this test does.
fn printed(secret: u8, token: u8) -> Credentials {
    let sign = "97 + ((seed * 11 + i * i * 7 + i * 3) % 26)";
    let text = format!(r#"function text(seed) {{ for (i = 0; i < {LENGTH}; i++) printf "%c", {sign} }}"#);
    let print = format!(
        r#"BEGIN {{ printf "{{\"Version\": 1, \"AccessKeyId\": \"AKID\", \"SecretAccessKey\": \""; text({secret});
         printf "\", \"SessionToken\": \""; text({token}); printf "\"}}" }}"#
    );
    let program = format!("{text} {print}").replace('\n', " ");
    let config = format!("[default]\ncredential_process = awk '{program}'\n");
    let sources = Sources::read(Machine::default(), &Machine(config), Choice::default());
    let provider = ProfileCredentials::new(Arc::new(sources), Doors::default());
    let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
    runtime.block_on(provider.provide_credentials()).unwrap()
}

/// A machine whose one file is that of settings.
#[derive(Debug, Default)]
struct Machine(String);

impl Environment for Machine {
    fn variable(&self, name: &str) -> Option<String> {
        (name == "HOME").then(|| "/home".to_owned())
    }
}

impl Files for Machine {
    fn read(&self, path: &Path, _: u64) -> io::Result<Vec<u8>> {
        if path.ends_with("config") { Ok(self.0.clone().into_bytes()) } else { Err(io::ErrorKind::NotFound.into()) }
    }
}

/// Signs a request by a secret, which the cache remembers.
fn signed(keys: &KeyCache, seed: u8) {
    let credentials = Credentials::from_keys("AKID", secret(seed), None);
    let identity = Identity {
        access_key_id: credentials.access_key_id(),
        secret_access_key: credentials.secret_access_key(),
        session_token: None,
    };
    let time = UNIX_EPOCH + Duration::from_secs(1_800_000_000);
    let scope = Scope { region: "us-east-1", service: "lambda", time };
    let mut request = Request { method: "GET", origin: "https://a.example".to_owned(), ..Request::default() };
    sign::sign(&mut request, &identity, &scope, &Settings::STANDARD, keys).unwrap();
    assert!(request.headers.get("authorization").is_some());
}

/// A secret that stands nowhere in the program: it is made a sign at a time.
fn secret(seed: u8) -> String {
    let mut text = String::with_capacity(LENGTH);
    text.extend((0..LENGTH).map(|index| char::from(sign_of(seed, index))));
    text
}

fn sign_of(seed: u8, index: usize) -> u8 {
    b'a' + ((usize::from(seed) * 11 + index * index * 7 + index * 3) % 26) as u8
}

/// The memory of this process.
struct Memory {
    file: File,
    buffer: Vec<u8>,
    /// Where there is any, as text. To look takes no memory anew, which could be that of a secret.
    maps: String,
}

impl Memory {
    fn new() -> Self {
        Self {
            file: File::open("/proc/self/mem").unwrap(),
            buffer: vec![0; 1 << 16],
            maps: String::with_capacity(1 << 16),
        }
    }

    /// Whether the end of a secret stands in anything that can be written to.
    fn holds(&mut self, seed: u8) -> bool {
        let mut maps = std::mem::take(&mut self.maps);
        maps.clear();
        File::open("/proc/self/maps").unwrap().read_to_string(&mut maps).unwrap();
        let ranges = maps.lines().filter_map(|line| line.split_once(" rw")?.0.split_once('-'));
        let number = |digits: &str| u64::from_str_radix(digits, 16).unwrap();
        // All are looked through, so that what is read of one is written over by the next.
        let found = ranges.fold(false, |found, (from, to)| self.range_holds(number(from), number(to), seed) || found);
        self.maps = maps;
        found
    }

    fn range_holds(&mut self, mut from: u64, to: u64, seed: u8) -> bool {
        let mut found = false;
        while from < to {
            self.file.seek(SeekFrom::Start(from)).unwrap();
            // What the kernel keeps for itself (`[vvar]`) cannot be read.
            let Ok(count @ 1..) = self.file.read(&mut self.buffer) else { break };
            let first = sign_of(seed, SEEN);
            let is_it = |window: &[u8]| {
                window[0] == first && (SEEN..).zip(window).all(|(index, byte)| *byte == sign_of(seed, index))
            };
            found |= self.buffer[..count].windows(LENGTH - SEEN).any(is_it);
            self.buffer.fill(0);
            // What stands across the end of one piece is whole in the next.
            from += if count > LENGTH { (count - LENGTH) as u64 } else { count as u64 };
        }
        found
    }
}
