//! What is legal and still not what was meant: one file a rule, named after what is wrong.
//!
//! A rule looks at the documents as they were read and points at what it finds; the one table
//! below lists them all by code. A code is never used twice.

mod cluster_is_not_scaled;
mod cpu_request_missing;
mod cpu_rounded_up_for_ray;
mod head_advertises_cpus;
mod no_scale_subresource;
mod replicas_under_hpa;
mod serve_replica_is_no_deployment;
mod target_not_pasted;
mod two_hpas_on_one_target;

#[cfg(test)]
mod testing;

use crate::chapter;
use crate::diagnostic::{Diagnostic, Severity};
use crate::manifest::Documents;
use crate::order;
use crate::source::Span;

/// A rule.
#[derive(Clone, Copy, Debug)]
pub struct Rule {
    /// Stable: `TT014`.
    pub code: &'static str,
    /// The wrong thing, so that it reads after "allow".
    pub name: &'static str,
    /// How bad it is.
    pub severity: Severity,
    /// The book's chapter that explains it; findings link to it once it is written.
    pub chapter: &'static str,
    check: fn(&Input<'_>, &mut Vec<Diagnostic>),
}

/// What a rule looks at.
#[derive(Clone, Copy, Debug)]
pub struct Input<'run> {
    /// The user's text; edits need it.
    pub text: &'run str,
    /// What was read of it.
    pub documents: &'run Documents,
}

impl Rule {
    /// A finding of this rule.
    fn at(&self, span: Span, message: impl Into<String>) -> Diagnostic {
        let found = Diagnostic::new(self.code, self.severity, span, message);
        chapter::written(self.chapter).into_iter().fold(found, Diagnostic::explained_in)
    }
}

/// Every rule, by code.
pub const RULES: &[Rule] = &[
    no_scale_subresource::RULE,
    serve_replica_is_no_deployment::RULE,
    target_not_pasted::RULE,
    cpu_request_missing::RULE,
    two_hpas_on_one_target::RULE,
    replicas_under_hpa::RULE,
    cpu_rounded_up_for_ray::RULE,
    head_advertises_cpus::RULE,
    cluster_is_not_scaled::RULE,
];

/// Checks every rule. The findings are in the order of the text.
pub fn check(text: &str, documents: &Documents) -> Vec<Diagnostic> {
    let mut found = Vec::new();
    for rule in RULES {
        (rule.check)(&Input { text, documents }, &mut found);
    }
    order::sort_by_key(&mut found, |it| it.span);
    found
}

#[cfg(test)]
mod tests {
    use super::RULES;

    #[test]
    fn the_table_is_sorted_and_no_code_or_name_is_used_twice() {
        assert!(RULES.windows(2).all(|it| it[0].code < it[1].code));
        let mut names: Vec<_> = RULES.iter().map(|it| it.name).collect();
        names.sort_unstable();
        assert!(names.windows(2).all(|it| it[0] != it[1]));
    }
}
