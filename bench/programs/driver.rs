//! What the programs share: what they are asked to do, the loop that does it, and the line that tells how it went.
//! README.md describes both ends.

use std::env;
use std::fs;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Instant;

/// Whatever went wrong: a program that was answered otherwise than it expected measures nothing.
pub type Error = Box<dyn std::error::Error + Send + Sync>;

/// A client that lists layers.
pub trait Peer: Clone + Send + 'static {
    /// Makes a client from the environment.
    fn connect() -> impl Future<Output = Result<Self, Error>>;

    /// Lists one page of so many layers, or as many as the service likes. Returns how long their names are together.
    fn page(&self, size: Option<i32>) -> impl Future<Output = Result<usize, Error>> + Send;

    /// Lists all layers in pages of that size. Returns how many there are, and how long their names are together.
    fn walk(&self, size: Option<i32>) -> impl Future<Output = Result<(usize, usize), Error>>;
}

/// The program: does what its arguments ask of a peer.
pub fn main<P: Peer>() -> Result<(), Error> {
    let arguments: Vec<String> = env::args().skip(1).collect();
    let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
    tokio::runtime::Builder::new_current_thread().enable_all().build()?.block_on(async {
        let peer = P::connect().await?;
        let line = match arguments[..] {
            ["calls", count, in_flight] => calls(peer, count.parse()?, in_flight.parse()?).await?,
            ["walk"] => walk(peer).await?,
            _ => return Err("expected `calls N K` or `walk`".into()),
        };
        println!("{line}");
        Ok(())
    })
}

/// Makes so many calls, some of them at a time.
async fn calls(peer: impl Peer, count: usize, in_flight: usize) -> Result<String, Error> {
    let size = variable("BENCH_PAGE")?;
    side_by_side(&peer, size, variable("BENCH_WARM")?.unwrap_or(0), in_flight).await?;
    let begun = Begun::now();
    let (checksum, mut latencies) = side_by_side(&peer, size, count, in_flight).await?;
    let times = begun.times();
    latencies.sort_unstable();
    let at = |percent: usize| latencies.get(latencies.len() * percent / 100).copied().unwrap_or(0);
    let (p50, p99, peak) = (at(50), at(99), or_null(peak_bytes()));
    Ok(format!(
        r#"{{"calls":{count},"checksum":{checksum},{times},"p50_ns":{p50},"p99_ns":{p99},"peak_bytes":{peak}}}"#
    ))
}

/// Lists everything.
async fn walk(peer: impl Peer) -> Result<String, Error> {
    let size = variable("BENCH_PAGE")?;
    let begun = Begun::now();
    let (layers, checksum) = peer.walk(size).await?;
    let times = begun.times();
    Ok(format!(r#"{{"layers":{layers},"checksum":{checksum},{times},"peak_bytes":{}}}"#, or_null(peak_bytes())))
}

/// A number from the environment.
fn variable<T: std::str::FromStr<Err = std::num::ParseIntError>>(name: &str) -> Result<Option<T>, Error> {
    env::var(name).ok().map(|text| text.parse().map_err(|e| format!("{name} is {text:?}: {e}").into())).transpose()
}

/// Lets as many tasks as are to be in flight call until the count is reached. Returns how long all names are together,
/// and how long each call took.
async fn side_by_side(
    peer: &impl Peer,
    size: Option<i32>,
    count: usize,
    in_flight: usize,
) -> Result<(usize, Vec<u64>), Error> {
    let begun = Arc::new(AtomicUsize::new(0));
    let callers: Vec<_> =
        (0..in_flight).map(|_| tokio::spawn(one_by_one(peer.clone(), size, count, begun.clone()))).collect();
    let (mut names, mut latencies) = (0, Vec::with_capacity(count));
    for caller in callers {
        let (of_names, of_latencies) = caller.await??;
        names += of_names;
        latencies.extend(of_latencies);
    }
    Ok((names, latencies))
}

async fn one_by_one(
    peer: impl Peer,
    size: Option<i32>,
    count: usize,
    begun: Arc<AtomicUsize>,
) -> Result<(usize, Vec<u64>), Error> {
    let (mut names, mut latencies) = (0, Vec::new());
    while begun.fetch_add(1, Ordering::Relaxed) < count {
        let since = Instant::now();
        names += peer.page(size).await?;
        latencies.push(since.elapsed().as_nanos() as u64);
    }
    Ok((names, latencies))
}

/// When something began, by both clocks.
struct Begun {
    wall: Instant,
    cpu: Option<u64>,
}

impl Begun {
    fn now() -> Self {
        Self { cpu: cpu_ns(), wall: Instant::now() }
    }

    /// How long it took, as members of a JSON object.
    fn times(&self) -> String {
        let wall = self.wall.elapsed().as_nanos();
        let cpu = cpu_ns().zip(self.cpu).map(|(now, then)| now.saturating_sub(then));
        format!(r#""wall_ns":{wall},"cpu_ns":{}"#, or_null(cpu))
    }
}

/// Processor time of all threads that live, where the kernel tells it to the nanosecond.
fn cpu_ns() -> Option<u64> {
    let threads = fs::read_dir("/proc/self/task").ok()?;
    threads
        .map(|thread| {
            fs::read_to_string(thread.ok()?.path().join("schedstat")).ok()?.split(' ').next()?.parse::<u64>().ok()
        })
        .sum()
}

/// The most memory that this process ever held, its code included, where the kernel tells it.
fn peak_bytes() -> Option<u64> {
    let status = fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"))?;
    Some(line.trim().strip_suffix(" kB")?.parse::<u64>().ok()? * 1024)
}

fn or_null(number: Option<u64>) -> String {
    number.map_or_else(|| "null".to_owned(), |number| number.to_string())
}
