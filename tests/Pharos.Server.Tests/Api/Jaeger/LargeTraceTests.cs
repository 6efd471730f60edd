using System.Text;
using Pharos.Storage.Traces.Batches;

namespace Pharos.Server.Tests.Api.Jaeger;

public sealed class LargeTraceTests
{
    private const int Spans = 100_000;

    [Fact]
    public async Task A_trace_of_a_hundred_thousand_spans_is_sent_while_it_is_written()
    {
        await using var stage = await JaegerStage.StartAsync();
        var batch = new SpanBatch();
        var resource = JaegerStage.ResourceOf("deep");
        for (var i = 1; i <= Spans; i++)
        {
            batch.Add(stage.Make("deep", 1, (ulong)i, (ulong)(i / 2)) with { Resource = resource });
            if (batch.Count == 5_000)
            {
                stage.Store.Append(batch);
                batch.Clear();
            }
        }
        using var response = await stage.Server.Http.GetAsync("/api/traces/1", HttpCompletionOption.ResponseHeadersRead);
        Assert.True(response.Headers.TransferEncodingChunked);
        await using var body = await response.Content.ReadAsStreamAsync();
        var (count, tail) = await CountAsync(body, "\"spanID\":\""u8.ToArray());
        // Each span but the root names itself and its parent.
        Assert.Equal((2 * Spans) - 1, count);
        Assert.EndsWith("\"errors\":null}", tail, StringComparison.Ordinal);
    }

    /// <summary>How often a text occurs, and the end, without holding all of it.</summary>
    private static async Task<(int Count, string Tail)> CountAsync(Stream stream, byte[] wanted)
    {
        var buffer = new byte[1 << 16];
        var (matched, count) = (0, 0);
        var tail = "";
        int read;
        while ((read = await stream.ReadAsync(buffer)) > 0)
        {
            for (var i = 0; i < read; i++)
            {
                // The text begins with a quote and has others where it cannot begin again: a miss starts over at this byte.
                matched = buffer[i] == wanted[matched] ? matched + 1 : buffer[i] == wanted[0] ? 1 : 0;
                if (matched == wanted.Length)
                {
                    count++;
                    matched = 0;
                }
            }
            tail = (tail + Encoding.UTF8.GetString(buffer, Math.Max(0, read - 100), Math.Min(100, read)))[^Math.Min(tail.Length + Math.Min(100, read), 100)..];
        }
        return (count, tail);
    }
}
