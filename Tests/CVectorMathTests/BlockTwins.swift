import CVectorMath

extension KernelTwin {
  static let blocks: [KernelTwin] =
    [
      (8, 1, false, false), (16, 1, false, false), (8, 3, true, false), (8, 3, false, false),
      (8, 3, true, true),
      (16, 1, false, true),
    ].map { twin(TilingInput(depth: $0, channels: $1, opponent: $2, moves: $3)) } + [
      writeBack, writeBackCounted,
    ]

  private static func twin(_ input: TilingInput) -> KernelTwin {
    let name =
      "\(input.depth) frames, \(input.channels) channels" + (input.opponent ? ", opponent" : "")
      + (input.moves ? ", moving" : "")
    // Sums of known samples are not asked for.
    let isAsked = input.states.map { $0 != 1 }
    return KernelTwin("blocks.row", "blocks.frame", input: name, tolerance: 2e-5) { kernels, times in
      var counts = [Float](repeating: 0, count: input.volume)
      let sums = run(input, kernels, times, counts: &counts)
      return zip(sums, isAsked).map { $1 ? Double($0) : 0 } + (input.moves ? counts.doubles : [])
    } plain: {
      let expected = PlainBlocks.tiling(input)
      return zip(expected.sums, isAsked).map { $1 ? $0 : 0 } + (input.moves ? expected.counts : [])
    }
  }

  private static func run(
    _ input: TilingInput, _ kernels: vm_kernels, _ times: Int, counts: inout [Float]
  ) -> [Float] {
    var sums = [Float](repeating: 0, count: input.values.count)
    input.values.withUnsafeBufferPointer { v in
      input.states.withUnsafeBufferPointer { m in
        sums.withUnsafeMutableBufferPointer { s in
          counts.withUnsafeMutableBufferPointer { n in
            input.offsets.withUnsafeBufferPointer { o in
              guard let values = v.baseAddress, let states = m.baseAddress, let sums = s.baseAddress else {
                return
              }
              var tiling = block_tiling(
                values: values, sums: sums, states: states, channels: input.channels,
                channel_stride: input.volume,
                frames: input.frames, height: input.height, width: input.width, shift_t: input.shift.t,
                shift_y: input.shift.y, shift_x: input.shift.x, threshold: input.threshold,
                depth: Int32(input.depth), opponent: input.opponent ? 1 : 0,
                offsets: input.moves ? o.baseAddress : nil, blocks: nil, touched: nil,
                counts: input.moves ? n.baseAddress : nil)
              let blocks = tiling_rows(&tiling) * tiling_columns(&tiling)
              precondition(!input.moves || blocks * input.depth * 2 <= o.count, "too few offsets")
              let size = blocks * input.channels * input.depth * 256
              let kept = UnsafeMutableRawPointer.allocate(byteCount: size * 4, alignment: 64)
              defer { kept.deallocate() }
              var touched = [UInt32](repeating: 0, count: blocks)
              touched.withUnsafeMutableBufferPointer { touched in
                tiling.blocks = kept.assumingMemoryBound(to: Float.self)
                tiling.touched = touched.baseAddress
                for _ in 0..<times {
                  for row in 0..<tiling_rows(&tiling) { kernels.blocks.row(&tiling, row) }
                  if input.moves { for t in 0..<input.frames { kernels.blocks.frame(&tiling, t) } }
                }
              }
            }
          }
        }
      }
    }
    return sums
  }

  /// Writes back only what is not known, and clears the sums.
  private static var writeBack: KernelTwin {
    let (values, sums) = (numbers(37), numbers(37, seed: 2))
    let states = (0..<37).map { UInt8($0 % 3) }
    return KernelTwin("blocks.write_back", input: "37 samples", tolerance: 0) { kernels, times in
      var (v, s) = (values, sums)
      for _ in 0..<times { kernels.blocks.write_back(&v, &s, states, 0.25, 37) }
      return (v + s).doubles
    } plain: {
      (0..<37).map { Double(states[$0] == 1 ? values[$0] : 0.25 * sums[$0]) } + Array(repeating: 0, count: 37)
    }
  }

  /// Writes back means of the blocks that lie on a sample, and leaves others alone. No block leaves no sum.
  private static var writeBackCounted: KernelTwin {
    let values = numbers(37)
    let counts = (0..<37).map { Float($0 % 4) }
    let sums = zip(numbers(37, seed: 2), counts).map { $1 == 0 ? 0 : $0 }
    let states = (0..<37).map { UInt8($0 % 3) }
    return KernelTwin("blocks.write_back_counted", input: "37 samples", tolerance: 1e-7) { kernels, times in
      var (v, s) = (values, sums)
      for _ in 0..<times { kernels.blocks.write_back_counted(&v, &s, counts, states, 37) }
      return (v + s).doubles
    } plain: {
      let means = (0..<37).map { k in
        Double(states[k] == 1 || counts[k] == 0 ? values[k] : sums[k] / counts[k])
      }
      return means + Array(repeating: 0, count: 37)
    }
  }
}
