import Frames
import Kernels

/// Finds overlays: logos and watermarks that stay at their place while the picture changes, opaque or see-through, that may
/// come and go.
///
/// Signs of gradients are counted over frames that show something new, in blocks of a second or so; sums over the last two to
/// sixteen blocks tell marks (`OverlayEvidence`), from whose edges each frame says whether it has them (`OverlayPresence`), and
/// from a few frames at full size comes the shape (`OverlayShape`). Frames before a mark was told are asked too: their signs are
/// kept for a while. Where the picture does not change nothing is found, for there an overlay looks like the scene.
public struct OverlayDetector: DamageSurvey {
  /// Frames of a block.
  private static let block = 25
  /// Of every so many frames one is counted.
  private static let step = 2
  /// Blocks whose sums are looked at together, and how many times the evidence is needed: little changes in a short time.
  private static let windows: [Int: Float] = [2: 4, 3: 2, 4: 1, 6: 1, 8: 1, 16: 1]
  private static let mostBlocks = 16
  /// Frames at full size that are kept, for the shapes of marks that will be told later, and samples of all of them.
  private static let keptKeys = 16
  private static let keptSamples = 48 << 20
  /// Frames between them at least, and by how much their squares' means differ, in steps of 8 bits.
  private static let keyDistance = 4
  private static let keyChange: Float = 3
  private static let mostMarks = 64
  /// Views that tell a shape.
  private static let fewestViews = 4

  private let settings: DetectionSettings
  private let threads: Int
  private var state: State?

  public init(settings: DetectionSettings = DetectionSettings(), threads: Int) {
    self.settings = settings
    self.threads = threads
  }

  public mutating func add(_ input: DetectionInput) {
    let plane = BrightnessPlane(input.frame)
    var state = state.take() ?? State(width: plane.width, height: plane.height)
    state.add(plane, caution: settings.caution, threads: threads)
    self.state = state
  }

  public mutating func finish() -> [Find] {
    guard var state = state.take() else { return [] }
    return state.finds(caution: settings.caution, threads: threads)
  }

  private struct State: Sendable {
    let width: Int
    let height: Int
    private let factor: Int
    private let size: (width: Int, height: Int)
    private var sampler: ContentSampler
    private var next = 0
    private var blocks: [EdgeSums<Int8>] = []
    private var current: EdgeSums<Int8>?
    private var signs = SignHistory()
    private var keys: [KeyPicture] = []
    private var keyMeans: [Float] = []
    private var marks: [OverlayMark] = []

    init(width: Int, height: Int) {
      (self.width, self.height) = (width, height)
      factor = EdgePicture.factor(width: width, height: height)
      size = (width / factor, height / factor)
      sampler = ContentSampler(width: size.width, height: size.height)
    }

    mutating func add(_ plane: BrightnessPlane, caution: Float, threads: Int) {
      precondition(plane.width == width && plane.height == height, "frames have one size")
      let picture = EdgePicture(plane, threads: threads)
      let frame = next
      next += 1
      var sums =
        current.take()
        ?? EdgeSums<Int8>(size: size.width * size.height, cells: sampler.columns * sampler.rows, start: frame)
      sums.extend(to: frame)
      if frame % step == 0 {
        sums.add(picture, cells: sampler.newCells(picture), columns: sampler.columns)
      }
      let packed = PackedSigns(picture)
      signs.append(packed, frame: frame)
      for i in marks.indices { marks[i].add(frame: frame, signs: packed, count: 1) }
      keep(plane, picture, frame: frame, signs: packed)
      if sums.frames.count < block {
        current = sums
        return
      }
      blocks.append(sums)
      if blocks.count > mostBlocks { blocks.removeFirst() }
      look(caution: caution)
    }

    /// Keeps a frame at full size if it shows something else than the last one that was kept.
    private mutating func keep(
      _ plane: BrightnessPlane, _ picture: EdgePicture, frame: Int, signs: PackedSigns
    ) {
      if let last = keys.last, frame - last.frame < keyDistance { return }
      let means = ContentSampler.means(picture, across: size.width / 4, down: size.height / 4)
      let change = zip(means, keyMeans).reduce(Float(0)) { $0 + abs($1.0 - $1.1) }
      if !keys.isEmpty && change < keyChange * Float(means.count) { return }
      keyMeans = means
      let key = KeyPicture(plane, frame: frame)
      let most = max(6, min(keptKeys, keptSamples / max(1, width * height)))
      if keys.count >= most { keys.removeFirst() }
      keys.append(key)
      for i in marks.indices where marks[i].isThere(signs) { marks[i].addView(key) }
    }

    private mutating func look(caution: Float) {
      var sums: EdgeSums<Int16>?
      for (count, blocks) in blocks.reversed().enumerated() {
        var together =
          sums.take()
          ?? EdgeSums<Int16>(
            size: size.width * size.height, cells: sampler.columns * sampler.rows,
            start: blocks.frames.lowerBound)
        together.add(blocks)
        if let needed = windows[count + 1] {
          let evidence = OverlayEvidence(
            together, width: size.width, height: size.height, columns: sampler.columns,
            rules: OverlayRules(caution: caution * needed))
          for var candidate in evidence.candidates() {
            // Of short windows edges of the scene may be among the mark's: longer ones replace them.
            candidate.strength /= needed
            take(candidate, frames: together.frames)
          }
        }
        sums = together
      }
    }

    /// Takes a candidate for a new mark, or for better evidence of one that is known.
    private mutating func take(_ candidate: OverlayCandidate, frames: Range<Int>) {
      if let i = marks.firstIndex(where: {
        $0.isAt(candidate) && ($0.presence.lastSeen ?? 0) >= frames.lowerBound
      }) {
        if candidate.strength < 1.25 * marks[i].candidate.strength { return }
        if marks[i].improve(with: candidate, factor: factor, width: width, height: height) { addKeys(to: i) }
        return
      }
      if marks.count >= mostMarks { return }
      var mark = OverlayMark(candidate, factor: factor, width: width, height: height)
      for entry in signs.entries { mark.add(frame: entry.frame, signs: entry.signs, count: entry.count) }
      if let first = mark.presence.firstStart, first <= signs.start {
        mark.extendFirst(to: earlierStart(of: mark, before: signs.start))
      }
      marks.append(mark)
      addKeys(to: marks.count - 1)
    }

    private mutating func addKeys(to i: Int) {
      for key in keys {
        if let signs = signs.at(key.frame), marks[i].isThere(signs) { marks[i].addView(key) }
      }
    }

    /// Where a mark begins that was there before the frames whose signs are kept, by sums of blocks.
    private func earlierStart(of mark: OverlayMark, before frame: Int) -> Int {
      var start = frame
      for block in blocks.reversed() where block.frames.lowerBound < frame {
        guard
          let fit = mark.candidate.fit(block, columns: sampler.columns, width: size.width)
        else { continue }
        if fit < mark.good { break }
        start = min(start, block.frames.lowerBound)
      }
      return start
    }

    mutating func finds(caution: Float, threads: Int) -> [Find] {
      if let current, current.frames.count >= block / 2 { blocks.append(current) }
      look(caution: caution)
      return marks.flatMap { mark -> [Find] in
        var mark = mark
        mark.close()
        if mark.presence.ranges.isEmpty || mark.views.count < fewestViews { return [] }
        let shape = OverlayShape(
          mark.views, viewBox: mark.viewBox, candidate: mark.candidate, pictureWidth: size.width,
          factor: factor, threads: threads)
        let parts = shape.parts
        if parts.isEmpty { return [] }
        let needed = caution * OverlayRules.strength
        let confidence = mark.candidate.strength / (mark.candidate.strength + needed)
        return mark.presence.ranges.map {
          Find(kind: .overlay, frames: $0, confidence: confidence, parts: parts)
        }
      }
    }
  }
}
