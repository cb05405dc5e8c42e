//! moto's server, which keeps the layers that are published to it.

use std::io::{Read, Write};
use std::net::{Ipv4Addr, SocketAddr, TcpListener, TcpStream};
use std::process::Stdio;
use std::time::{Duration, Instant};

use anyhow::{Context, ensure};

use crate::process::{AwsEnvironment, Running};
use crate::python::Environment;

/// How long it may take until it answers.
const PATIENCE: Duration = Duration::from_secs(90);

/// Starts `moto_server -H 127.0.0.1 -p PORT`, and waits until it answers.
pub(super) fn start(python: &Environment) -> anyhow::Result<(Running, AwsEnvironment)> {
    let address = free_address()?;
    let log = python.log("moto");
    let errors = std::fs::File::create(&log).with_context(|| format!("cannot write {}", log.display()))?;
    let mut command = python.script(include_str!("serve.py"));
    command.arg(python.program("moto_server")).args(["-H", "127.0.0.1", "-p", &address.port().to_string()]);
    let mut running = Running::start("moto_server", command.stderr(Stdio::from(errors)))?;
    let started = Instant::now();
    while !answers(address) {
        let context = || format!("see {}", log.display());
        running.check().with_context(context)?;
        ensure!(started.elapsed() < PATIENCE, "moto_server answers nothing at {address}: {}", context());
        std::thread::sleep(Duration::from_millis(100));
    }
    let environment = AwsEnvironment {
        keys: ("AKIDEXAMPLE", "moto-takes-any-secret"),
        session_token: None,
        region: "us-east-2",
        endpoint_url: format!("http://{address}"),
    };
    Ok((running, environment))
}

/// An address on loopback that was free a moment ago: moto is told its port, and does not tell one.
fn free_address() -> anyhow::Result<SocketAddr> {
    TcpListener::bind((Ipv4Addr::LOCALHOST, 0))
        .and_then(|listener| listener.local_addr())
        .context("cannot find a free port on 127.0.0.1")
}

fn answers(address: SocketAddr) -> bool {
    let ask = || -> std::io::Result<bool> {
        let mut stream = TcpStream::connect_timeout(&address, Duration::from_secs(1))?;
        stream.set_read_timeout(Some(Duration::from_secs(5)))?;
        stream.write_all(b"GET /moto-api/ HTTP/1.0\r\nHost: 127.0.0.1\r\n\r\n")?;
        let mut start = [0; 5];
        stream.read_exact(&mut start)?;
        Ok(&start == b"HTTP/")
    };
    ask().unwrap_or(false)
}
