//! What is measured: a line a metric, with the part of a run that it belongs to and under which conditions it is taken.

use clap::ValueEnum;
use serde::{Deserialize, Serialize};

/// The programs that are compared. All list layers from the stand-in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, ValueEnum)]
#[serde(rename_all = "kebab-case")]
pub enum Peer {
    /// Tinsmith: `tinsmith-lambda` with `tinsmith-config`.
    Ours,
    /// `aws-sdk-lambda` with `aws-config`.
    Official,
    /// hyper, rustls and serde, without a signature, settings, retries or errors of the service.
    Bare,
    /// boto3, in a virtual environment.
    Boto3,
}

/// The parts of a run, in its order.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, ValueEnum)]
#[serde(rename_all = "kebab-case")]
pub enum Part {
    /// Clean builds, for release and for development.
    Build,
    /// Builds after the program's own file was touched.
    Rebuild,
    /// Crates in the tree.
    Tree,
    /// Bytes of the stripped program.
    Size,
    /// Instructions of a call, and of a whole run with one.
    Instructions,
    /// Instructions of a run with one call over https.
    Https,
    /// Processor time and latency of one call after the other.
    Latency,
    /// Calls a second, with several in flight.
    Throughput,
    /// Peak memory, and what is allocated.
    Memory,
    /// Bytes that a connection moves.
    Wire,
    /// Decoding, encoding and signing alone.
    Codec,
    /// Listing 100,000 layers.
    Walk,
    /// Generating clients.
    Generate,
}

/// What a figure is a number of.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Unit {
    /// Seconds.
    Seconds,
    /// Bytes.
    Bytes,
    /// Things.
    Count,
    /// Times as much.
    Times,
    /// Instructions that callgrind counts.
    Instructions,
    /// Calls a second.
    CallsPerSecond,
    /// Bytes a second.
    BytesPerSecond,
}

/// Whether a smaller figure is better.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Better {
    /// It is.
    Lower,
    /// A larger one is.
    Higher,
}

/// Under what a figure is taken; `None` is what has no bearing on it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Conditions {
    /// The profile of cargo.
    pub profile: Option<&'static str>,
    /// `http` or `https`.
    pub scheme: Option<&'static str>,
    /// What signs.
    pub keys: Option<&'static str>,
    /// The order of the members of an answer.
    pub order: Option<&'static str>,
}

/// What there is to know of a metric.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct About {
    /// The part of a run that measures it.
    pub part: Part,
    /// What it is, in words.
    pub title: &'static str,
    /// What it is a number of.
    pub unit: Unit,
    /// Which of two is better.
    pub better: Better,
    /// Whether it is a time or depends on one, so that other load on the machine shows in it.
    pub timed: bool,
    /// Under what it is taken.
    pub conditions: Conditions,
}

const RELEASE: Conditions = Conditions { profile: Some(USERS), scheme: None, keys: None, order: None };
const DEV: Conditions = Conditions { profile: Some("dev"), ..RELEASE };
/// Cargo compiles crates of a registry so, which all those of the peers are.
const REGISTRY: Conditions = Conditions { profile: Some("dev, incremental = false"), ..RELEASE };
const SMALL: Conditions = Conditions { profile: Some("release, strip, opt-level = \"z\""), ..RELEASE };
const HTTP: Conditions =
    Conditions { scheme: Some("http"), keys: Some("static, no token"), order: Some("shuffled"), ..RELEASE };
const HTTPS: Conditions = Conditions { scheme: Some("https"), ..HTTP };
/// Without a network.
const PAGE: Conditions = Conditions { order: Some("shuffled"), ..RELEASE };
const KEYS: Conditions =
    Conditions { keys: Some("static, no token; ours keeps the key of the day, as its client does"), ..RELEASE };
/// The program `tinsmith`, which users have, and which has the generator that xtask has.
const TINSMITH: Conditions = Conditions { profile: Some("release, the program `tinsmith`"), ..RELEASE };

/// The profile that a user has: nothing but what Tinsmith's own budgets name is set.
const USERS: &str = "release, strip";

macro_rules! metrics {
    ($($(#[doc = $doc:literal])* $name:ident: $part:ident, $title:literal, $unit:ident, $better:ident, $timed:literal, $conditions:expr;)*) => {
        /// What is measured.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
        #[serde(rename_all = "kebab-case")]
        pub enum Metric {
            $(#[doc = $title] $name,)*
        }

        impl Metric {
            /// All of them, in the order in which they are shown.
            pub const ALL: &[Self] = &[$(Self::$name),*];

            /// What there is to know of it.
            pub const fn about(self) -> About {
                match self {
                    $(Self::$name => About {
                        part: Part::$part,
                        title: $title,
                        unit: Unit::$unit,
                        better: Better::$better,
                        timed: $timed,
                        conditions: $conditions,
                    },)*
                }
            }
        }
    };
}

metrics! {
    ReleaseWall: Build, "clean release build", Seconds, Lower, true, RELEASE;
    ReleaseCpu: Build, "clean release build, processor time", Seconds, Lower, true, RELEASE;
    ReleasePeak: Build, "clean release build, memory of the largest process", Bytes, Lower, false, RELEASE;
    ReleaseFullWall: Build, "clean release build, all operations of Lambda in ours too", Seconds, Lower, true, RELEASE;
    ReleaseFullCpu: Build, "clean release build, all operations of Lambda in ours too, processor time", Seconds, Lower, true, RELEASE;
    DevWall: Build, "clean dev build", Seconds, Lower, true, DEV;
    DevCpu: Build, "clean dev build, processor time", Seconds, Lower, true, DEV;
    DevRegistryWall: Build, "clean dev build, where ours is from a registry too", Seconds, Lower, true, REGISTRY;
    DevRegistryCpu: Build, "clean dev build, where ours is from a registry too, processor time", Seconds, Lower, true, REGISTRY;
    DevPeak: Build, "clean dev build, memory of the largest process", Bytes, Lower, false, DEV;
    RebuildRelease: Rebuild, "release build after a touch", Seconds, Lower, true, RELEASE;
    RebuildDev: Rebuild, "dev build after a touch", Seconds, Lower, true, DEV;
    Crates: Tree, "crates in the tree", Count, Lower, false, Conditions { profile: None, ..RELEASE };
    Duplicates: Tree, "crates in several versions", Count, Lower, false, Conditions { profile: None, ..RELEASE };
    Binary: Size, "stripped program", Bytes, Lower, false, RELEASE;
    BinaryFull: Size, "stripped program, all operations of Lambda compiled in ours too", Bytes, Lower, false, RELEASE;
    BinarySmall: Size, "stripped program, opt-level = \"z\"", Bytes, Lower, false, SMALL;
    InstructionsOne: Instructions, "instructions a call, page of 1 layer", Instructions, Lower, false, HTTP;
    InstructionsFifty: Instructions, "instructions a call, page of 50 layers", Instructions, Lower, false, HTTP;
    InstructionsStart: Instructions, "instructions from start to end, with one call", Instructions, Lower, false, HTTP;
    InstructionsStartPlatform: Https, "instructions from start to end, with one call over https, the platform's roots", Instructions, Lower, false, HTTPS;
    InstructionsStartWebpki: Https, "instructions from start to end, with one call over https, roots of webpki-roots", Instructions, Lower, false, HTTPS;
    CpuOne: Latency, "processor time a call, page of 1 layer", Seconds, Lower, true, HTTP;
    MedianOne: Latency, "latency of a call, page of 1 layer, median", Seconds, Lower, true, HTTP;
    WorstOne: Latency, "latency of a call, page of 1 layer, 99th percentile", Seconds, Lower, true, HTTP;
    Calls1: Latency, "calls a second, page of 1 layer, 1 in flight", CallsPerSecond, Higher, true, HTTP;
    CpuFifty: Latency, "processor time a call, page of 50 layers", Seconds, Lower, true, HTTP;
    MedianFifty: Latency, "latency of a call, page of 50 layers, median", Seconds, Lower, true, HTTP;
    WorstFifty: Latency, "latency of a call, page of 50 layers, 99th percentile", Seconds, Lower, true, HTTP;
    Calls16: Throughput, "calls a second, page of 1 layer, 16 in flight", CallsPerSecond, Higher, true, HTTP;
    Calls64: Throughput, "calls a second, page of 1 layer, 64 in flight", CallsPerSecond, Higher, true, HTTP;
    PerCore16: Throughput, "calls a second of the client's processor time, 16 in flight", CallsPerSecond, Higher, true, HTTP;
    PerCore64: Throughput, "calls a second of the client's processor time, 64 in flight", CallsPerSecond, Higher, true, HTTP;
    PeakMemory: Memory, "peak memory, 2,000 calls, page of 1 layer", Bytes, Lower, false, HTTP;
    AllocationsOne: Memory, "allocations a call, page of 1 layer", Count, Lower, false, HTTP;
    AllocatedOne: Memory, "bytes allocated a call, page of 1 layer", Bytes, Lower, false, HTTP;
    AllocationsFifty: Memory, "allocations a call, page of 50 layers", Count, Lower, false, HTTP;
    AllocatedFifty: Memory, "bytes allocated a call, page of 50 layers", Bytes, Lower, false, HTTP;
    Sent: Wire, "bytes sent a call", Bytes, Lower, false, HTTP;
    Received: Wire, "bytes received a call, page of 1 layer", Bytes, Lower, false, HTTP;
    Decode: Codec, "decoding a page of 50 layers", BytesPerSecond, Higher, true, PAGE;
    Encode: Codec, "encoding a page of 50 layers", BytesPerSecond, Higher, true, RELEASE;
    Sign: Codec, "signing a request", Seconds, Lower, true, KEYS;
    Walk: Walk, "100,000 layers in pages of 50", Seconds, Lower, true, HTTP;
    WalkMemory: Walk, "100,000 layers in pages of 50, peak memory", Bytes, Lower, false, HTTP;
    WalkTenthMemory: Walk, "10,000 layers in pages of 50, peak memory", Bytes, Lower, false, HTTP;
    WalkGrowth: Walk, "peak memory of the longer, as a multiple of the other's", Times, Lower, false, HTTP;
    GenerateListLayers: Generate, "generating ListLayers", Seconds, Lower, true, TINSMITH;
    GenerateLambda: Generate, "generating all of Lambda", Seconds, Lower, true, TINSMITH;
    GenerateQuicksight: Generate, "generating all of QuickSight", Seconds, Lower, true, TINSMITH;
}

impl Metric {
    /// Of whom it can be measured.
    pub const fn peers(self) -> &'static [Peer] {
        use Peer::{Bare, Official, Ours};
        match self {
            // bare trusts Mozilla's roots alone and signs nothing, the official crate writes no outputs.
            Self::ReleaseFullWall
            | Self::ReleaseFullCpu
            | Self::BinaryFull
            | Self::InstructionsStartPlatform
            | Self::Sign => &[Ours, Official],
            Self::Encode => &[Ours, Bare],
            Self::InstructionsStartWebpki => &[Ours],
            Self::PeakMemory => &Peer::ALL,
            _ => match self.about().part {
                Part::Latency | Part::Throughput | Part::Wire | Part::Walk => &Peer::ALL,
                Part::Generate => &[Ours],
                _ => &[Ours, Official, Bare],
            },
        }
    }
}

impl Peer {
    /// All of them, in the order in which they are shown.
    pub const ALL: [Self; 4] = [Self::Ours, Self::Official, Self::Bare, Self::Boto3];

    /// What a person calls it.
    pub const fn title(self) -> &'static str {
        match self {
            Self::Ours => "ours",
            Self::Official => "official",
            Self::Bare => "bare",
            Self::Boto3 => "boto3",
        }
    }

    /// Whether it is compiled.
    pub const fn is_compiled(self) -> bool {
        !matches!(self, Self::Boto3)
    }
}

impl Part {
    /// All of them, in their order.
    pub const ALL: [Self; 13] = [
        Self::Build,
        Self::Rebuild,
        Self::Tree,
        Self::Size,
        Self::Instructions,
        Self::Https,
        Self::Latency,
        Self::Throughput,
        Self::Memory,
        Self::Wire,
        Self::Codec,
        Self::Walk,
        Self::Generate,
    ];
}

impl Conditions {
    /// They on a line.
    pub fn line(&self) -> String {
        let named = [("profile", self.profile), ("scheme", self.scheme), ("keys", self.keys), ("members", self.order)];
        let said = named.iter().filter_map(|(name, value)| value.map(|value| format!("{name}: {value}")));
        said.collect::<Vec<_>>().join("; ")
    }
}
