/// Facts about the program and the computer for `/about`, which the runtime finds out.
public struct About: Sendable {
    /// Such as "0.1.0".
    public var version: String
    /// The commit that the program was built from; nil if it is not known.
    public var commit: String?
    /// The processor's model name; nil if the system does not report it.
    public var processor: String?
    /// The instruction set of the kernels, such as "AVX-512".
    public var instructionSet: String
    /// The compute threads and what limits them, such as "2 of 16 cores (limited by CPU quota)".
    public var threads: String
    /// Physical memory, in bytes.
    public var memory: Int
    public var folders: [Folder]

    /// A folder with files of the program or the user.
    public struct Folder: Sendable {
        /// What is in it, such as "sessions".
        public var name: String
        public var path: String

        public init(_ name: String, _ path: String) {
            self.name = name
            self.path = path
        }
    }

    public init(
        version: String = "", commit: String? = nil, processor: String? = nil, instructionSet: String = "",
        threads: String = "", memory: Int = 0, folders: [Folder] = []
    ) {
        self.version = version
        self.commit = commit
        self.processor = processor
        self.instructionSet = instructionSet
        self.threads = threads
        self.memory = memory
        self.folders = folders
    }

    /// The licences of the program and of the libraries that it is linked with.
    static let licenses: [(license: String, of: String)] = [
        ("MIT", "Sotto"), ("Apache-2.0", "swift-argument-parser"), ("BSD-2-Clause", "cmark-gfm"), ("curl", "libcurl"),
        ("X11 (MIT-style)", "ncurses"),
    ]
}
