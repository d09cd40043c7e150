/// A kind of damage that is looked for; raw values as a user spells them.
public enum DamageKind: String, Sendable, Hashable, CaseIterable, Codable {
  /// Blotches, hair and spots that are in one frame, two at most.
  case dirt
  /// Vertical or nearly vertical lines that persist and wander.
  case scratches
  /// Dead, stuck and hot pixels of a sensor.
  case pixels
  /// Logos and watermarks.
  case overlay
  /// Burnt-in subtitles.
  case text
  /// Frames that are black, torn or repeated.
  case frames
}
