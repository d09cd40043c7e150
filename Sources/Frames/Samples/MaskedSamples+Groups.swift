extension MaskedSamples {
  /// Planes by their index, each in the first group to whose first plane it is alike.
  ///
  /// - Parameter most: planes of a group.
  public func planes(most: Int = .max, alike: (Plane, Plane) -> Bool) -> [[Int]] {
    var groups: [[Int]] = []
    for (p, plane) in planes.enumerated() {
      let group = groups.firstIndex { $0.count < most && alike(planes[$0[0]], plane) }
      if let group { groups[group].append(p) } else { groups.append([p]) }
    }
    return groups
  }

  /// Red, green and blue, by their index, if there are all three.
  public var colours: [Int]? {
    let found = [PlaneRole.red, .green, .blue].compactMap { role in planes.firstIndex { $0.role == role } }
    return found.count == 3 ? found : nil
  }
}
