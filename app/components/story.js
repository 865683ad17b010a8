/* The stage around the picture: tiles, controls, what is said of a member. It lives as long as it is mounted; new data
   never make it begin again, only a new run does. */

const SPEEDS = [1, 2, 5, 10], DAYS_A_SECOND = 4;
const ICONS = {
  play: '<svg viewBox="0 0 24 24" aria-hidden="true"><path d="M8 5v14l11-7z"/></svg>',
  pause: '<svg viewBox="0 0 24 24" aria-hidden="true"><path d="M6 5h4v14H6zM14 5h4v14h-4z"/></svg>',
  again: '<svg viewBox="0 0 24 24" aria-hidden="true"><path d="M12 5V1L7 6l5 5V7a5 5 0 1 1-5 5H5a7 7 0 1 0 7-7z"/></svg>',
};
const TILES = [
  ["gmv", "a_day", SOLD], ["commission", "a_day", PAID], ["payout", "payout_hint", PAYOUT], ["k", "k_hint", K],
  ["members", "of_people", MEMBERS], ["orders", "orders_hint", ORDERS],
];
const PAINTS = ["ink", "faint", "line", "accent", "card", "label", "bar", "t0", "t1", "t2", "t3", "t4", "r0", "r1", "r2", "r3", "r4", "r5"];

class Stage {
  constructor(root, ask) {
    this.root = root; this.ask = ask;
    this.run = null; this.day = this.exact = 0; this.playing = false; this.speed = 1; this.last = 0; this.painted = 0; this.said = 0;
    this.calm = window.matchMedia("(prefers-reduced-motion: reduce)");
    this.build();
    this.watch = new ResizeObserver(() => { this.fit(); });
    this.watch.observe(this.canvas); this.watch.observe(this.parts.tiles);
    this.tick = this.tick.bind(this);
    this.frame = requestAnimationFrame(this.tick);
  }

  end() { cancelAnimationFrame(this.frame); this.watch.disconnect(); }

  build() {
    const box = make("div", "stage");
    box.innerHTML = `
      <div class="view"><canvas role="img" tabindex="0"></canvas>
        <div class="date" aria-hidden="true"><b></b><span></span><em></em></div>
        <div class="legend" aria-hidden="true"></div><div class="more"></div>
        <div class="tip" role="status" hidden></div>
        <div class="veil"><div><b></b><p></p><button type="button" class="begin"></button><i class="spin" hidden></i></div></div>
        <div class="paints" hidden>${PAINTS.map((name) => `<i data-paint="${name}"></i>`).join("")}</div>
      </div>
      <div class="tiles"></div>
      <div class="controls"><button type="button" class="toggle"></button><span class="day"><span></span><small></small></span>
        <input type="range" min="0" step="1"><div class="speeds" role="group"></div></div>
      <p class="keys"></p>`;
    this.root.appendChild(box);
    const find = (name) => box.querySelector(name);
    this.box = box; this.canvas = find("canvas");
    this.parts = {
      view: find(".view"), date: find(".date"), legend: find(".legend"), more: find(".more"), tip: find(".tip"), veil: find(".veil"),
      begin: find(".begin"), spin: find(".spin"), tiles: find(".tiles"), toggle: find(".toggle"), day: find(".day"),
      slider: find("input"), speeds: find(".speeds"), keys: find(".keys"), controls: find(".controls"),
    };
    this.story = new Story(); this.picture = new Picture(this.canvas, this.story);
    this.tiles = TILES.map(([name, hint, column]) => {
      const tile = make("div", "tile " + name);
      tile.innerHTML = `<span></span><b></b><small></small><canvas aria-hidden="true"></canvas>`;
      this.parts.tiles.appendChild(tile);
      return { name, hint, column, tile, title: tile.children[0], value: tile.children[1], note: tile.children[2], spark: tile.querySelector("canvas") };
    });
    SPEEDS.forEach((speed) => {
      const button = make("button", "", `${speed}×`);
      button.type = "button"; button.onclick = () => { this.speed = speed; this.mark(); };
      this.parts.speeds.appendChild(button);
    });
    this.listen();
  }

  listen() {
    const { toggle, slider, begin } = this.parts;
    begin.onclick = () => this.ask();
    toggle.onclick = () => this.toggle();
    slider.oninput = () => { this.playing = false; this.jump(Number(slider.value)); };
    this.box.onkeydown = (event) => {
      const typed = event.target.tagName;
      if (!this.story.frames.length || event.metaKey || event.ctrlKey || event.altKey) return;
      if (event.key === " " && typed !== "BUTTON") this.toggle();
      else if (event.key === "ArrowRight" && typed !== "INPUT") this.step(1);
      else if (event.key === "ArrowLeft" && typed !== "INPUT") this.step(-1);
      else return;
      event.preventDefault();
    };
    const point = (event) => {
      const box = this.canvas.getBoundingClientRect();
      this.picture.chosen = this.picture.near(event.clientX - box.left, event.clientY - box.top);
      this.dirty = true; this.tell();
    };
    this.canvas.onpointermove = point; this.canvas.onpointerdown = point;
    this.canvas.onpointerleave = (event) => { if (event.pointerType === "mouse") { this.picture.chosen = -1; this.tell(); this.dirty = true; } };
  }

  /* What the page says now; called whenever that changes. */
  take(data) {
    const first = this.run === null, other = data.run !== this.run;
    this.data = data; this.words = data.words; this.dirty = true;
    if (other) {
      this.run = data.run;
      Object.assign(this, { story: new Story(), day: 0, playing: false });
      this.picture = new Picture(this.canvas, this.story); this.picture.fit();
    }
    this.story.take(data.frames);
    if (other && data.run) {
      if (first && !data.fresh) this.jump(this.story.frames.length); else this.start();
    }
    this.label();
  }

  /* Play from the first day, where it can be seen. */
  start() {
    this.playing = true;
    const box = this.parts.view.getBoundingClientRect();
    if (box.bottom > window.innerHeight) {
      this.parts.view.scrollIntoView({ block: "start", behavior: this.calm.matches ? "auto" : "smooth" });
    }
  }

  label() {
    const { words, data, parts } = this, idle = !this.story.frames.length;
    this.box.lang = data.lang;
    this.tiles.forEach(({ name, hint, tile, title, note }) => {
      title.textContent = words[name];
      note.textContent = hint === "of_people" && !data.people ? "" : fill(words[hint], { people: count(data.people || 0) });
      tile.title = note.textContent;
    });
    const [title, text] = parts.veil.querySelectorAll("b, p"), over = ["failed", "stopped"].includes(data.state);
    const busy = !over && data.state !== "idle";
    parts.veil.hidden = !idle;
    title.textContent = busy ? "" : words.invite;
    text.textContent = busy ? words[data.state] || words.starting : words.invite_text;
    parts.begin.hidden = busy; parts.spin.hidden = !busy;
    parts.begin.innerHTML = ICONS.play; parts.begin.append(words.play);
    parts.slider.max = data.days || 0; parts.slider.setAttribute("aria-label", words.jump);
    parts.speeds.setAttribute("aria-label", words.speed);
    parts.keys.textContent = words.keys;
    parts.controls.classList.toggle("off", idle);
    [parts.toggle, parts.slider, ...parts.speeds.children].forEach((one) => { one.disabled = idle; });
    parts.legend.replaceChildren(...(data.ranks || []).map((rank, number) => {
      const item = make("span", "", rank); item.prepend(make("i", `dot k${Math.min(number, 5)}`)); return item;
    }));
    if (data.ranks) { const item = make("span", "", words.hot); item.prepend(make("i", "dot hot")); parts.legend.append(item); }
    this.mark();
  }

  mark() {
    const { toggle, speeds, slider } = this.parts, done = this.finished;
    const state = this.playing ? "pause" : done ? "again" : "play";
    if (toggle.dataset.state !== state + this.data.lang) {
      toggle.dataset.state = state + this.data.lang; toggle.innerHTML = ICONS[state];
      toggle.setAttribute("aria-label", this.words[state]); toggle.title = this.words[state];
    }
    [...speeds.children].forEach((one, k) => one.setAttribute("aria-pressed", String(SPEEDS[k] === this.speed)));
    const days = this.data.days || 1;
    slider.style.setProperty("--at", `${(this.day / days) * 100}%`);
    slider.style.setProperty("--had", `${(this.story.frames.length / days) * 100}%`);
    slider.value = Math.ceil(this.day);
  }

  get finished() { return this.data.days > 0 && this.day >= this.data.days; }

  toggle() {
    if (this.finished) this.jump(0);
    this.playing = !this.playing;
    if (!this.playing) this.jump(Math.ceil(this.day)); // the day that has begun is shown to its end
    this.mark();
  }

  step(days) { this.playing = false; this.jump(Math.ceil(this.day) + days); }

  jump(day) {
    this.day = Math.max(0, Math.min(day, this.story.frames.length));
    this.story.seek(this.day, null); this.picture.zoom(false); this.dirty = true; this.tell(); this.mark();
  }

  fit() { this.picture.fit(); this.dirty = true; }

  tick(now) {
    this.frame = requestAnimationFrame(this.tick);
    const passed = Math.min(0.5, (now - this.last) / 1000), calm = this.calm.matches;
    this.last = now;
    if (!this.data || !this.picture.width) return;
    if (now - this.painted > 600) { this.painted = now; this.mix(); }
    if (!this.story.frames.length) {
      if (!calm || this.dirty) this.picture.rest(now, this.paint, calm);
      this.figures(now); this.dirty = false; return;
    }
    if (this.playing) this.play(passed, now, calm);
    if (this.playing || this.dirty || now < this.lively) {
      this.dirty = false; this.picture.zoom(!calm);
      this.picture.draw(now, this.paint, (node) => this.named(node), calm);
      this.figures(now); this.mark();
    }
  }

  play(passed, now, calm) {
    if (Math.floor(this.exact) !== Math.floor(this.day)) this.exact = this.day;
    this.exact = Math.min(this.story.frames.length, this.exact + passed * DAYS_A_SECOND * this.speed);
    this.day = calm ? Math.floor(this.exact) : this.exact;
    this.story.seek(this.day, calm ? null : now);
    this.lively = now + BORN_MS + 900;
    if (this.finished) { this.playing = false; this.tell(); }
  }

  /* Colours as the theme has them now. */
  mix() {
    const found = {};
    this.box.querySelectorAll("[data-paint]").forEach((one) => { found[one.dataset.paint] = getComputedStyle(one).color; });
    const all = JSON.stringify(found);
    if (all === this.mixed) return;
    this.mixed = all; this.dirty = true;
    this.paint = { ...found, ranks: [0, 1, 2, 3, 4, 5].map((k) => found["r" + k]), tints: [0, 1, 2, 3, 4].map((k) => found["t" + k]), font: getComputedStyle(this.box).fontFamily };
  }

  figures(now) {
    const { words, data } = this, [members, orders, gmv, commission, payout, k] = this.story.figures(this.day);
    const still = !this.playing;
    const shown = { members: count(members), orders: count(orders), gmv: yuan(gmv), commission: yuan(commission), payout: cent(payout), k: k === null ? "–" : k.toFixed(3) };
    for (const { name, column, value, spark } of this.tiles) {
      const [whole, rest] = shown[name].split("|");
      if (value.dataset.shown !== shown[name]) { value.dataset.shown = shown[name]; value.textContent = whole; if (rest) value.appendChild(make("s", "", "." + rest)); }
      this.spark(spark, column);
    }
    const day = Math.ceil(this.day), date = this.parts.date, empty = !this.story.frames.length;
    date.hidden = empty;
    const [today, all] = this.parts.day.children;
    today.textContent = empty ? "" : fill(words.day, { day: count(day) });
    all.textContent = empty ? "" : ` ${fill(words.of, { days: count(data.days) })}`;
    if (empty) return;
    if (date.dataset.day !== day + data.lang + this.run) {
      date.dataset.day = day + data.lang + this.run;
      date.children[0].textContent = fill(words.day, { day });
      date.children[1].textContent = dated(data.start, Math.max(day, 1) - 1, data.lang);
      date.children[2].textContent = data.occasions[Math.max(day, 1) - 1] || "";
    }
    const undrawn = Math.max(0, this.story.alive - this.story.drawn);
    this.parts.more.textContent = undrawn ? fill(words.undrawn, { count: count(undrawn) }) : "";
    if (now - this.said > 1000 || still) {
      this.said = now;
      const plain = Object.fromEntries(Object.entries(shown).map(([name, text]) => [name, text.replace("|", ".")]));
      this.canvas.setAttribute("aria-label", fill(words.aria, { day, ...plain }));
    }
  }

  /* A column a day, or a curve; what is still to come is faint. */
  spark(canvas, column) {
    const wide = canvas.clientWidth, high = canvas.clientHeight, dots = window.devicePixelRatio || 1;
    const state = [Math.floor(this.day * 4), this.story.frames.length, wide, dots, this.mixed, this.run].join();
    if (!wide || canvas.dataset.state === state) return;
    canvas.dataset.state = state;
    if (canvas.width !== Math.round(wide * dots)) { canvas.width = Math.round(wide * dots); canvas.height = Math.round(high * dots); }
    const context = canvas.getContext("2d"), frames = this.story.frames, days = this.data.days || 1;
    context.setTransform(dots, 0, 0, dots, 0, 0); context.clearRect(0, 0, wide, high);
    const most = frames.reduce((top, frame) => Math.max(top, frame[column] ?? 0), 1e-9), step = wide / days;
    if (column === SOLD || column === PAID) this.columns(context, frames, column, high / most, step, high);
    else this.curve(context, frames, column, (high - 3) / most, step, high);
  }

  columns(context, frames, column, scale, step, high) {
    context.fillStyle = column === SOLD ? this.paint.accent : this.paint.bar;
    frames.forEach((frame, day) => {
      const part = Math.max(0, Math.min(1, this.day - day)), tall = Math.max(0, frame[column] * scale);
      context.globalAlpha = part > 0 ? 0.35 + 0.65 * part : 0.14;
      context.fillRect(day * step, high - tall, Math.max(0.8, step * 0.72), tall);
    });
    context.globalAlpha = 1;
  }

  curve(context, frames, column, scale, step, high) {
    const parts = [[0.25, frames.length], [1, Math.ceil(this.day)]];
    context.strokeStyle = column === PAYOUT ? this.paint.bar : this.paint.accent;
    context.lineWidth = 1.6; context.lineJoin = "round";
    for (const [alpha, until] of parts) {
      context.globalAlpha = alpha; context.beginPath();
      frames.slice(0, until).forEach((frame, day) => {
        if (frame[column] !== null) context.lineTo((day + 0.5) * step, high - 1.5 - Math.max(0, frame[column]) * scale);
      });
      context.stroke();
    }
    context.globalAlpha = 1;
  }

  named(node) {
    const { words, story } = this;
    return `${fill(words.person, { person: story.person[node] })} · ${fill(words.team, { count: count(story.team[node]) })}`;
  }

  /* What is known of the member that is pointed at. */
  tell() {
    const { story, picture, words, data } = this, { tip, view } = this.parts, node = picture.chosen;
    tip.hidden = node < 0 || node >= story.alive;
    if (tip.hidden) return;
    const above = story.inviter[node], rank = Math.min(story.rank[node] || 0, data.ranks.length - 1);
    const by = above < 0 ? words.alone : fill(words.by, { person: story.person[above] });
    const lines = [data.ranks[rank], by, fill(words.since, { day: Math.floor(story.birth[node]) + 1 }),
      fill(words.team, { count: count(story.team[node]) }), fill(words.earned, { amount: yuan(story.earned[node] || 0).replace("|", ".") })];
    tip.replaceChildren(make("b", "", fill(words.person, { person: story.person[node] })), ...lines.map((line) => make("span", "", line)));
    const [x, y] = picture.at(node), wide = tip.offsetWidth, high = tip.offsetHeight;
    tip.style.left = `${Math.max(6, Math.min(view.clientWidth - wide - 6, x + 16))}px`;
    tip.style.top = `${Math.max(6, Math.min(view.clientHeight - high - 6, y + 16))}px`;
  }
}

function make(tag, name, text) {
  const one = document.createElement(tag);
  if (name) one.className = name;
  if (text) one.textContent = text;
  return one;
}
function fill(text, values) { return text.replace(/\{(\w+)\}/g, (_, name) => values[name] ?? ""); }
function count(number) { return String(number).replace(/\B(?=(\d{3})+$)/g, ","); }
function yuan(fen) {
  const whole = Math.abs(fen), sign = fen < 0 ? "-" : "";
  return `${sign}¥${count(Math.floor(whole / 100))}|${String(whole % 100).padStart(2, "0")}`;
}
function cent(ratio) { return ratio === null ? "–" : `${(ratio * 100).toFixed(2)}%`; }
function dated(start, day, lang) {
  const date = new Date(`${start}T00:00:00Z`);
  date.setUTCDate(date.getUTCDate() + day);
  return date.toLocaleDateString(lang === "zh" ? "zh-CN" : "en-GB", { timeZone: "UTC", year: "numeric", month: "short", day: "numeric", weekday: "short" });
}

const stages = new WeakMap();

export default function ({ data, parentElement, setTriggerValue }) {
  let stage = stages.get(parentElement);
  if (!stage) { stage = new Stage(parentElement, () => stage.begin()); stages.set(parentElement, stage); }
  stage.begin = () => setTriggerValue("play", true);
  stage.take(data[0]);
  const call = (stage.calls = (stage.calls || 0) + 1);
  return () => setTimeout(() => { // also asked for when this call came too late, while the stage lives on
    if (stage.calls === call) { stage.end(); stages.delete(parentElement); stage.box.remove(); }
  }, 1000);
}
