//! Tests of what profiles ask for, each told in a line: first credentials → roles.

use std::sync::Arc;

use super::*;
use crate::profile::FileKind;

fn told(text: &str) -> Result<String, String> {
    let mut profiles = Profiles::default();
    profiles.add(FileKind::Config, &Arc::from("c"), text).unwrap();
    let selected = profiles.section(Kind::Profile, "A").unwrap();
    let chain = RoleChain::of(&profiles, selected).map_err(|error| error.to_string())?;
    let base = match chain.base {
        Base::Keys(section) => section.name.clone(),
        Base::Process(section, line) => format!("{} by {}", section.name, line.text),
        Base::Named(source) => format!("{source:?}"),
        Base::Sso(SignIn { session, region, start_url, .. }, SsoRole { account_id, role_name }) => {
            format!("{role_name} of {account_id} by {session:?} {start_url} in {region}")
        }
        Base::WebIdentity(WebIdentity { role_arn, token_file, session_name, origin }) => {
            format!("{role_arn} by {token_file} of {origin} as {session_name:?}")
        }
    };
    let role = |role: &Role<'_>| {
        let Role { profile, arn, external_id, session_name, duration, mfa } = role;
        let mfa = mfa.as_ref().map_or(String::new(), |mfa| format!(" with {} of {}", mfa.serial, mfa.place));
        format!(" → {profile} {arn} {external_id:?} {session_name:?} {duration:?}{mfa}")
    };
    Ok(base + &chain.roles.iter().map(role).collect::<String>())
}

#[test]
fn chains() {
    let check = |text: &str, expected: &str| assert_eq!(told(text), Ok(expected.to_owned()), "{text}");
    let keys = "aws_access_key_id=k\naws_secret_access_key=s\n";
    check(&format!("[profile A]\n{keys}"), "A");
    check("[profile A]\n", "A");
    check("[profile A]\ncredential_process=x\n", "A by x");
    check(&format!("[profile A]\ncredential_process=x\n{keys}"), "A by x");
    let one = "[profile A]\nrole_arn=a\nsource_profile=B\nexternal_id=e\nrole_session_name=n\nduration_seconds=900\n";
    check(&format!("{one}[profile B]\n{keys}"), "B → A a Some(\"e\") Some(\"n\") Some(900)");
    let device = "[profile A]\nrole_arn=a\nsource_profile=B\nmfa_serial=m\n";
    check(&format!("{device}[profile B]\n{keys}"), "B → A a None None None with m of c:4");
    check(&format!("{}[profile B]\n{keys}", device.replace("=m", "= ")), "B → A a None None None");
    let self_referential = format!("[profile A]\nrole_arn=a\nsource_profile=A\n{keys}");
    check(&self_referential, "A → A a None None None");
    let two = format!("[profile A]\nrole_arn=a\nsource_profile=B\n{keys}[profile B]\nrole_arn=b\nsource_profile=C\n");
    check(&format!("{two}[profile C]\n{keys}"), "C → B b None None None → A a None None None");
    check(&format!("{two}{keys}[profile C]\n{keys}"), "B → A a None None None");
    // The keys of a source are asked before whatever stands beside them.
    for beside in
        ["credential_process=x", "credential_source=Environment", "web_identity_token_file=/t", "login_session=x"]
    {
        check(&format!("{one}[profile B]\n{keys}{beside}\n"), "B → A a Some(\"e\") Some(\"n\") Some(900)");
    }
    check(&format!("{one}[profile B]\ncredential_process=x\n"), "B by x → A a Some(\"e\") Some(\"n\") Some(900)");
    for source in ["Environment", "EcsContainer", "Ec2InstanceMetadata"] {
        let text = format!("[profile A]\nrole_arn=a\ncredential_source={source}");
        check(&text, &format!("{source} → A a None None None"));
    }
    let web = "[profile B]\nrole_arn=b\nweb_identity_token_file=/t\nrole_session_name=n\n";
    for beside in ["", "source_profile=C\n", "credential_process=x\n", keys] {
        check(&format!("{}{beside}", web.replace("B]", "A]")), "b by /t of c:3 as Some(\"n\")");
    }
    check(
        &format!("[profile A]\nrole_arn=a\nsource_profile=B\n{web}"),
        "b by /t of c:6 as Some(\"n\") → A a None None None",
    );
}

#[test]
fn sign_ins() {
    let check = |text: &str, expected: &str| assert_eq!(told(text), Ok(expected.to_owned()), "{text}");
    let fails = |text: &str, expected: &str| {
        let expected = format!("the source of credentials is set up wrongly: {expected}");
        assert_eq!(told(text), Err(expected), "{text}");
    };
    let role = "[profile A]\nsso_account_id=1\nsso_role_name=R\n";
    check(&format!("{role}sso_region=r\nsso_start_url=u\n"), "R of 1 by None u in r");
    let session = "[sso-session s]\nsso_region=r\nsso_start_url=u\n";
    check(&format!("{role}sso_session=s\n{session}"), "R of 1 by Some(\"s\") u in r");
    check(&format!("{role}sso_session=s\nsso_region=r\n{session}"), "R of 1 by Some(\"s\") u in r");
    check(&format!("[profile A]\nsso_session=s\ncredential_process=x\n{session}"), "A by x");
    let chain =
        format!("[profile A]\nrole_arn=a\nsource_profile=B\n{}sso_session=s\n{session}", role.replace("A]", "B]"));
    check(&chain, "R of 1 by Some(\"s\") u in r → A a None None None");
    let bearer = "gives a bearer token, and credentials only with sso_account_id and sso_role_name beside it";
    fails(&format!("[profile A]\nsso_session=s\n{session}"), &format!("profile `A`: sso_session at c:2 {bearer}"));
    fails("[profile A]\nsso_account_id=1\n", "profile `A`: sso_account_id at c:2 needs sso_role_name beside it");
    fails("[profile A]\nsso_role_name=R\n", "profile `A`: sso_role_name at c:2 needs sso_account_id beside it");
    fails(role, "profile `A`: sso_account_id at c:2 needs sso_region beside it");
    let unknown = "profile `A`: sso_session at c:4 names `s`, and there is no section [sso-session s]";
    fails(&format!("{role}sso_session=s\n"), unknown);
    let half = "section [sso-session s] at c:5 has no sso_start_url";
    fails(&format!("{role}sso_session=s\n[sso-session s]\nsso_region=r\n"), half);
    let other = "profile `A`: sso_region at c:5 is not what [sso-session s] says: delete it";
    fails(&format!("{role}sso_session=s\nsso_region=q\n{session}"), other);
}

#[test]
fn what_cannot_be_followed_says_where() {
    let check = |text: &str, expected: &str| {
        let expected = format!("the source of credentials is set up wrongly: {expected}");
        assert_eq!(told(text), Err(expected), "{text}");
    };
    check(
        "[profile A]\nrole_arn=a",
        "profile `A`: role_arn at c:2 needs source_profile or credential_source beside it",
    );
    let both = "[profile A]\nrole_arn=a\nsource_profile=B\ncredential_source=Environment";
    check(both, "profile `A`: source_profile at c:3 stands beside credential_source: set one of them");
    let both = "[profile A]\nrole_arn=a\nweb_identity_token_file=/t\ncredential_source=Environment";
    check(both, "profile `A`: credential_source at c:4 stands beside web_identity_token_file: set one of them");
    let circle = "[profile A]\nrole_arn=a\nsource_profile=B\n[profile B]\nrole_arn=b\nsource_profile=C\n[profile C]\nrole_arn=c\nsource_profile=B";
    check(circle, "profile `B`: source_profile at c:6 goes in a circle: A → B → C → B");
    let keys = circle.replace("[profile B]", "aws_access_key_id=k\naws_secret_access_key=s\n[profile B]");
    check(&keys, "profile `B`: source_profile at c:8 goes in a circle: A → B → C → B");
    let missing = "[profile A]\nrole_arn=a\nsource_profile=B\n[profile D]\n";
    check(missing, "profile `A`: source_profile at c:3 names `B`, which is no profile; there are A, D");
    let empty = "[profile A]\nrole_arn=a\nsource_profile=B\n[profile B]\nregion=r\n";
    check(empty, "profile `B` at c:4 is to give the credentials that a role is assumed with, and has none");
    let login = "[profile A]\nrole_arn=a\nsource_profile=B\n[profile B]\nlogin_session=x\n";
    let instead = "put `credential_process = aws configure export-credentials --profile B --format process` into another profile, and choose that one";
    check(
        login,
        &format!(
            "profile `B`: login_session at c:5 asks for credentials of `aws login`, which Tinsmith does not read; {instead}"
        ),
    );
    let source = "[profile A]\nrole_arn=a\ncredential_source=Elsewhere";
    check(
        source,
        "`credential_source` at c:3 is \"Elsewhere\", and should be `Environment`, `EcsContainer` or `Ec2InstanceMetadata`",
    );
    check(
        "[profile A]\nweb_identity_token_file=/t",
        "profile `A`: web_identity_token_file at c:2 needs role_arn beside it",
    );
    for duration in ["899", "43201", "1h", "99999999999"] {
        let text = format!("[profile A]\nrole_arn=a\nsource_profile=B\nduration_seconds={duration}");
        let expected = "and should be a whole number of seconds from 900 to 43200";
        check(&text, &format!("`duration_seconds` at c:4 is {duration:?}, {expected}"));
    }
}
