//! The bar at the top: examples, versions, share, downloads, book, language, theme.

use tidetable_core::{Language, report::Upstream, upstream};
use web_sys::{HtmlInputElement, HtmlSelectElement};
use yew::prelude::*;

use crate::{
    app::Message,
    queries::{book, examples, releases},
    state::{Tab, Theme},
    strings::{Strings, use_strings},
    tasks::files,
};

#[derive(PartialEq, Properties)]
pub(crate) struct TopBarProps {
    pub(crate) language: Language,
    pub(crate) theme: Theme,
    /// The example that the text began as.
    pub(crate) example: Option<String>,
    pub(crate) upstream: Option<Upstream>,
    /// The release of Ray that the Scenario chooses.
    pub(crate) chosen_ray: String,
    /// Whether a Ray autoscaler decides in the report.
    pub(crate) has_ray: bool,
    pub(crate) send: Callback<Message>,
}

#[component]
pub(crate) fn TopBar(props: &TopBarProps) -> Html {
    let strings = use_strings();
    let is_open = use_state(|| false);
    let toggle = {
        let is_open = is_open.clone();
        move |_: MouseEvent| is_open.set(!*is_open)
    };
    html! {
        <header class="top-bar">
            <h1 class="logo">
                <svg width="20" height="20" viewBox="0 0 20 20" aria-hidden="true">
                    <path d="M1.5 13.5c2.5 0 3-7 5.5-7s3.500 7 6 7 3-7 5.500-7" />
                </svg>
                { "Tidetable" }
            </h1>
            <div class="top-extras" data-open={is_open.to_string()}>
                { examples_menu(props, strings.examples, strings.own_text) }
                if let Some(versions) = &props.upstream {
                    <button
                        type="button"
                        class="versions"
                        title={versions_title(strings, props.has_ray)}
                        onclick={props.send.reform(|_| Message::TabChosen(Tab::Assumptions))}
                    >{ releases::line(versions, &props.chosen_ray) }</button>
                }
                <span class="space" />
                { open_file(props, strings.open_file) }
                <details class="menu">
                    <summary>{ strings.download }</summary>
                    <div class="menu-items">
                        <button
                            type="button"
                            onclick={props.send.reform(|_| Message::ReportDownloaded)}
                        >
                            { strings.download_report }
                        </button>
                        <button
                            type="button"
                            onclick={props.send.reform(|_| Message::ManifestsDownloaded)}
                        >{ strings.download_manifests }</button>
                    </div>
                </details>
                <a class="quiet" href={book::front(props.language)}>{ strings.book }</a>
                { language_menu(props, strings.language) }
                { theme_button(props, strings) }
            </div>
            <button type="button" class="primary" onclick={props.send.reform(|_| Message::Shared)}>
                { strings.share }
            </button>
            <button
                type="button"
                class="more"
                aria-label={strings.more}
                aria-expanded={is_open.to_string()}
                onclick={toggle}
            >{ "⋯" }</button>
        </header>
    }
}

/// Which releases the versions stand for, and what was compared with the newest.
fn versions_title(strings: &Strings, has_ray: bool) -> String {
    let mut title = strings.versions.to_owned();
    if let Some(it) = upstream::checked().next() {
        let line = strings.checked.replace("{release}", it.kubernetes);
        let line = line.replace("{metrics}", it.calculator).replace("{syncs}", it.syncs);
        title = [&title, ".\n", &line.replace("{date}", it.date)].concat();
    }
    if let Some(first) = upstream::checked_ray().next().filter(|_| has_ray) {
        let kinds: Vec<String> =
            upstream::checked_ray().map(|it| [it.kind, " ", it.cases].concat()).collect();
        let line = strings.checked_ray.replace("{release}", first.ray);
        title = [&title, ".\n", &line.replace("{kinds}", &kinds.join(", "))].concat();
    }
    title
}

fn examples_menu(props: &TopBarProps, label: &'static str, own_text: &'static str) -> Html {
    let chosen = props.example.as_deref();
    let onchange = props.send.reform(|event: Event| {
        Message::ExampleChosen(event.target_unchecked_into::<HtmlSelectElement>().value())
    });
    html! {
        <select class="menu-select examples" aria-label={label} {onchange}>
            if chosen.is_none() {
                <option value="" selected=true disabled=true>{ own_text }</option>
            }
            { for examples::all(props.language).map(|(id, title)| html! {
                <option value={id} selected={chosen == Some(id)}>{ title }</option>
            }) }
        </select>
    }
}

/// A file field that looks like a button; dropping files on the page does the same.
fn open_file(props: &TopBarProps, label: &'static str) -> Html {
    let opened = props.send.reform(Message::FilesOpened);
    let onchange = move |event: Event| {
        let field = event.target_unchecked_into::<HtmlInputElement>();
        files::read(field.files(), opened.clone());
        // So that the same file can be opened again.
        field.set_value("");
    };
    html! {
        <label class="quiet open-file">
            { label }
            <input type="file" multiple=true accept=".yaml,.yml,.json,.txt" {onchange} />
        </label>
    }
}

fn language_menu(props: &TopBarProps, label: &'static str) -> Html {
    let onchange = props.send.reform(|event: Event| {
        let tag = event.target_unchecked_into::<HtmlSelectElement>().value();
        Message::LanguageChosen(if tag == "ko" { Language::Ko } else { Language::En })
    });
    html! {
        <select class="menu-select quiet" aria-label={label} {onchange}>
            { for [(Language::En, "English"), (Language::Ko, "한국어")].map(|(it, name)| html! {
                <option value={it.tag()} lang={it.tag()} selected={props.language == it}>
                    { name }
                </option>
            }) }
        </select>
    }
}

fn theme_button(props: &TopBarProps, strings: &'static Strings) -> Html {
    let name = match props.theme {
        Theme::Auto => strings.theme_auto,
        Theme::Light => strings.theme_light,
        Theme::Dark => strings.theme_dark,
    };
    html! {
        <button
            type="button"
            class="theme"
            title={name}
            aria-label={name}
            data-theme-name={props.theme.name()}
            onclick={props.send.reform(|_| Message::ThemeSwitched)}
        >
            <svg width="14" height="14" viewBox="0 0 14 14" aria-hidden="true">
                <circle cx="7" cy="7" r="5.5" />
                <path class="theme-left" d="M7 1.500a5.500 5.500 0 0 0 0 11z" />
                <path class="theme-right" d="M7 1.500a5.500 5.500 0 0 1 0 11z" />
            </svg>
        </button>
    }
}
