//! What a link to the page carries, in its `#` part, which never leaves the browser.
//!
//! Each version has its own file and stays readable for ever: old links keep working.

mod v1;

/// What the `#` part of an address asks for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Link {
    /// Nothing: the first example.
    None,
    /// An example by its id.
    Example(String),
    /// A whole text.
    Text(String),
    /// Something that can't be read.
    Broken(LinkError),
}

/// Why a link can't be read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LinkError {
    /// It was cut off or changed on its way.
    Damaged,
    /// It holds more text than a link may.
    TooLarge,
    /// A later Tidetable made it.
    UnknownVersion,
}

/// The `#` part that carries `text`.
///
/// # Errors
/// A text that no link may hold.
pub fn write(text: &str) -> Result<String, LinkError> {
    v1::encode(text).map(|data| format!("#v1={data}"))
}

/// What the `#` part of an address asks for.
///
/// ```
/// # use tidetable_core::share::{Link, read, write};
/// let hash = write("kind: Scenario\n").unwrap();
/// assert_eq!(read(&hash), Link::Text("kind: Scenario\n".to_owned()));
/// ```
pub fn read(hash: &str) -> Link {
    let fragment = hash.strip_prefix('#').unwrap_or(hash);
    match fragment.split_once('=') {
        Some(("v1", data)) => v1::decode(data).map_or_else(Link::Broken, Link::Text),
        Some(("example", id)) => Link::Example(id.to_owned()),
        Some((key, _)) if is_version(key) => Link::Broken(LinkError::UnknownVersion),
        Some(_) | None => Link::None,
    }
}

fn is_version(key: &str) -> bool {
    key.strip_prefix('v')
        .is_some_and(|rest| !rest.is_empty() && rest.bytes().all(|it| it.is_ascii_digit()))
}

#[cfg(test)]
mod tests {
    use super::{Link, LinkError, read};

    #[test]
    fn a_link_is_read_by_its_key() {
        let cases = [
            ("", Link::None),
            ("#", Link::None),
            ("#metrics", Link::None),
            ("#value=3", Link::None),
            ("#example=web", Link::Example("web".to_owned())),
            ("#v2=abc", Link::Broken(LinkError::UnknownVersion)),
            ("#v1=%%%", Link::Broken(LinkError::Damaged)),
        ];
        for (hash, expected) in cases {
            assert_eq!(read(hash), expected, "{hash}");
        }
    }
}
