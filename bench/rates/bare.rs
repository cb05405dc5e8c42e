//! What serde takes for a page, with the shapes of the program `bare`.

mod measure;
#[path = "../programs/shapes.rs"]
mod shapes;

use measure::{Asked, Error};
use shapes::Page;

fn main() -> Result<(), Error> {
    let asked = Asked::of_arguments()?;
    let page = asked.page()?;
    match asked.measure() {
        "decode" => asked.run(Some(page.len()), || Ok(serde_json::from_slice::<Page>(&page)?)),
        "encode" => {
            let decoded: Page = serde_json::from_slice(&page)?;
            let length = serde_json::to_vec(&decoded)?.len();
            asked.run(Some(length), || Ok(serde_json::to_vec(&decoded)?))
        }
        other => Err(measure::unknown(other, "serde has `decode` and `encode`")),
    }
}
