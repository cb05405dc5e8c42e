//! What the rates share: the page, the loop, and a line for each measure. README.md describes both ends.

use std::env;
use std::fs;
use std::hint::black_box;
use std::time::Instant;

/// Whatever went wrong.
pub type Error = Box<dyn std::error::Error + Send + Sync>;

/// What is asked for: how often to do it in a round, how many rounds, and what else the measure needs.
pub struct Asked {
    measure: String,
    iterations: u32,
    rounds: u32,
    rest: Vec<String>,
}

impl Asked {
    /// Reads the arguments: `MEASURE N R …`.
    pub fn of_arguments() -> Result<Self, Error> {
        let mut arguments = env::args().skip(1);
        let mut next = || arguments.next().ok_or("expected `MEASURE N R` and what the measure needs");
        let (measure, iterations, rounds) = (next()?, next()?.parse()?, next()?.parse()?);
        if iterations == 0 || rounds == 0 {
            return Err("expected a number of iterations and of rounds above 0".into());
        }
        Ok(Self { measure, iterations, rounds, rest: arguments.collect() })
    }

    /// The name of the measure.
    pub fn measure(&self) -> &str {
        &self.measure
    }

    /// The bytes of the page whose file is named behind the numbers.
    pub fn page(&self) -> Result<Vec<u8>, Error> {
        let file = self.rest.first().ok_or("expected the file of a page behind the numbers")?;
        fs::read(file).map_err(|e| format!("{file} cannot be read: {e}").into())
    }

    /// Does something in rounds, and prints how long one time takes in the best round and in the middle one. `bytes` is
    /// how many bytes are read or written each time.
    pub fn run<T>(&self, bytes: Option<usize>, mut work: impl FnMut() -> Result<T, Error>) -> Result<(), Error> {
        let mut rounds = Vec::new();
        for _ in 0..self.rounds {
            let begun = Instant::now();
            for _ in 0..self.iterations {
                black_box(work()?);
            }
            rounds.push(begun.elapsed().as_nanos() as f64 / f64::from(self.iterations));
        }
        rounds.sort_by(f64::total_cmp);
        let (best, median) = (rounds[0], rounds[rounds.len() / 2]);
        let (length, rate) = match bytes {
            Some(bytes) => (bytes.to_string(), format!("{:.1}", bytes as f64 * 1000.0 / best)),
            None => ("null".to_owned(), "null".to_owned()),
        };
        let measure = &self.measure;
        println!(
            r#"{{"measure":"{measure}","bytes":{length},"best_ns":{best:.1},"median_ns":{median:.1},"mb_per_s":{rate}}}"#
        );
        Ok(())
    }
}

/// What is said where a program does not have a measure.
pub fn unknown(measure: &str, known: &str) -> Error {
    format!("no measure is called {measure}: {known}").into()
}
