//! The endpoint rules of a service, resolved: every name is a Rust name, every type is known, and what is borrowed,
//! copied or owned is said.

use super::path;

/// A rule set.
#[derive(Clone, Debug, std::default::Default, PartialEq)]
pub struct RuleSet {
    /// What the rules look at, in the order of the model.
    pub parameters: Vec<Parameter>,
    /// The rules, first match first. None stands behind one that always matches.
    pub rules: Vec<Rule>,
}

/// A parameter of the rules.
#[derive(Clone, Debug, PartialEq)]
pub struct Parameter {
    /// Its name in the rule set: `UseFIPS`.
    pub name: String,
    /// Its field, and the variable that holds it where it is known to be set: `use_fips`.
    pub field: String,
    /// Its type.
    pub kind: Kind,
    /// The built-in that gives its value, as the rule set names it.
    pub built_in: Option<String>,
    /// The setting of the runtime that gives its value, where the built-in is one of every service's.
    pub setting: Option<Setting>,
    /// What becomes of it when nobody gives it.
    pub absence: Absence,
    /// Whether any rule reads the variable of a parameter that is always there.
    pub read: bool,
}

/// The type of a parameter.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// `&str`
    Text,
    /// `bool`
    Boolean,
    /// `&[&str]`
    List,
}

/// A setting of the runtime's `Builtins`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Setting {
    /// `AWS::Region`
    Region,
    /// `AWS::UseFIPS`
    UseFips,
    /// `AWS::UseDualStack`
    UseDualStack,
    /// `SDK::Endpoint`
    Endpoint,
}

/// What becomes of a parameter that nobody gives.
#[derive(Clone, Debug, PartialEq)]
pub enum Absence {
    /// The rules look whether it is set.
    Allowed,
    /// There is no endpoint without it.
    Error,
    /// It has this value.
    Default(Default),
}

/// The value of a parameter that nobody gives.
#[derive(Clone, Debug, PartialEq)]
pub enum Default {
    /// Text.
    Text(String),
    /// A boolean.
    Boolean(bool),
    /// A list.
    List(Vec<String>),
}

/// Where the calls of an operation go that gives parameters of its own.
#[derive(Clone, Debug, PartialEq)]
pub struct OwnEndpoint {
    /// What it gives; the settings give the rest.
    pub given: Vec<Given>,
    /// Whether there is no rest.
    pub is_whole: bool,
}

/// A parameter that an operation gives.
#[derive(Clone, Debug, PartialEq)]
pub struct Given {
    /// Its field.
    pub field: String,
    /// Its value.
    pub value: GivenValue,
}

/// The value of a parameter that an operation gives. Members are named by the field of the input.
#[derive(Clone, Debug, PartialEq)]
pub enum GivenValue {
    /// The same for all calls.
    Constant(Default),
    /// A member that is text.
    Text(String),
    /// A member that is an enum.
    Enum(String),
    /// A member that is a boolean.
    Boolean(String),
    /// A member that is a list of texts.
    Texts(String),
    /// What a path finds in the input: an option of this.
    Found(Kind, path::Expr),
}

/// A rule: it answers where all its steps succeed, in order.
#[derive(Clone, Debug, PartialEq)]
pub struct Rule {
    /// What must hold.
    pub steps: Vec<Step>,
    /// The answer.
    pub then: Then,
}

/// A step on the way to a rule's answer.
#[derive(Clone, Debug, PartialEq)]
pub enum Step {
    /// The boolean must be true.
    Test(Expr),
    /// The option must hold something, which gets this name.
    Bind(String, Expr),
    /// The value gets this name; never fails.
    Let(String, Expr),
}

/// What a rule answers.
#[derive(Clone, Debug, PartialEq)]
pub enum Then {
    /// An endpoint.
    Endpoint(Box<Endpoint>),
    /// An error of this text.
    Error(Expr),
    /// What the first match among these answers; it is an error if there is none.
    Tree(Vec<Rule>),
}

/// An endpoint. Its expressions are text, borrowed or owned.
#[derive(Clone, Debug, PartialEq)]
pub struct Endpoint {
    /// The address.
    pub url: Expr,
    /// Ways to sign, in order of preference.
    pub auth_schemes: Vec<AuthScheme>,
    /// Headers to add.
    pub headers: Vec<(String, Expr)>,
    /// Everything else.
    pub properties: Vec<(String, Property)>,
}

/// A way to sign.
#[derive(Clone, Debug, PartialEq)]
pub struct AuthScheme {
    /// `sigv4`, `sigv4a`.
    pub name: Expr,
    /// What it changes.
    pub changes: Vec<AuthChange>,
}

/// What an endpoint changes about a way to sign.
#[derive(Clone, Debug, PartialEq)]
pub enum AuthChange {
    /// The service to sign for.
    SigningName(Expr),
    /// The region to sign for.
    SigningRegion(Expr),
    /// One of the regions to sign for.
    SigningRegionOfSet(Expr),
    /// The path is encoded once only.
    DisableDoubleEncoding,
    /// The path is not normalized.
    DisableNormalizePath,
    /// What the scheme has besides.
    Property(String, Property),
}

/// A property without meaning to the runtime.
#[derive(Clone, Debug, PartialEq)]
pub enum Property {
    /// Text.
    Text(Expr),
    /// A boolean.
    Boolean(bool),
    /// An integer.
    Integer(i64),
    /// A list.
    List(Vec<Property>),
    /// A map.
    Map(Vec<(String, Property)>),
}

/// An expression.
#[derive(Clone, Debug, PartialEq)]
pub enum Expr {
    /// A variable.
    Local(String),
    /// A field of the parameters: an option.
    Parameter(String),
    /// Text, as it stands.
    Text(String),
    /// A boolean, as it stands.
    Boolean(bool),
    /// A count or a limit, as it stands.
    Count(u32),
    /// A list of texts, as it stands.
    List(Vec<String>),
    /// Text with values in it.
    Format(Vec<Piece>),
    /// A field of a partition, an ARN or a URL.
    Field(Box<Expr>, &'static str),
    /// An item of a borrowed list: an option.
    At(Box<Expr>, i32),
    /// A function of the runtime.
    Call(Function, Vec<Expr>),
    /// `!x`
    Not(Box<Expr>),
    /// `a == b`
    Equal(Box<Expr>, Box<Expr>),
    /// Whether one of these tests holds, two at least.
    Any(Vec<Expr>),
    /// Whether an option holds something.
    IsSet(Box<Expr>),
    /// Whether an option holds `true`.
    IsTrue(Box<Expr>),
    /// The first where the condition is true, else the second.
    Choose(Box<[Expr; 3]>),
    /// The first option, or where it is empty the second.
    Or(Box<Expr>, Box<Expr>),
    /// What the option holds, or where it is empty the second.
    UnwrapOr(Box<Expr>, Box<Expr>),
    /// An option that holds this.
    Some(Box<Expr>),
    /// A conversion between borrowed and owned.
    As(Hold, Box<Expr>),
}

/// A conversion between borrowed and owned.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Hold {
    /// A reference to a value made on the spot.
    Reference,
    /// `&str` of a `String`.
    Str,
    /// `&[&str]` of a `Vec`.
    Slice,
    /// `String` of a `&str`.
    String,
    /// `Vec` of a `&[&str]`.
    Vec,
    /// `Option<String>` of an `Option<&str>`.
    OptionalString,
    /// `Option<Vec>` of an `Option<&[&str]>`.
    OptionalVec,
    /// A copy of an ARN or a URL.
    Clone,
}

/// A part of text with values in it.
#[derive(Clone, Debug, PartialEq)]
pub enum Piece {
    /// Text, as it stands.
    Text(String),
    /// A value.
    Value(Expr),
}

/// A function of the runtime, in `endpoint::rules`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Function {
    /// `aws.partition`
    Partition,
    /// `aws.parseArn`
    ParseArn,
    /// `aws.isVirtualHostableS3Bucket`
    IsVirtualHostableS3Bucket,
    /// `isValidHostLabel`
    IsValidHostLabel,
    /// `parseURL`
    ParseUrl,
    /// `split`
    Split,
    /// `substring`
    Substring,
    /// `uriEncode`
    UriEncode,
}
