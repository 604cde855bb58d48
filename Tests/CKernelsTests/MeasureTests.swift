import CKernels
import Testing

@Suite struct MeasureTests {
    /// How fast is the machine's affair; that the limits are numbers of a plausible size is ours.
    @Test(arguments: paths)
    func limitsArePlausible(isa: sotto_isa) throws {
        let compute = try #require(Compute(isa: isa))
        #expect((1e8...1e13).contains(sotto_measure_read_bandwidth(compute.raw)))
        #expect((1e8...1e14).contains(sotto_measure_int8_peak(compute.raw)))
    }
}
