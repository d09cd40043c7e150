/// What an overlay does to a plane at its place: the picture beneath is `gain * seen - shift`, in steps of 8 bits.
struct PlaneEstimate: Sendable {
  var gains: [Double]
  var shifts: [Double]

  /// The largest change of a gain in a round that counts as none.
  private static let settled = 1e-3
  private static let mostRounds = 12

  /// Gains and colours by turns, each with the other as it is.
  ///
  /// - Parameter rounds: at most.
  init(_ samples: PlaceSamples, _ sums: PairSums, rounds: Int = mostRounds) {
    let solver = GainSolver(samples, sums)
    var colourSolver = ColourSolver(samples, sums)
    var gains = solver.gains(colours: nil, from: [Double](repeating: 1, count: samples.area))
    var colours: [Double]?
    for _ in 0..<rounds {
      let found = colourSolver.colours(gains: gains, from: colours)
      let next = solver.gains(colours: found, from: gains)
      let change = zip(gains, next).reduce(0) { max($0, abs($1.0 - $1.1)) }
      (gains, colours) = (next, found)
      if change < Self.settled { break }
    }
    self.init(gains, colours ?? gains, isHole: samples.isHole)
  }

  /// Colours alone, of gains that are known from another plane.
  init(_ samples: PlaceSamples, _ sums: PairSums, gains: [Double]) {
    var solver = ColourSolver(samples, sums)
    var colours: [Double]?
    for _ in 0..<4 { colours = solver.colours(gains: gains, from: colours) }
    self.init(gains, colours ?? gains, isHole: samples.isHole)
  }

  private init(_ gains: [Double], _ colours: [Double], isHole: [Bool]) {
    self.gains = gains.indices.map { isHole[$0] ? gains[$0] : 1 }
    shifts = gains.indices.map { isHole[$0] ? (gains[$0] - 1) * colours[$0] : 0 }
  }
}
