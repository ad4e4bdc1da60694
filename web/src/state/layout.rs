//! How the page is arranged.

/// What the left column shows.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum Tab {
    /// The editor.
    #[default]
    Manifests,
    /// The Scenario's load.
    Load,
    /// Every assumption.
    Assumptions,
}

/// What the middle column shows.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum Middle {
    /// Verdicts and charts.
    #[default]
    Timeline,
    /// Who is where at an instant.
    Placement,
    /// The next decision of each HPA.
    RightNow,
}

/// Which column a narrow screen shows.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum View {
    /// The editor.
    Yaml,
    /// The load and the assumptions.
    Load,
    /// Verdicts and charts.
    #[default]
    Timeline,
    /// Who is where at an instant.
    Placement,
    /// The next decision of each HPA.
    RightNow,
    /// The explanation.
    Why,
}

impl View {
    /// As in the page's `data-view`, which the styles select by.
    pub(crate) const fn name(self) -> &'static str {
        match self {
            Self::Yaml => "yaml",
            Self::Load => "load",
            Self::Timeline => "timeline",
            Self::Placement => "placement",
            Self::RightNow => "right-now",
            Self::Why => "why",
        }
    }
}

/// Light or dark.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum Theme {
    /// As the system.
    #[default]
    Auto,
    /// Light.
    Light,
    /// Dark.
    Dark,
}

impl Theme {
    /// As in `<html data-theme>` and in the browser's storage.
    pub(crate) const fn name(self) -> &'static str {
        match self {
            Self::Auto => "auto",
            Self::Light => "light",
            Self::Dark => "dark",
        }
    }

    /// The theme of that name, else [`Theme::Auto`].
    pub(crate) fn named(name: &str) -> Self {
        match name {
            "light" => Self::Light,
            "dark" => Self::Dark,
            _ => Self::Auto,
        }
    }

    /// What the button switches to.
    pub(crate) const fn next(self) -> Self {
        match self {
            Self::Auto => Self::Light,
            Self::Light => Self::Dark,
            Self::Dark => Self::Auto,
        }
    }
}
