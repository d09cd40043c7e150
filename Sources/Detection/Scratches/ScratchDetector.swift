import Frames

/// Finds scratches: vertical or nearly vertical lines of one to five columns that persist, wander, come and go, and don't move
/// with the scene.
///
/// Only profiles of a few frames are kept, a sixteenth of their samples, and no frames. Steps follow each other at fixed
/// distances: strengths of a frame (`LineStrength`), its lines from those of two frames around it (`LinePaths`), those that
/// are scratches by how they go on in three (`ScratchRules`), and in four; gaps of two are closed (`ScratchPersistence`).
public struct ScratchDetector: DamageDetector {
  public static let delay =
    LinePaths.reach + ScratchRules.reach + ScratchPersistence.reach + ScratchPersistence.bridge

  private var scenes: SceneByScene<Scene>

  public init(settings: DetectionSettings = DetectionSettings(), threads: Int) {
    scenes = SceneByScene(settings: settings, threads: threads)
  }

  public mutating func add(_ input: DetectionInput) -> [DetectedFrame] { scenes.add(input) }

  public mutating func finish() -> [DetectedFrame] { scenes.finish() }

  /// The frames of a scene, at their different steps; positions count from its first.
  private struct Scene: SceneFrames {
    private var indices = FrameWindow<Int>()
    private var profiles = FrameWindow<BandProfile>()
    private var strengths = FrameWindow<LineStrength>()
    private var motions = FrameWindow<SidewaysMotion?>()
    private var paths = FrameWindow<[LinePath]>()
    private var found = FrameWindow<[Scratch]>()
    private var lasting = FrameWindow<[Scratch]>()
    /// The next frame to be handed out.
    private var next = 0

    mutating func add(_ input: DetectionInput, threads: Int) {
      let profile = BandProfile(BrightnessPlane(input.frame), threads: threads)
      if let last = profiles.range.last {
        precondition(
          profiles[last].width == profile.width && profiles[last].height == profile.height,
          "frames of a scene have one size")
      }
      let rules = ScratchRules(caution: 1, height: profile.height)
      indices.append(input.frame.index)
      strengths.append(LineStrength(profile, mostColumns: rules.mostColumns, threads: threads))
      profiles.append(profile)
      motions.append(input.motion?.sideways)
    }

    /// Takes every step that can be taken, and hands out the frames that went through all.
    mutating func decided(isOver: Bool, settings: DetectionSettings, threads: Int) -> [DetectedFrame] {
      /// Whether a frame's surroundings are there, as far as there will be any.
      func isReady(_ frame: Int, reach: Int, of end: Int) -> Bool {
        frame < end && (isOver || frame + reach < end)
      }
      while isReady(paths.end, reach: LinePaths.reach, of: strengths.end) {
        let frame = paths.end
        paths.append(
          LinePaths.found(
            in: strengths[frame],
            around: strengths.around(frame, reach: LinePaths.reach).map { strengths[$0] },
            caution: settings.caution, threads: threads))
      }
      while isReady(found.end, reach: ScratchRules.reach, of: paths.end) {
        found.append(scratches(in: found.end, settings: settings))
      }
      while isReady(lasting.end, reach: ScratchPersistence.reach, of: found.end) {
        let fewest = min(ScratchPersistence.fewest, otherFrames)
        lasting.append(ScratchPersistence.lasting(in: lasting.end, of: found, fewest: fewest))
      }
      var frames: [DetectedFrame] = []
      while isReady(next, reach: ScratchPersistence.bridge, of: lasting.end) {
        frames.append(detected(next))
        next += 1
      }
      forget()
      return frames
    }

    /// Frames of the scene besides one, as far as they were given: all that there are, in a short scene. A still has none, and
    /// no scratches, for a line that is seen once may be anything.
    private var otherFrames: Int { max(1, indices.end - 1) }

    private func scratches(in frame: Int, settings: DetectionSettings) -> [Scratch] {
      let profile = profiles[frame]
      let rules = ScratchRules(caution: settings.caution, height: profile.height)
      let scene = ScratchRules.Scene(paths: paths, motions: motions, profiles: profiles)
      var found: [Scratch] = []
      for path in paths[frame].sorted(by: { $0.score > $1.score }) {
        guard
          let scratch = rules.scratch(
            path, frame: frame, profile: profile, scene: scene, fewest: min(ScratchRules.fewest, otherFrames))
        else { continue }
        if found.contains(where: { scratch.isRim(of: $0) }) { continue }
        found.append(scratch)
      }
      return found
    }

    private func detected(_ frame: Int) -> DetectedFrame {
      let size = profiles[profiles.start]
      let scratches = lasting[frame] + ScratchPersistence.bridged(in: frame, of: lasting)
      let finds = scratches.compactMap {
        $0.find(
          bands: size.bands, frameWidth: size.width, frameHeight: size.height, frameIndex: indices[frame])
      }
      var mask = FrameMask(width: size.width, height: size.height)
      for find in finds { mask.mark(find) }
      return DetectedFrame(index: indices[frame], mask: mask, finds: finds)
    }

    /// Forgets what no later step looks at. The last profile stays, for its size.
    private mutating func forget() {
      let used = min(max(0, paths.end - LinePaths.reach), found.end, strengths.end - 1)
      profiles.forget(before: min(used, found.end - ScratchRules.reach))
      strengths.forget(before: used)
      motions.forget(before: found.end - ScratchRules.reach)
      paths.forget(before: found.end - ScratchRules.reach)
      found.forget(before: lasting.end - ScratchPersistence.reach)
      lasting.forget(before: next - ScratchPersistence.bridge)
      indices.forget(before: next)
    }
  }
}
