//! Readings of upstream's own, and what it refuses.

use super::*;

/// (text, `MilliValue`, `Value`, `String`, bits of `AsApproximateFloat64`), as apimachinery
/// 0.37.0 itself answers.
#[expect(clippy::unreadable_literal, reason = "as upstream prints them")]
const UPSTREAM: &[(&str, i64, i64, &str, u64)] = &[
    ("0", 0, 0, "0", 0x0000000000000000),
    ("+", 0, 0, "0", 0x0000000000000000),
    ("m", 0, 0, "0", 0x0000000000000000),
    ("Ki", 0, 0, "0", 0x0000000000000000),
    (".5", 500, 1, "500m", 0x3fe0000000000000),
    ("5.", 5000, 5, "5.", 0x4014000000000000),
    ("+1", 1000, 1, "+1", 0x3ff0000000000000),
    ("01", 1000, 1, "01", 0x3ff0000000000000),
    ("1E3", 1000000, 1000, "1E3", 0x408f400000000000),
    ("0.1m", 1, 1, "100u", 0x3f1a36e2eb1c432d),
    ("-1.5m", -2, -1, "-1500u", 0xbf589374bc6a7efa),
    (
        "9223372036854776",
        -9223372036854775616,
        9223372036854776,
        "9223372036854776",
        0x4340624dd2f1a9fc,
    ),
    ("9.3P", 0, 9300000000000000, "9300T", 0x434085267e34a000),
    ("0.009", 9, 1, "9m", 0x3f826e978d4fdf3c),
    ("1.5Gi", 1610612736000, 1610612736, "1536Mi", 0x41d8000000000000),
    ("0.5Gi", 536870912000, 536870912, "512Mi", 0x41c0000000000000),
    ("-1.5Gi", -1610612736000, -1610612736, "-1536Mi", 0xc1d8000000000000),
    ("-0.1Ki", -102400, -101, "-102400m", 0xc05999999999999a),
    ("1023Ki", 1047552000, 1047552, "1023Ki", 0x412ff80000000000),
    ("2048Ki", 2097152000, 2097152, "2Mi", 0x4140000000000000),
    ("100Ei", -1000, 9223372036854775807, "9223372036854775807", 0x43e0000000000000),
    ("7Ei", -9223372036854775808, 8070450532247928832, "7Ei", 0x43dc000000000000),
    ("0.1n", 1, 1, "1n", 0x3e112e0be826d695),
    ("1e-12", 1, 1, "1e-9", 0x3e112e0be826d695),
    (
        "9999999999999999999",
        1864712049423023128,
        -8446744073709551617,
        "9999999999999999999",
        0x43e158e460913d00,
    ),
    (
        "-9999999999999999999",
        -4477988019392,
        -4477988018,
        "-9999999999999999999",
        0xc3e158e460913d00,
    ),
    ("1000E", 0, 0, "1", 0x444b1ae4d6e2ef50),
    ("0.0000000001Ki", 1, 1, "103n", 0x3e7ba61b299e8158),
    ("1e4294967296", 1000, 1, "1e4294967296", 0x3ff0000000000000),
];

#[test]
fn every_reading_is_upstreams() {
    for &(text, milli, value, canonical, bits) in UPSTREAM {
        let quantity = Quantity::parse(text).unwrap();
        assert_eq!(quantity.milli_value(), milli, "{text}");
        assert_eq!(quantity.value(), value, "{text}");
        assert_eq!(quantity.to_string(), canonical, "{text}");
        assert_eq!(quantity.as_approximate_f64().to_bits(), bits, "{text}");
    }
}

#[test]
fn what_is_no_quantity_says_why() {
    for (text, problem) in [
        ("", ParseError::Format),
        ("1.1.M", ParseError::Format),
        (" 1", ParseError::Format),
        ("0x1", ParseError::Format),
        ("aoeu", ParseError::Format),
        ("1ki", ParseError::Suffix),
        ("1K", ParseError::Suffix),
        ("1i", ParseError::Suffix),
        ("-3.01e-", ParseError::Suffix),
        ("e-10", ParseError::Numeric),
        ("1234567890123456789012345678901234567890", ParseError::TooLarge),
    ] {
        assert_eq!(Quantity::parse(text), Err(problem), "{text}");
    }
}

#[test]
fn a_tolerance_goes_through_the_stored_text() {
    let tolerance = Quantity::parse("0.009").unwrap().stored();
    assert_eq!(tolerance.to_string(), "9m");
    assert_eq!(tolerance.as_approximate_f64(), 9.0 * 0.001);
    assert_ne!(tolerance.as_approximate_f64(), 0.009);
}
