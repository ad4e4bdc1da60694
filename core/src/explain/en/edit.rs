//! What someone edits of a RayCluster.

use super::word;
use crate::explain::edit_phrase::EditPhrase;
use crate::explain::template::{code, say, strong, value};
use crate::report::Message;
use crate::sim::EditedTo;

pub(in crate::explain) fn edit(phrase: &EditPhrase<'_>) -> Message {
    let mut message = say!("Someone edits {}:", code(phrase.cluster));
    if phrase.fields.is_empty() {
        message = message.and(say!(" what its autoscaler reads changes"));
    }
    for (index, (group, to)) in phrase.fields.iter().enumerate() {
        message = message.text(if index == 0 { " " } else { ", " }).and(field(*group, *to));
    }
    if let Some(every) = phrase.every {
        message = message.and(say!(", and the same again every {}", value(every)));
    }
    message = message.text(".");
    if phrase.undone > 0 {
        message = message.and(say!(
            " {} {} that the autoscaler asked for {} not made any more",
            strong(phrase.undone),
            word(phrase.undone, "pod", "pods"),
            word(phrase.undone, "is", "are"),
        ));
        message = match phrase.waits {
            Some(waits) => message.and(say!(": it waits for them, for {} at most.", value(waits))),
            None => message.text("."),
        };
    }
    message
}

fn field(group: Option<&str>, to: EditedTo) -> Message {
    let (name, number) = match to {
        EditedTo::Replicas(to) => ("replicas", to.to_string()),
        EditedTo::MinReplicas(to) => ("minReplicas", to.to_string()),
        EditedTo::MaxReplicas(to) => ("maxReplicas", to.to_string()),
        EditedTo::Suspend(to) => {
            ("suspend", to.map_or_else(|| "null".to_owned(), |it| it.to_string()))
        }
        EditedTo::NobodyNamed => ("workersToDelete", "empty".to_owned()),
    };
    let of = group.map(|it| say!(" of {}", code(it))).unwrap_or_default();
    say!("{}", code(name)).and(of).and(say!(" becomes {}", strong(number)))
}
