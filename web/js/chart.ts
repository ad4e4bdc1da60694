// One chart: uPlot draws; times, cursor and zoom are the page's own.

import uPlot from "uplot";
import { type Colors, colors, onNewColors } from "./colors";
import { axisTop, splits, label } from "./scale";

export type Role = "area" | "line" | "limit" | "ghost" | "unserved" | "band";
export type Tone = "hpa" | "ray" | "serve" | "node" | "load" | "bad";
export type Unit = "requestsPerSecond" | "percent" | "count" | "milliCpu" | "bytes";

export interface Series {
  name: string;
  role: Role;
  tone: Tone;
}

/** What Rust sends beside the numbers. */
export interface Shape {
  unit: Unit;
  series: Series[];
}

type Values = (number | null)[];

const STEPPED = uPlot.paths.stepped!({ align: 1 });
const DASHES: Partial<Record<Role, number[]>> = { limit: [5, 4], ghost: [2, 3] };
const LINE_WIDTH = 1.75;

/** uPlot wants `null` where there is no value. */
function withGaps(values: Float64Array): Values {
  return Array.from(values, (value) => (Number.isNaN(value) ? null : value));
}

export class ChartView {
  private plot: uPlot | null = null;
  private shape: Shape = { unit: "count", series: [] };
  private lists: [number[], ...Values[]] = [[]];
  private from = 0;
  private to = 1;
  private top = 1;
  private marks: number[] = [0, 1];
  private readonly sizes: ResizeObserver;
  private readonly forgetColors: () => void;

  constructor(private readonly place: HTMLElement) {
    this.sizes = new ResizeObserver(() => this.resize());
    this.sizes.observe(place);
    this.forgetColors = onNewColors(() => this.plot?.redraw(false, true));
  }

  /** Draws `lists`: the instants, then the values of each series that `shape` describes. */
  draw(shape: Shape, lists: Float64Array[]): void {
    const isSameShape = JSON.stringify(shape) === JSON.stringify(this.shape);
    this.shape = shape;
    this.lists = [Array.from(lists[0] ?? []), ...lists.slice(1).map(withGaps)];
    this.top = axisTop(shape, this.lists.slice(1) as Values[]);
    this.marks = splits(shape, this.lists.slice(1) as Values[], this.top);
    if (this.plot && isSameShape) {
      this.plot.setData(this.lists as uPlot.AlignedData, true);
    } else {
      this.create();
    }
  }

  /** Shows the time from `from` to `to`, in milliseconds. */
  show(from: number, to: number): void {
    [this.from, this.to] = [from, to];
    this.plot?.setScale("x", { min: from, max: to });
  }

  remove(): void {
    this.sizes.disconnect();
    this.forgetColors();
    this.plot?.destroy();
    this.plot = null;
  }

  private resize(): void {
    const { clientWidth: width, clientHeight: height } = this.place;
    if (!this.plot) {
      this.create();
    } else if (this.plot.width !== width || this.plot.height !== height) {
      this.plot.setSize({ width, height });
    }
  }

  private create(): void {
    this.plot?.destroy();
    this.plot = null;
    const { clientWidth: width, clientHeight: height } = this.place;
    if (this.shape.series.length === 0 || width < 80 || height < 20) return;
    const style = getComputedStyle(this.place);
    const pixels = (name: string) => Number.parseFloat(style.getPropertyValue(name));
    // uPlot multiplies a whole number of pixels only.
    const font = `11px ${style.fontFamily}`;
    this.plot = new uPlot(
      {
        width,
        height,
        padding: [9, pixels("--plot-right"), 5, 0],
        legend: { show: false },
        cursor: { show: false },
        scales: {
          x: { time: false, range: () => [this.from, this.to] },
          y: { range: () => [0, this.top] },
        },
        axes: [
          { show: false },
          {
            size: pixels("--plot-left"),
            gap: 7,
            font,
            stroke: () => colors().muted,
            splits: () => this.marks,
            values: (_plot, values) => values.map((value) => label(this.shape.unit, value)),
            filter: (_plot, values) => values,
            grid: { stroke: () => colors().line, width: 1 },
            ticks: { show: false },
            border: { show: false },
          },
        ],
        series: [{}, ...this.shape.series.map((series) => this.style(series))],
        bands: this.bands(),
        hooks: { draw: [(plot) => this.drawNames(plot, font)] },
      },
      this.lists as uPlot.AlignedData,
      this.place,
    );
    this.plot.setScale("x", { min: this.from, max: this.to });
  }

  /** Whether an area needs a line of its own, since no line of its colour is drawn over it. */
  private isAlone(area: Series): boolean {
    return !this.shape.series.some((it) => it.role === "line" && it.tone === area.tone);
  }

  /** A line in a second colour is dotted, so that colour is not all that tells it apart. */
  private isGuest(series: Series): boolean {
    return series.role === "line" && series.tone !== this.shape.series[0]!.tone;
  }

  private style(series: Series): uPlot.Series {
    const { role, tone } = series;
    const dash = DASHES[role] ?? (this.isGuest(series) ? [2, 3] : undefined);
    const shared = { label: series.name, scale: "y", points: { show: false }, paths: STEPPED };
    const stroke = () => colors()[tone];
    switch (role) {
      case "area":
        return {
          ...shared,
          fill: () => colors()[`${tone}Soft`],
          ...(this.isAlone(series) ? { stroke, width: LINE_WIDTH } : { width: 0 }),
        };
      case "band":
      case "unserved":
        return { ...shared, width: 0 };
      case "limit":
      case "ghost":
        return { ...shared, stroke, width: 1.25, dash };
      case "line":
        return { ...shared, stroke, width: LINE_WIDTH, dash };
    }
  }

  private bands(): uPlot.Band[] {
    const bands: uPlot.Band[] = [];
    const { series } = this.shape;
    series.forEach(({ role, tone }, index) => {
      const isSecondEdge = series[index - 1]?.role === "band" && role === "band";
      if (isSecondEdge && !(bands.at(-1)?.series[0] === index)) {
        const isUpper = this.isAbove(index, index - 1);
        const pair: uPlot.Band.Bounds = isUpper ? [index + 1, index] : [index, index + 1];
        bands.push({ series: pair, fill: () => colors()[`${tone}Soft`] });
      }
      const area = series.findIndex((it) => it.role === "area");
      if (role === "unserved" && area >= 0) {
        bands.push({ series: [index + 1, area + 1], fill: () => colors().unserved });
      }
    });
    return bands;
  }

  private isAbove(first: number, second: number): boolean {
    const [a, b] = [this.lists[first + 1] ?? [], this.lists[second + 1] ?? []];
    return a.some((value, at) => (value ?? 0) > ((b as Values)[at] ?? 0));
  }

  /** Writes the names of limits and ghosts beside their lines. */
  private drawNames(plot: uPlot, font: string): void {
    const { ctx, bbox } = plot;
    const ratio = devicePixelRatio;
    ctx.save();
    ctx.font = font.replace("11px", `${10.5 * ratio}px`);
    ctx.fillStyle = colors().muted;
    ctx.textBaseline = "bottom";
    this.shape.series.forEach(({ role, name }, index) => {
      if (role !== "limit" && role !== "ghost") return;
      const extent = this.visibleExtent(index);
      if (!extent) return;
      const last = role === "limit" ? this.lastVisible(index) : null;
      const y = plot.valToPos(last?.value ?? extent.value, "y", true) - 2 * ratio;
      const right = bbox.left + bbox.width - 3 * ratio;
      if (role === "limit") {
        // A line that ends before the right edge has its name at its end, if there is room.
        const end = plot.valToPos(Math.min(last?.to ?? this.to, this.to), "x", true) - 3 * ratio;
        const room = bbox.left + ctx.measureText(name).width + 3 * ratio;
        ctx.textAlign = "right";
        if (this.shape.unit !== "percent") ctx.fillText(name, Math.max(Math.min(end, right), room), y);
        return;
      }
      const half = ctx.measureText(name).width / 2;
      const left = plot.valToPos(Math.max(extent.from, this.from), "x", true);
      const end = plot.valToPos(Math.min(extent.to, this.to), "x", true);
      const middle = Math.min(Math.max((left + end) / 2, bbox.left + half), right - half);
      ctx.textAlign = "center";
      ctx.fillText(name, middle, y);
    });
    ctx.restore();
  }

  /** The last value of a series that is seen, and until when it holds. */
  private lastVisible(index: number): { value: number; to: number } | null {
    const [instants, values] = [this.lists[0], this.lists[index + 1] as Values];
    let last: { value: number; to: number } | null = null;
    instants.forEach((at, number) => {
      const value = values[number] ?? null;
      const to = instants[number + 1] ?? this.to;
      if (at <= this.to && value !== null && value <= this.top) last = { value, to };
    });
    return last;
  }

  /** Where a series has its highest visible value. */
  private visibleExtent(index: number): { from: number; to: number; value: number } | null {
    const [instants, values] = [this.lists[0], this.lists[index + 1] as Values];
    let found: { from: number; to: number; value: number } | null = null;
    instants.forEach((from, at) => {
      const to = instants[at + 1] ?? from;
      const value = values[at] ?? null;
      if (value === null || value > this.top || to < this.from || from > this.to) return;
      if (!found || value > found.value) found = { from, to, value };
      else if (value === found.value && found.to === from) found.to = to;
    });
    return found;
  }
}

export type { Colors };
