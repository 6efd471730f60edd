using CsCheck;
using Pharos.Storage.Encoding;
using Pharos.Storage.Metrics;
using Pharos.Storage.Metrics.Blocks;
using Pharos.Storage.Metrics.Head.Spill;
using Pharos.Storage.Metrics.Retention;
using Pharos.Storage.Model;

namespace Pharos.Storage.Tests.Metrics;

/// <summary>Any sequence of appends in and out of order, of backfilling, deletion, cleaning, retention, upkeep, restarts and ends
/// without warning leaves the store as its plain twin.</summary>
public sealed class MetricStoreChaosModelTests
{
    private const int SeriesCount = 5;

    /// <summary>The series that a rule keeps for a shorter time, and how long.</summary>
    private const int ShortSeries = 2;
    private const int ShortMinutes = 45;

    private static readonly Gen<(int Kind, int Series, int Back, double Value)> Operation =
        Gen.Select(Gen.Int[0, 99], Gen.Int[0, SeriesCount - 1], Gen.Int[1, 60], Gen.Int[0, 50].Select(i => (double)i));

    [Fact]
    public void The_store_answers_as_a_dictionary_does() => Operation.Array[1, 150].Sample(operations =>
    {
        using var directory = new TemporaryDirectory();
        using var run = new ChaosRun(directory.Path);
        foreach (var (kind, series, back, value) in operations)
        {
            run.Do(kind, series, back, value);
        }
        run.Compare();
    }, iter: 40, threads: 2);

    private sealed class ChaosRun : IDisposable
    {
        private readonly string _directory;
        private MetricStoreOptions _options;
        private readonly NaiveStore _model = new();
        private readonly HashSet<(int Series, long Minute)> _used = [];
        private MetricStore _store;
        private long _minute = 100;
        private int _copies;

        public ChaosRun(string directory)
        {
            _directory = directory;
            _options = Some.Options(Path.Combine(directory, "0")) with
            {
                RetentionRules =
                [
                    new RetentionRule([new LabelMatcher(Model.MatchType.Equal, "instance", $"{ShortSeries}")], TimeSpan.FromMinutes(ShortMinutes)),
                ],
                BlockDuration = TimeSpan.FromMinutes(20),
                OutOfOrderWindow = TimeSpan.FromMinutes(60),
                WalSegmentBytes = 2000,
            };
            _store = Some.Open(_options);
        }

        public void Do(int kind, int series, int back, double value)
        {
            switch (kind)
            {
                case < 4:
                    Restart();
                    break;
                case < 6:
                    Crash();
                    break;
                case < 10:
                    _store.RunMaintenance();
                    break;
                case < 12:
                    _store.Maintenance!.Checkpoint(back % 2 == 0 ? CheckpointForm.Quick : CheckpointForm.Packed);
                    break;
                case < 14:
                    _store.CleanTombstones(CancellationToken.None);
                    break;
                case < 20:
                    Delete(series, _minute - back, _minute - (back / 2));
                    break;
                case < 24:
                    Backfill(series, _minute - (back * 3), value);
                    break;
                case < 36:
                    AppendRun(series, _minute - back, value);
                    break;
                case < 50:
                    Append(series, _minute - back, value);
                    break;
                default:
                    _minute += 1 + (back / 10);
                    Append(series, _minute, value);
                    break;
            }
        }

        public void Compare()
        {
            // The newest sample, from which ages count back, is there for certain: a backfill may have used the next minutes.
            do
            {
                _minute++;
            }
            while (_used.Contains((0, _minute)));
            Append(0, _minute, 1);
            var shortLabels = Some.Series("m", $"{ShortSeries}");
            _model.Delete(shortLabels, long.MinValue, ((_minute - ShortMinutes) * Some.MinuteMs) - 1);
            Assert.Equal(_model.Dump(), _store.Dump());
            var (fromMs, toMs) = ((_minute - 50) * Some.MinuteMs, (_minute - 10) * Some.MinuteMs);
            var expected = _model.Dump(fromMs, toMs);
            Assert.Equal(expected, _store.Dump(fromMs, toMs));
            using var querier = _store.Querier(long.MinValue, long.MaxValue);
            Assert.Equal(_model.Dump().Length, querier.LabelValues("instance", [], CancellationToken.None).Count);
            Crash();
            Assert.Equal(_model.Dump(), _store.Dump());
            Restart();
            Assert.Equal(_model.Dump(), _store.Dump());
        }

        public void Dispose() => _store.DisposeAsync().AsTask().GetAwaiter().GetResult();

        /// <summary>By turns with and without leaving the head in as few bytes as it can.</summary>
        private void Restart()
        {
            if (_minute % 2 == 0)
            {
                _store.Maintenance!.Close(isTidy: true);
            }
            Dispose();
            _store = Some.Open(_options);
        }

        /// <summary>Goes on with a copy of the files as they are, as if the process had ended here.</summary>
        private void Crash()
        {
            var copy = Path.Combine(_directory, $"{++_copies}");
            foreach (var file in Directory.GetFiles(_options.Directory, "*", SearchOption.AllDirectories).Where(static file => Path.GetFileName(file) != "lock"))
            {
                var target = Path.Combine(copy, Path.GetRelativePath(_options.Directory, file));
                Directory.CreateDirectory(Path.GetDirectoryName(target)!);
                File.Copy(file, target);
            }
            Dispose();
            Directory.Delete(_options.Directory, recursive: true);
            _options = _options with { Directory = copy };
            _store = Some.Open(_options);
        }

        /// <summary>Each time of a series is used once: what a second sample there becomes depends on where the first is.</summary>
        private void Append(int series, long minute, double value)
        {
            if (_used.Add((series, minute)))
            {
                var sample = SampleOf(series, minute, value);
                Assert.Equal(AppendResult.Ok, _store.AppendOne(Some.Series("m", $"{series}"), sample));
                _model.AppendLate(Some.Series("m", $"{series}"), sample);
            }
        }

        /// <summary>Several in one batch, of which the last may be newer than all there is.</summary>
        private void AppendRun(int series, long minute, double value)
        {
            using var appender = _store.Appender();
            var (reference, labels) = (0UL, Some.Series("m", $"{series}"));
            for (var at = minute; at < minute + 4; at++)
            {
                if (_used.Add((series, at)))
                {
                    var sample = SampleOf(series, at, value);
                    Assert.Equal(AppendResult.Ok, sample.Histogram is { } histogram
                        ? appender.Append(ref reference, labels, sample.TimestampMs, histogram, sample.StartTimeMs)
                        : appender.Append(ref reference, labels, sample.TimestampMs, sample.Value, sample.StartTimeMs));
                    _model.AppendLate(labels, sample);
                }
            }
            appender.Commit();
        }

        private void Backfill(int series, long minute, double value)
        {
            using var writer = BackfillBlockWriter.Open(_store);
            var samples = new SampleBuffer();
            for (var i = 0; i < 10; i++)
            {
                if (_used.Add((series, minute + i)))
                {
                    var sample = SampleOf(series, minute + i, value);
                    samples.Add(sample.TimestampMs, sample.Value, sample.Histogram, sample.StartTimeMs);
                    _model.AppendLate(Some.Series("m", $"{series}"), sample);
                }
            }
            writer.Add(Some.Series("m", $"{series}"), samples);
            writer.Finish();
        }

        /// <summary>The times of a deleted range are free again.</summary>
        private void Delete(int series, long fromMinute, long toMinute)
        {
            for (var minute = fromMinute; minute <= toMinute; minute++)
            {
                _used.Remove((series, minute));
            }
            var (fromMs, toMs) = (fromMinute * Some.MinuteMs, toMinute * Some.MinuteMs);
            _store.Delete([new LabelMatcher(Model.MatchType.Equal, "instance", $"{series}")], fromMs, toMs, CancellationToken.None);
            _model.Delete(Some.Series("m", $"{series}"), fromMs, toMs);
        }

        private static SeriesSample SampleOf(int series, long minute, double value)
        {
            var histogram = series == 3 ? Some.Histogram((int)value % 2, value, 1) : null;
            return new SeriesSample(minute * Some.MinuteMs, histogram?.Sum ?? value, histogram, series == 4 ? 1 + (minute / 20) : 0);
        }
    }
}
