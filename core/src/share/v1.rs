//! Version 1: the UTF-8 text, deflated (RFC 1951), in base64url without padding (RFC 4648 §5).
//!
//! A link comes from a stranger. Its length and the length of what it unfolds to are bounded, so
//! that it can neither fill the memory nor stop the page.

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use miniz_oxide::{deflate, inflate};

use super::LinkError;

/// Longest data that is read, in characters. Browsers differ above 2 MB.
const DATA_LENGTH_MAX: usize = 1_000_000;
/// Longest text that a link carries, in bytes.
const TEXT_BYTES_MAX: usize = 2_000_000;
/// zlib's usual trade of time for size.
const COMPRESSION_LEVEL: u8 = 9;

pub(super) fn encode(text: &str) -> Result<String, LinkError> {
    if text.len() > TEXT_BYTES_MAX {
        return Err(LinkError::TooLarge);
    }
    let data = URL_SAFE_NO_PAD.encode(deflate::compress_to_vec(text.as_bytes(), COMPRESSION_LEVEL));
    if data.len() > DATA_LENGTH_MAX { Err(LinkError::TooLarge) } else { Ok(data) }
}

pub(super) fn decode(data: &str) -> Result<String, LinkError> {
    if data.len() > DATA_LENGTH_MAX {
        return Err(LinkError::TooLarge);
    }
    let packed = URL_SAFE_NO_PAD.decode(data).map_err(|_| LinkError::Damaged)?;
    let bytes =
        inflate::decompress_to_vec_with_limit(&packed, TEXT_BYTES_MAX).map_err(|error| {
            if error.status == inflate::TINFLStatus::HasMoreOutput {
                LinkError::TooLarge
            } else {
                LinkError::Damaged
            }
        })?;
    String::from_utf8(bytes).map_err(|_| LinkError::Damaged)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_comes_back_as_it_was() {
        let long = "minReplicas: 1\n".repeat(10_000);
        for text in ["", "a", "kind: List\r\n", "이름: 🌊 \u{0} tab\t", &long] {
            assert_eq!(decode(&encode(text).unwrap()).as_deref(), Ok(text));
        }
    }

    /// `hi` as a stored block: 01, length 0002, its complement fffd, then the bytes. A link of
    /// this version must open for ever, whatever the compressor does later.
    #[test]
    fn a_link_made_by_hand_opens() {
        let packed = [0x01, 0x02, 0x00, 0xfd, 0xff, b'h', b'i'];
        assert_eq!(URL_SAFE_NO_PAD.encode(packed), "AQIA_f9oaQ");
        assert_eq!(decode("AQIA_f9oaQ").as_deref(), Ok("hi"));
    }

    #[test]
    fn a_damaged_link_says_so() {
        let whole = encode("kind: HorizontalPodAutoscaler\n").unwrap();
        for data in ["!", "AQIA_f9o", "____", "한", &whole[..whole.len() - 3]] {
            assert_eq!(decode(data), Err(LinkError::Damaged), "{data}");
        }
        let not_utf8 = URL_SAFE_NO_PAD.encode([0x01, 0x01, 0x00, 0xfe, 0xff, 0xff]);
        assert_eq!(decode(&not_utf8), Err(LinkError::Damaged));
    }

    #[test]
    fn every_cut_of_a_link_is_an_answer_and_never_a_panic() {
        let whole = encode("spec:\n  minReplicas: 1\n  maxReplicas: 5\n").unwrap();
        for length in 0..whole.len() {
            assert!(decode(&whole[..length]).is_err(), "cut at {length}");
        }
    }

    #[test]
    fn a_bomb_stops_at_the_limit() {
        let bomb = deflate::compress_to_vec(&vec![b' '; TEXT_BYTES_MAX + 1], COMPRESSION_LEVEL);
        assert_eq!(decode(&URL_SAFE_NO_PAD.encode(bomb)), Err(LinkError::TooLarge));
        assert_eq!(decode(&"A".repeat(DATA_LENGTH_MAX + 1)), Err(LinkError::TooLarge));
        assert_eq!(encode(&"x".repeat(TEXT_BYTES_MAX + 1)), Err(LinkError::TooLarge));
    }
}
