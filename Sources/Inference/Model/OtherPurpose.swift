/// What a file is for, if it is not a model that writes text. All of these occur in folders with models.
public enum OtherPurpose: Sendable, Equatable {
    /// Changes of a model's matrices; the family that they are for, if the file names it.
    case adapter(family: String?)
    /// The part of a model that turns images or sound into embeddings.
    case projector
    /// A tokenizer without weights.
    case vocabulary
    /// Neither weights nor a tokenizer.
    case empty
    /// Which weights matter most, measured for quantizing them.
    case importanceMatrix
    case controlVector
    /// Turns text into vectors, or compares texts.
    case encoder
    case encoderDecoder
    case textDiffusion
    /// Only guesses the next tokens of the model that it was made for.
    case draftHead
    case speech
    case images
}

extension OtherPurpose: CustomStringConvertible {
    /// One sentence, and what to do about it where something can be done.
    public var description: String {
        switch self {
        case .adapter(let family):
            "This is a LoRA adapter\(family.map { " for \($0) models" } ?? ""), not a model. "
                + "Create a model with it in Ollama (ADAPTER in its Modelfile) and choose that"
        case .projector:
            "This is the part of a model that reads images or sound. Choose the file with the rest of its weights"
        case .vocabulary: "This file has a vocabulary but no weights"
        case .empty: "This file has no weights"
        case .importanceMatrix: "This is an importance matrix for quantizing a model, not a model"
        case .controlVector: "This is a control vector, which changes the style of a model, not a model"
        case .encoder: "This model turns texts into vectors for searching and comparing them; it cannot write"
        case .encoderDecoder: "This is an encoder-decoder model, which cannot be used for chat"
        case .textDiffusion:
            "This is a diffusion model, which writes all words of a text at once; that is not supported"
        case .draftHead: "This only predicts tokens for the model that it was made for; it is not a model of its own"
        case .speech: "This is a model for speech, not for text"
        case .images: "This is a model for images or video, not for text"
        }
    }
}

extension OtherPurpose {
    /// The purpose of all files of an architecture; nil if they may be models that write text.
    ///
    /// - Parameter architecture: the value of `general.architecture` in files for llama.cpp and for the engines that use
    ///   its library for speech and images.
    init?(architecture: String) {
        switch architecture {
        case "clip": self = .projector
        case "controlvector": self = .controlVector
        case "bert", "modern-bert", "nomic-bert", "nomic-bert-moe", "neo-bert", "jina-bert-v2", "jina-bert-v3",
            "eurobert", "gemma-embedding", "llama-embed", "t5encoder":
            self = .encoder
        case "t5": self = .encoderDecoder
        case "dream", "llada", "llada-moe", "rnd1": self = .textDiffusion
        case "eagle3", "dflash", "gemma4-assistant": self = .draftHead
        case "whisper", "wavtokenizer-dec", "qwen3tts", "pockettts": self = .speech
        case "sd1", "sdxl", "sd3", "flux", "aura", "hidream", "cosmos", "ltxv", "hyvid", "wan", "lumina2", "qwen_image":
            self = .images
        default: return nil
        }
    }
}

extension OtherPurpose {
    /// The purpose of all checkpoints of a kind; nil if they may be models that write text.
    ///
    /// - Parameter modelType: the value of `model_type` in `config.json`.
    init?(modelType: String) {
        switch modelType {
        case "bert", "roberta", "xlm-roberta", "distilbert", "albert", "deberta", "deberta-v2", "electra", "mpnet",
            "modernbert", "nomic_bert", "camembert", "longformer", "clip", "siglip":
            self = .encoder
        case "t5", "mt5", "umt5", "bart", "mbart", "pegasus", "marian", "m2m_100": self = .encoderDecoder
        case "dream", "Dream", "llada": self = .textDiffusion
        case "whisper", "wav2vec2", "hubert", "speecht5", "bark", "vits": self = .speech
        case "vit", "swin", "convnext", "resnet", "detr", "sam": self = .images
        default: return nil
        }
    }
}
