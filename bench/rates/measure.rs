//! What the rates share: the page, the loop, and a line for each measure. README.md describes both ends.

use std::env;
use std::fs;
use std::hint::black_box;
use std::time::Instant;

/// Whatever went wrong.
pub type Error = Box<dyn std::error::Error + Send + Sync>;

/// What is asked for: how often to do it, and what else the measure needs.
pub struct Asked {
    measure: String,
    times: u32,
    rest: Vec<String>,
}

impl Asked {
    /// Reads the arguments: `MEASURE N R …`.
    pub fn of_arguments() -> Result<Self, Error> {
        let mut arguments = env::args().skip(1);
        let mut next = || arguments.next().ok_or("expected `MEASURE N` and what the measure needs");
        let (measure, times) = (next()?, next()?.parse()?);
        if times == 0 {
            return Err("expected a number of times above 0".into());
        }
        Ok(Self { measure, times, rest: arguments.collect() })
    }

    /// The name of the measure.
    pub fn measure(&self) -> &str {
        &self.measure
    }

    /// The bytes of the page whose file is named behind the number.
    pub fn page(&self) -> Result<Vec<u8>, Error> {
        let file = self.rest.first().ok_or("expected the file of a page behind the number")?;
        fs::read(file).map_err(|e| format!("{file} cannot be read: {e}").into())
    }

    /// Does something so often, and prints how long one time takes. `bytes` is how many bytes are read or written each time.
    pub fn run<T>(&self, bytes: Option<usize>, mut work: impl FnMut() -> Result<T, Error>) -> Result<(), Error> {
        let begun = Instant::now();
        for _ in 0..self.times {
            black_box(work()?);
        }
        let each = begun.elapsed().as_nanos() as f64 / f64::from(self.times);
        let (measure, bytes) = (&self.measure, bytes.map_or_else(|| "null".to_owned(), |bytes| bytes.to_string()));
        println!(r#"{{"measure":"{measure}","bytes":{bytes},"ns":{each:.1}}}"#);
        Ok(())
    }
}

/// What is said where a program does not have a measure.
pub fn unknown(measure: &str, known: &str) -> Error {
    format!("no measure is called {measure}: {known}").into()
}
