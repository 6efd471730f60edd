using System.Text;
using Microsoft.Extensions.Logging.Abstractions;
using Pharos.Collection.Exposition;
using Pharos.Collection.Exposition.Families;
using Pharos.Collection.Scraping;
using Pharos.Collection.Scraping.Ingest;
using Pharos.Fuzz.Mutation;
using Pharos.Storage.Histograms;
using Pharos.Storage.Metrics;
using Pharos.Storage.Model;

namespace Pharos.Fuzz.Targets;

/// <summary>A body of one exposition format: read entry by entry with every option, then scraped into a store twice, as a target's
/// loop does: the second time its series are known.</summary>
internal sealed class ExpositionTarget(string name, ExpositionFormat format) : FuzzTarget
{
    private const long NowMs = 1_700_000_000_000;

    private static readonly HistogramReading Everything = new(Native: true, AlwaysClassic: false, ConvertClassic: true, StartTimes: true);

    /// <summary>Entries without a byte of their own: a parser that does not move is found before its time is over.</summary>
    private const int MaxEntriesPerByte = 4;

    public override string Name => name;

    public override InputForm Form => format == ExpositionFormat.PrometheusProto ? InputForm.Protobuf : InputForm.Text;

    public override IReadOnlyList<string> Tokens =>
    [
        "# HELP ", "# TYPE ", "# UNIT ", "# EOF\n", "#", "{", "}", "\"", "\\", "\\n", ",", "=", " ", "\n", "\t", "counter", "gauge", "histogram",
        "gaugehistogram", "summary", "info", "stateset", "unknown", "untyped", "_bucket", "_count", "_sum", "_total", "_created", "le=\"", "quantile=\"", "+Inf",
        " # {trace_id=\"a\"} 1 ", "NaN", "a", "b_total", "\u00fc", "\ud83d\ude00", "\0",
    ];

    /// <summary>A series of a few bytes becomes a series of the store.</summary>
    public override long BytesPerInputByte => 6_000;

    public override IEnumerable<byte[]> MadeInputs() => format == ExpositionFormat.PrometheusProto ? ProtobufInputs.MetricFamilies() : [];

    public override byte[]? Generate(Random random) => format == ExpositionFormat.PrometheusProto ? null
        : Encoding.UTF8.GetBytes(ExpositionGrammar.Write(random, format == ExpositionFormat.OpenMetrics));

    public override string Run(byte[] input)
    {
        var shape = new StringBuilder();
        var scratch = new ExpositionScratch();
        if (format == ExpositionFormat.PrometheusProto)
        {
            // Each message stands behind its length; inputs are single messages, so that mutations keep it right.
            var body = Delimited(input);
            var native = new MetricFamilyParser(body, new HistogramReading(Native: true, AlwaysClassic: true, ConvertClassic: false, StartTimes: true), scratch);
            ReadAll(ref native, body.Length, shape);
            var converted = new MetricFamilyParser(body, new HistogramReading(Native: false, AlwaysClassic: false, ConvertClassic: true, StartTimes: false), scratch);
            ReadAll(ref converted, body.Length, shape);
            var raw = new MetricFamilyParser(input, new HistogramReading(Native: true, AlwaysClassic: false, ConvertClassic: false, StartTimes: false), scratch);
            ReadAll(ref raw, input.Length, shape);
            Scrape(body, Everything, shape);
            return shape.ToString();
        }
        var plain = new ExpositionParser(input, format);
        ReadAll(ref plain, input.Length, shape);
        var text = new ExpositionParser(input, format, scratch);
        var converting = new ClassicHistogramParser(text, keepClassic: true, scratch);
        ReadAll(ref converting, input.Length, shape);
        Scrape(input, Everything, shape);
        Scrape(input, default, shape);
        return shape.ToString();
    }

    private static byte[] Delimited(byte[] message)
    {
        var bytes = new List<byte>();
        var length = (uint)message.Length;
        for (; length >= 0x80; length >>= 7)
        {
            bytes.Add((byte)(length | 0x80));
        }
        bytes.Add((byte)length);
        return [.. bytes, .. message];
    }

    private static void ReadAll<TParser>(ref TParser parser, int bodyLength, StringBuilder shape)
        where TParser : struct, IExpositionParser, allows ref struct
    {
        var labels = new ExposedLabels();
        var exemplar = new ExposedExemplar();
        var counts = new int[8];
        for (var left = (bodyLength + 8) * MaxEntriesPerByte; ; left--)
        {
            if (left == 0)
            {
                throw new BrokenPromiseException("more entries than a body of this length can hold");
            }
            var entry = parser.Next();
            counts[(int)entry]++;
            switch (entry)
            {
                case ExpositionEntry.Fault:
                    var fault = parser.Fault ?? throw new BrokenPromiseException("a fault without a text");
                    shape.Append(Shape.Of(fault));
                    if (parser.Next() != ExpositionEntry.Fault)
                    {
                        throw new BrokenPromiseException("a parser went on after a fault");
                    }
                    goto case ExpositionEntry.End;
                case ExpositionEntry.End:
                    foreach (var count in counts)
                    {
                        shape.Append(Shape.Of(count));
                    }
                    return;
                case ExpositionEntry.Series or ExpositionEntry.Histogram:
                    parser.ReadLabels(labels);
                    _ = parser.StartTimeMs;
                    try
                    {
                        if (entry == ExpositionEntry.Histogram && parser.ReadHistogram() is { IsStale: false } histogram && histogram.Problem() is { } wrong)
                        {
                            throw new BrokenPromiseException($"a histogram that is not consistent: {wrong}");
                        }
                        while (parser.NextExemplar(exemplar))
                        {
                            counts[7]++;
                        }
                    }
                    catch (InvalidDataException bad)
                    {
                        shape.Append(Shape.Of(bad.Message));
                    }
                    break;
                default:
                    _ = parser.ReadFamily();
                    _ = parser.ReadText();
                    break;
            }
        }
    }

    private void Scrape(byte[] body, HistogramReading reading, StringBuilder shape)
    {
        var store = MetricStore.OpenInMemory(FuzzMeter.Instance);
        var job = new ScrapeJobOptions
        {
            JobName = "fuzz", ScrapeInterval = TimeSpan.FromSeconds(10), ScrapeTimeout = TimeSpan.FromSeconds(5), Discoveries = [],
            CreateHttpClient = static () => throw new InvalidOperationException(), LabelLimit = 200, SampleLimit = 100_000,
        };
        var target = new ScrapeTarget(LabelSet.Empty, LabelSet.From(("instance", "i"), ("job", "fuzz")), new Uri("http://i/metrics"), "i")
        {
            Interval = TimeSpan.FromSeconds(10), Timeout = TimeSpan.FromSeconds(5),
            Histograms = reading,
        };
        var context = new CollectorContext(store, TimeProvider.System, NullLogger.Instance, new CollectionMetrics(FuzzMeter.Instance), new CollectorOptions());
        var ingest = new ScrapeIngest(job, target, new TargetMetadata(store), context);
        IngestResult? first = null;
        for (var round = 0; round < 2; round++)
        {
            var nowMs = NowMs + (round * 10_000);
            string? error;
            using (var batch = store.Appender())
            {
                var result = Accept(ingest, batch, body, nowMs);
                error = result.Error;
                first ??= result;
                if ((first.Value.Scraped, first.Value.AfterRelabeling, first.Value.Error) != (result.Scraped, result.AfterRelabeling, error))
                {
                    throw new BrokenPromiseException($"a body that comes again is read as another: {first}, then {result}");
                }
                if (error is null)
                {
                    batch.Commit();
                    shape.Append('k').Append(Shape.Of(result.AfterRelabeling)).Append('a').Append(Shape.Of(result.SeriesAdded));
                }
            }
            if (error is not null)
            {
                using var batch = store.Appender();
                ingest.Reject(batch, nowMs, afterAccept: true);
                batch.Commit();
                shape.Append(Shape.Of(error));
            }
        }
    }

    /// <summary>As a target's loop does: a malformed exemplar ends the scrape.</summary>
    private IngestResult Accept(ScrapeIngest ingest, IMetricAppender batch, byte[] body, long nowMs)
    {
        try
        {
            return ingest.Accept(batch, body, format, nowMs);
        }
        catch (InvalidDataException bad)
        {
            return default(IngestResult) with { Error = bad.Message };
        }
    }
}
