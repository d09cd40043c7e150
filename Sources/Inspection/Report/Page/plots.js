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

/** Puts a plot, which comes drawn, into a place; one over frames shows the frame at hand and leads to others. */
function addPlot(place, drawing) {
  const figure = make("figure");
  figure.innerHTML = drawing;
  $(place).append(figure);
  const root = figure.firstElementChild;
  if (!root.dataset.range) return;
  const [first, last] = root.dataset.range.split(" ").map(Number);
  const [left, right, top, bottom] = root.dataset.plot.split(" ").map(Number);
  const line = svg("path", { class: "cursor", d: "" });
  root.append(line);
  cursors.push((frame) => line.setAttribute("d", `M${left + (frame - first) / (last - first) * (right - left)} ${top}V${bottom}`));
  root.style.cursor = "pointer";
  root.addEventListener("click", (event) => {
    const area = root.getBoundingClientRect();
    const at = (event.clientX - area.left) / area.width * root.viewBox.baseVal.width;
    goTo(Math.round(first + (at - left) / (right - left) * (last - first)));
  });
}
for (const drawing of data.charts) addPlot("plots", drawing);
