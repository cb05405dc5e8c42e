//! Makes the rows of an explanation: from the settings that are declared, and from what settings and sources hold.

use super::declare::{Declared, Shown, Source};
use super::explain::{Row, shown};
use super::settings::{self, CONFIG_FILE, CREDENTIALS_FILE, ENDPOINT_URL};
use super::{Config, Origin, Resolved, SettingError, Sources, auth_scheme, endpoint_url};
use crate::client::target::Target;
use crate::credentials;
use crate::credentials::set_up::{self, SetUp};
use crate::credentials::settings::{CALLED, SSO_REGION, SSO_SESSION, SSO_START_URL};
use crate::credentials::sso::SignIn;
use crate::operation::ServiceMeta;

/// All rows: settings, credentials, what code alone says, what has no effect, and what was passed over.
pub(super) fn all(config: &Config, service: Option<&'static ServiceMeta>) -> Vec<Row> {
    let mut rows = Vec::new();
    for setting in settings::LISTED {
        match setting.name() {
            name if name == ENDPOINT_URL.name() => rows.extend(endpoints(config, service)),
            name if name == CONFIG_FILE.name() => rows.extend(files(config)),
            name if name == CREDENTIALS_FILE.name() => {}
            _ => rows.extend(row(config, *setting, None)),
        }
    }
    let sources_set_up = credential_sources(config);
    let parts: Vec<_> =
        credentials::settings::LISTED.iter().filter_map(|it| row(config, *it, sources_set_up.first())).collect();
    rows.push(credentials(sources_set_up));
    rows.extend(parts);
    rows.push(tokens(config, service));
    rows.extend(in_code(config));
    rows.extend(settings::no_effect::LISTED.iter().filter_map(|setting| row(config, *setting, None)));
    rows.extend(passed_over(config));
    rows
}

/// The row of a setting; none where nobody says anything and nothing holds then. A part of credentials counts where the
/// source that it belongs to is the one that answers.
fn row(config: &Config, setting: &dyn Declared, answering: Option<&SetUp>) -> Option<Row> {
    let mut found = config.sources().map_or_else(Vec::new, |sources| places(sources, setting));
    let held = (setting.row().held)(&config.0);
    let first = match (&held, setting.row().source) {
        (Some(held), _) => {
            found.retain(|one| one.origin != held.origin);
            None
        }
        (None, None) => (!found.is_empty()).then_some(0),
        (None, Some(source)) => found.iter().position(|one| {
            let source = source_of(one, source);
            is_of_tokens(config, setting) || answering.is_some_and(|it| it.is_made_of(source, setting.key()))
        }),
    };
    let value = held.or_else(|| first.map(|at| found.remove(at)));
    if value.is_none() && found.is_empty() && setting.row().default.is_empty() {
        return None;
    }
    let row = made(setting, setting.name().to_owned(), value, found);
    Some(Row { problem: row.problem.or_else(|| (setting.row().wrong)(config)), ..row })
}

/// Whether a setting is a part of the sign-in that tokens come from, whatever credentials come from.
fn is_of_tokens(config: &Config, setting: &dyn Declared) -> bool {
    let session = config.sources().and_then(|sources| sources.property(SSO_SESSION.key).ok().flatten());
    session.is_some() && [SSO_SESSION.key, SSO_REGION.key, SSO_START_URL.key].contains(&setting.key())
}

fn source_of(found: &Resolved<String>, source: Source) -> Source {
    if matches!(found.origin, Origin::File(_)) { Source::Profile } else { source }
}

/// Every place of the sources that has the setting, the one that counts most first.
fn places(sources: &Sources, setting: &dyn Declared) -> Vec<Resolved<String>> {
    let variables = setting.variables().iter().filter_map(|name| sources.named_variable(*name));
    variables
        .chain(credentials::settings::of_session(sources, setting.key()))
        .chain(sources.property(setting.key()).ok().flatten())
        .collect()
}

fn made(setting: &dyn Declared, name: String, value: Option<Resolved<String>>, others: Vec<Resolved<String>>) -> Row {
    let show = |text: &str| shown(text, setting.row().shown);
    let wrong = value.as_ref().filter(|value| value.origin != Origin::Default && !setting.allows(value.value.trim()));
    let name_of_it = if setting.key().is_empty() { setting.name() } else { setting.key() };
    let default = match setting.row().default {
        "" => "none",
        default => default,
    };
    Row {
        name,
        problem: wrong.map(|it| SettingError::malformed(&it.origin, name_of_it, &show(&it.value), setting.allowed())),
        origin: value.as_ref().map_or(Origin::Default, |value| value.origin.clone()),
        // What holds where nobody says anything is no secret, whoever says it.
        value: value.filter(|it| it.value != default).map_or_else(|| default.to_owned(), |it| show(&it.value)),
        overrides: others.into_iter().map(|one| Resolved { value: show(&one.value), origin: one.origin }).collect(),
        note: (!setting.row().no_effect.is_empty()).then(|| format!("it has no effect: {}", setting.row().no_effect)),
    }
}

/// The endpoint URL of all services, those of single ones, and the endpoint of the service that is asked about.
fn endpoints(config: &Config, service: Option<&'static ServiceMeta>) -> Vec<Row> {
    let asked = service.map(|service| service.id);
    let mut ids: Vec<String> = asked.into_iter().chain(CALLED).map(str::to_owned).collect();
    for id in config.sources().map_or_else(Vec::new, endpoint_url::services_with_own) {
        if !ids.iter().any(|known| known.eq_ignore_ascii_case(&id)) {
            ids.push(id);
        }
    }
    let places =
        |id: Option<&str>| config.sources().map_or_else(Vec::new, |sources| endpoint_url::places(sources, id).0);
    let of_all = places(None);
    let mut rows = vec![endpoint_row(config, None, of_all.clone())];
    for id in ids {
        let found = places(Some(&id));
        // What counts for all services is told once.
        if found.iter().any(|one| !of_all.contains(one)) {
            rows.push(endpoint_row(config, Some(&id), found));
        }
    }
    rows.extend(service.map(|service| endpoint_of(config, service)));
    rows
}

fn endpoint_row(config: &Config, service_id: Option<&str>, mut found: Vec<Resolved<String>>) -> Row {
    let is_called = service_id.is_some_and(|id| CALLED.contains(&id));
    let code = (ENDPOINT_URL.row.held)(&config.0).filter(|held| held.origin == Origin::Code && !is_called);
    let ignored = config.sources().map_or(Ok(false), endpoint_url::are_ignored);
    let is_open = code.is_none() && !found.is_empty() && ignored == Ok(false);
    let value = code.or_else(|| is_open.then(|| found.remove(0)));
    let name = service_id.map_or(ENDPOINT_URL.key.to_owned(), |id| format!("{} of {id}", ENDPOINT_URL.key));
    let nothing = value.is_none();
    let mut row = made(&ENDPOINT_URL, name, value, found);
    if nothing && ignored == Ok(true) {
        row.note = Some("ignore_configured_endpoint_urls turns off all but code".to_owned());
    }
    row
}

/// Where the calls of a service go.
fn endpoint_of(config: &Config, service: &'static ServiceMeta) -> Row {
    let set = config.endpoint_url_of(service.id).ok().flatten();
    let (value, problem) = match Target::resolve(config, service, None) {
        Ok(target) => (target.url(), None),
        Err(error) => ("none".to_owned(), Some(SettingError::new(error.to_string()))),
    };
    let origin = set.map_or(Origin::Default, |set| set.origin);
    let value = shown(&value, Shown::Address);
    Row { problem, ..plain(format!("endpoint of {}", service.id), value, origin) }
}

fn plain(name: impl Into<String>, value: impl Into<String>, origin: Origin) -> Row {
    Row { name: name.into(), value: value.into(), origin, overrides: Vec::new(), problem: None, note: None }
}

/// The files that were looked for.
fn files(config: &Config) -> Vec<Row> {
    match config.sources().map_or(Ok(Vec::new()), Sources::files) {
        Ok(files) => {
            files.into_iter().map(|(name, it)| plain(name, shown(&it.value, Shown::Whole), it.origin)).collect()
        }
        Err(error) => vec![Row { problem: Some(error), ..plain("files", "none", Origin::Default) }],
    }
}

/// The sources of credentials that are set up, the one that answers first.
fn credential_sources(config: &Config) -> Vec<SetUp> {
    let code = config.0.credentials_provider.as_ref().filter(|provider| provider.origin == Origin::Code);
    let code = code.map(|_| SetUp::new(None, "a provider", Origin::Code));
    let loaded = config.sources().filter(|_| config.0.credentials_provider.is_some());
    code.into_iter().chain(loaded.map(set_up::all).unwrap_or_default()).collect()
}

fn credentials(set_up: Vec<SetUp>) -> Row {
    let mut set_up = set_up.into_iter();
    let Some(first) = set_up.next() else { return plain("credentials", "none", Origin::Default) };
    let others = set_up.map(|other| Resolved { value: shown(&other.what, Shown::Whole), origin: other.origin });
    Row {
        overrides: others.collect(),
        problem: first.problem,
        ..plain("credentials", shown(&first.what, Shown::Whole), first.origin)
    }
}

/// Where bearer tokens come from: code, the variable of the service that is asked about, the sign-in of the profile.
fn tokens(config: &Config, service: Option<&ServiceMeta>) -> Row {
    let code = config.code_gives_tokens().then(|| Resolved { value: "a provider".to_owned(), origin: Origin::Code });
    let variable = config.sources().and_then(|sources| auth_scheme::bearer_token_of(sources, service?));
    let variable = variable.map(|it| Resolved { value: shown(&it.value, Shown::Nothing), origin: it.origin });
    let session = config.sources().and_then(|sources| sources.property(SSO_SESSION.key).ok().flatten());
    let session = session.map(|it| {
        let value = shown(&format!("sign-in `{}`", it.value.trim()), Shown::Whole);
        Resolved { value, origin: it.origin }
    });
    let problem = if code.is_none() && variable.is_none() { config.sources().and_then(wrong_sign_in) } else { None };
    let mut found = code.into_iter().chain(variable).chain(session);
    let first = found.next().unwrap_or_else(|| Resolved { value: "none".to_owned(), origin: Origin::Default });
    Row { overrides: found.collect(), problem, ..plain("tokens", first.value, first.origin) }
}

fn wrong_sign_in(sources: &Sources) -> Option<SettingError> {
    let (profiles, section) = (sources.profiles().ok()?, sources.section().ok()??);
    SignIn::of_session(profiles, section).err().map(SettingError::new)
}

/// What code alone says.
fn in_code(config: &Config) -> Vec<Row> {
    let Config(settings) = config;
    let code = |is_set| if is_set { Origin::Code } else { Origin::Default };
    let mut rows: Vec<Row> = config
        .timeouts()
        .each()
        .into_iter()
        .map(|(name, limit, is_set)| {
            plain(name, limit.map_or("none".to_owned(), |limit| format!("{limit:?}")), code(is_set))
        })
        .collect();
    // A transport that code brings has a limit of its own for what it sends.
    let uploads = config.upload_limit().filter(|_| settings.http_client.is_none());
    let limits = [("download", config.stall_limit()), ("upload", uploads)];
    let limits: Vec<_> = limits.into_iter().filter_map(|(what, limit)| Some(format!("{what} {:?}", limit?))).collect();
    rows.push(plain(
        "stalled_stream_protection",
        if limits.is_empty() { "off".to_owned() } else { limits.join(", ") },
        code(settings.stalled_stream_protection.is_some()),
    ));
    rows.push(plain("body_limit", format!("{} bytes", config.body_limit()), code(settings.body_limit.is_some())));
    let hyper = if cfg!(feature = "default-https-client") { "hyper" } else { "none" };
    for (name, is_set, default) in [
        ("http_client", settings.http_client.is_some(), hyper),
        ("time_source", settings.time_source.is_some(), "that of the machine"),
        ("sleep_impl", settings.sleep_impl.is_some(), "that of the machine"),
        ("randomness", settings.randomness.is_some(), "that of the machine"),
    ] {
        rows.push(plain(name, if is_set { "one of its own" } else { default }, code(is_set)));
    }
    let asks = settings.mfa_token_provider.is_some();
    rows.push(plain("mfa_token_provider", if asks { "one of its own" } else { "none" }, code(asks)));
    rows.push(plain("hooks", settings.hooks.len().to_string(), code(!settings.hooks.is_empty())));
    rows
}

/// What stands in the chosen profile under names that are no settings here, and sections that are passed over. Values of
/// names that are not known may be secrets.
fn passed_over(config: &Config) -> Vec<Row> {
    let Some(sources) = config.sources() else { return Vec::new() };
    let mut rows = Vec::new();
    let is_known = |name: &str| settings::all().any(|setting| setting.key() == name);
    if let Ok(Some(section)) = sources.section() {
        for (name, value) in section.values.iter().filter(|(name, _)| !is_known(name)) {
            let row = plain(shown(name, Shown::Whole), "(not shown)", Origin::File(value.place.clone()));
            rows.push(Row { note: Some("it has no effect: no setting of this name is known here".to_owned()), ..row });
        }
    }
    for one in sources.profiles().map(|profiles| profiles.ignored()).unwrap_or_default() {
        let header = shown(&format!("[{}]", one.header), Shown::Whole);
        let row = plain("section", header, Origin::File(one.place.clone()));
        rows.push(Row { note: Some(format!("it is passed over: {}", one.reason)), ..row });
    }
    rows
}
