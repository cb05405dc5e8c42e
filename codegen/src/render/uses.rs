//! The `use` block of a file: one line a module, the standard library, the runtime and the generated files apart.

use std::collections::{BTreeMap, BTreeSet};

/// What a file imports: the names of each module, with `as` where they go by another.
#[derive(Debug, Default)]
pub struct Uses {
    private: BTreeMap<String, BTreeSet<String>>,
    public: BTreeMap<String, BTreeSet<String>>,
}

/// The widest that a line may be.
const WIDTH: usize = 120;

impl Uses {
    /// Imports a name.
    pub fn import(&mut self, module: &str, name: String) {
        self.private.entry(module.to_owned()).or_default().insert(name);
    }

    /// Imports a name for others too.
    pub fn export(&mut self, module: &str, name: String) {
        self.public.entry(module.to_owned()).or_default().insert(name);
    }

    /// The lines, those that belong together as one text.
    pub(super) fn blocks(&self) -> Vec<String> {
        let (own, foreign) = self.private.iter().partition::<Vec<_>, _>(|(module, _)| module.starts_with("super"));
        let (std, runtime) = foreign.into_iter().partition::<Vec<_>, _>(|(module, _)| module.starts_with("std::"));
        let private = [std, runtime, own].into_iter().map(|block| lines("use", &block));
        let public = lines("pub use", &self.public.iter().collect::<Vec<_>>());
        private.chain([public]).filter(|block| !block.is_empty()).collect()
    }
}

fn lines(keyword: &str, uses: &[(&String, &BTreeSet<String>)]) -> String {
    let mut lines: Vec<_> = uses.iter().map(|(module, names)| line(keyword, module, names)).collect();
    lines.sort();
    lines.concat()
}

fn line(keyword: &str, module: &str, names: &BTreeSet<String>) -> String {
    let names: Vec<&str> = names.iter().map(String::as_str).collect();
    if let [name] = names.as_slice() {
        return format!("{keyword} {module}::{name};\n");
    }
    let line = format!("{keyword} {module}::{{{}}};\n", names.join(", "));
    if line.len() <= WIDTH + 1 { line } else { format!("{keyword} {module}::{{\n{}}};\n", filled(&names)) }
}

/// Names with commas, as many on a line as fit.
fn filled(names: &[&str]) -> String {
    let mut text = String::new();
    let mut line = String::from("   ");
    for name in names {
        if line.len() + name.len() + 2 > WIDTH {
            text.push_str(&line);
            text.push('\n');
            line = String::from("   ");
        }
        line.push_str(&format!(" {name},"));
    }
    format!("{text}{line}\n")
}
