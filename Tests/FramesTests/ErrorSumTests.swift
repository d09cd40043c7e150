import Frames
import Testing

@Suite struct ErrorSumTests {
  @Test func sumsArePooledAndNotDecibels() throws {
    var sum = ErrorSum(squares: 1, samples: 100)
    #expect(sum.psnr == 20)
    sum += ErrorSum(squares: 0, samples: 900)
    #expect(sum == ErrorSum(squares: 1, samples: 1000))
    #expect(abs(try #require(sum.psnr) - 30) < 1e-12)
  }

  @Test func nothingHasNoFigureAndPerfectionHasOne() {
    #expect(ErrorSum().psnr == nil && ErrorSum().mean == nil)
    #expect(ErrorSum(squares: 0, samples: 5).psnr == 100)
    #expect(ErrorSum(squares: 1e-20, samples: 5).psnr == 100)
  }

  @Test func aMeanErrorIsSpreadOverOtherSamples() {
    let spread = ErrorSum(squares: 3, samples: 6).spread(over: 10)
    #expect(spread == ErrorSum(squares: 5, samples: 10))
    #expect(ErrorSum().spread(over: 10) == ErrorSum())
  }
}
