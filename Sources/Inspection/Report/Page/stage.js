const data = JSON.parse(document.getElementById("data").textContent);
const $ = (id) => document.getElementById(id);
const make = (tag, attributes = {}, ...children) => {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (name in node && name !== "role") node[name] = value; else node.setAttribute(name, value);
  }
  node.append(...children);
  return node;
};
const fixed = (value, digits = 1) => value == null ? "–" : value.toFixed(digits);
const percent = (share) => `${(share * 100).toFixed(share < 0.1 ? 2 : 1)} %`;
// The range of what is expected.
const range = (expected) => `${fixed(expected.low)} to ${fixed(expected.high)} dB`;
const some = (list) => Array.isArray(list) && list.some((value) => value != null);
const { video, frames, pictures, windows } = data;
// A search for damage shows one view of each frame: nothing is restored yet.
const { detection } = data;
const noun = data.volume ? "slice" : "frame";

// MARK: Head

const time = (seconds) => seconds < 60 ? `${seconds.toFixed(1)} s`
  : `${Math.floor(seconds / 60)} min ${Math.round(seconds % 60)} s`;
$("title").textContent = video.input;
$("subtitle").textContent = detection ? `looked through for ${detection.kinds.map((kind) => kind.name).join(", ")}; mask ${video.result} · `
  + `${video.width} × ${video.height}, ${video.frames} frames, ${fixed(video.framesPerSecond, 2)} frames/s`
  : `restored as ${video.result}` + (video.reference ? `, compared with ${video.reference}` : "")
  + (data.volume ? ` · ${data.volume.shape.join(" × ")} voxels of ${data.volume.spacing.map((v) => +v.toPrecision(4)).join(" × ")}`
    + (data.volume.volumes > 1 ? `, volume ${data.volume.number} of ${data.volume.volumes}` : "")
    : ` · ${video.width} × ${video.height}, ${video.frames} frames, ${fixed(video.framesPerSecond, 2)} frames/s`);
const figure = (name, value, more) => $("figures").append(
  make("div", {}, make("dt", { textContent: name }), make("dd", {}, value, make("small", { textContent: more || "" }))));
const damagedFrames = detection ? detection.frames : frames.missing.filter((share) => share > 0).length;
figure(detection ? "damaged" : "missing", percent(video.missing), `in ${damagedFrames} of ${video.frames} ${noun}s`);
if (data.restoration) {
  figure("expected PSNR", data.restoration.expected ? range(data.restoration.expected) : "unknown",
    "of what was missing: an estimate, right in nine of ten cases");
  figure("hold-out PSNR", data.restoration.holdoutPSNR == null ? "–" : `${fixed(data.restoration.holdoutPSNR, 2)} dB`,
    "measured on known samples kept aside");
}
if (some(frames.psnrMissing)) {
  const errors = frames.psnrMissing.map((v, i) => v == null ? null : [Math.pow(10, -v / 10), frames.missing[i]]).filter(Boolean);
  const weight = errors.reduce((sum, e) => sum + e[1], 0) || 1;
  const error = errors.reduce((sum, e) => sum + e[0] * e[1], 0) / weight;
  figure("PSNR of what was missing", `${fixed(-10 * Math.log10(Math.max(error, 1e-10)), 2)} dB`, "against the reference");
}
if (some(frames.roughness)) {
  const mean = (list) => { const v = list.filter((x) => x != null); return v.reduce((a, b) => a + b, 0) / Math.max(v.length, 1); };
  figure("flicker of the holes", fixed(mean(frames.roughness), 2), `around them ${fixed(mean(frames.roughnessAround), 2)}, in steps of 8 bits`);
}
if (data.restoration) {
  figure("method", data.restoration.model, `preset ${data.restoration.preset}, seed ${data.restoration.seed}`);
  figure("time", time(data.restoration.seconds.total || 0), `${time(data.restoration.seconds.fit || 0)} of it reconstructing`);
}

// MARK: Stage

const state = { index: 0, view: detection ? "damaged" : "wipe", wipe: 50, zoom: 1, mask: false, box: null };
const cursors = [];
const slider = $("frame");
const stageShape = video.width * video.aspect / video.height;
const nearest = (frame) => pictures.reduce((best, p, i) =>
  Math.abs(p.frame - frame) < Math.abs(pictures[best].frame - frame) ? i : best, 0);

function layout() {
  const stage = $("stage");
  const room = Math.max(stage.clientWidth, 100);
  const high = Math.min(window.innerHeight * 0.7, 720);
  const width = Math.min(room, high * stageShape) * state.zoom;
  $("pictures").style.width = `${width}px`;
  $("pictures").style.height = `${width / stageShape}px`;
  $("pictures").classList.toggle("pixelated", width > video.width * 1.5);
  placeBox();
}

function placeBox() {
  document.querySelectorAll(".box").forEach((node) => node.remove());
  const box = state.box;
  if (!box || !pictures.length) return;
  const part = (value, whole) => `${100 * value / whole}%`;
  const node = make("div", { className: "box" });
  node.style.cssText = `left:${part(box.x, video.width)};top:${part(box.y, video.height)};width:${part(box.width, video.width)};height:${part(box.height, video.height)}`;
  $("pictures").append(node);
}

function paintMask() {
  const canvas = $("mask");
  canvas.hidden = !state.mask;
  if (!state.mask) return;
  const image = new Image();
  const wanted = state.index;
  image.onload = () => {
    if (wanted !== state.index) return;
    canvas.width = image.naturalWidth;
    canvas.height = image.naturalHeight;
    const context = canvas.getContext("2d", { willReadFrequently: true });
    context.drawImage(image, 0, 0);
    const pixels = context.getImageData(0, 0, canvas.width, canvas.height);
    for (let i = 0; i < pixels.data.length; i += 4) {
      const missing = pixels.data[i] > 127;
      pixels.data.set([255, 32, 144, missing ? 150 : 0], i);
    }
    context.putImageData(pixels, 0, 0);
    canvas.dataset.frame = pictures[wanted].frame;
  };
  image.src = pictures[wanted].mask;
}

function show() {
  const picture = pictures[state.index];
  if (!picture) return;
  const [damaged, restored, reference] = [$("damaged"), $("restored"), $("reference")];
  damaged.src = picture.damaged;
  if (picture.restored) restored.src = picture.restored;
  if (picture.reference) reference.src = picture.reference;
  reference.hidden = state.view !== "reference";
  damaged.hidden = state.view === "reference" || state.view === "restored";
  restored.hidden = state.view === "reference" || state.view === "damaged";
  restored.style.clipPath = state.view === "wipe" ? `inset(0 ${100 - state.wipe}% 0 0)` : "none";
  $("wipe-line").hidden = state.view !== "wipe";
  $("wipe-line").style.left = `${state.wipe}%`;
  $("wipe").disabled = state.view !== "wipe";
  const i = picture.frame;
  slider.value = state.index;
  slider.setAttribute("aria-valuetext", `${noun} ${i}`);
  $("frame-number").textContent = `${i} of 0–${video.frames - 1}`;
  const facts = [picture.found ? `${percent(picture.found.share)} damaged` : `${percent(frames.missing[i] || 0)} missing`];
  if (picture.found && picture.found.doubt != null) facts.push(`least confidence ${fixed(picture.found.doubt, 3)}`);
  const add = (text, list, digits, unit) => {
    if (list && list[i] != null) facts.push(`${text} ${list[i] >= 100 && unit === " dB" ? "identical" : fixed(list[i], digits) + unit}`);
  };
  if (frames.expectedLow[i] != null && frames.missing[i]) facts.push(`expected PSNR ${range({ low: frames.expectedLow[i], high: frames.expectedHigh[i] })}`);
  add("PSNR of what was missing", frames.psnrMissing, 2, " dB");
  add("SSIM of what was missing", frames.ssimMissing, 4, "");
  add("flicker", frames.roughness, 2, "");
  add("around it", frames.roughnessAround, 2, "");
  $("frame-figures").textContent = facts.join(" · ");
  document.body.dataset.frame = i;
  paintMask();
  for (const cursor of cursors) cursor(i);
}

function go(index) {
  state.index = Math.max(0, Math.min(pictures.length - 1, index));
  show();
}
const goTo = (frame) => { if (pictures.length) go(nearest(frame)); };

function step(key) {
  const tenth = Math.max(1, Math.round(pictures.length / 10));
  const moves = { ArrowRight: 1, ArrowUp: 1, ArrowLeft: -1, ArrowDown: -1, PageUp: tenth, PageDown: -tenth };
  if (key === "Home") go(0);
  else if (key === "End") go(pictures.length - 1);
  else if (key in moves) go(state.index + moves[key]);
  else return false;
  return true;
}

if (detection) {
  for (const id of ["views", "wipe-label"]) $(id).hidden = true;
  $("mask-word").textContent = "mark what was found";
  $("mask").setAttribute("aria-label", "what was found");
  $("pictures").style.cursor = "auto";
}

if (pictures.length) {
  slider.max = pictures.length - 1;
  slider.addEventListener("input", () => go(Number(slider.value)));
  slider.addEventListener("keydown", (event) => { if (step(event.key)) event.preventDefault(); });
  $("wipe").addEventListener("input", () => { state.wipe = Number($("wipe").value); show(); });
  document.querySelectorAll("input[name=view]").forEach((node) =>
    node.addEventListener("change", () => { state.view = node.value; show(); }));
  $("mask-toggle").addEventListener("change", () => { state.mask = $("mask-toggle").checked; paintMask(); });
  $("zoom").addEventListener("change", () => { state.zoom = Number($("zoom").value); layout(); });
  $("view-reference").hidden = !pictures.some((p) => p.reference);
  const drag = (event) => {
    if (state.view !== "wipe" || !(event.buttons & 1)) return;
    const area = $("pictures").getBoundingClientRect();
    state.wipe = Math.max(0, Math.min(100, 100 * (event.clientX - area.left) / area.width));
    $("wipe").value = state.wipe;
    show();
  };
  $("pictures").addEventListener("pointerdown", drag);
  $("pictures").addEventListener("pointermove", drag);
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.target.closest && event.target.closest("input, select, button, textarea, tr")) return;
    if (event.key === "m" || event.key === "M") $("mask-toggle").click();
    // Up, down and the like scroll the page, or the enlarged picture.
    else if (["ArrowLeft", "ArrowRight", "Home", "End", "PageUp", "PageDown"].includes(event.key)
      && !(state.zoom > 1 && event.target === $("stage")) && step(event.key)) event.preventDefault();
  });
  window.addEventListener("resize", layout);
} else {
  $("frames").hidden = true;
}

// MARK: Worst frames

$("worst-section").hidden = !data.worst.length || !pictures.length;
$("worst-how").textContent = some(frames.psnrMissing) ? "By PSNR of what was missing, against the reference."
  : windows.length ? "By the least that is expected of their windows, less the decibels by which the hole flickers more than what lies around it; those of which nothing can be told come first."
    : "By how much more the hole flickers than what lies around it.";
for (const frame of data.worst) {
  const picture = pictures[pictures.length ? nearest(frame) : 0];
  if (!picture) break;
  const figures = [];
  if (frames.psnrMissing[frame] != null) figures.push(`${fixed(frames.psnrMissing[frame])} dB`);
  else if (windows.length) figures.push(frames.expectedLow[frame] == null ? "expected: unknown" : `expected ${range({ low: frames.expectedLow[frame], high: frames.expectedHigh[frame] })}`);
  if (frames.roughness[frame] != null) figures.push(`flicker ${fixed(frames.roughness[frame])} / ${fixed(frames.roughnessAround[frame])}`);
  const button = make("button", { type: "button" },
    make("img", { src: picture.restored, alt: "", loading: "lazy" }), make("b", { textContent: `${noun} ${frame}` }),
    make("br"), figures.join(", "));
  button.setAttribute("aria-label", `Go to ${noun} ${frame}, ${figures.join(", ")}`);
  button.addEventListener("click", () => { goTo(frame); $("frames").scrollIntoView({ block: "start" }); });
  $("worst").append(make("li", {}, button));
}
