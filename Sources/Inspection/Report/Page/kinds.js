// MARK: Kinds of holes

// In the order of their numbers in a mask's picture, whose red is bright where something is missing, and whose green and blue
// are the lower bits of the number; the third bit takes a quarter of the red. The colours are told apart by people who see few of them, too.
const kinds = detection ? [] : [
  { key: "lines", name: "lines", one: "line", colour: [255, 176, 0] },
  { key: "points", name: "points", one: "point", colour: [86, 204, 255] },
  { key: "blotches", name: "blotches", one: "blotch", colour: [60, 220, 130] },
  { key: "others", name: "other holes", one: "other hole", colour: [255, 32, 144] },
];
// Where no hole was a spot, there are no others.
if (detection) for (const kind of detection.kinds) kinds[kind.number] = kind;
else if (!windows.some((w) => w.spots)) Object.assign(kinds[3], { name: "holes", one: "hole" });
const many = (count) => count.toLocaleString("en");
const sum = (list) => list.reduce((a, b) => a + b, 0);
/// How many of each kind, in words.
const named = (counts) => kinds.filter((kind) => counts[kind.key])
  .map((kind) => `${many(counts[kind.key])} ${counts[kind.key] === 1 ? kind.one : kind.name}`).join(", ");
const spotCount = (spots) => spots.lines + spots.points + spots.blotches;

if (windows.some((w) => w.spots)) {
  const spots = { lines: 0, points: 0, blotches: 0 };
  for (const w of windows) for (const key in w.spots || {}) spots[key] += w.spots[key];
  figure("spots", many(spotCount(spots)), named(spots));
}

/// How many of a kind there are in all frames, and in the one that is shown.
const total = (kind) => detection ? kind.finds : data.holes ? sum(data.holes[kind.key]) : 0;
const inFrame = (kind, frame) => (detection ? pictures[state.index].found.counts[kind.key] : data.holes[kind.key][frame]) || 0;

/// Shows outlines of spots, where the page knows of some; see below.
let outlineSpots = () => {};

/// Draws lines around holes at some distance, so that what was filled in shows, and a tint over them: where holes lie too near
/// each other for lines, the tint alone tells.
///
/// `map` has a width, a height, and 1 + the kind's number of each pixel, 0 where nothing is missing; `scale` is how many of the
/// canvas's pixels are one of the screen's.
function outline(canvas, map, width, height, scale, isShown, tint) {
  [canvas.width, canvas.height] = [width, height];
  const { nearest, distance } = spread(map, width, height, isShown);
  // Pixels are put there and never drawn: nothing for a graphics processor.
  const context = canvas.getContext("2d", { willReadFrequently: true });
  const image = context.createImageData(width, height);
  // In thirds of the canvas's pixels, as the distances are.
  const [from, to] = [Math.max(4, 6 * scale), Math.max(9, 12 * scale)];
  const edge = to + Math.max(3, 3 * scale);
  for (let i = 0; i < nearest.length; i++) {
    if (!nearest[i] || distance[i] > edge) continue;
    const colour = kinds[nearest[i] - 1].colour;
    if (distance[i] === 0) image.data.set([...colour, tint], 4 * i);
    else if (distance[i] > to) image.data.set([0, 0, 0, 150], 4 * i);
    else if (distance[i] > from) image.data.set([...colour, 255], 4 * i);
  }
  context.putImageData(image, 0, 0);
}

/// For each pixel the kind of the nearest hole that is shown, and its distance: three for a step to the side, four for one
/// to a corner (Borgefors, Distance transformations in digital images, 1986).
function spread(map, width, height, isShown) {
  const nearest = new Uint8Array(width * height);
  const distance = new Uint16Array(width * height).fill(60000);
  const columns = Array.from({ length: width }, (_, x) => Math.floor((x * map.width) / width));
  for (let y = 0; y < height; y++) {
    const row = Math.floor((y * map.height) / height) * map.width;
    for (let x = 0; x < width; x++) {
      const kind = map.kinds[row + columns[x]];
      if (kind && isShown(kinds[kind - 1])) [nearest[y * width + x], distance[y * width + x]] = [kind, 0];
    }
  }
  const pass = (down) => {
    const [first, step] = down ? [0, 1] : [height - 1, -1];
    for (let y = first; y >= 0 && y < height; y += step) {
      for (let k = 0; k < width; k++) {
        const x = down ? k : width - 1 - k;
        const i = y * width + x;
        const take = (from, cost) => {
          if (distance[from] + cost < distance[i]) [distance[i], nearest[i]] = [distance[from] + cost, nearest[from]];
        };
        const back = x - step;
        if (back >= 0 && back < width) take(i - step, 3);
        if (y - step < 0 || y - step >= height) continue;
        const above = i - step * width;
        take(above, 3);
        if (x > 0) take(above - 1, 4);
        if (x < width - 1) take(above + 1, 4);
      }
    }
  };
  pass(true);
  pass(false);
  return { nearest, distance };
}

if (pictures.length && kinds.some((kind) => total(kind))) {
  const shown = new Set();
  const canvas = $("kinds-outlines");
  const present = kinds.filter((kind) => total(kind));
  // Of the frame that is shown: its number, and 1 + the kind's number of each pixel, 0 where nothing is missing.
  let map = { frame: null };
  let drawn = "";

  function read() {
    const picture = pictures[state.index];
    if (map.frame === picture.frame) return draw();
    const image = new Image();
    image.onload = () => {
      if (pictures[state.index] !== picture) return;
      const { naturalWidth: width, naturalHeight: height } = image;
      const context = make("canvas", { width, height }).getContext("2d", { willReadFrequently: true });
      context.drawImage(image, 0, 0);
      const pixels = context.getImageData(0, 0, width, height).data;
      map = { frame: picture.frame, width, height, kinds: new Uint8Array(width * height) };
      for (let i = 0; i < map.kinds.length; i++) {
        const [red, green, blue] = [pixels[4 * i], pixels[4 * i + 1], pixels[4 * i + 2]];
        if (red > 127) map.kinds[i] = 1 + (green > 127 ? 1 : 0) + (blue > 127 ? 2 : 0) + (red < 224 ? 4 : 0);
      }
      draw();
    };
    image.src = picture.mask;
  }

  function draw() {
    const area = $("pictures").getBoundingClientRect();
    // Enlarged pictures are several times as large as the screen.
    const scale = Math.min(window.devicePixelRatio || 1, 2400 / Math.max(area.width, area.height, 1));
    const [width, height] = [area.width, area.height].map((side) => Math.max(1, Math.round(side * scale)));
    const wanted = [map.frame, width, height, ...shown].join(" ");
    if (wanted === drawn) return;
    drawn = wanted;
    outline(canvas, map, width, height, scale, (kind) => shown.has(kind.key), 60);
    canvas.dataset.frame = map.frame;
  }

  function show() {
    canvas.hidden = !shown.size;
    if (shown.size) read();
  }

  function choose(keys) {
    shown.clear();
    for (const key of keys) shown.add(key);
    for (const box of $("kinds").querySelectorAll("input")) box.checked = shown.has(box.value);
    show();
  }

  $("kinds").hidden = false;
  for (const kind of present) {
    const box = make("input", { type: "checkbox", value: kind.key });
    box.addEventListener("change", () => {
      if (box.checked) shown.add(kind.key); else shown.delete(kind.key);
      show();
    });
    const swatch = make("span", { className: "swatch" });
    swatch.style.background = `rgb(${kind.colour})`;
    $("kinds").append(make("label", {}, box, " ", swatch, ` ${kind.name} `, make("output", { id: `kinds-${kind.key}` })));
  }
  const totals = Object.fromEntries(kinds.filter(Boolean).map((kind) => [kind.key, total(kind)]));
  $("kinds-total").hidden = false;
  $("kinds-total").textContent = detection ? `In all frames: ${named(totals)}. What goes on through several frames counts once here.` : `In all frames: ${named(totals)}. A hole counts in each frame that it is in`
    + (totals.lines + totals.points + totals.blotches ? "; lines, points and blotches were solved together as the spots of a window." : ".");
  cursors.push((frame) => {
    for (const kind of present) $(`kinds-${kind.key}`).textContent = many(inFrame(kind, frame));
    show();
  });
  if (detection) choose(present.map((kind) => kind.key));
  outlineSpots = () => choose(present.map((kind) => kind.key).filter((key) => key !== "others"));
  window.addEventListener("resize", show);
  $("zoom").addEventListener("change", show);
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || (event.key !== "k" && event.key !== "K")) return;
    if (event.target.closest && event.target.closest("select, textarea, input[type=text]")) return;
    choose(shown.size ? [] : present.map((kind) => kind.key));
  });
}
