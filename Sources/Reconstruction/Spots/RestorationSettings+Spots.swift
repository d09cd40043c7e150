extension RestorationSettings {
  /// Whether spots are filled by themselves: in videos, unless it is said how the representation is fitted, or how large
  /// sites are.
  var solvesSpots: Bool {
    volume == nil && preset != .paper && model == .tucker && coordinates == .volume && regularizers == nil
      && iterations == nil && tile == nil
  }
}
