import HTTP
import JSON
import Testing

@testable import Services

@Suite struct RefusedParameterTests {
    @Test(arguments: [
        (
            #"{"error":{"message":"Unsupported parameter: 'temperature' is not supported with this model.","type":"invalid_request_error","param":"temperature","code":"unsupported_parameter"}}"#,
            "temperature"
        ),
        (
            #"{"error":{"message":"Unsupported value: 'temperature' does not support 0 with this model.","param":"temperature","code":"unsupported_value"}}"#,
            "temperature"
        ),
        (
            #"{"error":{"message":"Your organization must be verified to generate reasoning summaries.","param":"reasoning.summary","code":"unsupported_value"}}"#,
            "reasoning.summary"
        ),
        (#"{"error":{"message":"Unsupported parameter: 'include'","param":"include[0]","code":null}}"#, "include"),
        (#"{"error":{"message":"Unrecognized request argument supplied: top_k","param":null,"code":null}}"#, "top_k"),
        (#"{"error":{"message":"property 'min_p' is unsupported","type":"invalid_request_error"}}"#, "min_p"),
        (
            #"[{"error":{"code":400,"message":"Invalid JSON payload received. Unknown name \"seed\": Cannot find field.","status":"INVALID_ARGUMENT"}}]"#,
            "seed"
        ),
        (#"{"detail":"Unsupported parameter: top_p"}"#, "top_p"),
        (
            #"{"error":{"code":400,"message":"top_logprobs requires logprobs to be set to true","type":"invalid_request_error"}}"#,
            "top_logprobs"
        ),
        (
            #"{"detail":[{"type":"extra_forbidden","loc":["body","stream_options"],"msg":"Extra inputs are not permitted"}]}"#,
            "stream_options"
        ),
        (
            #"{"object":"error","message":{"detail":[{"type":"extra_forbidden","loc":["body","seed"],"msg":"Extra inputs are not permitted","input":1}]},"type":"invalid_request_error","code":null}"#,
            "seed"
        ),
        (
            #"{"object":"error","message":"reasoning_effort is not enabled for this model","code":3051}"#,
            "reasoning_effort"
        ),
        (
            #"{"error":{"message":"'max_tokens' is not supported with this model. Use 'max_completion_tokens' instead.","param":"max_tokens","code":"unsupported_parameter"}}"#,
            "max_tokens"
        ),
    ])
    func findsTheParameter(body: String, name: String) throws {
        #expect(RefusedParameter.name(in: try json(body)) == name)
    }

    @Test(arguments: [
        #"{"error":{"message":"Your organization must be verified to stream this model.","param":"stream","code":"unsupported_value"}}"#,
        #"{"error":{"message":"Invalid value for temperature: must be at most 2","param":"temperature","code":"decimal_above_max_value"}}"#,
        #"{"error":{"message":"The model does not support images","param":"messages"}}"#,
        #"{"detail":[{"type":"extra_forbidden","loc":["body","messages",0,"user","name"],"msg":"Extra inputs are not permitted"}]}"#,
        #"{"error":{"message":null,"code":7}}"#, "[]", "null", #""text""#,
    ])
    func leavesNothingElseOut(body: String) throws {
        #expect(RefusedParameter.name(in: try json(body)) == nil)
    }

    @Test func remembersRefusalsOfEachModel() {
        let memory = RefusalMemory()
        #expect(memory.known(for: "a", adding: []) == [])
        #expect(memory.known(for: "a", adding: ["seed"]) == ["seed"])
        #expect(memory.known(for: "a", adding: ["stop"]) == ["seed", "stop"])
        #expect(memory.known(for: "a", adding: []) == ["seed", "stop"])
        #expect(memory.known(for: "b", adding: []) == [])
    }

    @Test(
        arguments: [
            (#"{"object":"error","message":{"detail":[{"msg":"Extra inputs"}]}}"#, "Extra inputs"),
            (#"[{"error":{"message":"In a list"}}]"#, "In a list"),
            (#"{"detail":[{"msg":"Field required"}]}"#, "Field required"),
            (#"{"error":{"code":3}}"#, nil), ("[]", nil),
        ] as [(String, String?)])
    func findsTheMessage(body: String, message: String?) throws {
        #expect(FailureReading.message(in: try json(body)) == message)
    }
}
