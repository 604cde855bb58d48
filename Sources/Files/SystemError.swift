import Foundation

#if canImport(Glibc)
    import Glibc
#elseif canImport(Darwin)
    import Darwin
#endif

/// Explains failed system calls.
package enum SystemError {
    /// What an error number means, in lower case and in plain words for the common ones.
    package static func reason(_ code: Int32) -> String {
        switch code {
        case ENOSPC: "the disk is full"
        case EDQUOT: "the disk quota is used up"
        case EACCES, EPERM: "permission denied"
        case EROFS: "the disk is read-only"
        case ENOENT: "no such file or folder"
        case EFBIG: "the file would grow too large"
        default: String(cString: strerror(code)).lowercased()
        }
    }
}
