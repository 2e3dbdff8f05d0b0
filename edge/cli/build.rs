//! Rebuilds the program when a policy it ships has changed.

fn main() {
    println!("cargo:rerun-if-changed=../../policies");
}
