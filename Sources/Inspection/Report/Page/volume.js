// MARK: Volumes

if (data.volume) {
  const volume = data.volume;
  const named = { x: volume.shape[0], y: volume.shape[1], z: volume.shape[2] };
  $("volume-section").hidden = false;
  $("panel").src = volume.panel;
  $("panel").alt = `Slices across z, y and x through voxel ${volume.voxel.join(", ")}: damaged, missing, restored, change`;
  $("frames-heading").textContent = `Slices across ${volume.axis}`;
  $("worst-heading").textContent = "Worst slices first";
  $("plots-heading").textContent = "Slice by slice";
  $("frame-word").textContent = `Slice ${volume.axis} =`;
  $("frame").setAttribute("aria-label", "Slice");
  for (const node of document.querySelectorAll(".noun")) node.textContent = node.textContent.replace("frame", "slice");
  $("voxel").hidden = false;
  const few = (value) => `${+value.toPrecision(6)}`;
  $("voxel-hint").hidden = false;
  $("voxel-hint").textContent = `Point at a voxel for its numbers, click to keep it; white is ${few(volume.window[1])}, black ${few(volume.window[0])}.`;

  // The numbers of the slice that is shown, by what they are of: pixels of pictures whose bytes are steps.
  let numbers = {};
  let pinned = null;
  let pointed = null;
  const marker = make("div", { className: "voxel-marker", hidden: true });
  $("pictures").append(marker);

  function read(url, name, frame) {
    const image = new Image();
    image.onload = () => {
      if (pictures[state.index].frame !== frame) return;
      const canvas = make("canvas", { width: image.naturalWidth, height: image.naturalHeight });
      const context = canvas.getContext("2d", { willReadFrequently: true });
      context.drawImage(image, 0, 0);
      numbers[name] = context.getImageData(0, 0, canvas.width, canvas.height);
      tell();
    };
    image.src = url;
  }

  function numberAt(name, column, row) {
    const pixels = numbers[name];
    if (!pixels) return null;
    const i = (row * pixels.width + column) * 4;
    const [high, low, flags] = [pixels.data[i], pixels.data[i + 1], pixels.data[i + 2]];
    const value = flags & 2 ? "no number" : few(volume.lowest + (high * 256 + low) * volume.step);
    return { value, missing: (flags & 1) > 0 };
  }

  function tell() {
    const place = pinned || pointed;
    marker.hidden = !pinned;
    if (pinned) {
      marker.style.left = `${100 * (pinned.column + 0.5) / video.width}%`;
      marker.style.top = `${100 * (pinned.row + 0.5) / video.height}%`;
    }
    if (!place) { $("voxel").textContent = "–"; return; }
    const at = { [volume.axis]: pictures[state.index].frame, [volume.columnAxis]: place.column,
      [volume.rowAxis]: volume.rowsRise ? named[volume.rowAxis] - 1 - place.row : place.row };
    const parts = [`voxel ${at.x}, ${at.y}, ${at.z}`];
    const restored = numberAt("restored", place.column, place.row);
    if (!restored) {
      parts.push(pictures[state.index].voxels ? "…" : "numbers of this slice are not on the page");
    } else {
      const damaged = restored.missing ? numberAt("damaged", place.column, place.row) : restored;
      if (damaged) parts.push(`damaged ${damaged.value}`);
      parts.push(`restored ${restored.value}`);
      const reference = numberAt("reference", place.column, place.row);
      if (reference) parts.push(`reference ${reference.value}`);
      parts.push(restored.missing ? "missing" : "known");
    }
    $("voxel").textContent = parts.join(" · ");
    $("voxel").dataset.frame = pictures[state.index].frame;
  }

  function placeOf(event) {
    const area = $("pictures").getBoundingClientRect();
    const column = Math.floor((event.clientX - area.left) / area.width * video.width);
    const row = Math.floor((event.clientY - area.top) / area.height * video.height);
    return column >= 0 && row >= 0 && column < video.width && row < video.height ? { column, row } : null;
  }

  cursors.push(() => {
    numbers = {};
    const { frame, voxels } = pictures[state.index];
    for (const name of ["restored", "damaged", "reference"]) if (voxels && voxels[name]) read(voxels[name], name, frame);
    tell();
  });
  $("pictures").addEventListener("pointermove", (event) => { pointed = placeOf(event); if (!pinned) tell(); });
  $("pictures").addEventListener("pointerleave", () => { pointed = null; if (!pinned) tell(); });
  $("pictures").addEventListener("click", (event) => {
    const place = placeOf(event);
    pinned = pinned && place && pinned.column === place.column && pinned.row === place.row ? null : place;
    tell();
  });
}
