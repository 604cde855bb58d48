import JSON
import Replies

/// In a file, what a service wants back is a JSON value, so that the file stays readable.
extension ProviderState {
    var fields: JSONObject { ["provider": .string(provider), "data": (try? JSONReader.read(json)) ?? .null] }

    /// Nil without a provider or data: there is nothing to send back.
    init?(_ reader: inout FieldReader) {
        guard let provider = reader.string("provider"), let data = reader.value("data"), !data.isNull else {
            return nil
        }
        self.init(provider: provider, json: JSONWriter.compact(data))
    }
}
