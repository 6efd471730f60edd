using System.IO.Pipelines;
using System.Text;
using System.Text.Json;
using Pharos.Query.Results;
using Pharos.Server.Api;
using Pharos.Server.Api.Prometheus.Queries;
using Pharos.Storage.Histograms;
using Pharos.Storage.Model;

namespace Pharos.Server.Tests.Api.Prometheus;

public sealed class MatrixJsonTests
{
    /// <summary>The plain twin writes point by point.</summary>
    [Theory]
    [InlineData(0, 1)]
    [InlineData(1, 1)]
    [InlineData(1, 4)]
    [InlineData(700, 1)]
    [InlineData(700, 2)]
    [InlineData(700, 5)]
    public async Task Many_series_are_those_of_the_twin_whatever_the_number_of_threads(int count, int threads)
    {
        var series = Series(count, seed: 7);
        Assert.Equal(Twin(series), await WriteAsync(series, threads));
    }

    [Fact]
    public async Task A_client_that_goes_away_ends_it()
    {
        using var gone = new CancellationTokenSource();
        await gone.CancelAsync();
        var pipe = PipeWriter.Create(new MemoryStream());
        await using var stream = new JsonStream(pipe, gone.Token);
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => new MatrixJson(4).WriteAsync(stream, Series(700, seed: 8)).AsTask());
    }

    private static MatrixSeries[] Series(int count, int seed)
    {
        var random = new Random(seed);
        long[] shared = [.. Enumerable.Range(0, 120).Select(static step => 1_700_000_000_000 + (step * 15_000L))];
        return [.. Enumerable.Range(0, count).Select(i =>
        {
            var times = i % 3 == 0 ? shared[..random.Next(shared.Length)] : i % 50 == 1 ? [] : shared;
            double[] values = [.. times.Select(_ => random.Next(4) switch
            {
                0 => random.Next(300) / 285.0,
                1 => BitConverter.Int64BitsToDouble(random.NextInt64()),
                2 when random.Next(8) == 0 => -1.2345678901234567e-6,
                2 => random.Next(),
                _ => random.Next(1000) / -100.0,
            })];
            var histograms = i % 100 == 1 ? new[] { (5L, new NativeHistogram { Count = 1, Sum = i }) } : [];
            return new MatrixSeries(LabelSet.From(("leaf", $"\"{i}é"), ("zone", "a<b")), times, values) { Histograms = histograms };
        })];
    }

    private static async Task<string> WriteAsync(IReadOnlyList<MatrixSeries> series, int threads)
    {
        using var bytes = new MemoryStream();
        await using (var stream = new JsonStream(PipeWriter.Create(bytes), CancellationToken.None))
        {
            stream.Writer.WriteStartArray();
            await new MatrixJson(threads).WriteAsync(stream, series);
            stream.Writer.WriteEndArray();
            await stream.EndAsync();
        }
        return Encoding.UTF8.GetString(bytes.ToArray());
    }

    private static string Twin(IReadOnlyList<MatrixSeries> all)
    {
        using var bytes = new MemoryStream();
        using (var json = new Utf8JsonWriter(bytes, JsonStream.WriterOptions))
        {
            json.WriteStartArray();
            foreach (var series in all)
            {
                json.WriteStartObject();
                JsonForms.WriteLabels(json, "metric", series.Labels);
                if (series.TimestampsMs.Count > 0)
                {
                    json.WriteStartArray("values");
                    for (var i = 0; i < series.TimestampsMs.Count; i++)
                    {
                        JsonForms.WritePoint(json, series.TimestampsMs[i], series.Values[i]);
                    }
                    json.WriteEndArray();
                }
                if (series.Histograms.Count > 0)
                {
                    json.WriteStartArray("histograms");
                    foreach (var (timestampMs, histogram) in series.Histograms)
                    {
                        HistogramJson.WritePoint(json, timestampMs, histogram);
                    }
                    json.WriteEndArray();
                }
                json.WriteEndObject();
            }
            json.WriteEndArray();
        }
        return Encoding.UTF8.GetString(bytes.ToArray());
    }
}
