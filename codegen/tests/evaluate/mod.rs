//! What expressions mean, over JSON: to hold the parser against suites that say what an expression gives.

use serde_json::{Map, Value};
use tinsmith_codegen::jmespath::{Comparator, Expression, Over, Projection, Slice};

/// The expression calls a function that no model calls, which is not written here.
#[derive(Debug)]
pub(crate) struct NoSuchFunction;

type Found = Result<Value, NoSuchFunction>;

/// What an expression gives, looking at this value.
pub(crate) fn evaluate(expression: &Expression, at: &Value) -> Found {
    Ok(match expression {
        Expression::Current => at.clone(),
        Expression::Field(name) => at.get(name).cloned().unwrap_or_default(),
        Expression::Literal(value) => value.clone(),
        Expression::Index(index) => item(at, *index).cloned().unwrap_or_default(),
        Expression::Slice(slice) => at.as_array().map(|items| cut(items, *slice)).unwrap_or_default(),
        Expression::Then(first, then) => evaluate(then, &evaluate(first, at)?)?,
        Expression::Projection(projection) => project(projection, at)?,
        Expression::List(_) | Expression::Object(_) if at.is_null() => Value::Null,
        Expression::List(items) => items.iter().map(|item| evaluate(item, at)).collect::<Result<_, _>>()?,
        Expression::Object(entries) => {
            let entry = |(name, of): &(String, Expression)| Ok((name.clone(), evaluate(of, at)?));
            Value::Object(entries.iter().map(entry).collect::<Result<Map<_, _>, _>>()?)
        }
        Expression::Or(a, b) => match evaluate(a, at)? {
            a if is_true(&a) => a,
            _ => evaluate(b, at)?,
        },
        Expression::And(a, b) => match evaluate(a, at)? {
            a if is_true(&a) => evaluate(b, at)?,
            a => a,
        },
        Expression::Not(of) => Value::Bool(!is_true(&evaluate(of, at)?)),
        Expression::Compare(how, a, b) => compare(*how, &evaluate(a, at)?, &evaluate(b, at)?),
        Expression::Call(name, arguments) => {
            let values = arguments.iter().map(|argument| evaluate(argument, at)).collect::<Result<Vec<_>, _>>()?;
            call(name, &values)?
        }
        Expression::Reference(_) => return Err(NoSuchFunction),
    })
}

fn project(projection: &Projection, at: &Value) -> Found {
    let of = evaluate(&projection.of, at)?;
    let values: Vec<Value> = match (&projection.over, of) {
        (Over::Values, Value::Object(object)) => object.into_iter().map(|(_, value)| value).collect(),
        (Over::Items | Over::Where(_), Value::Array(items)) => items,
        (Over::Flattened, Value::Array(items)) => items.into_iter().flat_map(flat).collect(),
        _ => return Ok(Value::Null),
    };
    let mut found = Vec::new();
    for value in values {
        if let Over::Where(condition) = &projection.over
            && !is_true(&evaluate(condition, &value)?)
        {
            continue;
        }
        found.push(evaluate(&projection.each, &value)?);
    }
    found.retain(|value| !value.is_null());
    Ok(Value::Array(found))
}

fn flat(value: Value) -> Vec<Value> {
    match value {
        Value::Array(items) => items,
        other => vec![other],
    }
}

fn item(at: &Value, index: i64) -> Option<&Value> {
    let items = at.as_array()?;
    let from_end = || items.len().checked_sub(usize::try_from(index.unsigned_abs()).ok()?);
    items.get(if index < 0 { from_end()? } else { usize::try_from(index).ok()? })
}

/// As Python cuts lists.
fn cut(items: &[Value], Slice { start, stop, step }: Slice) -> Value {
    let length = i64::try_from(items.len()).unwrap_or(i64::MAX);
    let step = step.unwrap_or(1);
    let (lowest, highest) = if step > 0 { (0, length) } else { (-1, length - 1) };
    let bound = |index: i64| (if index < 0 { index.saturating_add(length) } else { index }).clamp(lowest, highest);
    let mut index = start.map_or(if step > 0 { lowest } else { highest }, bound);
    let stop = stop.map_or(if step > 0 { highest } else { lowest }, bound);
    let mut found = Vec::new();
    while step > 0 && index < stop || step < 0 && index > stop {
        found.extend(usize::try_from(index).ok().and_then(|index| items.get(index)).cloned());
        index = index.saturating_add(step);
    }
    Value::Array(found)
}

fn is_true(value: &Value) -> bool {
    match value {
        Value::Null => false,
        Value::Bool(value) => *value,
        Value::Number(_) => true,
        Value::String(text) => !text.is_empty(),
        Value::Array(items) => !items.is_empty(),
        Value::Object(entries) => !entries.is_empty(),
    }
}

fn compare(how: Comparator, a: &Value, b: &Value) -> Value {
    let numbers = a.as_f64().zip(b.as_f64());
    let ordered = |holds: fn(f64, f64) -> bool| numbers.map_or(Value::Null, |(a, b)| Value::Bool(holds(a, b)));
    match how {
        Comparator::Equal => Value::Bool(equal(a, b)),
        Comparator::NotEqual => Value::Bool(!equal(a, b)),
        Comparator::Less => ordered(|a, b| a < b),
        Comparator::LessOrEqual => ordered(|a, b| a <= b),
        Comparator::Greater => ordered(|a, b| a > b),
        Comparator::GreaterOrEqual => ordered(|a, b| a >= b),
    }
}

/// Equality, where 1 is 1.0, and objects have no order.
pub(crate) fn equal(a: &Value, b: &Value) -> bool {
    match (a, b) {
        (Value::Number(a), Value::Number(b)) => a.as_f64() == b.as_f64(),
        (Value::Array(a), Value::Array(b)) => a.len() == b.len() && a.iter().zip(b).all(|(a, b)| equal(a, b)),
        (Value::Object(a), Value::Object(b)) => {
            a.len() == b.len() && a.iter().all(|(key, a)| b.get(key).is_some_and(|b| equal(a, b)))
        }
        (a, b) => a == b,
    }
}

fn call(name: &str, arguments: &[Value]) -> Found {
    Ok(match (name, arguments) {
        ("length", [Value::String(text)]) => text.chars().count().into(),
        ("length", [Value::Array(items)]) => items.len().into(),
        ("length", [Value::Object(entries)]) => entries.len().into(),
        ("contains", [Value::Array(items), value]) => items.iter().any(|item| equal(item, value)).into(),
        ("contains", [Value::String(text), Value::String(part)]) => text.contains(part.as_str()).into(),
        ("contains", [Value::String(_), _]) => false.into(),
        ("starts_with", [Value::String(text), Value::String(part)]) => text.starts_with(part.as_str()).into(),
        ("ends_with", [Value::String(text), Value::String(part)]) => text.ends_with(part.as_str()).into(),
        ("keys", [Value::Object(entries)]) => entries.keys().cloned().collect::<Vec<_>>().into(),
        ("values", [Value::Object(entries)]) => entries.values().cloned().collect::<Vec<_>>().into(),
        ("not_null", values) => values.iter().find(|value| !value.is_null()).cloned().unwrap_or_default(),
        _ => return Err(NoSuchFunction),
    })
}
