import Testing

@testable import Inference

struct ProcessorTests {
    @Test func readsTheModelNameFromCPUInfo() {
        let info = "processor\t: 0\nmodel name\t:  AMD Ryzen 7  8-Core\nflags\t: fpu\nprocessor\t: 1\nmodel name\t: B\n"
        #expect(Processor.modelName(inCPUInfo: info) == "AMD Ryzen 7 8-Core")
    }

    @Test func hasNoModelNameWithoutTheLine() {
        #expect(Processor.modelName(inCPUInfo: "processor\t: 0\nCPU part\t: 0xd0c\n") == nil)
        #expect(Processor.modelName(inCPUInfo: "model name\t: \n") == nil)
    }

    @Test func reportsMemory() { #expect(Machine.memory > 0) }
}
