import ChatApp

final class EffectRunner: Sendable {
    func start(_ effect: Effect) {}
}
