import BuildInfo
import ChatApp
import Inference
import Sessions

extension About {
    /// This build of the program, on this computer.
    init(home: SottoHome, instructionSet: InstructionSet) {
        self.init(
            version: BuildInfo.version, commit: BuildInfo.commit(), processor: Processor.name,
            instructionSet: instructionSet.title, threads: UsableCores.current.description,
            memory: Machine.memory,
            folders: [
                Folder("sessions", home.sessions), Folder("models", home.models), Folder("themes", home.themes),
                Folder("configuration", home.folder),
            ])
    }
}
