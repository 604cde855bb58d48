extension String {
    /// In one line and without control characters, which names and texts in files may contain.
    package var withoutControls: String {
        guard unicodeScalars.contains(where: \.isControl) else { return self }
        return String(unicodeScalars.map { $0.isControl ? "?" : Character($0) })
    }
}

extension Unicode.Scalar {
    fileprivate var isControl: Bool {
        switch properties.generalCategory {
        case .control, .lineSeparator, .paragraphSeparator: true
        default: false
        }
    }
}
