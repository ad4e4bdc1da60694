//! Whether every combination of choices leads to exactly one answer.

use anyhow::anyhow;

use super::{
    Located,
    data::{Condition, Data, Question},
};

/// Choices by question, in the order in which they are asked.
type Chosen<'data> = Vec<(&'data str, &'data str)>;

/// The first thing that makes a chooser incomplete.
pub(super) fn check(data: &Data) -> Result<(), Located> {
    for (index, question) in data.questions.iter().enumerate() {
        known(&question.condition, &data.questions[..index])?;
    }
    let others = data.answers.iter().map(|it| &it.condition);
    let others: Vec<_> = others.chain(data.notes.iter().map(|it| &it.condition)).collect();
    for condition in &others {
        known(condition, &data.questions)?;
    }
    let all = combinations(&data.questions);
    for chosen in &all {
        let mut fitting = data.answers.iter().filter(|it| fits(&it.condition, chosen));
        match (fitting.next(), fitting.next()) {
            (None, _) => return Err((0, anyhow!("no answer for {}", words(chosen)))),
            (Some(first), Some(second)) => {
                let (first, second, line) =
                    (&first.name.value, &second.name.value, second.condition.line);
                let chosen = words(chosen);
                return Err((line, anyhow!("`{first}` and `{second}` both answer {chosen}")));
            }
            (Some(_), None) => {}
        }
    }
    let unreached = others.iter().find(|it| !all.iter().any(|chosen| fits(it, chosen)));
    match unreached {
        Some(it) => Err((it.line, anyhow!("no combination of choices leads here"))),
        None => Ok(()),
    }
}

/// A condition must name `questions` and their choices.
fn known(condition: &Condition, questions: &[Question]) -> Result<(), Located> {
    for (name, words) in &condition.value {
        let Some(question) = questions.iter().find(|it| it.name.value == *name) else {
            let error = anyhow!("no question before this is called `{name}`");
            return Err((condition.line, error));
        };
        let choices: Vec<_> = question.choices.iter().map(|it| it.0.as_str()).collect();
        if let Some(other) = words.iter().find(|it| !choices.contains(&it.as_str())) {
            let error = anyhow!("`{name}` has no choice `{other}`: {}", choices.join(", "));
            return Err((condition.line, error));
        }
    }
    Ok(())
}

/// Every way through the questions; one that is not asked has no choice.
fn combinations(questions: &[Question]) -> Vec<Chosen<'_>> {
    let mut all = vec![Vec::new()];
    for question in questions {
        let mut longer = Vec::new();
        for chosen in all {
            if !fits(&question.condition, &chosen) {
                longer.push(chosen);
                continue;
            }
            for (word, _) in &question.choices {
                let mut with = chosen.clone();
                with.push((question.name.value.as_str(), word.as_str()));
                longer.push(with);
            }
        }
        all = longer;
    }
    all
}

/// Whether each question of `condition` has one of its choices.
fn fits(condition: &Condition, chosen: &Chosen<'_>) -> bool {
    condition.value.iter().all(|(name, words)| {
        let choice = chosen.iter().find(|it| it.0 == name);
        choice.is_some_and(|it| words.iter().any(|word| word == it.1))
    })
}

fn words(chosen: &Chosen<'_>) -> String {
    let words: Vec<_> = chosen.iter().map(|(name, word)| format!("{name}={word}")).collect();
    words.join(";")
}
