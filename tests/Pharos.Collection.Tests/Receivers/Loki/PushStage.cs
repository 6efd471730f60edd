using System.Diagnostics.Metrics;
using System.Globalization;
using System.IO.Compression;
using System.Text;
using System.Text.Json;
using Pharos.Collection.Receivers.Loki;
using Pharos.Collection.Receivers.Loki.Intake;

namespace Pharos.Collection.Tests.Receivers.Loki;

/// <summary>An intake on a simulated clock, and what reached the store and the counters behind it.</summary>
internal sealed class PushStage : IDisposable
{
    /// <summary>2023-11-14T22:13:20Z</summary>
    public const long NowNs = 1_700_000_000_000_000_000;

    private readonly Meter _meter = new("loki push");
    private readonly MeterListener _listener = new();
    private readonly Dictionary<string, long> _counts = new(StringComparer.Ordinal);

    public PushStage(LokiIngestLimits? limits = null, Func<bool>? mayCreateStreams = null)
    {
        _listener.InstrumentPublished = (instrument, listener) =>
        {
            if (ReferenceEquals(instrument.Meter, _meter))
            {
                listener.EnableMeasurementEvents(instrument);
            }
        };
        _listener.SetMeasurementEventCallback<long>((instrument, value, tags, _) =>
        {
            var reason = tags.ToArray().FirstOrDefault(static tag => tag.Key == "reason").Value as string;
            var key = reason is null ? instrument.Name : $"{instrument.Name}:{reason}";
            _counts[key] = _counts.GetValueOrDefault(key) + value;
        });
        _listener.Start();
        var used = limits ?? LokiIngestLimits.Default;
        Intake = new LokiIntake(Store, _ => used, Time, _meter) { MayCreateStreams = mayCreateStreams ?? (static () => true) };
    }

    public FakeLogStore Store { get; } = new();

    public FakeTimeProvider Time { get; } = new(DateTimeOffset.FromUnixTimeSeconds(NowNs / 1_000_000_000));

    public LokiIntake Intake { get; }

    public long Count(string key) => _counts.GetValueOrDefault(key);

    public LokiPushOutcome Json(string body) => Push(Encoding.UTF8.GetBytes(body), "application/json");

    public LokiPushOutcome Push(byte[] body, string type, string encoding = "")
    {
        using var session = Intake.Begin("fake");
        new LokiPushReceiver().Read(body, type, encoding, session);
        return session.Commit();
    }

    public static string One(string line, string stream = """{"job":"a"}""", long offsetNs = 0) =>
        $$$"""{"streams":[{"stream":{{{stream}}},"values":[["{{{Text(NowNs + offsetNs)}}}",{{{JsonSerializer.Serialize(line)}}}]]}]}""";

    private static string Text(long number) => number.ToString(CultureInfo.InvariantCulture);

    public static byte[] Packed(string text, Func<Stream, Stream> packer)
    {
        using var packed = new MemoryStream();
        using (var stream = packer(packed))
        {
            stream.Write(Encoding.UTF8.GetBytes(text));
        }
        return packed.ToArray();
    }

    public static Stream Gzip(Stream to) => new GZipStream(to, CompressionLevel.Fastest, leaveOpen: true);

    public static Stream Zlib(Stream to) => new ZLibStream(to, CompressionLevel.Fastest, leaveOpen: true);

    public static Stream Deflate(Stream to) => new DeflateStream(to, CompressionLevel.Fastest, leaveOpen: true);

    public void Dispose()
    {
        _listener.Dispose();
        _meter.Dispose();
    }
}
