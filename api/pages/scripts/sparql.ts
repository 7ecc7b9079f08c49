// The field for a query with its words in colours and its lines in order (CodeMirror). Without this script the form's own field is there.
// The editor lives in a shadow root: there its styles are adopted sheets, which a content security policy without inline styles allows.

import { defaultKeymap, history, historyKeymap } from "@codemirror/commands";
import { HighlightStyle, StreamLanguage, bracketMatching, syntaxHighlighting } from "@codemirror/language";
import { sparql } from "@codemirror/legacy-modes/mode/sparql";
import { EditorState } from "@codemirror/state";
import { EditorView, keymap, lineNumbers } from "@codemirror/view";
import { tags } from "@lezer/highlight";

// CodeMirror sets styles as attributes, which that policy does not allow; set as properties they are the same, and allowed.
const setAttribute = Element.prototype.setAttribute;
Element.prototype.setAttribute = function (this: Element, name: string, value: string): void {
  if (name === "style" && this instanceof HTMLElement) this.style.cssText = value;
  else setAttribute.call(this, name, value);
};

const field = document.querySelector<HTMLTextAreaElement>("textarea[name=query]")!;
const place = document.createElement("div");
field.before(place);
const root = place.attachShadow({ mode: "open" });

// The page's colours: custom properties reach into a shadow root.
const colours = HighlightStyle.define([
  { tag: tags.keyword, color: "var(--plans)", fontWeight: "600" },
  { tag: tags.variableName, color: "var(--denies)" },
  { tag: [tags.string, tags.number], color: "var(--asserts)" },
  { tag: [tags.atom, tags.propertyName, tags.typeName], color: "var(--aims)" },
  { tag: tags.comment, color: "var(--faint)" },
]);
const look = EditorView.theme({
  "&": { border: "1px solid var(--line)", borderRadius: "0.4rem", background: "var(--raised)", color: "var(--ink)", fontSize: "0.95rem" },
  "&.cm-focused": { outline: "3px solid var(--accent)", outlineOffset: "2px" },
  ".cm-content": { fontFamily: "ui-monospace, monospace", minHeight: "14em", caretColor: "var(--ink)" },
  ".cm-gutters": { background: "transparent", color: "var(--faint)", border: "none" },
});

const editor = new EditorView({
  root,
  parent: root,
  state: EditorState.create({
    doc: field.value,
    extensions: [
      lineNumbers(),
      history(),
      bracketMatching(),
      StreamLanguage.define(sparql),
      syntaxHighlighting(colours),
      look,
      EditorView.lineWrapping,
      EditorView.contentAttributes.of({ "aria-label": field.getAttribute("aria-label") ?? "SPARQL" }),
      EditorView.updateListener.of((update) => {
        if (update.docChanged) field.value = update.state.doc.toString();
      }),
      keymap.of([
        {
          key: "Mod-Enter",
          run: () => {
            field.form!.requestSubmit();
            return true;
          },
        },
        ...defaultKeymap,
        ...historyKeymap,
      ]),
    ],
  }),
});
field.hidden = true;
place.classList.add("editor");
place.dataset.ready = String(editor.state.doc.lines);
