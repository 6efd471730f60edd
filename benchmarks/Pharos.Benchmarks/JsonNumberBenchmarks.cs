using System.Globalization;
using BenchmarkDotNet.Attributes;
using Pharos.Storage.Text;

namespace Pharos.Benchmarks;

/// <summary>Puts values into text as answers carry them.</summary>
public class JsonNumberBenchmarks
{
    private readonly byte[] _text = new byte[JsonNumber.MaxBytes];
    private double[] _values = [];

    /// <summary>Numbers.</summary>
    [Params(1_000, 38_000)]
    public int Scale { get; set; }

    /// <summary>Rates with all their digits, whole numbers, two decimals.</summary>
    [Params("rates", "wholes", "decimals")]
    public string Values { get; set; } = "";

    [GlobalSetup]
    public void Fill()
    {
        var random = new Random(7);
        _values = [.. Enumerable.Range(0, Scale).Select(_ => Values switch
        {
            "rates" => random.NextDouble() * 1_000,
            "wholes" => random.Next(),
            _ => random.Next() / 100.0,
        })];
    }

    [Benchmark]
    public int Write()
    {
        var bytes = 0;
        foreach (var value in _values)
        {
            bytes += JsonNumber.Write(value, _text);
        }
        return bytes;
    }

    [Benchmark(Baseline = true)]
    public int Framework()
    {
        var bytes = 0;
        foreach (var value in _values)
        {
            value.TryFormat(_text, out var written, default, CultureInfo.InvariantCulture);
            bytes += written;
        }
        return bytes;
    }
}
