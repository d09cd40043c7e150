import Foundation
import Testing

@testable import Inspection

/// Slices of volumes as they are drawn and told of.
@Suite struct VolumeViewTests {
  private func slice(reference: Bool = false) -> InspectedSlice {
    let (width, height) = (6, 4)
    let values = (0..<width * height).map { Double($0 * 10 - 100) }
    var missing = [UInt8](repeating: 0, count: values.count)
    missing[8] = 1
    var damaged = values
    damaged[8] = .nan
    return InspectedSlice(
      axes: .init(across: "z", column: "x", row: "y", rowsRise: true), index: 3, count: 9, width: width,
      height: height, aspect: 2, damaged: damaged, restored: values,
      reference: reference ? values.map { $0 + 4 } : nil, missing: missing, column: 2, row: 1)
  }

  @Test func windowsAreRobust() {
    var values = (0..<1000).map { Double($0 % 100) }
    values[17] = 1e9
    values[18] = .nan
    values[19] = -.infinity
    let window = IntensityWindow(some: values)
    #expect(window.low == 0 && window.high == 99)
    #expect(window.gray(-5) == 0 && window.gray(1e300) == 255 && window.gray(.nan) == 0)
    #expect(window.gray(49.5) == 128 && window.gray(.infinity) == 255)
    // All but all alike; all alike; none.
    #expect(IntensityWindow(some: Array(repeating: 3, count: 999) + [8]) == IntensityWindow(some: [3, 8, 3]))
    #expect(IntensityWindow(some: [5]).high == 6 && IntensityWindow(some: []).high == 1)
  }

  @Test func numbersAreToldExactlyWhereTheyAreWhole() {
    let slice = slice()
    let codes = VoxelPicture(lowest: -100, highest: 130, unit: 10)
    #expect(codes.step == 10)
    let all = codes.picture(slice.restored, missing: slice.missing, width: 6, onlyMissing: false)
    #expect(all.width == 6 && all.height == 4)
    for i in slice.restored.indices {
      let steps = Double(Int(all.samples[3 * i]) << 8 | Int(all.samples[3 * i + 1]))
      #expect(codes.lowest + steps * codes.step == slice.restored[i])
      #expect(all.samples[3 * i + 2] == (i == 8 ? 1 : 0))
    }
    let holes = codes.picture(slice.damaged, missing: slice.missing, width: 6, onlyMissing: true)
    #expect(
      holes.samples[3 * 8 + 2] == 3
        && holes.samples.indices.allSatisfy { $0 / 3 == 8 || holes.samples[$0] == 0 })
    // Too many for sixteen bits: within half a step.
    let coarse = VoxelPicture(lowest: 0, highest: 1e6, unit: 1)
    #expect(coarse.step == 1e6 / 65535)
    #expect(VoxelPicture(lowest: 2, highest: 2, unit: nil).step == 1)
  }

  @Test func panelsHaveARowForEachAxisAndStretchVoxels() {
    let window = IntensityWindow(some: slice().restored)
    for hasReference in [false, true] {
      let slices = Array(repeating: slice(reference: hasReference), count: 3)
      let panel = VolumePanel(
        slices: slices, window: window, zoom: 4, title: "a → b", facts: ["voxel 2, 1, 3"])
      let picture = panel.picture()
      #expect(picture.width == panel.size.width && picture.height == panel.size.height)
      // Voxels are twice as wide as high: 6 x 4 of them take 48 x 16 pixels; captions want more room.
      #expect(picture.width == (hasReference ? 6 : 4) * (13 * 12 + 13) + 13)
    }
    let change = slice().change(window)
    #expect(change[8] == slice().restored[8] - window.low && change.filter { $0 != 0 }.count == 1)
    #expect(slice(reference: true).error?.allSatisfy { $0 == 4 } == true)
  }

  @Test func textsAreShort() {
    #expect(voxelText(-844) == "-844" && voxelText(1.0 / 3) == "0.33333" && voxelText(.nan) == "no number")
  }
}
