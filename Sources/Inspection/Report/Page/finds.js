// MARK: Finds of a search for damage

if (detection) {
  $("plots-heading").textContent = "Damage over the frames";
  const entries = detection.finds;
  const byKey = Object.fromEntries(detection.kinds.map((kind) => [kind.key, kind]));
  for (const kind of detection.kinds) {
    figure(kind.name, many(kind.finds), `in ${many(kind.frames)} of ${many(video.frames)} frames, ${percent(kind.share)}`);
  }
  figure("sensitivity", `${detection.sensitivity}`, "--detect-sensitivity, 0 to 1");
  $("finds-section").hidden = false;
  if (!entries.length) {
    $("finds").replaceWith(make("p", { textContent: "Nothing was found." }));
    document.querySelectorAll("#finds-section .controls, #finds-section .faint").forEach((node) => { node.hidden = true; });
  }
  for (const kind of detection.kinds) {
    if (entries.some((entry) => entry.kind === kind.key)) $("finds-kind").append(make("option", { value: kind.key, textContent: kind.name }));
  }

  /// Cards that a page begins with, and that are added at once.
  const batch = 36;
  let limit = batch;

  /// The parts of a find as a map for outlines, a pixel of which is one of the crop's samples.
  function mapOf(entry) {
    const { crop, parts } = entry;
    const map = { width: crop.width, height: crop.height, kinds: new Uint8Array(crop.width * crop.height) };
    const number = 1 + byKey[entry.kind].number;
    for (let i = 0; i < parts.length; i += 4) {
      const [x, y, width, height] = parts.slice(i, i + 4);
      for (let row = y - crop.y; row < y - crop.y + height; row++) {
        map.kinds.fill(number, row * crop.width + x - crop.x, row * crop.width + x - crop.x + width);
      }
    }
    return map;
  }

  function choose(entry, button) {
    document.querySelectorAll("#finds .chosen").forEach((node) => node.classList.remove("chosen"));
    button.classList.add("chosen");
    state.box = entry.crop;
    goTo(entry.shown);
    placeBox();
    $("frames").scrollIntoView({ block: "start" });
  }

  function card(entry) {
    const kind = byKey[entry.kind];
    const shape = `${entry.crop.width * video.aspect} / ${entry.crop.height}`;
    const canvas = make("canvas");
    const pair = make("div", { className: "pair" }, make("div", {}, make("img", { src: entry.picture, alt: "" })),
      make("div", {}, make("img", { src: entry.picture, alt: "" }), canvas));
    for (const half of pair.children) half.style.aspectRatio = shape;
    const side = 240;
    const longest = Math.max(entry.crop.width * video.aspect, entry.crop.height);
    outline(canvas, mapOf(entry), Math.max(1, Math.round(entry.crop.width * video.aspect / longest * side)),
      Math.max(1, Math.round(entry.crop.height / longest * side)), 1.5, () => true, 0);
    const swatch = make("span", { className: "swatch" });
    swatch.style.background = `rgb(${kind.colour})`;
    const [first, last] = entry.frames;
    const span = first < last ? `frames ${first}–${last}` : `frame ${first}`;
    const when = entry.time == null ? span : `${span}, ${fixed(entry.time, 3)} s`;
    const where = `${many(entry.area)} px, ${entry.box.width} × ${entry.box.height} at ${entry.box.x}, ${entry.box.y}`;
    const button = make("button", { type: "button" }, pair, swatch, " ", make("b", { textContent: `${kind.one} ${fixed(entry.confidence, 3)}` }),
      make("br"), when + (first < last ? ` (here ${entry.shown})` : ""), make("br"), where);
    button.setAttribute("aria-label", `Go to the ${kind.one} of confidence ${fixed(entry.confidence, 3)}, ${when}, ${where}`);
    button.addEventListener("click", () => choose(entry, button));
    return make("li", {}, button);
  }

  function list() {
    const key = $("finds-kind").value;
    const chosen = entries.filter((entry) => !key || entry.kind === key);
    if ($("finds-order").value === "frame") {
      chosen.sort((a, b) => a.frames[0] - b.frames[0] || a.box.y - b.box.y || a.box.x - b.box.x);
    }
    const all = detection.kinds.filter((kind) => !key || kind.key === key).reduce((count, kind) => count + kind.finds, 0);
    $("finds-count").textContent = `${many(Math.min(limit, chosen.length))} of ${many(all)} finds`;
    $("finds").replaceChildren(...chosen.slice(0, limit).map(card));
    $("finds-more").hidden = chosen.length <= limit;
  }

  if (entries.length) {
    for (const id of ["finds-order", "finds-kind"]) {
      $(id).addEventListener("change", () => { limit = batch; list(); });
    }
    $("finds-more").addEventListener("click", () => { limit += batch; list(); });
    list();
    // The page begins with what should be looked at first.
    if (pictures.length) state.index = nearest(entries[0].shown);
  }
  // The box around a find is of its frame alone.
  cursors.push((frame) => {
    if (state.box && !entries.some((entry) => entry.crop === state.box && entry.shown === frame)) { state.box = null; placeBox(); }
  });
}
