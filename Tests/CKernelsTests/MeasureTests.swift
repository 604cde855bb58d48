import CKernels
import Testing

@Suite struct MeasureTests {
    /// Results depend on the machine, so this only checks their order of magnitude.
    @Test(arguments: paths)
    func limitsArePlausible(isa: sotto_isa) throws {
        let compute = try #require(Compute(isa: isa))
        let memory = [UInt8](repeating: 1, count: 16 << 20)
        #expect((1e8...1e13).contains(sotto_measure_read_bandwidth(compute.raw, memory, memory.count)))
        #expect(sotto_measure_read_bandwidth(compute.raw, memory, 1000) == 0, "less than a piece")
        #expect((1e8...1e14).contains(sotto_measure_int8_peak(compute.raw)))
    }
}
