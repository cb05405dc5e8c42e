//! What is to be generated, and in which form.

/// What one crate or module is to hold.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Plan {
    /// The service, by name or id; needed only where the model has several.
    pub service: Option<String>,
    /// Operations by name, or `*` for all of them.
    pub operations: Vec<String>,
    /// Operations that are left out, and that may be impossible to generate.
    pub skip: Vec<String>,
    /// Where each operation is a Cargo feature of its name: those that are on by default, by name, or `*` for all.
    pub default_operations: Option<Vec<String>>,
    /// Module or crate.
    pub form: Form,
}

/// The form of the output.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Form {
    /// Files with relative paths, for a module of another crate.
    #[default]
    Module,
    /// A module of the runtime itself, which holds what a call needs: operations, their shapes, and where requests go.
    RuntimeModule,
    /// The source of a crate that is there, whose Cargo.toml is hand-written but for its feature table.
    Crate {
        /// The text of its Cargo.toml.
        manifest: String,
    },
    /// A whole crate for elsewhere, with its Cargo.toml.
    NewCrate {
        /// The name of its package.
        name: String,
        /// Where its runtime comes from.
        runtime: RuntimeSource,
    },
}

/// Where a generated crate finds the runtime.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum RuntimeSource {
    /// A path, as it is to stand in Cargo.toml.
    Path(String),
    /// A version requirement.
    Version(String),
}
