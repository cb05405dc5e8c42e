//! The calls of endpoint cases: what a case says of operations and their inputs, sent by generated clients.

use std::collections::BTreeSet;
use std::fmt::Write;

use anyhow::Context;
use serde_json::{Map, Value};
use tinsmith::faults::Faults;
use tinsmith_codegen::{Plan, smithy};

use super::Suite;
use crate::conformance::protocol::suite::{self, Suite as Client};
use crate::conformance::protocol::values::Values;

/// The built-ins that settings of a client say: name, and the setter that takes it as it is.
const SETTINGS: [(&str, &str); 4] = [
    ("AWS::Region", "region"),
    ("AWS::UseFIPS", "use_fips"),
    ("AWS::UseDualStack", "use_dual_stack"),
    ("SDK::Endpoint", "endpoint_url"),
];

/// A call of a case.
struct Call<'a> {
    /// The number of the case.
    case: usize,
    about: &'a str,
    expected: &'a Value,
    operation: &'a str,
    params: &'a Value,
    settings: &'a Map<String, Value>,
}

/// The client of a suite's model, for the calls that its cases make, and their tests.
pub(super) struct Calls {
    client: Client,
    /// The tests of the calls, as the text of a module.
    pub tests: String,
}

impl Calls {
    /// The files of the client, each with its path in the crate.
    pub(super) fn files(&self) -> anyhow::Result<Vec<(String, String)>> {
        let module = self.module();
        Ok(self.client.files()?.0.into_iter().map(|(path, text)| (format!("src/{module}/{path}"), text)).collect())
    }

    /// The module of the client.
    pub(super) fn module(&self) -> String {
        format!("client_{}", self.client.module())
    }
}

/// The calls of a suite; nothing where its cases make none that can be made.
pub(super) fn of(suite: &Suite, index: usize) -> anyhow::Result<Option<Calls>> {
    let Some(service) = &suite.service else { return Ok(None) };
    let (calls, _) = calls(suite);
    if calls.is_empty() {
        return Ok(None);
    }
    let name = format!("{}_{index}", suite.file.file_stem().unwrap_or_default().to_string_lossy());
    let model = smithy::load(&name, &suite.document.to_string()).map_err(Faults::from)?;
    let operations: BTreeSet<_> = calls.iter().map(|call| call.operation.to_owned()).collect();
    let plan = Plan { service: Some(service.clone()), operations: operations.into_iter().collect(), ..Plan::default() };
    let client = suite::of_operations(name, model, &plan)?;
    // Expressions of values name the module as the client's own suite does.
    let alias = client.module();
    let mut tests = format!(
        "//! The calls of {}.\n\nuse crate::check_call::{{Operation, Settings, check}};\nuse crate::client_{alias} as {alias};\n",
        suite.file.display(),
    );
    for (number, call) in calls.iter().enumerate() {
        tests.push_str(&test(&client, service, number, call).with_context(|| format!("case {}", call.case))?);
    }
    Ok(Some(Calls { client, tests }))
}

/// How many calls of a suite are made, and how many are not, as they need what no setting of a client says.
pub(super) fn counts(suite: &Suite) -> (usize, usize) {
    let (calls, others) = calls(suite);
    if suite.service.is_some() { (calls.len(), others) } else { (0, calls.len() + others) }
}

/// The calls of all cases that settings of a client can make, and how many others there are.
fn calls(suite: &Suite) -> (Vec<Call<'_>>, usize) {
    static EMPTY: std::sync::LazyLock<Map<String, Value>> = std::sync::LazyLock::new(Map::new);
    static NOTHING: std::sync::LazyLock<Value> = std::sync::LazyLock::new(|| Value::Object(Map::new()));
    let (mut calls, mut others) = (Vec::new(), 0);
    for (case, value) in suite.cases.iter().enumerate() {
        let inputs = value.get("operationInputs").and_then(Value::as_array);
        for input in inputs.into_iter().flatten() {
            let settings = input.get("builtInParams").and_then(Value::as_object).unwrap_or(&EMPTY);
            let known = settings.keys().all(|name| SETTINGS.iter().any(|(known, _)| known == name));
            let clients = input.get("clientParams").and_then(Value::as_object).is_some_and(|of| !of.is_empty());
            let operation = input.get("operationName").and_then(Value::as_str);
            let (Some(operation), true, false) = (operation, known && settings.contains_key("AWS::Region"), clients)
            else {
                others += 1;
                continue;
            };
            calls.push(Call {
                case,
                about: value.get("documentation").and_then(Value::as_str).unwrap_or_default(),
                expected: &value["expect"],
                operation,
                params: input.get("operationParams").unwrap_or(&NOTHING),
                settings,
            });
        }
    }
    (calls, others)
}

fn test(client: &Client, service: &str, number: usize, call: &Call<'_>) -> anyhow::Result<String> {
    let operation = client.operations().iter().find(|operation| operation.model_name == call.operation);
    let operation = operation.with_context(|| format!("there is no operation {}", call.operation))?;
    let shape = client.model.shapes.values().find_map(|shape| {
        let of = shape.as_operation().filter(|_| shape.id.name() == call.operation)?;
        Some((shape, &of.input))
    });
    let (shape, input) = shape.context("it has no input")?;
    let set = Values::of(client).fields(input, &operation.input.fields, call.params)?;
    let setters: String = set.iter().map(|set| format!(".{}(Some({}))", set.field.setter.set, set.value)).collect();
    let mut settings = String::new();
    for (name, value) in call.settings {
        let (_, setting) = SETTINGS.iter().find(|(known, _)| known == name).context("it is known")?;
        write!(settings, "{setting}: Some({value}), ")?;
    }
    let module = client.module();
    let (about, expected, method) = (call.about, call.expected.to_string(), &operation.module);
    let prefix = host_prefix(shape.traits.get("smithy.api#endpoint"), call.params)?;
    let traits_of_service =
        client.model.shapes.values().find(|shape| shape.id.as_str() == service).map(|shape| &shape.traits);
    let is_signed = is_signed(|id| shape.traits.get(id), |id| traits_of_service?.get(id));
    Ok(format!(
        "\n#[test]\nfn case_{}_{number}() {{\n    let settings = Settings {{ {settings}..Settings::default() }};\n    \
         let operation = Operation {{ prefix: {prefix:?}, is_signed: {is_signed} }};\n    \
         check({about:?}, {expected:?}, operation, settings, |config| {{\n        \
         {module}::Client::from_conf(config).{method}(){setters}.send()\n    }});\n}}\n",
        call.case,
    ))
}

/// Whether an operation is signed by SigV4 before anything else: by its own list of schemes, else by that of its service,
/// else by the first that the service has, in the order of the alphabet. One whose authentication may be left out need not be.
fn is_signed<'a>(
    of_operation: impl Fn(&str) -> Option<&'a Value>,
    of_service: impl Fn(&str) -> Option<&'a Value>,
) -> bool {
    const SIGV4: &str = "aws.auth#sigv4";
    let list = of_operation("smithy.api#auth").or_else(|| of_service("smithy.api#auth")).and_then(Value::as_array);
    let is_first = list.is_none_or(|list| list.first().is_some_and(|first| first == SIGV4));
    is_first && of_service(SIGV4).is_some() && of_operation("smithy.api#optionalAuth").is_none()
}

/// What an operation puts before the host, with the labels in it filled.
fn host_prefix(endpoint: Option<&Value>, params: &Value) -> anyhow::Result<String> {
    let mut rest = endpoint.and_then(|endpoint| endpoint["hostPrefix"].as_str()).unwrap_or_default();
    let mut prefix = String::new();
    while let Some((before, label)) = rest.split_once('{') {
        let (label, after) = label.split_once('}').context("a label of `hostPrefix` has no end")?;
        prefix += before;
        prefix += params[label].as_str().with_context(|| format!("the host needs a value of `{label}`"))?;
        rest = after;
    }
    Ok(prefix + rest)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn who_has_to_sign() {
        let check = |operation: Value, service: Value, expected: bool| {
            assert_eq!(is_signed(|id| operation.get(id), |id| service.get(id)), expected, "{operation} {service}");
        };
        let (auth, sigv4, bearer) = ("smithy.api#auth", "aws.auth#sigv4", "smithy.api#httpBearerAuth");
        let signs = json!({ sigv4: {} });
        check(json!({}), signs.clone(), true);
        check(json!({}), json!({}), false);
        check(json!({}), json!({ bearer: {} }), false);
        check(json!({ auth: [] }), signs.clone(), false);
        check(json!({ "smithy.api#optionalAuth": {} }), signs, false);
        let both = |first: &str, second: &str| json!({ auth: [first, second], sigv4: {}, bearer: {} });
        check(json!({}), both(sigv4, bearer), true);
        check(json!({}), both(bearer, sigv4), false);
        check(json!({ auth: [sigv4] }), both(bearer, sigv4), true);
        check(json!({ auth: [bearer] }), both(sigv4, bearer), false);
    }

    #[test]
    fn hosts_begin_as_operations_say() {
        let check = |endpoint: Option<&str>, expected: &str| {
            let endpoint = endpoint.map(|prefix| serde_json::json!({ "hostPrefix": prefix }));
            let params = serde_json::json!({ "Account": "a", "Zone": "z" });
            assert_eq!(host_prefix(endpoint.as_ref(), &params).ok().as_deref().unwrap_or("refused"), expected);
        };
        check(None, "");
        check(Some("data."), "data.");
        check(Some("{Account}-{Zone}.data."), "a-z.data.");
        check(Some("{Other}."), "refused");
    }
}
