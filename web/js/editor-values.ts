// Colours plain scalars that YAML reads as numbers or booleans; the grammar calls them literals.

import { syntaxTree } from "@codemirror/language";
import { type Range } from "@codemirror/state";
import { Decoration, type DecorationSet, type EditorView, ViewPlugin, type ViewUpdate } from "@codemirror/view";

const BARE_VALUE = /^(-?\d[\w.%]*|true|false|null|~)$/;
const VALUE = Decoration.mark({ class: "yaml-value" });

function found(view: EditorView): DecorationSet {
  const ranges: Range<Decoration>[] = [];
  for (const { from, to } of view.visibleRanges) {
    syntaxTree(view.state).iterate({
      from,
      to,
      enter: (node) => {
        const isKey = node.node.parent?.name === "Key";
        if (node.name !== "Literal" || isKey || node.to - node.from > 32) return;
        const text = view.state.sliceDoc(node.from, node.to);
        if (BARE_VALUE.test(text)) ranges.push(VALUE.range(node.from, node.to));
      },
    });
  }
  return Decoration.set(ranges);
}

export const bareValues = ViewPlugin.fromClass(
  class {
    decorations: DecorationSet;
    constructor(view: EditorView) {
      this.decorations = found(view);
    }
    update(update: ViewUpdate): void {
      const isParsed = syntaxTree(update.startState) !== syntaxTree(update.state);
      if (update.docChanged || update.viewportChanged || isParsed) {
        this.decorations = found(update.view);
      }
    }
  },
  { decorations: (plugin) => plugin.decorations },
);
