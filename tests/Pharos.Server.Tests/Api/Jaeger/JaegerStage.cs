using System.Text.Json;
using Pharos.Server.Hosting;
using Pharos.Server.Tests.Hosting;
using Pharos.Storage.Text;
using Pharos.Storage.Traces;
using Pharos.Storage.Traces.Batches;

namespace Pharos.Server.Tests.Api.Jaeger;

/// <summary>A server with the spans that a test gives it.</summary>
internal sealed class JaegerStage : IAsyncDisposable
{
    public const long Second = 1_000_000_000;

    private JaegerStage(RunningServer server) => Server = server;

    public RunningServer Server { get; }

    /// <summary>A whole second, one minute before now.</summary>
    public long BaseNs { get; } = (NanosecondTime.Of(DateTimeOffset.UtcNow) / Second * Second) - (60 * Second);

    public ITraceStore Store => Server.Server.Parts.Traces.Store;

    public static async Task<JaegerStage> StartAsync(Func<PharosServerOptions, PharosServerOptions>? change = null) =>
        new(await RunningServer.StartAsync(change));

    public void Put(params Span[] spans)
    {
        var batch = new SpanBatch();
        foreach (var span in spans)
        {
            batch.Add(span);
        }
        Store.Append(batch);
    }

    /// <summary>A span of a service that begins so many milliseconds after the base.</summary>
    public Span Make(string service, ulong trace, ulong id, ulong parent = 0, string name = "op", int startMs = 0, int durationMs = 10) => new()
    {
        TraceId = new TraceId(0, trace),
        SpanId = id,
        ParentSpanId = parent,
        Name = name,
        StartNs = BaseNs + (startMs * 1_000_000L),
        EndNs = BaseNs + ((startMs + durationMs) * 1_000_000L),
        Resource = ResourceOf(service),
    };

    public static SpanResource ResourceOf(string service, params (string Key, string Value)[] more) => new(
        [
            new SpanAttribute("service.name", AttributeValue.OfText(service)),
            .. more.Select(static pair => new SpanAttribute(pair.Key, AttributeValue.OfText(pair.Value))),
        ],
        0, "");

    public async Task<JsonElement> JsonAsync(string path)
    {
        var (status, body) = await Server.GetAsync(path);
        Assert.True(status == 200, $"{status}: {body}");
        return JsonDocument.Parse(body).RootElement;
    }

    public async Task<JsonElement> DataAsync(string path) => (await JsonAsync(path)).GetProperty("data");

    /// <summary>Ids of the traces that a search finds, in the order of the answer.</summary>
    public async Task<string[]> FindAsync(string query) =>
        [.. (await DataAsync("/api/traces?" + query)).EnumerateArray().Select(trace => trace.GetProperty("traceID").GetString()!.TrimStart('0'))];

    public ValueTask DisposeAsync() => Server.DisposeAsync();
}
