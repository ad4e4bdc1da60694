//! As what each pod counted: one mark a pod, and a line for each reason.

use tidetable_core::report::{PodCount, PodGroup};
use yew::prelude::*;

use crate::strings::Strings;

/// Marks of one strip, and names of one line; what is more is told as a number.
const MOST_MARKS: usize = 120;
const MOST_NAMES: usize = 8;

/// Nothing without groups; no lines where all pods count alike.
pub(crate) fn pod_groups(groups: &[PodGroup], strings: &Strings) -> Html {
    if groups.is_empty() {
        return Html::default();
    }
    let marks = groups.iter().flat_map(|it| std::iter::repeat_n(it.counted, it.pods.len()));
    let pods: usize = groups.iter().map(|it| it.pods.len()).sum();
    let is_plain = matches!(groups, [only] if only.counted == PodCount::Counted);
    html! {
        <>
            <p class="pod-strip" aria-hidden="true">
                { for marks.take(MOST_MARKS).map(mark) }
                if pods > MOST_MARKS {
                    { (strings.more_pods)(pods - MOST_MARKS) }
                }
            </p>
            if !is_plain {
                <ul class="pod-groups">{ for groups.iter().map(|it| line(it, strings)) }</ul>
            }
        </>
    }
}

fn mark(counted: PodCount) -> Html {
    html! { <i class="pod" data-counted={name(counted)} /> }
}

fn line(group: &PodGroup, strings: &Strings) -> Html {
    let names = &group.pods[..group.pods.len().min(MOST_NAMES)];
    let more = group.pods.len() - names.len();
    html! {
        <li>
            { mark(group.counted) }
            <span>
                { group.pods.len() }{ " × " }
                <strong>{ group.label.clone() }</strong>
                { ", " }{ group.reason.clone() }
                <span class="pod-names">
                    { names.join(", ") }
                    if more > 0 {
                        { ", " }{ (strings.more_pods)(more) }
                    }
                </span>
            </span>
        </li>
    }
}

/// As in `data-counted`, which the styles select by.
const fn name(counted: PodCount) -> &'static str {
    match counted {
        PodCount::Counted => "counted",
        PodCount::Full => "full",
        PodCount::Zero => "zero",
        PodCount::Ignored => "ignored",
    }
}
