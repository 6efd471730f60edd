using Pharos.Collection.Receivers.Loki.Decoding;
using Pharos.Collection.Receivers.Loki.Intake;
using Pharos.Fuzz.Mutation;

namespace Pharos.Fuzz.Targets.Logs;

/// <summary>A push in JSON or protobuf, before it is compressed.</summary>
internal sealed class LogPushTarget(string name, InputForm form) : FuzzTarget
{
    public override string Name => name;

    public override InputForm Form => form;

    public override IReadOnlyList<string> Tokens =>
    [
        "{", "}", "[", "]", "],[", ":", ",", "\"", "null", "true", "1e3", "{\"streams\":[", "\"stream\":{", "\"values\":[", "\"labels\":",
        "\"{a=\\\"b\\\"}\"", "\"entries\":[", "\"ts\":", "\"timestamp\":", "\"line\":", "\"structuredMetadata\":{", "\"1700000000000000000\"",
        "\"9223372036854775807\"", "\"-9223372036854775808\"", "\"2023-11-14T22:13:20.123456789Z\"", "\"level\":\"error\"", "\"service_name\":\"s\"",
        "\"__stream_shard__\":\"1\"", "\\ud83d", "\\ude00", "\\u0000", "\\u005c", "\\\"", "\\n", "\u00e9", "{a=`b`}", "level=error",
        "severity_number",
    ];

    /// <summary>Each stream has an object, its texts, and its refusal with all labels in it.</summary>
    public override long BytesPerInputByte => 10_000;

    public override IEnumerable<byte[]> MadeInputs() => form == InputForm.Protobuf ? LogInputs.Pushes() : [];

    public override string Run(byte[] input) => LogIntakeRun.Of(intake => Push(intake, input));

    private LokiPushOutcome Push(LokiIntake intake, byte[] input)
    {
        using var session = intake.Begin("fake");
        if (form == InputForm.Protobuf)
        {
            new LokiPushProtobuf().Read(input, session);
        }
        else
        {
            new LokiPushJson().Read(input, session);
        }
        return session.Commit();
    }
}
