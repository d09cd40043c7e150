import Frames
import Kernels

/// Finds dirt: blotches, hair and spots that are in one frame and differ from both neighbours along motion.
///
/// A frame is compared with the frames before and after it (`DirtReferences`), or with two on one side at the ends of a scene,
/// where it has to be surer; evidence that both agree on (`DirtEvidence`) makes candidates (`DirtCandidate`), and those that are
/// likelier dirt than motion that could not be followed (`DirtOdds`) grow to their soft edges (`DirtGrowth`). Only the last three
/// pictures are kept, and candidates for a few frames more.
public struct DirtDetector: DamageDetector {
  public static let delay = 1 + Scene.reach

  private var scenes: SceneByScene<Scene>

  public init(settings: DetectionSettings = DetectionSettings(), threads: Int) {
    scenes = SceneByScene(settings: settings, threads: threads)
  }

  public mutating func add(_ input: DetectionInput) -> [DetectedFrame] { scenes.add(input) }

  public mutating func finish() -> [DetectedFrame] { scenes.finish() }

  /// The frames of a scene; positions count from its first.
  private struct Scene: SceneFrames {
    /// Frames before and after one that say how much dirt there is.
    static let reach = 6

    private var indices = FrameWindow<Int>()
    private var pictures = FrameWindow<Matrix>()
    private var motions = FrameWindow<FrameMotion?>()
    private var measured = FrameWindow<DirtFrame>()
    private var workspace: DirtEvidence.Workspace?
    /// Memory of pictures that are no longer needed.
    private var spare: [Matrix] = []
    /// The next frame to be handed out.
    private var next = 0

    mutating func add(_ input: DetectionInput, threads: Int) {
      let plane = BrightnessPlane(input.frame)
      let picture = spare.popLast() ?? Matrix(rows: plane.height, columns: plane.width)
      plane.write(to: picture, threads: threads)
      if let last = pictures.range.last {
        precondition(
          pictures[last].rows == picture.rows && pictures[last].columns == picture.columns,
          "frames of a scene have one size")
      }
      indices.append(input.frame.index)
      pictures.append(picture)
      motions.append(input.motion)
    }

    mutating func decided(isOver: Bool, settings: DetectionSettings, threads: Int) -> [DetectedFrame] {
      // The first frame is compared with two that follow, the others need one.
      while measured.end < pictures.end,
        isOver || (measured.end + 1 < pictures.end && (measured.end > 0 || pictures.end > 2))
      {
        measured.append(measure(measured.end, settings: settings, threads: threads))
        let kept = max(0, min(measured.end - 1, pictures.end - 3))
        spare += (pictures.start..<max(pictures.start, kept)).map { pictures[$0] }
        pictures.forget(before: kept)
        motions.forget(before: kept)
      }
      var frames: [DetectedFrame] = []
      while next < measured.end, isOver || next + Self.reach < measured.end {
        frames.append(detected(next, settings: settings))
        next += 1
        measured.forget(before: next - Self.reach)
        indices.forget(before: next)
      }
      return frames
    }

    private mutating func measure(_ frame: Int, settings: DetectionSettings, threads: Int) -> DirtFrame {
      let picture = pictures[frame]
      let workspace = workspace ?? DirtEvidence.Workspace(height: picture.rows, width: picture.columns)
      self.workspace = workspace
      guard let references = DirtReferences(of: frame, count: pictures.end, motion: { motions[$0] })
      else { return DirtFrame(unknown: picture.columns, picture.rows) }
      let evidence = DirtEvidence(
        picture, references: references,
        pictures: (pictures[references.first.frame], pictures[references.second.frame]), workspace: workspace,
        threads: threads)
      return DirtFrame(evidence, settings: settings, threads: threads)
    }

    private func detected(_ frame: Int, settings: DetectionSettings) -> DetectedFrame {
      let around = measured.around(frame, reach: Self.reach).map { measured[$0].sureFinds }
      let size = measured[frame]
      let finds = size.finds(
        density: DirtOdds.density(around), settings: settings, index: indices[frame])
      var mask = FrameMask(width: size.width, height: size.height)
      for find in finds { mask.mark(find) }
      return DetectedFrame(index: indices[frame], mask: mask, finds: finds)
    }
  }
}
