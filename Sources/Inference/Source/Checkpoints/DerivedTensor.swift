import GGUF
import Synchronization

/// A tensor that differs from what is in the files: its elements in another order or another form, or computed numbers. It
/// is made when it is first read, and exists as long as its source.
///
/// `@unchecked Sendable`: the memory is written once, under the lock, and only read afterwards.
package final class DerivedTensor: @unchecked Sendable {
    /// Writes all bytes.
    typealias Write = @Sendable (UnsafeMutableRawBufferPointer) -> Void

    private let name: String
    private let type: TensorType
    private let dimensions: [Int]
    private let origins: [TensorView]
    private let write: Write
    /// Called with each origin's bytes when they are not needed any more.
    private let release: @Sendable (UnsafeRawBufferPointer) -> Void
    private let memory = Mutex<UnsafeMutableRawBufferPointer?>(nil)

    /// - Parameters:
    ///   - dimensions: the contiguous one first.
    ///   - origins: what it is made from.
    ///   - release: lets the system have the memory of the origins.
    init(
        _ name: String, _ type: TensorType, _ dimensions: [Int], from origins: [TensorView] = [],
        release: @escaping @Sendable (UnsafeRawBufferPointer) -> Void = { _ in }, write: @escaping Write
    ) {
        (self.name, self.type, self.dimensions) = (name, type, dimensions)
        (self.origins, self.release, self.write) = (origins, release, write)
    }

    convenience init(_ values: [Float], name: String) {
        self.init(name, .named("F32"), [values.count]) { target in
            values.withUnsafeBytes { target.copyMemory(from: $0) }
        }
    }

    deinit { memory.withLock { $0?.deallocate() } }

    var view: TensorView {
        TensorView(
            name: name, dimensions: dimensions, type: type, elementCount: dimensions.reduce(1, *),
            content: .derived(self))
    }

    /// Bytes that it takes beside its origins, whose memory it makes free.
    var additionalBytes: Int { max(0, view.byteCount - origins.reduce(0) { $0 + $1.byteCount }) }

    /// Something to point at where nothing is read.
    var origin: UnsafeRawBufferPointer { origins.first?.bytes(isRead: false) ?? bytes }

    /// Made at the first call.
    var bytes: UnsafeRawBufferPointer {
        memory.withLock { memory in
            if let memory { return UnsafeRawBufferPointer(memory) }
            let made = UnsafeMutableRawBufferPointer.allocate(byteCount: view.byteCount, alignment: 64)
            make(in: made)
            memory = made
            return UnsafeRawBufferPointer(made)
        }
    }

    /// Writes all bytes somewhere else, as a part of another tensor.
    func make(in target: UnsafeMutableRawBufferPointer) {
        write(target)
        for origin in origins {
            if case .mapped(let bytes) = origin.content { release(bytes) }
        }
    }
}
