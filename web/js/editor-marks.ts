// Marks: a wavy underline, a dot in the gutter, and one line under the line that says what is
// wrong or what binds, with its fixes as buttons.

import { type Extension, type Range, RangeSet, StateEffect, StateField } from "@codemirror/state";
import {
  type Command,
  Decoration,
  type DecorationSet,
  EditorView,
  GutterMarker,
  WidgetType,
  gutter,
} from "@codemirror/view";

/** As `web/src/queries/marks.rs` sends it. */
export interface Mark {
  from: number;
  to: number;
  kind: "error" | "warning" | "info" | "binds";
  message: string;
  fixes: string[];
  chapter: string;
}

type Pick = (mark: number, fix: number) => void;

interface Marked {
  all: Mark[];
  /** The line of the caret, whose remarks show as well. */
  line: number;
  decorations: DecorationSet;
  dots: RangeSet<GutterMarker>;
}

export const setMarks = StateEffect.define<Mark[]>();

const RANK: Record<Mark["kind"], number> = { error: 0, warning: 1, binds: 2, info: 3 };

class Lens extends WidgetType {
  constructor(
    private readonly index: number,
    private readonly mark: Mark,
    private readonly pick: Pick,
  ) {
    super();
  }

  override eq(other: Lens): boolean {
    return this.index === other.index && JSON.stringify(this.mark) === JSON.stringify(other.mark);
  }

  override toDOM(): HTMLElement {
    // CodeMirror measures a block without its margins: the space around is the outer one's padding.
    const block = document.createElement("div");
    block.className = "cm-lens-block";
    const lens = document.createElement("div");
    lens.className = `cm-lens cm-lens-${this.mark.kind}`;
    block.append(lens);
    lens.append(this.mark.message);
    this.mark.fixes.forEach((title, fix) => {
      const button = document.createElement("button");
      button.type = "button";
      button.textContent = title;
      button.addEventListener("click", () => this.pick(this.index, fix));
      lens.append(" · ", button);
    });
    if (this.mark.chapter) {
      const link = document.createElement("a");
      link.href = this.mark.chapter;
      link.textContent = document.documentElement.lang === "ko" ? "책에서 읽기" : "why";
      lens.append(" · ", link);
    }
    return block;
  }

  override ignoreEvent(): boolean {
    return true;
  }
}

class Dot extends GutterMarker {
  constructor(private readonly mark: Mark) {
    super();
  }

  override eq(other: Dot): boolean {
    return this.mark.kind === other.mark.kind && this.mark.message === other.mark.message;
  }

  override toDOM(): HTMLElement {
    const dot = document.createElement("span");
    dot.className = `cm-dot cm-dot-${this.mark.kind}`;
    dot.title = this.mark.message;
    return dot;
  }
}

function drawn(all: Mark[], state: EditorView["state"], pick: Pick): Marked {
  const { doc } = state;
  const caretLine = doc.lineAt(state.selection.main.head).number;
  const decorations: Range<Decoration>[] = [];
  const worst = new Map<number, Mark>();
  all.forEach((mark, index) => {
    const from = Math.min(mark.from, doc.length);
    const line = doc.lineAt(from);
    // An underline goes to the end of its line: a whole document underlined says nothing.
    const to = Math.min(Math.max(mark.to, from), line.to);
    if (to > from) {
      decorations.push(Decoration.mark({ class: `cm-mark cm-mark-${mark.kind}` }).range(from, to));
    }
    if (mark.kind !== "info" || line.number === caretLine) {
      const widget = new Lens(index, mark, pick);
      decorations.push(Decoration.widget({ widget, block: true, side: 1 + RANK[mark.kind] }).range(line.to));
    }
    const known = worst.get(line.from);
    if (mark.kind !== "binds" && (!known || RANK[mark.kind] < RANK[known.kind])) {
      worst.set(line.from, mark);
    }
  });
  const dots = [...worst].map(([at, mark]) => new Dot(mark).range(at));
  return {
    all,
    line: caretLine,
    decorations: Decoration.set(decorations, true),
    dots: RangeSet.of(dots, true),
  };
}

/** Marks follow the text while it changes; the next report replaces them. */
export function marks(pick: Pick): Extension {
  const field = StateField.define<Marked>({
    create: (state) => drawn([], state, pick),
    update(old, transaction) {
      for (const effect of transaction.effects) {
        if (effect.is(setMarks)) return drawn(effect.value, transaction.state, pick);
      }
      if (transaction.docChanged) {
        const { changes } = transaction;
        const all = old.all.map((mark) => {
          const from = changes.mapPos(mark.from, 1);
          return { ...mark, from, to: Math.max(from, changes.mapPos(mark.to, -1)) };
        });
        return drawn(all, transaction.state, pick);
      }
      const line = transaction.state.doc.lineAt(transaction.state.selection.main.head).number;
      return line === old.line ? old : drawn(old.all, transaction.state, pick);
    },
    provide: (self) => EditorView.decorations.from(self, (it) => it.decorations),
  });
  known = field;
  return [field, gutter({ class: "cm-dots", markers: (view) => view.state.field(field).dots })];
}

let known: StateField<Marked> | null = null;

/** Moves the caret to the next mark, or the previous one, and round the ends. */
export function goToNextMark(isForward: boolean): Command {
  return (view) => {
    const all = known ? view.state.field(known).all : [];
    const places = [...new Set(all.map((it) => it.from))].sort((a, b) => a - b);
    if (places.length === 0) return false;
    const head = view.state.selection.main.head;
    const anchor = isForward
      ? (places.find((it) => it > head) ?? places[0]!)
      : (places.filter((it) => it < head).at(-1) ?? places.at(-1)!);
    view.dispatch({ selection: { anchor }, scrollIntoView: true });
    return true;
  };
}
