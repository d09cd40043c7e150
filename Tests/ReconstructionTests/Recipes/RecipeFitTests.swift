import Fitting
import Testing

@testable import Reconstruction

@Suite("Fit of a recipe")
struct RecipeFitTests {
  @Test("weights given by hand reach the fit; without any, the fit chooses")
  func penalties() {
    var settings = RestorationSettings()
    func penalties() -> [PenaltyStrengths]? {
      guard case .fused(let fit) = Recipe(settings: settings).representation.fit else {
        Issue.record("another fit")
        return nil
      }
      return fit.penalties
    }
    #expect(penalties() == nil)
    settings.regularizers = [
      .init(.tv, weight: 0.25), .init(.inrr, weight: .fixed(row: 0.1, column: 0.2, time: 0.5)),
    ]
    #expect(
      penalties()
        == [PenaltyStrengths(.meanSquare, tv: 0.25, inrrRow: 0.1, inrrColumn: 0.2, inrrTime: 0.5)])
    settings.regularizers = []
    #expect(penalties() == [PenaltyStrengths()])
    settings.regularizers = [.init(.tv, weight: 0.25), .init(.inrr, weight: .automatic)]
    #expect((penalties() ?? []).count > 2 && (penalties() ?? []).allSatisfy { $0.tv == 0.25 })
  }

  @Test("models, coordinates and penalties that the fused step does not know go to the general fit")
  func generalFit() {
    func fit(_ change: (inout RestorationSettings) -> Void) -> GeneralFitSettings? {
      var settings = RestorationSettings()
      change(&settings)
      if case .general(let fit) = Recipe(settings: settings).representation.fit { return fit }
      return nil
    }
    #expect(fit { $0.model = .siren }?.model.kind == .siren)
    #expect(fit { $0.coordinates = .frame }?.coordinates == .frame)
    #expect(fit { $0.regularizers = [.init(.air, weight: 1)] }?.regularizers.first?.kind == .air)
    #expect(fit { ($0.model, $0.iterations) = (.dmf, 7) }?.iterations == 7)
    let paper = fit { $0.preset = .paper }
    #expect(paper?.iterations == 10_001 && paper?.rate == 1e-4 && paper?.schedule == .constant)
    #expect(paper?.regularizers == [.init(.inrr, weight: 0.065536)] && paper?.coordinates == .frame)
    var settings = RestorationSettings()
    settings.preset = .paper
    #expect(Recipe(settings: settings).isFitAlone)
  }
}
