//! Reads files that the reader chose or dropped.

use js_sys::JsString;
use wasm_bindgen::JsCast;
use wasm_bindgen_futures::{JsFuture, spawn_local};
use web_sys::{File, FileList};
use yew::Callback;

/// Largest text that is opened, in bytes; core reads no more either.
const BYTES_MAX: f64 = 2_000_000.0;

/// Why files can't be opened.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum FileError {
    /// There are none, as when a text was dropped.
    None,
    /// They hold more than is read.
    TooLarge,
    /// The browser can't read one, a folder for instance.
    Unreadable,
}

/// Reads `files` as one text, with `---` between them; `opened` hears it.
pub(crate) fn read(files: Option<FileList>, opened: Callback<Result<String, FileError>>) {
    let files: Vec<File> = files
        .map(|list| (0..list.length()).filter_map(|index| list.get(index)).collect())
        .unwrap_or_default();
    spawn_local(async move { opened.emit(joined(&files).await) });
}

async fn joined(files: &[File]) -> Result<String, FileError> {
    if files.is_empty() {
        return Err(FileError::None);
    }
    if files.iter().map(|it| it.size()).sum::<f64>() > BYTES_MAX {
        return Err(FileError::TooLarge);
    }
    let mut joined = String::new();
    for file in files {
        let text = JsFuture::from(file.text()).await.map_err(|_| FileError::Unreadable)?;
        let text = text.dyn_into::<JsString>().map_or_else(|_| String::new(), String::from);
        if !joined.is_empty() {
            joined.push_str(if joined.ends_with('\n') { "---\n" } else { "\n---\n" });
        }
        joined.push_str(text.trim_start_matches('\u{feff}'));
    }
    Ok(joined)
}
