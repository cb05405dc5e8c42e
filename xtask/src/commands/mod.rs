//! The commands: a variant and a file each.

mod budget;
mod conformance;
mod corpus;
mod deep;
mod demo;
mod diff;
mod features;
mod fuzz;
mod interop;
mod minimal;
mod model;
mod regenerate;
mod soak;
mod tidy;

/// What can be asked of `cargo xtask`.
#[derive(Debug, clap::Subcommand)]
pub enum Command {
    /// Measure our programs beside the official crates, bare hyper and boto3, and write the report.
    Bench(crate::bench::Options),
    /// Hold crates, bytes, instructions and lines against those that `budget.toml` records.
    Budget(budget::Budget),
    /// Compare the official crates with ours: programs that must print the same, and public paths.
    Compat(crate::compat::Options),
    /// Run a suite of cases through generated code.
    #[command(subcommand)]
    Conformance(conformance::Conformance),
    /// Generate whole services from a folder of models, and compile them.
    Corpus(corpus::Corpus),
    /// What takes longer: half an hour of new inputs for each target of `fuzz/`, more mutated documents, each operation compiled
    /// alone, two models of Lambda compared, more random requests.
    Deep(deep::Deep),
    /// Regenerate the client, and list the layers of an embedded Lambda with it.
    Demo,
    /// Compile the crates of users with each feature alone, none, and all, and see what none brings.
    Features(features::Features),
    /// Give the targets of `fuzz/` the inputs of their corpora, and new ones for a while.
    Fuzz(fuzz::Fuzz),
    /// Import an official model into `model/`, facts only.
    Import(tinsmith::import::Import),
    /// Compare the generated client with boto3: what it reads, sends, and where it goes on.
    Interop(interop::Interop),
    /// Compile the runtime with the oldest versions of its dependencies that it asks for.
    Minimal,
    /// Look into models.
    Model(model::Model),
    /// Generate crates from their models.
    Regenerate(regenerate::Regenerate),
    /// Call for minutes while faults hit every layer, and account for each attempt, answer, connection and task.
    Soak(soak::Soak),
    /// Check the rules of the house: who depends on whom, licences, sizes, what code may touch.
    Tidy,
}

impl Command {
    /// Runs the command.
    ///
    /// # Errors
    ///
    /// Whatever kept it from its end, to be shown to whoever called it.
    pub fn run(self) -> anyhow::Result<()> {
        match self {
            Self::Bench(options) => crate::bench::run(&options),
            Self::Budget(budget) => budget.run(),
            Self::Compat(options) => crate::compat::run(options),
            Self::Conformance(suite) => suite.run(),
            Self::Corpus(corpus) => corpus.run(),
            Self::Deep(deep) => deep.run(),
            Self::Demo => demo::run(),
            Self::Features(features) => features.run(),
            Self::Fuzz(fuzz) => fuzz.run(),
            Self::Import(import) => {
                let root = crate::workspace::root();
                import.run(&root, &root.join("model"))
            }
            Self::Interop(interop) => interop.run(),
            Self::Minimal => minimal::run(),
            Self::Model(model) => model.run(),
            Self::Regenerate(regenerate) => regenerate.run(),
            Self::Soak(soak) => soak.run(),
            Self::Tidy => tidy::run(),
        }
    }
}
