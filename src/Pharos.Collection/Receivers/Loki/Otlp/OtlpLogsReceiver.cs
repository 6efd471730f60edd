using Pharos.Collection.Receivers.Loki.Intake;
using Pharos.Storage.Text;

namespace Pharos.Collection.Receivers.Loki.Otlp;

/// <summary>Takes OpenTelemetry's logs in.</summary>
/// <remarks>Thread-safe.</remarks>
public sealed class OtlpLogsReceiver(LokiIntake intake, TimeProvider time)
{
    /// <exception cref="InvalidDataException">The bytes are no such message; nothing is stored.</exception>
    /// <exception cref="IOException">The disk refused; nothing is stored.</exception>
    public LokiPushOutcome ReceiveProtobuf(string tenant, ReadOnlySpan<byte> message)
    {
        using var session = intake.Begin(tenant);
        new OtlpLogProtobuf(Writer(session, tenant)).Read(message);
        return session.Commit();
    }

    /// <exception cref="InvalidDataException">The text is no such message; nothing is stored.</exception>
    /// <exception cref="IOException">The disk refused; nothing is stored.</exception>
    public LokiPushOutcome ReceiveJson(string tenant, ReadOnlyMemory<byte> text)
    {
        using var session = intake.Begin(tenant);
        new OtlpLogJson(Writer(session, tenant)).Read(text);
        return session.Commit();
    }

    private OtlpLogWriter Writer(LokiPushSession session, string tenant) =>
        new(session, intake.LimitsOf(tenant).Otlp, NanosecondTime.Of(time.GetUtcNow()));
}
