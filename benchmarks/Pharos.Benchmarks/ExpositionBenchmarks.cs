using System.Text;
using BenchmarkDotNet.Attributes;
using Pharos.Collection.Exposition;

namespace Pharos.Benchmarks;

/// <summary>Parses a scrape's body without keeping anything of it.</summary>
[MemoryDiagnoser]
public class ExpositionBenchmarks
{
    private byte[] _body = [];

    /// <summary>Lines with a sample.</summary>
    [Params(100, 10_000)]
    public int Scale { get; set; }

    [GlobalSetup]
    public void Write()
    {
        var text = new StringBuilder("# HELP requests_total Requests.\n# TYPE requests_total counter\n");
        for (var i = 0; i < Scale; i++)
        {
            text.Append($"requests_total{{method=\"GET\",route=\"/api/{i % 50}\",status_code=\"200\",shard=\"{i}\"}} {i * 1.5}\n");
        }
        _body = Encoding.UTF8.GetBytes(text.ToString());
    }

    [Benchmark]
    public int Parse()
    {
        var parser = new ExpositionParser(_body, ExpositionFormat.PrometheusText);
        var samples = 0;
        while (parser.Next() is var entry && entry is not (ExpositionEntry.End or ExpositionEntry.Fault))
        {
            samples += entry == ExpositionEntry.Series ? 1 : 0;
        }
        return samples;
    }
}
