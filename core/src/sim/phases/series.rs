//! Metrics with numbers of their own change; Prometheus scrapes.
//!
//! DIFFERENCE(scrape-phase): the first scrape of every target is when the run begins.

use crate::sim::event::Event;
use crate::sim::pipeline::Truth;
use crate::sim::world::World;
use crate::time::Instant;

impl World<'_> {
    /// A metric takes the value that it has from now on.
    pub(in crate::sim) fn series_changes(&mut self, series: usize, now: Instant) {
        self.follow(series, now);
        if let Truth::Own { load, .. } = &self.model.pipeline.series[series].truth
            && let Some(next) = load.next_change(now)
        {
            self.queue.add(next, Event::SeriesChanges { series });
        }
    }

    /// One scrape of a series.
    pub(in crate::sim) fn prometheus_scrapes(&mut self, series: usize, now: Instant) {
        self.scrape_series(series, now);
        let wait = self.model.pipeline.series[series].prometheus.scrape;
        self.queue.add(now + wait, Event::SeriesScrape { series });
    }
}
