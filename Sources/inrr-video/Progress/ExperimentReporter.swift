import Pipelines

/// Prints a line on standard error for each event of an experiment.
struct ExperimentReporter {
  var isSilent: Bool

  func report(_ event: ExperimentEvent) {
    if !isSilent, let line = Self.line(event) { Console.line(line) }
  }

  /// `siren+inrr=0.0655 (2 of 5)  iteration 3000/10001  PSNR 22.42 dB  missing 18.31 dB  1:12 left`
  static func line(_ event: ExperimentEvent) -> String? {
    switch event {
    case .kept(let name): return "\(name)  kept from an earlier run"
    case .observed(let progress):
      var parts = ["\(progress.name) (\(progress.number) of \(progress.methods))"]
      if let frame = progress.frame { parts.append("frame \(frame)") }
      parts.append("iteration \(progress.iteration)/\(progress.iterations)")
      parts.append("PSNR \(Figures.decibels(progress.psnr))")
      if let missing = progress.missingPSNR { parts.append("missing \(Figures.decibels(missing))") }
      if let left = progress.secondsLeft { parts.append("\(Figures.clock(left)) left") }
      return parts.joined(separator: "  ")
    case .finished(let result):
      guard let figures = result.figures else { return nil }
      return String(
        format: "%@  done in %.1f s  PSNR %@  missing %@", result.name, result.seconds,
        Figures.decibels(figures.raw.psnrDb), Figures.decibels(figures.raw.psnrMissingDb))
    }
  }
}
