//! Makes the client of Lambda, with one operation.

use std::error::Error;
use std::path::Path;
use std::{env, fs};

use tinsmith_codegen::{Plan, build};

const MODEL: &str = "../../model/lambda.json";

fn main() -> Result<(), Box<dyn Error>> {
    println!("cargo:rerun-if-changed=build.rs");
    println!("cargo:rerun-if-changed={MODEL}");
    let plan = Plan { operations: vec!["ListLayers".to_owned()], ..Plan::default() };
    let client = build::module(MODEL, &fs::read_to_string(MODEL)?, &plan)?;
    fs::write(Path::new(&env::var("OUT_DIR")?).join("lambda.rs"), client)?;
    Ok(())
}
