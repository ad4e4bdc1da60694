// The YAML editor: CodeMirror 6 with marks, a line under each marked line, and highlighted lines.

import { defaultKeymap, history, historyKeymap, indentWithTab, isolateHistory } from "@codemirror/commands";
import { yaml } from "@codemirror/lang-yaml";
import { HighlightStyle, indentUnit, syntaxHighlighting } from "@codemirror/language";
import { search, searchKeymap } from "@codemirror/search";
import { EditorState, type Extension } from "@codemirror/state";
import { EditorView, drawSelection, keymap, lineNumbers } from "@codemirror/view";
import { tags } from "@lezer/highlight";
import { StyleModule } from "style-mod";
import { type Mark, goToNextMark, marks, setMarks } from "./editor-marks";
import { bareValues } from "./editor-values";
import { highlightedLines, setHighlight } from "./editor-lines";
import { type Guide, guided } from "./editor-guide";

/**
 * CodeMirror's styles go into a `<style>` element, which our Content-Security-Policy refuses, except
 * below a shadow root, where they go into a sheet that the page may adopt. So a shadow root that
 * nobody sees is given a first style, and what style-mod keeps there is shown to the document.
 */
function adoptStyles(): void {
  const shadow = document.createElement("div").attachShadow({ mode: "open" });
  StyleModule.mount(shadow, new StyleModule({}));
  for (const key of Object.getOwnPropertySymbols(shadow)) {
    Reflect.set(document, key, Reflect.get(shadow, key));
  }
}

/** What the editor tells the page, and asks it. */
export interface Events extends Guide {
  /** Someone typed. */
  edited(text: string): void;
  /** The pointer, or else the caret, is on a line; nowhere: -1. */
  pointed(from: number, to: number): void;
  /** A fix was picked. */
  picked(mark: number, fix: number): void;
}

const COLORS = HighlightStyle.define([
  { tag: [tags.propertyName, tags.definition(tags.propertyName)], class: "yaml-key" },
  { tag: [tags.number, tags.bool, tags.null], class: "yaml-value" },
  { tag: tags.comment, class: "yaml-comment" },
  { tag: tags.meta, class: "yaml-meta" },
]);

function extensions(events: Events, isOurs: () => boolean): Extension {
  let pointedLine = -1;
  const point = (view: EditorView, at: number | null) => {
    const line = at === null ? null : view.state.doc.lineAt(at);
    if ((line?.number ?? -1) === pointedLine) return;
    pointedLine = line?.number ?? -1;
    events.pointed(line?.from ?? -1, line?.to ?? -1);
  };
  return [
    lineNumbers(),
    history(),
    drawSelection(),
    search({ top: true }),
    indentUnit.of("  "),
    yaml(),
    syntaxHighlighting(COLORS),
    EditorState.tabSize.of(2),
    EditorView.lineWrapping,
    // What can be edited has the focus anyhow: the attribute says so to who looks for one.
    EditorView.contentAttributes.of({ "aria-label": "YAML", spellcheck: "false", tabindex: "0" }),
    marks((mark, fix) => events.picked(mark, fix)),
    highlightedLines,
    bareValues,
    guided(events),
    // Escape, then Tab leaves the editor, as CodeMirror's own documentation advises.
    keymap.of([
      { key: "F8", run: goToNextMark(true), shift: goToNextMark(false) },
      ...defaultKeymap,
      ...historyKeymap,
      ...searchKeymap,
      indentWithTab,
    ]),
    EditorView.updateListener.of((update) => {
      if (update.docChanged && !isOurs()) events.edited(update.state.doc.toString());
      if (update.selectionSet && update.view.hasFocus) {
        point(update.view, update.state.selection.main.head);
      }
    }),
    EditorView.domEventHandlers({
      mousemove: (event, view) => point(view, view.posAtCoords({ x: event.clientX, y: event.clientY })),
      mouseleave: (_event, view) => point(view, null),
      blur: (_event, view) => point(view, null),
      // The page opens files itself, wherever they are dropped.
      drop: (event) => (event.dataTransfer?.files.length ?? 0) > 0,
      beforeinput: (event, view) => typeOverLines(event, view),
    }),
  ];
}

/**
 * Typing over a selection of several lines: Chromium's own editing would join them with a `style`
 * attribute, which our Content-Security-Policy refuses aloud. Says whether it has been done.
 */
function typeOverLines(event: InputEvent, view: EditorView): boolean {
  const { doc, selection } = view.state;
  const { from, to } = selection.main;
  const isOverLines = doc.lineAt(from).number !== doc.lineAt(to).number;
  if (event.inputType !== "insertText" || event.data === null || !isOverLines) return false;
  view.dispatch(view.state.replaceSelection(event.data), {
    userEvent: "input.type",
    scrollIntoView: true,
  });
  return true;
}

/** The editor as Rust holds it. */
export class Editor {
  private readonly view: EditorView;
  private isOurs = false;

  constructor(place: HTMLElement, events: Events) {
    adoptStyles();
    const field = place.querySelector("textarea");
    const hadFocus = field !== null && document.activeElement === field;
    const doc = field?.value ?? "";
    const selection = { anchor: field?.selectionStart ?? 0, head: field?.selectionEnd ?? 0 };
    this.view = new EditorView({
      parent: place,
      state: EditorState.create({
        doc,
        selection: hadFocus ? selection : undefined,
        extensions: extensions(events, () => this.isOurs),
      }),
    });
    if (field) {
      this.view.scrollDOM.scrollTop = field.scrollTop;
      field.hidden = true;
    }
    if (hadFocus) this.view.focus();
  }

  /** Replaces what differs from `text`, as one step that can be undone. */
  setText(text: string): void {
    const old = this.view.state.doc.toString();
    if (old === text) return;
    let from = 0;
    while (from < old.length && from < text.length && old[from] === text[from]) from++;
    let back = 0;
    const most = Math.min(old.length, text.length) - from;
    while (back < most && old[old.length - 1 - back] === text[text.length - 1 - back]) back++;
    this.isOurs = true;
    this.view.dispatch({
      changes: { from, to: old.length - back, insert: text.slice(from, text.length - back) },
      annotations: isolateHistory.of("full"),
    });
    this.isOurs = false;
  }

  setMarks(all: Mark[]): void {
    this.view.dispatch({ effects: setMarks.of(all) });
  }

  /** Highlights the lines from `from` to `to`; none if `from` is negative. */
  highlight(from: number, to: number): void {
    this.view.dispatch({ effects: setHighlight.of(from < 0 ? null : { from, to }) });
  }

  /** Moves the caret to `at` and shows it. */
  goTo(at: number): void {
    const anchor = Math.min(at, this.view.state.doc.length);
    this.view.dispatch({
      selection: { anchor },
      effects: EditorView.scrollIntoView(anchor, { y: "center" }),
    });
    this.view.focus();
  }

  remove(): void {
    this.view.destroy();
  }
}
