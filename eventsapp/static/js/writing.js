// Writing in Markdown: a bar of marks, their keys, pictures, and what is pasted from a word processor made Markdown.
import { isRich, toMarkdown } from "./pasted.js";

const bar = document.querySelector("[data-marks]");
const field = document.getElementById(bar.getAttribute("aria-controls"));
const told = document.getElementById("writing-told");
const marks = [...bar.querySelectorAll("button")];

/** Type `text` over the selection, so that the browser can take it back; select a part of it. */
function type(text, from = text.length, to = from) {
  const start = field.selectionStart;
  field.focus();
  if (!document.execCommand("insertText", false, text)) {
    field.setRangeText(text, start, field.selectionEnd, "end");
    field.dispatchEvent(new Event("input", { bubbles: true }));
  }
  field.setSelectionRange(start + from, start + to);
}

const selected = () => field.value.slice(field.selectionStart, field.selectionEnd);

/** Put `sign` on both sides of the selection, or take it away again. */
function wrap(sign, words) {
  const text = selected();
  if (text.length > 2 * sign.length && text.startsWith(sign) && text.endsWith(sign)) {
    const bare = text.slice(sign.length, -sign.length);
    type(bare, 0, bare.length);
  } else {
    const inner = text || words;
    type(`${sign}${inner}${sign}`, sign.length, sign.length + inner.length);
  }
}

/** Begin each selected line with `sign`, in place of another mark of its kind. */
function begin(sign, others = /^(#{1,6} |[-+*] |\d+\. |> )/) {
  const start = field.value.lastIndexOf("\n", field.selectionStart - 1) + 1;
  const after = field.value.indexOf("\n", field.selectionEnd);
  field.setSelectionRange(start, after < 0 ? field.value.length : after);
  const lines = selected().split("\n");
  const begun = (line, place) => (typeof sign === "function" ? sign(place) : sign);
  const all = lines.every((line, place) => line.startsWith(begun(line, place)));
  type(lines.map((line, place) => (all ? line.slice(begun(line, place).length) : begun(line, place) + line.replace(others, ""))).join("\n"));
}

/** Put a block on lines of its own at the end of the selection; `inner` of it is selected. */
function place(text, inner = "") {
  const before = field.value.slice(0, field.selectionStart);
  const after = field.value.slice(field.selectionEnd);
  const gap = !before || before.endsWith("\n\n") ? "" : before.endsWith("\n") ? "\n" : "\n\n";
  const end = !after ? "\n" : after.startsWith("\n\n") ? "" : after.startsWith("\n") ? "\n" : "\n\n";
  const from = gap.length + text.indexOf(inner);
  type(`${gap}${text}${end}`, inner ? from : gap.length + text.length, inner ? from + inner.length : gap.length + text.length);
}

const nextNote = () => 1 + Math.max(0, ...[...field.value.matchAll(/\[\^(\d+)\]/g)].map((found) => Number(found[1])));

function note() {
  const number = nextNote();
  field.setSelectionRange(field.selectionEnd, field.selectionEnd);
  type(`[^${number}]`);
  const back = field.value.length;
  field.setSelectionRange(back, back);
  type(`${field.value.endsWith("\n\n") ? "" : field.value.endsWith("\n") ? "\n" : "\n\n"}[^${number}]: `);
  field.scrollTop = field.scrollHeight;
}

function link() {
  const text = selected();
  if (/^https?:\/\/\S+$/.test(text)) return type(`[${bar.dataset.words}](${text})`, 1, 1 + bar.dataset.words.length);
  const words = text || bar.dataset.words;
  return type(`[${words}](https://)`, words.length + 3, words.length + 11);
}

const deeds = {
  bold: () => wrap("**", bar.dataset.words),
  italic: () => wrap("_", bar.dataset.words),
  link,
  heading: () => begin("## "),
  subheading: () => begin("### "),
  list: () => begin("- "),
  numbers: () => begin((line) => `${line + 1}. `),
  table: () => place(bar.dataset.table.replaceAll("\\n", "\n"), bar.dataset.table.match(/\| (\S+)/)[1]),
  note,
  box: () => place(`::: box ${bar.dataset.title}\n${selected() || bar.dataset.words}\n:::`, bar.dataset.title),
  quote: () => ask("quote-dialog"),
  picture: () => ask("picture-dialog"),
};

for (const button of marks) button.addEventListener("click", () => deeds[button.dataset.mark]());

// One stop of the Tab key for the whole bar; arrows go through it.
marks.forEach((button, number) => (button.tabIndex = number ? -1 : 0));
bar.addEventListener("keydown", (event) => {
  const steps = { ArrowRight: 1, ArrowLeft: -1, Home: -marks.length, End: marks.length };
  if (event.key === "Escape") field.focus();
  if (!(event.key in steps)) return;
  event.preventDefault();
  const now = marks.indexOf(document.activeElement);
  const next = Math.abs(steps[event.key]) > 1 ? Math.max(0, Math.min(marks.length - 1, now + steps[event.key])) : (now + steps[event.key] + marks.length) % marks.length;
  marks.forEach((button, number) => (button.tabIndex = number === next ? 0 : -1));
  marks[next].focus();
});
field.addEventListener("keydown", (event) => {
  if (event.altKey && event.key === "F10") {
    event.preventDefault();
    marks.find((button) => button.tabIndex === 0).focus();
  }
  const keys = { b: "bold", i: "italic", k: "link" };
  if ((event.ctrlKey || event.metaKey) && !event.altKey && !event.shiftKey && event.key.toLowerCase() in keys) {
    event.preventDefault();
    deeds[keys[event.key.toLowerCase()]]();
  }
});

// The two marks that ask something first.
function ask(name, files) {
  const dialog = document.getElementById(name);
  const form = dialog.querySelector("form");
  form.reset();
  for (const error of form.querySelectorAll(".error-text")) error.hidden = true;
  if (files) form.elements.picture.files = files;
  dialog.showModal();
  (files ? form.elements.alt : form.querySelector("select, input:not([type=hidden])")).focus();
}

for (const dialog of document.querySelectorAll("[data-asks]")) {
  for (const button of dialog.querySelectorAll("[data-close]")) button.addEventListener("click", () => dialog.close());
  dialog.addEventListener("close", () => field.focus());
}

document.querySelector("#quote-dialog form").addEventListener("submit", (event) => {
  event.preventDefault();
  const said = [event.target.elements.voice.value, event.target.elements.other.value.trim()].find(Boolean) ?? "";
  document.getElementById("quote-dialog").close();
  place(`::: quote${said ? ` ${said}` : ""}\n${selected() || bar.dataset.words}\n:::`, selected() || bar.dataset.words);
});

document.querySelector("#picture-dialog form").addEventListener("submit", async (event) => {
  event.preventDefault();
  const form = event.target;
  const button = form.querySelector("[type=submit]");
  button.disabled = true;
  let answer = { line: "", errors: { picture: [form.dataset.failed] } };
  try {
    const sent = await fetch(form.action, { method: "POST", body: new FormData(form), headers: { Accept: "application/json" } });
    if (sent.headers.get("Content-Type")?.startsWith("application/json")) answer = await sent.json();
  } catch {
    // No network: the form stays as it is.
  }
  button.disabled = false;
  if (answer.line) {
    document.getElementById("picture-dialog").close();
    place(answer.line);
    return;
  }
  let first;
  for (const error of form.querySelectorAll(".error-text")) {
    const words = answer.errors[error.dataset.of]?.[0];
    error.hidden = !words;
    error.lastElementChild.textContent = words ?? "";
    form.elements[error.dataset.of].setAttribute("aria-invalid", String(Boolean(words)));
    if (words) first ??= form.elements[error.dataset.of];
  }
  first?.focus();
});

// What comes from elsewhere: a picture alone asks what it shows; a text with looks becomes Markdown.
function bring(event, data) {
  const html = data.getData("text/html");
  if (html && isRich(html)) {
    const { text, pictures } = toMarkdown(html, { firstNote: nextNote() });
    if (text) {
      event.preventDefault();
      if (text.includes("\n\n") || /^(#|- |\d+\. |\|)/.test(text)) place(text);
      else type(text);
      told.textContent = pictures ? told.dataset.pictures : told.dataset.cleaned;
      return;
    }
  }
  const pictures = [...data.files].filter((file) => /^image\/(png|jpeg|webp)$/.test(file.type));
  if (pictures.length) {
    event.preventDefault();
    const files = new DataTransfer();
    files.items.add(pictures[0]);
    ask("picture-dialog", files.files);
  }
}

field.addEventListener("paste", (event) => bring(event, event.clipboardData));
field.addEventListener("drop", (event) => bring(event, event.dataTransfer));
bar.hidden = false;
