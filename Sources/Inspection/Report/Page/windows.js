// MARK: Windows

const palette = ["#4c8dde", "#e8804b", "#35ad80", "#9a6ade", "#c9a227", "#d65a8e", "#27a5b5", "#8c8f97"];
const estimators = [...new Set(windows.flatMap((w) => Object.keys(w.weights)))].sort();
const colourOf = (name) => palette[estimators.indexOf(name) % palette.length];
$("windows-section").hidden = !windows.length;

function choose(index) {
  const chosen = windows[index];
  // Outlines show where spots are; their box is the frame.
  state.box = chosen.spots ? null : chosen;
  if (chosen.spots) outlineSpots();
  document.querySelectorAll("#windows tbody tr").forEach((row) => row.classList.toggle("chosen", Number(row.dataset.index) === index));
  const middle = Math.round((chosen.first + chosen.last) / 2);
  goTo(pictures.length && pictures.some((p) => p.frame >= chosen.first && p.frame <= chosen.last && p.frame === data.worst.find((f) => f >= chosen.first && f <= chosen.last))
    ? data.worst.find((f) => f >= chosen.first && f <= chosen.last) : middle);
  placeBox();
  $("frames").scrollIntoView({ block: "start" });
}

function timeline() {
  const lanes = [];
  const placed = windows.map((w) => {
    let lane = lanes.findIndex((end) => end < w.first);
    if (lane < 0) { lane = lanes.length; lanes.push(0); }
    lanes[lane] = w.last;
    return lane;
  });
  const values = windows.filter((w) => w.expected).map((w) => w.expected.low);
  const [low, high] = [Math.min(...values), Math.max(...values)];
  const [width, left, right, row] = [1120, 8, 1112, lanes.length > 12 ? 12 : 22];
  const height = lanes.length * (row + 3) + 44;
  const x = (frame) => left + frame / Math.max(video.frames, 1) * (right - left);
  const root = svg("svg", { viewBox: `0 0 ${width} ${height}`, role: "group", "aria-label": `Windows and tiles over the ${noun}s` });
  windows.forEach((w, i) => {
    const share = !w.expected ? null : high > low ? (w.expected.low - low) / (high - low) : 1;
    const fill = share == null ? "var(--line)" : `color-mix(in oklab, var(--good) ${Math.round(share * 100)}%, var(--bad))`;
    const rect = svg("rect", { x: x(w.first), y: placed[i] * (row + 3) + 2, width: Math.max(x(w.last + 1) - x(w.first) - 1.5, 2),
      height: row, rx: 3, fill, "fill-opacity": 0.85 },
      svg("title", {}, `${noun}s ${w.first}–${w.last}, ${w.spots ? `${many(spotCount(w.spots))} spots (${named(w.spots)})` : `${w.width} × ${w.height} at ${w.x}, ${w.y}`}: ${w.expected ? `expected ${range(w.expected)}` : "unknown"}, ${w.iterations} iterations (${w.stopReason})`));
    rect.addEventListener("click", () => choose(i));
    root.append(rect);
  });
  const bottom = lanes.length * (row + 3) + 6;
  root.append(svg("path", { class: "axis", d: `M${left} ${bottom}H${right}` }));
  const step = Math.max(1, roundStep(video.frames / 10));
  for (let v = 0; v <= video.frames; v += step) {
    root.append(svg("path", { class: "axis", d: `M${x(v)} ${bottom}v4` }), svg("text", { x: x(v), y: bottom + 17, "text-anchor": v ? "middle" : "start" }, label(v)));
  }
  root.append(svg("text", { x: (left + right) / 2, y: bottom + 33, "text-anchor": "middle" },
    values.length ? `${noun}; by the least PSNR that is expected, from ${fixed(low)} dB (red) to ${fixed(high)} dB (green); gray where it is unknown` : noun));
  const line = svg("path", { class: "cursor", d: "" });
  root.append(line);
  cursors.push((frame) => line.setAttribute("d", `M${x(frame + 0.5)} 0V${bottom}`));
  const scroller = make("div", { className: "table" }, root);
  if (narrow) root.style.minWidth = "640px";
  $("timeline").append(scroller);
}

if (windows.length) {
  timeline();
  const head = [`${noun}s`, "box", "expected PSNR", "hold-out PSNR", "iterations", "ended by", "estimators"];
  if (windows.some((w) => w.seconds != null)) head.push("time");
  const body = make("tbody");
  windows.map((w, i) => [w, i]).sort((a, b) => (a[0].expected?.low ?? -1) - (b[0].expected?.low ?? -1)).slice(0, 400).forEach(([w, i]) => {
    const button = make("button", { type: "button", textContent: `${w.first}–${w.last}` });
    const place = w.spots ? "its spots" : `box at ${w.x}, ${w.y}`;
    button.setAttribute("aria-label", `Go to the window of ${noun}s ${w.first} to ${w.last}, ${place}`);
    const what = w.spots ? make("td", { textContent: `${many(spotCount(w.spots))} spots` }, make("small", { textContent: named(w.spots) }))
      : make("td", { textContent: `${w.width} × ${w.height} at ${w.x}, ${w.y}` });
    const parts = Object.entries(w.weights).filter((p) => p[1] >= 0.01).sort((a, b) => b[1] - a[1]);
    const bar = make("div", { className: "weights" }, ...parts.map(([name, weight]) => {
      const part = make("span", { title: `${name} ${percent(weight)}` });
      part.style.cssText = `flex:${weight};background:${colourOf(name)}`;
      return part;
    }));
    const text = parts.slice(0, 3).map(([name, weight]) => `${name} ${Math.round(weight * 100)} %`).join(", ");
    const row = make("tr", {}, make("td", {}, button), what,
      make("td", { textContent: w.expected ? range(w.expected) : "unknown" }),
      make("td", { textContent: w.holdoutPSNR == null ? "not checked" : `${fixed(w.holdoutPSNR, 2)} dB` }), make("td", { textContent: w.iterations }),
      make("td", { textContent: w.stopReason }), make("td", {}, text, bar));
    if (head.includes("time")) row.append(make("td", { textContent: w.seconds == null ? "–" : time(w.seconds) }));
    row.dataset.index = i;
    row.addEventListener("click", () => choose(i));
    body.append(row);
  });
  $("windows").append(make("thead", {}, make("tr", {}, ...head.map((h) => make("th", { scope: "col", textContent: h })))), body);
}

// MARK: Learned structure

$("learned-section").hidden = !data.learned.length;
function learned(index) {
  const chosen = data.learned[index];
  $("affinities").replaceChildren();
  $("learned-plots").replaceChildren();
  const weights = Object.entries(chosen.penalties).map(([name, weight]) => `${name} ${label(weight)}`).join(", ");
  $("learned-facts").textContent = `Frames ${chosen.first}–${chosen.last}, ${chosen.width} × ${chosen.height} at ${chosen.x}, ${chosen.y}. `
    + (weights ? `Weights of the penalties: ${weights}.` : "");
  for (const axis of chosen.axes) {
    if (!axis.affinities.length) continue;
    $("affinities").append(make("div", { className: "affinity" }, make("b", { textContent: axis.name }),
      ...axis.affinities.map((a) => make("figure", {},
        make("img", { src: a.picture, alt: `similarity of ${axis.count} ${axis.name} at iteration ${a.iteration}` }),
        make("figcaption", { textContent: `iteration ${a.iteration}` })))));
  }
  for (const drawing of data.learnedCharts[index]) addPlot("learned-plots", drawing);
}
if (data.learned.length) {
  data.learned.forEach((l, i) => $("learned-choice").append(make("option", { value: i, textContent: `frames ${l.first}–${l.last}, box at ${l.x}, ${l.y}` })));
  $("learned-choice").addEventListener("change", () => learned(Number($("learned-choice").value)));
  learned(0);
}

// MARK: Overlays

$("overlays-section").hidden = !data.overlays.length;
for (const overlay of data.overlays) {
  const shown = [["opacity", overlay.opacity], ["colour", overlay.colour]].filter(([, picture]) => picture);
  $("overlays").append(make("div", { className: "overlay" }, make("p", { textContent: overlay.text }),
    ...shown.map(([name, picture]) => make("figure", {}, make("img", { src: picture, alt: `${name} of the overlay` }),
      make("figcaption", { textContent: name })))));
}

// MARK: Notes

$("notes-section").hidden = !data.notes.length;
for (const note of data.notes) $("notes").append(make("li", { textContent: note }));
layout();
show();
