//! RayCluster를 누군가 수정하는 일.

use crate::explain::edit_phrase::EditPhrase;
use crate::explain::template::{code, say, strong, value};
use crate::report::Message;
use crate::sim::EditedTo;

pub(in crate::explain) fn edit(phrase: &EditPhrase<'_>) -> Message {
    let mut message = say!("누군가 {}{을} 수정합니다:", code(phrase.cluster));
    if phrase.fields.is_empty() {
        message = message.and(say!(" 오토스케일러가 읽는 값"));
    }
    for (index, (group, to)) in phrase.fields.iter().enumerate() {
        message = message.text(if index == 0 { " " } else { ", " }).and(field(*group, *to));
    }
    message = message.text(".");
    if let Some(every) = phrase.every {
        message = message.and(say!(" 이후 {}마다 되풀이합니다.", value(every)));
    }
    if phrase.undone > 0 {
        message = message.and(say!(
            " 오토스케일러가 요청한 파드 {}는 더 이상 만들지 않습니다.",
            strong(format!("{}개", phrase.undone)),
        ));
        if let Some(waits) = phrase.waits {
            message = message
                .and(say!(" 오토스케일러는 이 파드를 최대 {} 동안 기다립니다.", value(waits)));
        }
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
        EditedTo::NobodyNamed => ("workersToDelete", "[]".to_owned()),
    };
    let of = group.map(|it| say!("{} 그룹의 ", code(it))).unwrap_or_default();
    of.and(say!("{} → {}", code(name), strong(number)))
}
