// MARK: Plots

const svg = (tag, attributes, ...children) => {
  const node = document.createElementNS("http://www.w3.org/2000/svg", tag);
  for (const [name, value] of Object.entries(attributes)) node.setAttribute(name, value);
  node.append(...children);
  return node;
};
const narrow = window.matchMedia("(max-width: 560px)").matches;
const roundStep = (step) => {
  const power = Math.pow(10, Math.floor(Math.log10(step)));
  return [1, 2, 5, 10].find((f) => f * power >= step * 0.999) * power;
};
const label = (value) => {
  const size = Math.abs(value);
  return size > 0 && (size < 1e-3 || size >= 1e6) ? value.toExponential(0) : String(+value.toPrecision(6));
};

/** A plot of curves [{name, colour, points: [[x, y | null], ...], steps, dash}] in a figure. */
function plot({ title, x, y, curves, log = false, zero = false, click, whole = false }) {
  // Letters keep their size: a narrow plot has a narrow canvas.
  const across = narrow ? 340 : 560;
  const size = { width: across, height: 250, left: 54, right: across - 12, top: 12, bottom: 206 };
  const drawn = curves.map((c) => ({ ...c, points: c.points.filter((p) => p[1] == null || !log || p[1] > 0) }));
  const values = drawn.flatMap((c) => c.points).filter((p) => p[1] != null && Number.isFinite(p[1]));
  if (!values.length) return null;
  const xs = values.map((p) => p[0]);
  const [x0, x1] = [whole ? 0 : Math.min(...xs), whole ? Math.max(video.frames - 1, 1) : Math.max(...xs, Math.min(...xs) + 1)];
  const scaled = (v) => log ? Math.log10(v) : v;
  const ys = values.map((p) => scaled(p[1]));
  let [y0, y1] = [ys.reduce((a, b) => Math.min(a, b)), ys.reduce((a, b) => Math.max(a, b))];
  if (zero) y0 = Math.min(0, y0);
  if (y1 - y0 < 1e-9) { y0 -= 0.5; y1 += 0.5; }
  const tick = log ? Math.max(1, Math.ceil((y1 - y0) / 5)) : roundStep((y1 - y0) / 4);
  [y0, y1] = [Math.floor(y0 / tick) * tick, Math.ceil(y1 / tick) * tick];
  const px = (v) => size.left + (v - x0) / (x1 - x0) * (size.right - size.left);
  const py = (v) => size.bottom - (scaled(v) - y0) / (y1 - y0) * (size.bottom - size.top);
  const root = svg("svg", { viewBox: `0 0 ${size.width} ${size.height}`, role: "img", "aria-label": `${title}: ${y} over ${x}` });
  for (let v = y0; v <= y1 + tick / 2; v += tick) {
    const place = size.bottom - (v - y0) / (y1 - y0) * (size.bottom - size.top);
    const text = log ? `10${[...String(Math.round(v))].map((c) => "⁰¹²³⁴⁵⁶⁷⁸⁹"[c] || "⁻").join("")}` : label(v);
    root.append(svg("path", { class: "grid", d: `M${size.left} ${place}H${size.right}` }),
      svg("text", { x: size.left - 7, y: place + 4, "text-anchor": "end" }, text));
  }
  const step = Math.max(1, roundStep((x1 - x0) / (narrow ? 4 : 6)));
  for (let v = Math.ceil(x0 / step) * step; v <= x1; v += step) {
    root.append(svg("path", { class: "axis", d: `M${px(v)} ${size.bottom}v4` }),
      svg("text", { x: px(v), y: size.bottom + 18, "text-anchor": "middle" }, label(v)));
  }
  root.append(svg("path", { class: "axis", d: `M${size.left} ${size.top}V${size.bottom}H${size.right}` }),
    svg("text", { x: (size.left + size.right) / 2, y: size.bottom + 38, "text-anchor": "middle" }, x),
    svg("text", { transform: `translate(13 ${(size.top + size.bottom) / 2}) rotate(-90)`, "text-anchor": "middle" }, y));
  for (const curve of drawn) {
    let path = "", open = false, last = null;
    for (const [u, v] of curve.points) {
      if (v == null || !Number.isFinite(v)) { open = false; continue; }
      if (curve.steps && open) path += `H${px(u).toFixed(1)}`;
      path += `${open ? "L" : "M"}${px(u).toFixed(1)} ${py(v).toFixed(1)}`;
      if (!open) path += "h0.01";
      open = true;
    }
    root.append(svg("path", { d: path, fill: "none", stroke: `var(--${curve.colour})`, "stroke-width": 2, "stroke-linecap": "round",
      "stroke-dasharray": curve.dash || "none", "stroke-linejoin": "round" }));
  }
  if (click) {
    const line = svg("path", { class: "cursor", d: "" });
    root.append(line);
    cursors.push((frame) => line.setAttribute("d", frame < x0 || frame > x1 ? "" : `M${px(frame)} ${size.top}V${size.bottom}`));
    root.style.cursor = "pointer";
    root.addEventListener("click", (event) => {
      const area = root.getBoundingClientRect();
      const at = (event.clientX - area.left) / area.width * size.width;
      click(Math.round(x0 + (at - size.left) / (size.right - size.left) * (x1 - x0)));
    });
  }
  const legend = make("div", { className: "legend" });
  for (const curve of curves) {
    const key = make("i");
    key.style.borderTop = `3px ${curve.dash ? "dashed" : "solid"} var(--${curve.colour})`;
    legend.append(make("span", {}, key, curve.name));
  }
  return make("figure", {}, make("figcaption", { textContent: title }), legend, root);
}
const overFrames = (list) => {
  // More points than pixels only take time: the mean of each run stands for it.
  const run = Math.ceil(list.length / 1500);
  if (run <= 1) return list.map((v, i) => [i, v]);
  const points = [];
  for (let i = 0; i < list.length; i += run) {
    const part = list.slice(i, i + run).filter((v) => v != null);
    points.push([i, part.length ? part.reduce((a, b) => a + b, 0) / part.length : null]);
  }
  return points;
};
const addPlot = (place, description) => { const node = plot(description); if (node) $(place).append(node); };
const click = (frame) => goTo(frame);
const quality = [];
if (some(frames.holdoutPSNR)) quality.push({ name: `hold-out, of the ${noun}'s windows`, colour: "a", steps: true, points: overFrames(frames.holdoutPSNR) });
if (some(frames.psnrMissing)) quality.push({ name: "missing samples, against the reference", colour: "b", points: overFrames(frames.psnrMissing) });
addPlot("plots", { title: "Quality", x: noun, y: "PSNR, dB", curves: quality, click, whole: true });
addPlot("plots", { title: "Flicker: temporal roughness", x: noun, y: "steps of 8 bits", click, zero: true, whole: true, curves: [
  { name: "in the holes", colour: "b", points: overFrames(frames.roughness) },
  { name: "around them", colour: "a", dash: "5 4", points: overFrames(frames.roughnessAround) }] });
addPlot("plots", { title: "Missing", x: noun, y: `% of the ${noun}`, click, zero: true, whole: true, curves: [
  { name: data.volume ? "missing voxels" : "missing pixels", colour: "d", points: overFrames(frames.missing.map((v) => v * 100)) }] });
