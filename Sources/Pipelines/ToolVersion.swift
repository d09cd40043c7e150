import Kernels
import Media

/// The version of the tool, which outputs and kept windows depend on. Packages and documents take it from here.
public enum ToolVersion {
  public static let current = "0.21.0"

  /// Name and version, what the tool runs with, and its licence: a line each.
  public static var text: String {
    """
    inrr-video \(current)
    FFmpeg \(FFmpegBuild.version) (\(FFmpegBuild.licence))
    instructions \(Processor.instructionSet) (\(Processor.architecture))
    Apache License 2.0
    """
  }
}
