using Pharos.Collection.Receivers.Loki.Otlp;
using Pharos.Fuzz.Mutation;

namespace Pharos.Fuzz.Targets.Logs;

/// <summary>OTLP logs as protobuf or JSON.</summary>
internal sealed class OtlpLogTarget(string name, InputForm form) : FuzzTarget
{
    public override string Name => name;

    public override InputForm Form => form;

    public override IReadOnlyList<string> Tokens =>
    [
        "{", "}", "[", "]", ":", ",", "\"", "null", "true", "\"NaN\"", "\"-1\"", "{\"resourceLogs\":[", "\"resource\":{", "\"scopeLogs\":[",
        "\"scope\":{", "\"name\":", "\"version\":", "\"logRecords\":[", "\"timeUnixNano\":", "\"observedTimeUnixNano\":", "\"severityNumber\":",
        "\"severityText\":", "\"body\":{", "\"stringValue\":", "\"intValue\":", "\"doubleValue\":", "\"boolValue\":", "\"bytesValue\":",
        "\"arrayValue\":{\"values\":[", "\"kvlistValue\":{\"values\":[", "\"attributes\":[", "\"key\":", "\"value\":{", "\"droppedAttributesCount\":",
        "\"flags\":", "\"traceId\":", "\"spanId\":", "\"eventName\":", "\"service.name\"", "\"host.name\"", "\"\\ud800\"", "\\u0000", "1e400",
        "\"18446744073709551615\"",
    ];

    /// <summary>What a resource and a scope say is kept with each of their records.</summary>
    public override long BytesPerInputByte => 50_000;

    public override IEnumerable<byte[]> MadeInputs() => form == InputForm.Protobuf ? LogInputs.OtlpRequests() : [];

    public override string Run(byte[] input) => LogIntakeRun.Of(intake =>
    {
        var receiver = new OtlpLogsReceiver(intake, FixedTime.Instance);
        return form == InputForm.Protobuf ? receiver.ReceiveProtobuf("fake", input) : receiver.ReceiveJson("fake", input);
    });
}
