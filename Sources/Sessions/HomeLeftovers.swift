import Files

extension SottoHome {
    /// Removes the temporary files that programs left when they crashed while they saved preferences, presets or what
    /// is cached. `SessionStore.removeLeftovers` does the same for sessions.
    public func removeLeftovers() {
        let cache = FileNames.split(fingerprints).folder
        var strays = [folder, presets, cache].flatMap { StrayFile.all(in: $0) }
        // Files that are links are written next to what they lead to.
        for file in [preferences, history] {
            if let target = try? FileAccess.destination(of: file) { strays += StrayFile.all(of: target) }
        }
        for stray in strays { stray.remove() }
    }
}
