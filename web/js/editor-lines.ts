// Lines that the why column points at.

import { type EditorState, StateEffect, StateField } from "@codemirror/state";
import { Decoration, type DecorationSet, EditorView } from "@codemirror/view";

interface Place {
  from: number;
  to: number;
}

/** A document of many lines is not highlighted whole: its first lines say enough. */
const LINES_MAX = 40;

export const setHighlight = StateEffect.define<Place | null>();

const LINE = Decoration.line({ class: "cm-pointed" });

function lines(state: EditorState, place: Place): DecorationSet {
  const { doc } = state;
  const first = doc.lineAt(Math.min(place.from, doc.length)).number;
  const last = doc.lineAt(Math.min(Math.max(place.from, place.to), doc.length)).number;
  const ranges = [];
  for (let number = first; number <= Math.min(last, first + LINES_MAX); number++) {
    ranges.push(LINE.range(doc.line(number).from));
  }
  return Decoration.set(ranges);
}

export const highlightedLines = StateField.define<DecorationSet>({
  create: () => Decoration.none,
  update(old, transaction) {
    for (const effect of transaction.effects) {
      if (effect.is(setHighlight)) {
        return effect.value ? lines(transaction.state, effect.value) : Decoration.none;
      }
    }
    return old.map(transaction.changes);
  },
  provide: (field) => EditorView.decorations.from(field),
});
