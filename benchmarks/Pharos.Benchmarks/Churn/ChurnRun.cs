using System.Diagnostics;
using System.Diagnostics.Metrics;
using System.Globalization;
using Microsoft.Extensions.Logging.Abstractions;
using Pharos.Benchmarks.Soak;
using Pharos.Collection.Receivers.RemoteWrite;
using Pharos.Collection.RemoteStorage.Writing;
using Pharos.Storage.Metrics;

namespace Pharos.Benchmarks.Churn;

/// <summary>Hours of samples in simulated time while series come and go: what a sample and a question cost must not grow with the
/// series that were ever known. Prints a line an hour.</summary>
internal sealed class ChurnRun : IDisposable
{
    private const int SeriesPerRequest = 5_000;
    private const int MinutesPerHour = 60;
    private static readonly long HourMs = (long)TimeSpan.FromHours(1).TotalMilliseconds;

    private readonly string _folder = Directory.CreateTempSubdirectory("pharos-churn-").FullName;
    private readonly SteppedTime _time = new();
    private readonly int _series;
    private readonly double _churnPerHour;
    private readonly RemoteWriteLoad _load;
    private long _known;
    private int _nextReplaced;

    private ChurnRun(int series, double churnPerHour)
    {
        (_series, _churnPerHour, _known) = (series, churnPerHour, series);
        _load = new RemoteWriteLoad(series);
    }

    /// <param name="args"><c>[series=50000] [hours=24] [churn=0.1]</c>: one sample a minute of each series.</param>
    public static async Task<int> MainAsync(string[] args)
    {
        double Option(string name, double otherwise) => args.Where(arg => arg.StartsWith(name + "=", StringComparison.Ordinal))
            .Select(arg => double.Parse(arg[(name.Length + 1)..], CultureInfo.InvariantCulture)).LastOrDefault(otherwise);
        using var run = new ChurnRun((int)Option("series", 50_000), Option("churn", 0.1));
        await run.RunAsync((int)Option("hours", 24));
        return 0;
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private async Task RunAsync(int hours)
    {
        using var meter = new Meter("churn");
        var options = new MetricStoreOptions { Directory = _folder, RetentionTime = TimeSpan.Zero };
        await using var store = MetricStore.OpenWithoutUpkeep(options, _time, NullLogger.Instance, meter);
        var receiver = new RemoteWriteReceiver(store, _time, meter);
        Console.WriteLine("| hour | series ever | in the head | blocks | CPU ns a sample | label values of the last hour, ms | of all time, ms "
            + "| resident MB | disk MB |");
        Console.WriteLine("|---|---|---|---|---|---|---|---|---|");
        for (var hour = 1; hour <= hours; hour++)
        {
            var cpu = Feed(store, receiver);
            var now = _time.GetUtcNow().ToUnixTimeMilliseconds();
            var recent = Ask(store, now - HourMs, now);
            var all = Ask(store, long.MinValue, long.MaxValue);
            GC.Collect();
            var status = store.Status(topLimit: 1);
            using var process = Process.GetCurrentProcess();
            Console.WriteLine(FormattableString.Invariant($"| {hour} | {_known} | {status.SeriesCount} | {status.BlockCount} ")
                + FormattableString.Invariant($"| {cpu.TotalNanoseconds / _series / MinutesPerHour:0} | {recent:0.0} | {all:0.0} ")
                + FormattableString.Invariant($"| {process.WorkingSet64 / 1e6:0} | {status.SizeBytes / 1e6:0} |"));
        }
    }

    /// <summary>An hour of samples, with the upkeep that falls into it.</summary>
    /// <returns>The processor time that all of it took.</returns>
    private TimeSpan Feed(MetricStore store, RemoteWriteReceiver receiver)
    {
        var taken = TimeSpan.Zero;
        for (var minute = 0; minute < MinutesPerHour; minute++)
        {
            _time.Advance(TimeSpan.FromMinutes(1));
            Replace((int)(_series * _churnPerHour / MinutesPerHour));
            for (var first = 0; first < _series; first += SeriesPerRequest)
            {
                var body = _load.Request(first, Math.Min(SeriesPerRequest, _series - first), _time.GetUtcNow().ToUnixTimeMilliseconds());
                var before = Environment.CpuUsage.TotalTime;
                using var message = RemoteWriteReceiver.Unpack(body, out _)!;
                receiver.Receive(message.Span, RemoteWriteMessage.V1);
                taken += Environment.CpuUsage.TotalTime - before;
            }
            if (minute % 10 == 9)
            {
                var before = Environment.CpuUsage.TotalTime;
                store.RunMaintenance();
                taken += Environment.CpuUsage.TotalTime - before;
            }
        }
        return taken;
    }

    private void Replace(int count)
    {
        for (var i = 0; i < count; i++)
        {
            _load.Replace(_nextReplaced % _series, 1 + (_nextReplaced / _series));
            _nextReplaced++;
            _known++;
        }
    }

    /// <summary>Milliseconds for the values of the label that churn changes.</summary>
    private static double Ask(MetricStore store, long fromMs, long toMs)
    {
        var started = Stopwatch.GetTimestamp();
        using var querier = store.Querier(fromMs, toMs);
        querier.LabelValues("instance", [], CancellationToken.None);
        return Stopwatch.GetElapsedTime(started).TotalMilliseconds;
    }

    private sealed class SteppedTime : TimeProvider
    {
        private DateTimeOffset _now = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

        public override DateTimeOffset GetUtcNow() => _now;

        public void Advance(TimeSpan by) => _now += by;
    }
}
