using System.Text;
using System.Text.Json;
using Pharos.Server.Tests.Hosting;
using Pharos.Storage.Traces;
using Pharos.Storage.Traces.Batches;

namespace Pharos.Server.Tests.Api.Tempo;

/// <summary>A server with two traces in it: a shop whose call fails, a minute before now, and a job without a root two minutes before.</summary>
internal sealed class TempoStage : IAsyncDisposable
{
    private TempoStage(RunningServer server, long baseSeconds)
    {
        Server = server;
        BaseSeconds = baseSeconds;
    }

    public RunningServer Server { get; }

    /// <summary>When the shop's trace begins.</summary>
    public long BaseSeconds { get; }

    public static async Task<TempoStage> StartAsync()
    {
        var stage = new TempoStage(await RunningServer.StartAsync(), DateTimeOffset.UtcNow.ToUnixTimeSeconds() - 60);
        var store = stage.Server.Server.Parts.Traces.Store;
        var ns = stage.BaseSeconds * 1_000_000_000;
        var batch = new SpanBatch();
        batch.BeginResource();
        batch.AddAttribute("service.name"u8, AttributeKind.Text, "shop"u8);
        batch.BeginScope("lib"u8, "1.0"u8);
        Span(batch, 0xab, 1, 0, "GET /cart", SpanKind.Server, ns, ns + 500_000_000);
        batch.AddAttribute("http.status_code"u8, 500L);
        Span(batch, 0xab, 2, 1, "SELECT", SpanKind.Client, ns + 100_000_000, ns + 300_000_000);
        batch.Last.Status = SpanStatus.Error;
        batch.AddAttribute("db.system"u8, AttributeKind.Text, "pg"u8);
        batch.AddAttribute("rows"u8, 3L);
        batch.BeginEvent(ns + 200_000_000, "exception"u8);
        batch.AddAttribute("exception.message"u8, AttributeKind.Text, "boom"u8);
        batch.BeginResource();
        batch.AddAttribute("service.name"u8, AttributeKind.Text, "job"u8);
        batch.BeginScope([], []);
        Span(batch, 0xcd, 9, 8, "work", SpanKind.Internal, ns - 60_000_000_000, ns - 57_500_000_000);
        batch.AddAttribute("rows"u8, AttributeKind.Text, "many"u8);
        store.Append(batch);
        return stage;
    }

    public async Task<JsonElement> JsonAsync(string path)
    {
        var (status, body) = await Server.GetAsync(path);
        Assert.True(status == 200, $"{status}: {body}");
        return JsonDocument.Parse(body).RootElement;
    }

    public Task<JsonElement> SearchAsync(string query, string more = "") => JsonAsync($"/tempo/api/search?q={Uri.EscapeDataString(query)}{more}");

    public ValueTask DisposeAsync() => Server.DisposeAsync();

    private static void Span(SpanBatch batch, ulong trace, ulong id, ulong parent, string name, SpanKind kind, long startNs, long endNs)
    {
        batch.BeginSpan();
        (batch.Last.TraceId, batch.Last.SpanId, batch.Last.ParentSpanId) = (new TraceId(0, trace), id, parent);
        (batch.Last.Kind, batch.Last.StartNs, batch.Last.EndNs) = (kind, startNs, endNs);
        batch.Last.Name = batch.Keep(Encoding.UTF8.GetBytes(name));
    }
}
