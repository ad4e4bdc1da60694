// The value axis: how high it goes, which values it names, and how they are printed.

import type { Shape, Unit } from "./chart";

type Values = (number | null)[];

/** Tops with a half that is easy to read. */
const TOPS = [1, 2, 3, 4, 5, 6, 8, 10, 12, 16, 20, 24, 30, 40, 50, 60, 80];
/** A limit this many times above everything else is left out rather than flatten the rest. */
const FAR_LIMIT = 3;

/** A line higher than this share of the axis has no room for its name above it. */
const ROOM_FOR_NAME = 0.95;

function highest(lists: Values[]): number {
  return lists.reduce((top, list) => list.reduce<number>((a, b) => Math.max(a, b ?? 0), top), 0);
}

/** The highest value that the axis shows. */
export function axisTop(shape: Shape, lists: Values[]): number {
  const isLimit = (at: number) => ["limit", "band"].includes(shape.series[at]?.role ?? "");
  const data = highest(lists.filter((_, at) => !isLimit(at)));
  const limit = highest(lists.filter((_, at) => isLimit(at)));
  const isNear = data === 0 || limit <= data * FAR_LIMIT || shape.unit === "percent";
  const top = niceTop(Math.max(data, isNear ? limit : 0), shape.unit);
  const isWrittenOn = (at: number) => ["limit", "ghost"].includes(shape.series[at]?.role ?? "");
  const written = highest(lists.filter((_, at) => isWrittenOn(at)));
  const isCramped = written <= top && written > top * ROOM_FOR_NAME && shape.unit !== "percent";
  return isCramped ? niceTop(top * 1.05, shape.unit) : top;
}

function niceTop(value: number, unit: Unit): number {
  const base = unit === "bytes" ? 1024 * 1024 : 1;
  const wanted = value / base;
  if (!(wanted > 0)) return base;
  const power = 10 ** Math.max(0, Math.floor(Math.log10(wanted)) - 1);
  const top = TOPS.find((it) => it * power >= wanted) ?? 100;
  return Math.ceil(top * power) * base;
}

/** The values that get a line and a name: zero, a target or the half, and the top. */
export function splits(shape: Shape, lists: Values[], top: number): number[] {
  if (shape.unit === "percent") {
    const at = shape.series.findIndex((it) => it.role === "limit");
    const target = at < 0 ? null : (lists[at]?.find((it) => it !== null) ?? null);
    const isApart = target !== null && target > top * 0.15 && target < top * 0.85;
    if (isApart) return [0, target, top];
  }
  const half = top / 2;
  return Number.isInteger(half) || top >= 1024 ? [0, half, top] : [0, top];
}

export function label(unit: Unit, value: number): string {
  switch (unit) {
    case "percent":
      return `${Math.round(value)}%`;
    case "milliCpu":
      return `${Math.round(value)}m`;
    case "bytes":
      return value >= 2 ** 30 ? `${+(value / 2 ** 30).toFixed(1)}Gi` : `${Math.round(value / 2 ** 20)}Mi`;
    case "count":
    case "requestsPerSecond":
      return value >= 10_000 ? `${+(value / 1000).toFixed(1)}k` : `${+value.toFixed(2)}`;
  }
}
