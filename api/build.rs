//! Makes cargo notice when the web app has been built anew; npm is never run from here.

use std::fs;
use std::path::Path;

fn main() {
    // Without the folder a debug binary would never look into it, and cargo would take its absence
    // for a change on every build.
    let dist = Path::new("../web/dist");
    if let Err(error) = fs::create_dir_all(dist) {
        println!("cargo::warning=cannot create {}: {error}", dist.display());
    }
    println!("cargo::rerun-if-changed={}", dist.display());
    println!("cargo::rerun-if-changed=build.rs");
}
