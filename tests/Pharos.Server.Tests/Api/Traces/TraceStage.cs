using System.Text.Json;
using Pharos.Server.Tests.Hosting;
using Pharos.Storage.Traces;
using Pharos.Storage.Traces.Batches;

namespace Pharos.Server.Tests.Api.Traces;

/// <summary>A server with three traces: two of a shop (the newer one fails, and talks to the database twice), one of a batch job.</summary>
internal sealed class TraceStage : IAsyncDisposable
{
    public const string First = "000000000000000000000000000000a1", Second = "000000000000000000000000000000a2", Job = "000000000000000000000000000000b1";

    private const long Millisecond = 1_000_000;

    private TraceStage(RunningServer server) => Server = server;

    public RunningServer Server { get; }

    /// <summary>When the first trace starts: ten minutes ago, at a full second, for questions in seconds; the others start one and two minutes later.</summary>
    public long BaseNs { get; } = (TimeProvider.System.GetUtcNow().ToUnixTimeSeconds() - 600) * 1000 * Millisecond;

    public static async Task<TraceStage> StartAsync()
    {
        var stage = new TraceStage(await RunningServer.StartAsync());
        stage.Fill();
        return stage;
    }

    public Task<JsonElement> AskAsync(string path) => Server.JsonAsync("/api/pharos/traces" + path);

    public ValueTask DisposeAsync() => Server.DisposeAsync();

    private void Fill()
    {
        Append(0xa1, 0, "shop", (1, 0, "GET /cart", SpanKind.Server, 0, 100), (2, 1, "SELECT", SpanKind.Client, 10, 30));
        Append(0xa2, 60_000, "shop", (1, 0, "GET /cart", SpanKind.Server, 0, 300), (2, 1, "SELECT", SpanKind.Client, 10, 30), (3, 1, "SELECT", SpanKind.Client, 50, 200));
        Append(0xb1, 120_000, "job", (1, 77, "run", SpanKind.Internal, 0, 50));
    }

    private void Append(ulong trace, long afterMs, string service, params (ulong Id, ulong Parent, string Name, SpanKind Kind, long StartMs, long DurationMs)[] spans)
    {
        var batch = new SpanBatch();
        batch.BeginResource();
        batch.AddAttribute("service.name", AttributeValue.OfText(service));
        batch.BeginScope("tests"u8, "1"u8);
        foreach (var span in spans)
        {
            batch.BeginSpan();
            ref var row = ref batch.Last;
            (row.TraceId, row.SpanId, row.ParentSpanId, row.Kind) = (new TraceId(0, trace), span.Id, span.Parent, span.Kind);
            row.StartNs = BaseNs + ((afterMs + span.StartMs) * Millisecond);
            row.EndNs = row.StartNs + (span.DurationMs * Millisecond);
            row.Name = batch.Keep(span.Name);
            row.Status = span.Id == 3 ? SpanStatus.Error : SpanStatus.Unset;
            batch.AddAttribute("http.status_code"u8, span.Id == 3 ? 500L : 200L);
            batch.AddAttribute("db.table", AttributeValue.OfText(span.Name == "SELECT" ? "carts" : ""));
            batch.BeginEvent(row.StartNs + Millisecond, "begun"u8);
            batch.AddAttribute("attempt"u8, 1L);
        }
        Server.Server.Parts.Traces.Store.Append(batch);
    }
}
