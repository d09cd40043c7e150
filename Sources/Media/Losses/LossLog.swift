internal import CFFmpeg

/// What pictures carry that an output does not keep, found while they are written.
struct LossLog {
  private let output: OutputSetup
  private let path: String
  private var known: Set<PictureContent>
  private let shape: PictureContent?
  private let saysItself: (PictureContent) -> Bool
  /// Where each was first seen.
  private var losses: [PictureContent: String] = [:]
  private var failure: String?

  /// - Parameter source: its first picture's losses are told by `InputLosses`.
  init(_ output: OutputSetup, source: VideoReader) {
    (self.output, path) = (output, source.path)
    saysItself = { [weak source] in source?.saysItself($0) ?? false }
    shape = source.firstProperties?.shape
    // The times of groups of pictures are no loss: the encoder counts them on.
    known = (source.firstProperties?.contents ?? []).union([.groupTimecode] + [shape].compactMap { $0 })
  }

  /// - Parameter place: where the picture is, such as "in frame 12".
  mutating func note(_ properties: PictureProperties?, _ place: @autoclosure () -> String) {
    guard let properties else { return }
    var contents = properties.contents
    // Where the first picture says no shape, the container does.
    if shape != nil, let own = properties.shape { contents.insert(own) }
    let new = contents.subtracting(known).filter { !saysItself($0) }
    if new.isEmpty { return }
    known.formUnion(new)
    do {
      let lost = new.subtracting(try Rehearsal(output).contents(of: properties))
      for content in lost { losses[content] = place() }
    } catch {
      failure = failure ?? "\(error)"
    }
  }

  /// A sentence for each kind.
  var warnings: [String] {
    var made: [String] = []
    for (content, place) in losses {
      let sentence =
        if case .sampleShape(let width, let height) = content {
          "samples become \(width):\(height); the output keeps the shape that they begin with"
        } else {
          Losses.sentences([content], output).joined()
        }
      made.append("\(path): \(sentence) (first \(place))")
    }
    if let failure { made.append(Self.unknown(path, failure)) }
    return made.sorted()
  }

  static func unknown(_ path: String, _ cause: String) -> String {
    "\(path): what of its side data the output keeps could not be found out: \(cause)"
  }
}

extension PictureProperties {
  /// The shape of the picture's samples, if it says one.
  var shape: PictureContent? {
    let ratio = picture.pointee.sample_aspect_ratio
    return ratio.num > 0 && ratio.den > 0 ? .sampleShape(ratio.num, ratio.den) : nil
  }
}
