// A text field for YAML with numbered lines: tells what is typed after a pause, and marks the line of a mistake.
const PAUSE = 300; // milliseconds

const pieces = (line) => {
  // [kind, text] of one line: enough of YAML to tell keys and comments from values
  const hash = line.search(/(^|\s)#/);
  const comment = hash < 0 ? "" : line.slice(hash);
  const rest = hash < 0 ? line : line.slice(0, hash);
  const found = [];
  let last = 0;
  for (const key of rest.matchAll(/[^\s{},:[\]"'-][^{},:[\]"'\n]*?(?=:(\s|$))/g)) {
    found.push(["", rest.slice(last, key.index)], ["key", key[0]]);
    last = key.index + key[0].length;
  }
  return [...found, ["", rest.slice(last)], ["comment", comment]];
};

const paint = (page) => {
  const lines = page.field.value.split("\n");
  page.numbers.replaceChildren(
    ...lines.map((_, index) => {
      const number = document.createElement("div");
      number.textContent = index + 1;
      number.className = index + 1 === page.marked ? "marked" : "";
      return number;
    }),
  );
  page.shown.replaceChildren(
    ...lines.map((line, index) => {
      const row = document.createElement("div");
      row.className = index + 1 === page.marked ? "marked" : "";
      for (const [kind, text] of pieces(line)) {
        const span = document.createElement("span");
        span.className = kind;
        span.textContent = text;
        row.append(span);
      }
      row.append("\n");
      return row;
    }),
  );
  scroll(page);
};

const scroll = (page) => {
  page.numbers.style.transform = `translateY(${-page.field.scrollTop}px)`;
  page.shown.style.transform = `translate(${-page.field.scrollLeft}px, ${-page.field.scrollTop}px)`;
};

const begin = (root) => {
  const page = {
    field: root.querySelector("textarea"),
    numbers: root.querySelector(".numbers"),
    shown: root.querySelector(".shown"),
    stamp: null,
    marked: 0,
    waiting: 0,
  };
  page.field.addEventListener("input", () => {
    paint(page);
    clearTimeout(page.waiting);
    page.waiting = setTimeout(() => page.tell(page.field.value), PAUSE);
  });
  page.field.addEventListener("scroll", () => scroll(page));
  return page;
};

export default function (component) {
  const { data, parentElement, setStateValue } = component;
  const page = (parentElement.fxPage ??= begin(parentElement));
  page.tell = (text) => setStateValue("text", text);
  page.field.setAttribute("aria-label", data.label);
  page.field.setAttribute("aria-invalid", data.line > 0 ? "true" : "false");
  page.marked = data.line;
  if (page.stamp !== data.stamp) {
    // changed elsewhere: what stands here is no longer what holds
    clearTimeout(page.waiting);
    page.stamp = data.stamp;
    page.field.value = data.text;
  }
  paint(page);
  return () => clearTimeout(page.waiting);
}
