//! What one flush of a page costs on this disk.

use std::fs::File;
use std::io::{Seek, SeekFrom, Write};
use std::path::Path;
use std::time::Instant;

use anyhow::{Context, Result};

/// How often; the middle one counts.
const TIMES: usize = 500;
const PAGE: [u8; 4_096] = [7; 4_096];

/// The median time of writing 4 KiB and having them on the disk, in microseconds.
pub(super) fn median_us(folder: &Path) -> Result<u64> {
    let path = folder.join(format!("holdfast-fsync-{}", std::process::id()));
    let measured = measure(&path);
    std::fs::remove_file(&path).ok();
    measured.with_context(|| format!("{}", path.display()))
}

fn measure(path: &Path) -> std::io::Result<u64> {
    let mut file = File::create(path)?;
    let mut micros = Vec::with_capacity(TIMES);
    for _ in 0..TIMES {
        // The same page each time, as a log that is used again: its length does not change.
        file.seek(SeekFrom::Start(0))?;
        let begun = Instant::now();
        file.write_all(&PAGE)?;
        file.sync_all()?;
        micros.push(u64::try_from(begun.elapsed().as_micros()).unwrap_or(u64::MAX));
    }
    micros.sort_unstable();
    Ok(micros[TIMES / 2])
}
