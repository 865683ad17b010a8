/* What is known of the market on a day, and its picture on a canvas. A day is a number: at 3.5, half of the fourth has
   passed. Members are told by their order of joining; an inviter joined before whom she invited. */

const GOLDEN_ANGLE = Math.PI * (3 - Math.sqrt(5));
const [MEMBERS, ORDERS, GMV, COMMISSION, PAYOUT, K, SOLD, PAID, INVITERS, PEOPLE, SPOTS, RANKS, EARNED] = Array(13).keys();
const BORN_MS = 1100; // how long a newcomer is seen to arrive
const HOT = 5, HOT_TEAM = 3; // so many of the largest teams are named, if so large

class Story {
  constructor() {
    this.frames = [];
    this.inviter = []; this.person = []; this.birth = []; this.x = []; this.y = []; this.far = [];
    this.drawn = 0;
    this.restart();
  }

  restart() {
    this.applied = 0; this.alive = 0; this.extent = 0;
    this.rank = []; this.earned = []; this.team = []; this.seen = [];
  }

  /* Frames that are new; those known already are told again. */
  take(frames) {
    for (let day = this.frames.length; day < frames.length; day++) {
      const frame = frames[day], count = frame[INVITERS].length;
      frame[INVITERS].forEach((inviter, k) => {
        this.inviter.push(inviter);
        this.birth.push(day + (k + 0.5) / count);
      });
      this.person.push(...frame[PEOPLE]);
      for (const spot of frame[SPOTS]) {
        const far = Math.sqrt(spot + 0.5);
        this.far.push(far);
        this.x.push(far * Math.cos(spot * GOLDEN_ANGLE));
        this.y.push(far * Math.sin(spot * GOLDEN_ANGLE));
      }
      this.drawn = this.x.length;
      this.frames.push(frame);
    }
  }

  /* Bring the picture to a day; whoever joins on the way arrives `now`, or has been there where it is null. */
  seek(day, now) {
    if (day < this.applied || (this.alive && this.birth[this.alive - 1] > day)) { this.restart(); now = null; }
    while (this.applied < Math.floor(day)) {
      const frame = this.frames[this.applied++];
      for (let k = 0; k < frame[RANKS].length; k += 2) this.rank[frame[RANKS][k]] = frame[RANKS][k + 1];
      for (let k = 0; k < frame[EARNED].length; k += 2) this.earned[frame[EARNED][k]] = frame[EARNED][k + 1];
    }
    while (this.alive < this.birth.length && this.birth[this.alive] <= day) {
      const node = this.alive++;
      this.team[node] = 0;
      this.seen[node] = now ?? -1e9;
      for (let above = this.inviter[node]; above >= 0; above = this.inviter[above]) this.team[above]++;
      if (node < this.drawn) this.extent = Math.max(this.extent, this.far[node]);
    }
  }

  /* The figures of a moment; between two evenings they run from one to the other. */
  figures(day) {
    const whole = Math.min(Math.floor(day), this.frames.length), part = day - whole;
    const before = whole ? this.frames[whole - 1] : null, after = this.frames[whole];
    return [MEMBERS, ORDERS, GMV, COMMISSION, PAYOUT, K].map((name) => {
      const from = before ? before[name] : name < PAYOUT ? 0 : null, to = after && part > 0 ? after[name] : from;
      if (from === null || to === null) return from ?? (name < PAYOUT ? 0 : null);
      return name < PAYOUT ? Math.round(from + (to - from) * part) : from + (to - from) * part;
    });
  }

  /* Who has the largest teams. */
  hottest() {
    const best = [];
    for (let node = 0; node < Math.min(this.alive, this.drawn); node++) {
      if (this.team[node] < HOT_TEAM) continue;
      if (best.length < HOT || this.team[node] > this.team[best[best.length - 1]]) {
        best.push(node);
        best.sort((a, b) => this.team[b] - this.team[a] || a - b);
        best.length = Math.min(best.length, HOT);
      }
    }
    return best;
  }

  /* Of everybody, whether she stands in the line above a member, is the member, or stands below her. */
  kin(member) {
    const kin = new Uint8Array(this.alive);
    for (let node = member; node >= 0; node = this.inviter[node]) kin[node] = 1;
    const below = new Uint8Array(this.alive);
    below[member] = 1;
    for (let node = member + 1; node < this.alive; node++) {
      if (this.inviter[node] >= 0 && below[this.inviter[node]]) below[node] = kin[node] = 1;
    }
    return kin;
  }
}

class Picture {
  constructor(canvas, story) {
    this.canvas = canvas; this.story = story; this.context = canvas.getContext("2d");
    this.scale = 0; this.width = 0; this.height = 0; this.chosen = -1; this.tints = new Map();
  }

  /* Fit the canvas to its box, in pixels of the screen. */
  fit() {
    const box = this.canvas.getBoundingClientRect(), dots = window.devicePixelRatio || 1;
    this.width = box.width; this.height = box.height;
    this.canvas.width = Math.round(box.width * dots); this.canvas.height = Math.round(box.height * dots);
    this.context.setTransform(dots, 0, 0, dots, 0, 0);
    this.scale = 0;
  }

  at(node) {
    return [this.width / 2 + this.story.x[node] * this.scale, this.height / 2 + this.story.y[node] * this.scale];
  }

  radius(node) {
    const base = Math.max(1.3, Math.min(7, this.scale * 0.52));
    return base * Math.min(3.4, (this.story.rank[node] ? 1.15 : 0.9) + 0.34 * Math.log2(1 + this.story.team[node]));
  }

  /* Zoom out as the colony grows: softly, or at once. */
  zoom(softly) {
    const room = Math.min(this.width, this.height) / 2 - 26;
    const wanted = Math.max(1, room) / Math.max(9, this.story.extent + 0.6);
    this.scale = this.scale && softly ? this.scale + (wanted - this.scale) * 0.08 : wanted;
  }

  draw(now, paint, say, calm) {
    const { context, story } = this;
    context.clearRect(0, 0, this.width, this.height);
    const count = Math.min(story.alive, story.drawn), kin = this.chosen >= 0 && this.chosen < count ? story.kin(this.chosen) : null;
    const hot = story.hottest();
    this.ground(hot, count, paint, kin);
    this.links(count, now, paint, kin, calm);
    this.dots(count, now, paint, kin, calm);
    this.arrivals(count, now, paint, calm);
    this.names(kin ? [] : this.width < 500 ? hot.slice(0, 3) : hot, paint, say);
    this.ring(this.chosen, count, paint);
  }

  /* The ground on which the largest teams stand, each in a tint that it keeps as long as it is among them. */
  ground(hot, count, paint, kin) {
    const { context, story } = this;
    for (const node of this.tints.keys()) if (!hot.includes(node)) this.tints.delete(node);
    for (const node of hot) {
      if (!this.tints.has(node)) this.tints.set(node, [...Array(HOT).keys()].find((k) => ![...this.tints.values()].includes(k)));
    }
    const owner = new Int8Array(count).fill(-1), paths = Array.from({ length: HOT }, () => new Path2D()), wide = Math.max(6, this.scale * 1.35);
    for (let node = 0; node < count; node++) {
      const above = story.inviter[node];
      owner[node] = this.tints.get(node) ?? (above >= 0 && above < count ? owner[above] : -1);
      if (owner[node] < 0) continue;
      const [x, y] = this.at(node), path = paths[owner[node]];
      path.moveTo(x + wide, y); path.arc(x, y, wide, 0, 7);
    }
    context.globalAlpha = kin ? 0.08 : this.scale < 9 ? 0.4 : 0.26;
    paths.forEach((path, tint) => { context.fillStyle = paint.tints[tint]; context.fill(path); });
    context.globalAlpha = 1;
  }

  links(count, now, paint, kin, calm) {
    const { context, story } = this;
    const plain = new Path2D(), bright = new Path2D(), fresh = [];
    for (let node = 0; node < count; node++) {
      const above = story.inviter[node];
      if (above < 0 || above >= count) continue;
      if (!calm && now - story.seen[node] < BORN_MS) { fresh.push(node); continue; }
      this.link(kin && kin[node] && kin[above] ? bright : plain, above, node, 1);
    }
    context.lineCap = "round";
    context.strokeStyle = paint.line; context.globalAlpha = kin ? 0.25 : 1;
    context.lineWidth = Math.max(0.9, Math.min(1.8, this.scale * 0.13));
    context.stroke(plain);
    context.globalAlpha = 1;
    context.strokeStyle = paint.accent; context.lineWidth = Math.max(1.2, this.scale * 0.14);
    context.stroke(bright);
    for (const node of fresh) {
      const grown = Math.min(1, (now - story.seen[node]) / 350), path = new Path2D();
      this.link(path, story.inviter[node], node, grown);
      context.globalAlpha = 0.9; context.stroke(path);
    }
    context.globalAlpha = 1;
  }

  /* A branch, slightly bent, as far as it has grown. */
  link(path, from, to, grown) {
    const [x1, y1] = this.at(from), [x2, y2] = this.at(to);
    const x = x1 + (x2 - x1) * grown, y = y1 + (y2 - y1) * grown;
    path.moveTo(x1, y1);
    path.quadraticCurveTo((x1 + x) / 2 - (y - y1) * 0.14, (y1 + y) / 2 + (x - x1) * 0.14, x, y);
  }

  dots(count, now, paint, kin, calm) {
    const { context, story } = this, paths = paint.ranks.map(() => [new Path2D(), new Path2D()]);
    const rings = new Path2D(), cores = new Path2D();
    for (let node = 0; node < count; node++) {
      const rank = Math.min(story.rank[node] || 0, paths.length - 1), age = now - story.seen[node];
      const [x, y] = this.at(node), far = this.radius(node) * (calm ? 1 : swell(age / 420));
      const path = paths[rank][kin && !kin[node] ? 1 : 0];
      path.moveTo(x + far, y); path.arc(x, y, far, 0, 7);
      if (rank >= 2) { rings.moveTo(x + far + 2.2, y); rings.arc(x, y, far + 2.2, 0, 7); }
      if (rank >= 3) { cores.moveTo(x + far * 0.38, y); cores.arc(x, y, far * 0.38, 0, 7); }
    }
    paths.forEach(([near, dim], rank) => {
      context.fillStyle = paint.ranks[rank];
      context.globalAlpha = 0.18; context.fill(dim);
      context.globalAlpha = 1; context.fill(near);
    });
    context.strokeStyle = paint.ranks[2] || paint.ink; context.lineWidth = 1; context.globalAlpha = kin ? 0.4 : 0.75;
    context.stroke(rings);
    context.globalAlpha = 1; context.fillStyle = paint.card; context.fill(cores);
  }

  /* A ring runs from everybody who has just come. */
  arrivals(count, now, paint, calm) {
    if (calm) return;
    const { context, story } = this;
    context.strokeStyle = paint.accent; context.lineWidth = 1.5;
    for (let node = count - 1; node >= 0 && now - story.seen[node] < BORN_MS; node--) {
      const age = (now - story.seen[node]) / BORN_MS, [x, y] = this.at(node);
      context.globalAlpha = (1 - age) * 0.8;
      context.beginPath(); context.arc(x, y, this.radius(node) + 2 + age * Math.max(8, this.scale * 1.6), 0, 7); context.stroke();
    }
    context.globalAlpha = 1;
  }

  /* Who is pointed at. */
  ring(node, count, paint) {
    if (node < 0 || node >= count) return;
    const { context } = this, [x, y] = this.at(node);
    context.strokeStyle = paint.ink; context.lineWidth = 2;
    context.beginPath(); context.arc(x, y, this.radius(node) + 4, 0, 7); context.stroke();
  }

  /* The largest teams, ringed and named where there is room: not upon each other, the date or the legend. */
  names(hot, paint, say) {
    const { context } = this, taken = [[0, 0, 190, 74], [0, this.height - 110, 110, 110]];
    context.font = "600 12px " + paint.font; context.textBaseline = "middle";
    for (const node of hot) {
      const [x, y] = this.at(node), far = this.radius(node) + 3.5;
      context.strokeStyle = paint.ink; context.lineWidth = 1.6;
      context.beginPath(); context.arc(x, y, far, 0, 7); context.stroke();
      taken.push([x - far, y - far, 2 * far, 2 * far]);
    }
    for (const node of hot) {
      const [x, y] = this.at(node), far = this.radius(node) + 3.5, text = say(node);
      const wide = context.measureText(text).width + 16, middle = x - wide / 2;
      const spot = [[middle, y - far - 24], [middle, y + far + 4], [x + far + 5, y - 10], [x - far - 5 - wide, y - 10]].find(([l, t]) =>
        l > 4 && l + wide < this.width - 4 && t > 4 && t < this.height - 26 &&
        !taken.some(([left, top, w, h]) => l < left + w && left < l + wide && t < top + h && top < t + 20));
      if (!spot) continue;
      const [left, top] = spot;
      taken.push([left, top, wide, 20]);
      context.fillStyle = paint.label; context.beginPath(); context.roundRect(left, top, wide, 20, 10); context.fill();
      context.strokeStyle = paint.tints[this.tints.get(node)]; context.lineWidth = 1.5; context.stroke();
      context.fillStyle = paint.ink; context.fillText(text, left + 8, top + 10.5);
    }
  }

  /* Before anybody is there: the free spots, a slow wave running over them. */
  rest(now, paint, calm) {
    const { context } = this, scale = (Math.min(this.width, this.height) / 2 - 10) / 17;
    const reach = Math.ceil(((Math.max(this.width, this.height) / 2 / scale) + 1) ** 2);
    context.clearRect(0, 0, this.width, this.height);
    context.fillStyle = paint.accent;
    for (let spot = 0; spot < Math.min(reach, 2500); spot++) {
      const far = Math.sqrt(spot + 0.5), turned = spot * GOLDEN_ANGLE;
      const wave = calm ? 0.4 : 0.5 + 0.5 * Math.sin(far * 0.55 - now / 900 + Math.sin(turned * 3) * 0.5);
      context.globalAlpha = 0.07 + 0.3 * wave * wave;
      context.beginPath();
      context.arc(this.width / 2 + far * Math.cos(turned) * scale, this.height / 2 + far * Math.sin(turned) * scale, 1.5 + 2 * wave, 0, 7);
      context.fill();
    }
    context.globalAlpha = 1;
  }

  /* Who stands nearest to a point, if near enough. */
  near(x, y) {
    let best = -1, least = 18 * 18;
    for (let node = 0; node < Math.min(this.story.alive, this.story.drawn); node++) {
      const [a, b] = this.at(node), apart = (a - x) ** 2 + (b - y) ** 2;
      if (apart < least) { least = apart; best = node; }
    }
    return best;
  }
}

/* From nothing to full size, a little beyond on the way. */
function swell(part) {
  if (part >= 1) return 1;
  if (part <= 0) return 0;
  const left = part - 1;
  return 1 + 2.4 * left ** 3 + 1.4 * left ** 2;
}
