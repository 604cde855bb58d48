import Files

/// File access that throws `SessionError`.
package typealias FileAccess = FileIO<SessionError>

extension SessionError: FileError {}
