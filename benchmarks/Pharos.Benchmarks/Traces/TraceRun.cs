using System.Diagnostics;
using System.Diagnostics.Metrics;
using System.Globalization;
using Microsoft.Extensions.Logging.Abstractions;
using Pharos.Storage.Traces;
using Pharos.Storage.Traces.Batches;
using Pharos.Storage.Traces.Search;
using Pharos.Storage.Wal;
using TraceFilter = Pharos.Storage.Traces.Search.TraceFilter;

namespace Pharos.Benchmarks.Traces;

/// <summary>Makes traces, stores them, and asks: <c>traces DIRECTORY [SPANS] [SEED]</c>. DIRECTORY gets a store.</summary>
/// <remarks>Intake is measured in time of the processor (user and system, all threads of this process, what the generator takes taken off), so that
/// other load of the machine counts little; questions in wall time.</remarks>
internal sealed class TraceRun(string directory, int spans, int seed)
{
    private const int TracesPerBatch = 50;
    private const int Limit = 20;
    private const int Repeats = 9;

    /// <summary>Fewer than a head is sealed at.</summary>
    private const int SpansOfHead = 100_000;
    private const double Mega = 1e6;

    private readonly List<(TraceId Id, string Session)> _known = [];
    private readonly TraceSpans _generator = new(seed);
    private double _generatorSeconds;
    private long _lastNs;

    public static async Task<int> MainAsync(string[] args)
    {
        var directory = args is [var first, ..] ? first : Path.Combine(Path.GetTempPath(), "pharos-traces");
        var spans = args.Length > 1 ? int.Parse(args[1], CultureInfo.InvariantCulture) : 2_000_000;
        await new TraceRun(directory, spans, args.Length > 2 ? int.Parse(args[2], CultureInfo.InvariantCulture) : 1).RunAsync();
        return 0;
    }

    private static double Cpu()
    {
        using var process = Process.GetCurrentProcess();
        return process.TotalProcessorTime.TotalSeconds;
    }

    private static void Say(FormattableString text) => Console.WriteLine(FormattableString.Invariant(text));

    private async Task RunAsync()
    {
        if (Directory.Exists(directory))
        {
            Directory.Delete(directory, recursive: true);
        }
        MeasureGenerator();
        using var meter = new Meter("benchmark");
        var options = new TraceStoreOptions { Directory = directory, Fsync = FsyncPolicy.Interval };
        var store = TraceStore.Open(options, TimeProvider.System, NullLogger.Instance, meter);
        var (cpu, clock) = (Cpu(), Stopwatch.StartNew());
        Push(store, spans);
        var pushed = Cpu() - cpu - _generatorSeconds;
        store.Flush(CancellationToken.None);
        var sealedAll = Cpu() - cpu - _generatorSeconds;
        Say($"intake: {spans / pushed:F0} spans/s of CPU until acknowledged, {spans / sealedAll:F0} with all sealed; {clock.Elapsed.TotalSeconds:F1} s wall");
        Size(store, "before merging");
        (cpu, clock) = (Cpu(), Stopwatch.StartNew());
        store.RunMaintenance();
        Say($"merging: {Cpu() - cpu:F1} s of CPU, {clock.Elapsed.TotalSeconds:F1} s wall");
        Size(store, "merged");
        Say($"memory: {Environment.WorkingSet / Mega:F0} MB resident, {GC.GetTotalMemory(forceFullCollection: true) / Mega:F0} MB managed");
        Ask(store, "");
        await store.DisposeAsync();
        clock.Restart();
        store = TraceStore.Open(options, TimeProvider.System, NullLogger.Instance, meter);
        Say($"open: {clock.Elapsed.TotalMilliseconds:F0} ms");
        Ask(store, "after opening: ");
        Push(store, SpansOfHead);
        Say($"with a head: {store.Status().HeadSpans} spans, {store.Status().HeadBytes / Mega:F1} MB in memory");
        Ask(store, "with a head: ");
        await store.DisposeAsync();
    }

    /// <summary>What making the batches takes without storing them.</summary>
    private void MeasureGenerator()
    {
        var share = Math.Min(spans, 400_000);
        var cpu = Cpu();
        foreach (var _ in Batches(new TraceSpans(seed), share))
        {
        }
        cpu = Cpu();
        foreach (var _ in Batches(new TraceSpans(seed), share))
        {
        }
        _generatorSeconds = (Cpu() - cpu) * spans / share;
        _known.Clear();
        Say($"generator: {_generatorSeconds / spans * 1e6:F2} us a span, taken off");
    }

    private IEnumerable<SpanBatch> Batches(TraceSpans generator, int count)
    {
        var batch = new SpanBatch();
        for (var made = 0; made < count;)
        {
            batch.Clear();
            for (var i = 0; i < TracesPerBatch && made < count; i++, made += TraceSpans.SpansPerTrace)
            {
                generator.AddTo(batch);
            }
            if (made % 20_000 == 0)
            {
                _known.Add((generator.LastId, generator.LastSession));
            }
            _lastNs = generator.TimeNs;
            yield return batch;
        }
    }

    private void Push(TraceStore store, int count)
    {
        foreach (var batch in Batches(_generator, count))
        {
            store.Append(batch);
        }
    }

    private void Size(TraceStore store, string when)
    {
        var status = store.Status();
        var bytes = Directory.EnumerateFiles(Path.Combine(directory, "blocks")).Sum(static file => new FileInfo(file).Length);
        Say($"stored {when}: {bytes / Mega:F1} MB in {status.Blocks} blocks, {(double)bytes / status.BlockSpans:F1} bytes a span");
    }

    private void Ask(TraceStore store, string when)
    {
        var random = new Random(3);
        Time($"{when}trace by id", () =>
        {
            var (id, _) = _known[random.Next(_known.Count)];
            return store.Get("", id)?.Spans.Count ?? 0;
        });
        Search(store, $"{when}by service", Of(SpanField.Service, SpanOperator.Equal, TraceSpans.ServiceOf(7)));
        Search(store, $"{when}by a service that is nowhere", Of(SpanField.Service, SpanOperator.Equal, "nobody"));
        Search(store, $"{when}by an attribute, one trace", Tag("session.id", _known[_known.Count / 2].Session));
        Search(store, $"{when}by an attribute, 50,000 values", Tag("enduser.id", "customer-4711"));
        Search(store, $"{when}by an attribute, few values", Tag("http.response.status_code", "404"));
        Search(store, $"{when}by an attribute that is nowhere", Tag("enduser.id", "nobody"));
        Search(store, $"{when}by duration", new SpanCondition(SpanField.Duration, SpanOperator.Greater, AttributeValue.OfInt(290_000_000)));
        Search(store, $"{when}by everything", Of(SpanField.Service, SpanOperator.Equal, TraceSpans.ServiceOf(7)),
            Of(SpanField.Name, SpanOperator.Equal, "GET /api/v1/resource-21"), Tag("http.response.status_code", "500"),
            new SpanCondition(SpanField.Duration, SpanOperator.Greater, AttributeValue.OfInt(20_000_000)),
            new SpanCondition(SpanField.Status, SpanOperator.Equal, AttributeValue.OfInt(2)));
        Search(store, $"{when}root service and slow traces", Of(SpanField.RootService, SpanOperator.Equal, TraceSpans.ServiceOf(3)),
            new SpanCondition(SpanField.TraceDuration, SpanOperator.Greater, AttributeValue.OfInt(2_000_000_000)));
        Search(store, $"{when}by a pattern", new SpanCondition(SpanField.Attribute, SpanOperator.Matches, default)
        {
            Key = "enduser.id", Pattern = Pharos.Storage.Text.GoRegex.Anchored(".*-4711"), Scopes = AttributeScopes.Jaeger,
        });
        Time($"{when}services", () => store.Services("", 0, long.MaxValue).Count);
        Time($"{when}services of the last minute", () => store.Services("", _lastNs - 60_000_000_000, long.MaxValue).Count);
        Time($"{when}operations", () => store.Operations("", TraceSpans.ServiceOf(7), 0, long.MaxValue).Count);
        Time($"{when}keys", () => store.AttributeKeys("", AttributeScopes.Span, 0, long.MaxValue, 100).Count);
        Time($"{when}values", () => store.AttributeValues("", AttributeScopes.Span, "http.request.method", 0, long.MaxValue, 100).Count);
    }

    private static SpanCondition Of(SpanField field, SpanOperator comparison, string text) => new(field, comparison, AttributeValue.OfText(text));

    /// <summary>As Jaeger asks for a tag.</summary>
    private static SpanCondition Tag(string key, string text) =>
        Of(SpanField.Attribute, SpanOperator.TextEqual, text) with { Key = key, Scopes = AttributeScopes.Jaeger };

    private static void Search(TraceStore store, string what, params SpanCondition[] conditions)
    {
        var filter = new TraceFilter { Conditions = conditions };
        Time(what, () => store.Summaries(filter, CancellationToken.None).Take(Limit).Count());
        Time($"{what}, whole traces", () => store.Find(filter, CancellationToken.None).Take(Limit).Count());
    }

    private static void Time(string what, Func<int> ask)
    {
        var times = new List<double>();
        var found = 0;
        for (var i = 0; i < Repeats; i++)
        {
            var clock = Stopwatch.StartNew();
            found = ask();
            times.Add(clock.Elapsed.TotalMilliseconds);
        }
        var first = times[0];
        times.Sort();
        Say($"{what}: first {first:F1} ms, p50 {times[Repeats / 2]:F1} ms, worst {times[^1]:F1} ms; {found}");
    }
}
