//! What is asked of a run.

use super::metric::{Part, Peer};

/// What to measure, and what to do with it.
#[derive(clap::Args, Clone, Debug, Default)]
pub struct Options {
    /// Of the parts only these.
    #[arg(long, value_enum, value_name = "PART,…", value_delimiter = ',')]
    pub only: Vec<Part>,
    /// Without these of the programs that are compared.
    #[arg(long, value_enum, value_name = "PEER,…", value_delimiter = ',')]
    pub without: Vec<Peer>,
    /// How often what takes no minutes is measured, turn and turn about.
    #[arg(long, value_name = "N", default_value_t = 5, value_parser = clap::value_parser!(u32).range(1..=99))]
    pub repetitions: u32,
    /// How often clean builds are measured, turn and turn about.
    #[arg(long, value_name = "N", default_value_t = 1, value_parser = clap::value_parser!(u32).range(1..=99))]
    pub builds: u32,
    /// Write docs/benchmark.md, docs/benchmark.svg and the section of README.md, if nothing is missing of any peer, nothing was
    /// disturbed or measured too rarely, and each budget that is not met has its reason.
    #[arg(long)]
    pub publish: bool,
    /// Publish whatever there is.
    #[arg(long, requires = "publish")]
    pub anyway: bool,
    /// Measure nothing: take the report of the last run, which has to be of this commit and machine.
    #[arg(long, conflicts_with_all = ["only", "without"])]
    pub last: bool,
}

impl Options {
    /// The parts, in their order.
    pub(super) fn parts(&self) -> Vec<Part> {
        Part::ALL.into_iter().filter(|part| self.only.is_empty() || self.only.contains(part)).collect()
    }

    /// The peers, in their order.
    pub(super) fn peers(&self) -> Vec<Peer> {
        Peer::ALL.into_iter().filter(|peer| !self.without.contains(peer)).collect()
    }
}

#[cfg(test)]
mod tests {
    use clap::Parser;

    use super::Options;
    use crate::bench::metric::{Part, Peer};

    #[derive(Parser)]
    struct Arguments {
        #[command(flatten)]
        options: Options,
    }

    fn parse(line: &str) -> Result<Options, String> {
        let words = std::iter::once("bench").chain(line.split_whitespace());
        Arguments::try_parse_from(words).map(|arguments| arguments.options).map_err(|error| error.to_string())
    }

    #[test]
    fn parts_and_peers() {
        let options = parse("").unwrap();
        assert_eq!((options.parts(), options.peers()), (Part::ALL.to_vec(), Peer::ALL.to_vec()));
        let options = parse("--only walk,tree --without official,boto3").unwrap();
        assert_eq!((options.parts(), options.peers()), (vec![Part::Tree, Part::Walk], vec![Peer::Ours, Peer::Bare]));
    }

    #[test]
    fn what_is_refused() {
        for (line, said) in [
            ("--only speed", "invalid value 'speed' for '--only <PART,…>'"),
            ("--without rusoto", "invalid value 'rusoto' for '--without <PEER,…>'"),
            ("--repetitions 0", "0 is not in 1..=99"),
            ("--anyway", "--publish"),
            ("--last --only walk", "cannot be used with"),
        ] {
            let error = parse(line).unwrap_err();
            assert!(error.contains(said), "{line}: {error}");
        }
    }
}
