//! The endpoint that someone set instead of the service's own.

use std::borrow::Cow;

use super::declare::Setting;
use super::settings::{ENDPOINT_URL, IGNORE_CONFIGURED_ENDPOINT_URLS, SERVICES};
use super::sources::{Sources, found};
use super::{Resolved, SettingError};
use crate::profile::{Kind, Section};

/// The endpoint URL of one service, first that answers: `AWS_ENDPOINT_URL_<SERVICE ID>` → `AWS_ENDPOINT_URL` → the
/// section that `services` of the profile names → `endpoint_url` of the profile. `AWS_IGNORE_CONFIGURED_ENDPOINT_URLS`
/// or `ignore_configured_endpoint_urls` turns all of these off.
pub(super) fn of_service(sources: &Sources, service_id: &str) -> Result<Option<Resolved<String>>, SettingError> {
    first(sources, Some(service_id))
}

/// The endpoint URL that is set for all services.
pub(super) fn of_all(sources: &Sources) -> Result<Option<Resolved<String>>, SettingError> {
    first(sources, None)
}

fn first(sources: &Sources, service_id: Option<&str>) -> Result<Option<Resolved<String>>, SettingError> {
    if are_ignored(sources)? {
        return Ok(None);
    }
    let (found, missing) = places(sources, service_id);
    let Some(Resolved { value, origin }) = found.into_iter().next() else { return missing.map_or(Ok(None), Err) };
    let Setting { key, allowed, parse, .. } = ENDPOINT_URL;
    match parse(value.trim()) {
        Some(value) => Ok(Some(Resolved { value, origin })),
        None => Err(SettingError::malformed(&origin, key, &value, allowed)),
    }
}

/// Whether all of them are turned off.
pub(super) fn are_ignored(sources: &Sources) -> Result<bool, SettingError> {
    Ok(sources.get(&IGNORE_CONFIGURED_ENDPOINT_URLS)?.is_some_and(|ignore| ignore.value))
}

/// Every place that has an endpoint URL of a service, or of all, in their order; and what stands in the way of those
/// that would follow.
pub(super) fn places(sources: &Sources, service_id: Option<&str>) -> (Vec<Resolved<String>>, Option<SettingError>) {
    let own = service_id.map(|id| format!("AWS_ENDPOINT_URL_{}", id.to_uppercase().replace(' ', "_")));
    let names = own.into_iter().map(Cow::Owned).chain(ENDPOINT_URL.variables.iter().map(|name| Cow::Borrowed(*name)));
    let mut found: Vec<_> = names.filter_map(|name| sources.named_variable(name)).collect();
    let section =
        service_id.map_or(Ok(None), |id| Ok(services_section(sources)?.and_then(|section| nested(section, id))));
    match section.and_then(|section| Ok((section, sources.property(ENDPOINT_URL.key)?))) {
        Ok((section, profile)) => {
            found.extend(section.into_iter().chain(profile));
            (found, None)
        }
        Err(error) => (found, Some(error)),
    }
}

/// The ids of the services that the section of the profile names, as far as they can be told from how they are written.
pub(super) fn services_with_own(sources: &Sources) -> Vec<String> {
    let Ok(Some(section)) = services_section(sources) else { return Vec::new() };
    section.values.keys().map(|name| name.replace(['_', '-'], " ")).collect()
}

/// The section that `services` of the profile names.
pub(super) fn services_section(sources: &Sources) -> Result<Option<&Section>, SettingError> {
    let Some(Resolved { value: name, origin }) = sources.property(SERVICES.key)? else { return Ok(None) };
    match sources.profiles()?.section(Kind::Services, name.trim()) {
        Some(section) => Ok(Some(section)),
        None => Err(SettingError::malformed(&origin, SERVICES.key, &name, SERVICES.allowed)),
    }
}

/// The service id is written there in lower case, with underscores for spaces; some SDKs write hyphens.
fn nested(section: &Section, service_id: &str) -> Option<Resolved<String>> {
    let id = service_id.to_lowercase();
    let service = ["_", "-"].iter().find_map(|sign| section.values.get(&id.replace(' ', sign)))?;
    service.nested.get(ENDPOINT_URL.key).and_then(found)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::scripted;

    const CONFIG: &str = "[default]\nendpoint_url = http://profile\nservices = mine\n\
                          [services mine]\nlambda =\n  endpoint_url = http://section\napi_gateway =\n  endpoint_url = http://under\n\
                          s3-control =\n  endpoint_url = http://hyphen\n";

    fn check(variables: &[(&str, &str)], config: &str, service_id: &str, expected: Result<Option<(&str, &str)>, &str>) {
        let got = of_service(&scripted(variables, config), service_id);
        let got = got.map(|got| got.map(|got| (got.value, got.origin.to_string()))).map_err(|error| error.to_string());
        let expected = expected.map(|got| got.map(|(value, origin)| (value.to_owned(), origin.to_owned())));
        assert_eq!(got, expected.map_err(str::to_owned), "{variables:?} {service_id}");
    }

    #[test]
    fn the_first_that_answers_wins() {
        let one = ("AWS_ENDPOINT_URL_LAMBDA", "http://one");
        let all = ("AWS_ENDPOINT_URL", "http://all");
        check(&[one, all], CONFIG, "Lambda", Ok(Some(("http://one", "AWS_ENDPOINT_URL_LAMBDA"))));
        check(&[one, all], CONFIG, "STS", Ok(Some(("http://all", "AWS_ENDPOINT_URL"))));
        check(&[], CONFIG, "Lambda", Ok(Some(("http://section", "/h/.aws/config:6"))));
        check(&[], CONFIG, "API Gateway", Ok(Some(("http://under", "/h/.aws/config:8"))));
        check(&[], CONFIG, "S3 Control", Ok(Some(("http://hyphen", "/h/.aws/config:10"))));
        check(&[], CONFIG, "STS", Ok(Some(("http://profile", "/h/.aws/config:2"))));
        check(&[], "", "STS", Ok(None));
        let two_words = ("AWS_ENDPOINT_URL_API_GATEWAY", "http://two");
        check(&[two_words], CONFIG, "API Gateway", Ok(Some(("http://two", "AWS_ENDPOINT_URL_API_GATEWAY"))));
    }

    #[test]
    fn the_flag_turns_all_of_them_off() {
        let one = ("AWS_ENDPOINT_URL_LAMBDA", "http://one");
        let flag = |value| ("AWS_IGNORE_CONFIGURED_ENDPOINT_URLS", value);
        let ignoring = format!("[default]\nignore_configured_endpoint_urls = true\n{CONFIG}");
        check(&[one, flag("true")], CONFIG, "Lambda", Ok(None));
        check(&[one], &ignoring, "Lambda", Ok(None));
        check(&[one, flag("false")], &ignoring, "Lambda", Ok(Some(("http://one", "AWS_ENDPOINT_URL_LAMBDA"))));
        let told = r#"AWS_IGNORE_CONFIGURED_ENDPOINT_URLS is "maybe", and should be `true` or `false`"#;
        check(&[flag("maybe")], CONFIG, "Lambda", Err(told));
    }

    #[test]
    fn what_is_malformed_says_where() {
        let told = r#"AWS_ENDPOINT_URL is "host:1", and should be an address such as `https://host:port`"#;
        check(&[("AWS_ENDPOINT_URL", "host:1")], CONFIG, "Lambda", Err(told));
        let told =
            r#"`endpoint_url` at /h/.aws/config:5 is "host", and should be an address such as `https://host:port`"#;
        let config = "[default]\nservices = s\n[services s]\nlambda =\n endpoint_url = host";
        check(&[], config, "Lambda", Err(told));
        let told = r#"`services` at /h/.aws/config:2 is "t", and should be the name of a section [services NAME]"#;
        check(&[], &config.replace("= s", "= t"), "Lambda", Err(told));
    }
}
