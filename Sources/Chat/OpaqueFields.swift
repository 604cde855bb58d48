/// Fields that a newer version of the program wrote to a file and that this one does not know. They travel with what
/// was read from the file, so that they are still there when it is written again.
///
/// Only code that knows the type of the content can look inside.
public struct OpaqueFields: Sendable, Equatable {
    public protocol Content: Sendable, Equatable {}

    private let content: any Content

    public init(_ content: some Content) { self.content = content }

    public func content<Value: Content>(as type: Value.Type) -> Value? { content as? Value }

    public static func == (left: OpaqueFields, right: OpaqueFields) -> Bool { left.content.isEqual(to: right.content) }
}

extension OpaqueFields.Content {
    fileprivate func isEqual(to other: any OpaqueFields.Content) -> Bool { self == other as? Self }
}
