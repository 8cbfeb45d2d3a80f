// What a word processor puts on the clipboard, as Markdown: headings, lists, tables, notes, bold, italic and links stay;
// styles, smart tags, hidden text, tracked deletions, comments and empty paragraphs go.
const BLOCKS = "p,div,section,article,center,h1,h2,h3,h4,h5,h6,ul,ol,dl,dt,dd,table,blockquote,pre,hr,body,main";
const LEFT_OUT = [
  "style,script,meta,link,title,xml,template,noscript,del,.msocomanchor,[class^=MsoCommentReference]",
  "[data-style*='mso-hide:all'],[data-style*='mso-hide: all'],[data-style*='mso-element:comment'],[data-style*='mso-element: comment']",
  "[data-style*='display:none'],[data-style*='display: none']",
].join(",");
// Calls of notes, and the way back from a note: Word (footnotes, endnotes), Google Docs, LibreOffice.
const CALL = /^#(_ftn|_edn|ftnt|sdfootnote|sdendnote)(\d+)(?:sym)?$/;
const BACK = /^#(?:(_ftn|_edn)ref|(ftnt)_ref|(sdfootnote|sdendnote))(\d+)(?:anc)?$/;
const DEEPEST = 4;

const styleOf = (element) => (element.getAttribute?.("data-style") ?? "").toLowerCase().replace(/\s*:\s*/g, ":");
const isBlock = (node) => node.nodeType === 1 && node.matches(BLOCKS);
const holdsBlocks = (node) => node.nodeType === 1 && (isBlock(node) || node.querySelector(BLOCKS) !== null);

/** Whether a paste has more to it than letters; what code editors put there, coloured lines, has not. */
export function isRich(html) {
  return /<(h[1-6]|p|ul|ol|table|b|strong|i|em|blockquote|a\s[^>]*href)[\s>]/i.test(html);
}

/** The same with its looks as data: the page's policy reports every style that is parsed, though none is shown. */
const harmless = (html) => html.replace(/(<[a-z][^>]*?\s)style=/gi, "$1data-style=").replace(/<(\/?)style\b/gi, "<$1template");

/** The Markdown of `html`, its notes numbered from `firstNote` on, and how many pictures were left out. */
export function toMarkdown(html, { firstNote = 1 } = {}) {
  const body = new DOMParser().parseFromString(harmless(html), "text/html").body;
  const pictures = body.querySelectorAll("img, v\\:imagedata").length;
  for (const element of body.querySelectorAll(LEFT_OUT)) element.remove();
  const notes = new Notes(firstNote);
  notes.take(body);
  const found = [];
  gather(body, found, { notes, depth: 0 });
  ranked(found);
  const text = [written(found), ...notes.written()].filter(Boolean).join("\n\n");
  return { text, pictures };
}

class Notes {
  constructor(first) {
    this.first = first;
    this.numbers = new Map();
    this.texts = new Map();
  }

  number(kind, number) {
    const key = `${kind}${number}`;
    if (!this.numbers.has(key)) this.numbers.set(key, this.first + this.numbers.size);
    return this.numbers.get(key);
  }

  /** Take the notes themselves out of the text, wherever they stand. */
  take(body) {
    for (const anchor of body.querySelectorAll("a[href]")) {
      const found = anchor.getAttribute("href").replace(/^.*#/, "#").match(BACK);
      if (!found || CALL.test(anchor.getAttribute("href").replace(/^.*#/, "#"))) continue;
      const kind = found[1] ?? found[2] ?? found[3];
      const place = anchor.closest("[id^=ftn]:not(a),[id^=edn]:not(a),[id^=sdfootnote]:not(a),[id^=sdendnote]:not(a)") ?? anchor.closest("p,li,div");
      if (!place || place === body) continue;
      const list = place.parentElement;
      anchor.remove();
      this.texts.set(`${kind}${found[4]}`, place);
      place.remove();
      if (/mso-element:(foot|end)note-list/.test(styleOf(list)) || !list.textContent.trim()) list.querySelectorAll("hr").forEach((rule) => rule.remove());
    }
  }

  call(anchor) {
    const found = (anchor.getAttribute("href") ?? "").replace(/^.*#/, "#").match(CALL);
    return found && this.texts.has(`${found[1]}${found[2]}`) ? `[^${this.number(found[1], found[2])}]` : null;
  }

  written() {
    return [...this.numbers].map(([key, number]) => {
      const found = [];
      gather(this.texts.get(key), found, { notes: this, depth: 0 });
      const paragraphs = found.map((block) => block.text ?? "").filter(Boolean);
      return `[^${number}]: ${paragraphs.join("\n\n    ")}`;
    });
  }
}

/** Collect the blocks of `parent`: { kind, text } and what each kind needs. */
function gather(parent, found, around) {
  let line = [];
  const flush = () => {
    const text = inline(line, around);
    if (text) found.push({ kind: "paragraph", text: guarded(text) });
    line = [];
  };
  for (const node of parent.childNodes) {
    if (!holdsBlocks(node)) {
      if (node.nodeName === "BR" && !line.length) continue;
      line.push(node);
      continue;
    }
    flush();
    block(node, found, around);
  }
  flush();
}

function block(node, found, around) {
  const name = node.localName;
  const style = styleOf(node);
  const names = node.className || "";
  if (/^h[1-6]$/.test(name) || /^Mso(Title|Subtitle)/.test(names)) {
    const text = inline([...node.childNodes], { ...around, plain: true });
    if (text) found.push({ kind: "heading", level: /^h/.test(name) ? Number(name[1]) : names.startsWith("MsoTitle") ? 0 : 1, text });
  } else if (name === "ul" || name === "ol") {
    list(node, found, around);
  } else if (name === "table") {
    table(node, found, around);
  } else if (name === "blockquote" || /^Mso(Intense)?Quote/.test(names)) {
    const inner = [];
    if (node.querySelector(BLOCKS)) gather(node, inner, around);
    else inner.push({ kind: "paragraph", text: inline([...node.childNodes], { ...around, upright: true }) });
    const text = written(inner);
    if (text) found.push({ kind: "quote", text: text.replace(/^/gm, "> ").replace(/^> $/gm, ">") });
  } else if (name === "pre") {
    if (node.textContent.trim()) found.push({ kind: "code", text: `\`\`\`\n${node.textContent.replace(/\n$/, "")}\n\`\`\`` });
  } else if (name === "hr") {
    found.push({ kind: "rule", text: "---" });
  } else if (/mso-list:(?!none|ignore)/.test(style) || /^MsoList(Bullet|Number|Paragraph)/.test(names)) {
    wordItem(node, found, around, style, names);
  } else if (node.querySelector(BLOCKS)) {
    gather(node, found, around);
  } else {
    const text = inline([...node.childNodes], around);
    if (text) found.push({ kind: "paragraph", text: guarded(text) });
  }
}

/** A paragraph that Word shows as an item of a list: its mark is a span of its own. */
function wordItem(node, found, around, style, names) {
  const mark = node.querySelector("[data-style*='mso-list:Ignore'],[data-style*='mso-list: Ignore']");
  let sign = mark?.textContent ?? "";
  mark?.remove();
  let text = inline([...node.childNodes], around);
  if (!mark) {
    const typed = text.match(/^([·•▪§–o-]|\d+[.)])\s+/);
    if (!typed && !/mso-list/.test(style) && !/^MsoList(Bullet|Number)/.test(names)) {
      if (text) found.push({ kind: "paragraph", text: guarded(text) });
      return;
    }
    sign = typed?.[1] ?? "";
    text = typed ? text.slice(typed[0].length) : text;
  }
  const level = Number(style.match(/level(\d)/)?.[1] ?? names.match(/^MsoList(?:Bullet|Number)(\d)/)?.[1] ?? 1) - 1;
  if (text) found.push({ kind: "item", level, ordered: /[0-9]|^\s*[a-z]+[.)]/i.test(sign.replace(/^o$/, "")) || /^MsoListNumber/.test(names), text });
}

function list(node, found, around) {
  for (const item of node.children) {
    if (/^[uo]l$/.test(item.localName)) {
      // Google Docs puts an inner list beside the item that it belongs to.
      list(item, found, { ...around, depth: around.depth + 1 });
      continue;
    }
    const inner = [];
    gather(item, inner, { ...around, depth: around.depth + 1 });
    const own = [];
    while (inner.length && inner[0].kind !== "item") own.push(inner.shift().text);
    const level = Number(item.getAttribute("aria-level") ?? around.depth + 1) - 1;
    if (own.length) found.push({ kind: "item", level, ordered: node.localName === "ol", text: own.join(" ") });
    found.push(...inner);
  }
}

function table(node, found, around) {
  const rows = [...node.querySelectorAll("tr")].filter((row) => row.closest("table") === node);
  const cells = (row) => [...row.children].filter((cell) => /^t[dh]$/.test(cell.localName));
  if (rows.every((row) => cells(row).length <= 1)) {
    // A frame around text, not a table.
    for (const row of rows) for (const cell of cells(row)) gather(cell, found, around);
    return;
  }
  const lines = rows.map((row) =>
    cells(row).flatMap((cell) => {
      const inner = [];
      gather(cell, inner, around);
      const text = inner.map((each) => each.text).join(" ").replace(/\\\n|\n/g, " ").replace(/\|/g, "\\|");
      return [text, ...Array(Math.min(Number(cell.getAttribute("colspan") ?? 1), 20) - 1).fill("")];
    }),
  );
  const wide = Math.max(...lines.map((line) => line.length));
  const full = lines.filter((line) => line.some(Boolean)).map((line) => [...line, ...Array(wide - line.length).fill("")]);
  if (!full.length) return;
  const written = full.map((line) => `| ${line.join(" | ")} |`);
  written.splice(1, 0, `|${" --- |".repeat(wide)}`);
  found.push({ kind: "table", text: written.join("\n") });
}

/** The text of a line: runs of one look each, then marks around them. */
function inline(nodes, around) {
  const runs = [];
  const walk = (node, look) => {
    if (node.nodeType === 3) {
      runs.push({ ...look, text: node.data.replace(/[\t\n\r ]+/g, " ").replace(/[\u200b\ufeff\u00ad]/g, "") });
      return;
    }
    if (node.nodeType !== 1) return;
    if (node.localName === "br") {
      if (!/page-break/.test(styleOf(node))) runs.push({ ...look, text: "\n", breaks: true });
      return;
    }
    const style = styleOf(node);
    const own = { ...look };
    if (/^(b|strong)$/.test(node.localName)) own.bold = true;
    if (/^(i|em|cite)$/.test(node.localName)) own.italic = true;
    const weight = style.match(/(?<![-\w])font-weight:(\w+)/)?.[1];
    if (weight) own.bold = weight === "bold" || weight === "bolder" || Number(weight) >= 600;
    const slant = style.match(/(?<![-\w])font-style:(\w+)/)?.[1];
    if (slant) own.italic = slant === "italic" || slant === "oblique";
    if (node.localName === "a" && node.hasAttribute("href")) {
      const call = around.notes.call(node);
      if (call) {
        runs.push({ text: call, raw: true });
        return;
      }
      own.href = address(node.getAttribute("href"));
    }
    for (const child of node.childNodes) walk(child, own);
  };
  for (const node of nodes) walk(node, {});
  for (const run of runs) {
    if (around.plain) run.bold = false;
    if (around.upright) run.italic = false;
  }
  const joined = [];
  for (const run of runs) {
    const last = joined.at(-1);
    const blank = !run.breaks && !run.text.trim();
    if (last && !run.raw && !last.raw && !run.breaks && !last.breaks && (blank || (last.bold === run.bold && last.italic === run.italic)) && last.href === run.href) {
      last.text += run.text;
    } else if (run.text) joined.push({ ...run });
  }
  return joined
    .map(marked)
    .join("")
    .replace(/ {2,}|[ \u00a0]*\u00a0{2,}[ \u00a0]*|\u00a0 | \u00a0/g, " ")
    .replace(/ *\\\n */g, "\\\n")
    .replace(/^(?:[ \u00a0]|\\\n)+|(?:[ \u00a0]|\\\n)+$/g, "");
}

function marked(run) {
  if (run.raw) return run.text;
  if (run.breaks) return "\\\n";
  const [, before, words, after] = run.text.match(/^([ \u00a0]*)(.*?)([ \u00a0]*)$/s);
  if (!words) return run.text;
  let text = words
    .replace(/[\\*`<]/g, "\\$&")
    .replace(/(?<![\p{L}\d])_|_(?![\p{L}\d])/gu, "\\_")
    .replace(/\[(?=\^|[^\]]*\]\()/g, "\\[");
  if (run.italic) text = `_${text}_`;
  if (run.bold) text = `**${text}**`;
  if (run.href) text = `[${text}](${run.href})`;
  return `${before}${text}${after}`;
}

/** An address that leads somewhere from our pages; Google Docs wraps those of others. */
function address(written) {
  let found = written.trim();
  try {
    const url = new URL(found);
    if (/(^|\.)google\.[a-z.]+$/.test(url.hostname) && url.pathname === "/url") found = url.searchParams.get("q") ?? found;
  } catch {
    return undefined;
  }
  return /^(https?:|mailto:|tel:)/i.test(found) ? found.replace(/[\s()<>]/g, (sign) => encodeURIComponent(sign).replace("(", "%28").replace(")", "%29")) : undefined;
}

/** Words at the beginning of a line that would be read as marks. */
function guarded(text) {
  return text.replace(/^(#{1,6}(?= )|[>+-](?= )|:::|\|)/, "\\$1").replace(/^(\d+)([.)])(?= )/, "$1\\$2");
}

/** Bring the levels of headings into order: the highest that occurs is an « intertitre », whatever it was. */
function ranked(found) {
  const used = [...new Set(found.filter((each) => each.kind === "heading").map((each) => each.level))].sort((a, b) => a - b);
  let before = 1;
  for (const heading of found.filter((each) => each.kind === "heading")) {
    heading.level = Math.min(used.indexOf(heading.level) + 2, before + 1, DEEPEST);
    before = heading.level;
  }
}

function written(found) {
  const parts = [];
  let stack = [];
  found.forEach((each, place) => {
    if (each.kind !== "item") {
      stack = [];
      parts.push(place ? "\n\n" : "", each.kind === "heading" ? `${"#".repeat(each.level)} ${each.text}` : each.text);
      return;
    }
    const follows = found[place - 1]?.kind === "item";
    const level = Math.min(each.level, follows ? stack.length : 0);
    if (stack[level] && stack[level].ordered !== each.ordered) stack.length = level;
    stack.length = Math.min(stack.length, level + 1);
    stack[level] ??= { ordered: each.ordered, count: 0 };
    stack[level].count += 1;
    const mark = each.ordered ? `${stack[level].count}. ` : "- ";
    const indent = stack.slice(0, level).reduce((sum, outer) => sum + (outer.ordered ? 3 : 2), 0);
    parts.push(place ? (follows ? "\n" : "\n\n") : "", `${" ".repeat(indent)}${mark}${each.text.replace(/\n/g, `\n${" ".repeat(indent + mark.length)}`)}`);
  });
  return parts.join("");
}
