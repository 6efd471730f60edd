using System.IO.Pipelines;
using BenchmarkDotNet.Attributes;
using Pharos.Query.Results;
using Pharos.Server.Api;
using Pharos.Server.Api.Prometheus.Queries;
using Pharos.Storage.Model;

namespace Pharos.Benchmarks;

/// <summary>Writes the answer of a range query, to nowhere.</summary>
[MemoryDiagnoser]
public class MatrixJsonBenchmarks
{
    private const int Steps = 480;

    private readonly List<MatrixSeries> _series = [];

    /// <summary>Series.</summary>
    [Params(8, 80)]
    public int Scale { get; set; }

    [Params(1, 2)]
    public int Threads { get; set; }

    [GlobalSetup]
    public void Fill()
    {
        var random = new Random(7);
        long[] times = [.. Enumerable.Range(0, Steps).Select(static step => 1_700_000_000_000 + (step * 15_000L))];
        for (var i = 0; i < Scale; i++)
        {
            var labels = LabelSet.From(("instance", "10.0.7.0:8080"), ("route", $"/api/{i}"), ("job", "progressive"));
            _series.Add(new MatrixSeries(labels, times, [.. times.Select(_ => random.Next(200, 700) / 285.0)]));
        }
    }

    [Benchmark]
    public async Task Write()
    {
        await using var stream = new JsonStream(PipeWriter.Create(Stream.Null), CancellationToken.None);
        await new MatrixJson(Threads).WriteAsync(stream, _series);
        await stream.EndAsync();
    }
}
