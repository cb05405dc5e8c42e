//! The stand-in as a program: prints its URL on a line, then serves until told to stop.

use std::io::{Read, Write};
use std::num::NonZeroU32;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use clap::Parser;
use tinsmith_stand_in::{Builder, Fault, Functions, Layers, StandIn, TlsFront};
use tokio::sync::oneshot;

/// A Lambda of its own on 127.0.0.1, with layers to list and functions to invoke.
///
/// Prints `http://127.0.0.1:PORT` on a line once it listens. Stops, with status 0, on SIGINT or SIGTERM.
#[derive(Parser)]
#[command(name = "tinsmith-stand-in", version, after_help = faults())]
struct Arguments {
    /// The port to listen on; 0 takes a free one
    #[arg(long, default_value_t = 0)]
    port: u16,
    /// How many layers to make up, or a file with what `aws lambda list-layers --output json` prints
    #[arg(long, value_name = "N|FILE")]
    layers: Option<String>,
    /// Serves the members of each object in an order drawn from this number
    #[arg(long, value_name = "SEED")]
    shuffle: Option<u64>,
    /// Prints the page that is answered to a request without parameters, and stops
    #[arg(long)]
    print_page: bool,
    /// A file with what `aws lambda list-functions --output json` prints, and with what comes of each function
    #[arg(long, value_name = "FILE")]
    functions: Option<PathBuf>,
    /// The region for which requests must be signed
    #[arg(long, default_value = "us-east-2")]
    region: String,
    /// The access key to accept [default: AKIDEXAMPLE]
    #[arg(long, requires = "secret_key")]
    access_key: Option<String>,
    /// Its secret [default: the one of AWS's examples]
    #[arg(long, requires = "access_key")]
    secret_key: Option<String>,
    /// The session token that must come with it
    #[arg(long, requires = "access_key")]
    session_token: Option<String>,
    /// Lets requests pass whatever their signature
    #[arg(long)]
    no_signature_check: bool,
    /// How many seconds its clock is ahead of the machine's
    #[arg(long, default_value_t = 0, allow_negative_numbers = true)]
    clock_offset: i64,
    /// How many requests pass a second; Lambda lets 15 pass
    #[arg(long, value_name = "N")]
    rate_limit: Option<NonZeroU32>,
    /// Misbehaves on the next request, in this way; given again, on the one after
    #[arg(long = "fault", value_name = "NAME")]
    faults: Vec<Fault>,
    /// Speaks TLS, and prints an `https` URL; writes the root to trust, made for this run, to a file as PEM
    #[arg(long, value_name = "FILE")]
    tls: Option<PathBuf>,
    /// Stops when standard input ends: give it a pipe, and it cannot outlive you
    #[arg(long)]
    exit_with_stdin: bool,
}

fn faults() -> String {
    format!("Faults: {}", Fault::names().collect::<Vec<_>>().join(", "))
}

fn main() -> ExitCode {
    match run(Arguments::parse()) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            // Where standard error is closed as well, the status alone tells.
            let _ = writeln!(std::io::stderr(), "tinsmith-stand-in: {error}");
            ExitCode::FAILURE
        }
    }
}

fn run(arguments: Arguments) -> Result<(), String> {
    let (port, exit_with_stdin, tls) = (arguments.port, arguments.exit_with_stdin, arguments.tls.clone());
    let layers = layers(&arguments)?;
    if arguments.print_page {
        return writeln!(std::io::stdout(), "{}", layers.first_page()).map_err(|e| format!("cannot print: {e}"));
    }
    let builder = builder(arguments, layers)?;
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
    runtime.map_err(|e| format!("cannot start: {e}"))?.block_on(async {
        // Before the URL is told: whoever reads it may send a signal at once.
        let signal = signal().map_err(|e| format!("cannot wait for signals: {e}"))?;
        let stand_in = builder.start().await.map_err(|e| format!("cannot listen on 127.0.0.1:{port}: {e}"))?;
        let front = front(&stand_in, tls.as_deref()).await?;
        let url = front.as_ref().map_or(stand_in.url(), TlsFront::url);
        writeln!(std::io::stdout(), "{url}").map_err(|e| format!("cannot tell the URL: {e}"))?;
        tokio::select! {
            () = signal => {}
            () = stdin_end(), if exit_with_stdin => {}
        }
        stand_in.shutdown().await;
        Ok(())
    })
}

/// What speaks TLS for the stand-in, where a file for its root was named.
async fn front(stand_in: &StandIn, root: Option<&Path>) -> Result<Option<TlsFront>, String> {
    let Some(file) = root else { return Ok(None) };
    let front = TlsFront::start(stand_in.address()).await.map_err(|e| format!("cannot speak TLS: {e}"))?;
    std::fs::write(file, front.root_pem()).map_err(|e| format!("cannot write {}: {e}", file.display()))?;
    Ok(Some(front))
}

fn layers(arguments: &Arguments) -> Result<Layers, String> {
    let region = &arguments.region;
    let layers = match &arguments.layers {
        None => Layers::reference_in(region),
        Some(text) => match text.parse() {
            Ok(count) => Layers::generate_in(region, count),
            Err(_) => Layers::from_file(Path::new(text)).map_err(|e| e.to_string())?,
        },
    };
    Ok(match arguments.shuffle {
        Some(seed) => layers.shuffled(seed),
        None => layers,
    })
}

fn builder(arguments: Arguments, layers: Layers) -> Result<Builder, String> {
    let functions = arguments.functions.map_or_else(|| Ok(Functions::reference()), Functions::from_file);
    let mut builder = StandIn::builder()
        .port(arguments.port)
        .layers(layers)
        .functions(functions.map_err(|e| e.to_string())?)
        .region(&arguments.region)
        .check_signatures(!arguments.no_signature_check)
        .clock_offset(arguments.clock_offset)
        .faults(arguments.faults);
    if let Some(limit) = arguments.rate_limit {
        builder = builder.rate_limit(limit.get());
    }
    Ok(match (arguments.access_key, arguments.secret_key, arguments.session_token) {
        (Some(key), Some(secret), Some(token)) => builder.session_credentials(key, secret, token),
        (Some(key), Some(secret), None) => builder.credentials(key, secret),
        _ => builder,
    })
}

/// Catches the signals from now on; the future ends with the first of them.
#[cfg(unix)]
fn signal() -> std::io::Result<impl Future<Output = ()>> {
    use tokio::signal::unix::{SignalKind, signal};
    let (mut interrupt, mut terminate) = (signal(SignalKind::interrupt())?, signal(SignalKind::terminate())?);
    Ok(async move {
        tokio::select! {
            _ = interrupt.recv() => {}
            _ = terminate.recv() => {}
        }
    })
}

/// Catches Ctrl-C from when the future is first polled.
#[cfg(not(unix))]
fn signal() -> std::io::Result<impl Future<Output = ()>> {
    Ok(async {
        // Where there is no Ctrl-C, nothing but the end of standard input stops the program.
        if tokio::signal::ctrl_c().await.is_err() {
            std::future::pending::<()>().await;
        }
    })
}

/// Reads on a thread of its own: one of tokio's would keep the runtime from ending before standard input does.
async fn stdin_end() {
    let (ended, end) = oneshot::channel::<()>();
    std::thread::spawn(move || {
        let mut stdin = std::io::stdin().lock();
        while !matches!(stdin.read(&mut [0; 64]), Ok(0) | Err(_)) {}
        drop(ended);
    });
    // The other end is dropped, which is an error by name and the news that is waited for.
    let _ = end.await;
}
