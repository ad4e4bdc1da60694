// Completion and documentation: what core says of the place, in CodeMirror's popups.

import {
  type Completion,
  type CompletionContext,
  type CompletionResult,
  autocompletion,
  completionKeymap,
} from "@codemirror/autocomplete";
import { type Extension, StateEffect, StateField } from "@codemirror/state";
import { EditorView, type Tooltip, hoverTooltip, keymap, showTooltip } from "@codemirror/view";

/** As `web/src/queries/guide.rs` sends it. */
interface Entry {
  name: string;
  kind: string;
  isNested: boolean;
  /** `default 30`, or nothing. */
  default: string;
  about: string;
}

/** Asked by the editor; places are UTF-16 offsets, and spans are `[from, to]`. */
export interface Guide {
  suggest(text: string, at: number): { span: [number, number]; entries: Entry[] } | undefined;
  describe(text: string, at: number): { span: [number, number]; entry: Entry } | undefined;
}

function completion(entry: Entry, after: string): Completion {
  const isField = entry.kind !== "";
  const colon = isField && !after.startsWith(":") ? (entry.isNested ? ":" : ": ") : "";
  return {
    label: entry.name,
    apply: entry.name + colon,
    detail: [entry.kind, entry.default].filter(Boolean).join(" · "),
    info: entry.about || undefined,
    type: isField ? "property" : "enum",
    // As the API lists them.
    boost: 0,
  };
}

function source(guide: Guide) {
  return (context: CompletionContext): CompletionResult | null => {
    const { doc } = context.state;
    const found = guide.suggest(doc.toString(), context.pos);
    if (!found || found.entries.length === 0) return null;
    const [from, to] = found.span;
    // Unasked, only where a word has begun or a field waits for one of few words.
    const isBegun = from < context.pos || found.entries[0]!.kind === "";
    if (!context.explicit && !isBegun) return null;
    const after = doc.sliceString(to, to + 1);
    return {
      from,
      to: Math.max(to, context.pos),
      options: found.entries.map((it) => completion(it, after)),
      validFor: /^[\w.-]*$/,
    };
  };
}

/** The field at `at`, above its key. */
function about(guide: Guide, view: EditorView["state"], at: number): Tooltip | null {
  const found = guide.describe(view.doc.toString(), at);
  if (!found) return null;
  const { entry, span } = found;
  return {
    pos: span[0],
    end: span[1],
    above: true,
    create: () => {
      const dom = document.createElement("div");
      dom.className = "cm-about";
      dom.setAttribute("role", "status");
      const head = document.createElement("p");
      const name = document.createElement("code");
      name.textContent = entry.name;
      head.append(name, ` ${[entry.kind, entry.default].filter(Boolean).join(" · ")}`);
      dom.append(head);
      if (entry.about) {
        const text = document.createElement("p");
        text.textContent = entry.about;
        dom.append(text);
      }
      return { dom };
    },
  };
}

const setAbout = StateEffect.define<Tooltip | null>();

/** What the keyboard asked for; any other move of the caret takes it away. */
const shown = StateField.define<Tooltip | null>({
  create: () => null,
  update(old, transaction) {
    for (const effect of transaction.effects) if (effect.is(setAbout)) return effect.value;
    return transaction.docChanged || transaction.selection ? null : old;
  },
  provide: (field) => showTooltip.from(field),
});

/** Ctrl-Space completes; F1 tells of the field at the caret, as the pointer does. */
export function guided(guide: Guide): Extension {
  const close = (view: EditorView) => {
    if (!view.state.field(shown)) return false;
    view.dispatch({ effects: setAbout.of(null) });
    return true;
  };
  const tell = (view: EditorView) => {
    const tooltip = about(guide, view.state, view.state.selection.main.head);
    view.dispatch({ effects: setAbout.of(tooltip) });
    return true;
  };
  return [
    autocompletion({ override: [source(guide)], icons: false, defaultKeymap: false }),
    hoverTooltip((view, at) => about(guide, view.state, at), { hoverTime: 400 }),
    shown,
    keymap.of([
      ...completionKeymap,
      { key: "F1", run: tell },
      { key: "Escape", run: close },
    ]),
  ];
}
