import Frames
import Testing
import Volumes

@Suite struct VolumeSlicesTests {
  private func volume(_ type: VoxelType, _ value: (Int) -> Double) throws -> Volume {
    let volume = Volume(shape: try #require(VolumeShape(x: 5, y: 4, z: 3)), type: type)
    for z in 0..<3 {
      let values = (0..<20).map { value(20 * z + $0) }
      volume.write(.init(.z, z), values, where: Array(repeating: 1, count: 20))
    }
    return volume
  }

  private func numbers(_ volume: Volume) -> [Double] {
    (0..<3).flatMap { z in
      var values: [Double] = []
      volume.read(.init(.z, z), into: &values)
      return values
    }
  }

  /// Sends every slice of a volume through, its missing voxels replaced by those of the same place in another.
  private func pass(_ volume: Volume, missing: [UInt8], filledFrom truth: Volume) throws {
    let scale = try #require(
      IntensityScale(truth, number: 0, missing: Array(repeating: 0, count: missing.count)))
    func slices(_ volume: Volume, _ missing: [UInt8]) -> VolumeSlices {
      VolumeSlices(volume, number: 0, missing: missing, order: SliceOrder(along: .z), scale: scale)
    }
    let (damaged, whole) = (
      slices(volume, missing), slices(truth, Array(repeating: 0, count: missing.count))
    )
    while let next = try damaged.next() {
      let wanted = try #require(try whole.next())
      var frame = next.frame
      #expect(frame.values[0].allSatisfy { (0...1).contains($0) })
      for i in next.mask.missing.indices where next.mask.missing[i] != 0 {
        #expect(frame.values[0][i] == 0)
        frame.values[0][i] = wanted.frame.values[0][i]
      }
      try damaged.write(frame)
    }
  }

  @Test(arguments: [VoxelType.float32, .float64])
  func floatsAreNotCutIntoSteps(type: VoxelType) throws {
    let truth = try volume(type) { 100 * (Double($0) / 7).squareRoot() - 40 }
    let missing = (0..<60).map { UInt8($0 % 3 == 0 ? 1 : 0) }
    let damaged = try volume(type) { $0 % 3 == 0 ? .nan : 100 * (Double($0) / 7).squareRoot() - 40 }
    try pass(damaged, missing: missing, filledFrom: truth)
    for (i, (found, wanted)) in zip(numbers(damaged), numbers(truth)).enumerated() {
      // Steps of 65,536 would be 5e-3 wide.
      if missing[i] == 0 { #expect(found == wanted) } else { #expect(abs(found - wanted) < 3e-5) }
    }
  }

  @Test func integersComeBackAsTheyWere() throws {
    let truth = try volume(.int16) { Double(31 * $0 - 900) }
    let missing = (0..<60).map { UInt8($0 % 4 == 1 ? 1 : 0) }
    let damaged = try volume(.int16) { $0 % 4 == 1 ? 7 : Double(31 * $0 - 900) }
    try pass(damaged, missing: missing, filledFrom: truth)
    #expect(numbers(damaged) == numbers(truth))
  }
}
