import ArgumentParser
import Masks

/// The options of overlays that let the picture through.
struct OverlayArguments: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "What is missing may be a logo that lets the picture through: auto estimates its opacity and colour and takes it off where there is evidence enough; a file is one that --save-overlay wrote, or a PNG with alpha; opaque (the default) fills it in.",
      valueName: "auto|opaque|file"))
  var overlay = "opaque"

  @Option(
    help: ArgumentHelp(
      "Saves opacity and colour of what was taken off, for --overlay of other videos.", valueName: "file.png")
  )
  var saveOverlay: String?

  var choice: OverlayChoice { OverlayChoice(overlay) }

  mutating func validate() throws {
    if overlay.isEmpty { throw ValidationError("--overlay is empty: give auto, opaque or a file") }
    if saveOverlay?.isEmpty == true {
      throw ValidationError("--save-overlay is empty: name a file, or leave it out")
    }
    if saveOverlay != nil && choice == .opaque {
      throw ValidationError("--save-overlay saves what is taken off: give --overlay auto too")
    }
  }
}
