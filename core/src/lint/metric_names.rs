//! What the name of a metric says about it.

/// The words of a name: `kafka_consumer-lag` has three.
fn words(name: &str) -> impl Iterator<Item = &str> {
    name.split(|letter: char| !letter.is_ascii_alphanumeric()).filter(|it| !it.is_empty())
}

/// Whether it is a number of things that wait, which more pods do not divide: a lag, a queue.
pub(super) fn is_backlog(name: &str) -> bool {
    const WAITING: [&str; 8] =
        ["lag", "queue", "backlog", "messages", "pending", "depth", "unacked", "undelivered"];
    // `queue_wait_seconds` is no count, `messages_per_second` neither.
    unit(name).is_none()
        && !words(name).any(|it| matches!(it, "rate" | "per"))
        && words(name).any(|it| WAITING.iter().any(|word| it.eq_ignore_ascii_case(word)))
}

/// The unit of time that it ends in: `s` or `ms`.
pub(super) fn unit(name: &str) -> Option<&'static str> {
    match words(name).last()? {
        "seconds" | "second" => Some("s"),
        "ms" | "milliseconds" | "millis" => Some("ms"),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::{is_backlog, unit};

    #[test]
    fn a_name_tells_what_waits_and_in_which_unit() {
        for name in ["kafka_consumergroup_lag", "sqs-queue-length", "rabbitmq_queue_messages_ready"]
        {
            assert!(is_backlog(name), "{name}");
        }
        for name in ["queue_wait_seconds", "messages_per_second", "http_requests", "flags"] {
            assert!(!is_backlog(name), "{name}");
        }
        for (name, expected) in
            [("latency_seconds", Some("s")), ("latency.ms", Some("ms")), ("queue_items", None)]
        {
            assert_eq!(unit(name), expected, "{name}");
        }
    }
}
