//! Expressions that look into the input and the output of an operation, as Rust: what JMESPath becomes.

/// An expression. Values that may be missing are options; lists are slices, or iterators once something was asked of
/// each of their items.
#[derive(Clone, Debug, PartialEq)]
pub enum Expr {
    /// A variable: `output`, or what a closure looks at.
    Local(&'static str),
    /// Text, as it stands.
    Text(String),
    /// A boolean, as it stands.
    Boolean(bool),
    /// An integer, as it stands.
    Integer(i64),
    /// A number, as it stands.
    Number(f64),
    /// A field: `output.layers`
    Field(Box<Expr>, String),
    /// A method: `output.state()`, `at.get(0)`
    Method(Box<Expr>, String, Vec<Expr>),
    /// A closure, with the pattern of what it looks at: `|at| at.state()`
    Closure(Pattern, Box<Expr>),
    /// An array.
    Array(Vec<Expr>),
    /// An option that holds something.
    Some(Box<Expr>),
    /// An option that holds nothing.
    None,
    /// `!a`
    Not(Box<Expr>),
    /// `a == b`, `a && b` and so on.
    Binary(Operator, Box<Expr>, Box<Expr>),
    /// `if a { b } else { c }`
    Choose(Box<[Expr; 3]>),
    /// A function of the runtime's `waiter`, of texts and one text: `all(texts, "READY")`
    Texts(&'static str, Box<[Expr; 2]>),
    /// A number as another type of number: `at as f64`
    As(Box<Expr>, &'static str),
}

/// What a closure looks at.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Pattern {
    /// `|at|`: a value, about which something is asked.
    At,
    /// `|&at|`: the same, of a reference to it.
    AtRef,
    /// `|it|`: a value that is compared with something outside of the closure, which may be an `at`.
    It,
    /// `|them|`: a list that is compared with something outside of the closure, which may be an `it`.
    Them,
    /// `|(a, b)|`: two values that are compared.
    Both,
}

impl Pattern {
    /// The variables that it makes.
    pub fn names(self) -> &'static [&'static str] {
        match self {
            Self::At | Self::AtRef => &["at"],
            Self::It => &["it"],
            Self::Them => &["them"],
            Self::Both => &["a", "b"],
        }
    }
}

/// What stands between two values.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Operator {
    /// `&&`
    And,
    /// `||`
    Or,
    /// `==`
    Equal,
    /// `!=`
    NotEqual,
    /// `<`
    Less,
    /// `<=`
    LessOrEqual,
    /// `>`
    Greater,
    /// `>=`
    GreaterOrEqual,
}

impl Expr {
    /// What a closure looks at.
    pub const AT: Self = Self::Local("at");

    /// A method without arguments.
    pub fn ask(self, method: &str) -> Self {
        Self::Method(Box::new(self), method.to_owned(), Vec::new())
    }

    /// A method with an argument.
    pub fn with(self, method: &str, argument: Self) -> Self {
        Self::Method(Box::new(self), method.to_owned(), vec![argument])
    }

    /// A method that takes a closure: `self.map(|at| body)`.
    pub fn each(self, method: &str, pattern: Pattern, body: Self) -> Self {
        self.with(method, Self::Closure(pattern, Box::new(body)))
    }

    /// Both with this between them.
    pub fn binary(self, operator: Operator, other: Self) -> Self {
        Self::Binary(operator, Box::new(self), Box::new(other))
    }

    /// How many parts it has.
    pub fn size(&self) -> usize {
        1 + self.parts().into_iter().map(Self::size).sum::<usize>()
    }

    /// Whether it looks at a variable of this name, which is not one of its own closures'.
    pub fn looks_at(&self, variable: &str) -> bool {
        match self {
            Self::Local(name) => *name == variable,
            Self::Closure(pattern, body) => !pattern.names().contains(&variable) && body.looks_at(variable),
            _ => self.parts().into_iter().any(|part| part.looks_at(variable)),
        }
    }

    /// What it is made of.
    fn parts(&self) -> Vec<&Self> {
        match self {
            Self::Field(of, _) | Self::Closure(_, of) | Self::Some(of) | Self::Not(of) | Self::As(of, _) => vec![of],
            Self::Method(of, _, arguments) => std::iter::once(&**of).chain(arguments).collect(),
            Self::Array(items) => items.iter().collect(),
            Self::Binary(_, a, b) => vec![a, b],
            Self::Texts(_, parts) => parts.iter().collect(),
            Self::Choose(parts) => parts.iter().collect(),
            Self::Local(_) | Self::Text(_) | Self::Boolean(_) | Self::Integer(_) | Self::Number(_) | Self::None => {
                Vec::new()
            }
        }
    }
}
