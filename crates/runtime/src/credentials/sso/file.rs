//! The file in which a sign-in keeps its token: written by `aws sso login`, shared with every tool that reads it.

use std::collections::HashMap;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use zeroize::Zeroize;

use super::{SignIn, sha1};
use crate::codec::json;
use crate::config::Sources;
use crate::primitives::{DateTime, DateTimeFormat, Document};
use crate::profile::{Locations, Platform};
use crate::token::Token;

/// The most of a file that is read, in bytes.
pub(super) const LENGTH: u64 = 64 << 10;

/// Where the token of a sign-in is kept, if there is a home directory.
pub(super) fn path(sources: &Sources, sign_in: &SignIn) -> Option<String> {
    let name = format!("{}.json", sha1::hex(sign_in.key()));
    Locations::in_home(sources.environment(), Platform::current(), &[".aws", "sso", "cache", &name])
}

/// What a file holds: a token, what it is refreshed with, and members that others know.
#[derive(Clone, PartialEq)]
pub(super) struct Kept {
    members: HashMap<String, Document>,
    token: Token,
    end: SystemTime,
}

/// What a token is refreshed with.
pub(super) struct Grant<'a> {
    pub(super) client_id: &'a str,
    pub(super) client_secret: &'a str,
    pub(super) refresh_token: &'a str,
}

impl Kept {
    /// Reads a file; none where it holds no token, or not how long it lasts.
    pub(super) fn read(bytes: &[u8]) -> Option<Self> {
        let Document::Object(members) = json::read(bytes).ok()? else { return None };
        let end = time(text(&members, "expiresAt")?)?;
        let token = Token::new(text(&members, "accessToken")?, Some(end));
        Some(Self { members, token, end })
    }

    /// The token.
    pub(super) fn token(&self) -> &Token {
        &self.token
    }

    /// When it ends.
    pub(super) fn end(&self) -> SystemTime {
        self.end
    }

    /// What it can be refreshed with at this time, or why it cannot be, as the end of a sentence about it.
    pub(super) fn grant(&self, now: SystemTime) -> Result<Grant<'_>, String> {
        let member = |name| {
            text(&self.members, name).ok_or_else(|| format!("cannot be refreshed, as it has no {name} beside it"))
        };
        let grant = Grant {
            client_id: member("clientId")?,
            client_secret: member("clientSecret")?,
            refresh_token: member("refreshToken")?,
        };
        match time(member("registrationExpiresAt")?) {
            Some(end) if now < end => Ok(grant),
            _ => Err("cannot be refreshed, as the registration of the client beside it has expired too".to_owned()),
        }
    }

    /// The same with another token, that lasts so long from this time on; none where that is beyond all time. What is
    /// kept beside it stays, and so does the refresh token where there is no new one.
    pub(super) fn renewed(
        &self,
        token: &str,
        refresh: Option<String>,
        begun: SystemTime,
        lasts: Duration,
    ) -> Option<Self> {
        // Whole seconds, which is what every tool reads.
        let end = begun.checked_add(lasts)?.duration_since(UNIX_EPOCH).ok()?.as_secs();
        let end = UNIX_EPOCH.checked_add(Duration::from_secs(end))?;
        let text = DateTime::from(end).fmt(DateTimeFormat::DateTime).ok()?;
        let mut members = self.members.clone();
        put(&mut members, "accessToken", token.to_owned());
        put(&mut members, "expiresAt", text);
        if let Some(refresh) = refresh {
            put(&mut members, "refreshToken", refresh);
        }
        Some(Self { members, token: Token::new(token, Some(end)), end })
    }

    /// The file.
    pub(super) fn write(&self) -> Option<Vec<u8>> {
        let mut members = Document::Object(self.members.clone());
        let written = json::write(&members).ok();
        wipe(&mut members);
        written
    }
}

/// Overwrites the texts among the members: which of them are secrets, only those know who wrote them.
impl Drop for Kept {
    fn drop(&mut self) {
        self.members.values_mut().for_each(wipe);
    }
}

fn wipe(document: &mut Document) {
    match document {
        Document::String(text) => text.zeroize(),
        Document::Array(items) => items.iter_mut().for_each(wipe),
        Document::Object(members) => members.values_mut().for_each(wipe),
        Document::Number(_) | Document::Bool(_) | Document::Null => {}
    }
}

/// The name under which a member stands, whose letters may be of either case; the spelling of the command line wins.
fn find<'a>(members: &'a HashMap<String, Document>, name: &'a str) -> Option<&'a str> {
    if members.contains_key(name) {
        return Some(name);
    }
    members.keys().filter(|key| key.eq_ignore_ascii_case(name)).min().map(String::as_str)
}

fn text<'a>(members: &'a HashMap<String, Document>, name: &'a str) -> Option<&'a str> {
    members.get(find(members, name)?)?.as_string().filter(|text| !text.is_empty())
}

fn put(members: &mut HashMap<String, Document>, name: &str, text: String) {
    let name = find(members, name).unwrap_or(name).to_owned();
    if let Some(mut before) = members.insert(name, Document::String(text)) {
        wipe(&mut before);
    }
}

/// A time. Old versions of the command line write `UTC` for `Z`.
fn time(text: &str) -> Option<SystemTime> {
    let time = DateTime::from_str(&text.replace("UTC", "Z"), DateTimeFormat::DateTimeWithOffset).ok()?;
    time.try_into().ok()
}
