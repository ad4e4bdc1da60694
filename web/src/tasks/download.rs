//! Saves a file to the reader's disk.

use js_sys::{Array, JSON};
use serde::Serialize;
use tidetable_core::Report;
use wasm_bindgen::{JsCast, JsValue};
use web_sys::{Blob, BlobPropertyBag, HtmlAnchorElement, Url};

use crate::host;

/// Saves the report as JSON.
pub(crate) fn report(report: &Report) {
    let serializer = serde_wasm_bindgen::Serializer::json_compatible();
    let Ok(value) = report.serialize(&serializer) else { return };
    let Ok(json) = JSON::stringify_with_replacer_and_space(&value, &JsValue::NULL, &2.into())
    else {
        return;
    };
    save("tidetable-report.json", "application/json", &String::from(json));
}

/// Saves the text.
pub(crate) fn manifests(text: &str) {
    save("tidetable.yaml", "application/yaml", text);
}

fn save(name: &str, media_type: &str, content: &str) {
    let options = BlobPropertyBag::new();
    options.set_type(media_type);
    let parts = Array::of1(&content.into());
    let Ok(blob) = Blob::new_with_str_sequence_and_options(&parts, &options) else { return };
    let Ok(address) = Url::create_object_url_with_blob(&blob) else { return };
    let document = host::window().document();
    if let Some(Ok(link)) = document.map(|it| it.create_element("a"))
        && let Ok(link) = link.dyn_into::<HtmlAnchorElement>()
    {
        link.set_href(&address);
        link.set_download(name);
        link.click();
    }
    let _ = Url::revoke_object_url(&address);
}
